#include "dialects/model.h"

#include <algorithm>

#include "dialects/model_scope.h"
#include "dialects/value.h"

namespace assay::dialect {
CommandPtr OwnedCommand::Parse(const Grammar& grammar, std::string line) {
  auto owned = std::make_shared<OwnedCommand>();
  owned->line = std::move(line);
  owned->parsed = grammar.ParseCommand(owned->line);
  return owned;
}

Model::Model(const Grammar& grammar, ModelOptions options)
    : grammar_(grammar), options_(std::move(options)) {
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
  if (variable.emulator_own) {
    return ToText(Evaluate(variable.emulator_own->root, SeedScope(options_.seed)));
  }
  return variable.emulator.empty() ? std::nullopt : std::optional(variable.emulator);
}

const Model::Region* Model::Find(std::string_view machine) const {
  for (const Region& region : regions_) {
    if (region.machine->id == machine) return &region;
  }
  return nullptr;
}

std::optional<std::size_t> Model::Counterpart(const Region& region, Place place) {
  if (region.machine->index.empty()) return 0;
  if (place.region == nullptr || place.region->machine->index.empty()) return std::nullopt;
  const std::int64_t at =
      place.region->machine->first + static_cast<std::int64_t>(place.index) - region.machine->first;
  if (at < 0 || at >= static_cast<std::int64_t>(region.instances.size())) return std::nullopt;
  return static_cast<std::size_t>(at);
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
  const std::size_t dot = name.find('.');
  const Region* owner = dot == std::string_view::npos ? nullptr : Find(name.substr(0, dot));
  const auto at = owner == nullptr ? std::nullopt : Counterpart(*owner, place);
  if (!at) return std::nullopt;
  name.remove_prefix(dot + 1);
  return read(*owner, *at);
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
  const std::size_t dot = name.find('.');
  for (Region& region : regions_) {
    if (dot == std::string_view::npos || region.machine->id != name.substr(0, dot)) continue;
    const auto at = Counterpart(region, place);
    name.remove_prefix(dot + 1);
    if (at) store(region, *at);
    return;
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

std::optional<std::string> Model::Value(std::string_view machine, std::int64_t index,
                                        std::string_view variable) const {
  const Region* region = Find(machine);
  if (region == nullptr) return std::nullopt;
  const std::int64_t at = region->machine->index.empty() ? 0 : index - region->machine->first;
  if (at < 0 || at >= static_cast<std::int64_t>(region->instances.size())) return std::nullopt;
  for (std::size_t i = 0; i < region->machine->variables.size(); ++i) {
    if (region->machine->variables[i].name == variable)
      return region->instances[static_cast<std::size_t>(at)].values[i];
  }
  return std::nullopt;
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
    if (options_.watch) options_.watch(*transition);
    return transition;
  }
  return nullptr;
}

void Model::Remove(const spec::Effect& effect, Place place, const Scope& scope) {
  const std::string& name = effect.args[0].value.text;
  const Datum value = Evaluate(effect.args[1].value, scope);
  std::vector<std::string> values = SplitValues(Read(name, place).value_or(""));
  std::erase(values, ToText(value));
  Store(name, JoinValues(values), place);
}

void Model::Append(const spec::Effect& effect, Place place, const Scope& scope) {
  const std::string& name = effect.args[0].value.text;
  const Datum value = Evaluate(effect.args[1].value, scope);
  const auto most = ToNumber(Evaluate(effect.args[2].value, scope));
  if (!Known(value)) return;
  std::vector<std::string> values = SplitValues(Read(name, place).value_or(""));
  values.push_back(ToText(value));
  if (most && *most >= 0 && values.size() > static_cast<std::size_t>(*most))
    values.erase(values.begin(), values.end() - *most);
  Store(name, JoinValues(values), place);
}

void Model::Become(std::string_view machine, std::string_view state, Place place) {
  for (Region& region : regions_) {
    if (region.machine->id != machine) continue;
    const auto& states = region.machine->states;
    const auto found = std::find(states.begin(), states.end(), state);
    if (found == states.end()) return;
    const auto only = Counterpart(region, place);
    for (std::size_t i = 0; i < region.instances.size(); ++i) {
      if (only && *only != i) continue;
      region.instances[i].state = static_cast<std::size_t>(found - states.begin());
    }
  }
}

void Model::Restart(std::string_view machine, Answer& answer) {
  for (Region& region : regions_) {
    if (region.machine->id != machine) continue;
    const auto& states = region.machine->states;
    const auto initial = std::find(states.begin(), states.end(), region.machine->initial);
    for (std::size_t i = 0; i < region.instances.size(); ++i) {
      Instance& instance = region.instances[i];
      if (initial != states.end())
        instance.state = static_cast<std::size_t>(initial - states.begin());
      for (std::size_t v = 0; v < instance.values.size(); ++v)
        instance.values[v] = Initial(region.machine->variables[v]);
      if (region.machine->index.empty()) continue;
      const std::int64_t link = region.machine->first + static_cast<std::int64_t>(i);
      in_flight_.erase(link);
      answer.calls.push_back({"net.close", link, {}, nullptr});
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
  } else if (effect.verb == "append") {
    Append(effect, place, scope);
  } else if (effect.verb == "remove") {
    Remove(effect, place, scope);
  } else if (effect.verb == "become") {
    Become(effect.args[0].value.text, effect.args[1].value.text, place);
  } else if (effect.verb == "restart") {
    Restart(effect.args[0].value.text, answer);
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
  for (const spec::Effect& effect : transition.effects) {
    if (effect.verb == "block.send") {
      SendBlock(effect, transition, scope, answer);
    } else {
      Carry(effect, place, scope, command, answer);
    }
  }
  if (transition.to.empty() || place.region == nullptr) return;
  const auto& states = place.region->machine->states;
  const auto to = std::find(states.begin(), states.end(), transition.to);
  if (to != states.end())
    place.region->instances[place.index].state = static_cast<std::size_t>(to - states.begin());
}

// How the command is refused; nothing if it is not. Where transitions exist and none fits, the
// manual is silent.
std::optional<Model::Refusal> Model::RefusalBy(
    const std::vector<const spec::Transition*>& transitions, const spec::Transition* chosen) const {
  if (chosen != nullptr) {
    if (chosen->refuse.empty()) return std::nullopt;
    return Refusal{chosen->refuse, chosen->refuse_as};
  }
  if (transitions.empty()) return std::nullopt;
  return Refusal{grammar_.dialect().refusals.state, {}};
}

void Model::TakeOver(const Model& other) {
  in_flight_ = other.in_flight_;
  for (Region& region : regions_) {
    const Region* from = other.Find(region.machine->id);
    if (from == nullptr) continue;
    const auto& states = region.machine->states;
    const auto& variables = region.machine->variables;
    for (std::size_t i = 0; i < std::min(region.instances.size(), from->instances.size()); ++i) {
      const Instance& was = from->instances[i];
      Instance& is = region.instances[i];
      const auto state =
          std::find(states.begin(), states.end(), from->machine->states[was.state]);
      if (state != states.end()) is.state = static_cast<std::size_t>(state - states.begin());
      for (std::size_t j = 0; j < std::min(is.values.size(), was.values.size()); ++j) {
        if (variables[j].name == from->machine->variables[j].name) is.values[j] = was.values[j];
      }
    }
  }
}

Answer Model::Command(const CommandPtr& command) {
  Answer answer;
  const ParsedCommand& parsed = command->parsed;
  const EventValues none;
  Place place;
  const bool taken =
      std::all_of(parsed.problems.begin(), parsed.problems.end(),
                  [&](const CommandProblem& problem) { return Overlooks(parsed, problem); });
  if (!taken || parsed.command == nullptr) {
    const Surroundings scope(*this, &parsed, &none, Named(parsed));
    Refuse({RefusalFor(parsed), {}}, parsed.form, &scope, answer);
    return answer;
  }
  if (options_.rejects && options_.rejects(parsed)) {
    const Surroundings scope(*this, &parsed, &none, Named(parsed));
    Refuse({grammar_.dialect().refusals.range, {}}, parsed.form, &scope, answer);
    return answer;
  }
  if (parsed.form == nullptr) {
    // No form says what else to answer.
    answer.lines.push_back({.text = "OK", .kind = spec::LineKind::kFinal});
    return answer;
  }
  const CompiledForm& form = *grammar_.Compiled(parsed.form);
  const spec::Transition* transition = Choose(form.transitions, &parsed, 0, none, place);
  if (const auto refused = RefusalBy(form.transitions, transition)) {
    const Surroundings scope(*this, &parsed, &none, Named(parsed));
    Refuse(*refused, parsed.form, &scope, answer);
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
  if (const auto refused = RefusalBy(form.data_transitions, transition)) {
    const Surroundings scope(*this, &command->parsed, &values, Named(command->parsed));
    Refuse(*refused, form.form, &scope, answer);
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
