#include "reports/compare.h"

#include <gtest/gtest.h>

#include <utility>

#include "reports/history.h"

namespace assay::report {
namespace {

Outcome Case(std::string id, std::vector<std::string> lines, Verdict verdict = Verdict::kPass) {
  Outcome outcome;
  outcome.id = std::move(id);
  outcome.verdict = verdict;
  ExchangeRecord& exchange = outcome.exchanges.emplace_back();
  exchange.sent = "AT+X=1";
  exchange.received = std::move(lines);
  exchange.final = exchange.received.empty() ? "missing" : exchange.received.back();
  return outcome;
}

Finding Violation(std::string got, FindingClass finding_class = FindingClass::kRange) {
  Finding finding;
  finding.finding_class = finding_class;
  finding.clause = "3.2";
  finding.fingerprint = "f";
  finding.got = std::move(got);
  finding.message = "it is not";
  return finding;
}

Report Of(std::vector<Outcome> outcomes) {
  Report report;
  report.dialect = "d";
  report.outcomes = std::move(outcomes);
  Summarise(report);
  return report;
}

Comparison Between(const Report& one, const Report& other) {
  return Compare({{"A", &one}, {"B", &other}},
                 [](const std::string&, const std::string&) { return nullptr; });
}

TEST(Compare, FindsNothingInTheSame) {
  const Report one = Of({Case("d/a", {"+X: 1", "OK"})});
  const Comparison same = Between(one, one);
  EXPECT_TRUE(same.changes.empty());
  EXPECT_EQ(same.Status(), 0);
  EXPECT_EQ(same.Headline(), "nothing changed; 1 case compared");
}

TEST(Compare, TellsChangeFromViolation) {
  const Report one = Of({Case("d/a", {"+X: 1", "OK"}), Case("d/b", {"+X: 1", "OK"})});
  Outcome changed = Case("d/a", {"+X: 2", "OK"}), broken = Case("d/b", {"+X: 9", "OK"}, Verdict::kFail);
  broken.findings.push_back(Violation("+X: 9"));
  const Report other = Of({changed, broken});
  const Comparison both = Between(one, other);
  ASSERT_EQ(both.changes.size(), 2u);
  EXPECT_EQ(both.changes[0].judged, Judged::kViolation);
  EXPECT_EQ(both.changes[0].clause, "3.2");
  EXPECT_EQ(both.changes[0].values, (std::vector<std::string>{"+X: 1", "+X: 9"}));
  EXPECT_EQ(both.changes[0].cases, std::vector<std::string>{"d/b"});
  EXPECT_EQ(both.changes[1].judged, Judged::kChange);
  EXPECT_EQ(both.Status(), 1);
  ASSERT_EQ(both.verdicts.size(), 1u);
  const Comparison back = Between(other, one);
  EXPECT_EQ(back.changes[1].judged, Judged::kChange);
  EXPECT_EQ(back.changes[0].judged, Judged::kFixed);
  EXPECT_EQ(back.Status(), 0);
}

TEST(Compare, NamesLinesOrdersAndCodes) {
  const Report one = Of({Case("d/a", {"+X: 1", "+Y: 1", "OK"}), Case("d/b", {"OK"}),
                         Case("d/c", {"+X: 1", "OK"})});
  const Report other = Of({Case("d/a", {"+Y: 1", "+X: 1", "OK"}), Case("d/b", {"ERROR"}),
                           Case("d/c", {"OK"})});
  const Comparison both = Between(one, other);
  ASSERT_EQ(both.changes.size(), 3u);
  EXPECT_EQ(both.changes[0].kind, "code");
  EXPECT_EQ(both.changes[1].kind, "line");
  EXPECT_EQ(both.changes[1].values, (std::vector<std::string>{"+X: 1", "-"}));
  EXPECT_EQ(both.changes[2].kind, "order");
}

TEST(Compare, CountsWhatFollowsFromAViolation) {
  Outcome one = Case("d/a", {"+X: 1", "OK"}), other = Case("d/a", {"OK"}, Verdict::kFail);
  other.findings.push_back(Violation("", FindingClass::kMissing));
  for (auto [outcome, line] : {std::pair(&one, "+Z: 1"), {&other, "+Z: 2"}}) {
    ExchangeRecord& next = outcome->exchanges.emplace_back();
    next.sent = "AT+Z?";
    next.received = {line, "OK"};
    next.final = "OK";
  }
  const Report before = Of({one}), after = Of({other});
  const Comparison both = Between(before, after);
  EXPECT_EQ(both.changes.size(), 1u);
  EXPECT_EQ(both.followed, 1u);
}

TEST(Compare, IsNoPassWhereNothingWasJudged) {
  const Report one = Of({Case("d/a", {"OK"})});
  EXPECT_EQ(Between(one, Of({Case("d/a", {"OK"}, Verdict::kInconc)})).Status(), 3);
  EXPECT_EQ(Between(one, Of({Case("d/b", {"OK"})})).Status(), 3);
  EXPECT_EQ(Between(one, Of({Case("d/a", {"OK"}, Verdict::kError)})).Status(), 4);
}

TEST(Compare, WritesTablesThatNoValueBreaks) {
  const Report one = Of({Case("d/a", {"+X: |`<b>\x01", "OK"})});
  const Report other = Of({Case("d/a", {"+X: *", "OK"})});
  const std::string table = WriteCompareMarkdown(Between(one, other));
  EXPECT_NE(table.find("`` +X: \\|`<b>\\x01 ``"), std::string::npos) << table;
  EXPECT_EQ(table, WriteCompareMarkdown(Between(one, other)));
}

TEST(Latency, IsNoShiftByChance) {
  std::vector<Time> quick, slow;
  for (int i = 0; i < 20; ++i) {
    quick.push_back(Time{10'000 + i * 100});
    slow.push_back(Time{15'000 + i * 100});
  }
  double p = 1;
  EXPECT_EQ(ShiftOf(quick, slow, &p), Shift::kSlower);
  EXPECT_LT(p, 0.001);
  EXPECT_EQ(ShiftOf(slow, quick, &p), Shift::kFaster);
  EXPECT_EQ(ShiftOf(quick, quick, &p), Shift::kNone);
  EXPECT_EQ(ShiftOf({quick[0], quick[1]}, {slow[0], slow[1]}, &p), Shift::kFewTimes);
  const Spread spread = SpreadOf({Time{4}, Time{1}, Time{3}, Time{2}, Time{5}});
  EXPECT_EQ(spread.median, Time{3});
  EXPECT_EQ(spread.lower, Time{2});
  EXPECT_EQ(spread.upper, Time{4});
  // Exact by hand: 1,2,3 against 4,5,6 has U = 0, mean 4.5, deviation 2.291.
  EXPECT_NEAR(RankSum({Time{1}, Time{2}, Time{3}}, {Time{4}, Time{5}, Time{6}}), 0.0809, 0.001);
}

TEST(History, TellsFlakyFromRegressed) {
  History history;
  const auto run = [&](const char* started, const char* revision, Verdict a, Verdict b) {
    Report report = Of({Case("d/a", {"OK"}, a), Case("d/b", {"OK"}, b)});
    report.started = started;
    report.identity["revision"] = revision;
    history.Add(std::string(started) + ".json", report);
  };
  run("2026-01-03", "R2", Verdict::kPass, Verdict::kFail);
  run("2026-01-01", "R1", Verdict::kPass, Verdict::kPass);
  run("2026-01-02", "R1", Verdict::kFail, Verdict::kPass);
  run("2026-01-04", "R2", Verdict::kPass, Verdict::kFail);
  const HistorySummary out = history.Finish();
  ASSERT_EQ(out.runs.size(), 4u);
  EXPECT_EQ(out.runs[0].started, "2026-01-01");
  EXPECT_EQ(out.firmwares.size(), 2u);
  ASSERT_EQ(out.flaky.size(), 1u);
  EXPECT_EQ(out.flaky[0].id, "d/a");
  EXPECT_EQ(out.flaky[0].verdicts, "PF");
  ASSERT_EQ(out.regressed.size(), 1u);
  EXPECT_EQ(out.regressed[0].id, "d/b");
  EXPECT_TRUE(out.fixed.empty());
  EXPECT_NE(WriteHistoryMarkdown(out).find("| d/a | A | 1 of 2 |"), std::string::npos);
}

}  // namespace
}  // namespace assay::report
