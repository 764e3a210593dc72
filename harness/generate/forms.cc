// Cases of forms that a command does not have, or not on this model.
#include <algorithm>
#include <set>
#include <utility>

#include "dialects/value.h"
#include "harness/generate/drafts.h"

namespace assay::harness {
namespace {

using dialect::OutOfRange;
using spec::FormKind;

// A name that no command of the dialect has.
constexpr std::string_view kNobody = "AT+ASSAYNONE";

Draft MakeNegative(const Ground& ground, const spec::Command& command, const std::string& form,
                   const std::string& line, const std::string& purpose) {
  Draft draft;
  draft.id = ground.dialect().id + "/" + Slug(command.name) + "/" + form + "/not-there";
  draft.kind = "syntax";
  draft.clause = command.source.clause;
  draft.purpose = purpose;
  draft.reason = Because("the forms of " + command.name, command.source);
  Stimulus stimulus;
  stimulus.command = &command;
  stimulus.line = line;
  draft.test = {std::move(stimulus)};
  draft.wrong = true;
  return draft;
}

void DraftAbsent(const Ground& ground, const spec::Command& command, std::vector<Draft>& out) {
  const struct {
    FormKind kind;
    std::string name, end;
  } kForms[] = {{FormKind::kTest, "test", "=?"},
                {FormKind::kRead, "read", "?"},
                {FormKind::kExecute, "execute", ""},
                {FormKind::kWrite, "write", "=1"}};
  for (const auto& form : kForms) {
    const std::string line = command.name + form.end;
    const dialect::ParsedCommand parsed = ground.grammar->ParseCommand(line);
    if (parsed.Valid(true) || command.FindForm(form.kind) != nullptr) continue;
    out.push_back(MakeNegative(ground, command, form.name, line,
                               command.name + " has no form " + form.name + ", and refuses it"));
  }
  // A sub-command that it does not have.
  const spec::Form* keyed = nullptr;
  for (const spec::Form& form : command.forms) {
    if (form.form == FormKind::kWrite && !form.key.empty()) keyed = &form;
  }
  if (keyed == nullptr) return;
  const bool number = dialect::ParseInteger(keyed->key).has_value();
  const std::string line = command.name + (number ? "=99,0" : "=\"assaynone\",0");
  if (ground.grammar->ParseCommand(line).Valid(true)) return;
  out.push_back(MakeNegative(ground, command, "write", line,
                             command.name + " refuses a sub-command that it does not have"));
  out.back().id = ground.dialect().id + "/" + Slug(command.name) + "/write/key-not-there";
}

}  // namespace

std::optional<std::string> Another(const spec::Dialect& dialect, const spec::Parameter& parameter) {
  std::string usual = parameter.default_value.value_or("");
  for (const spec::Machine& machine : dialect.machines) {
    for (const spec::Variable& variable : machine.variables) {
      if (variable.name == parameter.name)
        usual = variable.known ? variable.initial : variable.emulator;
    }
  }
  for (const spec::Value& value : parameter.values) {
    if (value.value != usual && !OutOfRange(parameter, value.value)) return value.value;
  }
  if (IsAnyText(parameter)) return "assay2";
  for (const auto& bound : {parameter.range.max, parameter.range.min}) {
    if (bound && std::to_string(*bound) != usual) return std::to_string(*bound);
  }
  return std::nullopt;
}

void DraftForms(const Ground& ground, std::vector<Draft>& out) {
  bool first = true;
  for (const spec::Command& command : ground.dialect().commands) {
    if (!Tried(*ground.grammar, command)) continue;
    DraftAbsent(ground, command, out);
    if (!std::exchange(first, false)) continue;
    Draft draft = MakeNegative(ground, command, "unknown", std::string(kNobody) + "=1",
                               "a command that nobody has is refused");
    draft.id = ground.dialect().id + "/unknown/write/nobodys-command";
    draft.reason = "no manual has " + std::string(kNobody) + " (ITU-T V.250, stated)";
    draft.test[0].command = nullptr;
    out.push_back(std::move(draft));
  }
  // What another model has.
  for (const spec::Command& command : ground.dialect().commands) {
    const bool here = spec::AppliesTo(command.models, command.not_models, ground.dialect().model);
    if (here || command.documented_elsewhere || command.kind != spec::CommandKind::kCommand)
      continue;
    for (const spec::Form& form : command.forms) {
      // How a form is refused that documents no refusal, nobody says.
      const bool refusable = std::any_of(form.responses.begin(), form.responses.end(),
                                         [](const spec::Response& response) {
                                           return response.outcome == spec::Outcome::kFailure;
                                         });
      if (form.form == FormKind::kUrc || !refusable) continue;
      const auto instances = InstancesOf(ground.words, command, form);
      StimulusOptions options;
      options.occasion.instance = instances.front();
      const auto text = TextOf(*ground.grammar, ground.words, command, form, options);
      if (!text || ground.grammar->ParseCommand(Vocabulary::Bind(text->Text())).Valid(true))
        continue;
      Draft draft = MakeNegative(ground, command, Slug(spec::FormName(form)), text->Text(),
                                 command.name + " is not on this model, and refused");
      draft.id = FolderOf(ground.dialect(), command, form) + "/not-on-this-model";
      draft.clause = command.models_source.clause.empty() ? command.source.clause
                                                          : command.models_source.clause;
      draft.reason =
          Because("which models have " + command.name,
                  command.models_source.clause.empty() ? command.source : command.models_source);
      out.push_back(std::move(draft));
    }
  }
}

}  // namespace assay::harness
