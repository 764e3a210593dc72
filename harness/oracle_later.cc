// Lines that come after the final code or by themselves: results that are owed, URCs, strays.
#include <algorithm>

#include "harness/oracle.h"
#include "harness/told_failure.h"
#include "transcripts/transcript.h"

namespace assay::harness {

using dialect::CompiledResponse;
using dialect::DocumentedLine;
using dialect::LineFate;
using dialect::LineField;
using dialect::LineFit;
using dialect::LineMatch;
using dialect::ParsedCommand;
using report::FindingClass;
using report::Severity;

namespace {

std::string Differs(const LineMatch& match) {
  return "differs from the documented line at byte " + std::to_string(match.offset + 1) +
         ", expected " + std::string(match.wanted);
}

// The first field that the command gave another value.
const LineField* Contradicted(const ParsedCommand& command, const LineMatch& match) {
  for (std::size_t i = 0; i < match.count; ++i) {
    const dialect::Argument* argument = command.Find(match.fields[i].name);
    if (argument != nullptr && argument->value != match.fields[i].value) return &match.fields[i];
  }
  return nullptr;
}

// Blanks behind commas taken away, but for those in quotes: the manual's own examples have them.
std::string WithoutBlanks(std::string_view text) {
  std::string out;
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (c == ' ' && !quoted && out.ends_with(',')) continue;
    out += c;
  }
  return out;
}

// A result that is owed, but for something in this line.
struct Near {
  dialect::CommandPtr command;  // null: none
  const DocumentedLine* line = nullptr;
  FindingClass finding_class = FindingClass::kPayload;
  std::string name, why;
};

}  // namespace

// The result of the command that waits, before its final code.
std::optional<Ruling> Oracle::Ahead(std::string_view text) {
  if (!open_ || ahead_ || Outsider() || IsOwed(text.substr(0, text.find(':') + 1)))
    return std::nullopt;
  const dialect::CompiledForm* form = grammar_.Compiled(command_->parsed.form);
  if (form == nullptr) return std::nullopt;
  LineMatch match;
  for (const CompiledResponse& response : form->responses) {
    if (response.async.empty() ||
        response.async[0]->pattern.Match(text, match) != LineFit::kMatch ||
        Contradicted(command_->parsed, match) != nullptr)
      continue;
    ahead_ = text;
    Ruling out;
    out.role = Ruling::Role::kResult;
    return out;
  }
  return std::nullopt;
}

// The final code has come: a result that came before it counts now.
std::optional<report::Finding> Oracle::ResultAhead(bool accepted) {
  if (!ahead_) return std::nullopt;
  const std::string text = std::move(*ahead_);
  ahead_.reset();
  if (!accepted) {
    return Make(FindingClass::kUnexpected, LastForm()->source, &command_->parsed, "result",
                "no result of a refused command", text, text + " although the command is refused");
  }
  const auto result = Result(text, sent_);
  if (result && result->finding && result->finding->severity != Severity::kInfo)
    return result->finding;
  return Make(FindingClass::kOrder, LastForm()->source, &command_->parsed, "order",
              "after the final code", text, text + " came before the final code");
}

std::optional<Ruling> Oracle::Result(std::string_view text, Time now) {
  LineMatch match;
  Near near;
  for (Obligation& owed : obligations_) {
    if (owed.lost) continue;
    for (const CompiledResponse* response : owed.candidates) {
      if (owed.next >= response->async.size()) continue;
      const DocumentedLine* line = response->async[owed.next];
      const ParsedCommand& parsed = owed.command->parsed;
      switch (line->pattern.Match(text, match)) {
        case LineFit::kOther:
          break;
        case LineFit::kStructure:
          if (near.command == nullptr)
            near = {owed.command, line, FindingClass::kSyntax, std::string(match.wanted),
                    Differs(match)};
          break;
        case LineFit::kMatch: {
          const LineField* field = Contradicted(parsed, match);
          if (field == nullptr) return Settle(owed, *response, match, text, now);
          // The right line for another command says more than a line that is written otherwise.
          if (near.command == nullptr || near.finding_class == FindingClass::kSyntax) {
            const std::string name(field->name);
            near = {owed.command, line, FindingClass::kPayload, name,
                    "<" + name + "> is " + std::string(field->value) + ", the command said " +
                        std::string(parsed.Find(name)->value)};
          }
          break;
        }
      }
    }
  }
  if (auto lost = LostResult(text, now)) return lost;
  if (near.command == nullptr) return std::nullopt;
  // A URC may share its head with a result that is owed.
  if (const auto urc = Urc(text); urc && urc->permitted_urc) return urc;
  Ruling out;
  out.role = Ruling::Role::kResult;
  out.finding = Make(near.finding_class, near.line->response->source, &near.command->parsed,
                     near.name, near.line->pattern.text(), text, near.why);
  if (tracker_.Line(text).kind == LineFate::Kind::kUnmodelled) Doubt(near.command->parsed);
  std::erase_if(obligations_, [&](const Obligation& owed) { return owed.command == near.command; });
  return out;
}

