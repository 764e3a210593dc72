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

}  // namespace
}  // namespace assay::report
