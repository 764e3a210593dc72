#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "spec/check.h"
#include "spec/scope.h"
#include "spec/vocabulary.h"

namespace assay::spec {
namespace {

class Suspicions {
 public:
  explicit Suspicions(const Checking& checking)
      : dialect_(checking.dialect), places_(checking.places), complaints_(checking.complaints) {}

  void Run() {
    for (const Command& command : dialect_.commands) {
      Unused(command);
      for (const Form& form : command.forms) NoFinal(form);
    }
    for (const Machine& machine : dialect_.machines) NeverEntered(machine);
    for (const Block& block : dialect_.blocks) NeverSent(block);
  }

 private:
  static void Names(const Expression& expression, std::unordered_set<std::string_view>* names) {
    if (expression.op == Expression::Op::kName) names->insert(expression.text);
    for (const Expression& argument : expression.args) Names(argument, names);
  }

  // A parameter that the manual's table describes and nothing mentions: a typo on either side.
  void Unused(const Command& command) {
    for (const Parameter& parameter : command.parameters) {
      std::unordered_set<std::string_view> names;
      for (const Parameter& pair : command.parameters) {
        for (const std::string& name : pair.either) names.insert(name);
      }
      for (const Form& form : command.forms) {
        const bool same_key =
            parameter.key.empty() || form.key.empty() || form.key == parameter.key;
        if (same_key) Mentioned(form, &names);
      }
      const bool used =
          names.contains(parameter.name) ||
          std::any_of(parameter.aliases.begin(), parameter.aliases.end(),
                      [&](const std::string& alias) { return names.contains(alias); });
      if (used) continue;
      complaints_.Warning(places_.Of(&parameter), "no syntax, line or time of " + command.name +
                                                      " mentions <" + parameter.name + ">");
    }
  }

  static void Mentioned(const Form& form, std::unordered_set<std::string_view>* names) {
    for (const std::string_view name : FieldNames(form.syntax.parts)) names->insert(name);
    names->insert(form.key_of);
    for (const Response& response : form.responses) {
      for (const ResponseLine& line : response.lines) {
        for (const std::string_view name : FieldNames(line.text.parts)) names->insert(name);
      }
      if (response.when) Names(response.when->root, names);
    }
    for (const auto* time :
         {&form.timing.final_ms, &form.timing.result_ms, &form.timing.grace_ms}) {
      if (*time) Names((*time)->root, names);
    }
  }

  void NoFinal(const Form& form) {
    for (const Response& response : form.responses) {
      if (response.outcome == Outcome::kIntermediate) continue;
      const bool ends =
          std::any_of(response.lines.begin(), response.lines.end(),
                      [](const ResponseLine& line) { return line.kind == LineKind::kFinal; });
      if (ends) continue;
      complaints_.Warning(places_.Of(&response.lines.front().text, &response),
                          "the response has no final result code", OneOf("", dialect_.finals));
    }
  }

  void NeverSent(const Block& block) {
    const bool sent = std::any_of(
        dialect_.transitions.begin(), dialect_.transitions.end(), [&](const Transition& t) {
          return std::any_of(t.effects.begin(), t.effects.end(), [&](const Effect& effect) {
            return effect.verb == kSendBlock && effect.args[0].value.text == block.id;
          });
        });
    if (sent) return;
    complaints_.Warning(places_.Of(&block), "no transition sends the block " + Quoted(block.id));
  }

  void NeverEntered(const Machine& machine) {
    for (const std::string& state : machine.states) {
      if (state == machine.initial) continue;
      const bool entered = std::any_of(
          dialect_.transitions.begin(), dialect_.transitions.end(), [&](const Transition& t) {
            if (t.machine == machine.id && t.to == state) return true;
            return std::any_of(t.effects.begin(), t.effects.end(), [&](const Effect& effect) {
              return effect.verb == "become" && effect.args.size() == 2 &&
                     effect.args[0].value.text == machine.id && effect.args[1].value.text == state;
            });
          });
      if (entered) continue;
      complaints_.Warning(places_.Of(&state), "no transition enters the state " + Quoted(state));
    }
  }

  const Dialect& dialect_;
  const Places& places_;
  Complaints& complaints_;
};

}  // namespace

void CheckSuspicious(const Checking& checking) { Suspicions(checking).Run(); }

}  // namespace assay::spec
