#include "dialects/expression.h"

#include <algorithm>

#include "dialects/functions.h"
#include "dialects/line_pattern.h"
#include "dialects/value.h"

namespace assay::dialect {
namespace {

using spec::Expression;
using Op = spec::Expression::Op;

constexpr char kBetweenValues = '\x1F';  // ASCII's unit separator: no text of a modem holds it

Truth Not(Truth truth) {
  return truth == Truth::kUnknown ? truth : truth == Truth::kTrue ? Truth::kFalse : Truth::kTrue;
}

Truth Compare(Op op, const Datum& left, const Datum& right) {
  if (!Known(left) || !Known(right)) return Truth::kUnknown;
  const auto a = ToNumber(left), b = ToNumber(right);
  int order = 0;
  if (a && b) {
    order = *a < *b ? -1 : *a > *b ? 1 : 0;
  } else {
    order = ToText(left).compare(ToText(right));
  }
  bool holds = false;
  switch (op) {
    case Op::kEq:
      holds = order == 0;
      break;
    case Op::kNe:
      holds = order != 0;
      break;
    case Op::kLt:
      holds = order < 0;
      break;
    case Op::kLe:
      holds = order <= 0;
      break;
    case Op::kGt:
      holds = order > 0;
      break;
    case Op::kGe:
      holds = order >= 0;
      break;
    default:
      return Truth::kUnknown;
  }
  return holds ? Truth::kTrue : Truth::kFalse;
}

Datum Arithmetic(Op op, const Datum& left, const Datum& right) {
  const auto a = ToNumber(left), b = ToNumber(right);
  if (!a || !b) return {};
  std::int64_t out = 0;
  const bool overflow = op == Op::kAdd   ? __builtin_add_overflow(*a, *b, &out)
                        : op == Op::kSub ? __builtin_sub_overflow(*a, *b, &out)
                                         : __builtin_mul_overflow(*a, *b, &out);
  return overflow ? Datum{} : Datum{out};
}

Datum FromTruth(Truth truth) {
  return truth == Truth::kUnknown ? Datum{} : Datum{std::int64_t{truth == Truth::kTrue}};
}

Truth ToTruth(const Datum& datum) {
  if (!Known(datum)) return Truth::kUnknown;
  if (const auto number = ToNumber(datum)) return *number != 0 ? Truth::kTrue : Truth::kFalse;
  return ToText(datum).empty() ? Truth::kFalse : Truth::kTrue;
}

// Counts seconds as milliseconds, by the parameter's unit.
class InMilliseconds : public ScopeWithin {
 public:
  InMilliseconds(const Scope& inner, const spec::Command& command, std::string_view key)
      : ScopeWithin(inner), command_(command), key_(key) {}
  Datum Lookup(std::string_view name) const override {
    const Datum datum = ScopeWithin::Lookup(name);
    const spec::Parameter* parameter = command_.FindParameter(name, key_);
    const auto number = ToNumber(datum);
    if (parameter == nullptr || parameter->unit != "s" || !number) return datum;
    return Arithmetic(Op::kMul, *number, std::int64_t{1000});
  }

