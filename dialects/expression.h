// Evaluates the guards, conditions and times of a spec (spec/BEHAVIOUR.md, "Expressions").
//
//   if (Holds(transition.guard->root, scope) != Truth::kFalse) ...
//
// What a scope does not know makes a comparison unknown, never false.
#ifndef DIALECTS_EXPRESSION_H_
#define DIALECTS_EXPRESSION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "dialects/time.h"
#include "spec/model.h"

namespace assay::dialect {

// Unknown, a number, a text, or the values of a repeated argument.
using Datum = std::variant<std::monostate, std::int64_t, std::string, std::vector<std::string>>;

std::string ToText(const Datum& datum);  // a list is joined by commas; unknown is ""
std::optional<std::int64_t> ToNumber(const Datum& datum);
inline bool Known(const Datum& datum) { return !std::holds_alternative<std::monostate>(datum); }

// A variable that holds a list (effect "append"), and its values.
std::vector<std::string> SplitValues(std::string_view variable);
std::string JoinValues(const std::vector<std::string>& values);

enum class Truth { kFalse, kTrue, kUnknown };

class Scope {
 public:
  virtual ~Scope() = default;
  virtual Datum Lookup(std::string_view name) const = 0;
  // A function of the closed list with a name as its argument: present, set, count, ...
  virtual Datum Call(std::string_view function, std::string_view name,
                     const Datum& value) const = 0;
  virtual Truth Present(std::string_view name) const = 0;
  // Is the machine, or the same instance of it, in one of these states?
  virtual Truth In(std::string_view machine, const std::vector<std::string_view>& states) const = 0;
};

// Another scope, but for what a derived one knows better. `inner` outlives it.
class ScopeWithin : public Scope {
 public:
  explicit ScopeWithin(const Scope& inner) : inner_(inner) {}
  Datum Lookup(std::string_view name) const override { return inner_.Lookup(name); }
  Datum Call(std::string_view function, std::string_view name, const Datum& value) const override {
    return inner_.Call(function, name, value);
  }
  Truth Present(std::string_view name) const override { return inner_.Present(name); }
  Truth In(std::string_view machine, const std::vector<std::string_view>& states) const override {
    return inner_.In(machine, states);
  }

 private:
  const Scope& inner_;
};

Datum Evaluate(const spec::Expression& expression, const Scope& scope);
Truth Holds(const spec::Expression& expression, const Scope& scope);

// A maximum time: milliseconds, or an expression whose parameters in seconds count as such.
// Nothing if a value in it is unknown.
std::optional<Time> EvaluateTime(const spec::ParsedExpression& expression, const Scope& scope,
                                 const spec::Command& command, std::string_view key);

// Fills a template. An optional group is left out if a name in it has no value. Nothing if a name
// outside of groups has none.
std::optional<std::string> Render(const std::vector<spec::TemplatePart>& parts, const Scope& scope);

}  // namespace assay::dialect

#endif  // DIALECTS_EXPRESSION_H_
