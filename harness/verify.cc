#include "harness/verify.h"

#include <algorithm>

#include "harness/rounds.h"
#include "harness/run.h"
#include "transcripts/import.h"
#include "transcripts/line.h"
#include "transcripts/recording.h"

namespace assay::harness {
namespace {

using report::Severity;
using report::Verdict;
using transcript::Exchange;
using transcript::StepReader;

bool LooksLikeRecording(std::string_view start) {
  return start.starts_with("dialect:") || start.find("\ndialect:") < start.find("\n\n");
}

}  // namespace

struct Verifier::State {
  State(const dialect::Grammar& grammar_in, VerifyOptions options_in)
      : grammar(grammar_in), options(std::move(options_in)), steps(options.file) {}

  void Begin(std::string_view start) {
    recording =
        options.format == "recording" || (options.format == "auto" && LooksLikeRecording(start));
    JudgeOptions judging;
    judging.start = dialect::Tracker::Start::kUnknown;
    judging.tolerant = options.tolerant;
    judging.file = options.file;
    judging.timed = judging.framing = recording;
    judging.most_records = options.most_records;
    judge.emplace(grammar, judging);
    if (recording && options.know_rounds) judge->oracle().NoteWaits(&waits);
    if (!recording) importer.emplace(grammar, options.format);
    begun = true;
  }

  // The golden's exchange that this send plays; null if none does.
  const Exchange* Golden(Exchange::Send kind, std::string_view text, std::size_t line) {
    if (options.golden == nullptr) return nullptr;
    const auto& golden = options.golden->exchanges;
    const auto fits = [&](const Exchange& exchange) {
      if (exchange.send != kind)
        return kind == Exchange::Send::kCommand && exchange.send == Exchange::Send::kRaw &&
               exchange.bytes.starts_with(text);
      if (exchange.send == Exchange::Send::kData && exchange.generated > 0)
        return text == transcript::GeneratedPayload(exchange.generated);
      const auto bound = transcript::Bind(exchange.line, captures, nullptr);
      return bound && *bound == text;
    };
    for (std::size_t ahead = 0; ahead < golden.size(); ++ahead) {
      const std::size_t at = (next + ahead) % golden.size();
      if (golden[at].send == Exchange::Send::kNone || !fits(golden[at])) continue;
      const bool skipped = ahead > 0 && at > next;
      if (skipped && !golden[next].cleanup) {
        report::Finding finding = judge->oracle().Make(
            report::FindingClass::kMissing, {}, nullptr, "golden",
            "line " + std::to_string(golden[next].file_line) + " of the golden", text,
            "the log leaves out what the golden sends before this");
        finding.side = report::Side::kHost;
        finding.severity = Severity::kInfo;
        finding.where.line = line;
        judge->Add(std::move(finding));
        incomplete = true;
      }
      next = at + 1 == golden.size() ? 0 : at + 1;
      matched_any = true;
      return &golden[at];
    }
    return nullptr;
  }

  void Command(std::string_view text, std::string_view end, Time when, std::size_t line) {
    const Exchange* golden = Golden(Exchange::Send::kCommand, text, line);
    if (golden_open) judge->Timeout(when);
    golden_open = golden != nullptr;
    judge->Begin(golden, &captures);
    judge->SentCommand(text, end, when, line);
    ++exchanges;
    const dialect::ParsedCommand* parsed = judge->oracle().Last();
    if (parsed != nullptr && parsed->command != nullptr && !parsed->command->documented_elsewhere)
      ++of_dialect;
    if (parsed != nullptr && !recording) HostProblems(*parsed, line);
  }

  // What is wrong with a command in a log is the host's doing; the modem is judged by its answer.
  void HostProblems(const dialect::ParsedCommand& parsed, std::size_t line) {
    if (parsed.command != nullptr && !parsed.command->documented_elsewhere) return;
    report::Finding finding =
        judge->oracle().Make(report::FindingClass::kUndocumented, {}, nullptr, parsed.name, "",
                             parsed.line, "a command outside of the manual: not judged");
    finding.side = report::Side::kHost;
    finding.severity = Severity::kInfo;
    finding.where.line = line;
    if (std::find(strangers.begin(), strangers.end(), parsed.name) != strangers.end() ||
        strangers.size() > 200)
      return;
    strangers.emplace_back(parsed.name);
    judge->Add(std::move(finding));
  }

  void Payload(std::string_view payload, std::string_view ending, Time when, std::size_t line) {
    const Exchange* golden = Golden(Exchange::Send::kData, payload, line);
    if (golden_open) judge->Timeout(when);
    golden_open = golden != nullptr;
    judge->Begin(golden, &captures);
    judge->SentData(payload, ending, when, line);
    ++exchanges;
  }

