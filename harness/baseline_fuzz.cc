// Whatever the file, reading it ends; what is read is printed so that it is read the same again, and
// what is refused is refused with a place that is there.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "harness/baseline.h"

namespace {

using assay::harness::BaselineResult;
using assay::harness::ParseBaseline;

void Require(bool condition, const char* what, std::string_view text) {
  if (condition) return;
  std::fprintf(stderr, "%s:\n%.*s\n", what, static_cast<int>(text.size()), text.data());
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::size_t lines = 1;
  for (const char c : text) lines += c == '\n' ? 1 : 0;
  const BaselineResult first = ParseBaseline("fuzz.baseline", text);
  for (const auto& one : first.diagnostics)
    Require(one.position.line >= 1 && one.position.line <= lines, "a line that is not there", text);
  Require(first.baseline.has_value() || !first.diagnostics.empty(), "refused without a word", text);
  if (!first.baseline) return 0;
  const std::string printed = Print(*first.baseline);
  const BaselineResult second = ParseBaseline("fuzz.baseline", printed);
  Require(second.baseline.has_value(), "printed, but not read again", printed);
  Require(*second.baseline == *first.baseline, "printed, but another baseline", printed);
  return 0;
}
