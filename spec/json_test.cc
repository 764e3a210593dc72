#include "spec/json.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>

namespace assay::spec::json {
namespace {

// Every value as kind@offset, members with the offset of their key.
std::string Show(const Value& value) {
  std::string out;
  switch (value.kind) {
    case Value::Kind::kNull:
      out = "null";
      break;
    case Value::Kind::kBoolean:
      out = value.boolean ? "true" : "false";
      break;
    case Value::Kind::kInteger:
      out = std::to_string(value.integer);
      break;
    case Value::Kind::kReal:
      out = "real";
      break;
    case Value::Kind::kString:
      out = "'" + value.text + "'";
      break;
    case Value::Kind::kArray:
      for (const Value& item : value.items) out += " " + Show(item);
      out = "[" + out + " ]";
      break;
    case Value::Kind::kObject:
      for (const Member& member : value.members) {
        out +=
            " " + member.key + "@" + std::to_string(member.place.offset) + "=" + Show(member.value);
      }
      out = "{" + out + " }";
      break;
  }
  return out + "@" + std::to_string(value.place.offset);
}

TEST(Json, ValuesKnowWhereTheyStand) {
  const Parsed parsed = Parse(" { \"a\" : [ 1 , -2,true,\n null] ,\"b\":{}, \"c\":\"x\" }", 7);
  ASSERT_TRUE(parsed.errors.empty());
  EXPECT_EQ(Show(parsed.root),
            "{ a@3=[ 1@11 -2@15 true@18 null@25 ]@9 b@32={ }@36 c@40='x'@44 }@1");
  EXPECT_EQ(parsed.root.Find("b")->place, (Place{7, 36}));
  EXPECT_EQ(parsed.root.Find("d"), nullptr);
}

TEST(Json, NestedObjectsKeepTheirKeys) {
  const Parsed parsed = Parse(R"({"a":{"b":{"c":[{"d":1}]},"e":[]},"f":2})", 0);
  ASSERT_TRUE(parsed.errors.empty());
  EXPECT_EQ(Show(parsed.root),
            "{ a@1={ b@6={ c@11=[ { d@17=1@21 }@16 ]@15 }@10 e@26=[ ]@30 }@5 f@34=2@38 }@0");
}

TEST(Json, NumbersThatNoManualHoldsAreNoIntegers) {
  EXPECT_EQ(Show(Parse("[9223372036854775807,9223372036854775808,1.0]", 0).root),
            "[ 9223372036854775807@1 real@21 real@41 ]@0");
}

struct Row {
  std::string text;
  std::string errors;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.text.substr(0, 60); }

class JsonRow : public testing::TestWithParam<Row> {};

TEST_P(JsonRow, IsRefused) {
  std::string errors;
  for (const Error& error : Parse(GetParam().text, 0).errors) {
    errors += std::to_string(error.offset) + ": " + error.message + "\n";
  }
  EXPECT_EQ(errors, GetParam().errors);
}

INSTANTIATE_TEST_SUITE_P(
    Broken, JsonRow,
    testing::Values(Row{"", "0: The document is empty.\n"},
                    Row{"{\"a\":1,}", "7: Missing a name for object member.\n"},
                    Row{"[1] x", "4: The document root must not be followed by other values.\n"},
                    Row{"{\"a\":1,\"b\":2,\"a\":3,\"a\":4}",
                        "13: duplicate key \"a\"\n19: duplicate key \"a\"\n"},
                    Row{"[\"\xD0\x9E\xD0\x9A\", 1, \"\xD0\"]",
                        "2: byte 0xD0 is not ASCII\n13: byte 0xD0 is not ASCII\n"},
                    Row{"[\"\\u041E\"]", "1: the string holds a character that is not ASCII\n"},
                    Row{"[\"a\", \"\\u0000\"]", "6: the string holds the control character 0x00\n"},
                    Row{"[\"a\\r\\n\\t\", \"\\u007f\"]",
                        "12: the string holds the control character 0x7F\n"},
                    Row{"[\"\n\"]", "2: Invalid escape character in string.\n"},
                    Row{"[\"\\uD800\"]", "2: The surrogate pair in string is invalid.\n"},
                    Row{std::string(65, '['), "64: nested more than 64 deep\n"},
                    Row{std::string(100000, '['), "64: nested more than 64 deep\n"},
                    Row{std::string_view("[1\0]", 4).data(),
                        "2: Missing a comma or ']' after an array element.\n"}));

TEST(Json, TellsWhereAByteOfAStringIsWritten) {
  const std::string_view text = R"(["a\"b\u0041c"])";
  EXPECT_EQ(OffsetInString(text, 1, 0), 2U);
  EXPECT_EQ(OffsetInString(text, 1, 1), 3U);    // \"
  EXPECT_EQ(OffsetInString(text, 1, 2), 5U);    // b
  EXPECT_EQ(OffsetInString(text, 1, 3), 6U);    // \u0041
  EXPECT_EQ(OffsetInString(text, 1, 4), 12U);   // c
  EXPECT_EQ(OffsetInString(text, 1, 99), 13U);  // the closing quote
}

}  // namespace
}  // namespace assay::spec::json
