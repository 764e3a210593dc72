// The generated suites against the modem of the spec: whole, sound and the same every time.
#include "harness/generate/generate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "harness/device_url.h"
#include "harness/generate/drafts.h"
#include "harness/generate/pairs.h"
#include "harness/generate/suite_testing.h"
#include "harness/run.h"
#include "harness/workplace.h"
#include "transcripts/plan.h"

namespace assay::harness {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class Generated : public ::testing::TestWithParam<std::string> {
 protected:
  const Suite& suite() const { return SuiteOf(GetParam()); }
};

TEST_P(Generated, NoDraftContradictsTheSpec) {
  EXPECT_THAT(suite().generated.contradictions, IsEmpty());
  EXPECT_GT(suite().generated.cases.size(), 150U);
}

TEST_P(Generated, EveryCasePassesOnASoundModem) {
  for (const bool tolerant : {true, false}) {
    for (const GeneratedCase& one : suite().generated.cases) {
      const transcript::Plan plan = CheckedPlanOf(one, *suite().grammar);
      EXPECT_FALSE(plan.skip.has_value()) << one.id << ": " << plan.skip.value_or("");
      EmulatorSetup setup;
      setup.grammar = suite().grammar;
      setup.tolerant = tolerant;
      Bench bench{*suite().grammar, [&] {
                    device::OpenResult opened;
                    opened.device = MakeEmulatorDevice(setup, "emulator");
                    return opened;
                  }};
      bench.tolerant = tolerant;
      const report::Outcome outcome = Runner(bench).Run(plan).outcome;
      EXPECT_EQ(outcome.verdict, report::Verdict::kPass)
          << one.id << (tolerant ? "" : " (strict)") << ": " << outcome.reason << "\n"
          << TextOf(one);
      for (const report::Finding& finding : outcome.findings) {
        EXPECT_EQ(finding.severity, report::Severity::kInfo)
            << one.id << (tolerant ? "" : " (strict)") << ": " << finding.message << "\n"
            << TextOf(one);
      }
    }
  }
}

TEST_P(Generated, SaysWhatItIsAbout) {
  std::set<std::string> ids;
  for (const GeneratedCase& one : suite().generated.cases) {
    EXPECT_TRUE(ids.insert(one.id).second) << one.id << " comes twice";
    EXPECT_THAT(one.id, StartsWith(GetParam() + "/"));
    EXPECT_THAT(one.id, ::testing::MatchesRegex("[a-z0-9._/-]+"));
    EXPECT_FALSE(one.purpose.empty()) << one.id;
    EXPECT_FALSE(one.clause.empty()) << one.id;
    EXPECT_FALSE(one.transcript.Header("reason").empty()) << one.id;
    EXPECT_FALSE(one.transcript.steps.empty()) << one.id;
  }
}

// Both suites run together.
TEST_P(Generated, NoIdIsAGoldens) {
  std::string error;
  const std::string golden = Workplace({}).GoldenFolder(GetParam());
  std::set<std::string> goldens;
  for (const TranscriptFile& file : FindTranscripts({golden}, &error)) goldens.insert(file.id);
  EXPECT_THAT(goldens, ::testing::Not(IsEmpty())) << error;
  for (const GeneratedCase& one : suite().generated.cases)
    EXPECT_FALSE(goldens.contains(one.id)) << one.id;
}

// No negative is a positive after all.
TEST_P(Generated, WhatIsWrongIsWrongByItsGrammar) {
  std::size_t wrong = 0;
  for (const GeneratedCase& one : suite().generated.cases) {
    if (one.kind != "syntax") continue;
    const transcript::Plan plan = CheckedPlanOf(one, *suite().grammar);
    const auto last = std::find_if(plan.exchanges.rbegin(), plan.exchanges.rend(),
                                   [](const transcript::Exchange& exchange) {
                                     return exchange.send == transcript::Exchange::Send::kCommand;
                                   });
    ASSERT_NE(last, plan.exchanges.rend()) << one.id;
    const std::string line = *transcript::Bind(last->line, {}, nullptr);
    EXPECT_FALSE(suite().grammar->ParseCommand(line).Valid(true)) << one.id << ": " << line;
    ++wrong;
  }
  EXPECT_GT(wrong, 50U);
}

TEST_P(Generated, NoTwoCasesHoldTheSameConversation) {
  std::map<std::string, std::string> seen;
  for (const GeneratedCase& one : suite().generated.cases) {
    transcript::Transcript body = one.transcript;
    body.header.clear();
    const auto [at, fresh] = seen.try_emplace(Disowned(transcript::Print(body), one.id), one.id);
    EXPECT_TRUE(fresh) << one.id << " is " << at->second;
  }
}

// What the faults say of it is `selftest --suite conformance --needed`.
TEST_P(Generated, EveryCaseIsNeeded) {
  std::vector<Shown> shown;
  std::map<std::string, const GeneratedCase*> kinds;
  for (const GeneratedCase& one : suite().generated.cases) {
    shown.push_back(ShownOn(suite().grammar, CheckedPlanOf(one, *suite().grammar)));
    kinds.emplace(one.kind, &one);
  }
  EXPECT_THAT(NotNeeded(shown), IsEmpty());
  // Of two of a kind, one is not.
  for (const auto& [kind, one] : kinds) {
    GeneratedCase again = *one;
    again.id += "-again";
    std::vector<Shown> more = shown;
    more.push_back(ShownOn(suite().grammar, CheckedPlanOf(again, *suite().grammar)));
    EXPECT_THAT(NotNeeded(more), ElementsAre(one->id)) << kind;
  }
}

TEST_P(Generated, SameSeedGivesTheSameBytes) {
  const GeneratedSuite again = Generate(suite().grammar, {});
  ASSERT_EQ(again.cases.size(), suite().generated.cases.size());
  for (std::size_t i = 0; i < again.cases.size(); ++i) {
    EXPECT_EQ(again.cases[i].id, suite().generated.cases[i].id);
    EXPECT_EQ(TextOf(again.cases[i]), TextOf(suite().generated.cases[i]));
  }
}

// Every transition has its case, or a reason out of a closed set.
TEST_P(Generated, NoTransitionIsForgotten) {
  std::set<std::string> left;
  for (const Untried& one : suite().generated.left) left.insert(one.what);
  std::set<std::string> taken;
  for (const GeneratedCase& one : suite().generated.cases) {
    for (const spec::Transition* transition : one.transitions) taken.insert(transition->id);
  }
  for (const spec::Transition& transition : suite().grammar->dialect().transitions) {
    if (!transition.source.document.empty()) continue;
    EXPECT_TRUE(taken.contains(transition.id) || left.contains("transition " + transition.id))
        << transition.id;
  }
}

// What the cases of a suite show, as their transcripts are played and the modem tells of it.
std::set<TransitionPair> PairsSeen(const std::shared_ptr<const dialect::Grammar>& grammar,
                                   const GeneratedSuite& generated) {
  const Pairs pairs(grammar->dialect());
  std::set<TransitionPair> out;
  for (const GeneratedCase& one : generated.cases) {
    Pairs::Last last = pairs.None();
    EmulatorSetup setup;
    setup.grammar = grammar;
    setup.watch = [&](const spec::Transition& transition) {
      if (const auto pair = pairs.Take(transition, last)) out.insert(*pair);
    };
    const Bench bench{*grammar, [&] {
                        device::OpenResult opened;
                        opened.device = MakeEmulatorDevice(setup, "emulator");
                        return opened;
                      }};
    Runner(bench).Run(CheckedPlanOf(one, *grammar));
  }
  return out;
}

// Every pair of transitions that can follow one another is taken, or there is a reason.
void ExpectPairs(const std::shared_ptr<const dialect::Grammar>& grammar,
                 const GeneratedSuite& generated) {
  std::set<std::string> left;
  for (const Untried& one : generated.left) left.insert(one.what);
  const std::set<TransitionPair> seen = PairsSeen(grammar, generated);
  const auto& all = grammar->dialect().transitions;
  std::size_t taken = 0;
  for (const TransitionPair& pair : Pairs(grammar->dialect()).Possible()) {
    const std::string &first = all[pair.first].id, &second = all[pair.second].id;
    const bool untried =
        left.contains("transition " + first) || left.contains("transition " + second);
    const bool told = left.contains("transition " + second + " after " + first);
    EXPECT_TRUE(seen.contains(pair) || untried || told) << second << " after " << first;
    taken += seen.contains(pair) ? 1 : 0;
  }
  EXPECT_GT(taken, 100U);
}

TEST_P(Generated, NoPairOfTransitionsIsForgotten) {
  ExpectPairs(suite().grammar, suite().generated);
}

// A modem that tells a client's messages to another one is found out by what two clients hear.
TEST(GeneratedClients, MessagesToTheWrongOneFail) {
  const Suite& suite = SuiteOf("quectel-bg96");
  EmulatorSetup setup;
  setup.grammar = suite.grammar;
  std::string error;
  const auto faults =
      FindFaults(Workplace({}), *suite.grammar, {"urc-instance/+QMTRECV/urc/T29/tcpconnectID"}, &error);
  ASSERT_TRUE(faults.has_value()) << error;
  setup.faults = *faults;
  std::size_t tried = 0;
  for (const GeneratedCase& one : suite.generated.cases) {
    if (one.kind != "clients" || one.id.find("/derived-heard-by-") == std::string::npos) continue;
    const Bench bench{*suite.grammar, [&] {
                        device::OpenResult opened;
                        opened.device = MakeEmulatorDevice(setup, "emulator");
                        return opened;
                      }};
    const report::Outcome outcome = Runner(bench).Run(CheckedPlanOf(one, *suite.grammar)).outcome;
    EXPECT_EQ(outcome.verdict, report::Verdict::kFail) << one.id;
    ++tried;
  }
  EXPECT_GE(tried, 1U);
}

// A seed chooses among walks that are as good.
TEST_P(Generated, AnotherSeedGivesOtherWalksOverTheSamePairs) {
  const GeneratedSuite other = Generate(suite().grammar, {.seed = 2});
  ExpectPairs(suite().grammar, other);
  std::set<std::string> walks, others;
  for (const GeneratedCase& one : suite().generated.cases) {
    if (one.kind == "walk") walks.insert(TextOf(one));
  }
  for (const GeneratedCase& one : other.cases) {
    if (one.kind == "walk") others.insert(TextOf(one));
  }
  EXPECT_NE(walks, others);
  const auto told = [](const GeneratedSuite& generated) {
    std::set<std::string> out;
    for (const Untried& one : generated.left) out.insert(one.what);
    return out;
  };
  EXPECT_EQ(told(other), told(suite().generated));
}

INSTANTIATE_TEST_SUITE_P(Dialects, Generated, ::testing::ValuesIn(Workplace({}).Dialects()),
                         [](const auto& dialect) { return NameOfDialect(dialect.param); });

}  // namespace
}  // namespace assay::harness
