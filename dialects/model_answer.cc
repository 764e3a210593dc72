// What a command is answered: responses, refusals, the lists of test commands.
#include <algorithm>
#include <iterator>

#include "dialects/listing.h"
#include "dialects/model.h"
#include "dialects/model_scope.h"
#include "dialects/value.h"

namespace assay::dialect {
namespace {

// "21" and "E03" are codes of the failure answer, "ERROR" is a line of its own: a final result code
// as the dialect lists it.
bool IsCode(const spec::Dialect& dialect, std::string_view text) {
  return !text.empty() &&
         std::find(dialect.finals.begin(), dialect.finals.end(), text) == dialect.finals.end();
}

// The values if they are three or more numbers in a row: "0-2".
std::string InARow(const spec::Parameter& parameter) {
  const auto& values = parameter.values;
  const auto first = values.empty() ? std::nullopt : ParseInteger(values[0].value);
  if (!first || values.size() < 3 || parameter.range.min || parameter.range.max) return {};
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (ParseInteger(values[i].value) != *first + static_cast<std::int64_t>(i)) return {};
  }
  return values.front().value + "-" + values.back().value;
}

// "(0-5)", "(0,1,2)"; a range of the latter is "(0-2)".
std::string Supported(const spec::Parameter& parameter, bool range) {
  if (const std::string row = InARow(parameter); range && !row.empty()) return "(" + row + ")";
  std::string list = AllowedValues(parameter);
  if (list.starts_with("one of ")) list = list.substr(7);
  list.erase(std::remove(list.begin(), list.end(), ' '), list.end());
  return "(" + list + ")";
}

// "128" where a parameter is that number and no other: a test answer tells it instead of a name.
std::string OnlyNumber(const spec::Parameter* parameter) {
  if (parameter == nullptr || parameter->type != spec::Type::kInteger) return {};
  if (parameter->values.size() == 1 && !parameter->range.min) return parameter->values[0].value;
  const bool one = parameter->values.empty() && parameter->range.min &&
                   parameter->range.min == parameter->range.max;
  return one ? std::to_string(*parameter->range.min) : std::string();
}

void RenderTest(const std::vector<spec::TemplatePart>& parts, const spec::Command& command,
                std::string_view key, std::string& out) {
  using Kind = spec::TemplatePart::Kind;
  for (const spec::TemplatePart& part : parts) {
    const std::string quote = part.quoted ? "\"" : "";
    switch (part.kind) {
      case Kind::kLiteral:
        out += part.text;
        break;
      case Kind::kField: {
        std::string number = OnlyNumber(command.FindParameter(part.text, key));
        for (const std::string& half : part.either) {
          if (number.empty()) number = OnlyNumber(command.FindParameter(half, key));
        }
        out += number.empty() ? quote + "<" + part.text + ">" + quote : number;
        break;
      }
      case Kind::kListOf: {
        const spec::Parameter* parameter = command.FindParameter(part.text, key);
        out += parameter != nullptr ? Supported(*parameter, part.range) : "()";
        break;
      }
      case Kind::kOptional:
      case Kind::kRepeat:
        RenderTest(part.parts, command, key, out);
        break;
    }
  }
}

// A value of a list variable fills the names of a line that are not the index, in order: all of it
// the only one, its comma separated parts several.
class WithParts : public ScopeWithin {
 public:
  WithParts(const Scope& inner, const std::vector<spec::TemplatePart>& line, std::string_view index,
            std::string_view value)
      : ScopeWithin(inner) {
    Collect(line, index);
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const bool last = i + 1 == names_.size();
      const std::size_t end = last ? value.size() : std::min(value.find(','), value.size());
      values_.emplace_back(value.substr(0, end));
      value.remove_prefix(std::min(end + 1, value.size()));
    }
  }
  Datum Lookup(std::string_view name) const override {
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (names_[i] == name) return values_[i];
    }
    return ScopeWithin::Lookup(name);
  }

 private:
  void Collect(const std::vector<spec::TemplatePart>& parts, std::string_view index) {
    for (const spec::TemplatePart& part : parts) {
      if (part.kind == spec::TemplatePart::Kind::kField && part.text != index)
        names_.push_back(part.text);
      Collect(part.parts, index);
    }
  }

  std::vector<std::string> names_, values_;
};

