// assay report: renders a result again, or those of all shards as one.
#include <algorithm>
#include <iostream>
#include <set>
#include <utility>
#include <vector>

#include "harness/commands.h"
#include "harness/gate_command.h"
#include "harness/output.h"
#include "harness/workplace.h"
#include "reports/console.h"
#include "reports/digest.h"
#include "reports/html.h"
#include "reports/json.h"
#include "reports/junit.h"

namespace assay::harness {

namespace {

// Somebody forgot one: what it covers would be missing.
void WarnOfShards(const std::vector<report::Report>& reports) {
  std::set<std::size_t> there;
  std::size_t count = 0;
  for (const report::Report& report : reports) {
    if (!report.shard) continue;
    there.insert(report.shard->index);
    count = std::max(count, report.shard->count);
  }
  for (std::size_t i = 1; i <= count; ++i) {
    if (!there.contains(i))
      std::cerr << "assay report: warning: shard " << i << " of " << count << " is not among them\n";
  }
}

}  // namespace

int ReportCommand(const ReportOptions& options) {
  std::string error;
  GateFile held;
  if (const int status = ReadGate("report", options.gate, held); status != kPassed) return status;
  std::vector<report::Report> reports;
  for (const std::string& from : options.from) {
    const auto text = ReadFile(from, &error);
    if (!text) return Usage("report", error);
    report::ReadReport read = report::ReadJson(*text);
    if (!read.report) return Usage("report", from + ": " + read.error);
    reports.push_back(std::move(*read.report));
  }
  WarnOfShards(reports);
  report::Report whole =
      reports.size() == 1 ? std::move(reports.front()) : report::Merge(std::move(reports));
  if (!options.min_coverage.empty()) {
    const auto minimum = report::ParseMinimum(options.min_coverage, &error);
    if (!minimum) return Usage("report", "--min-coverage: " + error);
    whole.coverage.minimum = *minimum;
  }
  Hold(whole, held);
  std::string out;
  if (options.format == "html") {
    out = report::WriteHtml(whole);
  } else if (options.format == "junit") {
    out = report::WriteJunit(whole);
  } else if (options.format == "json") {
    out = report::WriteJson(whole);
  } else if (options.format == "console") {
    out = report::WriteConsole(whole, Terminal(options.out.empty() ? 1 : -1));
  } else {
    return Usage("report", "--format " + options.format + ": there are html, junit, json, console");
  }
  const int status = Deliver(out, options.out.empty() ? std::nullopt : std::optional(options.out));
  if (status != kPassed) return status;
  // What was asked for here, and nothing else, decides.
  if (held.baseline) {
    for (const auto& [change, count] : report::Changes(whole))
      std::cerr << "assay report: " << count << " " << report::Name(change) << "\n";
    return report::ExitStatus(whole);
  }
  if (options.min_coverage.empty()) return status;
  const std::vector<report::FailedGate> gates = report::FailedGates(whole.coverage);
  for (const report::FailedGate& gate : gates)
    std::cerr << "assay report: " << report::Words(gate) << "\n";
  return gates.empty() ? kPassed : kFailed;
}

}  // namespace assay::harness
