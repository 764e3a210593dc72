#include "harness/gate.h"

#include <gtest/gtest.h>

namespace assay::harness {
namespace {

using report::Change;
using report::Outcome;
using report::Severity;
using report::Verdict;

Outcome Case(const std::string& id, Verdict verdict, std::vector<std::string> findings = {}) {
  Outcome out;
  out.id = id;
  out.verdict = verdict;
  for (std::string& fingerprint : findings) {
    report::Finding finding;
    finding.fingerprint = std::move(fingerprint);
    finding.message = "worded in some way";
    out.findings.push_back(finding);
  }
  return out;
}

std::string Block(const std::string& id, const std::string& expect, const std::string& more = "") {
  const bool fails = expect == "fail" || expect == "flaky";
  return "case: " + id + "\nexpect: " + expect + "\n" +
         (expect == "pass" ? "" : "reason: known\nticket: FW-1\n") +
         (fails && more.find("finding") == more.npos ? "finding: f1\n" : "") + more + "\n";
}

report::Report Held(const std::string& text, std::vector<Outcome> outcomes,
                    GateOptions options = {}, report::Report report = {}) {
  if (options.today.empty()) options.today = "2026-11-22";
  const BaselineResult read = ParseBaseline("b", text);
  EXPECT_TRUE(read.baseline) << spec::Print(read.diagnostics);
  report.outcomes = std::move(outcomes);
  if (read.baseline) HoldAgainst(report, *read.baseline, options);
  return report;
}

struct Row {
  const char* what;
  std::string baseline;
  Outcome outcome;
  Change change;
  int status;
};

Outcome Retried(Outcome last, Outcome before) {
  last.attempts = {std::move(before)};
  return last;
}

TEST(HoldAgainst, TellsEachChange) {
  const Outcome passes = Case("a", Verdict::kPass), fails = Case("a", Verdict::kFail, {"f1"});
  const Row rows[] = {
      {"a pass of which nothing is said", "", passes, Change::kSame, 0},
      {"a pass that is listed", Block("a", "pass"), passes, Change::kSame, 0},
      {"a fail of which nothing is said", "", fails, Change::kRegression, 1},
      {"a fail of what is to pass", Block("a", "pass"), fails, Change::kRegression, 1},
      {"a known failure", Block("a", "fail"), fails, Change::kSame, 0},
      {"one that passes now", Block("a", "fail"), passes, Change::kFixed, 1},
      {"one that fails for something else", Block("a", "fail"),
       Case("a", Verdict::kFail, {"f2"}), Change::kOtherwise, 1},
      {"one that fails for something else, too", Block("a", "fail"),
       Case("a", Verdict::kFail, {"f1", "f2"}), Change::kOtherwise, 1},
      {"one that fails for less", Block("a", "fail", "finding: f1\nfinding: f2\n"), fails,
       Change::kOtherwise, 1},
      {"one without a finding", Block("a", "fail", "finding: none\n"), Case("a", Verdict::kFail),
       Change::kSame, 0},
      {"its last day", Block("a", "fail", "expires: 2026-11-22\n"), fails, Change::kSame, 0},
      {"the day after", Block("a", "fail", "expires: 2026-11-21\n"), fails, Change::kExpired, 1},
      {"expired, but passes", Block("a", "fail", "expires: 2026-11-21\n"), passes, Change::kFixed, 1},
      {"a new case that passes", Block("z", "pass"), passes, Change::kNew, 0},
      {"a new case that fails", Block("z", "pass"), fails, Change::kNew, 1},
      {"inconclusive instead of failing", Block("a", "fail"), Case("a", Verdict::kInconc),
       Change::kNotJudged, 3},
      {"as inconclusive as it was", Block("a", "inconc"), Case("a", Verdict::kInconc), Change::kSame, 3},
      {"no longer inconclusive", Block("a", "inconc"), passes, Change::kFixed, 1},
      {"fails instead of being inconclusive", Block("a", "inconc"), fails, Change::kOtherwise, 1},
      {"an error is an error", Block("a", "error"), Case("a", Verdict::kError), Change::kSame, 4},
      {"flaky, passes", Block("a", "flaky"), passes, Change::kSame, 0},
      {"flaky, fails", Block("a", "flaky"), fails, Change::kSame, 0},
      {"flaky, fails otherwise", Block("a", "flaky"), Case("a", Verdict::kFail, {"f2"}),
       Change::kOtherwise, 1},
      {"flaky, passes on a retry", Block("a", "flaky"), Retried(passes, fails), Change::kSame, 0},
      {"flaky, failed otherwise first", Block("a", "flaky"),
       Retried(passes, Case("a", Verdict::kFail, {"f2"})), Change::kOtherwise, 1},
      {"to fail, passes on a retry", Block("a", "fail"), Retried(passes, fails), Change::kOtherwise, 1},
      {"flaky without being listed", "", Retried(passes, fails), Change::kSame, 0},
      {"other firmware", Block("a", "fail", "firmware: ..A05\n"), fails, Change::kRegression, 1},
      {"this firmware", Block("a", "fail", "firmware: ..A07\n"), fails, Change::kSame, 0},
      {"firmware that cannot be compared", Block("a", "fail", "firmware: ..SIM\n"), fails,
       Change::kUnclear, 1},
      {"another device", Block("a", "fail", "device: left\n"), fails, Change::kRegression, 1},
      {"a second time", Block("a", "fail"), Case("a#2", Verdict::kFail, {"f1"}), Change::kSame, 0},
  };
  for (const Row& row : rows) {
    report::Report report;
    report.identity["revision"] = "A07";
    // Of "z", "b" and "left" it is not asked here whether they are there.
    GateOptions options{.today = "2026-11-22", .firmware = {}, .there = {{"z"}}};
    if (row.outcome.id != "a#2" && row.baseline.find("device") != row.baseline.npos)
      options.there->insert("a");
    report = Held(row.baseline, {row.outcome}, options, report);
    EXPECT_EQ(report.outcomes[0].change, row.change)
        << row.what << ": " << Name(report.outcomes[0].change) << ", " << report.outcomes[0].held;
    EXPECT_EQ(report::ExitStatus(report), row.status) << row.what;
  }
}

TEST(HoldAgainst, SaysWhatTheBaselineSaysAndWhere) {
  const auto held = [](const std::string& baseline, Outcome outcome) {
    return Held(baseline, {std::move(outcome)}).outcomes[0].held;
  };
  EXPECT_EQ(held(Block("a", "fail", "expires: 2027-01-31\nfirmware: ..A9\n"), Case("a", Verdict::kFail)),
            "the device's firmware is not known (--firmware); fail by b:1 (FW-1, firmware ..A9, "
            "until 2027-01-31): known");
  EXPECT_EQ(held(Block("a", "fail"), Case("a", Verdict::kFail, {"f2"})),
            "fails for `f2`, no longer for `f1`; fail by b:1 (FW-1): known");
  EXPECT_EQ(held(Block("a", "fail", "expires: 2026-01-31\n"), Case("a", Verdict::kFail, {"f1"})),
            "expired, today is 2026-11-22; fail by b:1 (FW-1, until 2026-01-31): known");
  EXPECT_EQ(held("", Case("a", Verdict::kFail, {"f2"})), "fails for `f2`");
}

TEST(HoldAgainst, DoesNotGuessAnUnknownFirmware) {
  const std::string baseline = Block("a", "fail", "firmware: A05..A07\n");
  const Outcome fails = Case("a", Verdict::kFail, {"f1"}), passes = Case("a", Verdict::kPass);
  EXPECT_EQ(report::ExitStatus(Held(baseline, {fails})), 1);
  EXPECT_EQ(Held(baseline, {passes}).outcomes[0].change, Change::kUnclear);
  EXPECT_EQ(report::ExitStatus(Held(baseline, {passes})), 0);
  const GateOptions told{.today = "2026-11-22", .firmware = "A06", .there = {}};
  EXPECT_EQ(report::ExitStatus(Held(baseline, {fails}, told)), 0);
  EXPECT_EQ(Held(baseline, {passes}, told).outcomes[0].change, Change::kFixed);
}

TEST(HoldAgainst, GoesByTheFirmwareOfEachDevice) {
  report::Report report;
  report.devices = {{"left", "d", "m", "", {{"revision", "A05"}}},
                    {"right", "d", "m", "", {{"revision", "A09"}}}};
  Outcome left = Case("a", Verdict::kFail, {"f1"}), right = left;
  left.device = "left";
  right.device = "right";
  report = Held(Block("a", "fail", "firmware: ..A07\n"), {left, right}, {}, report);
  EXPECT_EQ(report.outcomes[0].change, Change::kSame);
  EXPECT_EQ(report.outcomes[1].change, Change::kRegression);
}

TEST(HoldAgainst, MissesWhatIsNotThereAnyMore) {
  const std::string baseline = Block("a", "fail") + Block("gone", "fail") + Block("lost", "pass");
  const Outcome fails = Case("a", Verdict::kFail, {"f1"});
  const report::Report report = Held(baseline, {fails});
  ASSERT_EQ(report.missing.size(), 2U);
  EXPECT_EQ(report.missing[0].id, "gone");
  EXPECT_EQ(report.missing[0].held, "fail by b:7 (FW-1): known");
  EXPECT_EQ(report::ExitStatus(report), 1);
  // What was not chosen is not missing.
  EXPECT_EQ(Held(baseline, {fails}, {.today = "2026-11-22", .firmware = {}, .there = {{"gone", "lost"}}})
                .missing.size(), 0U);
  report::Report chosen;
  chosen.filters = {"a*"};
  EXPECT_EQ(Held(baseline, {fails}, {}, chosen).missing.size(), 0U);
  chosen.filters = {"a", "g*"};
  EXPECT_EQ(Held(baseline, {fails}, {}, chosen).missing.size(), 1U);
  chosen.filters = {};
  chosen.excludes = {"gone"};
  EXPECT_EQ(Held(baseline, {fails}, {}, chosen).missing.size(), 1U);
  report::Report shard;
  shard.shard = report::ShardOf{1, 2, 1};
  EXPECT_EQ(Held(baseline, {fails}, {}, shard).missing.size(), 0U);
  // Nor is what is said of another firmware.
  const GateOptions a5{.today = "2026-11-22", .firmware = "A5", .there = {}};
  EXPECT_EQ(Held(Block("gone", "fail", "firmware: ..A1\n"), {fails}, a5).missing.size(), 0U);
}

TEST(HoldAgainst, KnowsFindingsByTheirFingerprintsAlone) {
  Outcome fails = Case("a", Verdict::kFail, {"f1"});
  fails.findings[0].message = "worded otherwise";
  fails.reason = "and so is the reason";
  Outcome more = fails;
  more.findings.push_back({.severity = Severity::kDeviation, .fingerprint = "f3"});
  const report::Report report = Held(Block("a", "fail"), {fails, more});
  EXPECT_EQ(report.outcomes[0].change, Change::kSame);
  EXPECT_EQ(report.outcomes[1].change, Change::kSame);
  report::Report strict;
  strict.fail_on_deviation = true;
  EXPECT_EQ(Held(Block("a", "fail"), {more}, {}, strict).outcomes[0].change, Change::kOtherwise);
}

TEST(HoldAgainst, JudgesAnew) {
  report::Report report = Held(Block("a", "fail") + Block("gone", "fail"),
                               {Case("a", Verdict::kFail, {"f1"})});
  const BaselineResult none = ParseBaseline("b", "");
  HoldAgainst(report, *none.baseline, {.today = "2026-11-22", .firmware = {}, .there = {}});
  EXPECT_EQ(report.outcomes[0].change, Change::kRegression);
  EXPECT_TRUE(report.missing.empty());
}

TEST(CaseOf, LeavesOffTheNumberOfARepeat) {
  EXPECT_EQ(CaseOf("a/b#12"), "a/b");
  EXPECT_EQ(CaseOf("a/b#"), "a/b#");
  EXPECT_EQ(CaseOf("a/b#x"), "a/b#x");
}

}  // namespace
}  // namespace assay::harness
