// count_tests BUILD_EVENTS ALLOWED_SKIPS [--complete] [--filtered]
//
// Says what failed, then, as its last line, `N passed, N failed, N skipped`. Exit status: 0 if all
// is well, 1 if not, 2 for a wrong call.

#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/bazel/count_tests.h"

namespace {

std::optional<std::string> Read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace

int main(int argc, char** argv) {
  using assay::counting::AllowedSkips;
  using assay::counting::Tally;
  assay::counting::CountOptions options;
  std::vector<std::string> paths;
  for (const std::string_view argument : std::vector<std::string_view>(argv + 1, argv + argc)) {
    if (argument == "--complete") {
      options.complete = true;
    } else if (argument == "--filtered") {
      options.filtered = true;
    } else {
      paths.emplace_back(argument);
    }
  }
  if (paths.size() != 2) {
    std::fprintf(stderr,
                 "usage: count_tests BUILD_EVENTS ALLOWED_SKIPS [--complete] [--filtered]\n");
    return 2;
  }
  const std::optional<std::string> events = Read(paths[0]);
  AllowedSkips allowed;
  if (const std::optional<std::string> text = Read(paths[1])) {
    allowed = assay::counting::ParseAllowedSkips(*text);
  } else {
    allowed.problems.push_back(paths[1] + ": can't be read");
  }
  const Tally tally = assay::counting::Count(assay::counting::ParseBuildEvents(events.value_or("")),
                                             allowed, Read, options);
  for (const std::string& failure : tally.failures) std::printf("FAILED %s\n", failure.c_str());
  for (const std::string& problem : tally.problems) std::printf("PROBLEM %s\n", problem.c_str());
  std::printf("%s\n", tally.Line().c_str());
  return tally.ok() ? 0 : 1;
}
