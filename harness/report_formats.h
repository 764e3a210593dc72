// The formats of a report: their names for `report --format`, and their files in the folder of
// `run --report`.
//
//   if (const ReportFormat* format = FindReportFormat("tap")) out = format->write(report);
#ifndef HARNESS_REPORT_FORMATS_H_
#define HARNESS_REPORT_FORMATS_H_

#include <string>
#include <string_view>
#include <vector>

#include "reports/result.h"

namespace assay::harness {

struct ReportFormat {
  std::string_view name, file;  // no file: it is made when somebody asks for it
  std::string (*write)(const report::Report& report);
};

// The result itself first: whatever else cannot be written, that is there.
const std::vector<ReportFormat>& ReportFormats();
const ReportFormat* FindReportFormat(std::string_view name);

}  // namespace assay::harness

#endif  // HARNESS_REPORT_FORMATS_H_
