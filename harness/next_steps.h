// What to do after a run: the one command that repeats a failure, and where the report is.
#ifndef HARNESS_NEXT_STEPS_H_
#define HARNESS_NEXT_STEPS_H_

#include <string>

#include "reports/result.h"

namespace assay::harness {

// With a line end in front and behind; `folder` is that of the report, empty: there is none.
std::string NextSteps(const report::Report& report, const std::string& folder);

}  // namespace assay::harness

#endif  // HARNESS_NEXT_STEPS_H_
