// A message that takes several lines: each deviation in it is one finding, with its class and
// clause, whether a golden lists its lines or only allows for them.
#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "dialects/grammar_testing.h"
#include "harness/session_testing.h"
#include "spec/sample_testing.h"

namespace assay::harness {
namespace {

using report::FindingClass;

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

const std::vector<std::string> kLines = {"+RXSTART: 0,5,12", "+RXTOPIC: 0,5\r\na/b/c",
                                         "+RXPAYLOAD: 0,12\r\n0123\r\nOK\r\nab", "+RXEND: 0"};

report::Outcome Judged(const std::string& golden, const std::vector<std::string>& lines) {
  std::string bytes = "\r\nOK\r\n\r\n+OPEN: 0,0\r\n";
  for (const std::string& line : lines) bytes += "\r\n" + line + "\r\n";
  Session session;
  session.answers = {{"", {}}, {"AT+OPEN=0,\"host\"\r", {{Time{1000}, bytes}}}};
  return Replay(PlanOf(golden, Messages()), Messages(), session).outcome;
}

struct Row {
  std::string name;
  std::vector<std::string> lines;
  FindingClass finding_class;
  std::string clause, detail;  // how the fingerprint ends
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

class Deviation : public testing::TestWithParam<Row> {
 protected:
  void ExpectOne(const std::string& golden) {
    const report::Outcome outcome = Judged(golden, GetParam().lines);
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

TEST(BlockTest, AnEndThatNeverComesIsMissing) {
  const report::Outcome outcome =
      Judged(std::string(kOpened) + kListed, {kLines[0], kLines[1], kLines[2]});
  ASSERT_EQ(outcome.findings.size(), 1U) << Describe(outcome);
  EXPECT_EQ(outcome.findings[0].finding_class, FindingClass::kMissing);
  EXPECT_EQ(outcome.findings[0].clause, "7");
}

}  // namespace
}  // namespace assay::harness
