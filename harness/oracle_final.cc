// The prompt and the final code of the command that waits, and what they make of it.
#include <algorithm>

#include "harness/oracle.h"

namespace assay::harness {

using dialect::CompiledResponse;
using dialect::DocumentedLine;
using dialect::LineFit;
using dialect::LineMatch;
using dialect::ParsedCommand;
using report::Finding;
using report::FindingClass;
using report::Severity;

namespace {

bool Failure(const spec::Response& response) { return response.outcome == spec::Outcome::kFailure; }

}  // namespace

Ruling Oracle::Prompt(Time now) {
  Ruling out;
  out.role = Ruling::Role::kPrompt;
  if (!open_ || command_ == nullptr || command_->parsed.form == nullptr ||
      !command_->parsed.form->data) {
    out.role = Ruling::Role::kStray;
    out.finding = Make(FindingClass::kUnexpected, {}, Last(), "prompt", "no prompt", ">",
                       "a prompt that no command asked for");
    return out;
  }
  const ParsedCommand& parsed = command_->parsed;
  open_ = false;
  wants_data_ = true;
  out.finding = NotRefused(">");
  if (!out.finding) out.finding = Late(now - sent_, FinalLimit(), Time{0}, parsed, ">");
  tracker_.Accepted(parsed, nullptr);
  return out;
}

Ruling Oracle::Final(std::string_view text, Time now) {
  if (!open_) return UnaskedFinal(text);
  open_ = false;
  const Ending ending = EndWith(text);
  Ruling out;
  out.role = Ruling::Role::kFinal;
  out.success = text == "OK" || (ending.taken != nullptr && !Failure(*ending.taken->response));
  out.finding = ending.finding;
  const ParsedCommand& parsed = command_->parsed;
  if (out.success) {
    const auto accepted = Accept(ending.taken, text, now);
    if (!out.finding) out.finding = accepted;
    if (!out.finding && ending.taken != nullptr) out.finding = Unlisted(*ending.taken, text);
    OweResults(ending.survivors);
    HearEarly();
    return out;
  }
  if (!out.finding && parsed.form != nullptr)
    out.finding = Late(now - sent_, FinalLimit(), Time{0}, parsed, text);
  if (!out.finding && parsed.form != nullptr && Problem() == nullptr &&
      fate_.kind != dialect::Fate::Kind::kRefuse) {
    out.finding =
        Make(FindingClass::kResultFailure,
             ending.taken != nullptr ? ending.taken->response->source : parsed.form->source,
             &parsed, "final", "", text, "the modem refused " + std::string(parsed.line));
    out.finding->severity = Severity::kInfo;
  }
  OweResults(ending.survivors);
  HearEarly();
  return out;
}

// What a result told is followed once the command is known to be accepted or not.
void Oracle::HearEarly() {
  for (const std::string& line : early_) tracker_.Line(line);
  early_.clear();
}

Ruling Oracle::UnaskedFinal(std::string_view text) {
  Ruling out;
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
  if (out.taken != nullptr || parsed.form == nullptr || parsed.command == nullptr) return out;
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
  if (parsed.command->documented_elsewhere && out.finding) out.finding->severity = Severity::kInfo;
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

// The command is accepted, by this of its documented answers (null: by none of them).
std::optional<Finding> Oracle::Accept(const CompiledResponse* response, std::string_view text,
                                      Time now) {
  const ParsedCommand& parsed = command_->parsed;
  std::optional<Finding> finding;
  if (!data_sent_) finding = NotRefused(text);
  if (!finding && parsed.form != nullptr)
    finding = Late(now - sent_, FinalLimit(), Time{0}, parsed, text);
  if (!finding) finding = Tolerated();
  if (data_sent_) {
    tracker_.DataAccepted(parsed, cancelled_);
    return finding;
  }
  tracker_.Accepted(parsed, response != nullptr ? response->response : nullptr);
  if (const dialect::CompiledForm* form = grammar_.Compiled(parsed.form)) {
    for (const spec::Transition* transition : form->transitions) {
      if (transition->refuse.empty()) Void(*transition, {});
    }
  }
  return finding;
}

}  // namespace assay::harness
