// What a conversation covers of a small dialect, and why the rest is not covered.
#include "harness/coverage.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/grammar_testing.h"
#include "harness/oracle.h"
#include "spec/sample_testing.h"

namespace assay::harness {
namespace {

using report::CoverageKind;
using report::Verdict;
using report::WhyLeft;

const dialect::Grammar& Sample() {
  static const auto grammar = dialect::GrammarOf(spec::Sample());
  return *grammar;
}

// "> " the host says, "< " the modem.
dialect::Seen Hear(const std::vector<std::string_view>& talk) {
  dialect::Seen seen;
  Oracle oracle(Sample(), {});
  oracle.NoteSeen(&seen);
  Time now{0};
  for (const std::string_view line : talk) {
    now += Time{1000};
    line[0] == '>' ? (void)oracle.Sent(line.substr(2), now) : (void)oracle.Line(line.substr(2), now);
  }
  oracle.End();
  return seen;
}

report::Outcome Case(Verdict verdict, std::string id = "sample/case") {
  report::Outcome outcome;
  outcome.id = std::move(id);
  outcome.clause = "2.1";
  outcome.verdict = verdict;
  return outcome;
}

std::vector<std::string> Covered(const report::Coverage& coverage) {
  std::vector<std::string> out;
  for (const report::FactCoverage& fact : coverage.facts) {
    if (fact.cases > 0) out.push_back(fact.what);
  }
  return out;
}

report::ClauseCoverage Clause(const report::Coverage& coverage, std::string_view number) {
  for (const report::ClauseCoverage& clause : coverage.clauses) {
    if (clause.clause == number) return clause;
  }
  return {};
}

const std::vector<std::string_view> kOpens = {"> AT+OPEN=0,\"h\"", "< OK", "< +OPEN: 0,0"};

std::vector<std::string_view> Opened(std::vector<std::string_view> then) {
  then.insert(then.begin(), kOpens.begin(), kOpens.end());
  return then;
}

using Strings = std::vector<std::string>;

TEST(Coverage, CountsWhatWasSeen) {
  const struct {
    const char* what;
    std::vector<std::string_view> talk;
    Strings covered;
  } rows[] = {
      {"an answer with its result",
       kOpens,
       {"AT+OPEN/write/success", "socket closed", "socket opening", "socket open", "T1", "T2"}},
      {"without the result, what led to it",
       {"> AT+OPEN=0,\"h\"", "< OK"},
       {"socket closed", "socket opening", "T1"}},
      {"a result that no manual has",
       {"> AT+OPEN=0,\"h\"", "< OK", "< +OPEN: 0,7"},
       {"socket closed", "socket opening", "T1"}},
      {"a failure",
       {"> AT+OPEN=0,\"h\"", "< OK", "< +OPEN: 0,1"},
       {"AT+OPEN/write/success", "socket closed", "socket opening", "T1", "T3"}},
      {"a refusal by the state, with its code",
       Opened({"> AT+OPEN=0,\"h\"", "< +CME ERROR: 3"}),
       {"AT+OPEN/write/success", "AT+OPEN/write/failure", "+CME ERROR 3", "socket closed",
        "socket opening", "socket open", "T1", "T2", "T4"}},
      {"a refusal of what is wrong shows no transition",
       {"> AT+OPEN=9,\"h\"", "< +CME ERROR: 4"},
       {"AT+OPEN/write/failure", "+CME ERROR 4"}},
      {"a code that no table has",
       {"> AT+OPEN=9,\"h\"", "< +CME ERROR: 99"},
       {"AT+OPEN/write/failure"}},
      {"a line that comes by itself",
       Opened({"< +LOST: 0"}),
       {"AT+OPEN/write/success", "+LOST/urc", "socket closed", "socket opening", "socket open",
        "T1", "T2", "T5"}},
      {"the same in a state that forbids it", {"< +LOST: 0"}, {}},
      {"alternatives that the arguments tell apart",
       {"> AT+OPEN=\"tls\",0,1", "< OK", "> AT+OPEN=\"tls\",0", "< +OPEN: \"tls\",1", "< OK"},
       {"AT+OPEN/write:tls/success", "AT+OPEN/write:tls/query", "socket closed", "socket opening",
        "T1"}},
      {"nothing of a command of another manual", {"> ATE0", "< OK"}, {}},
  };
  for (const auto& row : rows) {
    CoverageCount count(Sample(), nullptr);
    count.Add(Case(Verdict::kPass), Hear(row.talk));
    EXPECT_EQ(Covered(count.Finish()), row.covered) << row.what;
  }
}

TEST(Coverage, IsOfCasesThatPassOrFail) {
  for (const Verdict verdict :
       {Verdict::kNone, Verdict::kPass, Verdict::kInconc, Verdict::kFail, Verdict::kError}) {
    const bool counts = verdict == Verdict::kPass || verdict == Verdict::kFail;
    CoverageCount count(Sample(), nullptr);
    count.Add(Case(verdict), Hear(kOpens));
    const report::Coverage coverage = count.Finish();
    EXPECT_EQ(Covered(coverage).size(), counts ? 6U : 0U) << report::Name(verdict);
    EXPECT_EQ(Clause(coverage, "2.1").positive, counts ? 1U : 0U) << report::Name(verdict);
  }
}

TEST(Coverage, TellsRefusalsOfAClauseFromTheRest) {
  CoverageCount count(Sample(), nullptr);
  count.Add(Case(Verdict::kPass), Hear(kOpens));
  count.Add(Case(Verdict::kPass), Hear(Opened({"> AT+OPEN=0,\"h\"", "< +CME ERROR: 3"})));
  count.Add(Case(Verdict::kFail), Hear({"> AT+OPEN=0,\"h\"", "< ERROR"}));
  const report::ClauseCoverage clause = Clause(count.Finish(), "2.1");
  EXPECT_EQ(clause.positive, 1U);
  EXPECT_EQ(clause.negative, 2U);
  EXPECT_EQ(clause.reason, "");
}

TEST(Coverage, CountsTheCasesThatShowAFact) {
  CoverageCount count(Sample(), nullptr);
  for (int i = 0; i < 3; ++i) count.Add(Case(Verdict::kPass), Hear(kOpens));
  count.Add(Case(Verdict::kPass), Hear({"> AT+OPEN=0,\"h\"", "< OK"}));
  for (const report::FactCoverage& fact : count.Finish().facts) {
    if (fact.what == "T1") {
      EXPECT_EQ(fact.cases, 4U);
    }
    if (fact.what == "T2") {
      EXPECT_EQ(fact.cases, 3U);
    }
  }
}

const spec::Transition* Transition(std::string_view id) {
  for (const spec::Transition& one : Sample().dialect().transitions) {
    if (one.id == id) return &one;
  }
  return nullptr;
}

TEST(Coverage, SaysWhyNot) {
  Aims aims;
  aims.cases["sample/run"] = {"transition", "2.1", {Transition("T1")}, {}};
  aims.cases["sample/ran"] = {"transition", "2.1", {Transition("T2")}, {}};
  aims.cases["sample/filtered"] = {"transition", "2.1", {Transition("T3")}, {}};
  aims.cases["sample/close"] = {"state", "2.2", {}, {}};
  aims.left["T5"] = WhyLeft::kNetwork;
  CoverageCount count(Sample(), &aims);
  count.Add(Case(Verdict::kInconc, "sample/run"), {});
  count.Add(Case(Verdict::kPass, "sample/ran#2"), {});
  const struct {
    std::string what;
    WhyLeft reason;
  } rows[] = {
      {"AT+OPEN/test/success", WhyLeft::kNoCase},
      {"AT+OPEN/write/success", WhyLeft::kNoCase},
      {"AT+OPEN/write/failure", WhyLeft::kNoCase},
      {"AT+OPEN/write/failure-2", WhyLeft::kOpen},
      {"AT+OPEN/write:tls/success", WhyLeft::kNoCase},
      {"AT+OPEN/write:tls/query", WhyLeft::kNoCase},
      {"AT+CLOSE/write/success", WhyLeft::kNoCase},
      {"AT+SEND/write/success", WhyLeft::kModel},
      {"+LOST/urc", WhyLeft::kNoCase},
      {"+CME ERROR 3", WhyLeft::kNoCase},
      {"+CME ERROR 4", WhyLeft::kNoCase},
      {"socket closed", WhyLeft::kSelection},
      {"socket opening", WhyLeft::kNotJudged},
      {"socket open", WhyLeft::kUntold},
      {"T1", WhyLeft::kNotJudged},
      {"T2", WhyLeft::kUntold},
      {"T3", WhyLeft::kSelection},
      {"T4", WhyLeft::kNoCase},
      {"T5", WhyLeft::kNetwork},
  };
  const report::Coverage coverage = count.Finish();
  EXPECT_EQ(Clause(coverage, "2.2").reason, "left out by selection");
  ASSERT_EQ(coverage.facts.size(), std::size(rows));
  for (std::size_t i = 0; i < std::size(rows); ++i) {
    EXPECT_EQ(coverage.facts[i].what, rows[i].what);
    ASSERT_TRUE(coverage.facts[i].reason) << rows[i].what;
    EXPECT_EQ(report::Name(*coverage.facts[i].reason), report::Name(rows[i].reason))
        << rows[i].what;
  }
  EXPECT_EQ(report::ShareOf(coverage, CoverageKind::kResponses).total, 8U);
}

TEST(Coverage, LeavesOutWhatTheModuleDoesNotClaim) {
  Pics pics;
  pics.claims = {{"command.AT+CLOSE", false}, {"setting.AT+OPEN.tls", false}};
  for (const report::FactCoverage& fact : CoverageCount(Sample(), nullptr, &pics).Finish().facts) {
    const bool unclaimed = fact.what.starts_with("AT+CLOSE/") ||
                           fact.what.starts_with("AT+OPEN/write:tls/");
    EXPECT_EQ(fact.reason == WhyLeft::kClaim, unclaimed) << fact.what;
  }
  pics.claims = {{"command.AT+OPEN", false}};
  std::set<std::string> unclaimed;
  const report::Coverage coverage = CoverageCount(Sample(), nullptr, &pics).Finish();
  for (const report::FactCoverage& fact : coverage.facts) {
    if (fact.kind == CoverageKind::kTransitions && fact.reason == WhyLeft::kClaim)
      unclaimed.insert(fact.what);
  }
  EXPECT_EQ(unclaimed, (std::set<std::string>{"T1", "T4"}));
  EXPECT_EQ(report::ShareOf(coverage, CoverageKind::kTransitions).total, 3U);
}

// A code that the spec's behaviour never gives: nobody knows how to ask for it.
TEST(Coverage, KnowsACodeThatNothingBringsAbout) {
  const auto grammar = dialect::GrammarOf(
      spec::Replaced(spec::SampleWith("{\"code\": \"4\"", "{\"code\": \"88\""),
                     "\"syntax\": \"4\"", "\"syntax\": \"ERROR\""));
  const report::Coverage coverage = CoverageCount(*grammar, nullptr).Finish();
  for (const report::FactCoverage& fact : coverage.facts) {
    if (fact.what == "+CME ERROR 88") {
      EXPECT_EQ(fact.reason, WhyLeft::kElsewhere);
    }
    if (fact.what == "+CME ERROR 3") {
      EXPECT_EQ(fact.reason, WhyLeft::kNoCase);
    }
  }
}

// Two things give the same line; which it was, only the bench knows.
TEST(Coverage, BelievesTheBenchWhereALineHasSeveralExplanations) {
  const auto grammar = dialect::GrammarOf(spec::SampleWith(
      "{\"id\": \"T4\"",
      "{\"id\": \"T3b\", \"machine\": \"socket\", \"from\": [\"opening\"], \"event\": \"net.failed\", "
      "\"to\": \"closed\", \"send\": [\"+OPEN: <id>,1\"], \"clause\": \"2.1\"}, {\"id\": \"T4\""));
  const spec::Transition* meant = nullptr;
  for (const spec::Transition& one : grammar->dialect().transitions) {
    if (one.id == "T3b") meant = &one;
  }
  ASSERT_NE(meant, nullptr);
  dialect::Seen seen;
  Oracle oracle(*grammar, {});
  oracle.NoteSeen(&seen);
  oracle.Sent("AT+OPEN=0,\"h\"", Time{0});
  oracle.Line("OK", Time{1});
  oracle.Line("+OPEN: 0,1", Time{2});
  Aims aims;
  aims.cases["sample/case"] = {"transition", "2.1", {meant}, {}};
  for (const bool known : {false, true}) {
    CoverageCount count(*grammar, known ? &aims : nullptr);
    count.Add(Case(Verdict::kPass), seen);
    for (const report::FactCoverage& fact : count.Finish().facts) {
      if (fact.what == "T3") {
        EXPECT_EQ(fact.reason, WhyLeft::kUntold) << known;
      }
      if (fact.what == "T3b") {
        EXPECT_EQ(fact.cases, known ? 1U : 0U);
      }
    }
  }
}

}  // namespace
}  // namespace assay::harness
