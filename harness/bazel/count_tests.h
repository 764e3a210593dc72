// Counts test cases, not targets, and decides whether a `bazel test` counts as passed.
//
//   Tally tally = Count(ParseBuildEvents(events), skips, read, {.complete = true});
//   // tally.Line() == "41 passed, 0 failed, 1 skipped", tally.ok() == true
//
// A case is known by its target and name. Where it ran more than once (--runs_per_test, flaky
// attempts), one failure makes it failed. A target that did not load, build or finish, or left no
// readable test.xml, is one failed case of its own.

#ifndef HARNESS_BAZEL_COUNT_TESTS_H_
#define HARNESS_BAZEL_COUNT_TESTS_H_

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/bazel/build_events.h"

namespace assay::counting {

// One line of harness/allowed_skips: `target case-name reason`.
struct AllowedSkip {
  int line = 0;
  std::string target;
  std::string name;
  std::string reason;
};

struct AllowedSkips {
  std::vector<AllowedSkip> skips;
  std::vector<std::string> problems;  // lines that are no entry
};

AllowedSkips ParseAllowedSkips(std::string_view text);

struct CountOptions {
  // Every target ran: an allowed skip of a target that is not there is stale.
  bool complete = false;
  // --test_filter was given: a target may have run nothing, an allowed case may be missing.
  bool filtered = false;
};

struct Tally {
  int passed = 0;
  int failed = 0;
  int skipped = 0;
  std::vector<std::string> failures;  // "<target> <case>: <why>", one a failed case
  std::vector<std::string> problems;  // what else makes the whole fail

  bool ok() const { return failed == 0 && passed + skipped > 0 && problems.empty(); }
  std::string Line() const;
};

// The contents of a file, nullopt if it can't be read.
using ReadFile = std::function<std::optional<std::string>(const std::string& path)>;

Tally Count(const BuildEvents& events, const AllowedSkips& allowed, const ReadFile& read,
            const CountOptions& options);

}  // namespace assay::counting

#endif  // HARNESS_BAZEL_COUNT_TESTS_H_
