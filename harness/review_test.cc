#include "harness/review.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/session_testing.h"

namespace assay::harness {
namespace {

const dialect::Grammar& Bg96() { return Goldens::Of("quectel-bg96").grammar(); }

report::ExchangeRecord Said(std::string sent, std::vector<std::string> received) {
  report::ExchangeRecord out;
  out.sent = std::move(sent);
  out.final = received.back();
  out.received = std::move(received);
  return out;
}

report::ReviewRow RowOf(const std::vector<report::ExchangeRecord>& talk, std::string_view claim,
                        const Pics* pics = nullptr) {
  report::Outcome outcome;
  outcome.exchanges = talk;
  for (report::ReviewRow& row : Review({outcome}, Bg96(), pics)) {
    if (row.claim == claim) return std::move(row);
  }
  return {};
}

TEST(Review, HoldsWhatIsSeenAgainstTheClaims) {
  const std::string list = "+QMTOPEN: (0-5),\"<host_name>\",(1-65535)";
  const struct {
    std::vector<report::ExchangeRecord> talk;
    std::string test_form, contradiction;
  } rows[] = {
      {{Said("AT+QMTOPEN=?", {list, "OK"}), Said("AT+QMTOPEN=5,\"h\",1883", {"OK"})}, list, ""},
      {{Said("AT+QMTOPEN=?", {"ERROR"}), Said("AT+QMTOPEN=0,\"h\",1883", {"OK"})},
       "refused",
       "claimed, but its test form is refused"},
      {{Said("AT+QMTOPEN=0,\"h\",1883", {"ERROR"}), Said("AT+QMTOPEN=1,\"h\",1", {"ERROR"})},
       "",
       ""},
      // To refuse what is wrong is no contradiction.
      {{Said("AT+QMTOPEN=9,\"h\",1883", {"ERROR"})}, "", ""},
      {{Said("AT+QMTOPEN=0,\"h\",1883", {"OK"}),
        Said("AT+QMTOPEN=?", {"+QMTOPEN: (0-2),\"<host_name>\",(1-65535)", "OK"}),
        Said("AT+QMTOPEN=3,\"h\",1883", {"OK"})},
       "+QMTOPEN: (0-2),\"<host_name>\",(1-65535)",
       "taken, though its test form does not list it: value 1 of 3,\"h\",1883"},
  };
  for (const auto& row : rows) {
    const report::ReviewRow got = RowOf(row.talk, "command.AT+QMTOPEN");
    EXPECT_EQ(got.test_form, row.test_form);
    EXPECT_EQ(got.contradiction, row.contradiction);
  }
}

// Wider than the manual, and than what the module takes: value by value of a list, too.
TEST(Review, FindsWhatATestFormListsInVain) {
  EXPECT_EQ(RowOf({Said("AT+QMTOPEN=?", {"+QMTOPEN: (0-7),\"<host_name>\",(1-65535)", "OK"}),
                   Said("AT+QMTOPEN=6,\"h\",1883", {"ERROR"})},
                  "command.AT+QMTOPEN")
                .contradiction,
            "refused, though its test form lists it: value 1 of 6,\"h\",1883");
  EXPECT_EQ(RowOf({Said("AT+QMTCFG=?", {"+QMTCFG: \"version\",(0-5),(3,4,5)", "OK"}),
                   Said("AT+QMTCFG=\"version\",0,5", {"ERROR"})},
                  "setting.AT+QMTCFG.version")
                .contradiction,
            "refused, though its test form lists it: value 3 of \"version\",0,5");
  EXPECT_EQ(RowOf({Said("AT+QMTOPEN=?", {"+QMTOPEN: (0-5),\"<host_name>\",(1-65535)", "OK"}),
                   Said("AT+QMTOPEN=6,\"h\",1883", {"ERROR"})},
                  "command.AT+QMTOPEN")
                .contradiction,
            "");
}

// The manual prints the least <retry_times> as 0 and as 1 (E-QT-07), and <pkt_timeout> in one way.
TEST(Review, LeavesWhatTheManualPrintsInTwoWays) {
  const auto told = [](std::string line) {
    return RowOf({Said("AT+QMTCFG=?", {"+QMTCFG: \"timeout\",(0-5),(1-60),(1-10),(0,1)", "OK"}),
                  Said(std::move(line), {"OK"})},
                 "setting.AT+QMTCFG.timeout")
        .contradiction;
  };
  EXPECT_EQ(told("AT+QMTCFG=\"timeout\",0,5,0,0"), "");
  const auto narrow = RowOf(
      {Said("AT+QMTCFG=?", {"+QMTCFG: \"timeout\",(0-5),(1-30),(1-10),(0,1)", "OK"}),
       Said("AT+QMTCFG=\"timeout\",0,60,3,0", {"OK"})},
      "setting.AT+QMTCFG.timeout");
  EXPECT_THAT(narrow.contradiction, ::testing::StartsWith("taken, though its test form"));
}

// In some states a valid command has to be refused; only the judge knows.
TEST(Review, CountsARefusalThatIsAFinding) {
  report::Outcome outcome;
  outcome.exchanges = {Said("AT", {"OK"}), Said("AT+QMTOPEN=0,\"h\",1883", {"ERROR"})};
  outcome.findings = {{.finding_class = report::FindingClass::kResultFailure,
                       .where = {"", 1, 1},
                       .got = "ERROR"}};
  const std::vector<report::ReviewRow> rows = Review({outcome}, Bg96(), nullptr);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].contradiction,
            "claimed, but each valid command is refused, also where it may not be");
  outcome.findings[0].where.exchange = 0;
  EXPECT_EQ(Review({outcome}, Bg96(), nullptr)[0].contradiction, "");
}

