#include "dialects/model.h"

#include <algorithm>
#include <cstdio>

namespace assay::dialect {
namespace {

// "21" is a code of the failure answer, "ERROR" a line of its own.
bool IsCode(std::string_view text) { return ParseInteger(text).has_value(); }

// XOR of the byte pairs of uploaded data, a last odd byte counting as the high one.
std::string Xor16(std::string_view data) {
  unsigned sum = 0;
  for (std::size_t i = 0; i < data.size(); ++i) {
    const auto byte = static_cast<unsigned char>(data[i]);
    sum ^= i % 2 == 0 ? byte * 256u : byte;
  }
  char out[8];
  std::snprintf(out, sizeof out, "%x", sum & 0xFFFFu);
  return out;
}

// "(0-5)", "(0,1,2)".
std::string Supported(const spec::Parameter& parameter) {
  std::string list = AllowedValues(parameter);
  if (list.starts_with("one of ")) list = list.substr(7);
  list.erase(std::remove(list.begin(), list.end(), ' '), list.end());
  return "(" + list + ")";
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
      case Kind::kField:
        out += quote + "<" + part.text + ">" + quote;
        break;
      case Kind::kListOf: {
        const spec::Parameter* parameter = command.FindParameter(part.text, key);
        out += parameter != nullptr ? Supported(*parameter) : "()";
        break;
      }
      case Kind::kOptional:
      case Kind::kRepeat:
        RenderTest(part.parts, command, key, out);
        break;
    }
  }
}

}  // namespace

CommandPtr OwnedCommand::Parse(const Grammar& grammar, std::string line) {
  auto owned = std::make_shared<OwnedCommand>();
  owned->line = std::move(line);
  owned->parsed = grammar.ParseCommand(owned->line);
  return owned;
}

// Event values, arguments of the command, variables of the instance, variables of single machines.
class Model::Surroundings : public Scope {
 public:
  Surroundings(const Model& model, const ParsedCommand* command, const EventValues* values,
               Place place)
      : model_(model), command_(command), values_(values), place_(place) {}

  Datum Lookup(std::string_view name) const override {
    if (values_ != nullptr) {
      if (const auto found = values_->find(name); found != values_->end()) return found->second;
    }
    if (command_ != nullptr) {
      std::vector<std::string> given;
      for (const Argument& argument : command_->arguments) {
        if (argument.name == name) given.emplace_back(argument.value);
      }
      if (given.size() == 1) return given[0];
      if (!given.empty()) return given;
    }
    if (place_.region != nullptr && place_.region->machine->index == name) {
      return place_.region->machine->first + static_cast<std::int64_t>(place_.index);
    }
    const auto value = model_.Read(name, place_);
    return value ? Datum{*value} : Datum{};
  }

  Datum Call(std::string_view function, std::string_view name, const Datum& value) const override {
    if (function == "set") {
      const auto known = model_.Read(name, place_);
      return std::int64_t{known && !known->empty()};
    }
    if (function == "count") {
      if (command_ == nullptr) return std::int64_t{0};
      return std::count_if(command_->arguments.begin(), command_->arguments.end(),
                           [&](const Argument& argument) { return argument.name == name; });
    }
    if (function == "length") return static_cast<std::int64_t>(ToText(value).size());
    if (function == "in_flight") return InFlight(value);
    const Datum data = Lookup("data");
    if (function == "size") return static_cast<std::int64_t>(ToText(data).size());
    if (function == "xor16") return Xor16(ToText(data));
    return {};
  }

  Truth Present(std::string_view name) const override {
    const bool given = command_ != nullptr && command_->Find(name) != nullptr;
    return given || (values_ != nullptr && values_->contains(name)) ? Truth::kTrue : Truth::kFalse;
  }

 private:
  Datum InFlight(const Datum& id) const {
    const std::int64_t link =
        place_.region == nullptr
            ? 0
            : place_.region->machine->first + static_cast<std::int64_t>(place_.index);
    const auto found = model_.in_flight_.find(link);
    if (found == model_.in_flight_.end()) return std::int64_t{0};
    if (!Known(id)) return static_cast<std::int64_t>(found->second.size());
    const auto number = ToNumber(id);
    return std::int64_t{number && found->second.contains(*number)};
  }

  const Model& model_;
  const ParsedCommand* command_;
  const EventValues* values_;
  Place place_;
};