  void Step(const transcript::Step& step) {
    const std::string& end = grammar.dialect().framing.command_end;
    std::visit([&](const auto& what) { Take(what, step.line, end); }, step.what);
  }
  Time At(const transcript::When& when) {
    if (when.kind == transcript::When::Kind::kRecorded) now = when.low;
    return now;
  }
  void Take(const transcript::Send& send, std::size_t line, const std::string& end) {
    const auto text = transcript::Bind(send.line, captures, nullptr);
    if (text) Command(*text, end, At(send.when), line);
  }
  void Take(const transcript::SendRaw& raw, std::size_t line, const std::string&) {
    const std::size_t at = raw.bytes.find_first_of("\r\n");
    const Time when = At(raw.when);
    if (at == std::string::npos || at == 0) {
      judge->SentRaw(raw.bytes, when, line);
    } else {
      Command(std::string_view(raw.bytes).substr(0, at), std::string_view(raw.bytes).substr(at),
              when, line);
    }
  }
  void Take(const transcript::Data& data, std::size_t line, const std::string&) {
    const auto text = data.generated > 0
                          ? transcript::GeneratedPayload(data.generated)
                          : transcript::Bind(data.payload, captures, nullptr).value_or("");
    Payload(text, transcript::EndingBytes(data.ending), At(data.when), line);
  }
  void Take(const transcript::ExpectLine& expected, std::size_t, const std::string&) {
    const Time when = At(expected.when);
    const spec::Framing& framing = grammar.dialect().framing;
    buffer = framing.line_lead;
    for (const transcript::Piece& piece : expected.line) buffer += piece.text;
    buffer += framing.line_end;
    judge->Received(buffer, when);
  }
  void Take(const transcript::ExpectRaw& raw, std::size_t, const std::string&) {
    judge->Received(raw.bytes, At(raw.when));
  }
  void Take(const transcript::ExpectPrompt&, std::size_t line, const std::string&) {
    judge->ReceivedPrompt(now, line);
  }
  void Take(const transcript::Quiet&, std::size_t, const std::string&) {}
  void Take(const transcript::Comment&, std::size_t, const std::string&) {}
  void Take(const transcript::Blank&, std::size_t, const std::string&) {}

  void ReadLines(std::string_view text) {
    lines.Feed(text);
    while (const auto line = lines.Next()) {
      ++lines_read;
      const StepReader::Part part = steps.Read(*line);
      if (part == StepReader::Part::kStep) Step(steps.step());
    }
  }

  // Whole lines, and rounds that are known; the rest is held until more comes. `last`: none will.
  void ReadRecording(std::string_view chunk, bool last) {
    if (!options.know_rounds) return ReadLines(chunk);
    constexpr std::size_t kLongestHeld = std::size_t{1} << 16;
    std::string joined;
    if (!held.empty()) {
      joined.swap(held);
      joined += chunk;
      chunk = joined;
    }
    std::size_t at = 0, until = 0;
    while (at < chunk.size()) {
      const std::string_view rest = chunk.substr(at);
      const std::size_t end = rest.find('\n');
      if (at >= until && line_begins && end != std::string_view::npos && rest.starts_with(">[") &&
          judge->AtRest() && !rounds.Resting()) {
        const std::size_t before = at;
        if (PassRounds(chunk, at, until) && !last) break;
        if (at != before) continue;
      }
      if (end == std::string_view::npos && !last && rest.size() < kLongestHeld) break;
      const std::string_view line = rest.substr(0, end == std::string_view::npos ? end : end + 1);
      ReadLines(line);
      rounds.Judged(line, waits);
      at += line.size();
      line_begins = end != std::string_view::npos;
    }
    held = chunk.substr(at);
  }

  // Passes over the rounds at `at` that are known, all but the last: it is judged as everything
  // else is, up to `until`, so that what is left behind is its doing. True if more bytes must tell.
  bool PassRounds(std::string_view text, std::size_t& at, std::size_t& until) {
    state.clear();
    judge->oracle().tracker().AppendState(state);
    const bool flags[] = {golden_open, incomplete, matched_any, judge->any_final(),
                          judge->reported_failure()};
    for (const bool flag : flags) state += flag ? '1' : '0';
    state += std::to_string(next) + ' ' + std::to_string(static_cast<int>(judge->reader().echo()));
    for (const auto& [name, value] : captures)
      state.append(1, '\0').append(name).append(1, '\0').append(value);
    // A round ends where its first command comes again: in one state there may be several.
    const std::string_view line = text.substr(at, text.find('\n', at) - at);
    state.append(1, '\0').append(line.substr(std::min(line.find(']'), line.size())));
    bool more = false;
    if (rounds.Arrive(state, Counted())) {
      std::size_t size = 0;
      Rounds::Fit fit = rounds.Match(text.substr(at), size);
      if (fit == Rounds::Fit::kRound) until = at + size;
      while (fit == Rounds::Fit::kRound &&
             (fit = rounds.Match(text.substr(until), size)) == Rounds::Fit::kRound) {
        at = until;
        until += size;
        const Rounds::Counts& one = rounds.counts();
        exchanges += one.exchanges;
        known_exchanges += one.exchanges;
        of_dialect += one.of_dialect;
        judge->Skip(one.records);
        steps.Skip(one.lines);
        lines_read += one.lines;
      }
      more = fit == Rounds::Fit::kMore;
    }
    rounds.Depart(state, Counted());
    return more;
  }

