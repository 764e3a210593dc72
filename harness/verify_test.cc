// What a file is, what of it can be judged, and what is said of the rest.
#include "harness/verify.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "transcripts/import_testing.h"

namespace assay::harness {
namespace {

VerifyResult Verify(std::string_view bytes, std::size_t chunk, const std::string& format = "auto") {
  VerifyOptions options;
  options.file = "a.log";
  options.format = format;
  Verifier verifier(transcript::GrammarFor("quectel-bg96"), options);
  for (std::size_t at = 0; at < bytes.size(); at += chunk) verifier.Feed(bytes.substr(at, chunk));
  return verifier.Finish();
}
VerifyResult Verify(std::string_view bytes) { return Verify(bytes, bytes.size() + 1); }

// "class severity exchange:line", a line each, without what is said of the capture.
std::string Findings(const VerifyResult& result) {
  std::string out;
  for (const report::Finding& finding : result.outcome.findings) {
    if (finding.side == report::Side::kCapture) continue;
    out += std::string(report::Name(finding.finding_class)) + " " +
           std::string(report::Name(finding.severity)) + " " +
           std::to_string(finding.where.exchange) + ":" + std::to_string(finding.where.line) + "\n";
  }
  return out;
}

struct File {
  const char* name;
  std::string bytes;
  bool recording;
};
const File kFiles[] = {
    {"recording", "dialect: quectel-bg96\nkind: recording\n\n>[@0.0] AT\n<[@0.1] OK\n", true},
    {"recording_with_cr", "dialect: quectel-bg96\r\n\r\n> AT\r\n< OK\r\n", true},
    {"recording_behind_other_headers",
     "# seen at the bench\ntitle: T\nkind: recording\ndialect: x\n", true},
    {"recording_without_line_end", "dialect: quectel-bg96", true},
    {"log", "AT\r\nOK\r\n", false},
    {"log_that_begins_like_a_header", "title: no recording\nAT\nOK\n", false},
    {"log_that_names_the_dialect_late", "AT\nOK\ndialect: quectel-bg96\n", false},
    {"log_of_headers_alone", "modem: x\nhost: y\n", false},
    {"headers_for_too_long", std::string(70'000, 'a') + ": x\ndialect: quectel-bg96\n", false},
    {"nothing", "", false},
};

class WhatAFileIs : public testing::TestWithParam<File> {};
TEST_P(WhatAFileIs, DoesNotDependOnHowItIsCutUp) {
  const File& file = GetParam();
  for (const std::size_t chunk : {1, 2, 7, 64, 65'535, 65'536, 65'537, 1'000'000}) {
    if (chunk < 64 && file.bytes.size() > 1000) continue;
    EXPECT_EQ(Verify(file.bytes, chunk).style == "recording", file.recording) << chunk;
  }
}
INSTANTIATE_TEST_SUITE_P(Files, WhatAFileIs, testing::ValuesIn(kFiles),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(Verify, TakesANamedFormatAtItsWord) {
  const std::string log = "dialect: quectel-bg96\n\n> AT\n< OK\n";
  EXPECT_EQ(Verify(log, 1, "recording").style, "recording");
  EXPECT_NE(Verify(log, 1, "terminal").style, "recording");
}

TEST(Verify, KnowsAFileThatIsNoSession) {
  for (const std::string_view text :
       {std::string_view(""), std::string_view("Meeting at noon.\nOK\n"),
        std::string_view("\x7F\x45\x4C\x46\0\0\0\x01\xFF\xFE", 10),
        std::string_view("{\"a\": 1}\n"), std::string_view("PATH=/usr/bin\nBAT+1=2\n")}) {
    EXPECT_TRUE(Verify(text).no_session) << text;
  }
  for (const std::string_view text : {"AT\nOK\n", "at+csq\r\n+CSQ: 24,0\r\n\r\nOK\r\n",
                                      "+QMTSTAT: 0,1\n", "[10:00:01] >> AT+GMI\n"}) {
    EXPECT_FALSE(Verify(text).no_session) << text;
  }
}

TEST(Verify, SaysThatThereIsNothingToJudge) {
  const VerifyResult result = Verify("AT+CSQ\n+CSQ: 24,0\n\nOK\nAT+NOSUCH=1\nERROR\n");
  EXPECT_FALSE(result.no_session);
  EXPECT_EQ(result.outcome.verdict, report::Verdict::kInconc);
  EXPECT_EQ(result.outcome.reason, "the log holds no command of the dialect: nothing to judge");
  ASSERT_EQ(result.outcome.exchanges.size(), 2u);
  EXPECT_EQ(result.outcome.exchanges[0].sent, "AT+CSQ");
  EXPECT_EQ(result.outcome.exchanges[1].final, "ERROR");
  EXPECT_EQ(Findings(result),
            "undocumented info 0:1\nundocumented info 1:5\nresult-failure info 1:6\n");
  // A line that only the dialect has is something.
  EXPECT_NE(Verify("+QMTSTAT: 0,1\n").outcome.reason, result.outcome.reason);
}

const char kConnected[] =
    "AT+QMTOPEN=0,\"h\",1883\nOK\n\n+QMTOPEN: 0,0\nAT+QMTCONN=0,\"c\"\nOK\n\n+QMTCONN: 0,0,0\n";
const char kPublished[] = "AT+QMTPUB=0,0,0,0,\"t\"\n> hello\nOK\n\n+QMTPUB: 0,0,0\n";

// Whoever published the message: only what is half a pair of quotes around our own is wrong.
TEST(Verify, HoldsAMessageToWhatWasPublishedOnlyForHalfAPairOfQuotes) {
  const std::string before = std::string(kConnected) + kPublished;
  const std::string half = "payload deviation 7:14\n";
  EXPECT_EQ(Findings(Verify(before + "+QMTRECV: 0,0,\"t\",hello\n")), "");
  EXPECT_EQ(Findings(Verify(before + "+QMTRECV: 0,0,\"t\",\"hello\"\n")), "");
  EXPECT_EQ(Findings(Verify(before + "+QMTRECV: 0,0,\"t\",of another\n")), "");
  EXPECT_EQ(Findings(Verify(before + "+QMTRECV: 0,0,\"t\",hello\"\n")), half);
  EXPECT_EQ(Findings(Verify(before + "+QMTRECV: 0,0,\"u\",hello\"\n")), "");
  EXPECT_EQ(Findings(Verify(before + "+QMTRECV: 0,0,\"t\",other\"\n")), "");
  EXPECT_EQ(Findings(Verify(std::string(kConnected) + "+QMTRECV: 0,0,\"t\",hello\"\n")), "");
}

TEST(Verify, TakesNoNumberOfTheManualForASizeOfTheData) {
  const std::string log =
      std::string(kConnected) + "AT+QMTPUB=0,8,1,0,\"t\"\n> hello\nOK\n\n+QMTPUB: 0,8,0\n";
  EXPECT_EQ(Findings(Verify(log)), "");
  EXPECT_EQ(Verify(log).log_verdict, "conforms");
}

// The parts of SIMCom's messages stand on lines of their own.
TEST(Verify, PutsLinesOfAMessageTogether) {
  const auto simcom = [](const std::string& log) {
    Verifier verifier(transcript::GrammarFor("simcom-sim7672x"), {.file = "a.log"});
    verifier.Feed(log);
    return verifier.Finish();
  };
  const std::string start = "+CMQTTRXSTART: 0,5,7\n+CMQTTRXTOPIC: 0,5\nhello\n";
  const std::string end = "+CMQTTRXEND: 0\n";
  EXPECT_EQ(Findings(simcom(start + "+CMQTTRXPAYLOAD: 0,7\nseven b\n" + end)), "");
  EXPECT_EQ(Findings(simcom(start + "\n+CMQTTRXPAYLOAD: 0,7\n\nthree\nx\n\n" + end)), "");
  // Another size is told once, and as the log's; a content that is not there, too.
  for (const char* payload : {"six by\n", "eight by\n", ""}) {
    const VerifyResult result = simcom(start + "+CMQTTRXPAYLOAD: 0,7\n" + payload + end);
    EXPECT_EQ(Findings(result), "") << payload;
    const auto& findings = result.outcome.findings;
    EXPECT_EQ(std::count_if(findings.begin(), findings.end(),
                            [](const report::Finding& finding) {
                              return finding.side == report::Side::kCapture &&
                                     finding.where.line == 4;
                            }),
              1)
        << payload;
  }
}

TEST(Verify, ForgetsWhatItKnewWhereALogLeavesLinesOut) {
  const std::string asks = "AT+QMTOPEN?\n+QMTOPEN: 0,\"other\",1883\n\nOK\n";
  EXPECT_EQ(Findings(Verify(kConnected + asks)), "state deviation 4:10\n");
  EXPECT_EQ(Findings(Verify(std::string(kConnected) + "...\n" + asks)), "");
  EXPECT_EQ(Verify(std::string(kConnected) + "...\n" + asks).log_verdict, "incomplete-log");
}

TEST(Verify, CountsWhatItDoesNotKeep) {
  std::string log = kConnected;
  for (int i = 0; i < 3000; ++i) log += kPublished;
  const VerifyResult result = Verify(log);
  EXPECT_EQ(result.outcome.exchanges.size(), 2000u);
  EXPECT_EQ(result.commands_of_dialect, 3002u);
  EXPECT_EQ(result.log_verdict, "conforms");
}

}  // namespace
}  // namespace assay::harness