Model::Model(const Grammar& grammar, ModelOptions options) : grammar_(grammar), options_(options) {
  for (const spec::Machine& machine : grammar.dialect().machines) {
    Instance instance;
    for (std::size_t i = 0; i < machine.states.size(); ++i) {
      if (machine.states[i] == machine.initial) instance.state = i;
    }
    for (const spec::Variable& variable : machine.variables)
      instance.values.push_back(Initial(variable));
    const std::int64_t count = machine.index.empty() ? 1 : machine.last - machine.first + 1;
    regions_.push_back(
        {&machine, std::vector<Instance>(static_cast<std::size_t>(std::max<std::int64_t>(count, 1)),
                                         instance)});
  }
}

std::optional<std::string> Model::Initial(const spec::Variable& variable) const {
  if (variable.known) return variable.initial;
  return variable.emulator.empty() ? std::nullopt : std::optional(variable.emulator);
}

std::optional<std::string> Model::Read(std::string_view name, Place place) const {
  const auto read = [&](const Region& region, std::size_t index) -> std::optional<std::string> {
    for (std::size_t i = 0; i < region.machine->variables.size(); ++i) {
      if (region.machine->variables[i].name == name) return region.instances[index].values[i];
    }
    return std::nullopt;
  };
  if (place.region != nullptr) {
    if (auto value = read(*place.region, place.index)) return value;
  }
  for (const Region& region : regions_) {
    if (!region.machine->index.empty() || &region == place.region) continue;
    if (auto value = read(region, 0)) return value;
  }
  return std::nullopt;
}

void Model::Store(std::string_view name, std::optional<std::string> value, Place place) {
  const auto store = [&](Region& region, std::size_t index) {
    for (std::size_t i = 0; i < region.machine->variables.size(); ++i) {
      if (region.machine->variables[i].name != name) continue;
      region.instances[index].values[i] = std::move(value);
      return true;
    }
    return false;
  };
  if (place.region != nullptr && store(*place.region, place.index)) return;
  for (Region& region : regions_) {
    if (region.machine->index.empty() && store(region, 0)) return;
  }
}

std::optional<std::string> Model::Setting(std::string_view name) const { return Read(name, {}); }

std::string_view Model::StateOf(std::string_view machine, std::int64_t index) const {
  for (const Region& region : regions_) {
    if (region.machine->id != machine) continue;
    const auto at = static_cast<std::size_t>(index - region.machine->first);
    if (at < region.instances.size()) return region.machine->states[region.instances[at].state];
  }
  return {};
}

void Model::Acknowledged(std::int64_t link, std::int64_t message_id) {
  auto& ids = in_flight_[link];
  if (const auto found = ids.find(message_id); found != ids.end()) ids.erase(found);
}

Model::Place Model::PlaceOf(const spec::Transition& transition, const ParsedCommand* command,
                            std::int64_t link) {
  for (Region& region : regions_) {
    if (region.machine->id != transition.machine) continue;
    if (region.machine->index.empty()) return {&region, 0};
    std::int64_t index = link;
    if (const Argument* argument =
            command != nullptr ? command->Find(region.machine->index) : nullptr) {
      index = ParseInteger(argument->value).value_or(region.machine->first - 1);
    }
    const std::int64_t at = index - region.machine->first;
    if (at < 0 || at >= static_cast<std::int64_t>(region.instances.size())) return {};
    return {&region, static_cast<std::size_t>(at)};
  }
  return {};
}

const spec::Transition* Model::Choose(const std::vector<const spec::Transition*>& transitions,
                                      const ParsedCommand* command, std::int64_t link,
                                      const EventValues& values, Place& place) {
  for (const spec::Transition* transition : transitions) {
    const Place at = PlaceOf(*transition, command, link);
    if (at.region == nullptr) continue;
    const std::string& state =
        at.region->machine->states.empty()
            ? transition->machine
            : at.region->machine->states[at.region->instances[at.index].state];
    if (!transition->from.empty() && std::find(transition->from.begin(), transition->from.end(),
                                               state) == transition->from.end()) {
      continue;
    }
    if (transition->guard && Holds(transition->guard->root,
                                   Surroundings(*this, command, &values, at)) == Truth::kFalse) {
      continue;
    }
    place = at;
    return transition;
  }
  return nullptr;
}

