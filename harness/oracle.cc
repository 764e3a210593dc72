#include "harness/oracle.h"

#include <algorithm>

#include "transcripts/transcript.h"

namespace assay::harness {
namespace {

using dialect::CommandProblem;
using dialect::LineFit;
using dialect::LineMatch;
using dialect::ParsedCommand;
using report::Finding;
using report::FindingClass;
using report::Severity;

// A late line is waited for this much longer, to tell late from lost.
Time Window(Time limit) { return std::max<Time>(Time{1'000'000}, limit / 10); }

std::string Milliseconds(Time time) { return std::to_string(time.count() / 1000) + " ms"; }

FindingClass ClassOf(CommandProblem::Kind kind) {
  return kind == CommandProblem::Kind::kRange || kind == CommandProblem::Kind::kTooLong
             ? FindingClass::kRange
             : FindingClass::kSyntax;
}

// "+XYZ" of "+XYZ: 1"; empty for a line without.
std::string_view HeadOf(std::string_view text) {
  if (!text.starts_with('+')) return {};
  const std::size_t colon = text.find(':');
  return colon == std::string_view::npos ? std::string_view() : text.substr(0, colon);
}

// Do the lines of the command "AT+XYZ" start with "+XYZ"?
bool SameHead(std::string_view head, std::string_view command) {
  if (command.size() != head.size() + 2) return false;
  const auto upper = [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  };
  return std::equal(head.begin(), head.end(), command.begin() + 2,
                    [&](char a, char b) { return upper(a) == upper(b); });
}

bool Failure(const spec::Response& response) { return response.outcome == spec::Outcome::kFailure; }

}  // namespace

Oracle::Oracle(const dialect::Grammar& grammar, OracleOptions options)
    : grammar_(grammar), options_(options), tracker_(grammar, options.start) {}

Finding Oracle::Make(FindingClass finding_class, const spec::Source& source,
                     const ParsedCommand* command, std::string_view detail, std::string expected,
                     std::string_view got, std::string message) const {
  Finding out;
  out.finding_class = finding_class;
  out.clause = source.clause;
  out.basis = source.basis;
  out.severity = report::Cap(source.basis);
  out.erratum = source.erratum;
  out.expected = std::move(expected);
  out.got = transcript::Escape(got);
  out.got_bytes = std::string(got);
  out.message = std::move(message);
  out.fingerprint = std::string(report::Name(finding_class)) + "/" + source.clause;
  if (command != nullptr && command->command != nullptr) {
    out.fingerprint += "/" + command->command->name + "/" + std::string(spec::Name(command->kind));
    if (command->form != nullptr && !command->form->key.empty())
      out.fingerprint += ":" + command->form->key;
  }
  if (!detail.empty()) out.fingerprint += "/" + std::string(detail);
  return out;
}

const CommandProblem* Oracle::Problem() const {
  if (command_ == nullptr) return nullptr;
  for (const CommandProblem& problem : command_->parsed.problems) {
    if (!options_.tolerant || !dialect::Tolerable(problem.kind)) return &problem;
  }
  return nullptr;
}

std::vector<Finding> Oracle::Sent(std::string_view line, Time now) {
  std::vector<Finding> out = Overdue(now);
  if (open_) {
    const ParsedCommand& waiting = command_->parsed;
    const spec::Source source = waiting.form != nullptr ? waiting.form->source : spec::Source{};
    out.push_back(Make(FindingClass::kMissing, source, &waiting, "final", "a final result code", "",
                       "no final result code came for " + std::string(waiting.line)));
  }
  command_ = dialect::OwnedCommand::Parse(grammar_, std::string(line));
  fate_ = command_->parsed.Valid(options_.tolerant) ? tracker_.Expect(command_->parsed)
                                                    : dialect::Fate{};
  candidates_.clear();
  listed_.clear();
  if (const dialect::CompiledForm* form = grammar_.Compiled(command_->parsed.form)) {
    for (const dialect::CompiledResponse& response : form->responses) {
      if (response.response->outcome == spec::Outcome::kCancelled) continue;
      if (response.response->when &&
          tracker_.Holds(*response.response->when, command_->parsed) == dialect::Truth::kFalse)
        continue;
      candidates_.push_back({&response, 0, 0});
    }
  }
  sent_ = now;
  open_ = true;
  wants_data_ = data_sent_ = cancelled_ = false;
  return out;
}

void Oracle::DataSent(std::string_view, bool cancelled, Time now) {
  wants_data_ = false;
  data_sent_ = true;
  cancelled_ = cancelled;
  sent_ = now;
  open_ = true;
  if (!cancelled || command_ == nullptr) return;
  candidates_.clear();
  if (const dialect::CompiledForm* form = grammar_.Compiled(command_->parsed.form)) {
    for (const dialect::CompiledResponse& response : form->responses) {
      const spec::Outcome outcome = response.response->outcome;
      if (outcome == spec::Outcome::kCancelled || outcome == spec::Outcome::kFailure)
        candidates_.push_back({&response, 0, 0});
    }
  }
}

std::optional<Time> Oracle::FinalLimit() const {
  if (command_ == nullptr || command_->parsed.form == nullptr) return std::nullopt;
  const spec::Timing& timing = command_->parsed.form->timing;
  if (timing.final_ms) return tracker_.Limit(*timing.final_ms, command_->parsed);
  if (timing.result_ms) return tracker_.Limit(*timing.result_ms, command_->parsed);
  return std::nullopt;
}

std::optional<Finding> Oracle::Late(Time took, std::optional<Time> limit, Time grace,
                                    const ParsedCommand& command, std::string_view text) const {
  if (!options_.timed || !limit) return std::nullopt;
  Note(took, *limit + options_.tolerance);
  if (took <= *limit + options_.tolerance) return std::nullopt;
  const spec::Source& source = command.form->timing.source.clause.empty()
                                   ? command.form->source
                                   : command.form->timing.source;
  Finding finding =
      Make(FindingClass::kTiming, source, &command, "time", "within " + Milliseconds(*limit), text,
           "came after " + Milliseconds(took) + ", the maximum is " + Milliseconds(*limit));
  if (took <= *limit + grace + options_.tolerance)
    finding.severity = std::min(finding.severity, Severity::kDeviation);
  return finding;
}

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
  if (const CommandProblem* problem = Problem()) {
    out.finding =
        Make(ClassOf(problem->kind), problem->source, &parsed,
             problem->parameter != nullptr ? problem->parameter->name : "",
             "a refusal: " + problem->message, ">", "accepted although " + problem->message);
    if (ClassOf(problem->kind) == FindingClass::kSyntax)
      out.finding->severity = std::min(out.finding->severity, Severity::kDeviation);
  } else if (fate_.kind == dialect::Fate::Kind::kRefuse) {
    out.finding = Make(FindingClass::kState, fate_.why->source, &parsed, fate_.why->id,
                       "a refusal in " + tracker_.Describe(parsed), ">",
                       "accepted in " + tracker_.Describe(parsed));
  } else {
    out.finding = Late(now - sent_, FinalLimit(), Time{0}, parsed, ">");
  }
  tracker_.Accepted(parsed, nullptr);
  return out;
}

