// Cases whose set-up does not come about say nothing of the modem: inconclusive, with the cause, and
// without waiting for it again and again.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "harness/bad_device_testing.h"
#include "harness/device_url.h"
#include "harness/session_testing.h"
#include "harness/set_up.h"
#include "harness/suite.h"
#include "reports/console.h"

namespace assay::harness {
namespace {

using report::FindingClass;
using report::Verdict;

const Goldens& Bg96() { return Goldens::Of("quectel-bg96"); }

constexpr std::string_view kHead = "dialect: quectel-bg96\nclause: 3.2.4\n\n";
constexpr std::string_view kOpens =
    "> AT+QMTOPEN=0,\"broker.example\",1883\n< OK\n< +QMTOPEN: 0,0\n";
constexpr std::string_view kConnects =
    "> AT+QMTCONN=0,\"c\"\n< OK\n< +QMTCONN: 0,<result:0>,<ret_code:0>\n";
constexpr std::string_view kCloses = "\ncleanup\n> AT+QMTCLOSE=0\n<? OK\n<? ERROR\n<? +QMTCLOSE: 0,<result>\n";

transcript::Plan Plan(std::string_view set_up, std::string_view purpose, std::string id = "case") {
  transcript::Plan plan =
      PlanOf(std::string(kHead) + std::string(set_up) + "\npurpose\n" + std::string(purpose) +
                 std::string(kCloses),
             Bg96().grammar());
  plan.id = std::move(id);
  return plan;
}

// In order, but for the answers that the test gives.
std::string Answer(std::string_view line) {
  std::string out = Echo(line) + "\r\nOK\r\n";
  if (line.starts_with("AT+QMTOPEN")) out += "\r\n+QMTOPEN: 0,0\r\n";
  if (line.starts_with("AT+QMTCONN")) out += "\r\n+QMTCONN: 0,0,0\r\n";
  if (line.starts_with("AT+QMTCLOSE")) out += "\r\n+QMTCLOSE: 0,0\r\n";
  return out;
}

// Answers to QMTOPEN what the test says, as long as it says it; keeps what was sent.
struct Modem {
  std::optional<std::string> open;
  std::vector<std::string> sent;
  Bench OnIt() {
    return {Bg96().grammar(), [this] {
              return device::OpenResult{
                  std::make_unique<BadDevice>([this](std::string_view line, std::size_t) {
                    sent.emplace_back(line);
                    if (line.starts_with("AT+QMTOPEN") && open)
                      return Reaction{Echo(line) + *open, {}, {}};
                    // Nothing is open, so there is nothing to close.
                    if (line.starts_with("AT+QMTCLOSE") && open)
                      return Reaction{Echo(line) + "\r\nERROR\r\n", {}, {}};
                    return Reaction{Answer(line), {}, {}};
                  }),
                  "", false};
            }};
  }
  std::size_t Opens() const {
    return static_cast<std::size_t>(
        std::count_if(sent.begin(), sent.end(),
                      [](const std::string& line) { return line.starts_with("AT+QMTOPEN"); }));
  }
};

TEST(SetUpTest, ThatComesAboutIsJudgedLikeTheRest) {
  Modem modem;
  Runner runner(modem.OnIt());
  const CaseResult result = runner.Run(Plan(kOpens, kConnects));
  EXPECT_EQ(result.outcome.verdict, Verdict::kPass) << Describe(result.outcome);
  EXPECT_EQ(result.outcome.set_up, "");
  // The manual has no such result.
  modem.open = "\r\nOK\r\n\r\n+QMTOPEN: 0,77\r\n";
  const CaseResult wrong = runner.Run(Plan(kOpens, kConnects));
  EXPECT_EQ(wrong.outcome.verdict, Verdict::kFail) << Describe(wrong.outcome);
  ASSERT_FALSE(wrong.outcome.findings.empty());
  EXPECT_EQ(wrong.outcome.findings[0].finding_class, FindingClass::kRange);
}

struct Prevented {
  std::string_view what;
  std::string open, cause;
  FindingClass finding_class;
};

TEST(SetUpTest, ThatDoesNotComeAboutMakesTheCaseInconclusive) {
  const std::string sent = "`AT+QMTOPEN=0,\"broker.example\",1883`";
  const std::vector<Prevented> rows = {
      {"refused with a result", "\r\nOK\r\n\r\n+QMTOPEN: 0,3\r\n",
       sent + " answered `+QMTOPEN: 0,3`", FindingClass::kResultFailure},
      {"refused at once", "\r\nERROR\r\n", sent + " answered `ERROR`",
       FindingClass::kResultFailure},
      {"no result", "\r\nOK\r\n", sent + ": `+QMTOPEN: 0,0` never came", FindingClass::kMissing},
      {"nothing but the echo", "", sent + ": `OK` never came", FindingClass::kMissing},
  };
  for (const Prevented& row : rows) {
    Modem modem;
    modem.open = row.open;
    Runner runner(modem.OnIt());
    const report::Outcome outcome = runner.Run(Plan(kOpens, kConnects)).outcome;
    EXPECT_EQ(outcome.verdict, Verdict::kInconc) << row.what << "\n" << Describe(outcome);
    EXPECT_EQ(outcome.reason, "set-up " + row.cause);
    EXPECT_EQ(outcome.set_up, row.cause);
    ASSERT_FALSE(outcome.findings.empty()) << row.what;
    const report::Finding& finding = outcome.findings[0];
    EXPECT_EQ(finding.finding_class, row.finding_class) << row.what;
    EXPECT_EQ(finding.severity, report::Severity::kInfo) << row.what << Describe(outcome);
    // Cleaned up, but the purpose was not played.
    EXPECT_EQ(std::count(modem.sent.begin(), modem.sent.end(), "AT+QMTCONN=0,\"c\""), 0);
    EXPECT_EQ(std::count(modem.sent.begin(), modem.sent.end(), "AT+QMTCLOSE=0"), 1) << row.what;
  }
}

// As its purpose, the same is a failure.
TEST(SetUpTest, WhatFailsAsPurposeStillFails) {
  Modem modem;
  modem.open = "\r\nOK\r\n\r\n+QMTOPEN: 0,3\r\n";
  Runner runner(modem.OnIt());
  const report::Outcome outcome = runner.Run(Plan("> AT+CMEE=1\n< OK\n", kOpens)).outcome;
  EXPECT_EQ(outcome.verdict, Verdict::kFail) << Describe(outcome);
  EXPECT_EQ(outcome.set_up, "");
}

TEST(SetUpTest, ThatFailsTheSameWayIsTriedABoundedNumberOfTimes) {
  Modem modem;
  modem.open = "\r\nOK\r\n\r\n+QMTOPEN: 0,3\r\n";
  const std::vector<Bench> benches = {modem.OnIt()};
  Selection selection;
  for (int i = 0; i < 23; ++i) {
    // What follows the part that fails need not be the same, nor the purpose.
    const std::string set_up = std::string(kOpens) + (i % 2 == 0 ? "" : std::string(kConnects));
    selection.plans.push_back(Plan(set_up, "> AT+CMEE=1\n< OK\n", "d/" + std::to_string(i)));
  }
  const report::Report report = RunSuite(selection, benches, {}, {});
  EXPECT_EQ(modem.Opens(), kSetUpTries);
  EXPECT_EQ(report.summary.inconc, 23U);
  EXPECT_EQ(report::ExitStatus(report), kInconclusive);
  EXPECT_EQ(report.outcomes[22].reason,
            "set-up `AT+QMTOPEN=0,\"broker.example\",1883` answered `+QMTOPEN: 0,3`; not tried "
            "again after 2 cases in a row");
  EXPECT_TRUE(report.outcomes[22].exchanges.empty());
  const std::string text = report::WriteConsole(report, {.width = 0});
  EXPECT_NE(text.find("  23 cases inconclusive: set-up `AT+QMTOPEN=0,\"broker.example\",1883` "
                      "answered `+QMTOPEN: 0,3`\n"),
            std::string::npos)
      << text;
}

TEST(SetUpTest, ThatComesAboutAfterAllIsTriedAgain) {
  Modem modem;
  const std::string refuses = "\r\nOK\r\n\r\n+QMTOPEN: 0,3\r\n";
  Runner runner(modem.OnIt());
  const transcript::Plan plan = Plan(kOpens, kConnects);
  for (int i = 0; i < 4; ++i) {
    modem.open = i % 2 == 0 ? std::optional(refuses) : std::nullopt;
    const report::Outcome outcome = runner.Run(plan).outcome;
    EXPECT_EQ(outcome.verdict, i % 2 == 0 ? Verdict::kInconc : Verdict::kPass)
        << Describe(outcome);
  }
  EXPECT_EQ(modem.Opens(), 4U);
}

TEST(SetUpTest, AnotherCauseOrAnotherSetUpIsTried) {
  Modem modem;
  Runner runner(modem.OnIt());
  const transcript::Plan plan = Plan(kOpens, kConnects);
  for (const char* open : {"\r\nOK\r\n\r\n+QMTOPEN: 0,3\r\n", "\r\nOK\r\n\r\n+QMTOPEN: 0,5\r\n",
                           "\r\nOK\r\n\r\n+QMTOPEN: 0,5\r\n"}) {
    modem.open = open;
    runner.Run(plan);
  }
  EXPECT_EQ(modem.Opens(), 3U);
  runner.Run(plan);
  EXPECT_EQ(modem.Opens(), 3U);
  modem.open.reset();
  const transcript::Plan other =
      Plan("> AT+QMTOPEN=0,\"other.example\",1883\n< OK\n< +QMTOPEN: 0,0\n", kConnects);
  EXPECT_EQ(runner.Run(other).outcome.verdict, Verdict::kPass);
}

}  // namespace
}  // namespace assay::harness