// As `inner`, with some more names.
class WithNames : public ScopeWithin {
 public:
  using ScopeWithin::ScopeWithin;
  void Set(const std::string& name, Datum value) { values_[name] = std::move(value); }
  Datum Lookup(std::string_view name) const override {
    const auto found = values_.find(name);
    return found == values_.end() ? ScopeWithin::Lookup(name) : found->second;
  }

 private:
  std::map<std::string, Datum, std::less<>> values_;
};

}  // namespace

// A final code with its error field filled in, as the port reports errors (+CMEE).
std::string Model::FailureText(const std::string& code, const std::string& line) const {
  const spec::Dialect& dialect = grammar_.dialect();
  const std::string field = "<" + dialect.error_field + ">";
  const std::size_t at = line.find(field);
  if (at == std::string::npos) return line;
  const auto capability = dialect.capabilities.find("error_report");
  const std::string mode = capability == dialect.capabilities.end()
                               ? std::string("1")
                               : Setting(capability->second).value_or("1");
  if (mode == "0") return "ERROR";
  std::string text = code;
  if (mode == "2") {
    for (const spec::ErrorCode& error : dialect.errors) {
      if (error.code == code) text = error.meaning;
    }
  }
  return line.substr(0, at) + text + line.substr(at + field.size());
}

void Model::Refuse(const Refusal& refusal, const spec::Form* form, const Scope* scope,
                   Answer& answer) const {
  const std::string& code = refusal.code;
  answer.failed = true;
  const bool is_code = IsCode(grammar_.dialect(), code);
  OutLine like;
  like.kind = spec::LineKind::kFinal;
  like.form = form;
  if (form != nullptr) {
    like.response = refusal.as.empty() ? spec::RefusalOf(*form, grammar_.dialect().error_field, is_code)
                                       : spec::FindResponse(*form, refusal.as);
  }
  if (like.response != nullptr && scope != nullptr && is_code) {
    Answer filled;
    WithNames with_error(*scope);
    with_error.Set(grammar_.dialect().error_field, Datum{code});
    bool whole = true;
    for (std::size_t i = 0; i < like.response->lines.size() && whole; ++i) {
      const spec::ResponseLine& line = like.response->lines[i];
      const bool final = line.kind == spec::LineKind::kFinal;
      const auto text =
          final ? FailureText(code, line.text.text) : Render(line.text.parts, with_error);
      whole = text.has_value();
      if (!whole) break;
      OutLine out = like;
      out.kind = line.kind;
      out.index = i;
      out.text = *text;
      (line.kind == spec::LineKind::kResult ? filled.later : filled.lines)
          .push_back(std::move(out));
    }
    // A line that names what the command did not give cannot be said.
    if (whole && !filled.lines.empty()) {
      std::move(filled.lines.begin(), filled.lines.end(), std::back_inserter(answer.lines));
      std::move(filled.later.begin(), filled.later.end(), std::back_inserter(answer.later));
      return;
    }
  }
  const std::string& failure = grammar_.dialect().failure;
  const bool coded =
      failure.find("<" + grammar_.dialect().error_field + ">") != std::string::npos;
  like.text = !is_code ? code : coded ? FailureText(code, failure) : "ERROR";
  answer.lines.push_back(std::move(like));
}

// The result line of a form, and the field of it that is no argument: it tells how it went.
std::optional<Answer> Model::Fail(const CommandPtr& command, const std::string& code,
                                  bool result) {
  Answer answer;
  const ParsedCommand& parsed = command->parsed;
  const EventValues none;
  const Surroundings scope(*this, &parsed, &none, Named(parsed));
  if (!result) {
    Refuse({code, {}}, parsed.form, &scope, answer);
    return answer;
  }
  if (parsed.form == nullptr) return std::nullopt;
  for (const spec::Response& response : parsed.form->responses) {
    if (!response.async || !response.wording_of.empty()) continue;
    for (std::size_t i = 0; i < response.lines.size(); ++i) {
      const spec::ResponseLine& line = response.lines[i];
      if (line.kind != spec::LineKind::kResult) continue;
      WithNames told(scope);
      for (const spec::TemplatePart& part : line.text.parts) {
        if (part.kind != spec::TemplatePart::Kind::kField || Known(scope.Lookup(part.text)))
          continue;
        told.Set(part.text, Datum{code});
        const auto text = Render(line.text.parts, told);
        if (!text) break;
        answer.lines.push_back({.text = "OK", .kind = spec::LineKind::kFinal, .form = parsed.form});
        answer.later.push_back({.text = *text,
                                .kind = spec::LineKind::kResult,
                                .form = parsed.form,
                                .response = &response,
                                .index = i});
        return answer;
      }
    }
  }
  return std::nullopt;
}

