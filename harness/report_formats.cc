#include "harness/report_formats.h"

#include "reports/compliance.h"
#include "reports/csv.h"
#include "reports/ctrf.h"
#include "reports/github.h"
#include "reports/html.h"
#include "reports/json.h"
#include "reports/junit.h"
#include "reports/lava.h"
#include "reports/tap.h"

namespace assay::harness {
namespace {

using report::Report;

std::string Tap13(const Report& report) { return WriteTap(report, report::TapVersion::k13); }
std::string Tap14(const Report& report) { return WriteTap(report, report::TapVersion::k14); }
std::string Summary(const Report& report) { return report::WriteGithubSummary(report); }
std::string Page(const Report& report) { return report::WriteHtml(report); }

}  // namespace

const std::vector<ReportFormat>& ReportFormats() {
  static const std::vector<ReportFormat> formats = {
      {"json", "result.json", report::WriteJson},
      {"junit", "junit.xml", report::WriteJunit},
      {"html", "report.html", Page},
      {"compliance-html", "compliance.html", report::WriteComplianceHtml},
      {"compliance-md", "compliance.md", report::WriteComplianceMarkdown},
      {"compliance-json", "compliance.json", report::WriteComplianceJson},
      {"tap", "report.tap", Tap13},
      {"tap14", "", Tap14},
      {"ctrf", "report.ctrf.json", report::WriteCtrf},
      {"lava", "report.lava", report::WriteLava},
      {"github", "report.github", report::WriteGithubAnnotations},
      {"github-summary", "report.summary.md", Summary},
      {"csv", "report.csv", report::WriteCsv},
  };
  return formats;
}

const ReportFormat* FindReportFormat(std::string_view name) {
  for (const ReportFormat& format : ReportFormats()) {
    if (format.name == name) return &format;
  }
  return nullptr;
}

}  // namespace assay::harness
