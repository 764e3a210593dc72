#include "harness/generate/pairs.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "harness/generate/vocabulary.h"

namespace assay::harness {
namespace {

// "AT+QMTPUB" of "data AT+QMTPUB" and of "AT+QMTPUB write"; empty of what is no command's.
std::string_view CommandOf(std::string_view event) {
  for (const std::string_view word : {"data ", "cancel "}) {
    if (event.starts_with(word)) return event.substr(word.size());
  }
  const std::size_t blank = event.find(' ');
  return blank == std::string_view::npos ? std::string_view() : event.substr(0, blank);
}

bool OfData(std::string_view event) {
  return event.starts_with("data ") || event.starts_with("cancel ");
}

// Does the transition ask for data: always, or perhaps?
bool Prompts(const spec::Dialect& dialect, const spec::Transition& transition, bool always) {
  if (OfData(transition.event) || !transition.refuse.empty() || !transition.respond.empty())
    return false;
  for (const spec::Command& command : dialect.commands) {
    for (const spec::Form& form : command.forms) {
      if (!form.data || !spec::IsEventOf(transition.event, command, form)) continue;
      const bool same =
          form.data->when && transition.guard && form.data->when->text == transition.guard->text;
      return !always || !form.data->when || same;
    }
  }
  return false;
}

// "AT+QMTPUB" of "command == 'AT+QMTPUB' and ...": whose doing it must have been; empty: anybody's.
std::string_view NamedIn(const spec::Expression& guard) {
  using Op = spec::Expression::Op;
  if (guard.op == Op::kEq && guard.args[0].op == Op::kName && guard.args[0].text == "command")
    return guard.args[1].text;
  if (guard.op != Op::kAnd) return {};
  for (const spec::Expression& argument : guard.args) {
    if (const std::string_view named = NamedIn(argument); !named.empty()) return named;
  }
  return {};
}

// The states that it may leave its machine in; none: any.
std::vector<std::string> StatesAfter(const spec::Dialect& dialect,
                                     const spec::Transition& transition) {
  if (!transition.to.empty()) return {transition.to};
  if (!transition.from.empty() || !OfData(transition.event)) return transition.from;
  // Those in which its data are asked for.
  std::vector<std::string> out;
  for (const spec::Transition& asks : dialect.transitions) {
    if (CommandOf(asks.event) != CommandOf(transition.event) || !Prompts(dialect, asks, false))
      continue;
    if (!asks.to.empty()) out.push_back(asks.to);
    if (asks.to.empty()) out.insert(out.end(), asks.from.begin(), asks.from.end());
  }
  return out;
}

// Is there a state in which the one ends and the other begins?
bool Meets(const spec::Dialect& dialect, const spec::Transition& first,
           const spec::Transition& second) {
  const std::vector<std::string> after = StatesAfter(dialect, first);
  return second.from.empty() || after.empty() ||
         std::any_of(after.begin(), after.end(), [&](const std::string& state) {
           return std::find(second.from.begin(), second.from.end(), state) != second.from.end();
         });
}

}  // namespace

Pairs::Pairs(const spec::Dialect& dialect) : dialect_(dialect) {
  for (const spec::Transition& transition : dialect.transitions) {
    const auto machine =
        std::find_if(dialect.machines.begin(), dialect.machines.end(),
                     [&](const spec::Machine& one) { return one.id == transition.machine; });
    machine_of_.push_back(static_cast<std::size_t>(machine - dialect.machines.begin()));
  }
}

bool Pairs::CanFollow(const spec::Transition& first, const spec::Transition& second) const {
  if (first.machine != second.machine || !Meets(dialect_, first, second)) return false;
  if (OfData(second.event))
    return CommandOf(first.event) == CommandOf(second.event) && Prompts(dialect_, first, false);
  if (Prompts(dialect_, first, true)) return false;
  if (second.guard) {
    const std::string_view named = NamedIn(second.guard->root);
    if (!named.empty() && named != CommandOf(first.event)) return false;
  }
  const std::vector<std::string_view> asked = AskedBy(second.event);
  return asked.empty() ||
         std::any_of(first.effects.begin(), first.effects.end(), [&](const spec::Effect& effect) {
           return std::find(asked.begin(), asked.end(), effect.verb) != asked.end();
         });
}

std::vector<TransitionPair> Pairs::Possible() const {
  const auto vouched = [](const spec::Transition& transition) {
    return transition.source.basis != spec::Basis::kOpen && transition.source.document.empty();
  };
  const auto& all = dialect_.transitions;
  std::vector<TransitionPair> out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!vouched(all[i])) continue;
    for (std::size_t j = 0; j < all.size(); ++j) {
      if (vouched(all[j]) && CanFollow(all[i], all[j])) out.emplace_back(i, j);
    }
  }
  return out;
}

std::optional<TransitionPair> Pairs::Take(const spec::Transition& transition, Last& last) const {
  const auto at = static_cast<std::size_t>(&transition - dialect_.transitions.data());
  if (machine_of_[at] >= last.size()) return std::nullopt;  // of no machine
  const std::optional<std::size_t> before = std::exchange(last[machine_of_[at]], at);
  if (!before) return std::nullopt;
  return TransitionPair(*before, at);
}

}  // namespace assay::harness
