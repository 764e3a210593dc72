#include "reports/digest.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "reports/sample.h"

namespace assay::report {
namespace {

Report With(std::vector<Verdict> verdicts) {
  Report report;
  for (const Verdict verdict : verdicts) {
    report.outcomes.emplace_back().verdict = verdict;
    report.outcomes.back().skipped = verdict == Verdict::kNone;
  }
  Summarise(report);
  return report;
}

TEST(Changes, AreCountedWithTheMissingAndTheSameLast) {
  Report report;
  report.baseline = "known.txt";
  for (const Change change : {Change::kSame, Change::kRegression, Change::kNotJudged, Change::kSame}) {
    report.outcomes.emplace_back();
    report.outcomes.back().change = change;
  }
  report.missing = {{"d/gone", "", ""}};
  EXPECT_EQ(ChangeWords(report), "1 pass to fail, 1 missing, 1 not judged, 2 same");
  ASSERT_EQ(Changed(report).size(), 1U);
  EXPECT_EQ(Changed(report)[0]->change, Change::kRegression);
  EXPECT_EQ(ChangeWords(Report{}), "");
}

TEST(Headline, TellsOfFlakyCasesOfTheMissingAndOfAKilledRun) {
  Report report;
  report.outcomes.resize(2);
  for (Outcome& outcome : report.outcomes) outcome.verdict = Verdict::kPass;
  report.outcomes[1].attempts.resize(1);
  report.outcomes[1].attempts[0].verdict = Verdict::kFail;
  EXPECT_EQ(Headline(report), "Pass: all 2 cases, 1 only on a retry");
  EXPECT_EQ(Counts(report), "1 pass, 1 flaky");
  EXPECT_EQ(AttemptWords(report.outcomes[1]), "fail, pass");
  report.fail_on_flaky = true;
  EXPECT_EQ(Headline(report), "Fail: 1 of 2 cases passed only on a retry");
  report.missing = {{"d/gone", "", ""}};
  EXPECT_EQ(Headline(report), "Fail: 1 case of the baseline not there any more");
  report.partial = true;
  report.outcomes.resize(3);
  report.outcomes[2].skipped = true;
  EXPECT_EQ(Headline(report), "Partial, the run was killed: 2 of 3 cases ran");
}

TEST(Headline, SaysTheVerdictInWords) {
  using enum Verdict;
  const struct {
    std::vector<Verdict> verdicts;
    const char* headline;
  } rows[] = {
      {{}, "Error: nothing was run"},
      {{kNone}, "Error: nothing was run"},
      {{kPass}, "Pass: the one case"},
      {{kPass, kPass, kNone}, "Pass: all 2 cases"},
      {{kPass, kInconc}, "Inconclusive: 1 of 2 cases"},
      {{kFail, kInconc, kNone}, "Fail: 1 of 2 cases"},
      {{kError, kFail}, "Error: the harness or the bench broke in 1 of 2 cases"},
  };
  for (const auto& row : rows) EXPECT_EQ(Headline(With(row.verdicts)), row.headline);
}

TEST(Headline, SaysThatTheRunWasInterrupted) {
  using enum Verdict;
  const struct {
    std::vector<Verdict> verdicts;
    const char* headline;
    Verdict verdict;
  } rows[] = {
      {{kPass, kPass, kNone}, "Interrupted: 2 of 3 cases ran", kInconc},
      {{kFail, kPass, kNone}, "Interrupted: 2 of 3 cases ran, 1 failed", kFail},
      {{kNone}, "Interrupted: 0 of 1 case ran", kError},
  };
  for (const auto& row : rows) {
    Report report = With(row.verdicts);
    report.interrupted = true;
    EXPECT_EQ(Headline(report), row.headline);
    EXPECT_EQ(VerdictOf(report), row.verdict) << row.headline;
  }
}

TEST(Headline, KnowsTheBaseline) {
  Report report = With({Verdict::kPass, Verdict::kFail});
  report.baseline = "known.txt";
  EXPECT_EQ(Headline(report), "Pass: 1 of 2 cases");
  EXPECT_EQ(Counts(report), "1 pass, 1 known failure");
  report.outcomes[0].expected = false;
  EXPECT_EQ(Headline(report), "Fail: 1 of 2 cases passed unexpectedly");
}

TEST(Counts, NamesEachStanding) {
  EXPECT_EQ(Counts(SampleReport()),
            "5 pass, 1 known failure, 1 inconclusive, 1 unexpected pass, 2 fail, 1 error, "
            "3 skipped; 3 deviations");
  EXPECT_EQ(Counts(Report{}), "no cases");
}

TEST(DurationWords, FitTheirSize) {
  using namespace std::chrono_literals;
  EXPECT_EQ(DurationWords(0us), "0 ms");
  EXPECT_EQ(DurationWords(999'999us), "999 ms");
  EXPECT_EQ(DurationWords(12'345ms), "12.3 s");
  EXPECT_EQ(DurationWords(125s), "2 min 05 s");
  EXPECT_EQ(DurationWords(62min), "1 h 02 min");
}

TEST(Deviations, OfOneFingerprintAreOne) {
  const Report report = SampleReport();
  const std::vector<DeviationGroup> groups = Deviations(report);
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].finding->fingerprint, "framing/3.2.1/AT+QMTCFG/test/space");
  EXPECT_EQ(groups[0].count, 2u);
  EXPECT_EQ(groups[0].outcomes.size(), 2u);
  EXPECT_EQ(groups[1].count, 1u);
}

TEST(Skips, OfOneReasonAreOne) {
  const Report report = SampleReport();
  const std::vector<SkipGroup> groups = Skips(report);
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[1].reason, "PICS: the device does not claim Ali Cloud");
  EXPECT_EQ(groups[1].outcomes.size(), 2u);
}

TEST(Skips, OfLongWaitsAreOne) {
  Report report;
  for (const char* reason : {"waits 20.0 s, longer than 3.0 s (--max-wait)", "needs a SIM",
                             "waits 2 min 19 s, longer than 3.0 s (--max-wait)"}) {
    Outcome& outcome = report.outcomes.emplace_back();
    outcome.skipped = true;
    outcome.reason = reason;
  }
  const std::vector<SkipGroup> groups = Skips(report);
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].reason, "waits longer than 3.0 s (--max-wait)");
  EXPECT_EQ(groups[0].outcomes.size(), 2u);
  EXPECT_EQ(groups[1].reason, "needs a SIM");
}

TEST(SetUpFailures, OfOneCauseAreOne) {
  Report report;
  for (const auto& [cause, verdict] : {std::pair{"a", Verdict::kInconc},
                                       {"b", Verdict::kInconc},
                                       {"a", Verdict::kInconc},
                                       {"", Verdict::kInconc},
                                       {"a", Verdict::kFail}}) {
    Outcome& outcome = report.outcomes.emplace_back();
    outcome.set_up = cause;
    outcome.verdict = verdict;
  }
  const std::vector<SetUpGroup> groups = SetUpFailures(report);
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].cause, "a");
  EXPECT_EQ(groups[0].outcomes,
            (std::vector<const Outcome*>{&report.outcomes[0], &report.outcomes[2]}));
  EXPECT_EQ(groups[1].cause, "b");
}