 private:
  const spec::Command& command_;
  std::string_view key_;
};

Datum EvaluateCall(const Expression& call, const Scope& scope) {
  const std::string_view name = call.args.empty() ? std::string_view() : call.args[0].text;
  if (call.text == "present") return FromTruth(scope.Present(name));
  if (call.text == "in") {
    std::vector<std::string_view> states;
    for (std::size_t i = 1; i < call.args.size(); ++i) states.push_back(call.args[i].text);
    return FromTruth(scope.In(name, states));
  }
  if (IsPure(call.text)) {
    std::vector<Datum> values;
    for (const Expression& argument : call.args) values.push_back(Evaluate(argument, scope));
    return Apply(call.text, values);
  }
  const Datum value = call.args.empty() ? Datum{} : Evaluate(call.args[0], scope);
  return scope.Call(call.text, name, value);
}

bool RenderInto(const std::vector<spec::TemplatePart>& parts, const Scope& scope,
                std::string& out) {
  using Kind = spec::TemplatePart::Kind;
  for (const spec::TemplatePart& part : parts) {
    switch (part.kind) {
      case Kind::kLiteral:
        out += part.text;
        break;
      case Kind::kField:
      case Kind::kListOf: {
        Datum datum;
        if (part.text.starts_with('=')) {
          const auto parsed = spec::ParseExpression(std::string_view(part.text).substr(1));
          if (const auto* expression = std::get_if<spec::ParsedExpression>(&parsed)) {
            datum = Evaluate(expression->root, scope);
          }
        } else {
          datum = scope.Lookup(part.text);
        }
        bool quoted = part.quoted;
        for (std::size_t i = 0; i < part.either.size() && !Known(datum); ++i) {
          datum = scope.Lookup(part.either[i]);
          quoted = part.either_text && i == 0;
        }
        if (!Known(datum)) return false;
        const std::string quote = quoted ? "\"" : "";
        out += quote + ToText(datum) + quote;
        break;
      }
      case Kind::kOptional: {
        std::string group;
        if (RenderInto(part.parts, scope, group)) out += group;
        break;
      }
      case Kind::kRepeat:
        break;  // no answer of a modem repeats a group over arguments
    }
  }
  return true;
}

}  // namespace

std::vector<std::string> SplitValues(std::string_view variable) {
  std::vector<std::string> values;
  for (std::size_t at = 0; at < variable.size();) {
    const std::size_t end = std::min(variable.find(kBetweenValues, at), variable.size());
    values.emplace_back(variable.substr(at, end - at));
    at = end + 1;
  }
  return values;
}

std::string JoinValues(const std::vector<std::string>& values) {
  std::string out;
  for (const std::string& value : values) out += value + kBetweenValues;
  return out;
}

std::string ToText(const Datum& datum) {
  if (const auto* number = std::get_if<std::int64_t>(&datum)) return std::to_string(*number);
  if (const auto* text = std::get_if<std::string>(&datum)) return *text;
  std::string out;
  if (const auto* list = std::get_if<std::vector<std::string>>(&datum)) {
    for (const std::string& item : *list) out += (out.empty() ? "" : ",") + item;
  }
  return out;
}

std::optional<std::int64_t> ToNumber(const Datum& datum) {
  if (const auto* number = std::get_if<std::int64_t>(&datum)) return *number;
  if (const auto* text = std::get_if<std::string>(&datum)) return ParseInteger(*text);
  if (const auto* list = std::get_if<std::vector<std::string>>(&datum); list && list->size() == 1) {
    return ParseInteger(list->front());
  }
  return std::nullopt;
}

Datum Evaluate(const Expression& expression, const Scope& scope) {
  switch (expression.op) {
    case Op::kNumber:
      return expression.number;
    case Op::kString:
      return expression.text;
    case Op::kName:
      return scope.Lookup(expression.text);
    case Op::kNot:
    case Op::kAnd:
    case Op::kOr:
    case Op::kEq:
    case Op::kNe:
    case Op::kLt:
    case Op::kLe:
    case Op::kGt:
    case Op::kGe:
      return FromTruth(Holds(expression, scope));
    case Op::kAdd:
    case Op::kSub:
    case Op::kMul:
      return Arithmetic(expression.op, Evaluate(expression.args[0], scope),
                        Evaluate(expression.args[1], scope));
    case Op::kCall:
      return EvaluateCall(expression, scope);
  }
  return {};
}

Truth Holds(const Expression& expression, const Scope& scope) {
  switch (expression.op) {
    case Op::kNot:
      return Not(Holds(expression.args[0], scope));
    case Op::kAnd: {
      const Truth a = Holds(expression.args[0], scope), b = Holds(expression.args[1], scope);
      if (a == Truth::kFalse || b == Truth::kFalse) return Truth::kFalse;
      return a == Truth::kTrue && b == Truth::kTrue ? Truth::kTrue : Truth::kUnknown;
    }
    case Op::kOr: {
      const Truth a = Holds(expression.args[0], scope), b = Holds(expression.args[1], scope);
      if (a == Truth::kTrue || b == Truth::kTrue) return Truth::kTrue;
      return a == Truth::kFalse && b == Truth::kFalse ? Truth::kFalse : Truth::kUnknown;
    }
    case Op::kEq:
    case Op::kNe:
    case Op::kLt:
    case Op::kLe:
    case Op::kGt:
    case Op::kGe:
      return Compare(expression.op, Evaluate(expression.args[0], scope),
                     Evaluate(expression.args[1], scope));
    default:
      return ToTruth(Evaluate(expression, scope));
  }
}

std::optional<Time> EvaluateTime(const spec::ParsedExpression& expression, const Scope& scope,
                                 const spec::Command& command, std::string_view key) {
  const auto ms = ToNumber(Evaluate(expression.root, InMilliseconds(scope, command, key)));
  if (!ms || *ms < 0 || *ms > std::int64_t{1'000'000'000'000}) return std::nullopt;
  return std::chrono::duration_cast<Time>(std::chrono::milliseconds(*ms));
}

std::optional<std::string> Render(const std::vector<spec::TemplatePart>& parts,
                                  const Scope& scope) {
  std::string out;
  if (!RenderInto(parts, scope, out)) return std::nullopt;
  return out;
}

}  // namespace assay::dialect