// Does the next line of the candidate fit? Optional and repeated lines may be passed over.
bool Oracle::Step(Candidate& candidate, std::string_view text, LineMatch& match) const {
  const auto& lines = candidate.response->sync;
  for (std::size_t i = candidate.next; i < lines.size(); ++i) {
    const spec::ResponseLine& line = *lines[i]->line;
    if (lines[i]->pattern.Match(text, match) == LineFit::kMatch) {
      candidate.next = line.repeated ? i : i + 1;
      candidate.count = line.repeated ? candidate.count + 1 : 0;
      return true;
    }
    const bool passable =
        line.optional || !line.per.empty() || (line.repeated && candidate.count > 0);
    if (!passable) return false;
    candidate.count = 0;
  }
  return false;
}

std::optional<Finding> Oracle::CheckValues(const LineMatch& match, const spec::Source& source,
                                           const ParsedCommand* command,
                                           std::string_view text) const {
  for (std::size_t i = 0; i < match.count; ++i) {
    const dialect::LineField& field = match.fields[i];
    if (field.parameter == nullptr || field.value.starts_with('(') || field.value.starts_with('<'))
      continue;
    if (const auto allowed = dialect::OutOfRange(*field.parameter, field.value)) {
      const spec::Parameter& parameter = *field.parameter;
      const spec::Source& range =
          parameter.range_source.clause.empty() ? parameter.source : parameter.range_source;
      Finding finding = Make(FindingClass::kRange, range, command, parameter.name,
                             "<" + parameter.name + "> " + *allowed, text,
                             "<" + parameter.name + "> is " + std::string(field.value) +
                                 ", documented is " + *allowed);
      if (finding.clause.empty()) finding.clause = source.clause;
      return finding;
    }
  }
  return std::nullopt;
}

