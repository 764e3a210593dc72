#include "harness/verify_session.h"

#include <algorithm>

#include "harness/run.h"

namespace assay::harness {

using report::Severity;
using transcript::Exchange;

namespace {

JudgeOptions Judging(const VerifyOptions& options, bool recording) {
  JudgeOptions out;
  out.start = dialect::Tracker::Start::kUnknown;
  out.tolerant = options.tolerant;
  out.file = options.file;
  out.timed = out.framing = recording;
  // Whoever took the times down shared a machine, as a run does.
  if (recording) out.tolerance = kRealTolerance;
  out.second_hand = !recording;
  out.failures = true;
  // The exchanges of a log are the importer's.
  out.most_records = recording ? options.most_records : 1;
  return out;
}

}  // namespace

VerifySession::VerifySession(const dialect::Grammar& grammar_in, const VerifyOptions& options_in,
                             bool recording_in)
    : grammar(grammar_in),
      options(options_in),
      recording(recording_in),
      judge(grammar_in, Judging(options_in, recording_in)),
      host(judge) {}

// The golden's exchange that this send plays; null if none does.
const Exchange* VerifySession::Golden(Exchange::Send kind, std::string_view text,
                                      std::size_t line) {
  if (options.golden == nullptr) return nullptr;
  const auto& golden = options.golden->exchanges;
  const auto fits = [&](const Exchange& exchange) {
    if (exchange.send != kind)
      return kind == Exchange::Send::kCommand && exchange.send == Exchange::Send::kRaw &&
             exchange.bytes.starts_with(text);
    if (exchange.send == Exchange::Send::kData && exchange.generated > 0)
      return text == transcript::GeneratedPayload(exchange.generated);
    if (kind == Exchange::Send::kBench) return transcript::Name(exchange.act) == text;
    const auto bound = transcript::Bind(exchange.line, captures, nullptr);
    return bound && *bound == text;
  };
  for (std::size_t ahead = 0; ahead < golden.size(); ++ahead) {
    const std::size_t at = (next + ahead) % golden.size();
    if (golden[at].send == Exchange::Send::kNone || !fits(golden[at])) continue;
    const bool skipped = ahead > 0 && at > next;
    if (skipped && !golden[next].cleanup) {
      report::Finding finding =
          judge.oracle().Make(report::FindingClass::kMissing, {}, nullptr, "golden",
                              "line " + std::to_string(golden[next].file_line) + " of the golden",
                              text, "the log leaves out what the golden sends before this");
      finding.side = report::Side::kHost;
      finding.severity = Severity::kInfo;
      finding.where.line = line;
      judge.Add(std::move(finding));
      incomplete = true;
    }
    next = at + 1 == golden.size() ? 0 : at + 1;
    matched_any = true;
    return &golden[at];
  }
  return nullptr;
}

void VerifySession::Command(std::string_view text, std::string_view end, Time when,
                            std::size_t line) {
  const Exchange* golden = Golden(Exchange::Send::kCommand, text, line);
  if (golden_open) judge.Timeout(when);
  golden_open = golden != nullptr;
  if (recording) {
    if (const auto held = host.TakeHeld()) TakePayload(held->bytes, held->ending, when, held->line, true);
    host.BeforeCommand(when);
  }
  judge.Begin(golden, &captures);
  judge.SentCommand(text, end, when, line);
  if (recording) host.Command(when, line);
  ++exchanges;
  const dialect::ParsedCommand* parsed = judge.oracle().Last();
  if (parsed == nullptr) return;
  if (parsed->command != nullptr && !parsed->command->documented_elsewhere) {
    ++of_dialect;
  } else if (!recording) {
    NoteOutsider(*parsed, line);
  }
}

// Once for each command of another manual. AT alone is every modem's (V.250 5.2.9).
void VerifySession::NoteOutsider(const dialect::ParsedCommand& parsed, std::size_t line) {
  constexpr std::size_t kMostOutsiders = 200;
  if (parsed.name.size() <= 2 || outsiders_.size() >= kMostOutsiders ||
      std::find(outsiders_.begin(), outsiders_.end(), parsed.name) != outsiders_.end())
    return;
  outsiders_.emplace_back(parsed.name);
  report::Finding finding =
      judge.oracle().Make(report::FindingClass::kUndocumented, {}, nullptr, parsed.name, "",
                          parsed.line, "a command outside of the manual: not judged");
  finding.side = report::Side::kHost;
  finding.severity = Severity::kInfo;
  finding.where.line = line;
  judge.Add(std::move(finding));
}

void VerifySession::BenchDid(transcript::BenchAct act, Time when, std::size_t line) {
  const Exchange* golden = Golden(Exchange::Send::kBench, transcript::Name(act), line);
  if (golden_open) judge.Timeout(when);
  golden_open = golden != nullptr;
  judge.Begin(golden, &captures);
  judge.BenchDid(act, "", when, line);
  ++exchanges;
}

void VerifySession::Payload(std::string_view payload, std::string_view ending, Time when,
                            std::size_t line, bool known) {
  if (recording && host.HoldsBack(payload, ending, when, line)) return;
  TakePayload(payload, ending, when, line, known);
  if (recording) host.Payload(payload, ending, line);
}

void VerifySession::TakePayload(std::string_view payload, std::string_view ending, Time when,
                                std::size_t line, bool known) {
  const Exchange* golden = Golden(Exchange::Send::kData, payload, line);
  if (golden_open) judge.Timeout(when);
  golden_open = golden != nullptr;
  judge.Begin(golden, &captures);
  judge.SentData(payload, ending, when, line, known);
  ++exchanges;
}

void VerifySession::Stray(std::string_view bytes, Time when, std::size_t line) {
  // A LF that came later than its CR, or line ends behind data: hosts that end every write with
  // them mean nothing by it.
  const bool waits = judge.oracle().Waiting() != nullptr || bytes == "\n";
  const bool blank = bytes.find_first_not_of("\r\n") == std::string_view::npos;
  if (blank && waits) return;
  if (blank || judge.oracle().WantsData()) return judge.SentRaw(bytes, when, line);
  host.Stray(bytes, when, line);
}

void VerifySession::Received(std::string_view bytes, Time when) {
  judge.Received(bytes, when);
  host.Received(when);
  if (!host.holds() || !judge.oracle().WantsData()) return;
  if (const auto held = host.TakeHeld()) TakePayload(held->bytes, held->ending, when, held->line, true);
}

}  // namespace assay::harness
