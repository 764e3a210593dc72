#include "spec/scope.h"

#include <algorithm>
#include <string>
#include <variant>

#include "spec/vocabulary.h"

namespace assay::spec {
namespace {

bool IsComputed(std::string_view name) { return name.starts_with('='); }

void Collect(const std::vector<TemplatePart>& parts, std::vector<std::string_view>* names) {
  for (const TemplatePart& part : parts) {
    switch (part.kind) {
      case TemplatePart::Kind::kLiteral:
        break;
      case TemplatePart::Kind::kField:
      case TemplatePart::Kind::kListOf:
        names->push_back(part.text);
        names->insert(names->end(), part.either.begin(), part.either.end());
        break;
      case TemplatePart::Kind::kOptional:
      case TemplatePart::Kind::kRepeat:
        Collect(part.parts, names);
        break;
    }
  }
}

void CheckCall(const Checking& checking, json::Place place, const Expression& call) {
  const FunctionWord* function = FindWord(Functions(), call.text);
  if (function == nullptr) {
    checking.complaints.ErrorAtText(place, call.text, "unknown function " + Quoted(call.text),
                                    OneOf(call.text, WordNames(Functions())));
  } else if (call.args.size() < function->min_arguments ||
             call.args.size() > function->max_arguments) {
    checking.complaints.ErrorAtText(place, call.text,
                                    "wrong number of arguments for " + Quoted(call.text));
  }
}

// in(machine, state, ...): the names are the spec's own.
void CheckIn(const Checking& checking, json::Place place, const Expression& call) {
  if (call.args.empty()) return;
  const std::string& id = call.args[0].text;
  const Machine* machine = checking.dialect.FindMachine(id);
  if (machine == nullptr) {
    std::vector<std::string> ids;
    for (const Machine& candidate : checking.dialect.machines) ids.push_back(candidate.id);
    checking.complaints.ErrorAtText(place, id, "there is no machine " + Quoted(id), OneOf(id, ids));
    return;
  }
  for (std::size_t i = 1; i < call.args.size(); ++i) {
    const std::string& state = call.args[i].text;
    if (std::find(machine->states.begin(), machine->states.end(), state) != machine->states.end())
      continue;
    checking.complaints.ErrorAtText(place, state,
                                    "machine " + Quoted(id) + " has no state " + Quoted(state),
                                    OneOf(state, machine->states));
  }
}

// A guard that compares with a word which never comes would just never hold.
void CheckWord(const Checking& checking, json::Place place, const Expression& comparison) {
  const Expression& name = comparison.args[0];
  const Expression& word = comparison.args[1];
  if (name.op != Expression::Op::kName || word.op != Expression::Op::kString) return;
  if (name.text == "reason") {
    const auto reasons = FailureReasons();
    if (std::find(reasons.begin(), reasons.end(), word.text) != reasons.end()) return;
    checking.complaints.ErrorAtText(place, word.text, "unknown reason " + Quoted(word.text),
                                    OneOf(word.text, reasons));
  } else if (name.text == "command" && checking.dialect.FindCommand(word.text) == nullptr) {
    checking.complaints.ErrorAtText(place, word.text, "there is no command " + Quoted(word.text));
  }
}

}  // namespace

void Scope::Add(std::string_view name) {
  if (!name.empty() && !Has(name)) names_.emplace_back(name);
}

void Scope::AddParameters(const Command& command, std::string_view key) {
  for (const Parameter& parameter : command.parameters) {
    if (!key.empty() && !parameter.key.empty() && parameter.key != key) continue;
    Add(parameter.name);
    for (const std::string& alias : parameter.aliases) Add(alias);
  }
}

void Scope::AddParameters(const Dialect& dialect) {
  for (const Command& command : dialect.commands) AddParameters(command, "");
}

void Scope::AddVariables(const Dialect& dialect, std::string_view machine) {
  for (const Machine& candidate : dialect.machines) {
    const bool single = candidate.index.empty();
    for (const Variable& variable : candidate.variables) {
      const bool other = single ? candidate.id != kPortMachine : !machine.empty() && candidate.id != machine;
      if (other) Add(candidate.id + "." + variable.name);
    }
    if (!machine.empty() && candidate.id != machine && !single) continue;
    Add(candidate.index);
    for (const Variable& variable : candidate.variables) Add(variable.name);
  }
}

void Scope::AddDialectWide(const Dialect& dialect) {
  std::vector<std::string> lines = dialect.finals;
  lines.push_back(dialect.failure);
  for (const std::string& line : lines) {
    const auto parsed = ParseTemplate(line);
    const auto* text = std::get_if<Template>(&parsed);
    if (text == nullptr) continue;
    for (const std::string_view name : FieldNames(text->parts)) Add(name);
  }
}

bool Scope::Has(std::string_view name) const {
  return std::find(names_.begin(), names_.end(), name) != names_.end();
}

void CheckExpression(const Checking& checking, json::Place place, const Expression& expression,
                     const Scope& scope) {
  if (expression.op == Expression::Op::kName && !scope.Has(expression.text)) {
    checking.complaints.ErrorAtText(place, expression.text,
                                    Quoted(expression.text) + " is unknown to " + scope.of(),
                                    OneOf(expression.text, scope.names()));
  }
  if (expression.op == Expression::Op::kCall) {
    CheckCall(checking, place, expression);
    if (expression.text == kInFunction) return CheckIn(checking, place, expression);
  }
  if (expression.op == Expression::Op::kEq || expression.op == Expression::Op::kNe) {
    CheckWord(checking, place, expression);
  }
  for (const Expression& argument : expression.args) {
    CheckExpression(checking, place, argument, scope);
  }
}

void CheckTemplate(const Checking& checking, json::Place place, const Template& text,
                   const Scope& scope) {
  for (const std::string_view name : FieldNames(text.parts)) {
    if (IsComputed(name)) {
      const auto parsed = ParseExpression(name.substr(1));
      if (const auto* expression = std::get_if<ParsedExpression>(&parsed)) {
        CheckExpression(checking, place, expression->root, scope);
      }
    } else if (!scope.Has(name)) {
      checking.complaints.ErrorAtText(place, "<" + std::string(name) + ">",
                                      "<" + std::string(name) + "> is unknown to " + scope.of(),
                                      OneOf(name, scope.names()));
    }
  }
}

std::vector<std::string_view> FieldNames(const std::vector<TemplatePart>& parts) {
  std::vector<std::string_view> names;
  Collect(parts, &names);
  return names;
}

std::string_view Lead(const Template& text) {
  if (text.parts.empty() || text.parts[0].kind != TemplatePart::Kind::kLiteral) return {};
  return text.parts[0].text;
}

bool Akin(const Template& a, const Template& b) {
  const std::string_view x = Lead(a);
  const std::string_view y = Lead(b);
  const bool x_ends = a.parts.size() <= 1;
  const bool y_ends = b.parts.size() <= 1;
  if (x.empty() || y.empty()) return x.empty() && y.empty();
  // A transition may print a value where the manual prints a field, or the other way round.
  if (x_ends && y_ends) return x == y;
  if (x_ends) return x.starts_with(y);
  if (y_ends) return y.starts_with(x);
  return x.starts_with(y) || y.starts_with(x);
}

}  // namespace assay::spec
