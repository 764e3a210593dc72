// A device that hangs is recovered, step by step, and the run goes on; each step is in the report.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>

#include "harness/bad_device_testing.h"
#include "harness/bench_command.h"
#include "harness/device_url.h"
#include "harness/port_probe.h"
#include "harness/session_testing.h"

namespace assay::harness {
namespace {

using report::Verdict;
using Steps = std::vector<std::string>;

const Goldens& Bg96() { return Goldens::Of("quectel-bg96"); }

constexpr std::string_view kCase =
    "dialect: quectel-bg96\nclause: 3.2.3\n\n"
    "> AT+CMEE=1\n< OK\n> AT+CMEE=2\n< OK\n> AT+CMEE=0\n< OK\n";

// A modem that lives on between cases and openings. Once it is told to hang it says nothing until
// what wakes it has happened.
struct Hanging {
  std::string woken_by;  // bytes at the end of a line, "open" or "power"; empty: by nothing
  bool hangs = false, absent = false;
  std::size_t opened = 0, powered = 0;
  Steps sent;

  Bench OnIt(bool with_power = true) {
    Bench bench{Bg96().grammar(), [this]() -> device::OpenResult {
                  if (absent) return {nullptr, "no such port", false};
                  if (++opened > 1 && woken_by == "open") hangs = false;
                  return {std::make_unique<BadDevice>(
                              [this](std::string_view line, std::size_t) { return Answer(line); },
                              false),
                          "", false};
                }};
    bench.boot = Time{0};
    if (with_power) {
      bench.power = [this]() -> BenchResult {
        ++powered;
        if (woken_by == "power") hangs = absent = false;
        return {woken_by != "broken power", "exit status 0 after 1 ms"};
      };
    }
    return bench;
  }

