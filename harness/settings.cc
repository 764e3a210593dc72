#include "harness/settings.h"

#include <algorithm>

#include "spec/form_parameters.h"

namespace assay::harness {
namespace {

bool Stores(const spec::Form& form, std::string_view name) {
  return std::find(form.stores.begin(), form.stores.end(), name) != form.stores.end();
}

// Does it do more than to store: ask for a result, data, the network, or start what reset ends?
bool DoesMore(const dialect::Grammar& grammar, const spec::Form& form) {
  const dialect::CompiledForm* compiled = grammar.Compiled(&form);
  if (compiled == nullptr || form.data) return true;
  for (const dialect::CompiledResponse& response : compiled->responses) {
    if (!response.async.empty()) return true;
  }
  const auto& reset = grammar.dialect().reset;
  return std::any_of(
      compiled->transitions.begin(), compiled->transitions.end(),
      [&](const spec::Transition* transition) {
        if (!transition->refuse.empty()) return false;
        const spec::Machine* machine = grammar.dialect().FindMachine(transition->machine);
        // A mode of the port is a setting, though reset has it put at its first.
        const bool moves = !transition->to.empty() && machine != nullptr && !machine->index.empty() &&
                           std::any_of(reset.begin(), reset.end(), [&](const auto& step) {
                             return step.machine == transition->machine;
                           });
        return moves || std::any_of(transition->effects.begin(), transition->effects.end(),
                                    [](const spec::Effect& effect) {
                                      return effect.verb.find('.') != std::string::npos;
                                    });
      });
}

std::string ReaderOf(const spec::Command& command, const spec::Form& form, std::string_view prefix) {
  const bool queries = std::any_of(form.responses.begin(), form.responses.end(), [](const auto& one) {
    return one.outcome == spec::Outcome::kQuery;
  });
  if (queries && prefix.ends_with(',')) return std::string(prefix.substr(0, prefix.size() - 1));
  const spec::Form* read = command.FindForm(spec::FormKind::kRead);
  return read != nullptr ? command.name + "?" : "";
}

// The forms whose answers tell it.
std::vector<const spec::Form*> Tellers(const Setting& setting) {
  if (!setting.reader.ends_with('?')) return {setting.form};
  return {setting.command->FindForm(spec::FormKind::kRead)};
}

// What a line tells, if it is about this instance.
std::optional<SettingValues> Told(const Setting& setting, const dialect::LineMatch& match) {
  SettingValues out;
  for (std::size_t i = 0; i < match.count; ++i) {
    const dialect::LineField& field = match.fields[i];
    if (Stores(*setting.form, field.name)) out.emplace(field.name, field.value);
    const auto fixed = setting.fixed.find(field.name);
    if (fixed != setting.fixed.end() && fixed->second != field.value) return std::nullopt;
  }
  return out.empty() ? std::nullopt : std::optional(out);
}

}  // namespace

std::vector<Setting> SettingsTouched(const std::vector<std::string>& lines,
                                     const dialect::Grammar& grammar) {
  std::vector<Setting> out;
  for (const std::string& line : lines) {
    const dialect::ParsedCommand parsed = grammar.ParseCommand(line);
    if (parsed.form == nullptr || parsed.form->stores.empty() || !parsed.Valid(true)) continue;
    if (DoesMore(grammar, *parsed.form)) continue;
    const auto first =
        std::find_if(parsed.arguments.begin(), parsed.arguments.end(),
                     [&](const auto& argument) { return Stores(*parsed.form, argument.name); });
    if (first == parsed.arguments.end()) continue;
    Setting setting;
    setting.command = parsed.command;
    setting.form = parsed.form;
    setting.prefix = line.substr(0, first->offset);
    // A quote that belongs to the value is written with it.
    if (setting.prefix.ends_with('"')) setting.prefix.pop_back();
    for (auto argument = parsed.arguments.begin(); argument != first; ++argument)
      setting.fixed.emplace(argument->name, argument->value);
    setting.reader = ReaderOf(*parsed.command, *parsed.form, setting.prefix);
    setting.name = setting.prefix;
    while (setting.name.ends_with(',') || setting.name.ends_with('=')) setting.name.pop_back();
    const bool known = std::any_of(out.begin(), out.end(), [&](const Setting& other) {
      return other.prefix == setting.prefix && other.form == setting.form;
    });
    if (!known) out.push_back(std::move(setting));
  }
  return out;
}

SettingValues ValuesIn(const Setting& setting, const std::vector<std::string>& received,
                       const dialect::Grammar& grammar) {
  for (const std::string& text : received) {
    for (const spec::Form* form : Tellers(setting)) {
      const dialect::CompiledForm* compiled = grammar.Compiled(form);
      if (compiled == nullptr) continue;
      for (const dialect::CompiledResponse& response : compiled->responses) {
        for (const dialect::DocumentedLine* line : response.sync) {
          dialect::LineMatch match;
          if (line->line->kind == spec::LineKind::kFinal ||
              line->pattern.Match(text, match) != dialect::LineFit::kMatch)
            continue;
          if (auto told = Told(setting, match)) return std::move(*told);
        }
      }
    }
  }
  return {};
}

std::optional<std::string> Writer(const Setting& setting, const SettingValues& values) {
  std::string out = setting.prefix;
  bool any = false;
  for (const spec::FormParameter& parameter : spec::FormParameters(setting.form->syntax)) {
    if (!Stores(*setting.form, parameter.name)) continue;
    const auto value = values.find(parameter.name);
    if (value == values.end()) {
      if (!parameter.optional) return std::nullopt;
      break;
    }
    if (any) out += ',';
    out += parameter.quoted ? "\"" + value->second + "\"" : value->second;
    any = true;
  }
  return any ? std::optional(out) : std::nullopt;
}

std::string Words(const SettingValues& values, const Setting& setting) {
  std::string out;
  for (const std::string& name : setting.form->stores) {
    const auto value = values.find(name);
    if (value != values.end()) out += (out.empty() ? "" : ",") + value->second;
  }
  return out;
}

}  // namespace assay::harness
