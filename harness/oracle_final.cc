// The prompt and the final code of the command that waits, and what they make of it.
#include <algorithm>
#include <utility>

#include "dialects/value.h"
#include "harness/oracle.h"

namespace assay::harness {

using dialect::CompiledResponse;
using dialect::DocumentedLine;
using dialect::LineFit;
using dialect::LineMatch;
using dialect::ParsedCommand;
using dialect::Tracker;
using report::Finding;
using report::FindingClass;
using report::Severity;

namespace {

bool Failure(const spec::Response& response) { return response.outcome == spec::Outcome::kFailure; }

// The refusal may still come, as a result behind this final code.
bool MayFailLater(const std::vector<const CompiledResponse*>& answers) {
  return std::any_of(answers.begin(), answers.end(), [](const CompiledResponse* answer) {
    return Failure(*answer->response) && !answer->async.empty();
  });
}

}  // namespace

Ruling Oracle::Prompt(Time now) {
  Ruling out;
  out.role = Ruling::Role::kPrompt;
  const bool unasked = !open_ || (!Outsider() && (LastForm() == nullptr || !LastForm()->data));
  if (unasked) {
    out.role = Ruling::Role::kStray;
    out.finding = Make(FindingClass::kUnexpected, {}, Last(), "prompt", "no prompt", ">",
                       "a prompt that no command asked for");
    return out;
  }
  const ParsedCommand& parsed = command_->parsed;
  open_ = false;
  wants_data_ = true;
  out.finding = NotRefused(">");
  if (!out.finding && !Outsider() && AsksForData() == dialect::Truth::kFalse)
    out.finding = Make(FindingClass::kUnexpected, parsed.form->source, &parsed, "prompt",
                       "no prompt", ">", "a prompt although the command asks for no data");
  if (!out.finding && parsed.form != nullptr)
    out.finding = Late(now - sent_, FinalLimit(), Time{0}, parsed, ">");
  NoteClaims(Tracker::Stage::kCommand, nullptr);
  tracker_.Accepted(parsed, nullptr);
  return out;
}

// Quotes may decide: "9" is a payload, 9 the size of data that follow.
dialect::Truth Oracle::AsksForData() const {
  const spec::Form* form = LastForm();
  if (form == nullptr || !form->data) return dialect::Truth::kFalse;
  return form->data->when ? tracker_.Holds(*form->data->when, command_->parsed)
                          : dialect::Truth::kTrue;
}

// The command was taken without asking for its data. Who writes a log may leave prompts out.
std::optional<Finding> Oracle::NotPrompted(std::string_view got) const {
  if (data_sent_ || options_.second_hand || Outsider() || Problem() != nullptr ||
      AsksForData() != dialect::Truth::kTrue)
    return std::nullopt;
  return Make(FindingClass::kMissing, LastForm()->data->source, Last(), "prompt", "a prompt", got,
              "taken without a prompt for the data");
}

Ruling Oracle::Final(std::string_view text, Time now) {
  // The data are not in the log.
  if (wants_data_ && options_.second_hand) DataSent(std::nullopt, false, now);
  if (!open_) return UnaskedFinal(text);
  open_ = false;
  gap_ = gap_ && lost_;
  const Ending ending = EndWith(text);
  Ruling out;
  out.role = Ruling::Role::kFinal;
  out.success = text == "OK" || (ending.taken != nullptr && !Failure(*ending.taken->response)) ||
                (Outsider() && text.ends_with(" OK"));
  out.finding = ending.finding;
  SeeFinal(ending, text, out.success);
  std::optional<Finding> unrefused;
  bool told = false;
  if (out.success) {
    if (!data_sent_) out.unrefused = unrefused = NotRefused(text);
    const bool at_once =
        fate_.kind == dialect::Fate::Kind::kRefuse && grammar_.IsFinal(fate_.why->refuse);
    // What should have been refused has no lines to lack.
    const bool lacks = out.finding && out.finding->finding_class == FindingClass::kMissing &&
                       unrefused && unrefused->finding_class != FindingClass::kSyntax;
    told = lacks || (!out.finding && (at_once || !MayFailLater(ending.survivors)));
    if (told) out.finding = unrefused;
    if (!out.finding) out.finding = NotPrompted(text);
    const auto accepted = Accept(ending.taken, text, now);
    if (!out.finding) out.finding = accepted;
    if (!out.finding) out.finding = Unlisted(ending, text);
  } else if (!out.finding) {
    out.finding = Refused(ending, text, now);
  }
  OweResults(ending.survivors, std::move(unrefused), told);
  if (book_ != nullptr && out.success) {
    book_->Following(tracker_, command_);
    const bool owes =
        std::any_of(obligations_.begin(), obligations_.end(),
                    [&](const Obligation& owed) { return owed.command == command_; });
    if (!owes) book_->Ended(command_);
  }
  auto ahead = ResultAhead(out.success);
  if (!out.finding) out.finding = std::move(ahead);
  Excuse(out.finding);
  HearEarly(out.success);
  return out;
}

std::optional<Finding> Oracle::Refused(const Ending& ending, std::string_view text,
                                       Time now) const {
  const ParsedCommand& parsed = command_->parsed;
  if (!Outsider()) {
    if (parsed.form != nullptr) {
      if (auto late = Late(now - sent_, FinalLimit(), Time{0}, parsed, text)) return late;
    }
    if (ending.taken != nullptr) {
      if (auto other = OtherCode(*ending.taken, text)) return other;
    }
    // As it should be: a failure all the same to whoever reads a log.
    const bool due = parsed.form == nullptr || Problem() != nullptr ||
                     fate_.kind == dialect::Fate::Kind::kRefuse;
    if (due && !options_.second_hand) return std::nullopt;
  }
  const spec::Source source = ending.taken != nullptr  ? ending.taken->response->source
                              : parsed.form != nullptr ? parsed.form->source
                                                       : spec::Source{};
  Finding out = Make(FindingClass::kResultFailure, source, &parsed, "final", "", text,
                     "the modem refused " + std::string(parsed.line));
  out.severity = Severity::kInfo;
  return out;
}

// The refusal tells a code that the manual does not have, or has for something else.
std::optional<Finding> Oracle::OtherCode(const CompiledResponse& refusal,
                                         std::string_view text) const {
  const spec::Dialect& dialect = grammar_.dialect();
  LineMatch match;
  if (refusal.sync.empty() || refusal.sync.back()->pattern.Match(text, match) != LineFit::kMatch)
    return std::nullopt;
  const dialect::LineField* field = match.Find(dialect.error_field);
  // A modem may be told to say it in words.
  if (field == nullptr || !dialect::ParseInteger(field->value)) return std::nullopt;
  const ParsedCommand& parsed = command_->parsed;
  const std::string told = "<" + std::string(field->name) + "> is " + std::string(field->value);
  const auto is_it = [&](const spec::ErrorCode& error) {
    return error.code == field->value &&
           (error.commands.empty() ||
            std::find(error.commands.begin(), error.commands.end(), parsed.command->name) !=
                error.commands.end());
  };
  if (!dialect.errors_source.clause.empty() &&
      std::none_of(dialect.errors.begin(), dialect.errors.end(), is_it))
    return Make(FindingClass::kRange, dialect.errors_source, &parsed, field->name,
                "a code of the manual's list", text, told + ", which the manual does not list");
  if (fate_.kind != dialect::Fate::Kind::kRefuse || fate_.why->refuse_source.clause.empty() ||
      fate_.why->refuse == field->value)
    return std::nullopt;
  return Make(FindingClass::kState, fate_.why->refuse_source, &parsed, fate_.why->id,
              "a refusal with " + fate_.why->refuse, text,
              told + ", a refusal in " + tracker_.Describe(parsed) + " has " + fate_.why->refuse);
}

// What a result told is followed once the command is known to be accepted or not. One that says why
// a command is refused that must be refused tells nothing of the state.
void Oracle::HearEarly(bool success) {
  if (success || fate_.kind != dialect::Fate::Kind::kRefuse) {
    for (const std::string& line : early_) tracker_.Line(line);
  }
  early_.clear();
}

Ruling Oracle::UnaskedFinal(std::string_view text) {
  Ruling out;
  if (options_.second_hand) {
    Gap();
    out.finding =
        NotInTheLog({}, "command", text,
                    "the command that " + std::string(text) + " answers is not in the log");
    return out;
  }
  out.finding =
      Make(FindingClass::kUnexpected, LastForm() != nullptr ? LastForm()->source : spec::Source{},
           Last(), "final", "nothing", text,
           wants_data_ ? "a final result code while the modem waits for data"
                       : "a final result code that no command waits for");
  wants_data_ = false;
  return out;
}

// Which documented answers can end with `text` here? If none, what is wrong with it.
Oracle::Ending Oracle::EndWith(std::string_view text) {
  const ParsedCommand& parsed = command_->parsed;
  Ending out;
  LineMatch match;
  for (Candidate candidate : candidates_) {
    if (!Step(candidate, text, match)) continue;
    if (candidate.response->sync[candidate.next - 1]->line->kind != spec::LineKind::kFinal)
      continue;
    if (out.taken == nullptr) out.taken = candidate.response;
    out.survivors.push_back(candidate.response);
  }
  if (out.taken != nullptr || parsed.form == nullptr || Outsider()) return out;
  // The final code without the lines that must stand before it, or one that is not documented.
  for (const Candidate& candidate : candidates_) {
    const auto& lines = candidate.response->sync;
    if (lines.empty() || lines.back()->pattern.Match(text, match) != LineFit::kMatch) continue;
    out.taken = candidate.response;
    out.survivors.push_back(out.taken);
    const DocumentedLine* missing = lines[std::min(candidate.next, lines.size() - 1)];
    out.finding = Make(FindingClass::kMissing, out.taken->response->source, &parsed, "information",
                       missing->pattern.text(), text,
                       "an information line is missing before " + std::string(text));
    break;
  }
  if (out.taken == nullptr) out.finding = NotAFinal(text);
  return out;
}

// A final code that the manual does not give this command.
std::optional<Finding> Oracle::NotAFinal(std::string_view text) const {
  // A modem that was told to report errors so does what it was told.
  const auto mode = grammar_.dialect().capabilities.find("error_report");
  if (text == "ERROR" && mode != grammar_.dialect().capabilities.end() &&
      tracker_.Value(mode->second, 0) == "0")
    return std::nullopt;
  const bool any = !candidates_.empty() && !candidates_.back().response->sync.empty();
  Finding out = Make(FindingClass::kUndocumented, command_->parsed.form->source, &command_->parsed,
                     "final", any ? candidates_.back().response->sync.back()->pattern.text() : "",
                     text, std::string(text) + " is not among the documented answers");
  if (options_.tolerant) out.severity = std::min(out.severity, Severity::kDeviation);
  return out;
}

// The command, or its data, are taken: what the modem asks of the network now.
void Oracle::NoteClaims(Tracker::Stage stage, const spec::Response* response) {
  if (book_ == nullptr || Outsider()) return;
  const bool certain = Problem() == nullptr && fate_.kind != dialect::Fate::Kind::kRefuse;
  book_->Took(tracker_, command_, stage, response, data_, certain);
}

// What a modem takes of its data, as far as the manual says.
std::optional<std::string> Oracle::Kept(std::string_view payload) const {
  const spec::Form* form = LastForm();
  if (form == nullptr || !form->data || !form->data->encoding.empty()) return std::nullopt;
  const spec::DataPhase& phase = *form->data;
  if (phase.ends == spec::DataEnd::kLength) {
    const dialect::Argument* length = command_->parsed.Find(phase.length_parameter);
    if (length == nullptr || length->value != std::to_string(payload.size())) return std::nullopt;
  } else if (payload.find('\x1A') != std::string_view::npos) {
    return std::nullopt;
  }
  if (phase.cancel && payload.find(*phase.cancel) != std::string_view::npos) return std::nullopt;
  if (phase.max && std::cmp_greater(payload.size(), *phase.max)) {
    if (phase.overflow != "truncate") return std::nullopt;
    payload = payload.substr(0, static_cast<std::size_t>(*phase.max));
  }
  return std::string(payload);
}

// The command is accepted, by this of its documented answers (null: by none of them).
std::optional<Finding> Oracle::Accept(const CompiledResponse* response, std::string_view text,
                                      Time now) {
  const ParsedCommand& parsed = command_->parsed;
  std::optional<Finding> finding;
  if (parsed.form != nullptr) finding = Late(now - sent_, FinalLimit(), Time{0}, parsed, text);
  if (!finding) finding = Tolerated();
  if (data_sent_) {
    if (!finding) finding = std::move(other_size_);
    const spec::Response* documented = response != nullptr ? response->response : nullptr;
    NoteClaims(cancelled_ ? Tracker::Stage::kCancel : Tracker::Stage::kData, documented);
    tracker_.DataAccepted(parsed, cancelled_, documented, data_);
    return finding;
  }
  NoteClaims(Tracker::Stage::kCommand, response != nullptr ? response->response : nullptr);
  tracker_.Accepted(parsed, response != nullptr ? response->response : nullptr);
  if (const dialect::CompiledForm* form = grammar_.Compiled(parsed.form)) {
    for (const spec::Transition* transition : form->transitions) {
      if (transition->refuse.empty()) Void(*transition, {});
    }
  }
  return finding;
}

}  // namespace assay::harness
