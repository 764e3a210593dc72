#include "devices/service_call.h"

namespace assay::device {

using dialect::Datum;

Datum Find(const dialect::ServiceCall& call, std::string_view name) {
  const auto found = call.arguments.find(name);
  return found == call.arguments.end() ? Datum{} : found->second;
}

std::string Text(const dialect::ServiceCall& call, std::string_view name) {
  return dialect::ToText(Find(call, name));
}

int Number(const dialect::ServiceCall& call, std::string_view name, int otherwise) {
  const auto number = dialect::ToNumber(Find(call, name));
  return number ? static_cast<int>(*number) : otherwise;
}

std::vector<std::string> List(const dialect::ServiceCall& call, std::string_view name) {
  const Datum datum = Find(call, name);
  if (const auto* list = std::get_if<std::vector<std::string>>(&datum)) return *list;
  if (!dialect::Known(datum)) return {};
  return {dialect::ToText(datum)};
}

std::string_view Name(Loss loss) {
  switch (loss) {
    case Loss::kUnanswered:
      return "unanswered";
    case Loss::kLink:
      return "link";
    case Loss::kRegistration:
      return "registration";
  }
  return "";
}

std::optional<Will> MakeWill(const dialect::ServiceCall& call) {
  if (Number(call, "will") == 0) return std::nullopt;
  return Will{.topic = Text(call, "will_topic"),
              .payload = Text(call, "will_message"),
              .qos = Number(call, "will_qos"),
              .retain = Number(call, "will_retain") != 0};
}

}  // namespace assay::device
