// A dialect that none of the C++ has heard of: testdata/tern-t1 is JSON alone and differs from all
// others in its prompt, in hexadecimal data and payloads, in its error codes, how they are printed
// and what their field is called, in results that stand before OK, in its states, in a serial number
// and in what its second model has. It goes the way of every dialect:
// lint, emulate, run, verify.

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "dialects/grammar.h"
#include "dialects/model.h"
#include "harness/session_testing.h"
#include "harness/verify.h"
#include "spec/loader.h"
#include "transcripts/plan.h"
#include "transcripts/transcript.h"

namespace assay::harness {
namespace {

const std::string kData = "harness/testdata/";

std::shared_ptr<const dialect::Grammar> GrammarOf(const std::string& model) {
  const spec::LoadResult loaded = spec::LoadDialect(kData + "tern-t1", {.model = model});
  EXPECT_EQ(spec::Print(loaded.diagnostics), "");
  return std::make_shared<dialect::Grammar>(loaded.dialect, model);
}

std::string Read(const std::string& golden) {
  std::ifstream file(kData + "golden/tern-t1/" + golden + ".at", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

struct Golden {
  std::string name, model;
};
const Golden kGoldens[] = {
    {"message", "T1"}, {"early", "T1"}, {"early", "T1-mini"}, {"mini", "T1-mini"}};

TEST(FifthDialect, HasNothingWrongOrSuspicious) {
  EXPECT_EQ(spec::Print(spec::LintDialect(kData + "tern-t1")), "");
  for (const Golden& golden : kGoldens) {
    const std::string text = Read(golden.name);
    const transcript::ParseResult parsed = transcript::Parse(golden.name, text);
    ASSERT_TRUE(parsed.transcript) << spec::Print(parsed.diagnostics);
    EXPECT_EQ(transcript::Print(*parsed.transcript), text);
    const auto grammar = GrammarOf(golden.model);
    EXPECT_EQ(spec::Print(transcript::MakePlan(*parsed.transcript, *grammar, {}).diagnostics), "");
  }
}

class Plays : public testing::TestWithParam<Golden> {
 protected:
  void SetUp() override {
    grammar_ = GrammarOf(GetParam().model);
    plan_ = PlanOf(Read(GetParam().name), *grammar_);
    recorded_ = Record(plan_, grammar_);
  }
  // The case, had the modem said `to` in place of `from` wherever it said that.
  report::Outcome Had(const std::string& from, const std::string& to) {
    Session session = recorded_.session;
    bool said = false;
    for (Answered& answered : session.answers) {
      for (Part& part : answered.parts) {
        const std::size_t at = part.bytes.find(from);
        if (at == part.bytes.npos) continue;
        part.bytes.replace(at, from.size(), to);
        said = true;
      }
    }
    EXPECT_TRUE(said) << "nothing says " << from;
    return Replay(plan_, *grammar_, session).outcome;
  }

  std::shared_ptr<const dialect::Grammar> grammar_;
  transcript::Plan plan_;
  Recorded recorded_;
};

TEST_P(Plays, OnAnEmulatorOfItsOwnSpec) {
  const report::Outcome& outcome = recorded_.result.outcome;
  EXPECT_EQ(outcome.verdict, report::Verdict::kPass) << Describe(outcome);
  EXPECT_TRUE(outcome.findings.empty()) << Describe(outcome);
  const report::Outcome slow = Replay(plan_, *grammar_, recorded_.session, true).outcome;
  EXPECT_EQ(slow.verdict, report::Verdict::kPass) << Describe(slow);
}

TEST_P(Plays, AndItsRecordingConforms) {
  VerifyOptions options;
  options.file = "recording.at";
  options.golden = &plan_;
  Verifier verifier(*grammar_, options);
  verifier.Feed(transcript::Print(recorded_.result.recording));
  const VerifyResult result = verifier.Finish();
  EXPECT_EQ(spec::Print(result.diagnostics), "");
  // What the golden asks for that must be refused is told of the host.
  for (const report::Finding& finding : result.outcome.findings)
    EXPECT_EQ(finding.side, report::Side::kHost) << Describe(result.outcome);
  // What it refuses is documented, so it is no deviation.
  EXPECT_EQ(result.log_verdict,
            GetParam().name == "message" ? "conforms" : "device-reported-failure");
}

std::string NameOf(const testing::TestParamInfo<Golden>& row) {
  return row.param.name + (row.param.model == "T1" ? "" : "_on_the_mini");
}

INSTANTIATE_TEST_SUITE_P(FifthDialect, Plays, testing::ValuesIn(kGoldens), NameOf);

struct Slip {
  std::string what, from, to;
};

// A modem that is wrong in what only this dialect has fails.
class Slips : public Plays {};

TEST_P(Slips, AreFound) {
  for (const Slip& slip : std::vector<Slip>{
           {"prompt", "\r\nHEX:", "\r\n> "},
           {"result after OK", "\r\n+TPUT: 1,5\r\n\r\nOK\r\n", "\r\nOK\r\n\r\n+TPUT: 1,5\r\n"},
           {"result missing", "\r\n+TASK: 1,\"assay-tern-message\"\r\n", ""},
           {"another size", "+TPUT: 1,5", "+TPUT: 1,10"},
           {"payload not in hexadecimal", "68656c0d0a\r\n", "hel\r\n"},
           {"another payload", ",68656c0d0a\r\n", ",68656c0d0b\r\n"},
           {"a step that is not documented", "+TSTEP: 1,2", "+TSTEP: 1,7"},
           {"steps in another order", "+TSTEP: 1,3", "+TSTEP: 1,0"}}) {
    const report::Outcome outcome = Had(slip.from, slip.to);
    EXPECT_EQ(outcome.verdict, report::Verdict::kFail) << slip.what << "\n" << Describe(outcome);
    EXPECT_FALSE(outcome.findings.empty()) << slip.what;
  }
}

INSTANTIATE_TEST_SUITE_P(FifthDialect, Slips, testing::Values(kGoldens[0]));

class Refusals : public Plays {};

TEST_P(Refusals, InAnotherFormatAreFound) {
  for (const char* to : {"+CME ERROR: 3", "ERROR", "FAIL E02", "OK"}) {
    const report::Outcome outcome = Had("FAIL E03", to);
    EXPECT_EQ(outcome.verdict, report::Verdict::kFail) << to << "\n" << Describe(outcome);
  }
}

INSTANTIATE_TEST_SUITE_P(FifthDialect, Refusals, testing::Values(kGoldens[1]));

TEST_P(Refusals, WithoutTheLineThatBelongsToThemAreFound) {
  const report::Outcome outcome = Had("\r\n+TDROP: 0\r\n\r\nFAIL E03\r\n", "\r\nOK\r\n");
  EXPECT_EQ(outcome.verdict, report::Verdict::kFail) << Describe(outcome);
}

// What no two of them share is data, too.
TEST(FifthDialect, GivesEachModemASerialNumber) {
  const auto grammar = GrammarOf("T1");
  for (const auto& [seed, said] : {std::pair(0, "+TNAME: 71000004"), {41, "+TNAME: 71000418"}}) {
    dialect::Model model(*grammar, {.seed = seed});
    const dialect::Answer answer =
        model.Command(dialect::OwnedCommand::Parse(*grammar, "AT+TNAME?"));
    ASSERT_EQ(answer.lines.size(), 2U);
    EXPECT_EQ(answer.lines[0].text, said);
  }
}

// Each model keeps to its own numbers, and a refusal cites who says so.
TEST(FifthDialect, RefusesWhatAModelDoesNotHave) {
  const auto clause = [](const std::string& model, std::string_view line) {
    const auto grammar = GrammarOf(model);
    const dialect::ParsedCommand parsed = grammar->ParseCommand(line);
    return parsed.problems.empty() ? "taken" : parsed.problems[0].source.clause;
  };
  for (const std::string_view line : {"AT+TDROP=1", "AT+TPUT=0,\"t\",0,9", "AT+TASK=0,\"t\",0"}) {
    EXPECT_EQ(clause("T1", line), "taken") << line;
    EXPECT_EQ(clause("T1-mini", line), "1.3") << line;
  }
}

}  // namespace
}  // namespace assay::harness