bool Model::Overlooks(const ParsedCommand& command, const CommandProblem& problem) const {
  return (options_.tolerant && Tolerable(problem.kind)) ||
         (options_.forgives && options_.forgives(command, problem));
}

const std::string& Model::RefusalFor(const ParsedCommand& command) const {
  using Kind = CommandProblem::Kind;
  const spec::Refusals& refusals = grammar_.dialect().refusals;
  for (const CommandProblem& problem : command.problems) {
    if (Overlooks(command, problem)) continue;
    switch (problem.kind) {
      case Kind::kUnknownCommand:
      case Kind::kNotOnModel:
        return refusals.unknown;
      case Kind::kRange:
        return refusals.range;
      case Kind::kTooLong:
        return refusals.too_long;
      default:
        return refusals.syntax;
    }
  }
  return refusals.unknown;
}

// The numbers of the instances that a line lists, in the order of its machines.
std::vector<std::int64_t> Model::InStates(const spec::Each& each) const {
  std::vector<std::int64_t> numbers;
  for (const std::string& id : each.machines) {
    for (const Region& region : regions_) {
      if (region.machine->id != id) continue;
      for (std::size_t i = 0; i < region.instances.size(); ++i) {
        const std::string& state = region.machine->states[region.instances[i].state];
        if (each.states.empty() ||
            std::find(each.states.begin(), each.states.end(), state) != each.states.end()) {
          numbers.push_back(region.machine->first + static_cast<std::int64_t>(i));
        }
      }
    }
  }
  return numbers;
}

// Start, the contents in parts, end.
void Model::SendBlock(const spec::Effect& effect, const spec::Transition& transition,
                      const Scope& scope, Answer& answer) const {
  const spec::Block* block = grammar_.dialect().FindBlock(effect.args[0].value.text);
  if (block == nullptr || effect.args.size() != block->parts.size() + 1) return;
  WithNames names(scope);
  OutLine like;
  like.kind = spec::LineKind::kResult;
  like.transition = &transition;
  like.block = block;
  const auto say = [&](const std::string& urc) {
    const spec::Command* command = grammar_.dialect().FindCommand(urc);
    if (command == nullptr || command->forms.empty()) return;
    auto text = Render(command->forms[0].syntax.parts, names);
    if (!text) return;
    answer.later.push_back(like);
    answer.later.back().text = std::move(*text);
  };
  std::vector<std::string> contents;
  for (std::size_t i = 0; i < block->parts.size(); ++i) {
    contents.push_back(ToText(Evaluate(effect.args[i + 1].value, scope)));
    names.Set(block->parts[i].total, static_cast<std::int64_t>(contents[i].size()));
  }
  say(block->start);
  for (std::size_t i = 0; i < block->parts.size(); ++i) {
    ++like.index;
    const std::string& content = contents[i];
    const std::size_t most = block->emulator_part > 0
                                 ? static_cast<std::size_t>(block->emulator_part)
                                 : std::max<std::size_t>(content.size(), 1);
    for (std::size_t at = 0; at < content.size(); at += most) {
      const std::string part = content.substr(at, most);
      names.Set(block->parts[i].length, static_cast<std::int64_t>(part.size()));
      names.Set(block->parts[i].content, part);
      say(block->parts[i].urc);
    }
  }
  ++like.index;
  say(block->end);
}

// One line for each instance of `per` that is in one of the listed states.
bool Model::ListLine(const spec::ResponseLine& line, const OutLine& like,
                     std::vector<OutLine>& lines, const CommandPtr& command) {
  if (line.each) {
    if (auto text = PrintListing(line, InStates(*line.each))) {
      lines.push_back(like);
      lines.back().text = std::move(*text);
    }
    return true;
  }
  if (line.per.empty()) return false;
  const auto add = [&](const Scope& scope) {
    auto text = Render(line.text.parts, scope);
    if (!text) return;
    lines.push_back(like);
    lines.back().text = std::move(*text);
  };
  for (Region& region : regions_) {
    if (region.machine->id != line.per) continue;
    for (std::size_t i = 0; i < region.instances.size(); ++i) {
      const std::string& state = region.machine->states[region.instances[i].state];
      const auto& wanted = line.per_states;
      if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), state) == wanted.end())
        continue;
      const Surroundings scope(*this, &command->parsed, nullptr, {&region, i});
      if (line.per_values.empty()) {
        add(scope);
        continue;
      }
      for (const std::string& value :
           SplitValues(Read(line.per_values, {&region, i}).value_or(""))) {
        add(WithParts(scope, line.text.parts, region.machine->index, value));
      }
    }
  }
  return true;
}

