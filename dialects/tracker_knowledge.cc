// What the tracker tells of what it knows.
#include <algorithm>

#include "dialects/tracker.h"
#include "dialects/tracker_scope.h"

namespace assay::dialect {
namespace {

// Does a field named as the variable tell the variable? If the command sets it, or lists this
// machine; two commands may use one name for different things.
bool Tells(const ParsedCommand& command, const spec::Machine& machine, const std::string& name) {
  for (const spec::Response& response : command.form->responses) {
    for (const spec::ResponseLine& line : response.lines) {
      if (line.per == machine.id) return true;
    }
  }
  const auto& forms = command.command->forms;
  return std::any_of(forms.begin(), forms.end(), [&](const spec::Form& form) {
    return std::find(form.stores.begin(), form.stores.end(), name) != form.stores.end();
  });
}

}  // namespace

std::optional<Tracker::Contradiction> Tracker::Information(const ParsedCommand& command,
                                                           const LineMatch& match) {
  std::optional<Contradiction> wrong;
  // What a test command answers is what is allowed, not what is set.
  if (command.form == nullptr || command.form->form == spec::FormKind::kTest) return wrong;
  for (Region& region : regions_) {
    // The line knows best of which instance it tells.
    auto index = IndexOf(region, match);
    if (!index) index = IndexOf(region, command);
    if (!index) continue;
    for (std::size_t i = 0; i < region.machine->variables.size(); ++i) {
      const spec::Variable& variable = region.machine->variables[i];
      const LineField* field = match.Find(variable.name);
      if (field == nullptr || !Tells(command, *region.machine, variable.name)) continue;
      std::optional<std::string>& known = region.instances[*index].values[i];
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
  const States possible =
      region->instances[static_cast<std::size_t>(index - region->machine->first)].states;
  const States listed = Mask(*region->machine, states);
  if ((possible & ~listed) == 0) return Listed::kMust;
  return (possible & listed) == 0 ? Listed::kMustNot : Listed::kMay;
}

bool Tracker::Surely(std::string_view machine, std::int64_t index,
                     const std::vector<std::string>& states) const {
  return MustList(machine, index, states) == Listed::kMust;
}

void Tracker::Believe(std::string_view machine, std::int64_t index,
                      const std::vector<std::string>& states) {
  for (Region& region : regions_) {
    const std::int64_t at = index - region.machine->first;
    if (region.machine->id != machine || at < 0 ||
        at >= static_cast<std::int64_t>(region.instances.size()))
      continue;
    region.instances[static_cast<std::size_t>(at)].states = Mask(*region.machine, states);
  }
}

std::optional<std::string> Tracker::Value(std::string_view name, std::int64_t index) const {
  for (const Region& region : regions_) {
    const auto at =
        static_cast<std::size_t>(std::max<std::int64_t>(index - region.machine->first, 0));
    if (at >= region.instances.size()) continue;
    for (std::size_t i = 0; i < region.machine->variables.size(); ++i) {
      if (region.machine->variables[i].name == name) return region.instances[at].values[i];
    }
  }
  return std::nullopt;
}

void Tracker::AppendState(std::string& out) const {
  for (const Region& region : regions_) {
    for (const Instance& instance : region.instances) {
      out.append(reinterpret_cast<const char*>(&instance.states), sizeof instance.states);
      out.append(reinterpret_cast<const char*>(&instance.left), sizeof instance.left);
      if (instance.left != 0) out.append(instance.left_by).append(1, '\0');
      for (const std::optional<std::string>& value : instance.values) {
        const std::size_t size = value ? value->size() + 1 : 0;
        out.append(reinterpret_cast<const char*>(&size), sizeof size);
        if (value) out += *value;
      }
    }
  }
}

Tracker::CommandScope Tracker::ScopeOf(const ParsedCommand& command) const {
  for (const Region& region : regions_) {
    if (region.machine->index.empty()) continue;
    if (const auto index = IndexOf(region, command)) return {*this, command, &region, *index};
  }
  return {*this, command, nullptr, 0};
}

Truth Tracker::Holds(const spec::ParsedExpression& expression, const ParsedCommand& command) const {
  return dialect::Holds(expression.root, ScopeOf(command));
}

std::optional<Time> Tracker::Limit(const spec::ParsedExpression& expression,
                                   const ParsedCommand& command) const {
  if (command.command == nullptr || command.form == nullptr) return std::nullopt;
  return EvaluateTime(expression, ScopeOf(command), *command.command, command.form->key);
}

std::string Tracker::Describe(const ParsedCommand& command) const {
  std::string out;
  for (const Region& region : regions_) {
    if (region.machine->index.empty()) continue;
    const auto index = IndexOf(region, command);
    if (!index) continue;
    out += (out.empty() ? "" : ", ") + region.machine->id + " " +
           std::to_string(region.machine->first + static_cast<std::int64_t>(*index)) + ": ";
    std::string states;
    for (std::size_t i = 0; i < region.machine->states.size(); ++i) {
      if ((region.instances[*index].states >> i) & 1)
        states += (states.empty() ? "" : " or ") + region.machine->states[i];
    }
    out += states;
  }
  return out;
}

}  // namespace assay::dialect
