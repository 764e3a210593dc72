// Results of several modules, or of several firmwares of one, as one report: what each was becomes
// a device of it, so that the page can say where they differ.
//
//   if (ShareCases(reports)) NameDevices(reports, {"monday", "tuesday"});
//   Report whole = Merge(std::move(reports));   // devices "BG96 BG96MAR02A07", "BG96 BG96MAR04A02"
#ifndef REPORTS_SIDE_BY_SIDE_H_
#define REPORTS_SIDE_BY_SIDE_H_

#include <string>
#include <vector>

#include "reports/result.h"

namespace assay::report {

// Is a case in two of them? Then they are no parts of one run.
bool ShareCases(const std::vector<Report>& reports);

// Makes one device of each report that has none, by model and revision as it told them; where these
// do not tell devices apart, by `names` as well, one of each report.
void NameDevices(std::vector<Report>& reports, const std::vector<std::string>& names);

}  // namespace assay::report

#endif  // REPORTS_SIDE_BY_SIDE_H_
