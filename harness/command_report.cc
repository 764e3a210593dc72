// assay report: renders a result again, those of all shards as one, or those of several modules or
// firmwares side by side.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "harness/commands.h"
#include "harness/gate_command.h"
#include "harness/outlet.h"
#include "harness/output.h"
#include "harness/report_formats.h"
#include "harness/resume.h"
#include "harness/workplace.h"
#include "reports/console.h"
#include "reports/digest.h"
#include "reports/json.h"
#include "reports/side_by_side.h"

namespace assay::harness {

namespace {

// Beside the formats of files: it depends on the terminal.
constexpr std::string_view kConsole = "console";

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

std::vector<std::string> FormatNames() {
  std::vector<std::string> out;
  for (const ReportFormat& format : ReportFormats()) out.emplace_back(format.name);
  out.emplace_back(kConsole);
  return out;
}

// Found out before any work is done for it. A result must not be lost to a view of it.
std::string CannotGoTo(const ReportOptions& options) {
  if (options.out.empty() || options.out == "-") return {};
  for (const std::string& from : options.from) {
    std::error_code ignored;
    if (std::filesystem::equivalent(from, options.out, ignored))
      return "--out " + options.out + " is the result that it is made from (--from)";
  }
  return CannotWrite(options.out);
}

std::optional<report::Report> Load(const std::string& from, std::string* error) {
  std::error_code ignored;
  const bool folder = std::filesystem::is_directory(from, ignored);
  const std::string path = folder ? from + "/result.json" : from;
  if (folder && !std::filesystem::exists(path, ignored)) {
    // The run was killed before it could write one.
    ResumeResult read = ReadResume(from);
    *error = read.error;
    if (!read.journal) return std::nullopt;
    return report::PartialReport(std::move(*read.journal));
  }
  const auto text = ReadFile(path, error);
  if (!text) return std::nullopt;
  if (path.ends_with("journal.jsonl")) {
    report::ReadJournalResult read = report::ParseJournal(*text);
    *error = path + ": " + read.error;
    if (!read.journal) return std::nullopt;
    return report::PartialReport(std::move(*read.journal));
  }
  report::ReadReport read = report::ReadJson(*text);
  *error = path + ": " + read.error;
  return std::move(read.report);
}

}  // namespace

int ReportCommand(const ReportOptions& options) {
  std::string error;
  GateFile held;
  if (const int status = ReadGate("report", options.gate, held); status != kPassed) return status;
  const ReportFormat* format = FindReportFormat(options.format);
  if (format == nullptr && options.format != kConsole)
    return Usage("report", "--format: " + NoSuchFormat(options.format, FormatNames()));
  if (const std::string refused = CannotGoTo(options); !refused.empty())
    return Usage("report", refused);
  std::vector<report::Report> reports;
  for (const std::string& from : options.from) {
    std::optional<report::Report> report = Load(from, &error);
    if (!report) return Usage("report", error);
    if (report->partial)
      std::cerr << "assay report: " << from << ": partial, the run was killed; assay run --resume "
                << from << " finishes it\n";
    reports.push_back(std::move(*report));
  }
  WarnOfShards(reports);
  if (report::ShareCases(reports)) report::NameDevices(reports, options.from);
  report::Report whole =
      reports.size() == 1 ? std::move(reports.front()) : report::Merge(std::move(reports));
  if (!options.min_coverage.empty()) {
    const auto minimum = report::ParseMinimum(options.min_coverage, &error);
    if (!minimum) return Usage("report", "--min-coverage: " + error);
    whole.coverage.minimum = *minimum;
  }
  Hold(whole, held);
  const bool to_file = !options.out.empty() && options.out != "-";
  Outlet out(to_file ? std::optional(options.out) : std::nullopt);
  out.Write(format != nullptr ? format->write(whole)
                              : report::WriteConsole(whole, Terminal(to_file ? -1 : 1)));
  const int status = out.Finish();
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
