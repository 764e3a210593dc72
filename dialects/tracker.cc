#include "dialects/tracker.h"

#include <algorithm>

#include "dialects/tracker_scope.h"
#include "dialects/value.h"

namespace assay::dialect {
namespace {

std::optional<std::string> Initial(const spec::Variable& variable) {
  return variable.known ? std::optional(variable.initial) : std::nullopt;
}

}  // namespace

Tracker::Tracker(const Grammar& grammar, Start start) : grammar_(grammar) {
  for (const spec::Machine& machine : grammar.dialect().machines) {
    Region region{&machine, {}};
    Instance instance;
    instance.states =
        start == Start::kUnknown ? Mask(machine, {}) : Mask(machine, {machine.initial});
    for (const spec::Variable& variable : machine.variables) {
      instance.values.push_back(start == Start::kInitial ? Initial(variable) : std::nullopt);
    }
    const std::int64_t count = machine.index.empty() ? 1 : machine.last - machine.first + 1;
    region.instances.assign(static_cast<std::size_t>(std::max<std::int64_t>(count, 1)), instance);
    regions_.push_back(std::move(region));
  }
  for (const spec::Transition& transition : grammar.dialect().transitions) {
    Move move;
    while (move.region < regions_.size() &&
           regions_[move.region].machine->id != transition.machine) {
      ++move.region;
    }
    if (move.region < regions_.size()) {
      const spec::Machine& machine = *regions_[move.region].machine;
      move.from = Mask(machine, transition.from);
      if (!transition.to.empty()) move.to = Mask(machine, {transition.to});
    }
    moves_.push_back(move);
  }
}

Tracker::States Tracker::Mask(const spec::Machine& machine,
                              const std::vector<std::string>& states) {
  States mask = 0;
  for (std::size_t i = 0; i < machine.states.size() && i < 64; ++i) {
    const bool named = std::find(states.begin(), states.end(), machine.states[i]) != states.end();
    if (named || states.empty()) mask |= States{1} << i;
  }
  return mask;
}

const Tracker::Move& Tracker::Resolve(const spec::Transition& transition) const {
  return moves_[static_cast<std::size_t>(&transition - grammar_.dialect().transitions.data())];
}

const Tracker::Region* Tracker::Find(std::string_view machine) const {
  for (const Region& region : regions_) {
    if (region.machine->id == machine) return &region;
  }
  return nullptr;
}

std::optional<std::size_t> Tracker::InstanceAt(const Region& region, std::string_view value) {
  const auto number = ParseInteger(value);
  if (!number || *number < region.machine->first || *number > region.machine->last)
    return std::nullopt;
  return static_cast<std::size_t>(*number - region.machine->first);
}

std::optional<std::size_t> Tracker::IndexOf(const Region& region, const ParsedCommand& command) {
  if (region.machine->index.empty()) return 0;
  const Argument* argument = command.Find(region.machine->index);
  return argument != nullptr ? InstanceAt(region, argument->value) : std::nullopt;
}

std::optional<std::size_t> Tracker::IndexOf(const Region& region, const LineMatch& match) {
  if (region.machine->index.empty()) return 0;
  const LineField* field = match.Find(region.machine->index);
  return field != nullptr ? InstanceAt(region, field->value) : std::nullopt;
}

const std::string* Tracker::Read(std::string_view name, const Region* region,
                                 std::size_t index) const {
  const auto read = [&](const Region& in, std::size_t at) -> const std::string* {
    for (std::size_t i = 0; i < in.machine->variables.size(); ++i) {
      if (in.machine->variables[i].name != name) continue;
      const std::optional<std::string>& value = in.instances[at].values[i];
      return value ? &*value : nullptr;
    }
    return nullptr;
  };
  if (region != nullptr) {
    if (const std::string* value = read(*region, index)) return value;
  }
  for (const Region& other : regions_) {
    if (!other.machine->index.empty()) continue;
    if (const std::string* value = read(other, 0)) return value;
  }
  const std::size_t dot = name.find('.');
  const Region* owner = dot == std::string_view::npos ? nullptr : Find(name.substr(0, dot));
  const auto at = owner == nullptr ? std::nullopt : Counterpart(*owner, region, index);
  if (!at) return nullptr;
  name.remove_prefix(dot + 1);
  return read(*owner, *at);
}

void Tracker::Store(Region& region, std::size_t index, std::string_view name,
                    std::optional<std::string> value) {
  for (std::size_t i = 0; i < region.machine->variables.size(); ++i) {
    if (region.machine->variables[i].name != name) continue;
    region.instances[index].values[i] = std::move(value);
    return;
  }
}

void Tracker::Reset(Region& region, std::size_t index, std::size_t variable) {
  region.instances[index].values[variable] = Initial(region.machine->variables[variable]);
}

bool Tracker::Concerns(const std::vector<const spec::Transition*>& transitions,
                       std::size_t region) const {
  return std::any_of(
      transitions.begin(), transitions.end(),
      [&](const spec::Transition* transition) { return Resolve(*transition).region == region; });
}

// In each state the first transition counts whose guard is not false; so each takes of the states
// that those before it left over.
Fate Tracker::Expect(const ParsedCommand& command) const {
  const CompiledForm* form = grammar_.Compiled(command.form);
  if (form == nullptr || form->transitions.empty()) return {};
  std::optional<Fate> fate;
  for (std::size_t r = 0; r < regions_.size(); ++r) {
    if (!Concerns(form->transitions, r)) continue;
    const Region& region = regions_[r];
    const auto index = IndexOf(region, command);
    if (!index) continue;
    const CommandScope scope(*this, command, &region, *index);
    SeeState(region, *index);
    States rest = region.instances[*index].states, lowest = 0;
    Fate here;
    const auto add = [&](const Fate& next, States states) {
      if (lowest != 0 && next.kind != here.kind) return false;
      const bool only = lowest == 0;
      if (only || (states & -states) < lowest) {
        here = next;
        lowest = states & -states;
      }
      here.only = only;
      return true;
    };
    for (const spec::Transition* transition : form->transitions) {
      const Move& move = Resolve(*transition);
      const States states = move.region == r ? move.from & rest : 0;
      if (states == 0) continue;
      const Truth guard =
          transition->guard ? dialect::Holds(transition->guard->root, scope) : Truth::kTrue;
      if (guard == Truth::kFalse) continue;
      // A refusal that may be leaves the states to what may be instead.
      if (guard == Truth::kTrue || transition->refuse.empty()) rest &= ~states;
      if (!add({transition->refuse.empty() ? Fate::Kind::kAccept : Fate::Kind::kRefuse, transition},
               states))
        return {};
    }
    if (rest != 0 && !add({}, rest)) return {};
    if (lowest == 0) continue;
    if (fate && fate->kind != here.kind) return {};
    if (!fate) fate = here;
  }
  return fate.value_or(Fate{});
}

void Tracker::Follow(const std::vector<const spec::Transition*>& transitions,
                     const ParsedCommand& command, const spec::Response* response,
                     std::optional<std::string_view> data) {
  for (std::size_t r = 0; r < regions_.size(); ++r) {
    if (!Concerns(transitions, r)) continue;
    Region& region = regions_[r];
    const auto index = IndexOf(region, command);
    if (!index) continue;
    Instance& instance = region.instances[*index];
    const CommandScope without_data(*this, command, &region, *index);
    const DataScope scope(without_data, data);
    States rest = ~States{0}, after = 0, anywhere = 0;
    taken_.clear();
    for (const spec::Transition* transition : transitions) {
      const Move& move = Resolve(*transition);
      const States states = move.region == r ? move.from & rest : 0;
      if (states == 0 || AnswersOtherwise(*transition, response)) continue;
      const Truth guard =
          transition->guard ? dialect::Holds(transition->guard->root, scope) : Truth::kTrue;
      if (guard == Truth::kFalse) continue;
      if (guard == Truth::kTrue || transition->refuse.empty()) rest &= ~states;
      if (!transition->refuse.empty()) continue;
      anywhere |= move.to != 0 ? move.to : states;
      const States possible = states & instance.states;
      if (possible == 0) continue;
      after |= move.to != 0 ? move.to : possible;
      taken_.push_back(transition);
    }
    const bool surely = taken_.size() == 1;
    for (const spec::Transition* transition : taken_) {
      Apply(*transition, region, *index, scope, surely);
      SeeTransition(*transition, surely);
    }
    if (after != 0) {
      instance.states = after;
    } else if (anywhere != 0) {
      instance.states = anywhere;  // ruled out, and yet it happened
    }
    SeeState(region, *index);
  }
}

void Tracker::Apply(const spec::Transition& transition, Region& region, std::size_t index,
                    const Scope& scope, bool surely) {
  for (const spec::Effect& effect : transition.effects) {
    if (effect.verb == "set" && effect.args.size() == 2) {
      const Datum value = Evaluate(effect.args[1].value, scope);
      std::size_t at = index;
      std::string_view name = effect.args[0].value.text;
      Region& home = HomeOf(name, region, at);
      Store(home, at, name, Known(value) ? std::optional(ToText(value)) : std::nullopt);
    } else if (effect.verb == "append" || effect.verb == "remove") {
      std::size_t at = index;
      std::string_view name = effect.args[0].value.text;
      Region& home = HomeOf(name, region, at);
      Store(home, at, name, std::nullopt);
    } else if (effect.verb == "become") {
      Become(effect.args[0].value.text, effect.args[1].value.text, region, index, surely);
    } else if (effect.verb == "restart") {
      Restart(effect.args[0].value.text, transition.event, surely);
    } else if (effect.verb == "reset") {
      for (const spec::EffectArgument& argument : effect.args) {
        for (std::size_t i = 0; i < region.machine->variables.size(); ++i) {
          if (region.machine->variables[i].name == argument.value.text) Reset(region, index, i);
        }
      }
    } else if (effect.verb == "port.reset") {
      for (Region& other : regions_) {
        if (!other.machine->index.empty()) continue;
        for (std::size_t i = 0; i < other.machine->variables.size(); ++i) Reset(other, 0, i);
      }
    }
  }
}

std::optional<std::size_t> Tracker::Counterpart(const Region& other, const Region* region,
                                                std::size_t index) {
  if (other.machine->index.empty()) return 0;
  if (region == nullptr || region->machine->index.empty()) return std::nullopt;
  const std::int64_t at =
      region->machine->first + static_cast<std::int64_t>(index) - other.machine->first;
  if (at < 0 || at >= static_cast<std::int64_t>(other.instances.size())) return std::nullopt;
  return static_cast<std::size_t>(at);
}

Truth Tracker::IsIn(std::string_view machine, const std::vector<std::string_view>& states,
                    const Region* region, std::size_t index) const {
  const Region* other = Find(machine);
  const auto at = other == nullptr ? std::nullopt : Counterpart(*other, region, index);
  if (!at) return Truth::kUnknown;
  States wanted = 0;
  for (std::size_t i = 0; i < other->machine->states.size() && i < 64; ++i) {
    if (std::find(states.begin(), states.end(), other->machine->states[i]) != states.end())
      wanted |= States{1} << i;
  }
  const States possible = other->instances[*at].states;
  if ((possible & wanted) == 0) return Truth::kFalse;
  return (possible & ~wanted) == 0 ? Truth::kTrue : Truth::kUnknown;
}

void Tracker::Become(std::string_view machine, std::string_view state, const Region& from,
                     std::size_t index, bool surely) {
  for (Region& region : regions_) {
    if (region.machine->id != machine) continue;
    const States to = Mask(*region.machine, {std::string(state)});
    const auto only = Counterpart(region, &from, index);
    for (std::size_t i = 0; i < region.instances.size(); ++i) {
      if (only && *only != i) continue;
      States& states = region.instances[i].states;
      states = surely ? to : states | to;
      SeeState(region, i);
    }
  }
}

void Tracker::Restart(std::string_view machine, std::string_view event, bool surely) {
  const bool outside = event.find(' ') == std::string_view::npos;
  for (Region& region : regions_) {
    if (region.machine->id != machine) continue;
    const States initial = Mask(*region.machine, {region.machine->initial});
    for (std::size_t i = 0; i < region.instances.size(); ++i) {
      Instance& instance = region.instances[i];
      instance.left = outside ? instance.states & ~initial : 0;
      instance.left_by = event;
      instance.states = surely ? initial : instance.states | initial;
      SeeState(region, i);
      for (std::size_t v = 0; v < instance.values.size(); ++v) {
        const std::optional<std::string> before = instance.values[v];
        Reset(region, i, v);
        if (!surely && instance.values[v] != before) instance.values[v].reset();
      }
    }
  }
}

Tracker::Region& Tracker::HomeOf(std::string_view& name, Region& region, std::size_t& index) {
  const auto has = [&](const Region& in) {
    return std::any_of(in.machine->variables.begin(), in.machine->variables.end(),
                       [&](const spec::Variable& variable) { return variable.name == name; });
  };
  if (has(region)) return region;
  for (Region& other : regions_) {
    if (!other.machine->index.empty() || !has(other)) continue;
    index = 0;
    return other;
  }
  const std::size_t dot = name.find('.');
  for (Region& other : regions_) {
    if (dot == std::string_view::npos || other.machine->id != name.substr(0, dot)) continue;
    const auto at = Counterpart(other, &region, index);
    if (!at) break;
    index = *at;
    name.remove_prefix(dot + 1);
    return other;
  }
  return region;
}

void Tracker::Accepted(const ParsedCommand& command, const spec::Response* response) {
  const CompiledForm* form = grammar_.Compiled(command.form);
  if (form == nullptr) return;
  for (Region& region : regions_) {
    if (form->transitions.empty()) break;
    for (Instance& instance : region.instances) instance.left = 0;
  }
  if (response == nullptr || response->outcome == spec::Outcome::kSuccess) {
    for (const std::string& name : form->form->stores) {
      const Argument* argument = command.Find(name);
      if (argument == nullptr) continue;
      for (Region& region : regions_) {
        if (const auto index = IndexOf(region, command))
          Store(region, *index, name, std::string(argument->value));
      }
    }
  }
  if (!form->transitions.empty()) Follow(form->transitions, command, response);
}

void Tracker::DataAccepted(const ParsedCommand& command, bool cancelled,
                           const spec::Response* response,
                           std::optional<std::string_view> data) {
  const CompiledForm* form = grammar_.Compiled(command.form);
  if (form == nullptr) return;
  Follow(cancelled ? form->cancel_transitions : form->data_transitions, command, response, data);
}

// What sends the line, best explanations first: one that the state permits, one that comes in
// another state, one whose guard says no. `hits` are all of the best kind.
LineFate Tracker::Match(std::string_view line, std::vector<const SentLine*>* hits) const {
  LineFate fate;
  int best = 0;
  LineMatch match;
  for (const SentLine* sent : grammar_.SentLike(line)) {
    if (sent->pattern.Match(line, match) != LineFit::kMatch) continue;
    const spec::Transition& transition = *sent->transition;
    const Move& move = Resolve(transition);
    if (move.region == regions_.size()) continue;
    const Region& region = regions_[move.region];
    const auto index = IndexOf(region, match);
    if (!index) continue;
    const Instance& instance = region.instances[*index];
    int rank = (move.from & instance.states) != 0 || Late(transition, move, instance) ? 3 : 2;
    if (transition.guard) {
      const LineScope scope(*this, match, region, *index);
      if (dialect::Holds(transition.guard->root, scope) == Truth::kFalse) rank = 1;
    }
    if (rank < best) continue;
    if (rank > best) {
      best = rank;
      fate = {rank == 3 ? LineFate::Kind::kPermitted : LineFate::Kind::kForbidden, &transition};
      if (hits != nullptr) hits->clear();
    }
    if (hits != nullptr) hits->push_back(sent);
  }
  return fate;
}

bool Tracker::Late(const spec::Transition& transition, const Move& move,
                   const Instance& instance) {
  return (move.from & instance.left) != 0 && transition.event == instance.left_by;
}

void Tracker::SeeState(const Region& region, std::size_t index) const {
  const States states = region.instances[index].states;
  if (seen_ == nullptr || states == 0 || (states & (states - 1)) != 0) return;
  std::size_t state = 0;
  while (((states >> state) & 1) == 0) ++state;
  seen_->states.emplace(region.machine, state);
}

void Tracker::SeeTransition(const spec::Transition& transition, bool surely) const {
  if (seen_ != nullptr) (surely ? seen_->transitions : seen_->possible).insert(&transition);
}

LineFate Tracker::Look(std::string_view line) const { return Match(line, nullptr); }

LineFate Tracker::Line(std::string_view line) {
  hits_.clear();
  const LineFate fate = Match(line, &hits_);
  // Several transitions may send the same line; all of them stay possible. Of a line that no state
  // permits it is open whether the line is wrong or what we believe: both stay possible, so that one
  // deviation brings on no others.
  const bool forbidden = fate.kind == LineFate::Kind::kForbidden;
  after_.clear();
  LineMatch match;
  for (const SentLine* sent : hits_) {
    sent->pattern.Match(line, match);
    const Move& move = Resolve(*sent->transition);
    Region& region = regions_[move.region];
    const std::size_t index = *IndexOf(region, match);
    Instance& instance = region.instances[index];
    if ((move.from & instance.states) == 0 && Late(*sent->transition, move, instance)) {
      instance.left &= ~move.from;
      SeeTransition(*sent->transition, hits_.size() == 1);
      continue;
    }
    const States from = move.from & instance.states;
    const States to = (move.to != 0 ? move.to : from != 0 ? from : instance.states) |
                      (forbidden ? instance.states : 0);
    const auto found = std::find_if(after_.begin(), after_.end(),
                                    [&](const auto& item) { return item.first == &instance; });
    if (found == after_.end()) {
      after_.emplace_back(&instance, to);
    } else {
      found->second |= to;
    }
    const std::vector<std::optional<std::string>> before =
        forbidden ? instance.values : std::vector<std::optional<std::string>>();
    const bool surely = hits_.size() == 1 && !forbidden;
    Apply(*sent->transition, region, index, LineScope(*this, match, region, index), surely);
    if (!forbidden) SeeTransition(*sent->transition, surely);
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (instance.values[i] != before[i]) instance.values[i].reset();
    }
  }
  for (const auto& [instance, states] : after_) instance->states = states;
  if (seen_ != nullptr && !forbidden) {
    for (const SentLine* sent : hits_) {
      const Region& region = regions_[Resolve(*sent->transition).region];
      sent->pattern.Match(line, match);
      SeeState(region, *IndexOf(region, match));
    }
  }
  return fate;
}

}  // namespace assay::dialect
