// CTRF, the Common Test Report Format: JSON for those who gather results of many tools.
//
// What is red is `failed`, a known failure `other`, and what was not run `skipped`; `rawStatus` has
// our own word ("inconclusive"). `results.extra` has the verdict on the whole and what identifies
// the run. Nothing in it that the format's schema has changed from one version to the next.
#ifndef REPORTS_CTRF_H_
#define REPORTS_CTRF_H_

#include <string>

#include "reports/result.h"

namespace assay::report {

std::string WriteCtrf(const Report& report);

}  // namespace assay::report

#endif  // REPORTS_CTRF_H_