// A result that has come although the log left something out since it was asked for.
std::optional<Ruling> Oracle::LostResult(std::string_view text, Time now) {
  LineMatch match;
  for (Obligation& owed : obligations_) {
    if (!owed.lost) continue;
    for (const CompiledResponse* response : owed.candidates) {
      if (owed.next < response->async.size() &&
          response->async[owed.next]->pattern.Match(text, match) == LineFit::kMatch &&
          Contradicted(owed.command->parsed, match) == nullptr)
        return Settle(owed, *response, match, text, now);
    }
  }
  return std::nullopt;
}

// The line is the next result of `owed`, by this of its candidates.
Ruling Oracle::Settle(Obligation& owed, const CompiledResponse& response, const LineMatch& match,
                      std::string_view text, Time now) {
  const DocumentedLine& line = *response.async[owed.next];
  const ParsedCommand& parsed = owed.command->parsed;
  Ruling out;
  out.role = Ruling::Role::kResult;
  out.finding = CheckValues(match, line.response->source, &parsed, text);
  if (!out.finding) out.finding = Late(now - owed.since, owed.limit, owed.grace, parsed, text);
  const LineFate fate = tracker_.Line(text);
  // A value that is not documented tells nothing of the state.
  const bool unknown = out.finding && (fate.kind == LineFate::Kind::kUnmodelled ||
                                       out.finding->finding_class == FindingClass::kRange);
  if (unknown) Doubt(parsed);
  if (owed.unrefused && line.response->outcome != spec::Outcome::kFailure &&
      !TellsFailure(grammar_, text, true)) {
    out.unrefused = std::move(owed.unrefused);
    out.unrefused->got = transcript::Escape(text);
    out.unrefused->got_bytes = std::string(text);
    if (!out.finding && !owed.told) out.finding = out.unrefused;
  }
  if (!out.finding && !owed.lost && fate.kind == LineFate::Kind::kForbidden) {
    out.finding = Make(FindingClass::kState, fate.why->source, &parsed, fate.why->id,
                       "another result in " + tracker_.Describe(parsed), text,
                       "a result that the state rules out");
    out.finding->severity = std::min(out.finding->severity, Severity::kDeviation);
  }
  if (!out.finding && line.response->outcome == spec::Outcome::kFailure) {
    out.finding = Make(FindingClass::kResultFailure, line.response->source, &parsed, "result", "",
                       text, "the modem could not do " + std::string(parsed.line));
    out.finding->severity = Severity::kInfo;
  }
  const bool as_documented = !out.finding || out.finding->finding_class != FindingClass::kRange;
  const bool intermediate = IsIntermediate(*line.response, parsed, match);
  if (as_documented && !intermediate) SeeResult(owed, response, line, text);
  if (line.line->repeated || intermediate) return out;
  if (book_ != nullptr && owed.next + 1 >= response.async.size())
    book_->Settled(owed.command, line.response->outcome == spec::Outcome::kFailure ||
                                     TellsFailure(grammar_, text, true));
  if (!out.finding) out.finding = Failed(line, &parsed, text);
  if (owed.next + 1 < response.async.size()) {
    owed.candidates.assign(1, &response);
    ++owed.next;
  } else {
    obligations_.erase(obligations_.begin() + (&owed - obligations_.data()));
  }
  return out;
}

// Does the result say of itself that it is not the last one (a retransmission)?
bool Oracle::IsIntermediate(const spec::Response& response, const ParsedCommand& command,
                            const LineMatch& match) const {
  if (!response.intermediate) return false;
  ParsedCommand with = command;
  for (std::size_t i = 0; i < match.count; ++i) {
    const LineField& field = match.fields[i];
    with.arguments.push_back({field.parameter, field.name, field.value, false, 0});
  }
  return tracker_.Holds(*response.intermediate, with) == dialect::Truth::kTrue;
}

