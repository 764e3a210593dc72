// What each format looks like; what its own readers make of it is tested in harness/formats.
#include <gtest/gtest.h>

#include "reports/csv.h"
#include "reports/ctrf.h"
#include "reports/github.h"
#include "reports/lava.h"
#include "reports/markdown_text.h"
#include "reports/sample.h"
#include "reports/tap.h"

namespace assay::report {
namespace {

Report Small() {
  Report report;
  report.tool_version = "0.1.0";
  report.dialect = "quectel-bg96";
  report.model = "BG96";
  report.device_address = "/dev/ttyUSB2";
  report.started = "2024-05-17T09:30:00Z";
  report.duration = Time(2'500'000);
  Outcome passed;
  passed.id = "quectel-bg96/qmtopen/write/opens";
  passed.verdict = Verdict::kPass;
  passed.duration = Time(1'500'999);
  passed.clause = "3.2.2";
  Outcome failed = passed;
  failed.id = "quectel-bg96/qmtopen/write/range#1";
  failed.verdict = Verdict::kFail;
  failed.expected = false;
  failed.purpose = "-1 is \"refused\"";
  failed.reason = "syntax (3.2.2): 100% wrong,\nreally";
  failed.repro = "assay run x";
  Finding finding;
  finding.finding_class = FindingClass::kSyntax;
  finding.clause = "3.2.2";
  finding.where = {"goldens/a:b,c.at", 4, 0};
  finding.expected = "ERROR";
  finding.got = "=1+1";
  finding.message = "differs\n::error::owned";
  failed.findings = {finding};
  Outcome skipped = passed;
  skipped.id = "quectel-bg96/qmtcfg/write/ssl";
  skipped.verdict = Verdict::kNone;
  skipped.skipped = true;
  skipped.reason = "needs # of TLS";
  skipped.duration = Time(0);
  report.outcomes = {passed, failed, skipped};
  Summarise(report);
  return report;
}

TEST(WriteTap, IsALineACaseAndYamlWhereThereIsMoreToSay) {
  EXPECT_EQ(WriteTap(Small()), R"(TAP version 13
1..3
# Assay: 0.1.0
# dialect: quectel-bg96
# model: BG96
# device: /dev/ttyUSB2
ok 1 - quectel-bg96/qmtopen/write/opens
not ok 2 - quectel-bg96/qmtopen/write/range\#1
  ---
  verdict: "fail"
  type: "syntax"
  message: "syntax (3.2.2): 100% wrong,\\nreally"
  duration_ms: 1500
  clause: "3.2.2"
  purpose: "-1 is \"refused\""
  repeat: "assay run x"
  findings:
    - severity: "violation"
      class: "syntax"
      clause: "3.2.2"
      message: "differs\\n::error::owned"
      expected: "ERROR"
      got: "=1+1"
      at: "goldens/a:b,c.at:4"
  ...
ok 3 - quectel-bg96/qmtcfg/write/ssl # SKIP needs \# of TLS
# verdict: Fail: 1 of 2 cases
)");
  EXPECT_TRUE(WriteTap(Small(), TapVersion::k14).starts_with("TAP version 14\n1..3\n"));
}

TEST(WriteLava, IsASetForEachCommand) {
  EXPECT_EQ(WriteLava(Small()), R"(<LAVA_SIGNAL_TESTSET START quectel-bg96.qmtopen>
<LAVA_SIGNAL_TESTCASE TEST_CASE_ID=quectel-bg96.qmtopen.write.opens RESULT=pass>
<LAVA_SIGNAL_TESTCASE TEST_CASE_ID=quectel-bg96.qmtopen.write.range_1 RESULT=fail>
<LAVA_SIGNAL_TESTSET STOP>
<LAVA_SIGNAL_TESTSET START quectel-bg96.qmtcfg>
<LAVA_SIGNAL_TESTCASE TEST_CASE_ID=quectel-bg96.qmtcfg.write.ssl RESULT=skip>
<LAVA_SIGNAL_TESTSET STOP>
<LAVA_SIGNAL_TESTCASE TEST_CASE_ID=assay.verdict RESULT=fail>
)");
}

TEST(WriteGithubAnnotations, EscapeWhatWouldEndACommandOrAProperty) {
  EXPECT_EQ(WriteGithubAnnotations(Small()),
            "::error title=Fail%3A 1 of 2 cases::quectel-bg96, BG96, /dev/ttyUSB2\n"
            "::error file=goldens/a%3Ab%2Cc.at,line=4,col=1,title=quectel-bg96/qmtopen/write/"
            "range#1::fail: syntax (3.2.2): 100%25 wrong,%0Areally%0Aviolation syntax, clause 3.2.2 "
            "(stated), goldens/a:b,c.at:4%0A  differs%0A::error::owned%0A  expected: ERROR%0A  got: "
            "     =1+1%0Arepeat: assay run x\n");
}

TEST(WriteGithubSummary, KeepsToItsLimitAndSaysWhatIsLeftOut) {
  Report report = Small();
  const Outcome failed = report.outcomes[1];
  for (int i = 0; i < 20'000; ++i) {
    report.outcomes.push_back(failed);
    report.outcomes.back().id += "-" + std::to_string(i);
  }
  Summarise(report);
  const std::string whole = WriteGithubSummary(report);
  EXPECT_LE(whole.size(), kStepSummaryLimit);
  EXPECT_GT(whole.size(), kStepSummaryLimit * 9 / 10);
  EXPECT_NE(whole.find("\n\nLeft out, for a summary holds no more than 1048576 bytes: "), whole.npos);
  EXPECT_NE(whole.find(" cases of 20001"), whole.npos);
  for (const std::size_t limit : {0, 1, 100, 600, 2000, 5000})
    EXPECT_LE(WriteGithubSummary(report, limit).size(), limit);
  EXPECT_EQ(WriteGithubSummary(Small()).find("Left out"), std::string::npos);
}

TEST(WriteCsv, QuotesCellsAndDefusesFormulas) {
  const std::string csv = WriteCsv(Small());
  EXPECT_NE(csv.find("\r\nquectel-bg96/qmtopen/write/opens,,quectel-bg96,3.2.2,,pass,pass,,,,,1500,0,,,,"
                     ",,,,\r\n"),
            csv.npos)
      << csv;
  EXPECT_NE(csv.find(",fail,fail,syntax,\"syntax (3.2.2): 100% wrong,\r\nreally\",,\"'-1 is "
                     "\"\"refused\"\"\",1500,1,syntax,violation,3.2.2,ERROR,'=1+1,,assay run x,\r\n"),
            csv.npos)
      << csv;
}

TEST(WriteCtrf, HasMillisecondsSince1970) {
  const std::string json = WriteCtrf(Small());
  EXPECT_NE(json.find("\"summary\":{\"tests\":3,\"passed\":1,\"failed\":1,\"pending\":0,\"skipped\":1,"
                      "\"other\":0,\"start\":1715938200000,\"stop\":1715938202500}"),
            json.npos)
      << json;
}

TEST(MarkdownLine, MeansItselfAndNothingElse) {
  EXPECT_EQ(MarkdownLine("quectel-bg96/qmtopen, 3.2.2"), "quectel-bg96/qmtopen, 3.2.2");
  EXPECT_EQ(MarkdownLine("a|b <i> `c` **d** \\"), "a&#124;b &lt;i&gt; \\`c\\` \\*\\*d\\*\\* \\\\");
  EXPECT_EQ(MarkdownLine("@team see https://x.example"), "&#64;team see https&#58;//x.example");
  EXPECT_EQ(MarkdownLine("1. + - # x"), "1\\. \\+ \\- \\# x");
  EXPECT_EQ(MarkdownLine("a\nb"), "a\\\\nb");
}

}  // namespace
}  // namespace assay::report
