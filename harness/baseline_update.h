// A baseline as it would say what a run has shown: nothing but the lines that are not true any more
// are taken away, and new blocks stand at the end, for somebody to say why.
//
//   BaselineUpdate update = UpdateBaseline(baseline, report, {});   // held against it before
//   UnifiedDiff("known.baseline", Print(baseline), update.text)
//   update.left        // "quectel-bg96/...: expired; say until when it holds, or mend it"
#ifndef HARNESS_BASELINE_UPDATE_H_
#define HARNESS_BASELINE_UPDATE_H_

#include <string>
#include <vector>

#include "harness/gate.h"

namespace assay::harness {

struct UpdateOptions {
  std::string firmware;       // as of GateOptions
  bool drop_missing = false;  // cases that are not there any more; else they are left, and told
};
struct BaselineUpdate {
  std::string text;
  std::vector<std::string> left;  // what a person has to decide
};
BaselineUpdate UpdateBaseline(const Baseline& baseline, const report::Report& report,
                              const UpdateOptions& options);

}  // namespace assay::harness

#endif  // HARNESS_BASELINE_UPDATE_H_
