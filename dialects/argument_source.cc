#include "dialects/argument_source.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::dialect {
namespace {

void Names(const spec::Expression& expression, std::vector<std::string_view>& out) {
  if (expression.op == spec::Expression::Op::kName) out.push_back(expression.text);
  for (const spec::Expression& argument : expression.args) Names(argument, out);
}

bool OfDevice(const spec::Source& source) { return source.document.empty(); }

// "AT+CONF write", "data AT+TOPIC": a command's doing, not the network's.
bool ByCommand(std::string_view event) {
  return event.starts_with("AT") || event.starts_with("data AT");
}

// Who writes the variable, seen from `machine`; "user.name" is that of another one.
std::optional<spec::Source> WriterOf(const spec::Dialect& dialect, std::string_view name,
                                     std::string_view machine) {
  if (const std::size_t dot = name.find('.'); dot != std::string_view::npos) {
    machine = name.substr(0, dot);
    name.remove_prefix(dot + 1);
  }
  for (const spec::Transition& transition : dialect.transitions) {
    if (transition.machine != machine || !ByCommand(transition.event)) continue;
    const bool writes = std::any_of(
        transition.effects.begin(), transition.effects.end(), [&](const spec::Effect& effect) {
          return effect.verb == "set" && effect.args[0].value.text == name;
        });
    if (writes && OfDevice(transition.source)) return transition.source;
  }
  for (const spec::Command& command : dialect.commands) {
    for (const spec::Form& form : command.forms) {
      const auto stored = std::find(form.stores.begin(), form.stores.end(), name);
      if (stored != form.stores.end() && !command.documented_elsewhere && OfDevice(form.source))
        return form.source;
    }
  }
  return std::nullopt;
}

// Of "in(will, set)": what brings that machine there.
std::optional<spec::Source> LeaderTo(const spec::Dialect& dialect, const spec::Expression& value) {
  if (value.op != spec::Expression::Op::kCall || value.text != "in" || value.args.size() < 2)
    return std::nullopt;
  for (const spec::Transition& transition : dialect.transitions) {
    if (transition.machine == value.args[0].text && transition.to == value.args[1].text &&
        ByCommand(transition.event))
      return transition.source;
  }
  return std::nullopt;
}

spec::Source FactBehind(const spec::Dialect& dialect, const spec::Command* command,
                        const spec::Transition& transition,
                        const spec::EffectArgument& argument) {
  if (auto source = LeaderTo(dialect, argument.value)) return *source;
  std::vector<std::string_view> names;
  Names(argument.value, names);
  for (const std::string_view name : names) {
    if (command == nullptr) break;
    for (const spec::Parameter& parameter : command->parameters) {
      if (parameter.name == name && OfDevice(parameter.source)) return parameter.source;
    }
  }
  for (const std::string_view name : names) {
    if (name == "data") return transition.source;
    if (auto source = WriterOf(dialect, name, transition.machine)) return *source;
  }
  spec::Source source = transition.source;
  source.basis = std::max(source.basis, spec::Basis::kInferred);
  return source;
}

}  // namespace

spec::Source SourceOfArgument(const spec::Dialect& dialect, const spec::Command* command,
                              const spec::Transition& transition,
                              const spec::EffectArgument& argument) {
  spec::Source source = FactBehind(dialect, command, transition, argument);
  if (transition.source.basis == spec::Basis::kOpen) source.basis = spec::Basis::kOpen;
  return source;
}

}  // namespace assay::dialect