  Rounds::Counts Counted() {
    return {exchanges, of_dialect, judge->exchange_count(), lines_read,
            judge->finding_count() + steps.diagnostics().size()};
  }

  void ReadLog() {
    transcript::LogEvent event;
    while (importer->Next(event)) {
      const Time when = event.at.value_or(now);
      now = std::max(now, when);
      switch (event.kind) {
        case transcript::LogEvent::Kind::kSentCommand:
          Command(event.text, "", now, event.line);
          break;
        case transcript::LogEvent::Kind::kSentData:
          Payload(event.text, "", now, event.line);
          break;
        case transcript::LogEvent::Kind::kReceivedLine:
          judge->ReceivedLine(event.text, now, event.line);
          break;
        case transcript::LogEvent::Kind::kReceivedPrompt:
          judge->ReceivedPrompt(now, event.line);
          break;
      }
    }
  }

  const dialect::Grammar& grammar;
  VerifyOptions options;
  std::optional<Judge> judge;
  transcript::LineReader lines;
  StepReader steps;
  std::optional<transcript::Importer> importer;
  transcript::Values captures;
  Rounds rounds;
  std::vector<Wait> waits;
  std::string held, state, buffer;
  std::vector<std::string> strangers;
  Time now{0};
  std::size_t next = 0, exchanges = 0, of_dialect = 0, known_exchanges = 0, lines_read = 0;
  bool line_begins = true;
  bool begun = false, recording = false, golden_open = false, incomplete = false,
       matched_any = false;
};

Verifier::Verifier(const dialect::Grammar& grammar, VerifyOptions options)
    : state_(std::make_unique<State>(grammar, std::move(options))) {}
Verifier::~Verifier() = default;

void Verifier::Feed(std::string_view chunk) {
  if (!state_->begun) state_->Begin(chunk);
  if (state_->recording) {
    state_->ReadRecording(chunk, false);
  } else {
    state_->importer->Feed(chunk);
    state_->ReadLog();
  }
}

VerifyResult Verifier::Finish() {
  State& state = *state_;
  if (!state.begun) state.Begin({});
  VerifyResult out;
  if (state.recording) {
    state.ReadRecording({}, true);
    state.lines.Finish();
    state.ReadLines({});
    state.steps.Finish();
    out.diagnostics = state.steps.diagnostics();
    out.style = "recording";
  } else {
    state.importer->Finish();
    state.ReadLog();
    out.style = state.importer->style();
    for (const transcript::LogNote& note : state.importer->notes()) {
      report::Finding finding = state.judge->oracle().Make(report::FindingClass::kFraming, {},
                                                           nullptr, "log", "", "", note.what);
      finding.clause = note.clause;
      finding.side = report::Side::kCapture;
      finding.severity = Severity::kInfo;
      finding.where.line = note.line;
      state.judge->Add(std::move(finding));
    }
    state.incomplete = state.incomplete || state.importer->truncated();
    out.no_session = !state.importer->any_at();
  }
  Judge& judge = *state.judge;
  judge.End(state.now);
  // What a log that stops here never shows is missing from the log, not from the modem.
  for (report::Finding& finding : judge.oracle().End()) {
    finding.side = report::Side::kCapture;
    finding.severity = Severity::kInfo;
    state.incomplete = true;
    judge.Add(std::move(finding));
  }
  out.exchanges = state.exchanges;
  out.known_exchanges = state.known_exchanges;
  out.commands_of_dialect = state.of_dialect;
  report::Outcome& outcome = out.outcome;
  outcome.findings = judge.findings();
  outcome.exchanges = std::move(judge.records());
  outcome.duration = state.now;
  bool deviates = judge.worst() != Severity::kInfo, failed = judge.reported_failure();
  for (const report::Finding& finding : outcome.findings) {
    failed = failed || finding.finding_class == report::FindingClass::kResultFailure;
  }
  out.log_verdict = deviates           ? "deviates"
                    : failed           ? "device-reported-failure"
                    : state.incomplete ? "incomplete-log"
                                       : "conforms";
  outcome.verdict = VerdictOf(outcome.findings, state.options.fail_on_deviation);
  if (outcome.verdict == Verdict::kPass && out.log_verdict == "incomplete-log")
    outcome.verdict = Verdict::kInconc;
  if (state.options.golden != nullptr && !state.matched_any) {
    outcome.verdict = Verdict::kError;
    outcome.reason = "the log holds nothing that the golden sends";
  } else if (out.commands_of_dialect == 0) {
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