void Model::Refuse(const std::string& code, const spec::Form* form, Answer& answer) const {
  OutLine line;
  line.kind = spec::LineKind::kFinal;
  line.form = form;
  line.text = code;
  if (form != nullptr) {
    for (const spec::Response& response : form->responses) {
      if (response.outcome == spec::Outcome::kFailure) {
        line.response = &response;
        break;
      }
    }
  }
  if (IsCode(code)) {
    const spec::Dialect& dialect = grammar_.dialect();
    const std::string mode = [&] {
      const auto capability = dialect.capabilities.find("error_report");
      return capability == dialect.capabilities.end() ? std::string("1")
                                                      : Setting(capability->second).value_or("1");
    }();
    std::string text = code;
    if (mode == "2") {
      for (const spec::ErrorCode& error : dialect.errors) {
        if (error.code == code) text = error.meaning;
      }
    }
    const std::size_t at = dialect.failure.find("<err>");
    line.text =
        mode == "0" || at == std::string::npos ? "ERROR" : dialect.failure.substr(0, at) + text;
  }
  answer.failed = true;
  answer.lines.push_back(std::move(line));
}

const std::string& Model::RefusalFor(const ParsedCommand& command) const {
  using Kind = CommandProblem::Kind;
  const spec::Refusals& refusals = grammar_.dialect().refusals;
  for (const CommandProblem& problem : command.problems) {
    if (options_.tolerant && Tolerable(problem.kind)) continue;
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

// One line for each instance of `per` that is in one of the listed states.
bool Model::ListLine(const spec::ResponseLine& line, const OutLine& like, Answer& answer,
                     const CommandPtr& command) {
  if (line.per.empty()) return false;
  for (Region& region : regions_) {
    if (region.machine->id != line.per) continue;
    for (std::size_t i = 0; i < region.instances.size(); ++i) {
      const std::string& state = region.machine->states[region.instances[i].state];
      const auto& wanted = line.per_states;
      if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), state) == wanted.end())
        continue;
      if (auto text = Render(line.text.parts,
                             Surroundings(*this, &command->parsed, nullptr, {&region, i}))) {
        answer.lines.push_back(like);
        answer.lines.back().text = std::move(*text);
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
  Refuse(code, nullptr, answer);
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
    return;
  }
  if (chosen == nullptr) return Refuse(grammar_.dialect().refusals.state, form.form, answer);
  if (form.form->form == spec::FormKind::kTest) return RespondToTest(form, *chosen, like, answer);
  for (std::size_t i = 0; i < chosen->lines.size(); ++i) {
    const spec::ResponseLine& line = chosen->lines[i];
    if (line.kind == spec::LineKind::kResult) continue;
    like.index = i;
    like.kind = line.kind;
    if (ListLine(line, like, answer, command)) continue;
    if (auto text = Render(line.text.parts, scope)) {
      like.text = std::move(*text);
      answer.lines.push_back(like);
    }
  }
  if (chosen->outcome == spec::Outcome::kSuccess) {
    for (const std::string& name : form.form->stores) {
      if (const Argument* argument = parsed.Find(name))
        Store(name, std::string(argument->value), place);
    }
  }
}

void Model::Carry(const spec::Effect& effect, Place place, const Scope& scope,
                  const CommandPtr& command, Answer& answer) {
  const std::int64_t link = place.region == nullptr ? 0
                                                    : place.region->machine->first +
                                                          static_cast<std::int64_t>(place.index);
  if (effect.verb == "set" && effect.args.size() == 2) {
    const Datum value = Evaluate(effect.args[1].value, scope);
    Store(effect.args[0].value.text, Known(value) ? std::optional(ToText(value)) : std::nullopt,
          place);
  } else if (effect.verb == "reset") {
    for (const spec::EffectArgument& argument : effect.args) {
      if (place.region == nullptr) continue;
      for (const spec::Variable& variable : place.region->machine->variables) {
        if (variable.name == argument.value.text) Store(variable.name, Initial(variable), place);
      }
    }
  } else if (effect.verb == "clear") {
    in_flight_.erase(link);
  } else if (effect.verb == "port.reset") {
    for (Region& region : regions_) {
      if (!region.machine->index.empty()) continue;
      for (std::size_t i = 0; i < region.machine->variables.size(); ++i) {
        region.instances[0].values[i] = Initial(region.machine->variables[i]);
      }
    }
  } else {
    ServiceCall call{effect.verb, link, {}, command};
    for (const spec::EffectArgument& argument : effect.args) {
      call.arguments[argument.name] = Evaluate(argument.value, scope);
    }
    answer.calls.push_back(std::move(call));
  }
}

void Model::Take(const spec::Transition& transition, Place place, const CommandPtr& command,
                 const EventValues& values, Answer& answer) {
  const Surroundings scope(*this, command != nullptr ? &command->parsed : nullptr, &values, place);
  for (std::size_t i = 0; i < transition.send.size(); ++i) {
    if (auto text = Render(transition.send[i].parts, scope)) {
      OutLine line{std::move(*text), spec::LineKind::kResult, nullptr, nullptr, &transition, i};
      answer.later.push_back(std::move(line));
    }
  }
  for (const spec::Effect& effect : transition.effects)
    Carry(effect, place, scope, command, answer);
  if (transition.to.empty() || place.region == nullptr) return;
  const auto& states = place.region->machine->states;
  const auto to = std::find(states.begin(), states.end(), transition.to);
  if (to != states.end())
    place.region->instances[place.index].state = static_cast<std::size_t>(to - states.begin());
}

Answer Model::Command(const CommandPtr& command) {
  Answer answer;
  const ParsedCommand& parsed = command->parsed;
  if (!parsed.Valid(options_.tolerant)) {
    Refuse(RefusalFor(parsed), parsed.form, answer);
    return answer;
  }
  const CompiledForm& form = *grammar_.Compiled(parsed.form);
  const EventValues none;
  Place place;
  const spec::Transition* transition = Choose(form.transitions, &parsed, 0, none, place);
  if (transition == nullptr && !form.transitions.empty()) {
    Refuse(grammar_.dialect().refusals.state, parsed.form, answer);
    return answer;
  }
  if (transition != nullptr && !transition->refuse.empty()) {
    Refuse(transition->refuse, parsed.form, answer);
    return answer;
  }
  const bool prompts =
      parsed.form->data && (!parsed.form->data->when ||
                            Holds(parsed.form->data->when->root,
                                  Surroundings(*this, &parsed, &none, place)) != Truth::kFalse);
  if (prompts) {
    answer.data = &*parsed.form->data;
  } else {
    Respond(form, command, none, transition, place, answer, spec::Outcome::kSuccess);
  }
  if (transition != nullptr) Take(*transition, place, command, none, answer);
  return answer;
}

Answer Model::Data(const CommandPtr& command, std::string_view data) {
  Answer answer;
  const CompiledForm& form = *grammar_.Compiled(command->parsed.form);
  const EventValues values{{"data", Datum{std::string(data)}}};
  Place place;
  const spec::Transition* transition =
      Choose(form.data_transitions, &command->parsed, 0, values, place);
  if (transition == nullptr && !form.data_transitions.empty()) {
    Refuse(grammar_.dialect().refusals.state, form.form, answer);
    return answer;
  }
  if (transition != nullptr && !transition->refuse.empty()) {
    Refuse(transition->refuse, form.form, answer);
    return answer;
  }
  Respond(form, command, values, transition, place, answer, spec::Outcome::kSuccess);
  if (transition != nullptr) Take(*transition, place, command, values, answer);
  return answer;
}

Answer Model::Cancel(const CommandPtr& command) {
  Answer answer;
  const CompiledForm& form = *grammar_.Compiled(command->parsed.form);
  const EventValues none;
  Place place;
  const spec::Transition* transition =
      Choose(form.cancel_transitions, &command->parsed, 0, none, place);
  Respond(form, command, none, transition, place, answer, spec::Outcome::kCancelled);
  if (transition != nullptr) Take(*transition, place, command, none, answer);
  return answer;
}

Answer Model::Happened(std::string_view event, std::int64_t link, const EventValues& values,
                       const CommandPtr& command) {
  Answer answer;
  const auto& transitions = grammar_.OnEvent(event);
  std::vector<std::string_view> done;  // one transition a machine
  for (const spec::Transition* candidate : transitions) {
    if (std::find(done.begin(), done.end(), candidate->machine) != done.end()) continue;
    Place place;
    const std::vector<const spec::Transition*> one{candidate};
    if (Choose(one, command != nullptr ? &command->parsed : nullptr, link, values, place) ==
        nullptr)
      continue;
    done.push_back(candidate->machine);
    Take(*candidate, place, command, values, answer);
  }
  return answer;
}

}  // namespace assay::dialect
