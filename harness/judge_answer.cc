// What comes from the modem: echo, prompts and lines, judged by the spec; their framing and echo.
#include <algorithm>

#include "harness/expected_text.h"
#include "harness/judge.h"

namespace assay::harness {

using dialect::Token;
using report::Finding;
using report::FindingClass;
using report::Severity;
using transcript::Hit;

namespace {

// Is one of the fields in front of the payload the topic?
bool NamesTopic(const dialect::LineMatch& match, std::string_view topic) {
  for (std::size_t i = 0; i + 1 < match.count; ++i) {
    if (match.fields[i].value == topic) return true;
  }
  return false;
}

}  // namespace

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
      case Token::Kind::kPartial:
        OnPartial(token, now);
        break;
    }
    CheckRaw();
  }
}

void Judge::OnEcho(const Token& token, Time now) {
  Keep(Wire(token), false, now);
  echo_due_ = false;
  const spec::Source& source = grammar_.dialect().framing.source;
  if (token.repeated) {
    Add(oracle_.Make(FindingClass::kUnexpected, source, nullptr, "echo", "one echo", token.text,
                     "the echo came twice"));
  } else if (EchoSetting() == "0") {
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

void Judge::OnPartial(const Token& token, Time now) {
  Keep(Wire(token), false, now);
  if (options_.framing && !ignoring_) {
    Add(oracle_.Make(FindingClass::kFraming, grammar_.dialect().framing.source, nullptr,
                     "unfinished", "a line end", token.text, "a line that was never finished"));
  }
  if (Unfinished(token.text)) near_.push_back({matcher_->NextIndex(), std::nullopt, true});
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
      finding = oracle_.Make(FindingClass::kUnexpected, FormSource(), oracle_.Last(), "prompt",
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
  if (!finding && options_.framing && form != nullptr && form->data &&
      token.text != form->data->prompt) {
    finding = oracle_.Make(FindingClass::kFraming, form->data->source, oracle_.Last(), "prompt",
                           transcript::Escape(form->data->prompt), token.text,
                           "the prompt ends otherwise");
    if (options_.tolerant) finding->severity = std::min(finding->severity, Severity::kDeviation);
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

void Judge::ReceivedLine(std::string_view text, Time now, std::size_t line, bool final_code) {
  if (line != 0) line_ = line;
  if (ignoring_) return;
  Ruling ruling;
  OnText(text, text, now, ruling, final_code);
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

// A payload that a log shows cannot be held against what was sent: anybody may publish. But one
// that is a published one and half a pair of quotes is that one, written otherwise.
std::optional<Finding> Judge::CheckPayload(std::string_view text) const {
  dialect::LineMatch match;
  for (const dialect::DocumentedLine* line : grammar_.LinesLike(text)) {
    if (!line->pattern.ends_raw() || line->pattern.Match(text, match) != dialect::LineFit::kMatch)
      continue;
    const std::string_view payload = match.fields[match.count - 1].value;
    const bool opened = payload.starts_with('"'), closed = payload.ends_with('"');
    if (opened == closed) continue;
    const std::string_view bare =
        opened ? payload.substr(1) : payload.substr(0, payload.size() - 1);
    const auto sent = [&](std::string_view what) {
      return std::any_of(published_.begin(), published_.end(), [&](const auto& message) {
        return NamesTopic(match, message.first) && message.second == what;
      });
    };
    if (!sent(bare) || sent(payload)) continue;
    return oracle_.Make(FindingClass::kPayload, line->form->source, nullptr, "payload",
                        std::string(bare), text, "half a pair of quotes around what was published");
  }
  return std::nullopt;
}

void Judge::OnText(std::string_view text, std::string_view raw, Time now, Ruling& ruling,
                   bool final_code) {
  ruling = oracle_.Line(text, now, final_code);
  Hit hit = Match(text, ruling);
  if (!ruling.finding && ruling.permitted_urc && !published_.empty())
    ruling.finding = CheckPayload(text);
  exact_ = TakeRaw(raw, ruling);
  if (exact_) {
    // The bytes are the point, and are compared as a whole.
    hit.fit = Hit::Fit::kMatched;
    if (ruling.finding && ruling.finding->finding_class == FindingClass::kUndocumented)
      ruling.finding.reset();
  }
  RecordLine(text, raw, ruling, now);
  std::optional<Finding> finding = std::move(ruling.finding);
  ruling.finding.reset();
  if (matcher_) finding = Compare(hit, ruling, std::move(finding), text, now);
  if (finding) Explained(ruling.explains);
  // After the final code the early lines' results are no longer owed.
  if (ruling.role == Ruling::Role::kFinal) {
    for (const std::string& head : early_heads_) oracle_.Forget(head);
  }
  if (ruling.role == Ruling::Role::kUrc && ruling.permitted_urc && !finding) disturbed_ = false;
  last_line_ = now;
  if (finding) Add(std::move(*finding));
}

}  // namespace assay::harness