TEST(Review, ListsAKeyedSettingByItself) {
  const report::ReviewRow row =
      RowOf({Said("AT+QMTCFG=?", {"+QMTCFG: \"version\",(0-5),(3,4)", "OK"}),
             Said("AT+QMTCFG=\"version\",0,4", {"OK"}), Said("AT+QMTCFG=\"version\",0", {"OK"})},
            "setting.AT+QMTCFG.version");
  EXPECT_EQ(row.test_form, "+QMTCFG: \"version\",(0-5),(3,4)");
  EXPECT_EQ(row.taken, 2U);
  EXPECT_EQ(row.contradiction, "");
}

TEST(Review, KnowsWhatIsDenied) {
  Pics pics;
  pics.claims["command.AT+QMTOPEN"] = false;
  EXPECT_FALSE(RowOf({}, "command.AT+QMTOPEN", &pics).claimed);
  EXPECT_EQ(RowOf({}, "command.AT+QMTOPEN", &pics).contradiction, "");
  EXPECT_EQ(RowOf({Said("AT+QMTOPEN=?", {"OK"})}, "command.AT+QMTOPEN", &pics).contradiction,
            "not claimed, but the module has it");
}

TEST(Review, ParsesWhatATestFormLists) {
  const std::vector<ListedValues> listed = ParseListed("\"k\",(0-5),(1,3),(\"a\",\"b\"),<t>[,(9)]");
  ASSERT_EQ(listed.size(), 5U);
  EXPECT_TRUE(listed[0].Has(77));
  EXPECT_TRUE(listed[1].Has(5));
  EXPECT_FALSE(listed[1].Has(6));
  EXPECT_TRUE(listed[2].Has(3));
  EXPECT_FALSE(listed[2].Has(2));
  EXPECT_TRUE(listed[3].Has(2));
  EXPECT_TRUE(listed[4].Has(2));
}

// Against what the manual itself gives, nothing is contradicted.
TEST(Review, OfASoundModemHasNoContradiction) {
  for (const char* dialect :
       {"quectel-bg96", "simcom-sim7672x", "fibocom-v1.2.6", "fibocom-v1.3"}) {
    const Goldens& goldens = Goldens::Of(dialect);
    std::vector<report::Outcome> outcomes;
    for (const transcript::Plan& plan : goldens.plans()) {
      if (!plan.skip) outcomes.push_back(Record(plan, goldens.share()).result.outcome);
    }
    const std::vector<report::ReviewRow> rows = Review(outcomes, goldens.grammar(), nullptr);
    EXPECT_GT(rows.size(), 5U) << dialect;
    for (const report::ReviewRow& row : rows)
      EXPECT_EQ(row.contradiction, "") << dialect << " " << row.claim << " " << row.test_form;
  }
}

}  // namespace
}  // namespace assay::harness
