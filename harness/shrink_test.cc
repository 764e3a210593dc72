#include "harness/shrink.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "devices/fault.h"
#include "harness/device_url.h"
#include "harness/session_testing.h"
#include "harness/shrink_report.h"

namespace assay::harness {
namespace {

transcript::Transcript Parsed(std::string_view text) {
  transcript::ParseResult parsed = transcript::Parse("t.at", text);
  EXPECT_TRUE(parsed.transcript) << spec::Print(parsed.diagnostics);
  return *parsed.transcript;
}

// What a transcript sends, in order.
std::string SentBy(const transcript::Transcript& transcript) {
  std::string out;
  for (const auto* part : {&transcript.setup, &transcript.steps, &transcript.cleanup}) {
    for (const transcript::Step& step : *part) {
      if (const auto* send = std::get_if<transcript::Send>(&step.what))
        out += transcript::Print(send->line) + " ";
      if (const auto* data = std::get_if<transcript::Data>(&step.what))
        out += "data:" + transcript::Print(data->payload) + " ";
    }
  }
  return out;
}

constexpr std::string_view kLetters =
    "dialect: d\n\n# c\n> A\n< OK\n\n> B\nprompt\ndata \"x\" ctrl-z\n< OK\n> C\n< OK\n> D\n< OK\n"
    "> E\n< OK\n> F\n< OK\n> G\n< OK\n\ncleanup\n> Z\n";

// A modem that fails when all of these are sent, in this order.
struct FailsAfter {
  std::vector<std::string> needed;
  std::size_t runs = 0;
  report::Outcome operator()(const transcript::Transcript& transcript) {
    ++runs;
    const std::string sent = SentBy(transcript);
    std::size_t at = 0;
    report::Outcome outcome;
    outcome.verdict = report::Verdict::kPass;
    for (const std::string& one : needed) {
      at = sent.find(one, at);
      if (at == std::string::npos) return outcome;
    }
    outcome.verdict = report::Verdict::kFail;
    outcome.findings = {{.fingerprint = "f"}};
    return outcome;
  }
};

TEST(Shrink, FindsWhatTheFailureNeeds) {
  const struct {
    std::vector<std::string> needed;
    std::string sent;
    std::size_t exchanges;
  } rows[] = {
      {{"G"}, "G ", 1},
      {{"A"}, "A ", 1},
      {{"A", "G"}, "A G ", 2},
      {{"A", "D", "E"}, "A D E ", 3},
      {{"data:x"}, "B data:x ", 2},
      {{"C", "Z"}, "C Z ", 2},
      {{"A", "B", "C", "D", "E", "F", "G"}, "A B data:x C D E F G ", 8},
  };
  for (const auto& row : rows) {
    FailsAfter modem{row.needed};
    const Shrunk shrunk = Shrink(Parsed(kLetters), "f", std::ref(modem), {});
    EXPECT_TRUE(shrunk.reproduced);
    EXPECT_TRUE(shrunk.shortest);
    EXPECT_EQ(SentBy(shrunk.transcript), row.sent);
    EXPECT_EQ(shrunk.exchanges, row.exchanges);
    EXPECT_EQ(shrunk.of, 9U);
    EXPECT_EQ(shrunk.runs, modem.runs);
    const std::string text = transcript::Print(shrunk.transcript);
    EXPECT_TRUE(transcript::Parse("s.at", text).transcript) << text;
  }
}

TEST(Shrink, IsBounded) {
  FailsAfter modem{{"A", "D", "G"}};
  const Shrunk shrunk = Shrink(Parsed(kLetters), "f", std::ref(modem), {.most_runs = 4});
  EXPECT_TRUE(shrunk.reproduced);
  EXPECT_FALSE(shrunk.shortest);
  EXPECT_EQ(modem.runs, 4U);
  // Still one that fails.
  EXPECT_EQ(modem(shrunk.transcript).verdict, report::Verdict::kFail);
}

TEST(Shrink, TellsWhatDoesNotComeAgain) {
  FailsAfter modem{{"nothing"}};
  const Shrunk shrunk = Shrink(Parsed(kLetters), "f", std::ref(modem), {});
  EXPECT_FALSE(shrunk.reproduced);
  EXPECT_EQ(modem.runs, 1U);
  // Another failure is not the same.
  FailsAfter other{{"A"}};
  EXPECT_FALSE(Shrink(Parsed(kLetters), "g", std::ref(other), {}).reproduced);
}

// The set-up may be what fails; then it is what the shrunk case is about.
TEST(Shrink, KeepsTellingSetUpFromPurpose) {
  const transcript::Transcript transcript =
      Parsed("dialect: d\n\n> A\n> B\n\npurpose\n> C\n> D\n\ncleanup\n> Z\n");
  FailsAfter both{{"A", "D"}};
  const Shrunk shrunk = Shrink(transcript, "f", std::ref(both), {});
  EXPECT_EQ(transcript::Print(shrunk.transcript), "dialect: d\n\n> A\npurpose\n> D\n");
  FailsAfter setup{{"B"}};
  EXPECT_EQ(transcript::Print(Shrink(transcript, "f", std::ref(setup), {}).transcript),
            "dialect: d\n\n> B\n");
}

// A faulty modem: each failure of the run is told with a shorter transcript that fails as well.
TEST(ShrinkFailures, LeavesATranscriptThatRepeatsIt) {
  const std::string dialect = "quectel-bg96";
  const Goldens& goldens = Goldens::Of(dialect);
  EmulatorSetup setup;
  setup.grammar = goldens.share();
  std::string error;
  const std::vector<device::Fault> all = device::DeriveFaults(goldens.grammar().dialect());
  const auto close = std::find_if(all.begin(), all.end(), [](const device::Fault& fault) {
    return fault.id.starts_with("result-lost/AT+QMTCLOSE/");
  });
  ASSERT_NE(close, all.end());
  setup.faults = {*close};
  const Workplace place({});
  const std::vector<TranscriptFile> files =
      FindTranscripts({place.GoldenFolder(dialect) + "/qmtclose"}, &error);
  SelectOptions select;
  const Selection selection = Select(files, goldens.grammar(), select);
  const std::vector<Bench> benches = {{goldens.grammar(), [&] {
                                         return device::OpenResult{
                                             MakeEmulatorDevice(setup, "emulator"), "", false};
                                       }}};
  report::Report report = RunSuite(selection, benches, {}, {});
  ASSERT_GT(report.summary.fail, 0U);
  const char* scratch = std::getenv("TEST_TMPDIR");
  const std::string folder = std::string(scratch != nullptr ? scratch : "/tmp") + "/shrunk";
  const ShrinkJob job{files, select, benches[0], folder,
                      [](const std::string& path) { return "assay run " + path; }};
  EXPECT_EQ(ShrinkFailures(report, job), "");
  std::size_t shrunk = 0;
  for (const report::Outcome& outcome : report.outcomes) {
    if (!outcome.shrunk) continue;
    ++shrunk;
    ASSERT_NE(outcome.shrunk->file, "") << outcome.id;
    EXPECT_LE(outcome.shrunk->exchanges, outcome.shrunk->of);
    const std::string path = folder + "/" + outcome.shrunk->file;
    EXPECT_EQ(outcome.shrunk->repro, "assay run " + path);
    const auto text = ReadFile(path, &error);
    ASSERT_TRUE(text) << error;
    EXPECT_NE(text->find("source: shrunk from " + outcome.id + "\n"), std::string::npos) << *text;
    const report::Outcome again = Runner(benches[0]).Run(PlanOf(*text, goldens.grammar())).outcome;
    EXPECT_EQ(again.verdict, report::Verdict::kFail) << *text;
    EXPECT_EQ(Failing(again, false)->fingerprint, Failing(outcome, false)->fingerprint);
  }
  EXPECT_GT(shrunk, 0U);
}

}  // namespace
}  // namespace assay::harness
