// assay verify, assay import: sessions that somebody recorded.
#include <algorithm>
#include <iostream>

#include "harness/commands.h"
#include "harness/gate_command.h"
#include "harness/output.h"
#include "harness/secret_options.h"
#include "harness/suite.h"
#include "harness/verify_file.h"
#include "reports/json.h"
#include "transcripts/import.h"

namespace assay::harness {
int VerifyCommand(const VerifyCommandOptions& options) {
  std::vector<std::string> formats = transcript::Importer::Formats();
  formats.insert(formats.begin() + 1, "recording");
  if (std::find(formats.begin(), formats.end(), options.format) == formats.end())
    return Usage("verify", NoSuchFormat(options.format, formats));
  const Keeping keeping = MakeKeeping(options.common);
  if (!keeping.error.empty()) return Usage("verify", keeping.error);
  const Workplace place({options.common.spec_folders, options.common.overlays});
  const Loaded loaded = place.Load(options.common.dialect, options.common.model);
  std::cerr << loaded.error;
  if (loaded.grammar == nullptr) return kUsage;
  const dialect::Grammar& grammar = *loaded.grammar;
  std::optional<transcript::Plan> golden;
  if (!options.golden.empty()) {
    std::string error;
    const std::vector<TranscriptFile> files = FindTranscripts({options.golden}, &error);
    if (!error.empty() || files.size() != 1)
      return Usage("verify", error.empty() ? "--golden takes one transcript" : error);
    SelectOptions select;
    const Selection selection = Select(files, grammar, select);
    if (!selection.error.empty()) return Usage("verify", selection.error);
    golden = selection.plans[0];
    if (golden->skip) return Usage("verify", options.golden + ": " + *golden->skip);
  }
  GateFile gate;
  if (const int status = ReadGate("verify", options.gate, gate); status != kPassed) return status;
  report::Report report;
  report.fail_on_deviation = options.fail_on == "deviation";
  Identify(report, grammar, options.common.reading != "strict");
  std::string worst_log;
  static constexpr std::string_view kOrder[] = {"conforms", "incomplete-log",
                                                "device-reported-failure", "deviates"};
  for (const std::string& log : options.logs) {
    VerifyOptions verify;
    verify.file = log;
    verify.format = options.format;
    verify.tolerant = options.common.reading != "strict";
    verify.fail_on_deviation = options.fail_on == "deviation";
    verify.golden = golden ? &*golden : nullptr;
    Verified verified = VerifyFile(log, grammar, verify);
    if (!verified.error.empty()) return Usage("verify", verified.error);
    std::cerr << keeping.Redacted(spec::Print(verified.result.diagnostics), &grammar);
    if (spec::HasErrors(verified.result.diagnostics)) return kUsage;
    if (const std::string none = NoSession(log, verified.result); !none.empty())
      return Usage("verify", none);
    report::Outcome& outcome = verified.result.outcome;
    outcome.id = grammar.dialect().id + "/log/" + FileNameOf(log.substr(log.find_last_of('/') + 1));
    outcome.title = log;
    outcome.purpose = "the recorded session is as the manual says";
    outcome.repro = "assay verify '" + log + "' --dialect " + grammar.dialect().id;
    const auto rank = [](const std::string& verdict) {
      return std::find(std::begin(kOrder), std::end(kOrder), verdict) - std::begin(kOrder);
    };
    if (worst_log.empty() || rank(verified.result.log_verdict) > rank(worst_log))
      worst_log = verified.result.log_verdict;
    for (const report::Finding& finding : outcome.findings) {
      if (!finding.erratum.empty() && std::find(report.errata_met.begin(), report.errata_met.end(),
                                                finding.erratum) == report.errata_met.end()) {
        report.errata_met.push_back(finding.erratum);
      }
    }
    report.outcomes.push_back(std::move(outcome));
  }
  report.log_verdict = worst_log;
  report.device_address = options.logs.size() == 1 ? "log:" + options.logs[0] : "logs";
  report::Summarise(report);
  keeping.Redact(report, &grammar);
  Hold(report, gate);
  if (!options.report.empty()) {
    if (const std::string failed = WriteReports(report, options.report); !failed.empty())
      return Broken("verify", failed);
  }
  const bool json_here = options.common.json && options.common.json->empty();
  if (options.common.json) {
    if (const int status = Deliver(report::WriteJson(report), options.common.json);
        status != kPassed)
      return status;
  }
  if (!json_here) {
    std::cout << report::WriteConsole(report, Terminal(1)) << "log: " << worst_log << "\n";
    if (!options.report.empty()) std::cout << "report: " << options.report << "/report.html\n";
  }
  return report::ExitStatus(report);
}

}  // namespace assay::harness