std::optional<Ruling> Oracle::Information(std::string_view text) {
  if (!open_) return std::nullopt;
  const ParsedCommand& parsed = command_->parsed;
  Ruling out;
  out.role = Ruling::Role::kInformation;
  LineMatch match;
  std::vector<Candidate> kept;
  for (Candidate candidate : candidates_) {
    if (Step(candidate, text, match)) kept.push_back(candidate);
  }
  if (!kept.empty()) {
    candidates_ = std::move(kept);
    const dialect::DocumentedLine& line =
        *candidates_[0]
             .response->sync[std::min(candidates_[0].next - (candidates_[0].count == 0 ? 1 : 0),
                                      candidates_[0].response->sync.size() - 1)];
    line.pattern.Match(text, match);
    out.finding = CheckValues(match, line.response->source, &parsed, text);
    const spec::Machine* machine =
        line.line->per.empty() ? nullptr : grammar_.dialect().FindMachine(line.line->per);
    if (const dialect::LineField* index =
            machine != nullptr ? match.Find(machine->index) : nullptr) {
      const auto value = dialect::ParseInteger(index->value).value_or(-1);
      const bool again = std::find(listed_.begin(), listed_.end(), value) != listed_.end();
      listed_.push_back(value);
      if (!out.finding && again) {
        out.finding = Make(FindingClass::kUnexpected, line.response->source, &parsed, "listed",
                           "one line for each " + machine->id, text,
                           machine->id + " " + std::to_string(value) + " is listed twice");
      }
      if (!out.finding && tracker_.MustList(machine->id, value, line.line->per_states) ==
                              dialect::Tracker::Listed::kMustNot) {
        out.finding = Make(FindingClass::kState, line.response->source, &parsed, "listed",
                           "no line for " + machine->id + " " + std::to_string(value), text,
                           machine->id + " " + std::to_string(value) +
                               " is listed, but it cannot be in such a state");
      }
    }
    const auto wrong = tracker_.Information(parsed, match);
    if (wrong && !out.finding) {
      out.finding = Make(FindingClass::kState, line.response->source, &parsed, wrong->name,
                         "<" + std::string(wrong->name) + "> " + wrong->expected, text,
                         "<" + std::string(wrong->name) + "> is " + std::string(wrong->got) +
                             ", but " + wrong->expected + " was set or is the default");
    }
    return out;
  }
  if (parsed.command == nullptr || parsed.form == nullptr || parsed.command->documented_elsewhere) {
    // What it answers is not ours to know; but whatever starts like a line of somebody else is not
    // its answer, nor is anything if it is known to answer with a final code alone.
    const bool answers =
        candidates_.empty() ||
        std::any_of(candidates_.begin(), candidates_.end(),
                    [](const Candidate& candidate) { return candidate.response->sync.size() > 1; });
    const std::string_view head = HeadOf(text);
    const bool own = head.empty() || SameHead(head, parsed.name);
    return answers && own && grammar_.LinesLike(text).empty() ? std::optional(out) : std::nullopt;
  }
  // The head of one of its lines, and then something else.
  for (const Candidate& candidate : candidates_) {
    for (const dialect::DocumentedLine* line : candidate.response->sync) {
      if (line->line->kind != spec::LineKind::kInformation ||
          line->pattern.Match(text, match) == LineFit::kOther)
        continue;
      if (line->pattern.Match(text, match) == LineFit::kMatch) {
        out.finding = Make(FindingClass::kUnexpected, line->response->source, &parsed,
                           "information", "once", text, "an information line more than documented");
      } else {
        out.finding =
            Make(FindingClass::kSyntax, line->response->source, &parsed, match.wanted,
                 line->pattern.text(), text,
                 "differs from the documented line at byte " + std::to_string(match.offset + 1) +
                     ", expected " + std::string(match.wanted));
        candidates_.assign(1, candidate);
        candidates_[0].next =
            static_cast<std::size_t>(
                std::find(candidate.response->sync.begin(), candidate.response->sync.end(), line) -
                candidate.response->sync.begin()) +
            1;
      }
      return out;
    }
  }
  return std::nullopt;
}

