#include "transcripts/matcher.h"

#include <cctype>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/grammar_testing.h"
#include "gtest/gtest.h"
#include "spec/diagnostic.h"
#include "transcripts/plan.h"

namespace assay::transcript {
namespace {

using dialect::Bg96;

std::string_view Name(Hit::Fit fit) {
  switch (fit) {
    case Hit::Fit::kMatched:
      return "matched";
    case Hit::Fit::kEarly:
      return "early";
    case Hit::Fit::kValue:
      return "value";
    case Hit::Fit::kRepeated:
      return "repeated";
    case Hit::Fit::kForbidden:
      return "forbidden";
    case Hit::Fit::kNone:
      return "none";
  }
  return "";
}

// "matched 1", "value 2: result is 2, wanted 0", "value 2: port is 0, out of 1-65535".
std::string Said(const Hit& hit) {
  std::string out(Name(hit.fit));
  if (hit.expectation == nullptr) return out;
  out += " " + std::to_string(hit.index);
  if (hit.fit != Hit::Fit::kValue) return out;
  if (hit.field == nullptr) return out + ": expected " + hit.expected;
  return out + ": " + hit.field->name + " is " + hit.got +
         (hit.out_of_range ? ", out of " : ", wanted ") + hit.wanted;
}

struct Came {
  std::string line;  // "prompt" is the prompt, "raw ..." bytes
  std::string said;
};
struct Case {
  std::string what;
  std::string expected;  // as in a transcript, behind its command
  std::vector<Came> came;
  std::string missing;   // what is still due afterwards, as written, each with a line end
  std::string captured;  // "id=5 "
  std::vector<std::size_t> out_of_order;
};
std::ostream& operator<<(std::ostream& out, const Case& test) { return out << test.what; }

class MatcherTest : public testing::TestWithParam<Case> {};

TEST_P(MatcherTest, SaysWhatEachLineIs) {
  const std::string text =
      "dialect: quectel-bg96\n\n> AT+QMTOPEN=0,\"h\",1883\n" + GetParam().expected;
  const ParseResult parsed = Parse("t.at", text);
  ASSERT_TRUE(parsed.transcript.has_value()) << spec::Print(parsed.diagnostics);
  const PlanResult planned =
      MakePlan(*parsed.transcript, Bg96(), {.pixit = {}, .model = {}, .use_defaults = true});
  ASSERT_TRUE(planned.diagnostics.empty()) << spec::Print(planned.diagnostics);
  const Exchange& exchange = planned.plan.exchanges.at(0);

  Values captures;
  Matcher matcher(exchange.expected, captures);
  const auto is_final = [](const Expectation& expectation) {
    return Bg96().IsFinal(Bind(expectation.line, {}, nullptr).value_or("+CME ERROR: 1"));
  };
  for (const Came& came : GetParam().came) {
    Hit hit;
    if (came.line == "prompt") {
      hit = matcher.Prompt();
    } else if (came.line.starts_with("raw ")) {
      hit = matcher.Raw(std::string_view(came.line).substr(4));
    } else {
      hit = matcher.Line(came.line, Bg96().IsFinal(came.line), is_final);
    }
    EXPECT_EQ(Said(hit), came.said) << came.line;
  }

  std::string missing, captured;
  for (const Expectation* expectation : matcher.Missing()) {
    missing +=
        (expectation->kind == Expectation::Kind::kLine ? Print(expectation->line) : "prompt") +
        "\n";
  }
  EXPECT_EQ(missing, GetParam().missing);
  EXPECT_EQ(matcher.Satisfied(), missing.empty());
  EXPECT_EQ(matcher.Next() == nullptr, missing.empty());
  for (const auto& [name, value] : captures) captured += name + "=" + value + " ";
  EXPECT_EQ(captured, GetParam().captured);
  EXPECT_EQ(matcher.OutOfOrder(), GetParam().out_of_order);
}

std::string NameOf(const testing::TestParamInfo<Case>& info) {
  std::string out;
  for (const char c : info.param.what) out += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return out;
}

constexpr char kOpen[] = "< OK\n< +QMTOPEN: 0,0\n";

INSTANTIATE_TEST_SUITE_P(
    Order, MatcherTest,
    testing::ValuesIn(std::vector<Case>{
        {"as written", kOpen, {{"OK", "matched 0"}, {"+QMTOPEN: 0,0", "matched 1"}}, "", "", {}},
        {"nothing came", kOpen, {}, "OK\n+QMTOPEN: 0,0\n", "", {}},
        {"only the first", kOpen, {{"OK", "matched 0"}}, "+QMTOPEN: 0,0\n", "", {}},
        {"swapped", kOpen, {{"+QMTOPEN: 0,0", "early 1"}, {"OK", "matched 0"}}, "", "", {1}},
        {"early, and the first never came", kOpen, {{"+QMTOPEN: 0,0", "early 1"}}, "OK\n", "", {}},
        {"repeated",
         kOpen,
         {{"OK", "matched 0"}, {"OK", "repeated"}, {"+QMTOPEN: 0,0", "matched 1"}},
         "",
         "",
         {}},
        {"nobody expects it",
         kOpen,
         {{"+QMTSTAT: 0,1", "none"}, {"OK", "matched 0"}},
         "+QMTOPEN: 0,0\n",
         "",
         {}},
        {"case counts", "< RDY\n", {{"rdy", "none"}}, "RDY\n", "", {}},
        {"spaces count",
         kOpen,
         {{"OK", "matched 0"}, {"+QMTOPEN: 0, 0", "value 1: expected +QMTOPEN: 0,0"}},
         "",
         "",
         {}},
        {"the same line twice",
         "< +QMTSTAT: 0,1\n< +QMTSTAT: 0,1\n",
         {{"+QMTSTAT: 0,1", "matched 0"},
          {"+QMTSTAT: 0,1", "matched 1"},
          {"+QMTSTAT: 0,1", "repeated"}},
         "",
         "",
         {}},
        {"three in reverse",
         "< A\n< B\n< C\n",
         {{"C", "early 2"}, {"B", "early 1"}, {"A", "matched 0"}},
         "",
         "",
         {2, 1}},
    }),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Values, MatcherTest,
    testing::ValuesIn(std::vector<Case>{
        {"another result",
         kOpen,
         {{"OK", "matched 0"}, {"+QMTOPEN: 0,3", "value 1: expected +QMTOPEN: 0,0"}},
         "",
         "",
         {}},
        {"the field that differs",
         "< +QMTOPEN: 0,<result:0>\n",
         {{"+QMTOPEN: 0,3", "value 0: result is 3, wanted 0"}},
         "",
         "",
         {}},
        {"the field before it differs, too",
         "< +QMTOPEN: <tcpconnectID:0>,<result:0>\n",
         {{"+QMTOPEN: 1,3", "value 0: tcpconnectID is 1, wanted 0"}},
         "",
         "",
         {}},
        {"any value", "< +QMTOPEN: 0,<result>\n", {{"+QMTOPEN: 0,5", "matched 0"}}, "", "", {}},
        {"any value that the spec allows",
         "< +QMTOPEN: 0,<result>\n",
         {{"+QMTOPEN: 0,6", "value 0: result is 6, out of one of -1, 0, 1, 2, 3, 4, 5"}},
         "",
         "",
         {}},
        {"the spec has a say in what a golden names",
         "< +QMTOPEN: 0,<result:9>\n",
         {{"+QMTOPEN: 0,9", "value 0: result is 9, out of one of -1, 0, 1, 2, 3, 4, 5"}},
         "",
         "",
         {}},
        {"a range", "< +QMTOPEN: 0,<result:1..3>\n", {{"+QMTOPEN: 0,2", "matched 0"}}, "", "", {}},
        {"outside of it",
         "< +QMTOPEN: 0,<result:1..3>\n",
         {{"+QMTOPEN: 0,4", "value 0: result is 4, wanted 1..3"}},
         "",
         "",
         {}},
        {"not a number",
         "< +QMTOPEN: 0,<result>\n",
         {{"+QMTOPEN: 0,x", "value 0: result is , out of one of -1, 0, 1, 2, 3, 4, 5"}},
         "",
         "",
         {}},
        {"a field more",
         "< +QMTOPEN: 0,<result>\n",
         {{"+QMTOPEN: 0,0,1", "value 0: expected +QMTOPEN: 0,<result>"}},
         "",
         "",
         {}},
        {"a field less",
         "< +QMTOPEN: 0,<result>\n",
         {{"+QMTOPEN: 0", "value 0: result is , out of one of -1, 0, 1, 2, 3, 4, 5"}},
         "",
         "",
         {}},
        {"another socket",
         "< +QMTOPEN: 0,<result:0>\n",
         {{"+QMTOPEN: 1,0", "value 0: expected +QMTOPEN: 0,<result:0>"}},
         "",
         "",
         {}},
        {"the nearer of two",
         "< +QMTOPEN: 0,<result:0>\n< +QMTOPEN: 1,<result:0>\n",
         {{"+QMTOPEN: 1,3", "value 1: result is 3, wanted 0"}, {"+QMTOPEN: 0,0", "matched 0"}},
         "",
         "",
         {}},
        {"a text",
         "< +QMTRECV: 0,0,\"<topic>\",hello\n",
         {{"+QMTRECV: 0,0,\"a,b\",hello", "matched 0"}},
         "",
         "",
         {}},
        {"a payload with commas",
         "< +QMTRECV: 0,0,\"t\",<payload>\n",
         {{"+QMTRECV: 0,0,\"t\",a,\"b\",", "matched 0"}},
         "",
         "",
         {}},
        {"another final code",
         kOpen,
         {{"ERROR", "value 0: expected OK"}},
         "+QMTOPEN: 0,0\n",
         "",
         {}},
        {"success for a failure",
         "< +CME ERROR: <err>\n",
         {{"OK", "value 0: expected +CME ERROR: <err>"}},
         "",
         "",
         {}},
        {"another failure", "< +CME ERROR: <err>\n", {{"+CME ERROR: 3", "matched 0"}}, "", "", {}},
    }),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Marks, MatcherTest,
    testing::ValuesIn(std::vector<Case>{
        {"optional, came", "<? A\n< OK\n", {{"A", "matched 0"}, {"OK", "matched 1"}}, "", "", {}},
        {"optional, did not", "<? A\n< OK\n", {{"OK", "matched 1"}}, "", "", {}},
        {"optional, twice",
         "<? A\n< OK\n",
         {{"A", "matched 0"}, {"A", "repeated"}, {"OK", "matched 1"}},
         "",
         "",
         {}},
        {"optional, too late", "<? A\n< OK\n", {{"OK", "matched 1"}, {"A", "none"}}, "", "", {}},
        {"optional, too early",
         "< OK\n<? A\n",
         {{"A", "none"}, {"OK", "matched 0"}, {"A", "matched 1"}},
         "",
         "",
         {}},
        {"optional, with another value",
         "<? +QMTOPEN: 0,0\n< OK\n",
         {{"+QMTOPEN: 0,1", "none"}, {"OK", "matched 1"}},
         "",
         "",
         {}},
        {"any number, none", "<* A\n< OK\n", {{"OK", "matched 1"}}, "", "", {}},
        {"any number, three",
         "<* A\n< OK\n",
         {{"A", "matched 0"},
          {"A", "matched 0"},
          {"A", "matched 0"},
          {"OK", "matched 1"},
          {"A", "repeated"}},
         "",
         "",
         {}},
        {"some, none", "<+ A\n< OK\n", {{"OK", "early 1"}}, "A\n", "", {}},
        {"some, two",
         "<+ A\n< OK\n",
         {{"A", "matched 0"}, {"A", "matched 0"}, {"OK", "matched 1"}},
         "",
         "",
         {}},
        {"some, and one too late",
         "<+ A\n< OK\n",
         {{"A", "matched 0"}, {"OK", "matched 1"}, {"A", "repeated"}},
         "",
         "",
         {}},
        {"forbidden",
         "< OK\n<! +QMTOPEN: 0,0\n",
         {{"+QMTOPEN: 0,0", "forbidden 1"}, {"OK", "matched 0"}},
         "",
         "",
         {}},
        {"forbidden, another value is not",
         "< OK\n<! +QMTOPEN: 0,0\n",
         {{"+QMTOPEN: 0,1", "none"}, {"OK", "matched 0"}},
         "",
         "",
         {}},
        {"forbidden, any value",
         "< OK\n<! +QMTOPEN: 0,<result>\n",
         {{"+QMTOPEN: 0,1", "forbidden 1"}},
         "OK\n",
         "",
         {}},
        {"forbidden comes before expected",
         "< OK\n<! OK\n",
         {{"OK", "forbidden 1"}},
         "OK\n",
         "",
         {}},
        {"any order",
         "<~ A\n<~ B\n< OK\n",
         {{"B", "matched 1"}, {"A", "matched 0"}, {"OK", "matched 2"}},
         "",
         "",
         {}},
        {"any order, one is missing",
         "<~ A\n<~ B\n< OK\n",
         {{"B", "matched 1"}, {"OK", "early 2"}},
         "A\n",
         "",
         {}},
        {"any order, before the group's turn",
         "< OK\n<~ A\n<~ B\n",
         {{"B", "early 2"}, {"OK", "matched 0"}, {"A", "matched 1"}},
         "",
         "",
         {2}},
        {"two groups",
         "<~ A\n< OK\n<~ A\n",
         {{"A", "matched 0"}, {"OK", "matched 1"}, {"A", "matched 2"}},
         "",
         "",
         {}},
    }),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Captures, MatcherTest,
    testing::ValuesIn(std::vector<Case>{
        {"remembered and used",
         "< +QMTOPEN: <tcpconnectID=id>,0\n< +QMTSTAT: ${id},1\n",
         {{"+QMTOPEN: 4,0", "matched 0"}, {"+QMTSTAT: 4,1", "matched 1"}},
         "",
         "id=4 ",
         {}},
        {"used with another value",
         "< +QMTOPEN: <tcpconnectID=id>,0\n< +QMTSTAT: ${id},1\n",
         {{"+QMTOPEN: 4,0", "matched 0"}, {"+QMTSTAT: 5,1", "value 1: expected +QMTSTAT: ${id},1"}},
         "",
         "id=4 ",
         {}},
        {"not remembered of a line that nobody expects",
         "< +QMTOPEN: <tcpconnectID=id>,0\n",
         {{"+QMTCLOSE: 4,0", "none"}},
         "+QMTOPEN: <tcpconnectID=id>,0\n",
         "",
         {}},
        {"remembered though another field differs, for the lines that follow",
         "< +QMTOPEN: <tcpconnectID=id>,<result:0>\n< +QMTSTAT: ${id},1\n",
         {{"+QMTOPEN: 4,2", "value 0: result is 2, wanted 0"}, {"+QMTSTAT: 4,1", "matched 1"}},
         "",
         "id=4 ",
         {}},
        {"within a range",
         "< +QMTOPEN: <tcpconnectID:1..5=id>,0\n",
         {{"+QMTOPEN: 0,0", "value 0: tcpconnectID is 0, wanted 1..5"}},
         "",
         "",
         {}},
    }),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Others, MatcherTest,
    testing::ValuesIn(std::vector<Case>{
        {"a prompt", "prompt\n", {{"prompt", "matched 0"}, {"prompt", "none"}}, "", "", {}},
        {"a prompt too early",
         "< OK\nprompt\n",
         {{"prompt", "early 1"}, {"OK", "matched 0"}},
         "",
         "",
         {1}},
        {"a prompt is missing", "prompt\n", {{"OK", "none"}}, "prompt\n", "", {}},
        {"bytes", "<= \"OK\"\n", {{"raw OK", "matched 0"}}, "", "", {}},
        {"other bytes", "<= \"OK\"\n", {{"raw ok", "value 0: expected OK"}}, "", "", {}},
        {"bytes that nobody expects", "< OK\n", {{"raw OK", "none"}}, "OK\n", "", {}},
    }),
    NameOf);

std::vector<Expectation> Lines(const std::vector<std::string>& lines, How how = How::kExactly) {
  std::vector<Expectation> out(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    out[i].how = how;
    out[i].line = {{.kind = Piece::Kind::kLiteral, .text = lines[i], .only = {}, .capture = {}}};
  }
  return out;
}

constexpr auto kNoFinal = [](const Expectation&) { return false; };

TEST(Matcher, GivenBackALineIsDueAgainAsIfItHadNotCome) {
  const std::vector<Expectation> expected = Lines({"A", "B", "C"});
  Values captures;
  Matcher matcher(expected, captures);
  EXPECT_EQ(matcher.Line("B", false, kNoFinal).fit, Hit::Fit::kEarly);
  matcher.GiveBack(1);
  EXPECT_EQ(matcher.Line("A", false, kNoFinal).fit, Hit::Fit::kMatched);
  EXPECT_TRUE(matcher.OutOfOrder().empty());
  EXPECT_EQ(matcher.NextIndex(), 1U);
  EXPECT_EQ(matcher.Line("B", false, kNoFinal).fit, Hit::Fit::kMatched);
}

TEST(Matcher, TakesALineOnlyForWhatItMayBe) {
  std::vector<Expectation> expected = Lines({"A", "A"});
  expected.push_back(Lines({"X"}, How::kForbidden)[0]);
  Values captures;
  Matcher matcher(expected, captures);
  const auto second = [](std::size_t index) { return index == 1; };
  EXPECT_EQ(matcher.Line("A", false, kNoFinal, second).index, 1U);
  EXPECT_EQ(matcher.Line("A", false, kNoFinal, second).fit, Hit::Fit::kRepeated);
  const auto none = [](std::size_t) { return false; };
  EXPECT_EQ(matcher.Line("A", false, kNoFinal, none).fit, Hit::Fit::kNone);
  EXPECT_EQ(matcher.Line("X", false, kNoFinal, none).fit, Hit::Fit::kForbidden);
  EXPECT_TRUE(matcher.Takes(0, "A"));
  EXPECT_FALSE(matcher.Takes(1, "A"));
  EXPECT_EQ(matcher.TakeFor(0, "A").fit, Hit::Fit::kMatched);
  EXPECT_TRUE(matcher.Satisfied());
}

TEST(Matcher, ExpectsNothingMoreOnceAbandoned) {
  std::vector<Expectation> expected(1);
  expected[0].line = {{.kind = Piece::Kind::kLiteral, .text = "OK", .only = {}, .capture = {}}};
  Values captures;
  Matcher matcher(expected, captures);
  EXPECT_FALSE(matcher.Satisfied());
  matcher.Abandon();
  EXPECT_TRUE(matcher.Satisfied());
  EXPECT_TRUE(matcher.Missing().empty());
  EXPECT_EQ(matcher.Line("OK", true, [](const Expectation&) { return true; }).fit, Hit::Fit::kNone);
}

}  // namespace
}  // namespace assay::transcript
