// Shrinks the failures of a finished run on the same bench, and leaves the transcripts in its report
// folder.
#ifndef HARNESS_SHRINK_REPORT_H_
#define HARNESS_SHRINK_REPORT_H_

#include <functional>
#include <string>
#include <vector>

#include "harness/suite.h"

namespace assay::harness {

struct ShrinkJob {
  const std::vector<TranscriptFile>& files;  // of the run
  const SelectOptions& select;
  const Bench& bench;
  const std::string& report_folder;
  // The command that repeats the transcript at a path.
  std::function<std::string(const std::string& path)> repro;
  report::Redactor* redactor = nullptr;  // null: secrets are shown
};

// So many failures are shrunk, of each fingerprint the first.
inline constexpr std::size_t kMostShrunk = 10;

// Fills in Outcome::shrunk. Empty, or what could not be written.
std::string ShrinkFailures(report::Report& report, const ShrinkJob& job);

}  // namespace assay::harness

#endif  // HARNESS_SHRINK_REPORT_H_
