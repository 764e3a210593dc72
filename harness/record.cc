#include "harness/record.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "dialects/value.h"
#include "harness/judge.h"
#include "transcripts/recording.h"

namespace assay::harness {
namespace {

using transcript::Exchange;
using transcript::ExpectLine;
using transcript::Piece;
using transcript::Step;

// A result that the manual gives no time is waited for so long; and what comes by itself, so short.
constexpr Time kLongest{120'000'000}, kUsual{10'000'000}, kLinger{300'000};
// An integer of more values than these is no code.
constexpr std::int64_t kFewValues = 256;

// One conversation with a device, as it is needed here.
class Listener {
 public:
  Listener(const dialect::Grammar& grammar, device::Device& device)
      : grammar_(grammar), device_(device), judge_(grammar, Judging()), start_(device.Now()) {}

  HeardExchange Play(const Exchange& exchange) {
    HeardExchange out;
    const std::size_t before = judge_.records().size();
    judge_.Begin(nullptr, nullptr);
    const std::string line = transcript::Bind(exchange.line, {}, nullptr).value_or("");
    const std::string& end = grammar_.dialect().framing.command_end;
    switch (exchange.send) {
      case Exchange::Send::kCommand:
        out.sent = line;
        judge_.SentCommand(line, end, Now(), 0);
        Write(line + end);
        break;
      case Exchange::Send::kRaw:
        judge_.SentRaw(exchange.bytes, Now(), 0);
        Write(exchange.bytes);
        break;
      case Exchange::Send::kData: {
        const std::string data =
            exchange.generated > 0 ? transcript::GeneratedPayload(exchange.generated) : line;
        const std::string_view ending = transcript::EndingBytes(exchange.ending);
        judge_.SentData(data, ending, Now(), 0);
        Write(data + std::string(ending));
        break;
      }
      case Exchange::Send::kNone:
      case Exchange::Send::kBench:
        return out;
    }
    Await();
    for (std::size_t i = before; i < judge_.records().size(); ++i) {
      const report::ExchangeRecord& record = judge_.records()[i];
      const bool prompt = record.final == "prompt";
      out.prompt = out.prompt || prompt;
      const std::size_t lines = record.received.size() - (prompt ? 1 : 0);
      out.lines.insert(out.lines.end(), record.received.begin(),
                       record.received.begin() + static_cast<std::ptrdiff_t>(lines));
    }
    return out;
  }
  const std::string& error() const { return error_; }

 private:
  static JudgeOptions Judging() {
    JudgeOptions out;
    out.start = dialect::Tracker::Start::kUnknown;
    return out;
  }
  Time Now() { return device_.Now() - start_; }
  void Write(const std::string& bytes) {
    const device::WriteResult written = device_.Write(bytes, device_.Now() + kUsual);
    if (written.ending != device::Ending::kNone) error_ = written.detail;
  }
  bool Read(Time until) {
    std::array<char, 4096> buffer;
    const device::ReadResult got = device_.Read(buffer, until);
    if (got.bytes > 0) judge_.Received({buffer.data(), got.bytes}, Now());
    if (got.ending != device::Ending::kNone) error_ = got.detail.empty() ? "ended" : got.detail;
    return got.bytes > 0;
  }
  void Await() {
    const Oracle& oracle = judge_.oracle();
    const Time sent = device_.Now();
    while (error_.empty()) {
      const bool owes = oracle.owed() > 0;
      if (oracle.WantsData() || (oracle.Waiting() == nullptr && !owes)) break;
      const Time patience =
          oracle.Waiting() != nullptr ? std::max(oracle.FinalLimit().value_or(kUsual), kUsual)
                                      : std::min(oracle.OwedLimit().value_or(kUsual), kLongest);
      if (!Read(sent + patience) && device_.Now() >= sent + patience) break;
    }
    if (oracle.WantsData()) return;
    for (Time until = device_.Now() + kLinger; error_.empty() && device_.Now() < until;)
      if (Read(until)) until = device_.Now() + kLinger;
  }

  const dialect::Grammar& grammar_;
  device::Device& device_;
  Judge judge_;
  const Time start_;
  std::string error_;
};

// The manual's line that this one is; null if none is.
const dialect::DocumentedLine* LineOf(const dialect::Grammar& grammar, const std::string& text,
                                      const dialect::ParsedCommand& parsed,
                                      dialect::LineMatch& match) {
  const spec::Command* command = parsed.command;
  const dialect::DocumentedLine* found = nullptr;
  // Its own information lines need no head to be known by.
  if (const dialect::CompiledForm* form = grammar.Compiled(parsed.form)) {
    for (const dialect::CompiledResponse& response : form->responses) {
      for (const dialect::DocumentedLine* line : response.sync) {
        if (line->line->kind != spec::LineKind::kFinal &&
            line->pattern.Match(text, match) == dialect::LineFit::kMatch && match.count > 0)
          return line;
      }
    }
  }
  for (const dialect::DocumentedLine* line : grammar.LinesLike(text)) {
    dialect::LineMatch here;
    if (line->pattern.Match(text, here) != dialect::LineFit::kMatch) continue;
    if (found != nullptr && line->command != command) continue;
    found = line;
    match = here;
    if (line->command == command) break;
  }
  return found;
}

class Author {
 public:
  Author(const std::vector<Heard>& runs, const dialect::Grammar& grammar,
         const ProposeOptions& options, Golden& out)
      : runs_(runs), grammar_(grammar), options_(options), out_(out) {}

  // The steps of one part of the script, with what came for each.
  std::vector<Step> Write(const std::vector<Step>& script) {
    std::vector<Step> steps;
    for (const Step& step : script) {
      const bool sends = std::holds_alternative<transcript::Send>(step.what) ||
                         std::holds_alternative<transcript::SendRaw>(step.what) ||
                         std::holds_alternative<transcript::Data>(step.what);
      const bool keeps = sends || std::holds_alternative<transcript::Comment>(step.what) ||
                         std::holds_alternative<transcript::Blank>(step.what) ||
                         std::holds_alternative<transcript::BenchStep>(step.what);
      if (keeps) steps.push_back(step);
      if (sends) Answer(next_, steps);
      if (sends || std::holds_alternative<transcript::BenchStep>(step.what)) ++next_;
    }
    return steps;
  }

 private:
  void Answer(std::size_t at, std::vector<Step>& steps) {
    const std::vector<HeardExchange>& first = runs_[0].exchanges;
    if (at >= first.size()) return;
    if (!first[at].sent.empty()) sent_ = first[at].sent;
    if (first[at].prompt) steps.push_back({transcript::ExpectPrompt{}, 0});
    for (std::size_t i = 0; i < first[at].lines.size(); ++i) Line(at, i, steps);
  }

  void Line(std::size_t at, std::size_t i, std::vector<Step>& steps) {
    const std::string& text = runs_[0].exchanges[at].lines[i];
    const dialect::ParsedCommand command = grammar_.ParseCommand(sent_);
    dialect::LineMatch match;
    const dialect::DocumentedLine* line = LineOf(grammar_, text, command, match);
    if (line != nullptr && line->command->kind == spec::CommandKind::kUrc &&
        !IsResult(command, text)) {
      Tell("left out " + transcript::EscapeLine(text) + ": it comes by itself", steps);
      return;
    }
    ExpectLine plain, typed;
    plain.line = {{.kind = Piece::Kind::kLiteral, .text = text, .only = {}, .capture = {}}};
    std::string reasons;
    // A final code is what it is, and so is the list of a test form.
    if (!grammar_.IsFinal(text) && command.kind != spec::FormKind::kTest)
      typed.line = Typed(at, i, line, match, command, &reasons);
    if (reasons.empty()) return steps.push_back({plain, 0});
    const std::string proposed = "< " + Print(typed.line);
    if (options_.accept) {
      steps.push_back({transcript::Comment{"seen: " + transcript::EscapeLine(text) + " (" + reasons + ")"}, 0});
      out_.proposals.push_back("accepted " + proposed + ": " + reasons);
      steps.push_back({typed, 0});
    } else {
      Tell("propose " + proposed + ": " + reasons, steps);
      steps.push_back({plain, 0});
    }
  }

  void Tell(const std::string& what, std::vector<Step>& steps) {
    steps.push_back({transcript::Comment{what}, 0});
    out_.proposals.push_back(what);
  }

  // A line that the command's own answers hold, though it is printed as a URC elsewhere.
  bool IsResult(const dialect::ParsedCommand& command, const std::string& text) const {
    const dialect::CompiledForm* form = grammar_.Compiled(command.form);
    if (form == nullptr) return false;
    dialect::LineMatch match;
    for (const dialect::CompiledResponse& response : form->responses) {
      for (const auto* line : response.async)
        if (line->pattern.Match(text, match) == dialect::LineFit::kMatch) return true;
    }
    return false;
  }

  transcript::Pieces Typed(std::size_t at, std::size_t i, const dialect::DocumentedLine* line,
                           const dialect::LineMatch& match, const dialect::ParsedCommand& command,
                           std::string* reasons) const {
    const std::string& text = runs_[0].exchanges[at].lines[i];
    transcript::Pieces out;
    std::size_t from = 0;
    for (std::size_t f = 0; line != nullptr && f < match.count; ++f) {
      const dialect::LineField& field = match.fields[f];
      if (field.parameter == nullptr || field.value.data() < text.data() + from ||
          field.value.data() > text.data() + text.size())
        continue;
      std::string only;
      const std::string why = Reason(at, i, f, field, command, &only);
      if (why.empty()) continue;
      const auto offset = static_cast<std::size_t>(field.value.data() - text.data());
      if (offset > from)
        out.push_back({Piece::Kind::kLiteral, text.substr(from, offset - from), {}, {}});
      out.push_back({Piece::Kind::kField, std::string(field.name), only, {}});
      from = offset + field.value.size();
      *reasons += (reasons->empty() ? "<" : "; <") + std::string(field.name) + "> " + why;
    }
    if (from < text.size()) out.push_back({Piece::Kind::kLiteral, text.substr(from), {}, {}});
    return out;
  }

  // Why the value may well be another one; empty: it is as the command has it, or nothing is known.
  std::string Reason(std::size_t at, std::size_t i, std::size_t f, const dialect::LineField& field,
                     const dialect::ParsedCommand& command, std::string* only) const {
    for (std::size_t run = 1; run < runs_.size(); ++run) {
      if (at >= runs_[run].exchanges.size() || i >= runs_[run].exchanges[at].lines.size()) continue;
      dialect::LineMatch other;
      const std::string& text = runs_[run].exchanges[at].lines[i];
      if (LineOf(grammar_, text, command, other) == nullptr || f >= other.count ||
          other.fields[f].name != field.name)
        continue;
      if (other.fields[f].value != field.value)
        return "was " + std::string(field.value) + ", then " + std::string(other.fields[f].value);
    }
    const dialect::Argument* told = command.Find(field.name);
    if (told != nullptr && told->value == field.value) return {};
    const spec::Parameter& parameter = *field.parameter;
    if (!parameter.values.empty()) {
      *only = std::string(field.value);
      return "is one of a list";
    }
    if (parameter.type == spec::Type::kString) return "is text that the modem chooses";
    const bool wide = !parameter.range.min || !parameter.range.max || *parameter.range.max - *parameter.range.min >= kFewValues;
    return parameter.type == spec::Type::kInteger && wide ? "is a number of a wide range" : "";
  }

  const std::vector<Heard>& runs_;
  const dialect::Grammar& grammar_;
  const ProposeOptions& options_;
  Golden& out_;
  std::string sent_;
  std::size_t next_ = 0;
};

}  // namespace

Heard Hear(const transcript::Plan& plan, const dialect::Grammar& grammar, device::Device& device) {
  Heard out;
  Listener listener(grammar, device);
  for (const Exchange& exchange : plan.exchanges) {
    if (exchange.send == Exchange::Send::kNone) continue;
    out.exchanges.push_back(listener.Play(exchange));
    out.error = listener.error();
    if (!out.error.empty()) break;
  }
  return out;
}

Golden ProposeGolden(const transcript::Transcript& script, const std::vector<Heard>& runs,
                     const dialect::Grammar& grammar, const ProposeOptions& options) {
  Golden out;
  out.transcript.header = script.header;
  std::erase_if(out.transcript.header, [](const auto& entry) {
    return entry.first == "kind" || entry.first == "recorded" || entry.first == "device";
  });
  if (script.Header("purpose").empty())
    out.transcript.header.emplace_back("purpose", "the modem answers as it did when it was recorded");
  Author author(runs, grammar, options, out);
  out.transcript.setup = author.Write(script.setup);
  out.transcript.steps = author.Write(script.steps);
  out.transcript.cleanup = author.Write(script.cleanup);
  for (std::size_t run = 1; run < runs.size(); ++run) {
    for (std::size_t at = 0; at < runs[0].exchanges.size(); ++at) {
      const bool same = at < runs[run].exchanges.size() &&
                        runs[run].exchanges[at].lines.size() == runs[0].exchanges[at].lines.size();
      if (!same)
        out.proposals.push_back("run " + std::to_string(run + 1) + " had another number of lines for " +
                                runs[0].exchanges[at].sent + ": look at it");
    }
  }
  return out;
}

transcript::Transcript ScriptOf(const transcript::Transcript& recording,
                                const dialect::Grammar& grammar, Heard* heard) {
  transcript::Transcript out;
  out.header = recording.header;
  JudgeOptions options;
  options.start = dialect::Tracker::Start::kUnknown;
  Judge judge(grammar, options);
  std::size_t taken = 0;
  const auto keep = [&] {
    for (; taken < judge.records().size(); ++taken) {
      const report::ExchangeRecord& record = judge.records()[taken];
      if (heard->exchanges.empty()) continue;
      HeardExchange& exchange = heard->exchanges.back();
      const bool prompt = record.final == "prompt";
      exchange.prompt = exchange.prompt || prompt;
      exchange.lines.insert(exchange.lines.end(), record.received.begin(),
                            record.received.end() - (prompt ? 1 : 0));
    }
  };
  const auto begin = [&](std::string sent) {
    keep();
    heard->exchanges.push_back({std::move(sent), false, {}});
  };
  const auto text = [](const transcript::Pieces& pieces) {
    return transcript::Bind(pieces, {}, nullptr).value_or("");
  };
  for (Step step : recording.steps) {
    Time now{0};
    const auto at = [&](transcript::When& when) {
      now = when.low;
      when = {};
    };
    if (auto* send = std::get_if<transcript::Send>(&step.what)) {
      at(send->when);
      begin(text(send->line));
      judge.SentCommand(text(send->line), grammar.dialect().framing.command_end, now, 0);
      out.steps.push_back(step);
    } else if (auto* raw = std::get_if<transcript::SendRaw>(&step.what)) {
      at(raw->when);
      begin("");
      judge.SentRaw(raw->bytes, now, 0);
      out.steps.push_back(step);
    } else if (auto* data = std::get_if<transcript::Data>(&step.what)) {
      at(data->when);
      begin("");
      judge.SentData(text(data->payload), transcript::EndingBytes(data->ending), now, 0);
      out.steps.push_back(step);
    } else if (auto* line = std::get_if<ExpectLine>(&step.what)) {
      at(line->when);
      const spec::Framing& framing = grammar.dialect().framing;
      judge.Received(framing.line_lead + text(line->line) + framing.line_end, now);
    } else if (auto* bytes = std::get_if<transcript::ExpectRaw>(&step.what)) {
      at(bytes->when);
      judge.Received(bytes->bytes, now);
    }
  }
  keep();
  return out;
}

}  // namespace assay::harness
