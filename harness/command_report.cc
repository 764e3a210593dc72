// assay report: renders a result again.
#include <iostream>

#include "harness/commands.h"
#include "harness/output.h"
#include "harness/workplace.h"
#include "reports/console.h"
#include "reports/html.h"
#include "reports/json.h"
#include "reports/junit.h"

namespace assay::harness {

int ReportCommand(const ReportOptions& options) {
  std::string error;
  const auto text = ReadFile(options.from, &error);
  if (!text) return Usage("report", error);
  const report::ReadReport read = report::ReadJson(*text);
  if (!read.report) return Usage("report", options.from + ": " + read.error);
  std::string out;
  if (options.format == "html") {
    out = report::WriteHtml(*read.report);
  } else if (options.format == "junit") {
    out = report::WriteJunit(*read.report);
  } else if (options.format == "json") {
    out = report::WriteJson(*read.report);
  } else if (options.format == "console") {
    out = report::WriteConsole(*read.report, Terminal(options.out.empty() ? 1 : -1));
  } else {
    return Usage("report", "--format " + options.format + ": there are html, junit, json, console");
  }
  return Deliver(out, options.out.empty() ? std::nullopt : std::optional(options.out));
}

}  // namespace assay::harness
