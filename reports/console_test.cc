#include "reports/console.h"

#include <gtest/gtest.h>

#include "reports/fold.h"
#include "reports/sample.h"

namespace assay::report {
namespace {

Outcome Failed() {
  Outcome outcome;
  outcome.id = "d/open/write/ok";
  outcome.clause = "3.2.2";
  outcome.verdict = Verdict::kFail;
  outcome.reason = "the open failed";
  outcome.duration = Time(412'000);
  outcome.repro = "assay run --filter d/open/write/ok";
  Finding finding;
  finding.finding_class = FindingClass::kState;
  finding.clause = "3.2.2";
  finding.where = {"open.at", 9, 1};
  finding.expected = "+OPEN: 0,0";
  finding.got = "+OPEN: 0,2";
  finding.message = "another result";
  outcome.findings = {finding};
  return outcome;
}

Report Small() {
  Report report;
  report.dialect = "d";
  report.seed = 7;
  report.duration = Time(1'500'000);
  Outcome passed;
  passed.id = "d/at/execute/ok";
  passed.verdict = Verdict::kPass;
  passed.findings = {
      {.severity = Severity::kDeviation, .clause = "1.2", .message = "no blank line"}};
  Outcome skipped;
  skipped.id = "d/tls";
  skipped.skipped = true;
  skipped.reason = "needs a certificate";
  report.outcomes = {Failed(), passed, skipped};
  report.errata_met = {"e1"};
  Summarise(report);
  return report;
}

TEST(WriteConsole, EndsWithTheVerdict) {
  EXPECT_EQ(WriteConsole(Small(), {}), R"(FAIL  d/open/write/ok  (3.2.2)  412 ms
    the open failed
    violation, state, clause 3.2.2 (stated), open.at:9
      another result
      expected  +OPEN: 0,0
      got       +OPEN: 0,2
                         ^
    repeat: assay run --filter d/open/write/ok

1 deviation, not counted as failures:
  1.2  no blank line
    d/at/execute/ok

Errata of the manual that were met (tolerant reading):
  e1

1 case not run:
  1 case: needs a certificate

d, seed 7
1 pass, 1 fail, 1 skipped; 1 deviation in 1.5 s
Fail: 1 of 2 cases
)");
}

TEST(WriteConsole, IsShortWhenAllIsWell) {
  Report report;
  report.dialect = "d";
  report.model = "m";
  report.outcomes.emplace_back().verdict = Verdict::kPass;
  Summarise(report);
  EXPECT_EQ(WriteConsole(report, {}), "d, m, seed 0\n1 pass in 0 ms\nPass: the one case\n");
}

// Three cases that could not be set up, of which one was not even played.
TEST(WriteConsole, TellsAFailedSetUpOnce) {
  Report report;
  report.dialect = "d";
  for (const char* id : {"d/a", "d/b", "d/c"}) {
    Outcome& outcome = report.outcomes.emplace_back();
    outcome.id = id;
    outcome.verdict = Verdict::kInconc;
    outcome.set_up = "`AT+OPEN=0` answered `+OPEN: 0,3`";
    outcome.reason = "set-up " + outcome.set_up;
    if (outcome.id != "d/c") outcome.exchanges.emplace_back();
  }
  Summarise(report);
  EXPECT_EQ(WriteConsole(report, {}), R"(INCONCLUSIVE  d/a  0 ms
    set-up `AT+OPEN=0` answered `+OPEN: 0,3`

INCONCLUSIVE  d/b  0 ms
    set-up `AT+OPEN=0` answered `+OPEN: 0,3`

What could not be set up:
  3 cases inconclusive: set-up `AT+OPEN=0` answered `+OPEN: 0,3`
    d/a
    d/b
    d/c

d, seed 0
3 inconclusive in 0 ms
Inconclusive: 3 of 3 cases
)");
}

TEST(WriteConsole, SaysTheSameWithoutColour) {
  const Report report = SampleReport();
  std::string colored = WriteConsole(report, {.color = true});
  EXPECT_NE(colored.find("\x1B[31;1mFAIL\x1B[0m"), colored.npos);
  for (std::size_t at = 0; (at = colored.find('\x1B')) != colored.npos;) {
    colored.erase(at, colored.find('m', at) - at + 1);
  }
  EXPECT_EQ(colored, WriteConsole(report, {.color = false}));
}

TEST(WriteConsole, PutsNoControlOnTheTerminal) {
  for (const bool verbose : {false, true}) {
    for (const char c : WriteConsole(HostileReport(), {.verbose = verbose})) {
      EXPECT_TRUE(c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F)) << int{c};
    }
  }
}

TEST(WriteConsole, KeepsToItsWidthButNotInACommandToCopy) {
  Report report = Small();
  report.outcomes[0].findings[0].got = std::string(3000, 'x');
  report.outcomes[0].reason = "many words " + std::string(40, 'y') + " and some more of them";
  for (const std::string& line : Lines(WriteConsole(report, {.verbose = true, .width = 60}))) {
    EXPECT_TRUE(Columns(line) <= 60 || line.starts_with("    repeat: ")) << line;
  }
  const std::string brief = WriteConsole(report, {.width = 60});
  EXPECT_NE(brief.find("more lines; --verbose shows all)"), brief.npos) << brief;
}

TEST(WriteConsole, ShowsInformationWhereNothingWorseExplains) {
  Report report = Small();
  report.outcomes[0].verdict = Verdict::kInconc;
  report.outcomes[0].findings[0].severity = Severity::kInfo;
  report.outcomes[0].findings[0].got.clear();
  const std::string text = WriteConsole(report, {});
  EXPECT_NE(text.find("      got       nothing\n"), text.npos) << text;
}

TEST(WriteConsole, ShowsWhatTheBenchDid) {
  Report report = Small();
  ExchangeRecord exchange;
  exchange.kind = ExchangeKind::kNone;
  exchange.bench = BenchAction{"network.off", "exit status 0 after 2.1 s", std::chrono::seconds(3)};
  report.outcomes[0].exchanges = {exchange};
  const std::string text = WriteConsole(report, {.verbose = true});
  EXPECT_NE(text.find("    bench [3.0 s] network.off (exit status 0 after 2.1 s)\n"), text.npos)
      << text;
}

TEST(WriteConsole, PointsOnlyWhereItCanTell) {
  const struct {
    const char *expected, *got, *caret;
  } rows[] = {
      {"+OPEN: 0,0", "+OPEN: 0", "                        ^\n"},
      {"+OPEN: <id>,0", "+OPEN: 1,2", ""},  // <id> fits the 1, so the difference is not there
      {"OK", "ERROR", ""},
      {"+OPEN: 0", "+OPEN: 0", ""},
  };
  for (const auto& row : rows) {
    Report report = Small();
    report.outcomes[0].findings[0].expected = row.expected;
    report.outcomes[0].findings[0].got = row.got;
    const std::string text = WriteConsole(report, {});
    const std::string wanted = std::string("      got       ") + row.got + "\n" + row.caret +
                               "    repeat: ";
    EXPECT_NE(text.find(wanted), text.npos) << text;
  }
}

TEST(ProgressLine, FitsOneLine) {
  const Outcome outcome = Failed();
  EXPECT_EQ(ProgressLine(outcome, 12, 340, {}), "[ 12/340] FAIL  d/open/write/ok  412 ms");
  EXPECT_EQ(ProgressLine(outcome, 12, 0, {}), "[12] FAIL  d/open/write/ok  412 ms");
  EXPECT_EQ(ProgressLine(outcome, 12, 340, {.width = 24}), "[ 12/340] FAIL  d/ope...");
  EXPECT_EQ(ProgressLine(outcome, 1, 1, {.color = true, .width = 0}),
            "[1/1] \x1B[31;1mFAIL\x1B[0m  d/open/write/ok  412 ms");
}

TEST(Fold, LosesNothingButSpaces) {
  EXPECT_EQ(Fold("abcdef", 4, Break::kAnywhere), (std::vector<std::string>{"abcd", "ef"}));
  EXPECT_EQ(Fold("ab cd ef", 5, Break::kAtSpaces), (std::vector<std::string>{"ab cd", "ef"}));
  EXPECT_EQ(Fold("\u00FC\u00FC\u00FC", 2, Break::kAnywhere),
            (std::vector<std::string>{"\u00FC\u00FC", "\u00FC"}));
  EXPECT_EQ(Fold("", 5, Break::kAtSpaces), (std::vector<std::string>{""}));
}

}  // namespace
}  // namespace assay::report
