#include "dialects/line_pattern.h"

#include <ostream>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gtest/gtest.h"

namespace assay::dialect {
namespace {

spec::Parameter Make(std::string name, spec::Type type, std::string charset = {}) {
  spec::Parameter out;
  out.name = std::move(name);
  out.type = type;
  out.charset = std::move(charset);
  return out;
}

const spec::Parameter* Lookup(std::string_view name) {
  static const std::vector<spec::Parameter> known = {
      Make("id", spec::Type::kInteger),   Make("value", spec::Type::kInteger),
      Make("topic", spec::Type::kString), Make("text", spec::Type::kString),
      Make("qos", spec::Type::kList),     Make("payload", spec::Type::kString, "binary"),
  };
  for (const spec::Parameter& parameter : known) {
    if (parameter.name == name) return &parameter;
  }
  return nullptr;
}

LinePattern Pattern(std::string_view text) {
  const auto parsed = spec::ParseTemplate(text);
  return LinePattern(std::get<spec::Template>(parsed), Lookup);
}

// "id=0 topic=\"t\"", "differs at 4, wanted id", "other".
std::string Said(LineFit fit, const LineMatch& match) {
  if (fit == LineFit::kOther) return "other";
  if (fit == LineFit::kStructure) {
    return "differs at " + std::to_string(match.offset) + ", wanted " + std::string(match.wanted);
  }
  std::string out;
  for (std::size_t i = 0; i < match.count; ++i) {
    const LineField& field = match.fields[i];
    EXPECT_EQ(field.parameter, Lookup(field.name));
    const std::string quote = field.quoted ? "\"" : "";
    out += (out.empty() ? "" : " ") + std::string(field.name) + "=" + quote +
           std::string(field.value) + quote;
  }
  return out;
}

struct Row {
  std::string pattern, line, said;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.pattern << " / " << row.line;
}

class LinePatternTest : public testing::TestWithParam<Row> {};

TEST_P(LinePatternTest, SaysHowALineFits) {
  const LinePattern pattern = Pattern(GetParam().pattern);
  LineMatch match;
  const LineFit fit = pattern.Match(GetParam().line, match);
  EXPECT_EQ(Said(fit, match), GetParam().said);
}

constexpr char kResult[] = "+P: <id>,<value>";
constexpr char kGroups[] = "+C: <id>[,<value>[,\"<topic>\"]]";
constexpr char kRecv[] = "+R: <id>,\"<topic>\",<payload>";

INSTANTIATE_TEST_SUITE_P(Literals, LinePatternTest,
                         testing::ValuesIn(std::vector<Row>{
                             {"OK", "OK", ""},
                             {"OK", "OK ", "differs at 2, wanted end of line"},
                             {"OK", "ok", "other"},
                             {"OK", "O", "other"},
                             {"OK", "", "other"},
                             {"+Q: \\<id>,\\[x\\]", "+Q: <id>,[x]", ""},
                             {kResult, "+Q: 0,1", "other"},
                             {kResult, "+P:0,1", "differs at 0, wanted +P: "},
                         }));

INSTANTIATE_TEST_SUITE_P(Integers, LinePatternTest,
                         testing::ValuesIn(std::vector<Row>{
                             {kResult, "+P: 0,7", "id=0 value=7"},
                             {kResult, "+P: -1,99999999999999999999",
                              "id=-1 value=99999999999999999999"},
                             {kResult, "+P: 007,0", "id=007 value=0"},
                             {kResult, "+P: 0", "differs at 5, wanted ,"},
                             {kResult, "+P: 0,", "differs at 6, wanted value"},
                             {kResult, "+P: ,0", "differs at 4, wanted id"},
                             {kResult, "+P: -,0", "differs at 4, wanted id"},
                             {kResult, "+P: +1,0", "differs at 4, wanted id"},
                             {kResult, "+P: x,0", "differs at 4, wanted id"},
                             {kResult, "+P: 0, 7", "differs at 6, wanted value"},
                             {kResult, "+P: 0,7,", "differs at 7, wanted end of line"},
                             {kResult, "+P: 0,7\r", "differs at 7, wanted end of line"},
                         }));

INSTANTIATE_TEST_SUITE_P(Texts, LinePatternTest,
                         testing::ValuesIn(std::vector<Row>{
                             {"+T: <text>", "+T: a,b", "text=a,b"},
                             {"+T: <text>", "+T: ", "text="},
                             {"+T: <text>,<id>", "+T: a b,1", "text=a b id=1"},
                             {"+CME ERROR: <err>", "+CME ERROR: SIM busy", "err=SIM busy"},
                             {"+Q: \"<topic>\",<id>", "+Q: \"t\",1", "topic=\"t\" id=1"},
                             {"+Q: \"<topic>\",<id>", "+Q: \"\",1", "topic=\"\" id=1"},
                             {"+Q: \"<topic>\",<id>", "+Q: \"a\"b\",1", "topic=\"a\"b\" id=1"},
                             {"+Q: \"<topic>\",<id>", "+Q: \"a,b\",1", "topic=\"a,b\" id=1"},
                             {"+Q: \"<topic>\",<id>", "+Q: t,1", "differs at 4, wanted topic"},
                             {"+Q: \"<topic>\",<id>", "+Q: \"t,1", "differs at 4, wanted topic"},
                             {"+Q: \"<topic>\"", "+Q: \"t\"", "topic=\"t\""},
                             {"+Q: \"tls\",<id>", "+Q: \"tls\",1", "id=1"},
                         }));

INSTANTIATE_TEST_SUITE_P(
    Groups, LinePatternTest,
    testing::ValuesIn(std::vector<Row>{
        {kGroups, "+C: 0", "id=0"},
        {kGroups, "+C: 0,1", "id=0 value=1"},
        {kGroups, "+C: 0,1,\"t\"", "id=0 value=1 topic=\"t\""},
        {kGroups, "+C: 0,\"t\"", "differs at 6, wanted value"},
        {kGroups, "+C: 0,1,t", "differs at 8, wanted topic"},
        {"+B: <id>[,<value>][,\"<topic>\"]", "+B: 0,\"t\"", "id=0 topic=\"t\""},
        {"+B: <id>[,<value>][,\"<topic>\"]", "+B: 0,1,\"t\"", "id=0 value=1 topic=\"t\""},
        {"[+W: <id>]", "+W: 0", "id=0"},
        {"[+W: <id>]", "", ""},
        {"[+W: <id>]", "+V: 0", "other"},
        {"+M: <id>[,<value>...]", "+M: 0", "id=0"},
        {"+M: <id>[,<value>...]", "+M: 0,1,2,3", "id=0 value=1 value=2 value=3"},
        {"+M: <id>[,<value>...]", "+M: 0,1,", "differs at 8, wanted value"},
        {"+M: <id>[,<value>...],\"<topic>\"", "+M: 0,1,2,\"t\"",
         "id=0 value=1 value=2 topic=\"t\""},
    }));

INSTANTIATE_TEST_SUITE_P(
    Lists, LinePatternTest,
    testing::ValuesIn(std::vector<Row>{
        {"+S: <id>,<qos>", "+S: 0,1", "id=0 qos=1"},
        {"+S: <id>,<qos>", "+S: 0,1,-2,0", "id=0 qos=1,-2,0"},
        {"+S: <id>,<qos>", "+S: 0,1,", "differs at 7, wanted end of line"},
        {"+S: <id>,<qos>", "+S: 0,", "differs at 6, wanted qos"},
        {"+S: (list of supported <id>s)", "+S: (0-5)", "id=(0-5)"},
        {"+S: (list of supported <id>s)", "+S: (0,1),2", "differs at 9, wanted end of line"},
        {"+S: (list of supported <id>s)", "+S: <id>", "id=<id>"},
        {"+S: (list of supported <id>s)", "+S: (0-5", "differs at 4, wanted id"},
        {"+S: (list of supported <id>s)", "+S: 0-5", "differs at 4, wanted id"},
    }));

INSTANTIATE_TEST_SUITE_P(Payloads, LinePatternTest,
                         testing::ValuesIn(std::vector<Row>{
                             {kRecv, "+R: 0,\"t\",a,b", "id=0 topic=\"t\" payload=a,b"},
                             {kRecv, "+R: 0,\"t\",", "id=0 topic=\"t\" payload="},
                             {kRecv, "+R: 0,\"t\",\r\nOK\r\n",
                              "id=0 topic=\"t\" payload=\r\nOK\r\n"},
                             {kRecv, "+R: 0,\"t\",x\",y", "id=0 topic=\"t\" payload=x\",y"},
                             {kRecv, "+R: 0,\"t\"", "differs at 9, wanted ,"},
                             {kRecv, "+R: 0,\"t", "differs at 6, wanted topic"},
                         }));

TEST(LinePattern, KnowsItsPrefix) {
  EXPECT_EQ(Pattern("+P: <id>").prefix(), "+P:");
  EXPECT_EQ(Pattern("OK").prefix(), "OK");
  EXPECT_EQ(Pattern("[+P: <id>]").prefix(), "");
  EXPECT_TRUE(Pattern(kRecv).ends_raw());
  EXPECT_FALSE(Pattern(kResult).ends_raw());
  EXPECT_EQ(Pattern(kRecv).text(), kRecv);
}

TEST(LinePattern, KeepsNoMoreFieldsThanItHasRoomFor) {
  std::string line = "+M: 0";
  for (std::size_t i = 0; i < 2 * LineMatch::kMaxFields; ++i) line += ",1";
  LineMatch match;
  EXPECT_EQ(Pattern("+M: <id>[,<value>...]").Match(line, match), LineFit::kMatch);
  EXPECT_EQ(match.count, LineMatch::kMaxFields);
}

// Each round is a step deeper into the stack; a hostile line must not exhaust it.
TEST(LinePattern, StopsRepeatingSomewhere) {
  std::string line = "+M: 0";
  for (int i = 0; i < 200'000; ++i) line += ",1";
  LineMatch match;
  EXPECT_EQ(Pattern("+M: <id>[,<value>...]").Match(line, match), LineFit::kStructure);
}

TEST(LineMatch, IsCopied) {
  LineMatch match;
  const LinePattern pattern = Pattern(kResult);
  ASSERT_EQ(pattern.Match("+P: 3,4", match), LineFit::kMatch);
  const LineMatch copy = match;
  ASSERT_EQ(pattern.Match("+P: 5,6", match), LineFit::kMatch);
  EXPECT_EQ(copy.Find("value")->value, "4");
  EXPECT_EQ(copy.Find("nothing"), nullptr);
}

}  // namespace
}  // namespace assay::dialect
