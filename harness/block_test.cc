// A message that takes several lines: each deviation in it is one finding, with its class and
// clause, whether a golden lists its lines or only allows for them.
#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "dialects/grammar_testing.h"
#include "harness/session_testing.h"
#include "harness/verify.h"
#include "spec/sample_testing.h"

namespace assay::harness {
namespace {

using report::FindingClass;
using Lines = std::vector<std::string>;

const dialect::Grammar& Messages() {
  static const std::shared_ptr<const dialect::Grammar> grammar =
      dialect::GrammarOf(spec::SampleWithMessages());
  return *grammar;
}

constexpr const char* kOpened =
    "dialect: sample\nclause: 7\npurpose: a message comes\n\n"
    "> AT+OPEN=0,\"host\"\n< OK\n< +OPEN: 0,0\n";
constexpr const char* kListed =
    "<~ +RXSTART: 0,<topic_total:5>,<payload_total:12>\n"
    "<~ +RXTOPIC: 0,<size:5>\\r\\na/b/c\n"
    "<~ +RXPAYLOAD: 0,<size:12>\\r\\n0123\\r\\nOK\\r\\nab\n"
    "<~ +RXEND: 0\n";
constexpr const char* kQuiet = "quiet 500ms\n";

const Lines kLines = {"+RXSTART: 0,5,12", "+RXTOPIC: 0,5\r\na/b/c",
                      "+RXPAYLOAD: 0,12\r\n0123\r\nOK\r\nab", "+RXEND: 0"};

// Other messages that come by themselves: of other sizes, and of the same.
const Lines kOther = {"+RXSTART: 0,4,1", "+RXTOPIC: 0,4\r\npert", "+RXPAYLOAD: 0,1\r\nx",
                      "+RXEND: 0"};
const Lines kAlike = {"+RXSTART: 0,5,12", "+RXTOPIC: 0,5\r\nd/e/f",
                      "+RXPAYLOAD: 0,12\r\nabcd\r\nOK\r\nef", "+RXEND: 0"};

Lines operator+(Lines first, const Lines& then) {
  first.insert(first.end(), then.begin(), then.end());
  return first;
}

// The golden with its lines in order.
std::string InOrder(std::string golden) {
  for (std::size_t at = 0; (at = golden.find("<~", at)) != std::string::npos;)
    golden.replace(at, 2, "<");
  return golden;
}

report::Outcome Judged(const std::string& golden, const Lines& lines) {
  std::string bytes = "\r\nOK\r\n\r\n+OPEN: 0,0\r\n";
  for (const std::string& line : lines) bytes += "\r\n" + line + "\r\n";
  Session session;
  session.answers = {{"", {}}, {"AT+OPEN=0,\"host\"\r", {{Time{1000}, bytes}}}};
  return Replay(PlanOf(golden, Messages()), Messages(), session).outcome;
}

struct Row {
  std::string name;
  Lines lines;
  FindingClass finding_class;
  std::string clause, detail;  // how the fingerprint ends
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

class Deviation : public testing::TestWithParam<Row> {
 protected:
  void ExpectOne(const std::string& golden, const Lines& before = {}, const Lines& after = {}) {
    const report::Outcome outcome = Judged(golden, before + GetParam().lines + after);
    ASSERT_EQ(outcome.findings.size(), 1U) << golden << Describe(outcome);
    const report::Finding& finding = outcome.findings[0];
    EXPECT_EQ(finding.finding_class, GetParam().finding_class) << Describe(outcome);
    EXPECT_EQ(finding.clause, GetParam().clause) << Describe(outcome);
    EXPECT_TRUE(finding.fingerprint.ends_with("/" + GetParam().detail)) << finding.fingerprint;
  }
};

TEST_P(Deviation, IsOneFindingWhereAGoldenListsTheLines) {
  ExpectOne(std::string(kOpened) + kListed);
}

TEST_P(Deviation, IsOneFindingBehindAnotherMessage) {
  for (const Lines& other : {kOther, kAlike}) ExpectOne(std::string(kOpened) + kListed, other);
}

TEST_P(Deviation, IsOneFindingBeforeAnotherMessage) {
  for (const Lines& other : {kOther, kAlike}) ExpectOne(std::string(kOpened) + kListed, {}, other);
}

TEST_P(Deviation, IsOneFindingWhereNoGoldenDoes) { ExpectOne(std::string(kOpened) + kQuiet); }

const Row kRows[] = {
    {"NoStart", {kLines[1], kLines[2], kLines[3]}, FindingClass::kMissing, "7", "+RXSTART"},
    {"NoTopic", {kLines[0], kLines[2], kLines[3]}, FindingClass::kMissing, "7", "+RXTOPIC"},
    {"NoPayload", {kLines[0], kLines[1], kLines[3]}, FindingClass::kMissing, "7", "+RXPAYLOAD"},
    {"ADoubledStart",
     {kLines[0], kLines[0], kLines[1], kLines[2], kLines[3]},
     FindingClass::kUnexpected,
     "7",
     "+RXSTART"},
    {"ADoubledTopic",
     {kLines[0], kLines[1], kLines[1], kLines[2], kLines[3]},
     FindingClass::kUnexpected,
     "7",
     "+RXTOPIC"},
    {"ADoubledEnd",
     {kLines[0], kLines[1], kLines[2], kLines[3], kLines[3]},
     FindingClass::kUnexpected,
     "7",
     "+RXEND"},
    {"TheTopicBehindThePayload",
     {kLines[0], kLines[2], kLines[1], kLines[3]},
     FindingClass::kOrder,
     "7",
     "+RXTOPIC"},
    {"ALengthTooLong",
     {kLines[0], "+RXTOPIC: 0,6\r\na/b/c", kLines[2], kLines[3]},
     FindingClass::kPayload,
     "7",
     "size"},
    {"ALengthTooShort",
     {kLines[0], "+RXTOPIC: 0,4\r\na/b/c", kLines[2], kLines[3]},
     FindingClass::kPayload,
     "7",
     "size"},
    {"AContentCut",
     {kLines[0], "+RXTOPIC: 0,4\r\na/b/", kLines[2], kLines[3]},
     FindingClass::kPayload,
     "7",
     "topic_total"},
    {"ATotalTooLarge",
     {"+RXSTART: 0,6,12", kLines[1], kLines[2], kLines[3]},
     FindingClass::kPayload,
     "7",
     "topic_total"},
    {"ATotalTooSmall",
     {"+RXSTART: 0,4,12", kLines[1], kLines[2], kLines[3]},
     FindingClass::kPayload,
     "7",
     "topic_total"},
    {"AnotherInstanceInAPart",
     {kLines[0], "+RXTOPIC: 1,5\r\na/b/c", kLines[2], kLines[3]},
     FindingClass::kPayload,
     "7",
     "id"},
    {"AnotherInstanceInTheEnd",
     {kLines[0], kLines[1], kLines[2], "+RXEND: 1"},
     FindingClass::kPayload,
     "7",
     "id"},
    {"AnotherInstanceInTheStart",
     {"+RXSTART: 1,5,12", kLines[1], kLines[2], kLines[3]},
     FindingClass::kState,
     "7",
     "+RXSTART"},
    {"ATotalOutOfRange",
     {"+RXSTART: 0,5,1001", kLines[1], kLines[2], kLines[3]},
     FindingClass::kRange,
     "7",
     "payload_total"},
    {"AMalformedStart",
     {"+RXSTART: 0;5,12", kLines[1], kLines[2], kLines[3]},
     FindingClass::kSyntax,
     "7",
     "+RXSTART"},
};

INSTANTIATE_TEST_SUITE_P(Rows, Deviation, testing::ValuesIn(kRows),
                         [](const auto& row) { return row.param.name; });

TEST(BlockTest, AsDocumentedIsNoFinding) {
  for (const char* more : {kListed, kQuiet}) {
    const report::Outcome outcome = Judged(std::string(kOpened) + more, kLines);
    EXPECT_TRUE(outcome.findings.empty()) << Describe(outcome);
    EXPECT_EQ(outcome.verdict, report::Verdict::kPass) << Describe(outcome);
  }
}

// A message that the state permits may come at any time (design, 1.6).
TEST(BlockTest, OtherMessagesChangeNothing) {
  const std::string golden = std::string(kOpened) + kListed;
  for (const std::string& listed : {golden, InOrder(golden)}) {
    for (const Lines& other : {kOther, kAlike}) {
      for (const Lines& lines :
           {other + kLines, kLines + other, other + kLines + other, other + other + kLines}) {
        const report::Outcome outcome = Judged(listed, lines);
        EXPECT_TRUE(outcome.findings.empty()) << listed << Describe(outcome);
      }
    }
  }
}

TEST(BlockTest, EachOfTwoMessagesFindsItsOwnLines) {
  const std::string golden = std::string(kOpened) + kListed +
                             "<~ +RXSTART: 0,<topic_total:5>,<payload_total:12>\n"
                             "<~ +RXTOPIC: 0,<size:5>\\r\\nd/e/f\n"
                             "<~ +RXPAYLOAD: 0,<size:12>\\r\\nabcd\\r\\nOK\\r\\nef\n"
                             "<~ +RXEND: 0\n";
  for (const Lines& lines : {kLines + kAlike, kAlike + kLines, kOther + kAlike + kLines}) {
    const report::Outcome outcome = Judged(golden, lines);
    EXPECT_TRUE(outcome.findings.empty()) << Describe(outcome);
  }
  Lines first = kLines, second = kAlike;
  first[1].back() = 'x';
  second[2].back() = 'x';
  for (const Lines& lines : {first + second, second + first, first + kOther + second}) {
    const report::Outcome outcome = Judged(golden, lines);
    ASSERT_EQ(outcome.findings.size(), 2U) << Describe(outcome);
    for (const report::Finding& finding : outcome.findings)
      EXPECT_EQ(finding.finding_class, FindingClass::kPayload) << Describe(outcome);
  }
}

// A recording of the same, held against the golden, may have them, too.
TEST(BlockTest, OtherMessagesChangeNothingOfARecording) {
  const transcript::Plan golden = PlanOf(std::string(kOpened) + kListed, Messages());
  const auto verified = [&](const Lines& lines) {
    std::string text =
        "dialect: sample\nkind: recording\n\n>[@0.000000] AT+OPEN=0,\"host\"\n"
        "<[@0.001000] OK\n<[@0.001000] +OPEN: 0,0\n";
    for (const std::string& line : lines) text += "<[@0.002000] " + transcript::Escape(line) + "\n";
    VerifyOptions options;
    options.golden = &golden;
    Verifier verifier(Messages(), options);
    verifier.Feed(text);
    return verifier.Finish();
  };
  for (const Lines& other : {kOther, kAlike}) {
    for (const Lines& lines : {other + kLines, kLines + other, other + kLines + other}) {
      const VerifyResult result = verified(lines);
      EXPECT_TRUE(result.outcome.findings.empty()) << Describe(result.outcome);
      EXPECT_EQ(result.log_verdict, "conforms");
    }
    Lines altered = kLines;
    altered[1].back() = 'x';
    const VerifyResult result = verified(other + altered + other);
    ASSERT_EQ(result.outcome.findings.size(), 1U) << Describe(result.outcome);
    EXPECT_EQ(result.outcome.findings[0].finding_class, FindingClass::kPayload);
  }
}

// Lines of another instance may stand between those of a message.
TEST(BlockTest, AnotherInstanceBetweenItsLinesChangesNothing) {
  std::string golden =
      std::string(kOpened) + "> AT+OPEN=1,\"host\"\n< OK\n< +OPEN: 1,0\n" + kListed;
  Session session;
  std::string bytes = "\r\nOK\r\n\r\n+OPEN: 1,0\r\n";
  for (std::size_t i = 0; i < kLines.size(); ++i) {
    std::string other = kAlike[i];
    other[other.find('0')] = '1';
    bytes += "\r\n" + other + "\r\n\r\n" + kLines[i] + "\r\n";
  }
  session.answers = {{"", {}},
                     {"AT+OPEN=0,\"host\"\r", {{Time{1000}, "\r\nOK\r\n\r\n+OPEN: 0,0\r\n"}}},
                     {"AT+OPEN=1,\"host\"\r", {{Time{1000}, bytes}}}};
  const report::Outcome outcome = Replay(PlanOf(golden, Messages()), Messages(), session).outcome;
  EXPECT_TRUE(outcome.findings.empty()) << Describe(outcome);
}

// One line too many, of a message that never began, is not the golden's.
TEST(BlockTest, AStrayEndIsOneFinding) {
  for (const Lines& lines : {Lines{kLines[3]} + kLines, kOther + Lines{kLines[3]} + kLines}) {
    const report::Outcome outcome = Judged(std::string(kOpened) + kListed, lines);
    EXPECT_EQ(outcome.findings.size(), 1U) << Describe(outcome);
  }
}

struct Whole {
  std::string name;
  Lines lines;
  FindingClass finding_class;
  std::string expected;  // of the finding
};
void PrintTo(const Whole& whole, std::ostream* out) { *out << whole.name; }

class WholeMessage : public testing::TestWithParam<Whole> {};

TEST_P(WholeMessage, IsOneFinding) {
  const std::string golden = std::string(kOpened) + kListed;
  for (const std::string& listed : {golden, InOrder(golden)}) {
    const report::Outcome outcome = Judged(listed, GetParam().lines);
    ASSERT_EQ(outcome.findings.size(), 1U) << listed << Describe(outcome);
    EXPECT_EQ(outcome.findings[0].finding_class, GetParam().finding_class) << Describe(outcome);
    EXPECT_EQ(outcome.findings[0].expected, GetParam().expected);
  }
}

constexpr const char* kStart = "+RXSTART: 0,<topic_total:5>,<payload_total:12>";

INSTANTIATE_TEST_SUITE_P(
    Rows, WholeMessage,
    testing::Values(Whole{"ThatNeverCame", {}, FindingClass::kMissing, kStart},
                    Whole{"ThatNeverCameThoughAnotherDid", kOther, FindingClass::kMissing, kStart},
                    // Which may as well be this one, altered.
                    Whole{"ThatNeverCameThoughOneOfItsSizesDid", kAlike, FindingClass::kPayload,
                          "+RXTOPIC: 0,<size:5>\\r\\na/b/c"},
                    Whole{"ThatCameTwice", kLines + kLines, FindingClass::kUnexpected, "once"},
                    Whole{"CutShort",
                          {kLines[0], kLines[1]},
                          FindingClass::kMissing,
                          "+RXPAYLOAD: 0,<size:12>\\r\\n0123\\r\\nOK\\r\\nab"},
                    // In itself it is sound, so that only the golden knows.
                    Whole{"OfAnotherPayload",
                          {"+RXSTART: 0,5,3", kLines[1], "+RXPAYLOAD: 0,3\r\n012", kLines[3]},
                          FindingClass::kPayload,
                          "+RXPAYLOAD: 0,<size:12>\\r\\n0123\\r\\nOK\\r\\nab"},
                    Whole{"WhoseTopicIsAnother",
                          {kLines[0], "+RXTOPIC: 0,5\r\nx/y/z", kLines[2], kLines[3]},
                          FindingClass::kPayload,
                          "+RXTOPIC: 0,<size:5>\\r\\na/b/c"},
                    Whole{"WhoseTopicIsAnotherBehindOneOfItsSizes",
                          kAlike + Lines{kLines[0], "+RXTOPIC: 0,5\r\nx/y/z", kLines[2], kLines[3]},
                          FindingClass::kPayload, "+RXTOPIC: 0,<size:5>\\r\\na/b/c"}),
    [](const auto& whole) { return whole.param.name; });

TEST(BlockTest, AnEndThatNeverComesIsMissing) {
  const report::Outcome outcome =
      Judged(std::string(kOpened) + kListed, {kLines[0], kLines[1], kLines[2]});
  ASSERT_EQ(outcome.findings.size(), 1U) << Describe(outcome);
  EXPECT_EQ(outcome.findings[0].finding_class, FindingClass::kMissing);
  EXPECT_EQ(outcome.findings[0].clause, "7");
}

}  // namespace
}  // namespace assay::harness
