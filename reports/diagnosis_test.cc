#include "reports/diagnosis.h"

#include <gtest/gtest.h>

namespace assay::report {
namespace {

bool Own(std::string_view line) { return line.starts_with("AT+M"); }

struct Said {
  std::string sent, echo;
  std::vector<std::string> lines;
};

// A case that failed, in which these things were said.
Outcome Failed(const std::vector<Said>& talk) {
  Outcome outcome;
  outcome.id = "d/case";
  outcome.verdict = Verdict::kFail;
  for (const Said& said : talk) {
    ExchangeRecord& exchange = outcome.exchanges.emplace_back();
    exchange.sent = said.sent;
    exchange.bytes.push_back({Time{0}, true, said.sent + "\r"});
    if (!said.echo.empty()) exchange.bytes.push_back({Time{0}, false, said.echo});
    for (const std::string& line : said.lines) {
      exchange.bytes.push_back({Time{0}, false, "\r\n" + line + "\r\n"});
      exchange.received.push_back(line);
      exchange.final = line;
    }
  }
  return outcome;
}

std::string Told(std::vector<Outcome> outcomes) {
  Report report;
  report.dialect = "d";
  report.outcomes = std::move(outcomes);
  Summarise(report);
  return Diagnose(report, Own);
}

TEST(Diagnose, SaysWhatExplainsEverything) {
  const struct {
    std::vector<Said> talk;
    std::string told;
  } rows[] = {
      {{{"AT", "", {}}, {"AT+MA", "", {}}},
       "The device never answered: not one byte came back to 2 commands (is it powered? is this "
       "its port, its speed, its flow control?)"},
      {{{"AT", "AT\r", {}}, {"AT+MA", "AT+MA\r", {}}},
       "The device only echoes what it is sent, and answers none of 2 commands (is a terminal or a "
       "loop-back plug in its place?)"},
      // With its echo in doubt, the echo is a line.
      {{{"AT", "", {"AT"}}, {"AT+MA", "", {"AT+MA"}}},
       "The device only echoes what it is sent, and answers none of 2 commands (is a terminal or a "
       "loop-back plug in its place?)"},
      {{{"AT", "\xF8\x80\xFE", {}}, {"AT+MA", "\xE0?", {}}},
       "The device sends no text: 4 bytes of 5 are garbage (is its speed, its parity another?)"},
      {{{"AT", "", {"OK"}}, {"AT+MA", "", {"OK"}}},
       "The device answers OK to everything, and says nothing else: 2 commands"},
      {{{"AT", "", {"ERROR"}}, {"AT+MA", "", {"+CME ERROR: 58"}}},
       "The device answers ERROR to everything: 2 commands, even to AT"},
      {{{"AT+MA", "", {"ERROR"}}, {"AT+MB", "", {"ERROR"}}},
       "The device answers ERROR to everything: 2 commands"},
      {{{"AT", "", {"OK"}},
        {"AT+MA", "", {"ERROR"}},
        {"AT+MB", "", {"ERROR"}},
        {"AT+MC", "", {"ERROR"}}},
       "The device takes none of the commands of d (3 tried), and others: does it speak another "
       "dialect?"},
      // Nothing of the kind.
      {{{"AT", "", {"OK"}},
        {"AT+MA", "", {"OK"}},
        {"AT+MB", "", {"ERROR"}},
        {"AT+MC", "", {"ERROR"}}},
       ""},
      {{{"AT", "", {"OK"}}, {"AT+MA", "", {"ERROR"}}, {"AT+MB", "", {"ERROR"}}}, ""},
      {{{"AT", "", {"OK"}}, {"AT+MA", "", {"+M: 1", "OK"}}}, ""},
      {{{"AT+MA", "", {"OK"}}}, ""},
  };
  for (const auto& row : rows) EXPECT_EQ(Told({Failed(row.talk)}), row.told);
}

TEST(Diagnose, CountsWhatHadToBeRefused) {
  Outcome outcome = Failed({{"AT", "", {"OK"}}, {"AT+MA=9", "", {"OK"}}});
  outcome.findings = {{.finding_class = FindingClass::kRange, .got = "OK"},
                      {.finding_class = FindingClass::kMissing}};
  EXPECT_EQ(Told({outcome}),
            "The device answers OK to everything, and says nothing else: 2 commands, of which it "
            "had to refuse 1");
}

TEST(Diagnose, IsSilentWhereAllIsWell) {
  Outcome outcome = Failed({{"AT", "", {"OK"}}, {"AT+MA", "", {"OK"}}});
  outcome.verdict = Verdict::kPass;
  EXPECT_EQ(Told({outcome}), "");
}

TEST(Diagnose, SaysWhyNothingRan) {
  EXPECT_EQ(Told({}), "Nothing was run: there was no case to run");
  std::vector<Outcome> skipped(3);
  for (Outcome& outcome : skipped) {
    outcome.skipped = true;
    outcome.reason = "not for model M";
  }
  EXPECT_EQ(Told(skipped), "Nothing was run: 3 cases left out, because: not for model M");
  skipped[1].reason = "needs a value";
  EXPECT_EQ(Told(skipped),
            "Nothing was run: 3 cases left out, 2 of them because: not for model M");
}

std::vector<Said> Talk() {
  return {{"AT", "", {"OK"}}, {"AT+MA", "", {"+M: 1", "OK"}}, {"AT+MB", "", {"ERROR"}}};
}

TEST(Diagnose, SaysThatTheDeviceGoesAway) {
  Outcome gone = Failed(Talk());
  gone.verdict = Verdict::kInconc;
  gone.went = "vanished";
  Outcome passed = Failed(Talk());
  passed.verdict = Verdict::kPass;
  EXPECT_EQ(Told({gone, passed, gone}),
            "The device went away in mid-case (vanished), in 2 of 3 cases: does it restart, or is a "
            "plug loose?");
  gone.went = "hangs";
  EXPECT_EQ(Told({gone, passed, passed}),
            "The device stopped answering in mid-case, in 1 of 3 cases: does it restart, or hang?");
  // There is more that is wrong than that.
  const Outcome failed = Failed(Talk());
  EXPECT_EQ(Told({gone, failed, failed}), "");
}

TEST(Diagnose, KnowsARestartByItsBanner) {
  Outcome restarted = Failed(Talk());
  restarted.findings = {{.finding_class = FindingClass::kUndocumented,
                         .severity = Severity::kDeviation,
                         .where = {"", 1, 1},
                         .got = "RDY"},
                        {.finding_class = FindingClass::kResultFailure, .where = {"", 1, 2}}};
  EXPECT_EQ(Told({restarted, restarted}),
            "The device seems to restart in mid-case: `RDY` came unasked in 2 of 2 cases, and what "
            "had been set up was gone");
  // Nothing was gone after it.
  restarted.findings[1].where.exchange = 0;
  EXPECT_EQ(Told({restarted, restarted}), "");
}

}  // namespace
}  // namespace assay::report
