// assay tap: stands between a host and a modem.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <optional>

#include "devices/emulator_server.h"
#include "devices/pass_through.h"
#include "harness/commands.h"
#include "harness/device_url.h"
#include "harness/output.h"
#include "harness/secret_options.h"
#include "harness/suite.h"
#include "harness/tap_session.h"
#include "reports/json.h"
#include "reports/live_redaction.h"

namespace assay::harness {
namespace {

constexpr Time kPatience{10'000'000};

// A host waits for a final code no longer than that, as a rule.
constexpr Time kStalled{10'000'000};

std::string Seconds(Time at) {
  char text[32];
  std::snprintf(text, sizeof text, "%11.3f s", static_cast<double>(at.count()) / 1e6);
  return text;
}

// "     12.345 s  modem  violation, range (3.2.2): <result> is 9, documented is 0-5".
std::string FindingLine(const report::Finding& finding, Time at) {
  constexpr std::size_t kShown = 60;
  const bool host = report::AgainstHost(finding);
  std::string out = Seconds(at) + (host ? "  host   misuse, " : "  modem  ");
  if (!host) out += std::string(report::Name(finding.severity)) + ", ";
  out += report::Name(finding.finding_class);
  if (!finding.clause.empty()) out += " (" + finding.clause + ")";
  out += ": " + finding.message;
  if (!finding.got.empty())
    out += ": " + finding.got.substr(0, kShown) + (finding.got.size() > kShown ? "..." : "");
  return out + ", line " + std::to_string(finding.where.line);
}

bool AnyOfHost(const report::Outcome& outcome) {
  return std::any_of(outcome.findings.begin(), outcome.findings.end(), report::AgainstHost);
}

// How the line ended, and whether all of it is known, has its part in the verdict.
void Conclude(report::Outcome& outcome, const device::PassThrough::End& end,
              const TapSession& session, bool fail_on_host) {
  if (fail_on_host && AnyOfHost(outcome)) {
    outcome.verdict = report::Worse(outcome.verdict, report::Verdict::kFail);
    outcome.reason = "misuse by the host (--fail-on host); the modem: " + outcome.reason;
  }
  if (end.ending != device::Ending::kNone) {
    const bool ours = end.ending == device::Ending::kBroken;
    if (!ours) outcome.went = device::Name(end.ending);
    outcome.verdict =
        report::Worse(outcome.verdict, ours ? report::Verdict::kError : report::Verdict::kInconc);
    outcome.reason += "; the device " + std::string(device::Name(end.ending)) +
                      (end.detail.empty() ? "" : " (" + end.detail + ")");
  }
  // A modem that does not even echo has stalled: whatever was asked of it could not be seen.
  if (session.Unanswered() && end.at - *session.Unanswered() > kStalled) {
    outcome.verdict = report::Worse(outcome.verdict, report::Verdict::kInconc);
    if (outcome.went.empty()) outcome.went = device::Name(device::Ending::kStalled);
    const std::string took = Seconds(end.at - *session.Unanswered());
    outcome.reason += "; the device has said nothing for the last " +
                      took.substr(took.find_first_not_of(' ')) + ", though the host talked to it";
  }
  if (session.trouble().empty()) return;
  outcome.verdict = report::Verdict::kError;
  outcome.reason = session.trouble();
}

}  // namespace

int TapCommand(const TapOptions& options) {
  const Keeping keeping = MakeKeeping(options.common);
  if (!keeping.error.empty()) return Usage("tap", keeping.error);
  const Workplace place({options.common.spec_folders, options.common.overlays});
  const Loaded loaded = place.Load(options.common.dialect, options.common.model);
  std::cerr << loaded.error;
  if (loaded.grammar == nullptr) return kUsage;
  const dialect::Grammar& grammar = *loaded.grammar;
  if (IsEmulatorUrl(options.device))
    return Usage("tap", "an emulator in process has no line of its own; use --device "
                        "\"exec:assay emulate --dialect " + grammar.dialect().id +
                        " --listen stdio\"");
  std::string recording = options.record;
  if (recording.empty() && !options.report.empty()) recording = options.report + "/recordings/tap.at";
  for (const std::string& path :
       {recording, options.report.empty() ? std::string() : options.report + "/result.json",
        options.common.json.value_or("")}) {
    if (path.empty() || path == "-") continue;
    if (const std::string failed = CannotWrite(path); !failed.empty()) return Usage("tap", failed);
  }
  device::OpenResult opened = device::OpenDevice(options.device, kPatience);
  if (opened.device == nullptr)
    return opened.usage ? Usage("tap", opened.error) : Broken("tap", opened.error);
  const device::Descriptor stop = device::TerminationSignals();
  const bool json_here = options.common.json && options.common.json->empty();
  std::ostream& out = json_here ? std::cerr : std::cout;
  TapSessionOptions session_options;
  session_options.recording = recording;
  session_options.tolerant = options.common.reading != "strict";
  session_options.fail_on_deviation = options.fail_on == "deviation";
  std::optional<report::LiveRedaction> live;
  if (keeping.redactor != nullptr) {
    live.emplace(*keeping.redactor, grammar);
    session_options.filter = [&](transcript::Step& step) { live->Step(step); };
  }
  session_options.found = [&](const report::Finding& finding, Time at) {
    std::string line = FindingLine(finding, at);
    if (live) live->Text(line);
    out << line << std::endl;
  };
  session_options.happened = [&](std::string_view what, Time at) {
    out << Seconds(at) << "  " << what << std::endl;
  };
  TapSession session(grammar, session_options);
  if (!session.error().empty()) return Broken("tap", session.error());
  device::PassThrough line(options.host, *opened.device, session);
  if (!line.error().empty())
    return line.usage() ? Usage("tap", line.error()) : Broken("tap", line.error());
  report::Report report;
  Identify(report, grammar, session_options.tolerant);
  report.started = NowUtc();
  report.device_address = opened.device->Address();
  session.Begin(keeping.Redacted(report.device_address), report.started);
  out << "listening " << line.address() << std::endl;
  const device::PassThrough::End end = line.Run(stop.get());
  VerifyResult result = session.Finish();

  report::Outcome& outcome = result.outcome;
  outcome.id = grammar.dialect().id + "/tap";
  outcome.title = options.host + " to " + report.device_address;
  outcome.purpose = "the session that was listened to is as the manual says";
  outcome.duration = end.at;
  if (!options.report.empty() && options.record.empty()) outcome.recording = "recordings/tap.at";
  if (!recording.empty())
    outcome.repro = "assay verify '" + recording + "' --dialect " + grammar.dialect().id;
  Conclude(outcome, end, session, options.fail_on == "host");
  for (const report::Finding& finding : outcome.findings) {
    if (!finding.erratum.empty() && std::find(report.errata_met.begin(), report.errata_met.end(),
                                              finding.erratum) == report.errata_met.end())
      report.errata_met.push_back(finding.erratum);
  }
  report.log_verdict = result.log_verdict;
  report.duration = end.at;
  report.outcomes.push_back(std::move(outcome));
  report::Summarise(report);
  keeping.Redact(report, &grammar);
  if (!options.report.empty()) {
    if (const std::string failed = WriteReports(report, options.report); !failed.empty())
      return Broken("tap", failed);
  }
  if (options.common.json) {
    if (const int status = Deliver(report::WriteJson(report), options.common.json);
        status != kPassed)
      return status;
  }
  if (!json_here) {
    out << "\n" << report::WriteConsole(report, Terminal(1));
    if (!recording.empty()) out << "recording: " << recording << "\n";
    if (!options.report.empty()) out << "report: " << options.report << "/report.html\n";
  }
  return report::ExitStatus(report);
}

}  // namespace assay::harness