  Reaction Answer(std::string_view line) {
    sent.emplace_back(line);
    const bool wakes = !woken_by.empty() && line.starts_with(woken_by);
    if (wakes) hangs = false;
    if (hangs) return {};
    // What wakes it is eaten, and what stood in the line with it.
    return {wakes ? "\r\nOK\r\n" : Echo(line) + "\r\nOK\r\n", {}, {}};
  }
};

struct Row {
  std::string woken_by;
  Steps recovery;
};

TEST(RecoveryTest, EachStepIsTriedInItsTurnAndTold) {
  const std::vector<Row> rows = {
      {"\x1B", {"AT: no answer", "escape: answers"}},
      {"\x1A", {"AT: no answer", "escape: no answer", "Ctrl-Z: answers"}},
      {"open", {"AT: no answer", "escape: no answer", "Ctrl-Z: no answer", "opened again: answers"}},
      {"power",
       {"AT: no answer", "escape: no answer", "Ctrl-Z: no answer", "opened again: no answer",
        "bench.power: exit status 0 after 1 ms", "opened again: answers"}},
  };
  for (const Row& row : rows) {
    Hanging modem;
    Runner runner(modem.OnIt());
    const transcript::Plan plan = PlanOf(kCase, Bg96().grammar());
    EXPECT_EQ(runner.Run(plan).outcome.recovery, Steps());
    modem.hangs = true;
    modem.woken_by = row.woken_by;
    const report::Outcome outcome = runner.Run(plan).outcome;
    EXPECT_EQ(outcome.recovery, row.recovery);
    EXPECT_EQ(outcome.verdict, Verdict::kPass) << row.woken_by << Describe(outcome);
    const report::Outcome next = runner.Run(plan).outcome;
    EXPECT_EQ(next.verdict, Verdict::kPass) << Describe(next);
    EXPECT_EQ(next.recovery, Steps());
    EXPECT_EQ(runner.Lost(), "");
  }
}

TEST(RecoveryTest, APortThatComesBackWithThePowerIsOpened) {
  Hanging modem;
  Runner runner(modem.OnIt());
  const transcript::Plan plan = PlanOf(kCase, Bg96().grammar());
  runner.Run(plan);
  modem.hangs = modem.absent = true;
  modem.woken_by = "power";
  const report::Outcome outcome = runner.Run(plan).outcome;
  EXPECT_EQ(outcome.verdict, Verdict::kPass) << Describe(outcome);
  EXPECT_EQ(outcome.recovery.at(3), "opened again: no such port");
}

// What hangs in mid-case ends the case at once, whatever it would still have sent.
TEST(RecoveryTest, NothingMoreIsWaitedForOnceItHangs) {
  Hanging modem;
  bool hang_now = true;
  Bench bench = modem.OnIt();
  bench.open = [&]() -> device::OpenResult {
    return {std::make_unique<BadDevice>(
                [&](std::string_view line, std::size_t) {
                  if (line == "AT+CMEE=2" && hang_now) modem.hangs = true;
                  return modem.Answer(line);
                },
                false),
            "", false};
  };
  modem.woken_by = "power";
  Runner runner(bench);
  const transcript::Plan plan = PlanOf(kCase, Bg96().grammar());
  const report::Outcome outcome = runner.Run(plan).outcome;
  EXPECT_EQ(outcome.verdict, Verdict::kFail) << Describe(outcome);
  // Its echo and its final code, and nothing of what was tried then.
  ASSERT_EQ(outcome.findings.size(), 2U) << Describe(outcome);
  EXPECT_EQ(outcome.findings[0].where.line, 6U);
  EXPECT_EQ(outcome.findings[1].where.line, 7U);
  EXPECT_TRUE(outcome.reason.ends_with("; the device hangs: no answer to AT, escape, Ctrl-Z"))
      << outcome.reason;
  EXPECT_EQ(std::count(modem.sent.begin(), modem.sent.end(), "AT+CMEE=0"), 0);
  hang_now = false;
  EXPECT_EQ(runner.Run(plan).outcome.verdict, Verdict::kPass);
  EXPECT_EQ(modem.powered, 1U);
}

// One command that is not answered is no hang: the rest of the case is played.
TEST(RecoveryTest, WhatAnswersTheNextCommandDoesNotHang) {
  Hanging modem;
  Bench bench = modem.OnIt();
  bench.open = [&]() -> device::OpenResult {
    return {std::make_unique<BadDevice>([&](std::string_view line, std::size_t) {
              return line == "AT+CMEE=2" ? Reaction{} : modem.Answer(line);
            }),
            "", false};
  };
  Runner runner(bench);
  const report::Outcome outcome = runner.Run(PlanOf(kCase, Bg96().grammar())).outcome;
  EXPECT_EQ(outcome.verdict, Verdict::kFail);
  EXPECT_EQ(outcome.reason.find("hangs"), std::string::npos) << outcome.reason;
  EXPECT_EQ(std::count(modem.sent.begin(), modem.sent.end(), "AT+CMEE=0"), 1);
}

TEST(RecoveryTest, WhatNothingWakesIsGivenUp) {
  for (const bool with_power : {false, true}) {
    Hanging modem;
    modem.woken_by = "broken power";
    Runner runner(modem.OnIt(with_power));
    const transcript::Plan plan = PlanOf(kCase, Bg96().grammar());
    EXPECT_EQ(runner.Run(plan).outcome.verdict, Verdict::kPass);
    modem.hangs = true;
    const report::Outcome outcome = runner.Run(plan).outcome;
    EXPECT_EQ(outcome.verdict, Verdict::kError);
    EXPECT_EQ(outcome.reason,
              std::string("the device does not answer AT; tried: AT: no answer; escape: no answer; "
                          "Ctrl-Z: no answer; opened again: no answer") +
                  (with_power ? "; bench.power: exit status 0 after 1 ms" : ""));
    EXPECT_EQ(runner.Lost(), "");
    runner.Run(plan);
    EXPECT_EQ(runner.Lost(), "the device does not answer any more, whatever was tried");
  }
}

// ---- The bench's commands -----------------------------------------------------------------
TEST(BenchCommandTest, SaysHowItEnded) {
  const auto run = [](const std::string& command, Time timeout = Time{60'000'000}) {
    return RunBenchCommand({.name = "bench.power", .command = command, .timeout = timeout});
  };
  EXPECT_TRUE(run("true").ok);
  EXPECT_TRUE(run("true").told.starts_with("exit status 0 after "));
  EXPECT_FALSE(run("sh -c 'exit 3'").ok);
  EXPECT_TRUE(run("sh -c 'exit 3'").told.starts_with("exit status 3 after "));
  EXPECT_EQ(run("no-such-program").told, "no-such-program: not found in PATH");
  const BenchResult slow = run("sleep 1000", Time{50'000});
  EXPECT_FALSE(slow.ok);
  EXPECT_EQ(slow.told, "did not end within 50 ms and was stopped");
  EXPECT_EQ(RunBenchCommand({.name = "", .command = "sleep 1000"}, [] { return true; }).told,
            "interrupted");
}

TEST(BenchCommandTest, IsTakenFromThePixit) {
  transcript::Values values = {{"bench.boot", "40s"},
                               {"bench.power", "usbrelay 'R 1=0'"},
                               {"bench.power.timeout", "500ms"},
                               {"bench.sim.out", "sim out"},
                               {"broker.host", "h"}};
  std::string error;
  const auto abilities = TakeBenchAbilities(values, &error);
  ASSERT_TRUE(abilities) << error;
  EXPECT_EQ(values, (transcript::Values{{"broker.host", "h"}}));
  EXPECT_EQ(abilities->boot, Time{40'000'000});
  ASSERT_NE(abilities->Find("bench.power"), nullptr);
  EXPECT_EQ(abilities->Find("bench.power")->timeout, Time{500'000});
  EXPECT_EQ(abilities->Find("bench.power")->command, "usbrelay 'R 1=0'");
  EXPECT_EQ(abilities->Find("bench.sim.out")->timeout, Time{30'000'000});
  EXPECT_EQ(abilities->Find("bench.sim.in"), nullptr);
}

TEST(BenchCommandTest, SaysWhatIsWrongWithThem) {
  const std::vector<std::pair<transcript::Values, std::string>> rows = {
      {{{"bench.pwoer", "x"}},
       "bench.pwoer: no such ability of a bench; did you mean bench.power?"},
      {{{"bench.power", "a 'b"}}, "bench.power: \"a 'b\" is no command: is a quote not closed?"},
      {{{"bench.boot", "40"}}, "bench.boot: \"40\": expected a time, 30s or 500ms"},
      {{{"bench.power.timeout", "1s"}}, "bench.power.timeout: there is no bench.power for it"},
      {{{"bench.power.timeot", "1s"}},
       "bench.power.timeot: no such ability of a bench; did you mean bench.power.timeout?"},
  };
  for (const auto& [values, told] : rows) {
    transcript::Values taken = values;
    std::string error;
    EXPECT_FALSE(TakeBenchAbilities(taken, &error));
    EXPECT_EQ(error, told);
  }
}

// A port that is pulled out and put back: the case that it happened in is inconclusive, the next
// waits for it, by real time.
TEST(RecoveryTest, APortThatWentAwayIsWaitedFor) {
  std::size_t opened = 0;
  Bench bench{Bg96().grammar(), [&]() -> device::OpenResult {
                ++opened;
                if (opened > 1 && opened < 4) return {nullptr, "no such port", false};
                return {std::make_unique<BadDevice>(
                            [first = opened == 1](std::string_view line, std::size_t) -> Reaction {
                              if (first && line == "AT+CMEE=2")
                                return {"", device::Ending::kVanished, "read: the line hung up"};
                              return {Echo(line) + "\r\nOK\r\n", {}, {}};
                            },
                            false),
                        "", false};
              }};
  bench.replug = std::chrono::seconds(60);
  Runner runner(bench);
  const transcript::Plan plan = PlanOf(kCase, Bg96().grammar());
  EXPECT_EQ(runner.Run(plan).outcome.verdict, Verdict::kInconc);
  const report::Outcome next = runner.Run(plan).outcome;
  EXPECT_EQ(next.verdict, Verdict::kPass) << Describe(next);
  ASSERT_EQ(next.recovery.size(), 1u);
  EXPECT_TRUE(next.recovery[0].starts_with("the port came back after ")) << next.recovery[0];
  EXPECT_EQ(opened, 4u);
}

TEST(RecoveryTest, APortThatStaysAwayEndsTheRun) {
  std::size_t opened = 0;
  Bench bench{Bg96().grammar(), [&]() -> device::OpenResult {
                if (++opened > 1) return {nullptr, "no such port", false};
                return {std::make_unique<BadDevice>(
                            [](std::string_view, std::size_t) -> Reaction {
                              return {"", device::Ending::kVanished, "read: the line hung up"};
                            },
                            false),
                        "", false};
              }};
  bench.replug = Time{1};
  Runner runner(bench);
  const transcript::Plan plan = PlanOf(kCase, Bg96().grammar());
  runner.Run(plan);
  EXPECT_EQ(runner.Run(plan).outcome.verdict, Verdict::kError);
  EXPECT_EQ(runner.Lost(),
            "the device went away and did not come back within 0.0 s: no such port");
}

// A module that restarts by itself and takes its time.
TEST(RecoveryTest, AModemThatHasAnsweredIsWaitedFor) {
  Hanging modem;
  Bench bench = modem.OnIt(false);
  bench.replug = std::chrono::seconds(60);
  std::size_t opened = 0;
  bench.open = [&, open = bench.open] {
    if (++opened == 4) modem.hangs = false;
    return open();
  };
  Runner runner(bench);
  const transcript::Plan plan = PlanOf(kCase, Bg96().grammar());
  runner.Run(plan);
  modem.hangs = true;
  const report::Outcome outcome = runner.Run(plan).outcome;
  EXPECT_EQ(outcome.verdict, Verdict::kPass) << Describe(outcome);
  EXPECT_TRUE(outcome.recovery.back().starts_with("opened again: answers after "))
      << outcome.recovery.back();
}

TEST(RecoveryTest, TheReasonForSilenceIsLookedForWhileThePortIsClosed) {
  Hanging modem;
  modem.hangs = true;
  Bench bench = modem.OnIt(false);
  bench.replug = std::chrono::seconds(60);
  bench.why_silent = [] { return std::string("answers at 9600 baud, not at 115200"); };
  Runner runner(bench);
  const report::Outcome outcome = runner.Run(PlanOf(kCase, Bg96().grammar())).outcome;
  EXPECT_EQ(outcome.verdict, Verdict::kError);
  EXPECT_TRUE(outcome.reason.ends_with(". It answers at 9600 baud, not at 115200"))
      << outcome.reason;
  EXPECT_EQ(runner.WhySilent(), "answers at 9600 baud, not at 115200");
  EXPECT_FALSE(outcome.exchanges.empty());
}

TEST(RecoveryTest, TheCommandThatSetsTheRateIsData) {
  for (const char* dialect :
       {"quectel-bg96", "simcom-sim7672x", "fibocom-v1.2.6", "fibocom-v1.3"})
    EXPECT_EQ(RateCommand(Goldens::Of(dialect).grammar().dialect()), "AT+IPR") << dialect;
}

}  // namespace
}  // namespace assay::harness
