// For GitHub Actions: annotations, which the runner reads from a step's output, and the step's
// summary.
//
//   assay report --from report/result.json --format github
//   ::error title=Fail: 2 of 128 cases::quectel-bg96, BG96, /dev/ttyUSB2
//   ::error file=my.at,line=4,title=quectel-bg96/qmtopen/write/opens::timing (3.2.2): ...
//   assay report --from report/result.json --format github-summary >>"$GITHUB_STEP_SUMMARY"
//
// What is red is an error, a deviation of a case that passed a warning, of which the runner shows
// ten of each: the first says how many there are. Nothing that a device sent can become a command
// of the runner.
#ifndef REPORTS_GITHUB_H_
#define REPORTS_GITHUB_H_

#include <cstddef>
#include <string>

#include "reports/result.h"

namespace assay::report {

std::string WriteGithubAnnotations(const Report& report);

// What GitHub takes of one step; it drops a summary that is longer.
inline constexpr std::size_t kStepSummaryLimit = std::size_t{1} << 20;
// Markdown of at most `limit` bytes; what was left out is said at its end.
std::string WriteGithubSummary(const Report& report, std::size_t limit = kStepSummaryLimit);

}  // namespace assay::report

#endif  // REPORTS_GITHUB_H_
