#include "harness/verify_recording.h"

#include <algorithm>
#include <variant>

#include "harness/run.h"
#include "transcripts/recording.h"

namespace assay::harness {

using transcript::StepReader;

RecordingVerifier::RecordingVerifier(VerifySession& session)
    : session_(session), steps_(session.options.file) {
  if (session.options.know_rounds) session.judge.oracle().NoteWaits(&waits_);
}

void RecordingVerifier::Finish() {
  Read({}, true);
  lines_.Finish();
  ReadLines({});
  steps_.Finish();
}

Time RecordingVerifier::At(const transcript::When& when) {
  if (when.kind == transcript::When::Kind::kRecorded) session_.now = when.low;
  return session_.now;
}

void RecordingVerifier::Take(const transcript::Send& send, std::size_t line) {
  const auto text = transcript::Bind(send.line, session_.captures, nullptr);
  const std::string& end = session_.grammar.dialect().framing.command_end;
  if (text) session_.Command(*text, end, At(send.when), line);
}

void RecordingVerifier::Take(const transcript::SendRaw& raw, std::size_t line) {
  const std::string_view bytes = raw.bytes;
  const std::size_t at = bytes.find_first_of("\r\n");
  const Time when = At(raw.when);
  const bool surplus = session_.judge.oracle().AnswersData() && raw.bytes[0] != 'A' &&
                       raw.bytes[0] != 'a';
  if (surplus) return session_.Stray(bytes, when, line);
  if (at == std::string_view::npos || at == 0) return session_.Stray(bytes, when, line);
  session_.Command(bytes.substr(0, at), bytes.substr(at), when, line);
}

void RecordingVerifier::Take(const transcript::Data& data, std::size_t line) {
  const auto text = data.generated > 0
                        ? transcript::GeneratedPayload(data.generated)
                        : transcript::Bind(data.payload, session_.captures, nullptr).value_or("");
  session_.Payload(text, transcript::EndingBytes(data.ending), At(data.when), line);
}

void RecordingVerifier::Take(const transcript::BenchStep& bench, std::size_t line) {
  session_.BenchDid(bench.act, At(bench.when), line);
}

void RecordingVerifier::Take(const transcript::ExpectLine& expected, std::size_t) {
  const Time when = At(expected.when);
  const spec::Framing& framing = session_.grammar.dialect().framing;
  buffer_ = framing.line_lead;
  for (const transcript::Piece& piece : expected.line) buffer_ += piece.text;
  buffer_ += framing.line_end;
  session_.Received(buffer_, when);
}

void RecordingVerifier::Take(const transcript::ExpectRaw& raw, std::size_t) {
  session_.Received(raw.bytes, At(raw.when));
}

void RecordingVerifier::Take(const transcript::ExpectPrompt&, std::size_t line) {
  session_.judge.ReceivedPrompt(session_.now, line);
}

void RecordingVerifier::ReadLines(std::string_view text) {
  lines_.Feed(text);
  while (const auto line = lines_.Next()) {
    ++lines_read_;
    if (steps_.Read(*line) != StepReader::Part::kStep) continue;
    const transcript::Step& step = steps_.step();
    std::visit([&](const auto& what) { Take(what, step.line); }, step.what);
  }
}

// Whole lines, and rounds that are known; the rest is held until more comes. `last`: none will.
void RecordingVerifier::Read(std::string_view chunk, bool last) {
  if (!session_.options.know_rounds) return ReadLines(chunk);
  constexpr std::size_t kLongestHeld = std::size_t{1} << 16;
  std::string joined;
  if (!held_.empty()) {
    joined.swap(held_);
    joined += chunk;
    chunk = joined;
  }
  std::size_t at = 0, until = 0;
  while (at < chunk.size()) {
    const std::string_view rest = chunk.substr(at);
    const std::size_t end = rest.find('\n');
    if (at >= until && line_begins_ && end != std::string_view::npos && rest.starts_with(">[") &&
        session_.judge.AtRest() && !rounds_.Resting()) {
      const std::size_t before = at;
      if (PassRounds(chunk, at, until) && !last) break;
      if (at != before) continue;
    }
    if (end == std::string_view::npos && !last && rest.size() < kLongestHeld) break;
    const std::string_view line = rest.substr(0, end == std::string_view::npos ? end : end + 1);
    const std::size_t messages = session_.judge.messages();
    ReadLines(line);
    rounds_.Judged(line, waits_, session_.judge.messages() != messages);
    at += line.size();
    line_begins_ = end != std::string_view::npos;
  }
  held_ = chunk.substr(at);
}

// Passes over the rounds at `at` that are known, all but the last: it is judged as everything else
// is, up to `until`, so that what is left behind is its doing. True if more bytes must tell.
bool RecordingVerifier::PassRounds(std::string_view text, std::size_t& at, std::size_t& until) {
  if (!session_.host.AtRest()) return false;
  state_.clear();
  session_.judge.oracle().AppendState(state_);
  const bool flags[] = {session_.golden_open, session_.incomplete, session_.matched_any,
                        session_.judge.any_final(), session_.judge.reported_failure()};
  for (const bool flag : flags) state_ += flag ? '1' : '0';
  state_ += std::to_string(session_.next) + ' ' +
            std::to_string(static_cast<int>(session_.judge.reader().echo()));
  for (const auto& [name, value] : session_.captures)
    state_.append(1, '\0').append(name).append(1, '\0').append(value);
  // A round ends where its first command comes again: in one state there may be several.
  const std::string_view line = text.substr(at, text.find('\n', at) - at);
  state_.append(1, '\0').append(line.substr(std::min(line.find(']'), line.size())));
  bool more = false;
  if (rounds_.Arrive(state_, Counted())) {
    std::size_t size = 0;
    Rounds::Fit fit = rounds_.Match(text.substr(at), size);
    if (fit == Rounds::Fit::kRound) until = at + size;
    while (fit == Rounds::Fit::kRound &&
           (fit = rounds_.Match(text.substr(until), size)) == Rounds::Fit::kRound) {
      at = until;
      until += size;
      const Rounds::Counts& one = rounds_.counts();
      session_.exchanges += one.exchanges;
      session_.known_exchanges += one.exchanges;
      session_.of_dialect += one.of_dialect;
      session_.judge.Skip(one.records);
      steps_.Skip(one.lines);
      lines_read_ += one.lines;
    }
    more = fit == Rounds::Fit::kMore;
  }
  rounds_.Depart(state_, Counted());
  return more;
}

Rounds::Counts RecordingVerifier::Counted() const {
  return {session_.exchanges, session_.of_dialect, session_.judge.exchange_count(), lines_read_,
          session_.judge.finding_count() + steps_.diagnostics().size()};
}

}  // namespace assay::harness