std::optional<Finding> Oracle::Unlisted(const dialect::CompiledResponse& response,
                                        std::string_view text) const {
  for (const dialect::DocumentedLine* line : response.sync) {
    const spec::Machine* machine =
        line->line->per.empty() ? nullptr : grammar_.dialect().FindMachine(line->line->per);
    if (machine == nullptr) continue;
    for (std::int64_t index = machine->first; index <= machine->last; ++index) {
      if (tracker_.MustList(machine->id, index, line->line->per_states) !=
          dialect::Tracker::Listed::kMust)
        continue;
      if (std::find(listed_.begin(), listed_.end(), index) != listed_.end()) continue;
      return Make(FindingClass::kMissing, response.response->source, &command_->parsed, "listed",
                  line->pattern.text(), text,
                  machine->id + " " + std::to_string(index) + " is not listed");
    }
  }
  return std::nullopt;
}

std::optional<Finding> Oracle::Accept(const spec::Response* response, std::string_view text,
                                      Time now) {
  const ParsedCommand& parsed = command_->parsed;
  std::optional<Finding> finding;
  if (const CommandProblem* problem = Problem();
      problem != nullptr && parsed.command != nullptr && !data_sent_) {
    finding = Make(ClassOf(problem->kind), problem->source, &parsed,
                   problem->parameter != nullptr ? problem->parameter->name : "",
                   "a refusal: " + problem->message, text, "accepted although " + problem->message);
    if (finding->finding_class == FindingClass::kSyntax)
      finding->severity = std::min(finding->severity, Severity::kDeviation);
    if (parsed.command->documented_elsewhere) finding->severity = Severity::kInfo;
  } else if (!data_sent_ && fate_.kind == dialect::Fate::Kind::kRefuse) {
    finding = Make(FindingClass::kState, fate_.why->source, &parsed, fate_.why->id,
                   "a refusal in " + tracker_.Describe(parsed), text,
                   "accepted in " + tracker_.Describe(parsed));
  }
  if (!finding && parsed.form != nullptr)
    finding = Late(now - sent_, FinalLimit(), Time{0}, parsed, text);
  if (!finding) {
    for (const CommandProblem& problem : parsed.problems) {
      if (!dialect::Tolerable(problem.kind)) continue;
      finding = Make(FindingClass::kSyntax, problem.source, &parsed, "tolerated",
                     parsed.form != nullptr ? parsed.form->syntax.text : "", parsed.line,
                     "accepted with " + problem.message);
      finding->severity = Severity::kInfo;
      finding->side = report::Side::kHost;
      break;
    }
  }
  if (data_sent_) {
    tracker_.DataAccepted(parsed, cancelled_);
  } else {
    tracker_.Accepted(parsed, response);
    if (const dialect::CompiledForm* form = grammar_.Compiled(parsed.form)) {
      for (const spec::Transition* transition : form->transitions) {
        if (transition->refuse.empty()) Void(*transition, {});
      }
    }
  }
  return finding;
}

