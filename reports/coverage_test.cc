#include "reports/coverage.h"

#include <gtest/gtest.h>

#include "reports/result.h"

namespace assay::report {
namespace {

FactCoverage Transition(std::string what, std::size_t cases, std::optional<WhyLeft> reason = {}) {
  return {CoverageKind::kTransitions, std::move(what), "2.1", cases, reason};
}

Coverage Some() {
  Coverage coverage;
  coverage.clauses = {{"1", 1, 0, ""}, {"2", 0, 1, ""}, {"3", 0, 0, "no case cites it"}};
  coverage.facts = {
      {CoverageKind::kResponses, "AT+X/write/success", "1", 2, {}},
      {CoverageKind::kResponses, "AT+Y/write/success", "2", 0, WhyLeft::kModel},
      {CoverageKind::kStates, "socket open", "2", 0, WhyLeft::kSelection},
      Transition("T1", 4),
      Transition("T2", 0, WhyLeft::kPeer),
      Transition("T3", 1)};
  return coverage;
}

TEST(Coverage, SharesLeaveOutWhatAnotherModelHas) {
  const struct {
    CoverageKind kind;
    std::size_t covered, total;
  } rows[] = {{CoverageKind::kClauses, 2, 3},
              {CoverageKind::kResponses, 1, 1},
              {CoverageKind::kErrors, 0, 0},
              {CoverageKind::kStates, 0, 1},
              {CoverageKind::kTransitions, 2, 3}};
  for (const auto& row : rows) {
    const Share share = ShareOf(Some(), row.kind);
    EXPECT_EQ(share.covered, row.covered) << Name(row.kind);
    EXPECT_EQ(share.total, row.total) << Name(row.kind);
  }
}

using Minimum = std::map<CoverageKind, double>;

TEST(ParseMinimum, TakesOneNumberOrOneForEachKind) {
  const struct {
    const char* text;
    Minimum minimum;
  } rows[] = {
      {"90",
       {{CoverageKind::kClauses, 90},
        {CoverageKind::kResponses, 90},
        {CoverageKind::kErrors, 90},
        {CoverageKind::kStates, 90},
        {CoverageKind::kTransitions, 90}}},
      {"clauses=95,transitions=90.5",
       {{CoverageKind::kClauses, 95}, {CoverageKind::kTransitions, 90.5}}},
      {"states=100%", {{CoverageKind::kStates, 100}}},
  };
  for (const auto& row : rows) {
    std::string error;
    EXPECT_EQ(ParseMinimum(row.text, &error), row.minimum) << row.text << ": " << error;
  }
}

TEST(ParseMinimum, SaysWhatIsWrong) {
  const struct {
    const char *text, *error;
  } rows[] = {
      {"much", "\"much\" is neither a percentage from 0 to 100 nor KIND=PERCENT"},
      {"", "\"\" is neither a percentage from 0 to 100 nor KIND=PERCENT"},
      {"101", "\"101\" is neither a percentage from 0 to 100 nor KIND=PERCENT"},
      {"-1", "\"-1\" is neither a percentage from 0 to 100 nor KIND=PERCENT"},
      {"nan", "\"nan\" is neither a percentage from 0 to 100 nor KIND=PERCENT"},
      {"clauses=95,", "\"\" is neither a percentage from 0 to 100 nor KIND=PERCENT"},
      {"lines=95",
       "there is no kind \"lines\"; there are clauses, responses, errors, states, transitions"},
      {"states=many", "\"many\" is no percentage from 0 to 100"},
      {"states=1,states=2", "states is said twice"},
  };
  for (const auto& row : rows) {
    std::string error;
    EXPECT_FALSE(ParseMinimum(row.text, &error)) << row.text;
    EXPECT_EQ(error, row.error);
  }
}

TEST(FailedGates, NameWhatIsLacking) {
  Coverage coverage = Some();
  coverage.minimum = {{CoverageKind::kClauses, 67},
                      {CoverageKind::kResponses, 100},
                      {CoverageKind::kErrors, 100},
                      {CoverageKind::kTransitions, 66.7}};
  const std::vector<FailedGate> gates = FailedGates(coverage);
  ASSERT_EQ(gates.size(), 2U);
  EXPECT_EQ(Words(gates[0]), "2 of 3 clauses covered (66.6 %), less than 67 %");
  EXPECT_EQ(gates[0].lacking, std::vector<std::string>{"3: no case cites it"});
  EXPECT_EQ(Words(gates[1]), "2 of 3 transitions covered (66.6 %), less than 66.7 %");
  EXPECT_EQ(gates[1].lacking,
            std::vector<std::string>{"T2 (2.1): no server of the bench behaves so"});
  coverage.minimum = {{CoverageKind::kClauses, 66.6}, {CoverageKind::kStates, 0}};
  EXPECT_TRUE(FailedGates(coverage).empty());
}

TEST(FailedGates, MakeARunFailButNotBreak) {
  Report report;
  report.coverage = Some();
  Outcome outcome;
  outcome.verdict = Verdict::kPass;
  report.outcomes = {outcome};
  EXPECT_EQ(ExitStatus(report), 0);
  report.coverage.minimum = {{CoverageKind::kStates, 1}};
  EXPECT_EQ(ExitStatus(report), 1);
  report.outcomes[0].verdict = Verdict::kInconc;
  EXPECT_EQ(ExitStatus(report), 1);
  report.outcomes[0].verdict = Verdict::kError;
  EXPECT_EQ(ExitStatus(report), 4);
  report.outcomes[0].verdict = Verdict::kNone;
  EXPECT_EQ(ExitStatus(report), 4);
}

TEST(Coverage, OfPartsIsAddedUp) {
  Coverage all = Some();
  Coverage other;
  other.clauses = {{"2", 3, 1, ""}, {"3", 0, 0, "needs a value"}, {"4", 1, 0, ""}};
  other.facts = {{CoverageKind::kResponses, "AT+Y/write/success", "2", 0, WhyLeft::kNoCase},
                 {CoverageKind::kErrors, "+CME ERROR 3", "4", 1, {}},
                 Transition("T1", 1),
                 Transition("T2", 2),
                 Transition("T3", 0, WhyLeft::kSelection)};
  other.minimum = {{CoverageKind::kStates, 5}};
  Add(all, other);
  Coverage expected;
  expected.clauses = {
      {"1", 1, 0, ""}, {"2", 3, 2, ""}, {"3", 0, 0, "no case cites it"}, {"4", 1, 0, ""}};
  expected.facts = {
      {CoverageKind::kResponses, "AT+X/write/success", "1", 2, {}},
      {CoverageKind::kResponses, "AT+Y/write/success", "2", 0, WhyLeft::kNoCase},
      {CoverageKind::kErrors, "+CME ERROR 3", "4", 1, {}},
      {CoverageKind::kStates, "socket open", "2", 0, WhyLeft::kSelection},
      Transition("T1", 5),
      Transition("T2", 2),
      Transition("T3", 1)};
  expected.minimum = {{CoverageKind::kStates, 5}};
  EXPECT_EQ(all, expected);
}

// Whatever one part left out, another may have tried.
TEST(Coverage, SaysOfPartsTheFirmestReason) {
  const struct {
    WhyLeft one, other, both;
  } rows[] = {{WhyLeft::kSelection, WhyLeft::kNotJudged, WhyLeft::kNotJudged},
              {WhyLeft::kNotJudged, WhyLeft::kSelection, WhyLeft::kNotJudged},
              {WhyLeft::kModel, WhyLeft::kSelection, WhyLeft::kSelection},
              {WhyLeft::kSelection, WhyLeft::kModel, WhyLeft::kSelection},
              {WhyLeft::kPeer, WhyLeft::kNoCase, WhyLeft::kPeer}};
  for (const auto& row : rows) {
    Coverage all, other;
    all.facts = {Transition("T", 0, row.one)};
    other.facts = {Transition("T", 0, row.other)};
    Add(all, other);
    EXPECT_EQ(all.facts[0].reason, row.both) << Name(row.one) << ", " << Name(row.other);
  }
}

TEST(Coverage, OfSeveralDialectsIsKeptApart) {
  Report one;
  one.dialect = "a";
  one.coverage.facts = {Transition("T1", 1)};
  Report other = one;
  other.dialect = "b";
  other.coverage.facts = {Transition("T1", 0, WhyLeft::kPeer)};
  const Report same = Merge({one, one});
  EXPECT_EQ(same.coverage.facts, std::vector<FactCoverage>{Transition("T1", 2)});
  const Report both = Merge({one, other});
  const std::vector<FactCoverage> apart = {Transition("a T1", 1),
                                           Transition("b T1", 0, WhyLeft::kPeer)};
  EXPECT_EQ(both.coverage.facts, apart);
  // Merged again with another part of the run, of one of them or of both.
  const Report again = Merge({both, other, both});
  EXPECT_EQ(again.coverage.facts[0], Transition("a T1", 2));
  EXPECT_EQ(again.coverage.facts[1], Transition("b T1", 0, WhyLeft::kPeer));
  EXPECT_EQ(again.coverage.facts.size(), 2U);
}

}  // namespace
}  // namespace assay::report
