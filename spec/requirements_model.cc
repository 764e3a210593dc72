#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "spec/requirements_of.h"

namespace assay::spec {
namespace {

using Listed = Requirement::Listed;

const Value* Find(const std::vector<Value>& values, std::string_view value) {
  const auto found = std::find_if(values.begin(), values.end(),
                                  [&](const Value& other) { return other.value == value; });
  return found == values.end() ? nullptr : &*found;
}

class OfOneModel {
 public:
  OfOneModel(const Model& model, Statements* out)
      : model_(model), about_("model/" + model.id), out_(*out) {}

  void Run() {
    const Dialect& dialect = out_.dialect();
    // Where there is one, it is what the manual is about.
    several_ = dialect.models.size() > 1;
    out_.Say(about_, "name", model_.name, {}, List("model", model_.id, "-"));
    out_.SayIfAny(about_, "notes", model_.notes, {});
    for (const Command& command : dialect.commands) OfOneCommand(command);
  }

 private:
  std::optional<Listed> List(std::string_view kind, const std::string& subject,
                             std::string attribute) const {
    if (!several_) return {};
    return Listed{std::string(kind), subject, std::move(attribute), "-"};
  }

  void OfOneCommand(const Command& command) {
    own_ = !command.documented_elsewhere;
    const bool has = AppliesTo(command.models, command.not_models, model_.id);
    if (!has) Lacks(command.name, command.name, command.models_source);
    for (const Form& form : command.forms) {
      if (!has || AppliesTo(form.models, {}, model_.id)) continue;
      Lacks(command.name + "/" + FormName(form), FormSubject(command, form), form.models_source);
    }
    for (const Parameter& parameter : command.parameters) {
      const std::string subject = ParameterSubject(command, parameter);
      if (has && !AppliesTo(parameter.models, {}, model_.id)) {
        Lacks(AboutParameter(command, parameter), subject, parameter.models_source);
      } else {  // a manual may give numbers for what it denies elsewhere
        Overrides(AboutParameter(command, parameter), subject + "@" + model_.id, parameter);
      }
    }
  }

  void Lacks(const std::string& what, const std::string& subject, const Source& source) {
    out_.Say(about_, what, "not there", source,
             own_ ? List("lacks", model_.id, subject) : std::optional<Listed>());
  }

  void Say(const std::string& what, std::string_view attribute, const std::string& text,
           const Source& source, const std::string& subject) {
    out_.Say(about_, what + "/" + std::string(attribute), text, source,
             own_ ? std::optional(Listed{"override", subject, std::string(attribute), text})
                  : std::nullopt);
  }

  // Each model for itself, so that it does not matter how the spec groups them.
  void Overrides(const std::string& what, const std::string& subject, const Parameter& parameter) {
    for (const ParameterOverride& change : parameter.overrides) {
      if (!AppliesTo(change.models, {}, model_.id)) continue;
      for (const auto& [name, bound] : Bounds(change.range)) {
        if (bound) Say(what, name, std::to_string(*bound), change.source, subject);
      }
      if (change.default_value) {
        Say(what, "default", *change.default_value, change.source, subject);
      }
      if (!change.values.empty()) Values(what, subject, parameter.values, change);
      out_.SayIfAny(about_, what + "/note", change.note, change.source);
    }
    for (const Value& value : parameter.values) {
      const bool has =
          std::any_of(parameter.values.begin(), parameter.values.end(), [&](const Value& other) {
            return other.value == value.value && AppliesTo(other.models, {}, model_.id);
          });
      if (!has) {
        Without(what, value.value, value.models_source, subject);
      }
    }
  }

  void Values(const std::string& what, const std::string& subject,
              const std::vector<Value>& printed, const ParameterOverride& change) {
    for (const Value& value : printed) {
      if (Find(change.values, value.value) == nullptr) {
        Without(what, value.value, change.source, subject);
      }
    }
    for (const Value& value : change.values) {
      const Value* other = Find(printed, value.value);
      if (other != nullptr && other->meaning == value.meaning) continue;
      out_.Say(about_, what + "/value " + value.value, value.meaning, value.source,
               other == nullptr && own_
                   ? std::optional(Listed{"override", subject, "with", value.value})
                   : std::nullopt);
    }
  }

  void Without(const std::string& what, const std::string& value, const Source& source,
               const std::string& subject) {
    out_.Say(about_, what + "/value " + value, "not there", source,
             own_ ? std::optional(Listed{"override", subject, "without", value}) : std::nullopt);
  }

  const Model& model_;
  std::string about_;
  Statements& out_;
  bool several_ = false;
  bool own_ = true;  // of a command that the manual itself documents
};

}  // namespace

void OfModel(const Model& model, Statements* out) { OfOneModel(model, out).Run(); }

}  // namespace assay::spec