Ruling Oracle::Final(std::string_view text, Time now) {
  Ruling out;
  out.role = Ruling::Role::kFinal;
  if (!open_) {
    out.role = Ruling::Role::kStray;
    out.finding =
        Make(FindingClass::kUnexpected, LastForm() != nullptr ? LastForm()->source : spec::Source{},
             Last(), "final", "nothing", text,
             wants_data_ ? "a final result code while the modem waits for data"
                         : "a final result code that no command waits for");
    if (wants_data_) wants_data_ = false;
    return out;
  }
  const ParsedCommand& parsed = command_->parsed;
  open_ = false;
  LineMatch match;
  const dialect::CompiledResponse* taken = nullptr;
  std::vector<const dialect::CompiledResponse*> survivors;
  for (Candidate candidate : candidates_) {
    if (!Step(candidate, text, match)) continue;
    if (candidate.response->sync[candidate.next - 1]->line->kind != spec::LineKind::kFinal)
      continue;
    if (taken == nullptr) taken = candidate.response;
    survivors.push_back(candidate.response);
  }
  const bool accepted_text = text == "OK" || (taken != nullptr && !Failure(*taken->response));
  out.success = accepted_text;
  if (taken == nullptr && parsed.form != nullptr && parsed.command != nullptr) {
    // The final code without the lines that must stand before it, or one that is not documented.
    for (const Candidate& candidate : candidates_) {
      const auto& lines = candidate.response->sync;
      if (lines.empty() || lines.back()->pattern.Match(text, match) != LineFit::kMatch) continue;
      taken = candidate.response;
      survivors.push_back(taken);
      const dialect::DocumentedLine* missing = lines[std::min(candidate.next, lines.size() - 1)];
      out.finding = Make(FindingClass::kMissing, taken->response->source, &parsed, "information",
                         missing->pattern.text(), text,
                         "an information line is missing before " + std::string(text));
      break;
    }
    if (taken == nullptr) {
      const bool has_other = !candidates_.empty();
      out.finding = Make(FindingClass::kUndocumented, parsed.form->source, &parsed, "final",
                         has_other ? candidates_.back().response->sync.empty()
                                         ? ""
                                         : candidates_.back().response->sync.back()->pattern.text()
                                   : "",
                         text, std::string(text) + " is not among the documented answers");
      if (options_.tolerant)
        out.finding->severity = std::min(out.finding->severity, Severity::kDeviation);
      // A modem that was told to report errors so does what it was told.
      const auto mode = grammar_.dialect().capabilities.find("error_report");
      if (mode != grammar_.dialect().capabilities.end() && tracker_.Value(mode->second, 0) == "0" &&
          text == "ERROR")
        out.finding.reset();
    }
    if (parsed.command->documented_elsewhere && out.finding)
      out.finding->severity = Severity::kInfo;
  }
  if (accepted_text) {
    const auto accepted = Accept(taken != nullptr ? taken->response : nullptr, text, now);
    if (!out.finding) out.finding = accepted;
    if (!out.finding && taken != nullptr) out.finding = Unlisted(*taken, text);
    std::vector<const dialect::CompiledResponse*> owed;
    for (const dialect::CompiledResponse* survivor : survivors) {
      if (!survivor->async.empty() && !Failure(*survivor->response)) owed.push_back(survivor);
    }
    const bool all = !survivors.empty() && owed.size() == survivors.size();
    if (all && Problem() == nullptr && !cancelled_) {
      const spec::Timing& timing = parsed.form->timing;
      Obligation obligation{command_, owed, 0, sent_, {}, {}, 0};
      if (timing.result_ms) obligation.limit = tracker_.Limit(*timing.result_ms, parsed);
      if (timing.grace_ms)
        obligation.grace = tracker_.Limit(*timing.grace_ms, parsed).value_or(Time{0});
      obligations_.push_back(std::move(obligation));
    }
    return out;
  }
  if (!out.finding && parsed.form != nullptr)
    out.finding = Late(now - sent_, FinalLimit(), Time{0}, parsed, text);
  if (!out.finding && parsed.form != nullptr && Problem() == nullptr &&
      fate_.kind != dialect::Fate::Kind::kRefuse) {
    out.finding = Make(FindingClass::kResultFailure,
                       taken != nullptr ? taken->response->source : parsed.form->source, &parsed,
                       "final", "", text, "the modem refused " + std::string(parsed.line));
    out.finding->severity = Severity::kInfo;
  }
  return out;
}