std::optional<Ruling> Oracle::Urc(std::string_view text) {
  LineMatch match;
  std::optional<Ruling> near;
  for (const DocumentedLine* line : grammar_.LinesLike(text)) {
    if (line->command->kind != spec::CommandKind::kUrc) continue;
    const LineFit fit = line->pattern.Match(text, match);
    if (fit == LineFit::kOther) continue;
    Ruling out;
    out.role = Ruling::Role::kUrc;
    if (fit == LineFit::kStructure) {
      out.finding = Make(FindingClass::kSyntax, line->form->source, nullptr, line->command->name,
                         line->pattern.text(), text, Differs(match));
      if (TakenWithoutBlanks(*line, text)) {
        out.finding->message = "with blanks behind commas, as in the manual's own examples";
        out.finding->severity = Severity::kInfo;
        out.permitted_urc = true;
        return out;
      }
      if (!near) near = out;
      continue;
    }
    out.finding = CheckValues(match, line->form->source, nullptr, text);
    const LineFate fate = tracker_.Line(text);
    if (!out.finding && fate.kind == LineFate::Kind::kForbidden) {
      out.finding = Make(FindingClass::kState, fate.why->source, nullptr, line->command->name,
                         "not in this state", text, "the state forbids this line");
    }
    out.permitted_urc = !out.finding;
    if (seen_ != nullptr && !out.finding) {
      seen_->urcs.insert(line->form);
      SeeLine(*line, text);
    }
    if (fate.kind == LineFate::Kind::kPermitted) Void(*fate.why, match);
    if (!out.finding) out.finding = Failed(*line, nullptr, text);
    return out;
  }
  // What is written as a result is none of the URCs that begin alike.
  for (const DocumentedLine* line : grammar_.LinesLike(text)) {
    if (line->line != nullptr && line->line->kind == spec::LineKind::kResult &&
        line->pattern.Match(text, match) == LineFit::kMatch)
      return std::nullopt;
  }
  return near;
}

// How the line is written is known from examples alone, and these have blanks, too.
bool Oracle::TakenWithoutBlanks(const DocumentedLine& line, std::string_view text) {
  LineMatch match;
  const std::string closed = WithoutBlanks(text);
  if (!options_.tolerant || line.form->source.basis != spec::Basis::kExample ||
      line.pattern.Match(closed, match) != LineFit::kMatch)
    return false;
  const auto urc = Urc(closed);
  return urc && urc->permitted_urc;
}

Ruling Oracle::Stray(std::string_view text) {
  Ruling out;
  const auto& lines = grammar_.LinesLike(text);
  const bool elsewhere = std::all_of(lines.begin(), lines.end(), [](const DocumentedLine* line) {
    return line->command->documented_elsewhere;
  });
  if (lines.empty() || (elsewhere && options_.second_hand)) {
    out.finding = Undocumented(text);
    return out;
  }
  // Of several places that print such a line, the one that it fits best: a result before all.
  const DocumentedLine* best = lines[0];
  LineMatch match;
  for (const DocumentedLine* candidate : lines) {
    if (candidate->pattern.Match(text, match) != LineFit::kMatch) continue;
    best = candidate;
    if (candidate->line != nullptr && candidate->line->kind == spec::LineKind::kResult) break;
  }
  tracker_.Line(text);
  const std::string& name = best->command->name;
  const spec::Source& source =
      best->response != nullptr ? best->response->source : best->form->source;
  if (noted_ && command_->parsed.command == best->command) {
    out.finding = Make(FindingClass::kOrder, source, &command_->parsed, name,
                       "before the final code", text, "noted behind the final code");
    Excuse(out.finding);
    return out;
  }
  if (options_.second_hand && (gap_ || excerpt_ || asked_.count(best->command) == 0)) {
    out.finding =
        NotInTheLog(source, name, text, "the log does not show the " + name + " before this");
    return out;
  }
  out.finding = Make(FindingClass::kUnexpected, source, nullptr, name, "nothing", text,
                     "a line of " + name + " that nothing waits for");
  if (best->command->documented_elsewhere) out.finding->severity = Severity::kInfo;
  return out;
}

report::Finding Oracle::Undocumented(std::string_view text) const {
  spec::Source source;
  source.basis = spec::Basis::kInferred;  // no manual says that it lists every line of the modem
  const std::string_view head = text.substr(0, text.find(':'));
  report::Finding out = Make(FindingClass::kUndocumented, source, nullptr, head,
                             "a documented line", text, "the manual has no such line");
  const bool outsider = outsiders_.find(head) != outsiders_.end();
  if (outsider) out.message = "a line of a command outside of the manual: not judged";
  if (outsider || options_.second_hand) out.severity = Severity::kInfo;
  return out;
}

// A failure that the line tells of, as documented.
std::optional<report::Finding> Oracle::Failed(const DocumentedLine& line,
                                              const ParsedCommand* command,
                                              std::string_view text) const {
  const bool result = command != nullptr;
  if (!options_.failures || !TellsFailure(grammar_, text, result)) return std::nullopt;
  report::Finding out = Make(FindingClass::kResultFailure,
                             line.response != nullptr ? line.response->source : line.form->source,
                             command, result ? "result" : line.command->name, "", text,
                             result ? "the modem could not do " + std::string(command->line)
                                    : "the modem tells of a failure");
  out.severity = Severity::kInfo;
  return out;
}

}  // namespace assay::harness
