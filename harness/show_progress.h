// Progress of a run on standard error (progress.h), by the clock on the wall.
//
//   ShownProgress shown(suites, {.live = IsLive(2)}, /*real_time=*/true);
//   report::Report report = RunSuites(suites, options, shown.watcher());
//   shown.Finish();
#ifndef HARNESS_SHOW_PROGRESS_H_
#define HARNESS_SHOW_PROGRESS_H_

#include <chrono>
#include <vector>

#include "harness/progress.h"
#include "harness/suite.h"

namespace assay::harness {

class ShownProgress {
 public:
  // `real_time`: whether waits of the cases take time.
  ShownProgress(const std::vector<Suite>& suites, ProgressOptions options, bool real_time);
  ShownProgress(const ShownProgress&) = delete;
  ShownProgress& operator=(const ShownProgress&) = delete;

  Watcher watcher();  // of this, as long as it lives
  void Finish();

 private:
  Progress progress_;
  const std::chrono::steady_clock::time_point start_;
};

}  // namespace assay::harness

#endif  // HARNESS_SHOW_PROGRESS_H_