Model::Place Model::Named(const ParsedCommand& command) {
  for (Region& region : regions_) {
    const Argument* argument =
        region.machine->index.empty() ? nullptr : command.Find(region.machine->index);
    const auto index = argument != nullptr ? ParseInteger(argument->value) : std::nullopt;
    if (index && *index >= region.machine->first && *index <= region.machine->last) {
      return {&region, static_cast<std::size_t>(*index - region.machine->first)};
    }
  }
  return {};
}

std::optional<Time> Model::Limit(const spec::ParsedExpression& limit, const CommandPtr& command) {
  const Surroundings scope(*this, &command->parsed, nullptr, Named(command->parsed));
  return EvaluateTime(limit, scope, *command->parsed.command, command->parsed.form->key);
}

Answer Model::Refused(const std::string& code) const {
  Answer answer;
  Refuse({code, {}}, nullptr, nullptr, answer);
  return answer;
}

// A test command tells ranges where the manual says "list of supported", and names where it prints
// names; the values of the moment are none of its business.
void Model::RespondToTest(const CompiledForm& form, const spec::Response& response, OutLine like,
                          Answer& answer) const {
  for (std::size_t i = 0; i < response.lines.size(); ++i) {
    like.index = i;
    like.kind = response.lines[i].kind;
    like.text.clear();
    RenderTest(response.lines[i].text.parts, *form.command, form.form->key, like.text);
    answer.lines.push_back(like);
  }
}

void Model::Respond(const CompiledForm& form, const CommandPtr& command, const EventValues& values,
                    const spec::Transition* transition, Place place, Answer& answer,
                    spec::Outcome wanted) {
  const ParsedCommand& parsed = command->parsed;
  if (place.region == nullptr) place = Named(parsed);
  const Surroundings scope(*this, &parsed, &values, place);
  const spec::Response* chosen = nullptr;
  for (const spec::Response& response : form.form->responses) {
    const bool fits = response.outcome == wanted || (wanted == spec::Outcome::kSuccess &&
                                                     response.outcome == spec::Outcome::kQuery);
    if (!response.wording_of.empty()) continue;
    if (!fits || (response.when && Holds(response.when->root, scope) == Truth::kFalse)) continue;
    chosen = &response;
    break;
  }
  OutLine like;
  like.form = form.form;
  like.response = chosen;
  like.transition = transition;
  if (transition != nullptr && !transition->respond.empty()) {
    for (std::size_t i = 0; i < transition->respond.size(); ++i) {
      const auto text = Render(transition->respond[i].parts, scope);
      if (!text) continue;
      like.text = *text;
      like.index = i;
      like.kind = grammar_.IsFinal(*text) ? spec::LineKind::kFinal : spec::LineKind::kInformation;
      answer.lines.push_back(like);
    }
    if (!answer.lines.empty() && answer.lines.back().text == "OK") Keep(form, parsed, place);
    return;
  }
  if (chosen == nullptr)
    return Refuse({grammar_.dialect().refusals.state, {}}, form.form, &scope, answer);
  if (form.form->form == spec::FormKind::kTest) return RespondToTest(form, *chosen, like, answer);
  for (std::size_t i = 0; i < chosen->lines.size(); ++i) {
    const spec::ResponseLine& line = chosen->lines[i];
    like.index = i;
    like.kind = line.kind;
    const bool behind = line.kind == spec::LineKind::kResult;
    if (ListLine(line, like, behind ? answer.later : answer.lines, command) || behind) continue;
    if (auto text = Render(line.text.parts, scope)) {
      like.text = std::move(*text);
      answer.lines.push_back(like);
    }
  }
  if (chosen->outcome == spec::Outcome::kSuccess) Keep(form, parsed, place);
}

void Model::Keep(const CompiledForm& form, const ParsedCommand& command, Place place) {
  for (const std::string& name : form.form->stores) {
    if (const Argument* argument = command.Find(name))
      Store(name, std::string(argument->value), place);
  }
}

}  // namespace assay::dialect
