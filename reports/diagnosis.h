// What is wrong with the device as a whole, where that explains a run better than its cases do: a
// device that is not powered fails every one of them.
//
//   report.diagnosis = Diagnose(report, [&](std::string_view line) { return InManual(line); });
//   // "The device answers OK to everything, and nothing else: 412 commands, 57 of which ..."
#ifndef REPORTS_DIAGNOSIS_H_
#define REPORTS_DIAGNOSIS_H_

#include <functional>
#include <string>
#include <string_view>

#include "reports/result.h"

namespace assay::report {

// `own`: the command line is one of the dialect's own manual, which no other modem has.
// One sentence; empty if all is well, or if the cases say it themselves.
std::string Diagnose(const Report& report, const std::function<bool(std::string_view)>& own);

}  // namespace assay::report

#endif  // REPORTS_DIAGNOSIS_H_
