// What the tracker tells of what a modem asks of the network: the effects of the transitions that
// it may have taken.
#include <algorithm>
#include <iterator>
#include <utility>

#include "dialects/tracker.h"
#include "dialects/tracker_scope.h"

namespace assay::dialect {
namespace {

// An effect for the world outside, not for the modem's own state.
bool Outside(const spec::Effect& effect) {
  return effect.verb.starts_with("net.") || effect.verb.starts_with("mqtt.") ||
         effect.verb.starts_with("sn.");
}

std::vector<Ask> AsksOf(const spec::Transition& transition, std::int64_t link, const Scope& scope) {
  std::vector<Ask> out;
  for (const spec::Effect& effect : transition.effects) {
    if (!Outside(effect)) continue;
    Ask ask{&transition, &effect, link, {}, transition.source.basis};
    for (const spec::EffectArgument& argument : effect.args) {
      Datum value = Evaluate(argument.value, scope);
      if (Known(value)) ask.arguments.emplace(argument.name, std::move(value));
    }
    out.push_back(std::move(ask));
  }
  return out;
}

bool SameVerbs(const std::vector<Ask>& a, const std::vector<Ask>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Ask& one, const Ask& other) {
    return one.effect->verb == other.effect->verb;
  });
}

// What is said by both alternatives.
void Narrow(Ask& ask, const Ask& other) {
  std::erase_if(ask.arguments, [&](const auto& argument) {
    const auto found = other.arguments.find(argument.first);
    return found == other.arguments.end() || found->second != argument.second;
  });
  ask.basis = std::max(ask.basis, other.basis);
}

}  // namespace

// Unlike a tracker that follows, who takes the first that a guard does not exclude: an unknown
// guard leaves the states to the transitions behind it, too.
void Tracker::Collect(const std::vector<const spec::Transition*>& transitions, const Region& region,
                      std::size_t index, const Scope& scope, const spec::Response* response,
                      Asks& out) const {
  States rest = region.instances[index].states;
  const auto at = static_cast<std::size_t>(&region - regions_.data());
  const std::int64_t link = region.machine->first + static_cast<std::int64_t>(index);
  std::optional<std::vector<Ask>> asks;
  bool any = false;
  for (const spec::Transition* transition : transitions) {
    const Move& move = Resolve(*transition);
    if (move.region != at || AnswersOtherwise(*transition, response)) continue;
    any = true;
    const States states = move.from & rest;
    if (states == 0 || !transition->refuse.empty()) continue;
    const Truth guard =
        transition->guard ? dialect::Holds(transition->guard->root, scope) : Truth::kTrue;
    if (guard == Truth::kFalse) continue;
    if (guard == Truth::kTrue) rest &= ~states;
    std::vector<Ask> here = AsksOf(*transition, link, scope);
    if (!asks) {
      asks = std::move(here);
    } else if (SameVerbs(*asks, here)) {
      for (std::size_t i = 0; i < here.size(); ++i) Narrow((*asks)[i], here[i]);
    } else {
      out.surely = false;
      std::move(here.begin(), here.end(), std::back_inserter(*asks));
    }
  }
  // It was taken in a state in which it cannot be: who knows what else is not as we believe?
  if (any && !asks) out.surely = false;
  if (asks) std::move(asks->begin(), asks->end(), std::back_inserter(out.asks));
}

Asks Tracker::AskedBy(const ParsedCommand& command, Stage stage, const spec::Response* response,
                      std::optional<std::string_view> data) const {
  Asks out;
  const CompiledForm* form = grammar_.Compiled(command.form);
  if (form == nullptr) return out;
  const auto& transitions = stage == Stage::kCommand ? form->transitions
                            : stage == Stage::kData  ? form->data_transitions
                                                     : form->cancel_transitions;
  for (std::size_t r = 0; r < regions_.size(); ++r) {
    const auto index = IndexOf(regions_[r], command);
    if (!index || !Concerns(transitions, r)) continue;
    const CommandScope without_data(*this, command, &regions_[r], *index);
    Collect(transitions, regions_[r], *index, DataScope(without_data, data), response, out);
  }
  return out;
}

Asks Tracker::AskedBy(std::string_view event, std::string_view machine, std::int64_t link,
                      const ParsedCommand& command) const {
  Asks out;
  const Region* region = Find(machine);
  if (region == nullptr) return out;
  std::vector<const spec::Transition*> transitions;
  for (const spec::Transition& transition : grammar_.dialect().transitions) {
    if (transition.event == event && transition.machine == machine)
      transitions.push_back(&transition);
  }
  const auto index = static_cast<std::size_t>(link - region->machine->first);
  if (index >= region->instances.size()) return out;
  Collect(transitions, *region, index, CommandScope(*this, command, region, index), nullptr, out);
  return out;
}

std::vector<Tracker::Due> Tracker::DueAt(std::string_view event) const {
  std::vector<Due> out;
  const ParsedCommand none;
  for (std::size_t r = 0; r < regions_.size(); ++r) {
    const Region& region = regions_[r];
    for (std::size_t i = 0; i < region.instances.size(); ++i) {
      const CommandScope scope(*this, none, &region, i);
      States covered = 0;
      const spec::Transition* why = nullptr;
      bool stated = true;
      for (const spec::Transition* transition : grammar_.OnEvent(event)) {
        const Move& move = Resolve(*transition);
        if (move.region != r || (move.from & region.instances[i].states) == 0) continue;
        if (transition->guard &&
            dialect::Holds(transition->guard->root, scope) == Truth::kFalse)
          continue;
        stated = stated && transition->source.basis == spec::Basis::kStated &&
                 !transition->send.empty();
        covered |= move.from;
        if (why == nullptr) why = transition;
      }
      const bool surely = (region.instances[i].states & ~covered) == 0;
      if (why != nullptr && stated && surely)
        out.push_back({why, region.machine->first + static_cast<std::int64_t>(i)});
    }
  }
  return out;
}

bool Tracker::IsDue(std::string_view line, const Due& due) const {
  const Move& wanted = Resolve(*due.why);
  const std::string& text = due.why->send[0].text;
  LineMatch match;
  for (const SentLine* sent : grammar_.SentLike(line)) {
    const Move& move = Resolve(*sent->transition);
    if (move.region != wanted.region || !line.starts_with(text.substr(0, text.find(':'))) ||
        sent->pattern.Match(line, match) != LineFit::kMatch)
      continue;
    const auto index = IndexOf(regions_[move.region], match);
    const std::int64_t first = regions_[move.region].machine->first;
    if (index && first + static_cast<std::int64_t>(*index) == due.index) return true;
  }
  return false;
}

}  // namespace assay::dialect
