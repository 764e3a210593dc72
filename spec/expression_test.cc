#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <variant>

#include "spec/model.h"

namespace assay::spec {
namespace {

std::string Symbol(const Expression& expression) {
  switch (expression.op) {
    case Expression::Op::kNumber:
      return std::to_string(expression.number);
    case Expression::Op::kString:
      return "'" + expression.text + "'";
    case Expression::Op::kName:
    case Expression::Op::kCall:
      return expression.text;
    case Expression::Op::kNot:
      return "not";
    case Expression::Op::kAnd:
      return "and";
    case Expression::Op::kOr:
      return "or";
    case Expression::Op::kEq:
      return "==";
    case Expression::Op::kNe:
      return "!=";
    case Expression::Op::kLt:
      return "<";
    case Expression::Op::kLe:
      return "<=";
    case Expression::Op::kGt:
      return ">";
    case Expression::Op::kGe:
      return ">=";
    case Expression::Op::kAdd:
      return "+";
    case Expression::Op::kSub:
      return "-";
    case Expression::Op::kMul:
      return "*";
  }
  return "?";
}

// Fully parenthesised, operators first: (and a (== b 1)); a call shows as (present! a).
std::string Show(const Expression& expression) {
  const bool call = expression.op == Expression::Op::kCall;
  if (expression.args.empty() && !call) return Symbol(expression);
  std::string out = "(" + Symbol(expression) + (call ? "!" : "");
  for (const Expression& argument : expression.args) out += " " + Show(argument);
  return out + ")";
}

std::string Show(const TemplateError& error) {
  return std::to_string(error.offset) + ": " + error.message;
}

std::string Show(const Effect& effect) {
  std::string out = effect.verb;
  for (const EffectArgument& argument : effect.args) {
    out += " " + (argument.name.empty() ? "" : argument.name + "=") + Show(argument.value);
  }
  return out;
}

struct Row {
  std::string text;
  std::string shown;  // or "offset: message"
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.text; }

class ExpressionRow : public testing::TestWithParam<Row> {};

TEST_P(ExpressionRow, IsUnderstood) {
  const auto parsed = ParseExpression(GetParam().text);
  if (const auto* error = std::get_if<TemplateError>(&parsed)) {
    EXPECT_EQ(Show(*error), GetParam().shown);
    return;
  }
  EXPECT_EQ(std::get<ParsedExpression>(parsed).text, GetParam().text);
  EXPECT_EQ(Show(std::get<ParsedExpression>(parsed).root), GetParam().shown);
}

INSTANTIATE_TEST_SUITE_P(
    Written, ExpressionRow,
    testing::Values(Row{"75000", "75000"}, Row{"-1", "-1"}, Row{"'TLS'", "'TLS'"},
                    Row{"a_1", "a_1"}, Row{"<keep-alive time>", "keep-alive time"},
                    Row{"<pkt_timeout>*<retry_times>", "(* pkt_timeout retry_times)"},
                    Row{"(a + 1) * 2 - b", "(- (* (+ a 1) 2) b)"}, Row{"a - -1", "(- a -1)"},
                    Row{"a-1", "(- a 1)"}, Row{"1+2", "(+ 1 2)"},
                    Row{"present(username) or set(device_secret)",
                        "(or (present! username) (set! device_secret))"},
                    Row{"a or b and not c == 1", "(or a (and b (not (== c 1))))"},
                    Row{"a and b and c", "(and (and a b) c)"},  //
                    Row{"a<=1", "(<= a 1)"}, Row{"a < 1", "(< a 1)"}, Row{"a<1", "(< a 1)"},
                    Row{"a < <b>", "(< a b)"}, Row{"<a>><b>", "(> a b)"}, Row{"a>=-1", "(>= a -1)"},
                    Row{"a!='x y'", "(!= a 'x y')"}, Row{"in_flight() < 5", "(< (in_flight!) 5)"},
                    Row{"in_flight( <msgID> )", "(in_flight! msgID)"},
                    Row{"f(a, b or c)", "(f! a (or b c))"}, Row{"order", "order"},
                    Row{"notify", "notify"}, Row{"9223372036854775807", "9223372036854775807"}));

INSTANTIATE_TEST_SUITE_P(
    Broken, ExpressionRow,
    testing::Values(
        Row{"", "0: expected a name, a number, 'text' or ("},
        Row{"a <b", "2: < before a letter opens a name; put a space behind it for \"less than\""},
        Row{"<b", "0: < is not closed"}, Row{"<>", "0: < opens no name"},
        Row{"<a >", "2: a name cannot end in a space"},
        Row{"a b", "2: expected an operator or the end"},
        Row{"a == b == c", "7: expected an operator or the end"},
        Row{"a or", "4: expected a name, a number, 'text' or ("},
        Row{"a and or b", "6: expected a name, a number, 'text' or (, not or"},
        Row{"(a", "2: expected )"}, Row{"f(a,)", "4: expected a name, a number, 'text' or ("},
        Row{"'a", "0: ' is not closed"}, Row{"1.5", "0: numbers are whole and decimal"},
        Row{"0x1A", "0: numbers are whole and decimal"},
        Row{"9223372036854775808", "0: the number is too large"},
        Row{std::string(40, '('), "32: parentheses nest too deeply"}));

TEST(Expression, HasABoundedNumberOfParts) {
  std::string text = "a";
  for (int i = 0; i < 200; ++i) text += "+a";
  EXPECT_EQ(Show(std::get<TemplateError>(ParseExpression(text))),
            "257: the expression is too long");
}

class EffectRow : public testing::TestWithParam<Row> {};

TEST_P(EffectRow, IsUnderstood) {
  const auto parsed = ParseEffect(GetParam().text);
  if (const auto* error = std::get_if<TemplateError>(&parsed)) {
    EXPECT_EQ(Show(*error), GetParam().shown);
    return;
  }
  EXPECT_EQ(std::get<Effect>(parsed).text, GetParam().text);
  EXPECT_EQ(Show(std::get<Effect>(parsed)), GetParam().shown);
}

INSTANTIATE_TEST_SUITE_P(Written, EffectRow,
                         testing::Values(Row{"clear()", "clear"}, Row{"net.close( )", "net.close"},
                                         Row{"net.open(host=<host_name>, port=<port>)",
                                             "net.open host=host_name port=port"},
                                         Row{"set(vsn, 4)", "set vsn 4"},
                                         Row{"f(a == b)", "f (== a b)"},
                                         Row{"mqtt.publish(payload=data, retain = retain == 1)",
                                             "mqtt.publish payload=data retain=(== retain 1)"}));

INSTANTIATE_TEST_SUITE_P(
    Broken, EffectRow,
    testing::Values(Row{"", "0: expected a verb such as net.close"},
                    Row{"net.", "4: expected a verb such as net.close"},
                    Row{"net.close", "9: expected ("},
                    Row{"net.close(", "10: expected a name, a number, 'text' or ("},
                    Row{"net.close() x", "12: expected an operator or the end"},
                    Row{"set(a, )", "7: expected a name, a number, 'text' or ("}));

}  // namespace
}  // namespace assay::spec
