#include <algorithm>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "spec/check.h"
#include "spec/uniqueness.h"
#include "spec/vocabulary.h"

namespace assay::spec {
namespace {

// "3.2.2", "1.7", "A.2", "27": numbers and letters, separated by dots or dashes.
bool IsClause(std::string_view clause) {
  bool separated = true;
  for (const char c : clause) {
    const bool word = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (!word && (separated || (c != '.' && c != '-'))) return false;
    separated = !word;
  }
  return !separated;
}

bool IsNumber(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

template <typename Visit>
void VisitSources(const Dialect& dialect, Visit visit) {
  visit(dialect.framing.source);
  for (const Command& command : dialect.commands) {
    visit(command.source);
    visit(command.models_source);
    visit(command.attributes_source);
    for (const Parameter& parameter : command.parameters) {
      visit(parameter.source);
      visit(parameter.range_source);
      visit(parameter.default_source);
      visit(parameter.models_source);
      for (const Value& value : parameter.values) {
        visit(value.source);
        visit(value.models_source);
      }
      for (const ParameterOverride& change : parameter.overrides) {
        visit(change.source);
        for (const Value& value : change.values) visit(value.source);
      }
    }
    for (const Form& form : command.forms) {
      visit(form.source);
      visit(form.models_source);
      visit(form.care_source);
      visit(form.timing.source);
      if (form.data) visit(form.data->source);
      for (const Response& response : form.responses) {
        visit(response.source);
        visit(response.models_source);
      }
    }
  }
  visit(dialect.errors_source);
  for (const ErrorCode& error : dialect.errors) visit(error.source);
  for (const Machine& machine : dialect.machines) {
    visit(machine.source);
    for (const Variable& variable : machine.variables) visit(variable.source);
  }
  for (const Transition& transition : dialect.transitions) {
    visit(transition.source);
    visit(transition.models_source);
    visit(transition.refuse_source);
  }
  for (const Block& block : dialect.blocks) {
    visit(block.source);
    for (const BlockPart& part : block.parts) visit(part.source);
  }
  for (const Rule& rule : dialect.rules) visit(rule.source);
}

class Facts {
 public:
  explicit Facts(const Checking& checking)
      : c_(checking), dialect_(checking.dialect), complaints_(checking.complaints) {}

  void Run() {
    Sources();
    Models();
    Errors();
    Lines();
    Names();
  }

 private:
  // `document`: another one than the manual, whose clauses nobody knows here.
  void Clause(const std::string& clause, const std::string& document) {
    if (!c_.places.Knows(&clause) || clause.empty()) return;
    const std::vector<std::string>& clauses = dialect_.document.clauses;
    if (!IsClause(clause)) {
      complaints_.Error(c_.places.Of(&clause), Quoted(clause) + " is no clause number",
                        "expected it as the manual numbers it: 3.2.2, A.1");
    } else if (document.empty() && !clauses.empty() &&
               std::find(clauses.begin(), clauses.end(), clause) == clauses.end()) {
      complaints_.Warning(c_.places.Of(&clause), "the manual has no clause " + Quoted(clause),
                          DidYouMean(clause, clauses));
    }
  }

  template <typename T>
  void HasClause(const std::vector<T>& list, std::string_view what) {
    for (const T& item : list) {
      if (!item.source.clause.empty()) continue;
      complaints_.Error(c_.places.Of(&item), "the " + std::string(what) + " has no \"clause\"");
    }
  }

  void Sources() {
    VisitSources(dialect_, [&](const Source& source) {
      Clause(source.clause, source.document);
      if (source.erratum.empty() || !c_.places.Knows(&source.erratum)) return;
      if (dialect_.FindErratum(source.erratum) != nullptr) return;
      std::vector<std::string> ids;
      for (const Erratum& erratum : dialect_.errata) ids.push_back(erratum.id);
      complaints_.Error(c_.places.Of(&source.erratum),
                        "there is no erratum " + Quoted(source.erratum),
                        DidYouMean(source.erratum, ids));
    });
    for (const Erratum& erratum : dialect_.errata) Clause(erratum.clause, {});
    HasClause(dialect_.commands, "command");
    HasClause(dialect_.errors, "error");
    HasClause(dialect_.transitions, "transition");
    HasClause(dialect_.blocks, "block");
    HasClause(dialect_.rules, "rule");
  }

  void ModelsExist(const std::vector<std::string>& models) {
    std::vector<std::string> ids;
    for (const Model& model : dialect_.models) ids.push_back(model.id);
    for (const std::string& model : models) {
      if (std::find(ids.begin(), ids.end(), model) != ids.end()) continue;
      complaints_.Error(c_.places.Of(&model), "there is no model " + Quoted(model),
                        OneOf(model, ids));
    }
  }

  // For `models` and `not_models` of one object, where they stand.
  template <typename T>
  void ModelsOf(const T& object) {
    bool given = !object.models.empty();
    ModelsExist(object.models);
    if constexpr (requires { object.not_models; }) {
      given = given || !object.not_models.empty();
      ModelsExist(object.not_models);
    }
    if (given || !c_.places.Knows(&object.models_source)) return;
    complaints_.Error(c_.places.Of(&object.models_source),
                      "\"models_source\" without the models that it is the source of");
  }

  void Models() {
    if (!dialect_.default_model.empty()) {
      const bool known =
          std::any_of(dialect_.models.begin(), dialect_.models.end(),
                      [&](const Model& model) { return model.id == dialect_.default_model; });
      if (!known) {
        complaints_.Error(c_.places.Of(&dialect_.default_model),
                          "there is no model " + Quoted(dialect_.default_model));
      }
    }
    for (const Command& command : dialect_.commands) {
      ModelsOf(command);
      for (const Form& form : command.forms) {
        ModelsOf(form);
        for (const Response& response : form.responses) ModelsOf(response);
      }
      for (const Parameter& parameter : command.parameters) {
        ModelsOf(parameter);
        for (const Value& value : parameter.values) ModelsOf(value);
        for (const ParameterOverride& change : parameter.overrides) ModelsExist(change.models);
      }
    }
    for (const Transition& transition : dialect_.transitions) ModelsOf(transition);
  }

  bool IsFinal(std::string_view line) const {
    return std::find(dialect_.finals.begin(), dialect_.finals.end(), line) != dialect_.finals.end();
  }

  void Errors() {
    for (const ErrorCode& error : dialect_.errors) {
      for (const std::string& command : error.commands) {
        if (dialect_.FindCommand(command) != nullptr) continue;
        complaints_.Error(c_.places.Of(&command), "there is no command " + Quoted(command));
      }
    }
    const Refusals& refusals = dialect_.refusals;
    for (const std::string* refusal : {&refusals.syntax, &refusals.range, &refusals.state,
                                       &refusals.unknown, &refusals.too_long}) {
      Refusal(*refusal);
    }
    for (const Transition& transition : dialect_.transitions) Refusal(transition.refuse);
  }

  // A code alone fills <err> of the failure line; anything else is the whole line.
  void Refusal(const std::string& refusal) {
    if (refusal.empty() || IsFinal(refusal)) return;
    const bool known = std::any_of(dialect_.errors.begin(), dialect_.errors.end(),
                                   [&](const ErrorCode& error) { return error.code == refusal; });
    if (known) return;
    complaints_.Error(c_.places.Of(&refusal),
                      IsNumber(refusal) ? "there is no error " + Quoted(refusal)
                                        : Quoted(refusal) + " is no error and no final result code",
                      "expected a code of \"errors\" or a line of \"finals\"");
  }

  void Lines() {
    for (const std::string& line : dialect_.finals) Line(line);
    Line(dialect_.failure);
    if (!dialect_.failure.empty() && !IsFinal(dialect_.failure)) {
      complaints_.Error(c_.places.Of(&dialect_.failure),
                        Quoted(dialect_.failure) + " is none of \"finals\"");
    }
    for (const ErrorCode& error : dialect_.errors) Line(error.format);
  }

  void Line(const std::string& line) {
    const auto parsed = ParseTemplate(line);
    if (const auto* error = std::get_if<TemplateError>(&parsed)) {
      complaints_.ErrorInString(c_.places.Of(&line), error->offset, error->message);
    }
  }

  void Names() {
    const auto id = [](const auto& item) { return item.id; };
    const auto name = [](const auto& item) { return item.name; };
    Unique(c_, dialect_.models, "model", id);
    Unique(c_, dialect_.commands, "command", name);
    Unique(c_, dialect_.machines, "machine", id);
    Unique(c_, dialect_.transitions, "transition", id);
    Unique(c_, dialect_.blocks, "block", id);
    Unique(c_, dialect_.rules, "rule", id);
    Unique(c_, dialect_.errata, "erratum", id);
    // One code may mean several things, each for commands of its own.
    std::vector<const ErrorCode*> seen;
    for (const ErrorCode& error : dialect_.errors) {
      for (const ErrorCode* other : seen) {
        if (error.code != other->code || error.format != other->format ||
            error.commands != other->commands) {
          continue;
        }
        Duplicate(c_, &error, other, "error", error.code);
        break;
      }
      seen.push_back(&error);
    }
    for (const auto& [capability, variable] : dialect_.capabilities) {
      Capability(capability, variable);
    }
  }

  void Capability(const std::string& capability, const std::string& variable) {
    const json::Place place = c_.places.Of(&variable);
    const auto words = Capabilities();
    if (std::find(words.begin(), words.end(), capability) == words.end()) {
      complaints_.Error(place, "unknown capability " + Quoted(capability),
                        OneOf(capability, words));
      return;
    }
    // These name a setting of a TLS context, not a variable.
    if (capability.starts_with("tls.")) return;
    const Machine* port = dialect_.FindMachine(kPortMachine);
    std::vector<std::string> variables;
    if (port != nullptr) {
      for (const Variable& candidate : port->variables) variables.push_back(candidate.name);
    }
    if (std::find(variables.begin(), variables.end(), variable) != variables.end()) return;
    complaints_.Error(place, "machine \"port\" has no variable " + Quoted(variable),
                      OneOf(variable, variables));
  }

  const Checking& c_;
  const Dialect& dialect_;
  Complaints& complaints_;
};

}  // namespace

void CheckFacts(const Checking& checking) { Facts(checking).Run(); }

void CheckDialect(const Checking& checking) {
  CheckFacts(checking);
  CheckCommands(checking);
  CheckBehaviour(checking);
  CheckBlocks(checking);
}

}  // namespace assay::spec
