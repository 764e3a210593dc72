// Cases in which the bench does something to the modem: its programs are called, what fails is the
// bench's trouble, what the modem then owes is found, and nothing stays away.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "harness/bench_command.h"
#include "harness/device_url.h"
#include "harness/session_testing.h"
#include "harness/suite.h"
#include "harness/verify.h"

namespace assay::harness {
namespace {

using report::FindingClass;
using report::Verdict;
using transcript::BenchAct;

const Goldens& Bg96() { return Goldens::Of("quectel-bg96"); }

constexpr std::string_view kOpen =
    "dialect: quectel-bg96\nclause: 5.1\npixit.broker.host: broker.example\n\n"
    "> AT+QMTOPEN=0,\"${broker.host}\",1883\n< OK\n< +QMTOPEN: 0,<result:0>\npurpose\n";
const std::string kCase = std::string(kOpen) +
                          "bench network.off\n< +QMTSTAT: 0,<err_code:7>\n"
                          "> AT+QMTOPEN?\n< OK\n\ncleanup\nbench network.on\n";

// A modem that lives on between cases, and a bench whose programs are a script: what it was asked
// for stands in a file. The network is the emulator's, and goes with the script's success.
class Stand {
 public:
  explicit Stand(const std::string& fault = {}) {
    EmulatorSetup setup;
    setup.grammar = Bg96().share();
    std::string error;
    if (!fault.empty()) setup.faults = FindFaults(Workplace({}), *setup.grammar, {fault}, &error).value();
    modem_ = MakeEmulatorDevice(setup, "emulator");
    std::filesystem::remove(calls_);
  }

  // Programs by act; "" succeeds at once.
  std::map<BenchAct, std::string> programs{{BenchAct::kNetworkOff, ""},
                                           {BenchAct::kNetworkOn, ""}};
  Time timeout{60'000'000};
  std::function<bool()> stop{};

  Bench Make() {
    Bench bench{Bg96().grammar(), [this]() -> device::OpenResult {
                  return {std::make_unique<Line>(modem_), "", false};
                }};
    bench.stop = stop;
    bench.act = [this](BenchAct act, bool interruptible) -> std::optional<BenchResult> {
      const auto program = programs.find(act);
      if (program == programs.end()) return std::nullopt;
      const std::string name(transcript::Name(act));
      const BenchResult result = RunBenchCommand(
          {.name = "bench." + name,
           .command = "sh -c 'echo " + name + " >>" + calls_ + "; " +
                      (program->second.empty() ? "true" : program->second) + "'",
           .timeout = timeout},
          interruptible ? stop : std::function<bool()>());
      if (result.ok) modem_->Do(act);
      return result;
    };
    return bench;
  }
  std::vector<std::string> Calls() const {
    std::vector<std::string> out;
    std::ifstream in(calls_);
    for (std::string line; std::getline(in, line);) out.push_back(line);
    return out;
  }

 private:
  // No network of its own: the bench is asked for it.
  class Line final : public device::Device {
   public:
    explicit Line(std::shared_ptr<device::Device> modem) : modem_(std::move(modem)) {}
    device::WriteResult Write(std::string_view bytes, Time deadline) override {
      return modem_->Write(bytes, deadline);
    }
    device::ReadResult Read(std::span<char> buffer, Time deadline) override {
      return modem_->Read(buffer, deadline);
    }
    Time Now() override { return modem_->Now(); }
    std::string Address() const override { return "line"; }

   private:
    const std::shared_ptr<device::Device> modem_;
  };

