#include "dialects/tracker.h"

#include <algorithm>

namespace assay::dialect {
namespace {

Truth FromBool(bool value) { return value ? Truth::kTrue : Truth::kFalse; }

Datum FromValue(const std::optional<std::string>& value) { return value ? Datum{*value} : Datum{}; }

}  // namespace

// Arguments of the command, then variables of its instance, then those of machines without index.
class Tracker::CommandScope : public Scope {
 public:
  CommandScope(const Tracker& tracker, const ParsedCommand& command, const Region* region, std::size_t index)
      : tracker_(tracker), command_(command), region_(region), index_(index) {}

  Datum Lookup(std::string_view name) const override {
    std::vector<std::string> values;
    for (const Argument& argument : command_.arguments) {
      if (argument.name == name) values.emplace_back(argument.value);
    }
    if (values.size() == 1) return values[0];
    if (!values.empty()) return values;
    return FromValue(tracker_.Read(name, region_, index_));
  }
  Datum Call(std::string_view function, std::string_view name, const Datum& value) const override {
    if (function == "count") {
      return std::count_if(command_.arguments.begin(), command_.arguments.end(),
                           [&](const Argument& argument) { return argument.name == name; });
    }
    if (function == "length" && Known(value)) return static_cast<std::int64_t>(ToText(value).size());
    if (function == "set") {
      const auto known = tracker_.Read(name, region_, index_);
      return known ? Datum{std::int64_t{!known->empty()}} : Datum{};
    }
    return {};  // what is in flight or was uploaded is not seen from here
  }
  Truth Present(std::string_view name) const override { return FromBool(command_.Find(name) != nullptr); }

 private:
  const Tracker& tracker_;
  const ParsedCommand& command_;
  const Region* region_;
  std::size_t index_;
};

// Fields of a line, then variables.
class Tracker::LineScope : public Scope {
 public:
  LineScope(const Tracker& tracker, const LineMatch& match, const Region* region, std::size_t index)
      : tracker_(tracker), match_(match), region_(region), index_(index) {}
  Datum Lookup(std::string_view name) const override {
    if (const LineField* field = match_.Find(name)) return std::string(field->value);
    return FromValue(tracker_.Read(name, region_, index_));
  }
  Datum Call(std::string_view, std::string_view, const Datum&) const override { return {}; }
  Truth Present(std::string_view name) const override {
    return match_.Find(name) != nullptr ? Truth::kTrue : Truth::kUnknown;
  }