TEST(ClauseBefore, CountsAsAReaderDoes) {
  std::vector<std::string> clauses = {"", "3.2.10", "3.2.9", "3.10", "3.2", "A.1", "2.2.12"};
  std::sort(clauses.begin(), clauses.end(), ClauseBefore);
  EXPECT_EQ(clauses,
            (std::vector<std::string>{"2.2.12", "3.2", "3.2.9", "3.2.10", "3.10", "A.1", ""}));
}

TEST(Devices, CountsTheCasesOfEach) {
  Report report;
  report.dialect = "a, b";
  report.devices = {{"left", "a", "", "", {}}, {"right", "b", "", "", {}}};
  for (const auto& [device, verdict] : {std::pair{"left", Verdict::kPass}, {"left", Verdict::kFail},
                                        {"right", Verdict::kPass}}) {
    Outcome outcome;
    outcome.id = "x";
    outcome.clause = "1";
    outcome.device = device;
    outcome.verdict = verdict;
    report.outcomes.push_back(outcome);
  }
  const std::vector<DeviceRow> rows = Devices(report);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].counts, "1 pass, 1 fail");
  EXPECT_EQ(rows[1].counts, "1 pass");
  // Whatever its cases are called.
  EXPECT_EQ(DialectIn(report, report.outcomes[2]), "b");
  EXPECT_EQ(ClauseIn(report, report.outcomes[2]), "b 1");
}

TEST(Purposes, AreCountedByDialectAndKind) {
  Report report;
  report.dialect = "d";
  const auto add = [&](std::string kind, Verdict verdict, std::string reason) {
    Outcome outcome;
    outcome.kind = std::move(kind);
    outcome.verdict = verdict;
    outcome.skipped = verdict == Verdict::kNone;
    outcome.reason = std::move(reason);
    report.outcomes.push_back(outcome);
  };
  add("", Verdict::kPass, "");
  EXPECT_TRUE(Purposes(report).empty());
  add("value", Verdict::kPass, "");
  add("value", Verdict::kFail, "wrong");
  add("value", Verdict::kNone, "no broker");
  add("value", Verdict::kNone, "no broker");
  add("state", Verdict::kInconc, "");
  add("state", Verdict::kError, "");
  const std::vector<PurposeRow> rows = Purposes(report);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].kind, "state");
  EXPECT_EQ(rows[0].inconclusive + rows[0].errors, 2U);
  EXPECT_EQ(rows[1].kind, "transcript");
  EXPECT_EQ(rows[2].kind, "value");
  EXPECT_EQ(rows[2].selected, 4U);
  EXPECT_EQ(rows[2].passed, 1U);
  EXPECT_EQ(rows[2].failed, 1U);
  EXPECT_EQ(rows[2].left_out, 2U);
  EXPECT_EQ(rows[2].reasons, (std::map<std::string, std::size_t>{{"no broker", 2}}));
}

}  // namespace
}  // namespace assay::report
