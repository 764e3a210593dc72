#include "reports/result.h"

#include <gtest/gtest.h>

#include <vector>

namespace assay::report {
namespace {

Outcome Case(Verdict verdict, bool expected = true) {
  Outcome outcome;
  outcome.verdict = verdict;
  outcome.expected = expected;
  return outcome;
}

TEST(ExitStatus, IsTheWorstThatApplies) {
  const struct {
    const char* what;
    std::vector<Outcome> outcomes;
    const char* baseline;
    int status;
  } rows[] = {
      {"nothing was planned", {}, "", 4},
      {"nothing ran", {Case(Verdict::kNone)}, "", 4},
      {"pass", {Case(Verdict::kPass), Case(Verdict::kNone)}, "", 0},
      {"inconclusive", {Case(Verdict::kPass), Case(Verdict::kInconc)}, "", 3},
      {"fail before inconclusive", {Case(Verdict::kInconc), Case(Verdict::kFail, false)}, "", 1},
      {"error before fail", {Case(Verdict::kFail, false), Case(Verdict::kError)}, "", 4},
      {"without a baseline no failure is known", {Case(Verdict::kFail, true)}, "", 1},
      {"a known failure", {Case(Verdict::kFail, true)}, "known.txt", 0},
      {"a failure that is not listed", {Case(Verdict::kFail, false)}, "known.txt", 1},
      {"an unexpected pass", {Case(Verdict::kPass, false)}, "known.txt", 1},
      {"inconclusive is never excused", {Case(Verdict::kInconc, true)}, "known.txt", 3},
      {"an error is never excused", {Case(Verdict::kError, true)}, "known.txt", 4},
  };
  for (const auto& row : rows) {
    Report report;
    report.outcomes = row.outcomes;
    report.baseline = row.baseline;
    EXPECT_EQ(ExitStatus(report), row.status) << row.what;
  }
}

TEST(ExitStatus, ListensToTheBaselineRetriesAndKills) {
  Report report;
  report.outcomes = {Case(Verdict::kPass)};
  report.missing = {{"d/gone", "", "known.txt:3"}};
  EXPECT_EQ(ExitStatus(report), 1);
  report.missing.clear();
  report.outcomes[0].attempts = {Case(Verdict::kFail)};
  EXPECT_EQ(ExitStatus(report), 0);
  report.fail_on_flaky = true;
  EXPECT_EQ(ExitStatus(report), 1);
  Summarise(report);
  EXPECT_EQ(report.summary.flaky, 1U);
  Report killed;
  killed.partial = true;
  EXPECT_EQ(ExitStatus(killed), 3);
  killed.outcomes = {Case(Verdict::kFail)};
  EXPECT_EQ(ExitStatus(killed), 1);
}

TEST(Summarise, CountsCasesByVerdictAndDeviationsByFinding) {
  Report report;
  report.outcomes = {Case(Verdict::kPass), Case(Verdict::kFail), Case(Verdict::kNone),
                     Case(Verdict::kInconc), Case(Verdict::kError)};
  report.outcomes[0].findings = {{.severity = Severity::kDeviation},
                                 {.severity = Severity::kDeviation},
                                 {.severity = Severity::kInfo}};
  report.outcomes[2].skipped = true;
  report.summary.pass = 99;  // counted anew
  Summarise(report);
  EXPECT_EQ(report.summary, (Report::Summary{1, 1, 1, 1, 1, 2, 1}));
}

TEST(Merge, KeepsEveryOutcomeAndJoinsWhatDiffers) {
  Report a;
  a.tool_version = "1";
  a.dialect = "one";
  a.model = "M1";
  a.spec_sha256 = "aa";
  a.started = "2026-01-01T00:00:05Z";
  a.duration = Time{10};
  a.outcomes = {Case(Verdict::kPass)};
  a.coverage.clauses = {{.clause = "3.2", .positive = 1}};
  a.errata_met = {"E-1"};
  a.overlays = {{.file = "house.json"}};
  Report b = a;
  b.dialect = "two";
  b.model = "M2";
  b.spec_sha256 = "bb";
  b.started = "2026-01-01T00:00:04Z";
  b.duration = Time{20};
  b.interrupted = true;
  b.outcomes = {Case(Verdict::kFail), Case(Verdict::kNone)};
  b.errata_met = {"E-2"};

  const Report merged = Merge({a, b});
  EXPECT_EQ(merged.tool_version, "1");
  EXPECT_EQ(merged.dialect, "one, two");
  EXPECT_EQ(merged.model, "M1, M2");
  EXPECT_EQ(merged.spec_sha256, "aa, bb");
  EXPECT_EQ(merged.reading, "tolerant");
  EXPECT_EQ(merged.started, "2026-01-01T00:00:04Z");
  EXPECT_EQ(merged.duration, Time{20});
  EXPECT_TRUE(merged.interrupted);
  EXPECT_EQ(merged.outcomes.size(), 3u);
  EXPECT_EQ(merged.summary, (Report::Summary{1, 1, 0, 1, 0, 0, 0}));
  EXPECT_EQ(merged.errata_met, (std::vector<std::string>{"E-1", "E-2"}));
  EXPECT_EQ(merged.overlays.size(), 1u);
  ASSERT_EQ(merged.coverage.clauses.size(), 2u);
  EXPECT_EQ(merged.coverage.clauses[0].clause, "one 3.2");
  EXPECT_EQ(merged.coverage.clauses[1].clause, "two 3.2");
  EXPECT_EQ(ExitStatus(merged), 1);
}

TEST(Cap, FollowsTheBasis) {
  EXPECT_EQ(Cap(spec::Basis::kStated), Severity::kViolation);
  EXPECT_EQ(Cap(spec::Basis::kExample), Severity::kDeviation);
  EXPECT_EQ(Cap(spec::Basis::kInferred), Severity::kDeviation);
  EXPECT_EQ(Cap(spec::Basis::kOpen), Severity::kInfo);
}

TEST(Worse, NeverGetsBetter) {
  EXPECT_EQ(Worse(Verdict::kFail, Verdict::kPass), Verdict::kFail);
  EXPECT_EQ(Worse(Verdict::kInconc, Verdict::kError), Verdict::kError);
  EXPECT_EQ(Worse(Verdict::kNone, Verdict::kPass), Verdict::kPass);
}

TEST(Merge, TellsDevicesApart) {
  const auto one = [](std::string name, Verdict verdict) {
    Report report;
    report.dialect = "d";
    report.model = "m";
    report.devices = {{name, "d", "m", "/dev/" + name, {}}};
    report.diagnosis = verdict == Verdict::kPass ? "" : "it is mute";
    Outcome outcome = Case(verdict);
    outcome.id = "d/x";
    outcome.device = name;
    report.outcomes = {outcome};
    report.review = {{.claim = "tls", .taken = 1}};
    return report;
  };
  const Report merged = Merge({one("left", Verdict::kPass), one("right", Verdict::kError)});
  ASSERT_EQ(merged.devices.size(), 2U);
  EXPECT_EQ(merged.devices[1].address, "/dev/right");
  EXPECT_EQ(merged.dialect, "d");
  EXPECT_EQ(merged.diagnosis, "right: it is mute");
  ASSERT_EQ(merged.review.size(), 2U);
  EXPECT_EQ(merged.review[0].claim, "left tls");
  EXPECT_EQ(merged.review[1].claim, "right tls");
  EXPECT_EQ(merged.summary.pass, 1U);
  EXPECT_EQ(merged.summary.error, 1U);
  // The other shard of one of them.
  const Report again = Merge({merged, one("left", Verdict::kPass)});
  EXPECT_EQ(again.devices.size(), 2U);
  EXPECT_EQ(again.review.size(), 2U);
  EXPECT_EQ(again.review[0].taken, 2U);
}

}  // namespace
}  // namespace assay::report
