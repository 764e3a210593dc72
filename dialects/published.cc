#include "dialects/published.h"

#include <algorithm>

namespace assay::dialect {
namespace {

constexpr std::string_view kData = "data";

// An effect's argument that is one of the command's, or the data.
std::optional<std::string_view> Given(const spec::Effect& effect, std::string_view name,
                                      const ParsedCommand& command,
                                      std::optional<std::string_view> data) {
  for (const spec::EffectArgument& argument : effect.args) {
    if (argument.name != name || argument.value.op != spec::Expression::Op::kName) continue;
    if (argument.value.text == kData) return data;
    const Argument* given = command.Find(argument.value.text);
    return given == nullptr ? std::nullopt : std::optional(given->value);
  }
  return std::nullopt;
}

}  // namespace

std::vector<Published> PublishedBy(const Grammar& grammar, const ParsedCommand& command,
                                   std::optional<std::string_view> data) {
  std::vector<Published> out;
  const CompiledForm* form = grammar.Compiled(command.form);
  if (form == nullptr) return out;
  for (const spec::Transition* transition : data ? form->data_transitions : form->transitions) {
    for (const spec::Effect& effect : transition->effects) {
      if (effect.verb != "mqtt.publish" && effect.verb != "sn.publish") continue;
      auto topic = Given(effect, "topic", command, data);
      if (!topic) topic = Given(effect, "topic_id", command, data);
      const auto payload = Given(effect, "payload", command, data);
      if (!topic || !payload) continue;
      const Published message{*topic, *payload};
      if (std::find(out.begin(), out.end(), message) == out.end()) out.push_back(message);
    }
  }
  return out;
}

}  // namespace assay::dialect
