#include "spec/model.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace assay::spec {
namespace {

template <typename T, typename Matches>
const T* FindIf(const std::vector<T>& list, Matches matches) {
  const auto found = std::find_if(list.begin(), list.end(), matches);
  return found == list.end() ? nullptr : &*found;
}

bool Holds(const std::vector<std::string>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

}  // namespace

std::string_view Name(Basis basis) {
  switch (basis) {
    case Basis::kStated:
      return "stated";
    case Basis::kExample:
      return "example";
    case Basis::kInferred:
      return "inferred";
    case Basis::kOpen:
      return "open";
  }
  return "";
}

std::string_view Name(FormKind form) {
  switch (form) {
    case FormKind::kTest:
      return "test";
    case FormKind::kRead:
      return "read";
    case FormKind::kWrite:
      return "write";
    case FormKind::kExecute:
      return "execute";
    case FormKind::kUrc:
      return "urc";
  }
  return "";
}

std::string_view Name(Outcome outcome) {
  switch (outcome) {
    case Outcome::kSuccess:
      return "success";
    case Outcome::kFailure:
      return "failure";
    case Outcome::kQuery:
      return "query";
    case Outcome::kIntermediate:
      return "intermediate";
    case Outcome::kCancelled:
      return "cancelled";
  }
  return "";
}

std::string FormName(const Form& form) {
  std::string name(Name(form.form));
  if (!form.key.empty()) name += ":" + form.key;
  if (!form.variant.empty()) name += "/" + form.variant;
  return name;
}

bool IsLineOf(std::string_view urc, const Block& block) {
  return urc == block.start || urc == block.end ||
         std::any_of(block.parts.begin(), block.parts.end(),
                     [&](const BlockPart& part) { return part.urc == urc; });
}

bool AcceptsFirst(const Response& response) {
  return std::any_of(response.lines.begin(), response.lines.end(),
                     [](const ResponseLine& line) { return line.text.text == "OK"; });
}

const Response* RefusalOf(const Form& form, std::string_view error_field, bool coded) {
  const auto tells = [&](const ResponseLine& line) {
    return !error_field.empty() &&
           line.text.text.find("<" + std::string(error_field) + ">") != std::string::npos;
  };
  const Response* first = nullptr;
  for (const Response& response : form.responses) {
    const bool refuses = response.outcome == Outcome::kFailure && !AcceptsFirst(response) &&
                         response.wording_of.empty();
    if (!refuses) continue;
    if (first == nullptr) first = &response;
    if (std::any_of(response.lines.begin(), response.lines.end(), tells) == coded) return &response;
  }
  return first;
}

const Response* FindResponse(const Form& form, std::string_view id) {
  return FindIf(form.responses, [&](const Response& response) { return response.id == id; });
}

bool IsEventOf(std::string_view event, const Command& command, const Form& form) {
  if (!event.starts_with(command.name)) return false;
  event.remove_prefix(command.name.size());
  if (!event.starts_with(' ')) return false;
  event.remove_prefix(1);
  const std::string name = FormName(form);
  if (event == name) return true;
  return !form.variant.empty() && event.size() + 1 + form.variant.size() == name.size() &&
         name.starts_with(event);
}

const Parameter* Command::FindParameter(std::string_view wanted, std::string_view key) const {
  const auto named = [&](const Parameter& parameter) {
    return parameter.name == wanted || Holds(parameter.aliases, wanted);
  };
  if (!key.empty()) {
    const Parameter* keyed = FindIf(parameters, [&](const Parameter& parameter) {
      return parameter.key == key && named(parameter);
    });
    if (keyed != nullptr) return keyed;
  }
  return FindIf(parameters, [&](const Parameter& parameter) {
    return parameter.key.empty() && named(parameter);
  });
}

const Form* Command::FindForm(FormKind wanted, std::string_view key) const {
  return FindIf(forms, [&](const Form& form) { return form.form == wanted && form.key == key; });
}

const Command* Dialect::FindCommand(std::string_view name) const {
  return FindIf(commands, [&](const Command& command) { return command.name == name; });
}

const Machine* Dialect::FindMachine(std::string_view wanted) const {
  return FindIf(machines, [&](const Machine& machine) { return machine.id == wanted; });
}

const Erratum* Dialect::FindErratum(std::string_view wanted) const {
  return FindIf(errata, [&](const Erratum& erratum) { return erratum.id == wanted; });
}

const Block* Dialect::FindBlock(std::string_view wanted) const {
  return FindIf(blocks, [&](const Block& block) { return block.id == wanted; });
}

bool AppliesTo(const std::vector<std::string>& models, const std::vector<std::string>& not_models,
               std::string_view model) {
  if (Holds(not_models, model)) return false;
  return models.empty() || Holds(models, model);
}

}  // namespace assay::spec
