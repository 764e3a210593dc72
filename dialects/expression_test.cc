#include "dialects/expression.h"

#include <map>
#include <ostream>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gtest/gtest.h"

namespace assay::dialect {
namespace {

// What a command gave and what is known; "unknown" is neither.
class Known : public Scope {
 public:
  Datum Lookup(std::string_view name) const override {
    const auto found = values_.find(name);
    return found == values_.end() ? Datum{} : found->second;
  }
  Datum Call(std::string_view function, std::string_view name, const Datum& value) const override {
    if (function == "length") return static_cast<std::int64_t>(ToText(value).size());
    if (function == "count") return std::int64_t{name == "many" ? 2 : 0};
    return {};
  }
  Truth Present(std::string_view name) const override {
    if (name == "hidden") return Truth::kUnknown;
    return values_.contains(name) ? Truth::kTrue : Truth::kFalse;
  }

 private:
  std::map<std::string, Datum, std::less<>> values_ = {
      {"one", std::int64_t{1}},
      {"two", std::string("2")},
      {"word", std::string("abc")},
      {"empty", std::string()},
      {"keep-alive time", std::int64_t{120}},
      {"many", std::vector<std::string>{"1", "x"}},
      {"single", std::vector<std::string>{"7"}},
      {"zero", std::int64_t{0}},
      {"huge", std::int64_t{INT64_MAX}},
  };
};

spec::ParsedExpression Parse(std::string_view text) {
  const auto parsed = spec::ParseExpression(text);
  return std::get<spec::ParsedExpression>(parsed);
}

constexpr Truth kTrue = Truth::kTrue, kFalse = Truth::kFalse, kUnknown = Truth::kUnknown;

struct TruthRow {
  std::string text;
  Truth truth;
};
std::ostream& operator<<(std::ostream& out, const TruthRow& row) { return out << row.text; }

class HoldsTest : public testing::TestWithParam<TruthRow> {};
TEST_P(HoldsTest, Holds) {
  EXPECT_EQ(Holds(Parse(GetParam().text).root, Known()), GetParam().truth);
}

INSTANTIATE_TEST_SUITE_P(All, HoldsTest,
                         testing::ValuesIn(std::vector<TruthRow>{
                             {"one == 1", kTrue},
                             {"one != 1", kFalse},
                             {"<two> == 2", kTrue},
                             {"two > one", kTrue},
                             {"two < 10", kTrue},
                             {"two <= 2", kTrue},
                             {"two >= 3", kFalse},
                             {"word == 'abc'", kTrue},
                             {"word == 'abd'", kFalse},
                             {"word < 'b'", kTrue},
                             {"word > 1", kTrue},
                             {"<keep-alive time> > 0", kTrue},
                             {"single == 7", kTrue},
                             {"many == '1,x'", kTrue},
                             {"unknown == 1", kUnknown},
                             {"one == unknown", kUnknown},
                             {"unknown != unknown", kUnknown},
                             {"not unknown == 1", kUnknown},
                             {"not one == 1", kFalse},
                             {"not one == 2", kTrue},
                             {"one == 1 and two == 2", kTrue},
                             {"one == 1 and two == 3", kFalse},
                             {"unknown == 1 and one == 1", kUnknown},
                             {"unknown == 1 and one == 2", kFalse},
                             {"one == 2 and unknown == 1", kFalse},
                             {"unknown == 1 or one == 1", kTrue},
                             {"unknown == 1 or one == 2", kUnknown},
                             {"one == 2 or two == 3", kFalse},
                             {"one", kTrue},
                             {"zero", kFalse},
                             {"word", kTrue},
                             {"empty", kFalse},
                             {"unknown", kUnknown},
                             {"present(one)", kTrue},
                             {"present(unknown)", kFalse},
                             {"present(hidden)", kUnknown},
                             {"not present(unknown)", kTrue},
                             {"present(hidden) and one == 1", kUnknown},
                             {"length(word) == 3", kTrue},
                             {"count(many) == 2", kTrue},
                             {"in_flight() < 5", kUnknown},
                             {"set(word)", kUnknown},
                             {"one + 1 == two", kTrue},
                             {"huge + 1 == 0", kUnknown},
                             {"huge * 2 > 0", kUnknown},
                             {"-1 < zero", kTrue},
                             {"word + 1 == 1", kUnknown},
                             {"(one == 2 or two == 2) and zero == 0", kTrue},
                         }));

struct ValueRow {
  std::string text, value;
};
std::ostream& operator<<(std::ostream& out, const ValueRow& row) { return out << row.text; }

class EvaluateTest : public testing::TestWithParam<ValueRow> {};
TEST_P(EvaluateTest, Evaluates) {
  const Datum datum = Evaluate(Parse(GetParam().text).root, Known());
  EXPECT_EQ(assay::dialect::Known(datum) ? ToText(datum) : "unknown", GetParam().value);
}
INSTANTIATE_TEST_SUITE_P(All, EvaluateTest,
                         testing::ValuesIn(std::vector<ValueRow>{
                             {"5", "5"},
                             {"'x'", "x"},
                             {"one", "1"},
                             {"two * 3 + 1", "7"},
                             {"1 - 2 - 3", "-4"},
                             {"<two>*<two>", "4"},
                             {"unknown", "unknown"},
                             {"unknown + 1", "unknown"},
                             {"word", "abc"},
                             {"many", "1,x"},
                             {"one == 1", "1"},
                             {"one == 2", "0"},
                             {"unknown == 1", "unknown"},
                             {"present(one)", "1"},
                             {"length('four')", "4"},
                         }));

TEST(Datum, IsANumberIfAllOfItIs) {
  EXPECT_EQ(ToNumber(std::int64_t{3}), 3);
  EXPECT_EQ(ToNumber(std::string("-3")), -3);
  EXPECT_EQ(ToNumber(std::string("3s")), std::nullopt);
  EXPECT_EQ(ToNumber(std::vector<std::string>{"3"}), 3);
  EXPECT_EQ(ToNumber(std::vector<std::string>{"3", "4"}), std::nullopt);
  EXPECT_EQ(ToNumber(Datum{}), std::nullopt);
}

// ---- Times -----------------------------------------------------------------------------------
spec::Command Timed() {
  spec::Command out;
  for (const auto& [name, unit] : {std::pair{"one", "s"}, {"two", ""}, {"many", "s"}}) {
    spec::Parameter parameter;
    parameter.name = name;
    parameter.unit = unit;
    out.parameters.push_back(parameter);
  }
  return out;
}

TEST(EvaluateTime, CountsSecondsByTheUnitOfTheParameter) {
  const spec::Command command = Timed();
  const auto time = [&](std::string_view text) {
    return EvaluateTime(Parse(text), Known(), command, {});
  };
  EXPECT_EQ(time("300"), Time(300'000));
  EXPECT_EQ(time("<one>"), Time(1'000'000));
  EXPECT_EQ(time("<one>*<two>"), Time(2'000'000));
  EXPECT_EQ(time("<one> + 5"), Time(1'005'000));
  EXPECT_EQ(time("unknown"), std::nullopt);
  EXPECT_EQ(time("-1"), std::nullopt);
  EXPECT_EQ(time("huge"), std::nullopt);
  EXPECT_EQ(time("many"), std::nullopt);
}

// A value that was never set to anything sensible must not overflow on its way to a time.
TEST(EvaluateTime, IsUnknownWhereItWouldOverflow) {
  spec::Command command;
  spec::Parameter parameter;
  parameter.name = "huge";
  parameter.unit = "s";
  command.parameters.push_back(parameter);
  EXPECT_EQ(EvaluateTime(Parse("<huge>"), Known(), command, {}), std::nullopt);
}

// ---- Lines -----------------------------------------------------------------------------------
class RenderTest : public testing::TestWithParam<ValueRow> {};
TEST_P(RenderTest, Renders) {
  const auto parsed = spec::ParseTemplate(GetParam().text);
  EXPECT_EQ(Render(std::get<spec::Template>(parsed).parts, Known()).value_or("nothing"),
            GetParam().value);
}
INSTANTIATE_TEST_SUITE_P(All, RenderTest,
                         testing::ValuesIn(std::vector<ValueRow>{
                             {"OK", "OK"},
                             {"+X: <one>,\"<word>\"", "+X: 1,\"abc\""},
                             {"+X: <unknown>", "nothing"},
                             {"+X: <one>[,<unknown>]", "+X: 1"},
                             {"+X: <one>[,<two>[,<unknown>]]", "+X: 1,2"},
                             {"+X: <many>", "+X: 1,x"},
                             {"+X: <empty>", "+X: "},
                             {"+X: <=one + 1>", "+X: 2"},
                             {"+X: <=unknown>", "nothing"},
                             {"+X: <one>[,<two>...]", "+X: 1"},
                         }));

}  // namespace
}  // namespace assay::dialect
