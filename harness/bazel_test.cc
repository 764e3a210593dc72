#include "harness/bazel_test.h"

#include <string_view>

namespace assay::harness {
namespace {

std::string TextOf(const Environment& environment, const char* name) {
  const char* value = environment(name);
  return value != nullptr ? value : "";
}

std::vector<std::string> Split(std::string_view text, char at) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t end = text.find(at);
    if (end != 0) out.emplace_back(text.substr(0, end));
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  return out;
}

}  // namespace

BazelTest ReadBazelTest(const Environment& environment) {
  return {.only = Split(TextOf(environment, "TESTBRIDGE_TEST_ONLY"), ':'),
          .junit = TextOf(environment, "XML_OUTPUT_FILE"),
          .report = TextOf(environment, "TEST_UNDECLARED_OUTPUTS_DIR"),
          .target = TextOf(environment, "TEST_TARGET")};
}

std::string ReproOf(const BazelTest& test) {
  return "bazel test " + (test.target.empty() ? "TARGET" : test.target) + " --test_filter=";
}

}  // namespace assay::harness