  std::shared_ptr<device::Device> modem_;
  const std::string calls_ = ::testing::TempDir() + "calls";
};

const std::vector<std::string> kOffAndOn = {"network.off", "network.on"};

report::Outcome Play(Stand& stand, const std::string& text = kCase) {
  return Runner(stand.Make()).Run(PlanOf(text, Bg96().grammar())).outcome;
}

TEST(BenchStepTest, ProgramsOfTheBenchTakeTheNetworkAndGiveItBack) {
  Stand stand;
  Runner runner(stand.Make());
  const CaseResult result = runner.Run(PlanOf(kCase, Bg96().grammar()));
  EXPECT_EQ(result.outcome.verdict, Verdict::kPass) << Describe(result.outcome);
  EXPECT_TRUE(result.outcome.findings.empty()) << Describe(result.outcome);
  EXPECT_EQ(stand.Calls(), kOffAndOn);
  // The report says what was done, and how the program ended.
  const auto& exchanges = result.outcome.exchanges;
  const auto off = std::find_if(exchanges.begin(), exchanges.end(),
                                [](const auto& exchange) { return exchange.bench.has_value(); });
  ASSERT_NE(off, exchanges.end());
  EXPECT_EQ(off->bench->did, "network.off");
  EXPECT_TRUE(off->bench->told.starts_with("exit status 0 after ")) << off->bench->told;
  EXPECT_EQ(off->sent, std::nullopt);
  EXPECT_EQ(off->line, 9U);
  EXPECT_EQ((off + 1)->received, (std::vector<std::string>{"+QMTSTAT: 0,7"}));
  EXPECT_NE(transcript::Print(result.recording).find("] network.off\n<["), std::string::npos);
  // The next case has a network again.
  EXPECT_EQ(runner.Run(PlanOf(kCase, Bg96().grammar())).outcome.verdict, Verdict::kPass);
}

TEST(BenchStepTest, WhatTheModemThenGetsWrongIsFound) {
  struct Row {
    std::string fault;
    FindingClass finding_class;
    std::string clause;
  };
  const std::vector<Row> rows = {
      {"urc-lost/+QMTSTAT/urc/T21", FindingClass::kMissing, "5.1"},
      {"urc-doubled/+QMTSTAT/urc/T21", FindingClass::kState, "5.1"},
      {"urc-code/+QMTSTAT/urc/T21/err_code", FindingClass::kState, "5.1"},
      {"urc-instance/+QMTSTAT/urc/T21/tcpconnectID", FindingClass::kState, "5.1"},
      {"state-stale/net.lost/event/T21", FindingClass::kState, "3.2.2"},
  };
  for (const Row& row : rows) {
    Stand stand(row.fault);
    const report::Outcome outcome = Play(stand);
    EXPECT_EQ(outcome.verdict, Verdict::kFail) << row.fault << Describe(outcome);
    EXPECT_TRUE(std::any_of(outcome.findings.begin(), outcome.findings.end(),
                            [&](const report::Finding& finding) {
                              return finding.finding_class == row.finding_class &&
                                     finding.clause == row.clause &&
                                     finding.severity == report::Severity::kViolation;
                            }))
        << row.fault << Describe(outcome);
    EXPECT_EQ(stand.Calls(), kOffAndOn) << row.fault;
  }
}

TEST(BenchStepTest, AProgramThatFailsIsTheBenchsTrouble) {
  Stand stand;
  stand.programs[BenchAct::kNetworkOff] = "exit 3";
  const report::Outcome outcome = Play(stand);
  EXPECT_EQ(outcome.verdict, Verdict::kError);
  EXPECT_TRUE(outcome.reason.starts_with("bench.network.off: exit status 3 after "))
      << outcome.reason;
  EXPECT_TRUE(outcome.findings.empty()) << Describe(outcome);
  // It may have taken the network away all the same.
  EXPECT_EQ(stand.Calls(), kOffAndOn);
}

TEST(BenchStepTest, NothingIsMissedOfWhatTheBenchHasNotDone) {
  Stand stand;
  stand.programs[BenchAct::kNetworkOff] = "exit 3";
  const report::Outcome outcome =
      Play(stand, std::string(kOpen) + "bench network.off\n< +QMTSTAT: 0,<err_code:7>\n");
  EXPECT_EQ(outcome.verdict, Verdict::kError);
  EXPECT_TRUE(outcome.findings.empty()) << Describe(outcome);
}

TEST(BenchStepTest, AProgramThatDoesNotEndIsStopped) {
  Stand stand;
  stand.programs[BenchAct::kNetworkOff] = "sleep 1000";
  stand.timeout = Time{300'000};
  const report::Outcome outcome = Play(stand);
  EXPECT_EQ(outcome.verdict, Verdict::kError);
  EXPECT_EQ(outcome.reason, "bench.network.off: did not end within 300 ms and was stopped");
  EXPECT_EQ(stand.Calls(), kOffAndOn);
}

// A case that forgets to, one that cannot get as far, one that is interrupted.
TEST(BenchStepTest, TheNetworkIsGivenBackHoweverTheCaseEnds) {
  const std::string off = "bench network.off\n< +QMTSTAT: 0,<err_code:7>\n";
  Stand forgets;
  EXPECT_EQ(Play(forgets, std::string(kOpen) + off).verdict, Verdict::kPass);
  EXPECT_EQ(forgets.Calls(), kOffAndOn);

  Stand captures;
  const report::Outcome lost = Play(
      captures, std::string(kOpen) + off + "<? +QMTSTAT: <tcpconnectID=id>,2\n> AT+QMTCLOSE=${id}\n");
  EXPECT_EQ(lost.verdict, Verdict::kError);
  EXPECT_EQ(captures.Calls(), kOffAndOn);

  Stand stopped;
  stopped.stop = [&] { return !stopped.Calls().empty(); };
  const CaseResult result =
      Runner(stopped.Make()).Run(PlanOf(kCase, Bg96().grammar()));
  EXPECT_TRUE(result.interrupted);
  EXPECT_EQ(stopped.Calls(), kOffAndOn);
}

TEST(BenchStepTest, NoCaseIsPlayedWhereItCannotBeGivenBack) {
  Stand stand;
  stand.programs[BenchAct::kNetworkOn] = "exit 1";
  Runner runner(stand.Make());
  const report::Outcome outcome = runner.Run(PlanOf(kCase, Bg96().grammar())).outcome;
  EXPECT_EQ(outcome.verdict, Verdict::kError);
  EXPECT_TRUE(outcome.reason.starts_with("bench.network.on: exit status 1 after ")) << outcome.reason;
  EXPECT_TRUE(runner.Lost().starts_with("bench.network.on: exit status 1 after ")) << runner.Lost();
  // In the cleanup, and once more.
  EXPECT_EQ(stand.Calls(),
            (std::vector<std::string>{"network.off", "network.on", "network.on"}));
}

TEST(BenchStepTest, ABenchWithoutTheAbilityIsNoPass) {
  Stand stand;
  stand.programs.clear();
  const report::Outcome outcome = Play(stand);
  EXPECT_EQ(outcome.verdict, Verdict::kError);
  EXPECT_EQ(outcome.reason, "the bench has no bench.network.off");
}

// What a recording shows is judged by the spec alone: without a golden, it is known what has to come.
TEST(BenchStepTest, ARecordingShowsWhatTheModemDidNotTell) {
  const std::string open =
      "dialect: quectel-bg96\nkind: recording\n\n"
      ">[@0.000000] AT+QMTOPEN=0,\"h\",1883\n<[@0.010000] OK\n<[@0.020000] +QMTOPEN: 0,0\n";
  struct Row {
    std::string_view what, rest;
    std::vector<std::string> told;
  };
  const std::vector<Row> rows = {
      {"it tells", "bench[@1.000000] network.off\n<[@9.000000] +QMTSTAT: 0,7\n>[@300.000000] AT\n<[@300.010000] OK\n", {}},
      {"it tells in time, however long that is", "bench[@1.000000] network.off\n<[@119.000000] +QMTSTAT: 0,7\n", {}},
      {"it never tells",
       "bench[@1.000000] network.off\n>[@300.000000] AT\n<[@300.010000] OK\n",
       {"missing 5.1 violation at 7"}},
      {"it tells of another",
       "bench[@1.000000] sim.out\n<[@9.000000] +QMTSTAT: 1,7\n>[@300.000000] AT\n<[@300.010000] OK\n",
       {"missing 5.1 violation at 7"}},
      {"it tells twice",
       "bench[@1.000000] network.off\n<[@9.000000] +QMTSTAT: 0,7\n<[@9.100000] +QMTSTAT: 0,7\n",
       {"state 5.1 violation at 7"}},
      {"the log ends before", "bench[@1.000000] network.off\n>[@20.000000] AT\n<[@20.010000] OK\n", {}},
      {"the network came back before",
       "bench[@1.000000] network.off\nbench[@60.000000] network.on\n>[@300.000000] AT\n<[@300.010000] OK\n", {}},
      {"the power came back: nothing is known any more",
       "bench[@1.000000] network.off\nbench[@60.000000] power\n>[@300.000000] AT\n<[@300.010000] OK\n"
       ">[@301.000000] AT+QMTOPEN?\n<[@301.010000] OK\n", {}},
      {"it came back, and the modem has forgotten what it had",
       "bench[@1.000000] sim.in\n>[@301.000000] AT+QMTOPEN?\n<[@301.010000] OK\n",
       {"missing 3.2.2 violation at 8"}},
      {"nothing was open", "", {}},
  };
  for (const Row& row : rows) {
    const std::string text =
        row.rest.empty() ? "dialect: quectel-bg96\nkind: recording\n\nbench[@1.000000] network.off\n"
                           ">[@300.000000] AT\n<[@300.010000] OK\n"
                         : open + std::string(row.rest);
    VerifyOptions options;
    options.file = "log.at";
    Verifier verifier(Bg96().grammar(), options);
    verifier.Feed(text);
    const VerifyResult result = verifier.Finish();
    std::vector<std::string> told;
    for (const report::Finding& finding : result.outcome.findings) {
      if (finding.severity == report::Severity::kInfo) continue;
      told.push_back(std::string(report::Name(finding.finding_class)) + " " + finding.clause + " " +
                     std::string(report::Name(finding.severity)) + " at " +
                     std::to_string(finding.where.line));
    }
    EXPECT_EQ(told, row.told) << row.what;
  }
}

// Which of two lines that tell of one loss comes first, the manual does not say.
TEST(BenchStepTest, TheLinesOfOneLossComeInAnyOrder) {
  const std::string begin =
      "dialect: simcom-sim7672x\nkind: recording\n\n"
      ">[@0.000000] AT+CMQTTSTART\n<[@0.010000] OK\n<[@0.020000] +CMQTTSTART: 0\n"
      ">[@1.000000] AT+CMQTTACCQ=0,\"a\"\n<[@1.010000] OK\n"
      ">[@2.000000] AT+CMQTTCONNECT=0,\"tcp://h:1883\",60,1\n<[@2.010000] OK\n"
      "<[@2.020000] +CMQTTCONNECT: 0,0\nbench[@3.000000] network.off\n";
  const std::string lost = "<[@3.100000] +CMQTTCONNLOST: 0,3\n", none = "<[@3.100000] +CMQTTNONET\n";
  const std::string end =
      ">[@300.000000] AT+CMQTTSTART\n<[@300.010000] OK\n<[@300.020000] +CMQTTSTART: 0\n";
  const std::vector<std::pair<std::string, std::size_t>> rows = {
      {lost + none + end, 0}, {none + lost + end, 0},
      {lost + lost + none + end, 1}, {none + lost + lost + end, 1},
      {none + end, 1}, {none + end + lost, 2},
  };
  for (const auto& [rest, findings] : rows) {
    VerifyOptions options;
    options.file = "log.at";
    Verifier verifier(Goldens::Of("simcom-sim7672x").grammar(), options);
    verifier.Feed(begin + rest);
    const report::Outcome outcome = verifier.Finish().outcome;
    EXPECT_EQ(std::count_if(outcome.findings.begin(), outcome.findings.end(),
                            [](const report::Finding& finding) {
                              return finding.severity == report::Severity::kViolation;
                            }),
              static_cast<std::ptrdiff_t>(findings))
        << rest << Describe(outcome);
  }
}

TEST(BenchStepTest, CasesThatTheBenchIsNotUpToAreLeftOut) {
  const std::string file = ::testing::TempDir() + "lost.at";
  std::ofstream(file) << kCase;
  const std::vector<TranscriptFile> files = {{file, "lost", {}}};
  SelectOptions options;
  const auto why = [&] {
    const Selection selection = Select(files, Bg96().grammar(), options);
    EXPECT_EQ(selection.error, "");
    return selection.plans.at(0).skip;
  };
  EXPECT_EQ(why(), std::nullopt);
  options.can = std::set<BenchAct>{};
  EXPECT_EQ(why(), "needs bench.network.off (--pixit)");
  options.can = std::set{BenchAct::kNetworkOff, BenchAct::kSimIn};
  EXPECT_EQ(why(), "needs bench.network.on (--pixit)");
  options.can = std::set{BenchAct::kNetworkOff, BenchAct::kNetworkOn};
  EXPECT_EQ(why(), std::nullopt);
}

}  // namespace
}  // namespace assay::harness
