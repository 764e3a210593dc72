#include "harness/judge.h"

#include <algorithm>

namespace assay::harness {
namespace {

using dialect::Token;
using report::ExchangeKind;
using report::Finding;
using report::FindingClass;
using report::Severity;
using transcript::Expectation;
using transcript::Hit;
using transcript::When;

// What a modem may take where its manual gives no maximum.
constexpr Time kUndocumentedFinal{10'000'000}, kUndocumentedResult{120'000'000},
    kStraggler{1'000'000};

std::string Wanted(const Expectation& expectation) {
  switch (expectation.kind) {
    case Expectation::Kind::kPrompt:
      return "prompt";
    case Expectation::Kind::kRaw:
      return "\"" + transcript::Escape(expectation.bytes) + "\"";
    case Expectation::Kind::kLine:
      return transcript::Print(expectation.line);
  }
  return {};
}

// The expected line with its fields filled by what they ask for, to be held against a pattern.
// A field that asks for no single value takes the one that came (`got`), else 0.
std::string Sample(const transcript::Pieces& pieces, const transcript::Values& captures,
                   const dialect::LineMatch* got = nullptr) {
  std::string out;
  for (const transcript::Piece& piece : pieces) {
    if (piece.kind == transcript::Piece::Kind::kLiteral) {
      out += piece.text;
    } else if (piece.kind == transcript::Piece::Kind::kField) {
      const bool one = !piece.only.empty() && piece.only.find("..") == std::string::npos;
      const dialect::LineField* came = got != nullptr ? got->Find(piece.text) : nullptr;
      out += one ? piece.only : came != nullptr ? std::string(came->value) : "0";
    } else if (const auto found = captures.find(piece.text); found != captures.end()) {
      out += found->second;
    }
  }
  return out;
}

}  // namespace

Judge::Judge(const dialect::Grammar& grammar, JudgeOptions options)
    : grammar_(grammar),
      options_(std::move(options)),
      reader_(grammar),
      oracle_(grammar, {options_.start, options_.tolerant, options_.timed, options_.tolerance}) {}

void Judge::Add(Finding finding) {
  ++finding_count_;
  worst_ = std::max(worst_, finding.severity);
  finding.where.file = options_.file;
  if (finding.where.line == 0) finding.where.line = line_;
  finding.where.exchange = exchange_count_ == 0 ? 0 : exchange_count_ - 1;
  if (findings_.size() < options_.most_findings) findings_.push_back(std::move(finding));
}

report::ExchangeRecord& Judge::Record(ExchangeKind kind, std::size_t line) {
  ++exchange_count_;
  if (records_.size() >= options_.most_records) {
    records_.back() = {};
  } else {
    records_.emplace_back();
  }
  records_.back().kind = kind;
  records_.back().line = line;
  return records_.back();
}

// Bytes that a golden wants exactly: the answer since the last send, without its echo, which is
// judged by the modem's setting, and without lines that come by themselves.
void Judge::CheckRaw() {
  while (ExpectsRaw()) {
    const Expectation& expectation = *matcher_->Next();
    const std::size_t size = expectation.bytes.size();
    if (raw_.size() < size && expectation.bytes.starts_with(raw_)) return;
    const Hit hit = matcher_->Raw(std::string_view(raw_).substr(0, size));
    if (hit.fit == Hit::Fit::kValue) {
      Add(oracle_.Make(FindingClass::kFraming,
                       oracle_.LastForm() != nullptr ? oracle_.LastForm()->source : spec::Source{},
                       oracle_.Last(), "bytes", hit.expected, raw_, "other bytes than expected"));
      matcher_->Abandon();
    }
    raw_.erase(0, size);
  }
}

void Judge::Keep(std::string_view raw, bool sent, Time now) {
  if (records_.empty()) Record(ExchangeKind::kNone, line_);
  records_.back().bytes.push_back({now, sent, std::string(raw)});
}

bool Judge::ExpectsRaw() const {
  return matcher_ && matcher_->Next() != nullptr &&
         matcher_->Next()->kind == Expectation::Kind::kRaw;
}

// Do the bytes of a line belong to those that are wanted exactly?
bool Judge::TakeRaw(std::string_view raw, const Ruling& ruling) {
  if (!ExpectsRaw()) return false;
  const bool answers = ruling.role != Ruling::Role::kUrc && ruling.role != Ruling::Role::kStray;
  const std::string bytes = raw_ + std::string(raw);
  if (!answers && !matcher_->Next()->bytes.starts_with(bytes)) return false;
  raw_ = bytes;
  return true;
}

// The bytes of a token as they came, but for what was kept already.
std::string Judge::Wire(const Token& token) {
  std::string out(token.trail.substr(std::min(kept_trail_, token.trail.size())));
  kept_trail_ = 0;
  for (const std::string_view part : {token.lead, token.text, token.end}) out += part;
  return out;
}

// What a prompt trails stands before the data in the record, as it does on the wire.
void Judge::KeepTrail(Time now) {
  const spec::Form* form = oracle_.LastForm();
  const std::string_view rest = reader_.Rest();
  if (rest.empty() || form == nullptr || !form->data || !form->data->prompt_trail.starts_with(rest))
    return;
  Keep(std::string(rest), false, now);
  kept_trail_ = rest.size();
}

void Judge::NewCase(std::string file) {
  options_.file = std::move(file);
  findings_.clear();
  records_.clear();
  exchange_count_ = finding_count_ = 0;
  worst_ = report::Severity::kInfo;
  Begin(nullptr, nullptr);
}

void Judge::Begin(const transcript::Exchange* exchange, transcript::Values* captures) {
  exchange_ = exchange;
  captures_ = captures != nullptr ? captures : &no_captures_;
  matcher_.reset();
  early_heads_.clear();
  near_.clear();
  raw_.clear();
  absorb_head_.clear();
  reordered_ = 0;
  needs_cancel_ = ignoring_ = over_ = false;
  if (exchange_ != nullptr) matcher_.emplace(exchange_->expected, *captures_);
}

void Judge::BeginSend(Time now, std::size_t line) {
  sent_ = last_line_ = now;
  line_ = line;
  information_before_ = false;
}

void Judge::SentCommand(std::string_view text, std::string_view end, Time now, std::size_t line) {
  reader_.Flush(true);
  Drain(now);
  CheckEcho("the next command");
  std::vector<Finding> late = oracle_.Sent(text, now);
  for (Finding& finding : late) Add(std::move(finding));
  BeginSend(now, line);
  const std::string bytes = std::string(text) + std::string(end);
  reader_.Sent(bytes, oracle_.LastForm());
  const auto echo = grammar_.dialect().capabilities.find("echo");
  const auto setting = echo != grammar_.dialect().capabilities.end()
                           ? oracle_.tracker().Value(echo->second, 0)
                           : std::nullopt;
  echo_due_ =
      options_.framing && (setting ? *setting != "0" : reader_.echo() == dialect::Echo::kOn);
  Record(ExchangeKind::kCommand, line).sent = std::string(text);
  Keep(bytes, true, now);
}

void Judge::SentRaw(std::string_view bytes, Time now, std::size_t line) {
  std::string_view text = bytes, end;
  const std::size_t at = bytes.find_first_of("\r\n");
  if (at != std::string_view::npos) {
    text = bytes.substr(0, at);
    end = bytes.substr(at);
  }
  if (end.find_first_not_of("\r\n") != std::string_view::npos || text.empty()) {
    // Several lines at once, or none: nothing is presumed of the answer's shape.
    reader_.Flush(true);
    Drain(now);
    reader_.Sent(bytes, nullptr);
    BeginSend(now, line);
    echo_due_ = false;
    Record(ExchangeKind::kCommand, line).sent = std::string(bytes);
    Keep(bytes, true, now);
    return;
  }
  SentCommand(text, end, now, line);
}

void Judge::SentData(std::string_view payload, std::string_view ending, Time now,
                     std::size_t line) {
  Drain(now);
  KeepTrail(now);
  BeginSend(now, line);
  const bool cancelled = ending == "\x1B";
  const auto capability = grammar_.dialect().capabilities.find("echo");
  const auto setting = capability != grammar_.dialect().capabilities.end()
                           ? oracle_.tracker().Value(capability->second, 0)
                           : std::nullopt;
  const dialect::Echo before = reader_.echo();
  if (setting == "0") reader_.SetEcho(dialect::Echo::kOff);
  if (setting == "1") reader_.SetEcho(dialect::Echo::kOn);
  reader_.SentData(payload);
  if (setting == "0")
    reader_.SetEcho(before == dialect::Echo::kOff ? dialect::Echo::kUnknown : before);
  const spec::Form* form = oracle_.LastForm();
  if (!cancelled && form != nullptr && form->data) {
    // What a subscriber hears of it is this payload, cut as the manual says.
    std::string_view kept = payload;
    if (form->data->max && form->data->overflow == "truncate")
      kept = kept.substr(0, static_cast<std::size_t>(*form->data->max));
    if (const dialect::ParsedCommand* command = oracle_.Last()) {
      if (const dialect::Argument* topic = command->Find("topic"))
        reader_.KnowMessage(topic->value, kept);
    }
  }
  oracle_.DataSent(payload, cancelled, now);
  Record(ExchangeKind::kData, line).sent = std::string(payload);
  Keep(std::string(payload) + std::string(ending), true, now);
}

void Judge::Received(std::string_view bytes, Time now) {
  reader_.Feed(bytes);
  Drain(now);
}

void Judge::Drain(Time now) {
  Token token;
  while (reader_.Next(token)) {
    if (token.kind != Token::Kind::kEcho && token.kind != Token::Kind::kDataEcho) disturbed_ = true;
    switch (token.kind) {
      case Token::Kind::kEcho:
        OnEcho(token, now);
        break;
      case Token::Kind::kDataEcho:
        OnDataEcho(token, now);
        break;
      case Token::Kind::kPrompt:
        OnPrompt(token, now);
        break;
      case Token::Kind::kLine:
        OnLine(token, now);
        break;
      case Token::Kind::kPartial: {
        Keep(Wire(token), false, now);
        Finding finding =
            oracle_.Make(FindingClass::kFraming, grammar_.dialect().framing.source, nullptr,
                         "unfinished", "a line end", token.text, "a line that was never finished");
        if (options_.framing && !ignoring_) Add(std::move(finding));
        if (Unfinished(token.text)) near_.push_back({matcher_->NextIndex(), std::nullopt});
        break;
      }
    }
    CheckRaw();
  }
}

void Judge::OnEcho(const Token& token, Time now) {
  Keep(Wire(token), false, now);
  echo_due_ = false;
  const auto capability = grammar_.dialect().capabilities.find("echo");
  const auto setting = capability != grammar_.dialect().capabilities.end()
                           ? oracle_.tracker().Value(capability->second, 0)
                           : std::nullopt;
  const spec::Source& source = grammar_.dialect().framing.source;
  if (token.repeated) {
    Add(oracle_.Make(FindingClass::kUnexpected, source, nullptr, "echo", "one echo", token.text,
                     "the echo came twice"));
  } else if (setting == "0") {
    Add(oracle_.Make(FindingClass::kUnexpected, source, nullptr, "echo", "no echo", token.text,
                     "an echo although echo is off"));
  }
}

void Judge::OnDataEcho(const Token& token, Time now) {
  Keep(Wire(token), false, now);
  const spec::Form* form = oracle_.LastForm();
  if (token.lead.empty() || !options_.framing || form == nullptr || !form->data) return;
  spec::Source source = form->data->source;
  source.basis = form->data->framing_basis;
  Add(oracle_.Make(FindingClass::kFraming, source, oracle_.Last(), "trail",
                   transcript::Escape(form->data->prompt_trail), token.lead,
                   "the prompt ends otherwise"));
}

// An echo that was due did not come before `before`.
void Judge::CheckEcho(std::string_view before) {
  if (!echo_due_) return;
  echo_due_ = false;
  reader_.SetEcho(dialect::Echo::kUnknown);
  if (!ignoring_) {
    Add(oracle_.Make(FindingClass::kMissing, grammar_.dialect().framing.source, nullptr, "echo",
                     "the echo of the command", "", "no echo came before " + std::string(before)));
  }
}

void Judge::OnPrompt(const Token& token, Time now) {
  Keep(Wire(token), false, now);
  const spec::Form* form = oracle_.LastForm();
  CheckEcho("the prompt");
  if (ignoring_) return;
  if (ExpectsRaw()) raw_.append(token.lead).append(token.text);
  Ruling ruling = oracle_.Prompt(now);
  records_.back().final = "prompt";
  records_.back().received.emplace_back(token.text);
  Hit hit = matcher_ ? matcher_->Prompt() : Hit{};
  std::optional<Finding> finding = ruling.finding;
  if (matcher_ && hit.fit == Hit::Fit::kNone) {
    if (!finding)
      finding =
          oracle_.Make(FindingClass::kUnexpected, form != nullptr ? form->source : spec::Source{},
                       oracle_.Last(), "prompt",
                       matcher_->Next() != nullptr ? Wanted(*matcher_->Next()) : "nothing",
                       token.text, "a prompt where none is expected");
    finding->severity = report::Cap(finding->basis);
    matcher_->Abandon();
    needs_cancel_ = ignoring_ = true;
    oracle_.ForgetFinal();
  }
  if (!finding && options_.framing && form != nullptr && form->data &&
      token.lead != form->data->prompt_lead) {
    spec::Source source = form->data->source;
    source.basis = form->data->framing_basis;
    finding = oracle_.Make(FindingClass::kFraming, source, oracle_.Last(), "prompt",
                           transcript::Escape(form->data->prompt_lead), token.lead,
                           "the prompt is framed otherwise");
  }
  if (hit.fit == Hit::Fit::kMatched) CheckWhen(hit, token.text, now);
  last_line_ = now;
  if (finding) Add(std::move(*finding));
}

void Judge::OnLine(const Token& token, Time now) {
  const std::string raw = Wire(token);
  if (ignoring_) return Keep(raw, false, now);
  const bool waited = oracle_.Waiting() != nullptr;
  Ruling ruling;
  OnText(token.text, raw, now, ruling);
  if (options_.framing && !exact_) CheckFraming(token, ruling);
  if (waited && ruling.role == Ruling::Role::kFinal) CheckEcho("the final code");
  information_before_ = ruling.role == Ruling::Role::kInformation;
}

void Judge::ReceivedLine(std::string_view text, Time now, std::size_t line) {
  if (line != 0) line_ = line;
  if (ignoring_) return;
  Ruling ruling;
  OnText(text, text, now, ruling);
}

void Judge::ReceivedPrompt(Time now, std::size_t line) {
  if (line != 0) line_ = line;
  Token token;
  token.kind = Token::Kind::kPrompt;
  token.text = ">";
  OnPrompt(token, now);
}

void Judge::CheckFraming(const Token& token, const Ruling& ruling) {
  const spec::Framing& framing = grammar_.dialect().framing;
  const bool joined = information_before_ && ruling.role == Ruling::Role::kInformation &&
                      framing.joined_information;
  spec::Source source = framing.source;
  if (token.lead != (joined ? std::string_view() : std::string_view(framing.line_lead))) {
    if (joined) source.basis = std::max(source.basis, spec::Basis::kInferred);
    Add(oracle_.Make(FindingClass::kFraming, source, nullptr, "lead",
                     transcript::Escape(joined ? "" : framing.line_lead), token.lead,
                     "before " + std::string(token.text.substr(0, 40))));
  }
  if (token.end != framing.line_end) {
    Add(oracle_.Make(FindingClass::kFraming, framing.source, nullptr, "end",
                     transcript::Escape(framing.line_end), token.end,
                     "after " + std::string(token.text.substr(0, 40))));
  }
}

void Judge::OnText(std::string_view text, std::string_view raw, Time now, Ruling& ruling) {
  const bool final_code = grammar_.IsFinal(text);
  Hit hit;
  const auto is_final = [&](const Expectation& expectation) {
    return grammar_.IsFinal(Sample(expectation.line, *captures_));
  };
  if (matcher_) {
    const Expectation* next = matcher_->Next();
    if (next != nullptr && next->kind == Expectation::Kind::kRaw) {
      hit.fit = Hit::Fit::kNone;
    } else if (final_code && next != nullptr && next->kind == Expectation::Kind::kPrompt) {
      hit = {Hit::Fit::kValue, next, matcher_->NextIndex(), "prompt", nullptr, {}, {}, false};
    } else {
      hit = matcher_->Line(text, final_code, is_final);
    }
  }
  ruling = oracle_.Line(text, now);
  exact_ = TakeRaw(raw, ruling);
  if (exact_) {
    // The bytes are the point, and are compared as a whole.
    hit.fit = Hit::Fit::kMatched;
    if (ruling.finding && ruling.finding->finding_class == FindingClass::kUndocumented)
      ruling.finding.reset();
  }
  // The record: an asynchronous line is an exchange of its own.
  const bool of_command =
      ruling.role == Ruling::Role::kInformation || ruling.role == Ruling::Role::kFinal;
  if (ruling.role == Ruling::Role::kFinal) {
    any_final_ = true;
    reported_failure_ = reported_failure_ || !ruling.success;
    if (!records_.empty()) records_.back().final = std::string(text);
  }
  if (!of_command) {
    if (ruling.role == Ruling::Role::kResult && !records_.empty() &&
        records_.back().kind != ExchangeKind::kNone && !records_.back().result) {
      records_.back().result = std::string(text);
    }
    Record(ExchangeKind::kNone, line_).final = "async";
  }
  if (records_.empty()) Record(ExchangeKind::kNone, line_);
  records_.back().received.emplace_back(text);
  Keep(raw, false, now);

  std::optional<Finding> finding = std::move(ruling.finding);
  switch (matcher_ ? hit.fit : Hit::Fit::kMatched) {
    case Hit::Fit::kMatched:
      if (matcher_) {
        if (finding && finding->finding_class == FindingClass::kResultFailure) finding.reset();
        if (!finding) CheckWhen(hit, text, now);
        OutOfOrder();
      }
      break;
    case Hit::Fit::kEarly:
      early_heads_.push_back(hit.expectation->head);
      if (finding && (finding->finding_class == FindingClass::kUnexpected ||
                      finding->finding_class == FindingClass::kMissing ||
                      finding->finding_class == FindingClass::kResultFailure)) {
        finding.reset();
      }
      break;
    case Hit::Fit::kValue:
      if (ruling.role == Ruling::Role::kUrc) {
        // A line of its own, or the expected one altered? If that never comes, it was this.
        matcher_->GiveBack(hit.index);
        Near near{hit.index, std::nullopt};
        if (!finding) {
          near.finding = Classify(
              hit, {ruling.role, ruling.success, ruling.permitted_urc, std::nullopt}, text);
          near.finding->where.line = line_;
        }
        near_.push_back(std::move(near));
        break;
      }
      finding = Classify(
          hit, {ruling.role, ruling.success, ruling.permitted_urc, std::move(finding)}, text);
      if (final_code) {
        matcher_->Abandon();
        if (const spec::Form* form = oracle_.LastForm(); form != nullptr && ruling.success) {
          for (const dialect::CompiledResponse& response : grammar_.Compiled(form)->responses) {
            for (const dialect::DocumentedLine* line : response.async)
              absorb_head_ = line->pattern.text().substr(0, line->pattern.text().find(':') + 1);
          }
          oracle_.Forget(absorb_head_);
        }
      }
      break;
    case Hit::Fit::kRepeated:
      if (!finding)
        finding = oracle_.Make(
            FindingClass::kUnexpected,
            oracle_.LastForm() != nullptr ? oracle_.LastForm()->source : spec::Source{},
            oracle_.Last(), "repeated", "once", text, "this line came before and is expected once");
      break;
    case Hit::Fit::kForbidden:
      finding = oracle_.Make(
          FindingClass::kUnexpected,
          oracle_.LastForm() != nullptr ? oracle_.LastForm()->source : spec::Source{},
          oracle_.Last(), "forbidden", "! " + hit.expected, text, "a line that must not come here");
      break;
    case Hit::Fit::kNone:
      if (!absorb_head_.empty() && text.starts_with(absorb_head_)) {
        finding.reset();
      } else if (!finding && ruling.role != Ruling::Role::kUrc) {
        const Expectation* next = matcher_->Next();
        finding = oracle_.Make(
            FindingClass::kUnexpected,
            oracle_.LastForm() != nullptr ? oracle_.LastForm()->source : spec::Source{},
            oracle_.Last(), "unexpected", next != nullptr ? Wanted(*next) : "nothing more", text,
            "a line that the transcript does not expect");
      } else if (finding && finding->finding_class == FindingClass::kResultFailure) {
        finding->severity = report::Cap(finding->basis);
      }
      break;
  }
  // After the final code the early lines' results are no longer owed.
  if (ruling.role == Ruling::Role::kFinal) {
    for (const std::string& head : early_heads_) oracle_.Forget(head);
  }
  if (ruling.role == Ruling::Role::kUrc && ruling.permitted_urc && !finding) disturbed_ = false;
  last_line_ = now;
  if (finding) Add(std::move(*finding));
}

Finding Judge::Classify(const Hit& hit, const Ruling& ruling, std::string_view text) {
  const bool final_code = grammar_.IsFinal(text);
  const spec::Form* form = oracle_.LastForm();
  // That an unknown command is refused is V.250's to say.
  const spec::Source source = form != nullptr ? form->source : grammar_.dialect().framing.source;
  if (final_code) {
    const bool wanted_success = hit.expectation->kind == Expectation::Kind::kPrompt ||
                                Sample(hit.expectation->line, *captures_) == "OK";
    const bool refused = wanted_success && !ruling.success;
    if (ruling.finding && ruling.finding->finding_class != FindingClass::kResultFailure &&
        !refused) {
      Finding finding = *ruling.finding;
      if (!wanted_success && ruling.success) finding.severity = report::Cap(finding.basis);
      finding.expected = hit.expected;
      return finding;
    }
    return oracle_.Make(
        refused ? FindingClass::kResultFailure : FindingClass::kUnexpected, source, oracle_.Last(),
        "final", hit.expected, text,
        wanted_success ? "the command should succeed" : "the command should be refused");
  }
  if (ruling.finding && ruling.finding->finding_class != FindingClass::kUnexpected &&
      ruling.finding->finding_class != FindingClass::kResultFailure) {
    Finding finding = *ruling.finding;
    finding.expected = hit.expected;
    return finding;
  }
  // Which documented field differs?
  dialect::LineMatch want, got;
  for (const dialect::DocumentedLine* line : grammar_.LinesLike(text)) {
    if (line->pattern.Match(text, got) != dialect::LineFit::kMatch) continue;
    const std::string sample = Sample(hit.expectation->line, *captures_, &got);
    if (line->pattern.Match(sample, want) != dialect::LineFit::kMatch) continue;
    const spec::Source& documented =
        line->response != nullptr ? line->response->source : line->form->source;
    for (std::size_t i = 0; i < std::min(got.count, want.count); ++i) {
      const spec::Parameter* parameter = got.fields[i].parameter;
      const bool free = hit.field != nullptr && hit.field != parameter;
      if (free || got.fields[i].value == want.fields[i].value || parameter == nullptr) continue;
      const bool argument =
          oracle_.Last() != nullptr && oracle_.Last()->Find(parameter->name) != nullptr;
      const bool coded = !parameter->values.empty() && !argument;
      FindingClass finding_class = FindingClass::kPayload;
      if (ruling.role == Ruling::Role::kResult && coded)
        finding_class = FindingClass::kResultFailure;
      if (ruling.role == Ruling::Role::kUrc && coded) finding_class = FindingClass::kState;
      if (ruling.role == Ruling::Role::kInformation) finding_class = FindingClass::kState;
      // The value is the point, not how the line is written.
      const spec::Source& fact =
          line->command->kind == spec::CommandKind::kUrc ? line->command->source : documented;
      return oracle_.Make(finding_class, fact,
                          line->command->kind == spec::CommandKind::kUrc ? nullptr : oracle_.Last(),
                          parameter->name, hit.expected, text,
                          "<" + parameter->name + "> is " +
                              transcript::Escape(got.fields[i].value) + ", expected " +
                              transcript::Escape(want.fields[i].value));
    }
    return oracle_.Make(
        ruling.role == Ruling::Role::kInformation ? FindingClass::kState : FindingClass::kPayload,
        documented, oracle_.Last(), "fields", hit.expected, text, "other fields than expected");
  }
  return oracle_.Make(FindingClass::kPayload, source, oracle_.Last(), "line", hit.expected, text,
                      "another line than expected");
}

void Judge::CheckWhen(const Hit& hit, std::string_view text, Time now) {
  if (hit.expectation == nullptr || !options_.timed) return;
  const When& when = hit.expectation->when;
  if (when.kind == When::Kind::kAny || when.kind == When::Kind::kRecorded) return;
  const Time took = now - (when.since_previous ? last_line_ : sent_);
  // A time that is too short is nothing that a longer one could stand for.
  oracle_.Note(took, when.kind == When::Kind::kWithin ? when.high + options_.tolerance : Time{-1});
  const bool early = when.kind != When::Kind::kWithin && took + options_.tolerance < when.low;
  const bool late = when.kind != When::Kind::kAfter && took > when.high + options_.tolerance;
  if (!early && !late) return;
  spec::Source source;
  ClauseSource(*hit.expectation, source);
  Add(oracle_.Make(FindingClass::kTiming, source, oracle_.Last(), "when",
                   (early ? "not before " + std::to_string(when.low.count() / 1000)
                          : "within " + std::to_string(when.high.count() / 1000)) +
                       " ms",
                   text, "came after " + std::to_string(took.count() / 1000) + " ms"));
}

// Lines that came before their turn, once their turn has come.
void Judge::OutOfOrder() {
  const auto& order = matcher_->OutOfOrder();
  for (; reordered_ < order.size(); ++reordered_) {
    const Expectation& expectation = exchange_->expected[order[reordered_]];
    spec::Source source;
    ClauseSource(expectation, source);
    Add(oracle_.Make(FindingClass::kOrder, source, oracle_.Last(), "order",
                     "after what stands before it", Wanted(expectation),
                     Wanted(expectation) + " came before its turn"));
    oracle_.Forget(expectation.head);
  }
}

std::string_view Judge::ClauseSource(const Expectation& expectation, spec::Source& source) const {
  const auto& lines = grammar_.LinesLike(
      expectation.head.empty() ? std::string_view() : std::string_view(expectation.head));
  const spec::Form* form = oracle_.LastForm();
  for (const dialect::DocumentedLine* line : lines) {
    if (line->form == form || line->command->kind == spec::CommandKind::kUrc) {
      source = line->response != nullptr ? line->response->source : line->form->source;
      return line->pattern.text();
    }
  }
  if (!lines.empty()) {
    source = lines[0]->response != nullptr ? lines[0]->response->source : lines[0]->form->source;
  } else if (form != nullptr) {
    source = form->source;
  }
  return {};
}

void Judge::Missing(const Expectation& expectation) {
  spec::Source source;
  ClauseSource(expectation, source);
  oracle_.Lost(expectation.head);
  const bool final_code = expectation.kind == Expectation::Kind::kPrompt ||
                          grammar_.IsFinal(Sample(expectation.line, *captures_));
  if (final_code) oracle_.ForgetFinal();
  const auto index = static_cast<std::size_t>(&expectation - exchange_->expected.data());
  const auto near = std::find_if(near_.begin(), near_.end(),
                                 [&](const Near& candidate) { return candidate.index == index; });
  if (near != near_.end()) {
    if (near->finding) Add(std::move(*near->finding));
    return;
  }
  // What the manual states is that the line comes, whatever it says of the way it is written.
  for (const dialect::SentLine* sent : grammar_.SentLike(expectation.head)) {
    if (sent->transition->source.basis < source.basis &&
        sent->transition->source.clause == source.clause)
      source = sent->transition->source;
  }
  const bool urc = std::any_of(grammar_.LinesLike(expectation.head).begin(),
                               grammar_.LinesLike(expectation.head).end(),
                               [](const dialect::DocumentedLine* line) {
                                 return line->command->kind == spec::CommandKind::kUrc;
                               });
  Finding finding = oracle_.Make(FindingClass::kMissing, source, urc ? nullptr : oracle_.Last(),
                                 expectation.head.empty() ? "final" : expectation.head,
                                 Wanted(expectation), "", Wanted(expectation) + " never came");
  finding.where.line = expectation.file_line;
  Add(std::move(finding));
}

bool Judge::Done() const {
  if (!matcher_ || ignoring_ || over_) return true;
  return matcher_->Satisfied() && oracle_.Waiting() == nullptr && !OptionalOwed();
}

// A result that the modem owes and the transcript allows for: it is worth waiting for.
bool Judge::OptionalOwed() const {
  if (!oracle_.Owes()) return false;
  return std::any_of(
      exchange_->expected.begin(), exchange_->expected.end(), [&](const Expectation& expectation) {
        return expectation.how == transcript::How::kOptional && oracle_.IsOwed(expectation.head);
      });
}

std::optional<Time> Judge::Limit(const Expectation& expectation) const {
  const When& when = expectation.when;
  if (when.kind == When::Kind::kWithin || when.kind == When::Kind::kBetween ||
      when.kind == When::Kind::kAbout)
    return when.high;
  std::optional<Time> limit;
  const bool final_code =
      expectation.kind == Expectation::Kind::kPrompt || oracle_.Waiting() != nullptr;
  if (final_code) {
    limit = oracle_.FinalLimit().value_or(kUndocumentedFinal);
  } else {
    limit = oracle_.ResultLimit(expectation.head);
    if (limit) *limit += oracle_.ResultGrace(expectation.head);
  }
  if (when.kind == When::Kind::kAfter)
    limit = std::max(limit.value_or(Time{0}), when.low + kStraggler);
  return limit;
}

Time Judge::Deadline() const {
  if (Done()) return kNever;
  if (matcher_->Next() == nullptr) {
    const Time limit = oracle_.Waiting() != nullptr
                           ? oracle_.FinalLimit().value_or(kUndocumentedFinal)
                           : oracle_.OwedLimit().value_or(kUndocumentedResult);
    return sent_ + limit + std::max<Time>(kStraggler, limit / 5);
  }
  const Expectation& next = *matcher_->Next();
  const Time base = next.when.since_previous ? last_line_ : sent_;
  // Something that stands behind it has come already: it is lost, or follows at once.
  for (std::size_t i = matcher_->NextIndex() + 1;
       !early_heads_.empty() && i < exchange_->expected.size(); ++i) {
    if (oracle_.Waiting() == nullptr) return last_line_ + kStraggler;
  }
  const Time limit = Limit(next).value_or(kUndocumentedResult);
  // What came instead is probably it, altered: it is not waited for as long as a lost one.
  const bool near = std::any_of(near_.begin(), near_.end(), [&](const Near& candidate) {
    return candidate.index == matcher_->NextIndex();
  });
  if (near && limit > kUndocumentedFinal) return last_line_ + kUndocumentedFinal;
  return base + limit + std::max<Time>(kStraggler, limit / 5);
}

// Is it the beginning of what is due next, which thus came, if not to its end?
bool Judge::Unfinished(std::string_view text) const {
  while (text.starts_with('\r') || text.starts_with('\n')) text.remove_prefix(1);
  const Expectation* next = matcher_ ? matcher_->Next() : nullptr;
  return !text.empty() && next != nullptr && next->kind == Expectation::Kind::kLine &&
         Sample(next->line, *captures_).starts_with(text);
}

void Judge::Timeout(Time now) {
  reader_.Flush(Unfinished(reader_.Rest()));
  Drain(now);
  CloseExchange(now);
}

void Judge::CloseExchange(Time) {
  if (!matcher_) return;
  CheckEcho("the time was over");
  for (const Expectation* missing : matcher_->Missing()) Missing(*missing);
  matcher_->Abandon();
  over_ = true;
}

bool Judge::AtRest() const {
  return oracle_.AtRest() && reader_.Buffered() == 0 && !echo_due_ &&
         (!matcher_ || matcher_->Satisfied()) && records_.size() >= options_.most_records;
}

bool Judge::Disturbed() {
  const bool out = disturbed_;
  disturbed_ = false;
  return out;
}

void Judge::NotQuiet(Time length, std::size_t line) {
  Finding finding = oracle_.Make(
      FindingClass::kUnexpected,
      oracle_.LastForm() != nullptr ? oracle_.LastForm()->source : spec::Source{}, oracle_.Last(),
      "quiet", "nothing for " + std::to_string(length.count() / 1000) + " ms", "",
      "something came where silence is expected");
  finding.where.line = line;
  Add(std::move(finding));
}

void Judge::Gone(Time now) {
  reader_.Flush(false);
  Drain(now);
  if (!reader_.Rest().empty()) Keep(std::string(reader_.Rest()), false, now);
  echo_due_ = false;
  if (matcher_) matcher_->Abandon();
  over_ = true;
}

void Judge::End(Time now) {
  reader_.Flush(true);
  Drain(now);
  CloseExchange(now);
  std::vector<Finding> lacking = options_.timed ? oracle_.Overdue(now) : std::vector<Finding>{};
  for (Finding& finding : lacking) Add(std::move(finding));
}

}  // namespace assay::harness