std::optional<Ruling> Oracle::Result(std::string_view text, Time now) {
  LineMatch match;
  Obligation* near = nullptr;
  const dialect::DocumentedLine* near_line = nullptr;
  std::string near_why, near_name;
  FindingClass near_class = FindingClass::kPayload;
  for (Obligation& obligation : obligations_) {
    for (const dialect::CompiledResponse* response : obligation.candidates) {
      if (obligation.next >= response->async.size()) continue;
      const dialect::DocumentedLine* line = response->async[obligation.next];
      const LineFit fit = line->pattern.Match(text, match);
      if (fit == LineFit::kOther) continue;
      const ParsedCommand& parsed = obligation.command->parsed;
      if (fit == LineFit::kStructure) {
        if (near == nullptr) {
          near = &obligation;
          near_line = line;
          near_class = FindingClass::kSyntax;
          near_name = std::string(match.wanted);
          near_why = "differs from the documented line at byte " +
                     std::to_string(match.offset + 1) + ", expected " + std::string(match.wanted);
        }
        continue;
      }
      const dialect::LineField* differs = nullptr;
      for (std::size_t i = 0; i < match.count && differs == nullptr; ++i) {
        const dialect::Argument* argument = parsed.Find(match.fields[i].name);
        if (argument != nullptr && argument->value != match.fields[i].value)
          differs = &match.fields[i];
      }
      if (differs != nullptr) {
        if (near == nullptr || near_class == FindingClass::kSyntax) {
          near = &obligation;
          near_line = line;
          near_class = FindingClass::kPayload;
          near_name = std::string(differs->name);
          near_why = "<" + near_name + "> is " + std::string(differs->value) +
                     ", the command said " + std::string(parsed.Find(differs->name)->value);
        }
        continue;
      }
      Ruling out;
      out.role = Ruling::Role::kResult;
      out.finding = CheckValues(match, line->response->source, &parsed, text);
      if (!out.finding)
        out.finding =
            Late(now - obligation.since, obligation.limit, obligation.grace, parsed, text);
      const dialect::LineFate fate = tracker_.Line(text);
      if (fate.kind == dialect::LineFate::Kind::kUnmodelled && out.finding) Doubt(parsed);
      if (!out.finding && fate.kind == dialect::LineFate::Kind::kForbidden) {
        out.finding = Make(FindingClass::kState, fate.why->source, &parsed, fate.why->id,
                           "another result in " + tracker_.Describe(parsed), text,
                           "a result that the state rules out");
        out.finding->severity = std::min(out.finding->severity, Severity::kDeviation);
      }
      bool intermediate = false;
      if (line->response->intermediate) {
        ParsedCommand with = parsed;
        for (std::size_t i = 0; i < match.count; ++i) {
          with.arguments.push_back(
              {match.fields[i].parameter, match.fields[i].name, match.fields[i].value, false, 0});
        }
        intermediate = tracker_.Holds(*line->response->intermediate, with) == dialect::Truth::kTrue;
      }
      if (!intermediate) {
        const bool more = obligation.next + 1 < response->async.size();
        if (more) {
          obligation.candidates.assign(1, response);
          ++obligation.next;
        } else {
          obligations_.erase(obligations_.begin() + (&obligation - obligations_.data()));
        }
      }
      return out;
    }
  }
  if (near == nullptr) return std::nullopt;
  // A URC may share its head with a result that is owed.
  if (const auto urc = Urc(text); urc && urc->permitted_urc) return urc;
  Ruling out;
  out.role = Ruling::Role::kResult;
  out.finding = Make(near_class, near_line->response->source, &near->command->parsed, near_name,
                     near_line->pattern.text(), text, near_why);
  if (tracker_.Line(text).kind == dialect::LineFate::Kind::kUnmodelled)
    Doubt(near->command->parsed);
  obligations_.erase(obligations_.begin() + (near - obligations_.data()));
  return out;
}

