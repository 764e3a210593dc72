#include "dialects/value.h"

#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace assay::dialect {
namespace {

spec::Value Meaning(std::string value) { return {std::move(value), {}, {}, {}}; }

struct ValueRow {
  std::string what;
  spec::Parameter parameter;
  std::vector<std::string> allowed, refused;
  std::string said;
};
std::ostream& operator<<(std::ostream& out, const ValueRow& row) { return out << row.what; }

std::vector<ValueRow> ValueRows() {
  std::vector<ValueRow> out;
  const auto add = [&](std::string what, spec::Type type) -> ValueRow& {
    ValueRow& row = out.emplace_back();
    row.what = std::move(what);
    row.parameter.type = type;
    return row;
  };
  ValueRow* row = &add("range", spec::Type::kInteger);
  row->parameter.range = {-1, 5, {}, {}};
  *row = {row->what,
          row->parameter,
          {"-1", "0", "5", "05"},
          {"-2", "6", "x", "", "1.5", "99999999999999999999"},
          "-1-5"};

  row = &add("values", spec::Type::kInteger);
  row->parameter.values = {Meaning("0"), Meaning("2"), Meaning("8-255")};
  *row = {row->what,
          row->parameter,
          {"0", "2", "8", "100", "255"},
          {"1", "7", "256", "-1"},
          "one of 0, 2, 8-255"};

  row = &add("open values", spec::Type::kInteger);
  row->parameter.values = {Meaning("0")};
  row->parameter.values_closed = false;
  *row = {row->what, row->parameter, {"0", "9"}, {"x"}, "one of 0"};

  row = &add("a range and a value outside", spec::Type::kInteger);
  row->parameter.range = {1, 60, {}, {}};
  row->parameter.values = {Meaning("1"), Meaning("-1")};
  *row = {row->what, row->parameter, {"-1", "1", "60"}, {"0", "61"}, "1-60 or one of -1"};

  row = &add("at least", spec::Type::kInteger);
  row->parameter.range = {1, {}, {}, {}};
  *row = {row->what, row->parameter, {"1", "1000000"}, {"0"}, "1 or more"};

  row = &add("at most", spec::Type::kInteger);
  row->parameter.range = {{}, 9, {}, {}};
  *row = {row->what, row->parameter, {"-5", "9"}, {"10"}, "up to 9"};

  row = &add("any integer", spec::Type::kInteger);
  *row = {row->what, row->parameter, {"0", "-7"}, {"", "-", "0x1"}, "an integer"};

  row = &add("length", spec::Type::kString);
  row->parameter.range = {{}, {}, {}, 3};
  *row = {row->what, row->parameter, {"", "abc"}, {"abcd"}, "up to 3 bytes"};

  row = &add("both lengths", spec::Type::kString);
  row->parameter.range = {{}, {}, 1, 3};
  *row = {row->what, row->parameter, {"a", "abc"}, {"", "abcd"}, "1-3 bytes"};

  row = &add("least length", spec::Type::kString);
  row->parameter.range = {{}, {}, 2, {}};
  *row = {row->what, row->parameter, {"ab"}, {"", "a"}, "at least 2 bytes"};

  row = &add("words", spec::Type::kString);
  row->parameter.values = {Meaning("IP"), Meaning("IPV6")};
  *row = {row->what, row->parameter, {"IP", "IPV6"}, {"", "ip"}, "one of IP, IPV6"};

  row = &add("any text", spec::Type::kString);
  *row = {row->what, row->parameter, {"", "x"}, {}, "a text"};

  row = &add("list", spec::Type::kList);
  row->parameter.range = {0, 2, {}, {}};
  *row = {row->what, row->parameter, {"", "0", "0,1,2"}, {"3", "0,3", "0,x"}, "0-2"};
  return out;
}

class ValueTest : public testing::TestWithParam<ValueRow> {};

TEST_P(ValueTest, IsAllowedOrNot) {
  const ValueRow& row = GetParam();
  EXPECT_EQ(AllowedValues(row.parameter), row.said);
  for (const std::string& value : row.allowed)
    EXPECT_EQ(OutOfRange(row.parameter, value), std::nullopt) << value;
  for (const std::string& value : row.refused)
    EXPECT_EQ(OutOfRange(row.parameter, value), row.said) << value;
}
INSTANTIATE_TEST_SUITE_P(All, ValueTest, testing::ValuesIn(ValueRows()));

TEST(ParseInteger, TakesDecimalDigits) {
  EXPECT_EQ(ParseInteger("0"), 0);
  EXPECT_EQ(ParseInteger("-42"), -42);
  EXPECT_EQ(ParseInteger("9223372036854775807"), INT64_MAX);
  for (const char* bad : {"", "-", "+1", " 1", "1 ", "1a", "9223372036854775808"}) {
    EXPECT_EQ(ParseInteger(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace assay::dialect
