#include "dialects/expression.h"

#include <algorithm>
#include <map>
#include <ostream>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "dialects/functions.h"
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
  Truth In(std::string_view machine, const std::vector<std::string_view>& states) const override {
    if (machine != "service") return Truth::kUnknown;
    const bool named = std::find(states.begin(), states.end(), "started") != states.end();
    return named ? Truth::kTrue : Truth::kFalse;
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
                             {"in(service, starting, started)", kTrue},
                             {"not in(service, stopped)", kTrue},
                             {"in(client, free)", kUnknown},
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
                             {"concat(word, '&', one, empty)", "abc&1"},
                             {"concat(word, unknown)", "unknown"},
                             {"lower('AbC-1')", "abc-1"},
                             {"hex('AZ')", "415a"},
                             {"base64('a')", "YQ=="},
                             {"base64('abc')", "YWJj"},
                             {"base64('')", ""},
                             {"unbase64('YWI=')", "ab"},
                             {"unbase64('YWJj')", "abc"},
                             {"unbase64('YWI')", "unknown"},
                             {"unbase64('!!!!')", "unknown"},
                             // RFC 1321, A.5; FIPS 180-4 examples
                             {"hex(hash('md5', 'abc'))", "900150983cd24fb0d6963f7d28e17f72"},
                             {"hex(hash('sha1', 'abc'))",
                              "a9993e364706816aba3e25717850c26c9cd0d89d"},
                             {"hex(hash('sha256', 'abc'))",
                              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
                             {"hex(hash('sha3', 'abc'))", "unknown"},
                             // RFC 2202, 2.2 and 3.2; RFC 4231, 4.3
                             {"hex(hmac('md5', 'Jefe', 'what do ya want for nothing?'))",
                              "750c783e6ab0b503eaa86e310a5db738"},
                             {"hex(hmac('sha1', 'Jefe', 'what do ya want for nothing?'))",
                              "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"},
                             {"hex(hmac('sha256', 'Jefe', 'what do ya want for nothing?'))",
                              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
                             {"url_host('tcp://a.example:1884')", "a.example"},
                             {"url_port('tcp://a.example:1884', 1883)", "1884"},
                             {"url_host('tcp://a.example')", "a.example"},
                             {"url_port('tcp://a.example', 1883)", "1883"},
                             {"url_port('tcp://a.example:', 1883)", "1883"},
                             {"url_host('tcp://[::1]:1884')", "::1"},
                             {"url_port('tcp://[::1]:1884', 1883)", "1884"},
                             {"url_host('a.example:1884')", ""},
                             {"url_host('tcp://[::1')", ""},
                             {"urlencode('a/b c=~')", "a%2Fb%20c%3D~"},
                             {"concat('a', '\n', 'b')", "a\nb"},
                             // 3GPP TS 23.003, B.3, has the digits of an IMEI so
                             {"luhn('49015420323751')", "490154203237518"},
                             {"luhn('0')", "00"},
                             {"luhn('12a')", "unknown"},
                             {"luhn(unknown)", "unknown"},
                             {"digits(7, 3)", "007"},
                             {"digits(12345, 3)", "345"},
                             {"digits(one - 2, 3)", "unknown"},
                             {"digits(word, 3)", "unknown"},
                             {"utf8('abc')", "1"},
                             {"utf8(empty)", "1"},
                         }));

TEST(Utf8, IsWhatRfc3629Allows) {
  for (const std::string_view good :
       {"\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80", "\xF0\x90\x80\x80",
        "\xF4\x8F\xBF\xBF", "a\xC3\xA9z"}) {
    EXPECT_TRUE(IsUtf8(good)) << good;
  }
  for (const std::string_view bad :
       {"\x80", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2z", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xE2\x82",
        "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"}) {
    EXPECT_FALSE(IsUtf8(bad)) << bad;
  }
}

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
