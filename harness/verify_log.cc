#include "harness/verify_log.h"

namespace assay::harness {

using report::ExchangeKind;
using report::ExchangeRecord;
using transcript::LogEvent;
using transcript::LogExchange;

namespace {

ExchangeKind KindOf(LogExchange::Kind kind) {
  switch (kind) {
    case LogExchange::Kind::kCommand:
      return ExchangeKind::kCommand;
    case LogExchange::Kind::kData:
      return ExchangeKind::kData;
    case LogExchange::Kind::kNone:
      return ExchangeKind::kNone;
  }
  return ExchangeKind::kNone;
}

ExchangeRecord RecordOf(LogExchange exchange) {
  ExchangeRecord out;
  out.line = exchange.line;
  out.kind = KindOf(exchange.kind);
  const Time at = exchange.at.value_or(Time{0});
  if (exchange.sent) out.bytes.push_back({at, true, *exchange.sent});
  for (const std::string& line : exchange.received) out.bytes.push_back({at, false, line});
  out.sent = std::move(exchange.sent);
  out.received = std::move(exchange.received);
  out.final = std::move(exchange.final);
  out.result = std::move(exchange.result);
  return out;
}

}  // namespace

LogVerifier::LogVerifier(VerifySession& session)
    : session_(session),
      importer_(session.grammar, session.options.format),
      exchanges_(session.grammar),
      lines_(session.grammar) {}

void LogVerifier::Feed(std::string_view chunk) {
  importer_.Feed(chunk);
  Drain();
}

void LogVerifier::Finish() {
  importer_.Finish();
  Drain();
  JudgeJoined();
  TellNotes(SIZE_MAX);
  exchanges_.Finish();
  Keep();
  session_.incomplete = session_.incomplete || importer_.truncated();
}

void LogVerifier::Drain() {
  LogEvent event;
  while (importer_.Next(event)) {
    TellNotes(event.line);
    exchanges_.Add(event);
    const std::size_t exchange = exchanges_.Place();
    if (Joins(event, exchange)) continue;
    session_.judge.InExchange(exchange);
    if (event.at) session_.now = std::max(session_.now, *event.at);
    if (event.lossy) session_.judge.oracle().Gap();
    if (event.excerpt) session_.judge.oracle().Excerpt();
    Judge(event);
    TellNotes(event.line + 1);
    Keep();
  }
}

// Is the event a part of a line that a content on lines of its own belongs to?
bool LogVerifier::Joins(const LogEvent& event, std::size_t exchange) {
  const bool line = event.kind == LogEvent::Kind::kReceivedLine && event.complete && !event.final;
  if (line && !event.lossy && lines_.Continue(event.text)) {
    if (lines_.Complete()) JudgeJoined();
    return true;
  }
  JudgeJoined();
  if (!line || event.lossy || !lines_.Begin(event.text, event.line, exchange)) return false;
  any_of_dialect_ = any_of_dialect_ || session_.grammar.HasLinesLike(event.text);
  return true;
}

void LogVerifier::JudgeJoined() {
  const auto whole = lines_.Take();
  if (!whole) return;
  session_.judge.InExchange(whole->exchange);
  if (whole->shown)
    return session_.judge.ReceivedLine(whole->text, session_.now, whole->line, false);
  report::Finding finding =
      session_.judge.oracle().Make(report::FindingClass::kMissing, {}, nullptr, "content", "",
                                   whole->text, "what belongs to this line is not in the log");
  finding.side = report::Side::kCapture;
  finding.severity = report::Severity::kInfo;
  finding.where.line = whole->line;
  session_.judge.Add(std::move(finding));
  session_.judge.oracle().Lost(whole->text.substr(0, whole->text.find(':') + 1));
}

void LogVerifier::Judge(const LogEvent& event) {
  const Time now = session_.now;
  switch (event.kind) {
    case LogEvent::Kind::kSentCommand:
      session_.Command(event.text, "", now, event.line);
      any_of_dialect_ = any_of_dialect_ || session_.of_dialect > 0;
      break;
    case LogEvent::Kind::kSentData:
      session_.Payload(event.text, "", now, event.line, event.known);
      break;
    case LogEvent::Kind::kReceivedLine:
      any_of_dialect_ =
          any_of_dialect_ || (!event.final && session_.grammar.HasLinesLike(event.text));
      // A line that the log cuts off cannot be judged.
      if (!event.complete) break;
      if (event.noted) session_.judge.oracle().Noted();
      session_.judge.ReceivedLine(event.text, now, event.line, event.final);
      break;
    case LogEvent::Kind::kReceivedPrompt:
      session_.judge.ReceivedPrompt(now, event.line);
      break;
  }
}

// What the importer has noted of lines before this one, where it stands.
void LogVerifier::TellNotes(std::size_t before_line) {
  const auto& notes = importer_.notes();
  for (; notes_told_ < notes.size() && notes[notes_told_].line < before_line; ++notes_told_) {
    const transcript::LogNote& note = notes[notes_told_];
    report::Finding finding = session_.judge.oracle().Make(report::FindingClass::kFraming, {},
                                                           nullptr, "log", "", "", note.what);
    finding.clause = note.clause;
    finding.side = report::Side::kCapture;
    finding.severity = report::Severity::kInfo;
    finding.where.line = note.line;
    session_.judge.Add(std::move(finding));
  }
}

void LogVerifier::Keep() {
  constexpr std::size_t kMostBytes = std::size_t{1} << 24;
  for (LogExchange exchange; exchanges_.Next(exchange);) {
    if (records_.size() >= session_.options.most_records || kept_bytes_ > kMostBytes) continue;
    records_.push_back(RecordOf(std::move(exchange)));
    for (const report::TimedBytes& bytes : records_.back().bytes) kept_bytes_ += bytes.bytes.size();
  }
}

}  // namespace assay::harness