std::optional<Ruling> Oracle::Urc(std::string_view text) {
  LineMatch match;
  std::optional<Ruling> near;
  for (const dialect::DocumentedLine* line : grammar_.LinesLike(text)) {
    if (line->command->kind != spec::CommandKind::kUrc) continue;
    const LineFit fit = line->pattern.Match(text, match);
    if (fit == LineFit::kOther) continue;
    Ruling out;
    out.role = Ruling::Role::kUrc;
    if (fit == LineFit::kStructure) {
      out.finding =
          Make(FindingClass::kSyntax, line->form->source, nullptr, line->command->name,
               line->pattern.text(), text,
               "differs from the documented line at byte " + std::to_string(match.offset + 1) +
                   ", expected " + std::string(match.wanted));
      if (!near) near = out;
      continue;
    }
    out.finding = CheckValues(match, line->form->source, nullptr, text);
    const dialect::LineFate fate = tracker_.Line(text);
    if (!out.finding && fate.kind == dialect::LineFate::Kind::kForbidden) {
      out.finding = Make(FindingClass::kState, fate.why->source, nullptr, line->command->name,
                         "not in this state", text, "the state forbids this line");
    }
    out.permitted_urc = !out.finding;
    if (fate.kind == dialect::LineFate::Kind::kPermitted) Void(*fate.why, match);
    return out;
  }
  return near;
}

void Oracle::Doubt(const ParsedCommand& command) {
  for (const spec::Machine& machine : grammar_.dialect().machines) {
    const dialect::Argument* argument =
        machine.index.empty() ? nullptr : command.Find(machine.index);
    const auto index = argument != nullptr ? dialect::ParseInteger(argument->value) : std::nullopt;
    if (index && *index >= machine.first && *index <= machine.last)
      tracker_.Believe(machine.id, *index, machine.states);
  }
}

// A line whose transition forgets what is in flight ends the wait for it.
void Oracle::Void(const spec::Transition& transition, const LineMatch& match) {
  const bool clears =
      std::any_of(transition.effects.begin(), transition.effects.end(),
                  [](const spec::Effect& effect) { return effect.verb == "clear"; });
  const spec::Machine* machine = grammar_.dialect().FindMachine(transition.machine);
  if (!clears || machine == nullptr) return;
  const dialect::LineField* field = match.Find(machine->index);
  const dialect::Argument* own =
      command_ != nullptr ? command_->parsed.Find(machine->index) : nullptr;
  const std::string_view index = field != nullptr ? field->value
                                 : own != nullptr ? own->value
                                                  : std::string_view();
  std::erase_if(obligations_, [&](const Obligation& owed) {
    const dialect::Argument* argument = owed.command->parsed.Find(machine->index);
    return index.empty() || (argument != nullptr && argument->value == index);
  });
}

Ruling Oracle::Stray(std::string_view text) {
  Ruling out;
  const auto& lines = grammar_.LinesLike(text);
  if (lines.empty()) {
    spec::Source source;
    source.basis = spec::Basis::kInferred;  // no manual says that it lists every line of the modem
    out.finding = Make(FindingClass::kUndocumented, source, nullptr, text.substr(0, text.find(':')),
                       "a documented line", text, "the manual has no such line");
    return out;
  }
  // Of several places that print such a line, the one that it fits best: a result before all.
  const dialect::DocumentedLine* best = lines[0];
  LineMatch match;
  for (const dialect::DocumentedLine* candidate : lines) {
    if (candidate->pattern.Match(text, match) != LineFit::kMatch) continue;
    best = candidate;
    if (candidate->line != nullptr && candidate->line->kind == spec::LineKind::kResult) break;
  }
  const dialect::DocumentedLine& line = *best;
  tracker_.Line(text);
  out.finding = Make(FindingClass::kUnexpected,
                     line.response != nullptr ? line.response->source : line.form->source, nullptr,
                     line.command->name, "nothing", text,
                     "a line of " + line.command->name + " that nothing waits for");
  if (line.command->documented_elsewhere) out.finding->severity = Severity::kInfo;
  return out;
}

