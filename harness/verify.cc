#include "harness/verify.h"

#include <algorithm>

#include "harness/run.h"
#include "harness/verify_log.h"
#include "harness/verify_recording.h"

namespace assay::harness {

using report::Severity;
using report::Verdict;

namespace {

// How much of a file may go by until it is known what it is.
constexpr std::size_t kMostUndecided = std::size_t{1} << 16;

bool IsHeaderLine(std::string_view line) {
  const std::size_t colon = line.find(':');
  return colon != std::string_view::npos && colon > 0 &&
         std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(colon), [](char c) {
           return (c >= 'a' && c <= 'z') || c == '.' || c == '-' || c == '_';
         });
}

// A recording begins with header lines, one of them `dialect:`. Nothing if more bytes must tell:
// the answer is the same however the bytes are cut up. `last`: no more will come.
std::optional<bool> IsRecording(std::string_view start, bool last) {
  start = start.substr(0, kMostUndecided);
  const bool all = last || start.size() == kMostUndecided;
  while (!start.empty()) {
    const std::size_t end = start.find('\n');
    if (end == std::string_view::npos && !all) break;
    std::string_view line = start.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with("dialect:")) return true;
    if (!IsHeaderLine(line) && !line.starts_with('#')) return false;
    start.remove_prefix(end == std::string_view::npos ? start.size() : end + 1);
  }
  return all ? std::optional(false) : std::nullopt;
}

report::Finding AsCapture(report::Finding finding) {
  finding.side = report::Side::kCapture;
  finding.severity = Severity::kInfo;
  return finding;
}

}  // namespace

struct Verifier::State {
  State(const dialect::Grammar& grammar_in, VerifyOptions options_in)
      : grammar(grammar_in), options(std::move(options_in)) {}

  void Begin(bool is_recording) {
    session.emplace(grammar, options, is_recording);
    if (is_recording) {
      recording.emplace(*session);
    } else {
      log.emplace(*session);
    }
  }

  void Feed(std::string_view chunk, bool last) {
    if (!session) {
      undecided += chunk;
      const std::optional<bool> is_recording =
          options.format != "auto" ? options.format == "recording" : IsRecording(undecided, last);
      if (!is_recording) return;
      Begin(*is_recording);
      const std::string held = std::move(undecided);
      return Read(held);
    }
    Read(chunk);
  }

  void Read(std::string_view bytes) { recording ? recording->Feed(bytes) : log->Feed(bytes); }

  const dialect::Grammar& grammar;
  const VerifyOptions options;
  std::string undecided;
  std::optional<VerifySession> session;
  std::optional<RecordingVerifier> recording;
  std::optional<LogVerifier> log;
};

Verifier::Verifier(const dialect::Grammar& grammar, VerifyOptions options)
    : state_(std::make_unique<State>(grammar, std::move(options))) {}
Verifier::~Verifier() = default;

void Verifier::Feed(std::string_view chunk) { state_->Feed(chunk, false); }

Judge* Verifier::judge() { return state_->session ? &state_->session->judge : nullptr; }

VerifyResult Verifier::Finish() {
  State& state = *state_;
  state.Feed({}, true);
  VerifySession& session = *state.session;
  VerifyResult out;
  bool any_of_dialect = false;
  if (state.recording) {
    state.recording->Finish();
    out.diagnostics = state.recording->diagnostics();
    out.style = "recording";
    any_of_dialect = session.of_dialect > 0;
  } else {
    state.log->Finish();
    out.style = state.log->importer().style();
    out.no_session = !state.log->importer().any_at();
    any_of_dialect = state.log->any_of_dialect();
  }
  Judge& judge = session.judge;
  judge.End(session.now);
  // What a log that stops here never shows is missing from the log, not from the modem.
  for (report::Finding& finding : judge.oracle().End())
    judge.AddPlaced(AsCapture(std::move(finding)));
  out.exchanges = session.exchanges;
  out.known_exchanges = session.known_exchanges;
  out.commands_of_dialect = session.of_dialect;
  report::Outcome& outcome = out.outcome;
  outcome.findings = judge.findings();
  outcome.exchanges = std::move(state.log ? state.log->records() : judge.records());
  outcome.duration = session.now;
  const bool deviates = judge.worst() != Severity::kInfo;
  out.log_verdict = deviates                                  ? "deviates"
                    : judge.reported_failure()                ? "device-reported-failure"
                    : session.incomplete || judge.log_lacks() ? "incomplete-log"
                                                              : "conforms";
  outcome.verdict = VerdictOf(outcome.findings, state.options.fail_on_deviation);
  if (outcome.verdict == Verdict::kPass && out.log_verdict == "incomplete-log")
    outcome.verdict = Verdict::kInconc;
  if (state.options.golden != nullptr && !session.matched_any) {
    outcome.verdict = Verdict::kError;
    outcome.reason = "the log holds nothing that the golden sends";
  } else if (!any_of_dialect) {
    outcome.verdict = report::Worse(outcome.verdict, Verdict::kInconc);
    outcome.reason = "the log holds no command of the dialect: nothing to judge";
  } else {
    outcome.reason = out.log_verdict;
    const auto worst =
        std::max_element(outcome.findings.begin(), outcome.findings.end(),
                         [](const auto& a, const auto& b) { return a.severity < b.severity; });
    if (deviates && worst != outcome.findings.end()) {
      outcome.reason += ": " + std::string(report::Name(worst->finding_class)) + " (" +
                        worst->clause + "), line " + std::to_string(worst->where.line) + ": " +
                        worst->message;
    }
  }
  return out;
}

}  // namespace assay::harness