 private:
  const Tracker& tracker_;
  const LineMatch& match_;
  const Region* region_;
  std::size_t index_;
};

Tracker::Tracker(const Grammar& grammar, Start start) : grammar_(grammar) {
  for (const spec::Machine& machine : grammar.dialect().machines) {
    Region region{&machine, {}};
    Instance instance;
    instance.states = start == Start::kUnknown ? ~std::uint64_t{0} >> (64 - std::max<std::size_t>(machine.states.size(), 1))
                                               : Mask(machine, {machine.initial});
    for (const spec::Variable& variable : machine.variables) {
      const bool known = start == Start::kInitial && variable.known;
      instance.values.push_back(known ? std::optional(variable.initial) : std::nullopt);
    }
    const std::int64_t count = machine.index.empty() ? 1 : machine.last - machine.first + 1;
    region.instances.assign(static_cast<std::size_t>(std::max<std::int64_t>(count, 1)), instance);
    regions_.push_back(std::move(region));
  }
}

const Tracker::Region* Tracker::Find(std::string_view machine) const {
  for (const Region& region : regions_) {
    if (region.machine->id == machine) return &region;
  }
  return nullptr;
}

std::uint64_t Tracker::Mask(const spec::Machine& machine, const std::vector<std::string>& states) const {
  std::uint64_t mask = 0;
  for (std::size_t i = 0; i < machine.states.size() && i < 64; ++i) {
    const bool named = std::find(states.begin(), states.end(), machine.states[i]) != states.end();
    if (named || states.empty()) mask |= std::uint64_t{1} << i;
  }
  return mask;
}

std::size_t Tracker::IndexOf(const Region& region, const ParsedCommand& command) const {
  if (region.machine->index.empty()) return 0;
  const Argument* argument = command.Find(region.machine->index);
  const auto value = argument != nullptr ? ParseInteger(argument->value) : std::nullopt;
  if (!value || *value < region.machine->first || *value > region.machine->last) return region.instances.size();
  return static_cast<std::size_t>(*value - region.machine->first);
}

std::optional<std::string> Tracker::Read(std::string_view name, const Region* region, std::size_t index) const {
  const auto read = [&](const Region& in, std::size_t at) -> std::optional<std::string> {
    for (std::size_t i = 0; i < in.machine->variables.size(); ++i) {
      if (in.machine->variables[i].name == name) return in.instances[at].values[i];
    }
    return std::nullopt;
  };
  if (region != nullptr && index < region->instances.size()) {
    if (auto value = read(*region, index)) return value;
  }
  for (const Region& other : regions_) {
    if (!other.machine->index.empty()) continue;
    if (auto value = read(other, 0)) return value;
  }
  return std::nullopt;
}

void Tracker::Store(Region& region, std::size_t index, std::string_view name, std::optional<std::string> value) {
  for (std::size_t i = 0; i < region.machine->variables.size(); ++i) {
    if (region.machine->variables[i].name == name) region.instances[index].values[i] = std::move(value);
  }
}

const spec::Transition* Tracker::First(const std::vector<const spec::Transition*>& transitions, const Region& region,
                                       std::size_t index, std::uint64_t state, const Scope& scope) const {
  (void)index;
  for (const spec::Transition* transition : transitions) {
    if (transition->machine != region.machine->id || (Mask(*region.machine, transition->from) & state) == 0) continue;
    if (transition->guard && dialect::Holds(transition->guard->root, scope) == Truth::kFalse) continue;
    return transition;
  }
  return nullptr;
}

Fate Tracker::Expect(const ParsedCommand& command) const {
  const CompiledForm* form = grammar_.Compiled(command.form);
  if (form == nullptr || form->transitions.empty()) return {};
  Fate fate;
  bool first = true;
  for (const Region& region : regions_) {
    const std::size_t index = IndexOf(region, command);
    if (index >= region.instances.size()) continue;
    const CommandScope scope(*this, command, &region, index);
    for (std::size_t i = 0; i < region.machine->states.size(); ++i) {
      const std::uint64_t state = std::uint64_t{1} << i;
      if ((region.instances[index].states & state) == 0) continue;
      bool concerned = false;
      for (const spec::Transition* transition : form->transitions) {
        concerned = concerned || transition->machine == region.machine->id;
      }
      if (!concerned) continue;
      const spec::Transition* taken = First(form->transitions, region, index, state, scope);
      const Fate::Kind kind = taken == nullptr           ? Fate::Kind::kSilent
                              : taken->refuse.empty() ? Fate::Kind::kAccept
                                                      : Fate::Kind::kRefuse;
      if (first) {
        fate = {kind, taken};
        first = false;
      } else if (kind != fate.kind) {
        return {};
      }
    }
  }
  return fate;
}

void Tracker::Follow(const std::vector<const spec::Transition*>& transitions, const ParsedCommand& command) {
  for (Region& region : regions_) {
    const std::size_t index = IndexOf(region, command);
    if (index >= region.instances.size()) continue;
    const CommandScope scope(*this, command, &region, index);
    std::uint64_t after = 0, anywhere = 0;
    std::vector<const spec::Transition*> taken;
    for (std::size_t i = 0; i < region.machine->states.size(); ++i) {
      const std::uint64_t state = std::uint64_t{1} << i;
      const spec::Transition* transition = First(transitions, region, index, state, scope);
      if (transition == nullptr || !transition->refuse.empty()) continue;
      const std::uint64_t to = transition->to.empty() ? state : Mask(*region.machine, {transition->to});
      anywhere |= to;
      if ((region.instances[index].states & state) == 0) continue;
      after |= to;
      if (std::find(taken.begin(), taken.end(), transition) == taken.end()) taken.push_back(transition);
    }
    for (const spec::Transition* transition : taken) Apply(*transition, region, index, scope);
    if (after != 0) {
      region.instances[index].states = after;
    } else if (anywhere != 0) {
      region.instances[index].states = anywhere;  // ruled out, and yet it happened
    }
  }
}

void Tracker::Apply(const spec::Transition& transition, Region& region, std::size_t index, const Scope& scope) {
  for (const spec::Effect& effect : transition.effects) {
    if (effect.verb == "set" && effect.args.size() == 2) {
      const Datum value = Evaluate(effect.args[1].value, scope);
      Store(region, index, effect.args[0].value.text, Known(value) ? std::optional(ToText(value)) : std::nullopt);
    } else if (effect.verb == "reset") {
      for (const spec::EffectArgument& argument : effect.args) {
        for (const spec::Variable& variable : region.machine->variables) {
          if (variable.name != argument.value.text) continue;
          Store(region, index, variable.name, variable.known ? std::optional(variable.initial) : std::nullopt);
        }
      }
    } else if (effect.verb == "port.reset") {
      for (Region& other : regions_) {
        if (!other.machine->index.empty()) continue;
        for (const spec::Variable& variable : other.machine->variables) {
          Store(other, 0, variable.name, variable.known ? std::optional(variable.initial) : std::nullopt);
        }
      }
    }
  }
}

void Tracker::Accepted(const ParsedCommand& command, const spec::Response* response) {
  const CompiledForm* form = grammar_.Compiled(command.form);
  if (form == nullptr) return;
  if (response == nullptr || response->outcome == spec::Outcome::kSuccess) {
    for (const std::string& name : form->form->stores) {
      const Argument* argument = command.Find(name);
      if (argument == nullptr) continue;
      for (Region& region : regions_) {
        const std::size_t index = IndexOf(region, command);
        if (index < region.instances.size()) Store(region, index, name, std::string(argument->value));
      }
    }
  }
  if (!form->transitions.empty()) Follow(form->transitions, command);
}

void Tracker::DataAccepted(const ParsedCommand& command, bool cancelled) {
  const CompiledForm* form = grammar_.Compiled(command.form);
  if (form == nullptr) return;
  const auto& transitions = cancelled ? form->cancel_transitions : form->data_transitions;
  if (!transitions.empty()) Follow(transitions, command);
}

LineFate Tracker::Match(std::string_view line, std::vector<std::pair<const SentLine*, LineMatch>>* hits) const {
  LineFate fate;
  LineMatch match;
  for (const SentLine* sent : grammar_.SentLike(line)) {
    if (sent->pattern.Match(line, match) != LineFit::kMatch) continue;
    const Region* region = Find(sent->transition->machine);
    if (region == nullptr) continue;
    std::size_t index = 0;
    if (const LineField* field = match.Find(region->machine->index); field != nullptr) {
      const auto value = ParseInteger(field->value);
      if (!value || *value < region->machine->first || *value > region->machine->last) continue;
      index = static_cast<std::size_t>(*value - region->machine->first);
    } else if (!region->machine->index.empty()) {
      continue;
    }
    const LineScope scope(*this, match, region, index);
    const bool from = (Mask(*region->machine, sent->transition->from) & region->instances[index].states) != 0;
    const bool guard =
        !sent->transition->guard || dialect::Holds(sent->transition->guard->root, scope) != Truth::kFalse;
    const bool permitted = from && guard;
    if (permitted && fate.kind != LineFate::Kind::kPermitted) {
      fate = {LineFate::Kind::kPermitted, sent->transition};
      if (hits != nullptr) hits->clear();
    } else if (fate.kind == LineFate::Kind::kUnmodelled) {
      fate = {LineFate::Kind::kForbidden, sent->transition};
    }
    if (hits != nullptr && permitted == (fate.kind == LineFate::Kind::kPermitted)) hits->emplace_back(sent, match);
  }
  return fate;
}

LineFate Tracker::Look(std::string_view line) const { return Match(line, nullptr); }

LineFate Tracker::Line(std::string_view line) {
  std::vector<std::pair<const SentLine*, LineMatch>> hits;
  const LineFate fate = Match(line, &hits);
  // Several transitions may send the same line; all of them stay possible.
  std::vector<std::pair<Instance*, std::uint64_t>> after;
  for (const auto& [sent, match] : hits) {
    Region& region = *const_cast<Region*>(Find(sent->transition->machine));
    const LineField* field = match.Find(region.machine->index);
    const auto value = field != nullptr ? ParseInteger(field->value) : std::nullopt;
    const std::size_t index = value ? static_cast<std::size_t>(*value - region.machine->first) : 0;
    Instance& instance = region.instances[index];
    const std::uint64_t from = Mask(*region.machine, sent->transition->from) & instance.states;
    const std::uint64_t to = !sent->transition->to.empty() ? Mask(*region.machine, {sent->transition->to})
                             : from != 0                   ? from
                                                           : instance.states;
    auto found = std::find_if(after.begin(), after.end(), [&](const auto& item) { return item.first == &instance; });
    if (found == after.end()) {
      after.emplace_back(&instance, to);
    } else {
      found->second |= to;
    }
    Apply(*sent->transition, region, index, LineScope(*this, match, &region, index));
  }
  for (const auto& [instance, states] : after) instance->states = states;
  return fate;
}

std::optional<Tracker::Contradiction> Tracker::Information(const ParsedCommand& command, const LineMatch& match) {
  std::optional<Contradiction> wrong;
  for (Region& region : regions_) {
    std::size_t index = IndexOf(region, command);
    if (const LineField* field = match.Find(region.machine->index); field != nullptr && !region.machine->index.empty()) {
      const auto value = ParseInteger(field->value);
      if (value && *value >= region.machine->first && *value <= region.machine->last) {
        index = static_cast<std::size_t>(*value - region.machine->first);
      }
    }
    if (index >= region.instances.size()) continue;
    for (std::size_t i = 0; i < region.machine->variables.size(); ++i) {
      const spec::Variable& variable = region.machine->variables[i];
      const LineField* field = match.Find(variable.name);
      if (field == nullptr) continue;
      std::optional<std::string>& known = region.instances[index].values[i];
      if (known && *known != field->value && !wrong) {
        wrong = Contradiction{variable.name, field->value, *known, &variable};
      }
      known = std::string(field->value);
    }
  }
  return wrong;
}

Tracker::Listed Tracker::MustList(std::string_view machine, std::int64_t index,
                                  const std::vector<std::string>& states) const {
  const Region* region = Find(machine);
  if (region == nullptr || index < region->machine->first ||
      index - region->machine->first >= static_cast<std::int64_t>(region->instances.size())) {
    return Listed::kMustNot;
  }
  const std::uint64_t possible = region->instances[static_cast<std::size_t>(index - region->machine->first)].states;
  const std::uint64_t listed = Mask(*region->machine, states);
  if ((possible & ~listed) == 0) return Listed::kMust;
  return (possible & listed) == 0 ? Listed::kMustNot : Listed::kMay;
}

bool Tracker::Surely(std::string_view machine, std::int64_t index, const std::vector<std::string>& states) const {
  return MustList(machine, index, states) == Listed::kMust;
}

void Tracker::Believe(std::string_view machine, std::int64_t index, const std::vector<std::string>& states) {
  for (Region& region : regions_) {
    const std::int64_t at = index - region.machine->first;
    if (region.machine->id != machine || at < 0 || at >= static_cast<std::int64_t>(region.instances.size())) continue;
    region.instances[static_cast<std::size_t>(at)].states = Mask(*region.machine, states);
  }
}

std::optional<std::string> Tracker::Value(std::string_view name, std::int64_t index) const {
  for (const Region& region : regions_) {
    const auto at = static_cast<std::size_t>(std::max<std::int64_t>(index - region.machine->first, 0));
    if (at >= region.instances.size()) continue;
    for (std::size_t i = 0; i < region.machine->variables.size(); ++i) {
      if (region.machine->variables[i].name == name) return region.instances[at].values[i];
    }
  }
  return std::nullopt;
}

Truth Tracker::Holds(const spec::ParsedExpression& expression, const ParsedCommand& command) const {
  for (const Region& region : regions_) {
    const std::size_t index = IndexOf(region, command);
    if (!region.machine->index.empty() && index < region.instances.size()) {
      return dialect::Holds(expression.root, CommandScope(*this, command, &region, index));
    }
  }
  return dialect::Holds(expression.root, CommandScope(*this, command, nullptr, 0));
}

std::optional<Time> Tracker::Limit(const spec::ParsedExpression& expression, const ParsedCommand& command) const {
  if (command.command == nullptr || command.form == nullptr) return std::nullopt;
  for (const Region& region : regions_) {
    const std::size_t index = IndexOf(region, command);
    if (!region.machine->index.empty() && index < region.instances.size()) {
      return EvaluateTime(expression, CommandScope(*this, command, &region, index), *command.command, command.form->key);
    }
  }
  return EvaluateTime(expression, CommandScope(*this, command, nullptr, 0), *command.command, command.form->key);
}

std::string Tracker::Describe(const ParsedCommand& command) const {
  std::string out;
  for (const Region& region : regions_) {
    const std::size_t index = IndexOf(region, command);
    if (region.machine->index.empty() || index >= region.instances.size()) continue;
    out += (out.empty() ? "" : ", ") + region.machine->id + " " + std::to_string(region.machine->first + static_cast<std::int64_t>(index)) + ": ";
    std::string states;
    for (std::size_t i = 0; i < region.machine->states.size(); ++i) {
      if ((region.instances[index].states >> i) & 1) states += (states.empty() ? "" : " or ") + region.machine->states[i];
    }
    out += states;
  }
  return out;
}

}  // namespace assay::dialect