Ruling Oracle::Line(std::string_view text, Time now) {
  if (grammar_.IsFinal(text)) return Final(text, now);
  if (auto information = Information(text)) return *information;
  if (auto result = Result(text, now)) return *result;
  if (auto urc = Urc(text)) return *urc;
  return Stray(text);
}

std::vector<Finding> Oracle::Overdue(Time now) {
  std::vector<Finding> out;
  if (!options_.timed) return out;
  for (std::size_t i = 0; i < obligations_.size();) {
    const Obligation& owed = obligations_[i];
    const Time patience = owed.limit ? *owed.limit + owed.grace + Window(*owed.limit) : kNever;
    Note(now - owed.since, patience);
    if (now - owed.since <= patience) {
      ++i;
      continue;
    }
    const dialect::DocumentedLine* line = owed.candidates[0]->async[owed.next];
    out.push_back(Make(FindingClass::kMissing, line->response->source, &owed.command->parsed,
                       "result", line->pattern.text(), "",
                       "the result of " + owed.command->line + " never came"));
    Doubt(owed.command->parsed);
    obligations_.erase(obligations_.begin() + static_cast<std::ptrdiff_t>(i));
  }
  return out;
}

std::vector<Finding> Oracle::End() {
  std::vector<Finding> out;
  if (open_) {
    const ParsedCommand& waiting = command_->parsed;
    out.push_back(Make(FindingClass::kMissing,
                       waiting.form != nullptr ? waiting.form->source : spec::Source{}, &waiting,
                       "final", "a final result code", "",
                       "no final result code came for " + command_->line));
  }
  for (const Obligation& owed : obligations_) {
    const dialect::DocumentedLine* line = owed.candidates[0]->async[owed.next];
    out.push_back(Make(FindingClass::kMissing, line->response->source, &owed.command->parsed,
                       "result", line->pattern.text(), "",
                       "the result of " + owed.command->line + " never came"));
  }
  open_ = false;
  obligations_.clear();
  return out;
}

std::optional<Time> Oracle::ResultLimit(std::string_view head) const {
  for (const Obligation& owed : obligations_) {
    if (std::string_view(owed.candidates[0]->async[owed.next]->pattern.text()).starts_with(head))
      return owed.limit;
  }
  return std::nullopt;
}

Time Oracle::ResultGrace(std::string_view head) const {
  for (const Obligation& owed : obligations_) {
    if (std::string_view(owed.candidates[0]->async[owed.next]->pattern.text()).starts_with(head))
      return owed.grace;
  }
  return Time{0};
}

bool Oracle::IsOwed(std::string_view head) const {
  return !head.empty() &&
         std::any_of(obligations_.begin(), obligations_.end(), [&](const Obligation& owed) {
           return std::string_view(owed.candidates[0]->async[owed.next]->pattern.text())
               .starts_with(head);
         });
}

std::optional<Time> Oracle::OwedLimit() const {
  if (obligations_.empty() || !obligations_[0].limit) return std::nullopt;
  return *obligations_[0].limit + obligations_[0].grace;
}

void Oracle::Lost(std::string_view head) {
  for (const Obligation& owed : obligations_) {
    const bool lost =
        !head.empty() &&
        std::string_view(owed.candidates[0]->async[owed.next]->pattern.text()).starts_with(head);
    if (lost) Doubt(owed.command->parsed);
  }
  Forget(head);
}

void Oracle::Forget(std::string_view head) {
  if (head.empty()) return;
  std::erase_if(obligations_, [&](const Obligation& owed) {
    return std::string_view(owed.candidates[0]->async[owed.next]->pattern.text()).starts_with(head);
  });
}

}  // namespace assay::harness
