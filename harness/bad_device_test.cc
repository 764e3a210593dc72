// Devices that do not behave: each gets its own reason and verdict and a kept recording, and the
// run goes on to the next case.
#include <gtest/gtest.h>

#include <functional>

#include "harness/bad_device_testing.h"
#include "harness/device_url.h"
#include "harness/session_testing.h"

namespace assay::harness {
namespace {

using device::Ending;
using report::FindingClass;
using report::Verdict;

const Goldens& Bg96() { return Goldens::Of("quectel-bg96"); }

constexpr std::string_view kCase =
    "dialect: quectel-bg96\n"
    "clause: 3.2.3\n"
    "\n"
    "> AT+CMEE=1\n"
    "< OK\n"
    "> AT+QMTOPEN=0,\"broker.example\",1883\n"
    "< OK\n"
    "< +QMTOPEN: 0,0\n"
    "> AT+QMTCLOSE=0\n"
    "< OK\n"
    "< +QMTCLOSE: 0,0\n";

// As a modem answers that is in order.
std::string Sound(std::string_view line) {
  std::string out = Echo(line) + "\r\nOK\r\n";
  if (line.starts_with("AT+QMTOPEN")) out += "\r\n+QMTOPEN: 0,0\r\n";
  if (line.starts_with("AT+QMTCLOSE")) out += "\r\n+QMTCLOSE: 0,0\r\n";
  return out;
}

struct Results {
  CaseResult bad, next;
};

// One case on the bad device, and one more after it, on one that is in order.
Results RunOn(Manner manner) {
  bool opened = false;
  const dialect::Grammar& grammar = Bg96().grammar();
  Bench bench{grammar, [&] {
                device::OpenResult out;
                out.device = std::make_unique<BadDevice>(
                    opened ? [](std::string_view line,
                                std::size_t) { return Reaction{Sound(line), {}, {}}; }
                           : manner);
                opened = true;
                return out;
              }};
  Runner runner(bench);
  const transcript::Plan plan = PlanOf(kCase, grammar);
  Results out{runner.Run(plan), {}};
  out.next = runner.Run(plan);
  return out;
}

std::string Received(const CaseResult& result) {
  std::string out;
  for (const transcript::Step& step : result.recording.steps) {
    if (const auto* line = std::get_if<transcript::ExpectLine>(&step.what))
      out += "\r\n" + line->line[0].text + "\r\n";
    if (const auto* raw = std::get_if<transcript::ExpectRaw>(&step.what)) out += raw->bytes;
  }
  return out;
}

#define EXPECT_GOES_ON(results)                                                                  \
  EXPECT_EQ((results).next.outcome.verdict, Verdict::kPass) << Describe((results).next.outcome); \
  EXPECT_FALSE((results).bad.recording.steps.empty())

TEST(BadDeviceTest, TheSoundOnePasses) {
  const Results results = RunOn([](std::string_view line, std::size_t) {
    return Reaction{Sound(line), {}, {}};
  });
  EXPECT_EQ(results.bad.outcome.verdict, Verdict::kPass) << Describe(results.bad.outcome);
  EXPECT_EQ(results.bad.outcome.reason, "as expected");
  EXPECT_GOES_ON(results);
}

// We cannot tell what it would have said: inconclusive, and none of its unfinished line's doing.
TEST(BadDeviceTest, VanishesInMidAnswer) {
  const Results results = RunOn([](std::string_view line, std::size_t n) {
    if (n == 1)
      return Reaction{Echo(line) + "\r\nO", Ending::kVanished, "read: Input/output error"};
    return Reaction{Sound(line), {}, {}};
  });
  EXPECT_EQ(results.bad.outcome.verdict, Verdict::kInconc) << Describe(results.bad.outcome);
  EXPECT_EQ(results.bad.outcome.reason, "the device vanished (read: Input/output error)");
  EXPECT_TRUE(results.bad.outcome.findings.empty()) << Describe(results.bad.outcome);
  EXPECT_TRUE(Received(results.bad).ends_with("\r\nO")) << Received(results.bad);
  EXPECT_GOES_ON(results);
}

TEST(BadDeviceTest, VanishesAfterAFinding) {
  const Results results = RunOn([](std::string_view line, std::size_t n) {
    if (n == 0) return Reaction{Echo(line) + "\r\nERROR\r\n", {}, {}};
    return Reaction{Echo(line), Ending::kVanished, "hang-up"};
  });
  EXPECT_EQ(results.bad.outcome.verdict, Verdict::kFail) << Describe(results.bad.outcome);
  ASSERT_EQ(results.bad.outcome.findings.size(), 1U) << Describe(results.bad.outcome);
  EXPECT_TRUE(results.bad.outcome.reason.ends_with("; the device vanished (hang-up)"))
      << results.bad.outcome.reason;
  EXPECT_GOES_ON(results);
}

TEST(BadDeviceTest, ClosesBetweenCommands) {
  const Results results = RunOn([](std::string_view line, std::size_t n) {
    return n == 0 ? Reaction{Sound(line), Ending::kClosed, "exit status 3"} : Reaction{};
  });
  EXPECT_EQ(results.bad.outcome.verdict, Verdict::kInconc) << Describe(results.bad.outcome);
  EXPECT_EQ(results.bad.outcome.reason, "the device closed (exit status 3)");
  EXPECT_TRUE(results.bad.outcome.findings.empty()) << Describe(results.bad.outcome);
  EXPECT_GOES_ON(results);
}

// Our own side: an error, whatever the modem did.
TEST(BadDeviceTest, OurSideBreaks) {
  const Results results = RunOn([](std::string_view line, std::size_t n) {
    return n == 1 ? Reaction{Echo(line), Ending::kBroken, "poll: Bad file descriptor"}
                  : Reaction{Sound(line), {}, {}};
  });
  EXPECT_EQ(results.bad.outcome.verdict, Verdict::kError) << Describe(results.bad.outcome);
  EXPECT_EQ(results.bad.outcome.reason, "the device broken (poll: Bad file descriptor)");
  EXPECT_GOES_ON(results);
}

// From the second command on nothing comes: the documented time is over, the modem has failed.
TEST(BadDeviceTest, Hangs) {
  const Results results = RunOn([](std::string_view line, std::size_t n) {
    return n == 0 ? Reaction{Sound(line), {}, {}} : Reaction{};
  });
  EXPECT_EQ(results.bad.outcome.verdict, Verdict::kFail) << Describe(results.bad.outcome);
  EXPECT_EQ(results.bad.outcome.findings.at(0).finding_class, FindingClass::kMissing)
      << Describe(results.bad.outcome);
  EXPECT_GOES_ON(results);
}

TEST(BadDeviceTest, NeverAnswers) {
  const Results results = RunOn([](std::string_view, std::size_t) { return Reaction{}; });
  EXPECT_EQ(results.bad.outcome.verdict, Verdict::kFail) << Describe(results.bad.outcome);
  EXPECT_EQ(results.bad.bytes_received, 0U);
  for (const report::Finding& finding : results.bad.outcome.findings) {
    EXPECT_EQ(finding.finding_class, FindingClass::kMissing) << Describe(results.bad.outcome);
  }
  EXPECT_GOES_ON(results);
}

TEST(BadDeviceTest, Floods) {
  const Results results = RunOn([](std::string_view line, std::size_t n) {
    std::string says = Echo(line);
    if (n == 1) {
      for (int i = 0; i < 200'000; ++i) says += "\r\n+XYZ: 1\r\n";
    }
    return n == 1 ? Reaction{says, {}, {}} : Reaction{Sound(line), {}, {}};
  });
  EXPECT_EQ(results.bad.outcome.verdict, Verdict::kFail);
  EXPECT_EQ(results.bad.outcome.reason,
            "the device flooded the line: more than 1048576 bytes for one command");
  // Kept, but not all that it would have gone on to say.
  EXPECT_GT(Received(results.bad).size(), 1'000'000U);
  EXPECT_LT(Received(results.bad).size(), 1'100'000U);
  EXPECT_GOES_ON(results);
}

TEST(BadDeviceTest, FloodsWithoutALineEnd) {
  const Results results = RunOn([](std::string_view line, std::size_t n) {
    return n == 1 ? Reaction{std::string(2'000'000, 'x'), {}, {}} : Reaction{Sound(line), {}, {}};
  });
  EXPECT_EQ(results.bad.outcome.verdict, Verdict::kFail);
  EXPECT_EQ(results.bad.outcome.reason,
            "the device flooded the line: more than 1048576 bytes for one command");
  EXPECT_GOES_ON(results);
}

TEST(BadDeviceTest, AnswersGarbage) {
  const Results results = RunOn([](std::string_view, std::size_t n) {
    std::string garbage;
    for (int i = 0; i < 300; ++i)
      garbage += static_cast<char>((i * 73 + static_cast<int>(n) * 31 + 128) & 0xFF);
    return Reaction{garbage, {}, {}};
  });
  EXPECT_EQ(results.bad.outcome.verdict, Verdict::kFail) << Describe(results.bad.outcome);
  EXPECT_FALSE(results.bad.outcome.findings.empty());
  EXPECT_EQ(Received(results.bad).size() % 300, 0U);
  EXPECT_GOES_ON(results);
}

TEST(BadDeviceTest, EchoesOnly) {
  const Results results = RunOn([](std::string_view line, std::size_t) {
    return Reaction{Echo(line), {}, {}};
  });
  EXPECT_EQ(results.bad.outcome.verdict, Verdict::kFail) << Describe(results.bad.outcome);
  for (const report::Finding& finding : results.bad.outcome.findings) {
    EXPECT_EQ(finding.finding_class, FindingClass::kMissing) << Describe(results.bad.outcome);
  }
  EXPECT_GOES_ON(results);
}

// The final codes come, the results that are owed do not: one finding for each.
TEST(BadDeviceTest, AnswersEverythingWithOk) {
  const Results results = RunOn([](std::string_view line, std::size_t) {
    return Reaction{Echo(line) + "\r\nOK\r\n", {}, {}};
  });
  EXPECT_EQ(results.bad.outcome.verdict, Verdict::kFail) << Describe(results.bad.outcome);
  ASSERT_EQ(results.bad.outcome.findings.size(), 2U) << Describe(results.bad.outcome);
  EXPECT_EQ(results.bad.outcome.findings[0].finding_class, FindingClass::kMissing);
  EXPECT_EQ(results.bad.outcome.findings[0].clause, "3.2.2");
  EXPECT_EQ(results.bad.outcome.findings[1].finding_class, FindingClass::kMissing);
  EXPECT_EQ(results.bad.outcome.findings[1].clause, "3.2.3");
  EXPECT_GOES_ON(results);
}

TEST(BadDeviceTest, AnswersEverythingWithError) {
  const Results results = RunOn([](std::string_view line, std::size_t) {
    return Reaction{Echo(line) + "\r\nERROR\r\n", {}, {}};
  });
  EXPECT_EQ(results.bad.outcome.verdict, Verdict::kFail) << Describe(results.bad.outcome);
  std::vector<FindingClass> told;
  for (const report::Finding& finding : results.bad.outcome.findings) {
    if (finding.severity == report::Severity::kViolation) told.push_back(finding.finding_class);
  }
  EXPECT_EQ(told, std::vector<FindingClass>(3, FindingClass::kResultFailure))
      << Describe(results.bad.outcome);
  EXPECT_GOES_ON(results);
}

TEST(BadDeviceTest, StopsAnywhereInALine) {
  const std::string answer = "\r\nOK\r\n";
  for (std::size_t at = 1; at < answer.size(); ++at) {
    const Results results = RunOn([&](std::string_view line, std::size_t n) {
      return n == 0 ? Reaction{Echo(line) + answer.substr(0, at), {}, {}}
                    : Reaction{Sound(line), {}, {}};
    });
    EXPECT_EQ(results.bad.outcome.verdict, Verdict::kFail) << at << Describe(results.bad.outcome);
    EXPECT_EQ(results.bad.outcome.findings.size(), 1U) << at << Describe(results.bad.outcome);
    EXPECT_GOES_ON(results);
  }
}

// Slow, but within its time: nothing is wrong with that.
TEST(BadDeviceTest, SplitsItsLinesAnywhere) {
  const transcript::Plan plan = PlanOf(kCase, Bg96().grammar());
  Session session = Record(plan, Bg96().share()).session;
  for (Answered& answered : session.answers) {
    std::vector<Part> parts;
    Time after{0};
    for (const char c : answered.Bytes()) parts.push_back({after += Time{3000}, std::string(1, c)});
    answered.parts = std::move(parts);
  }
  const CaseResult result = Replay(plan, Bg96().grammar(), session);
  EXPECT_EQ(result.outcome.verdict, Verdict::kPass) << Describe(result.outcome);
  EXPECT_TRUE(result.outcome.findings.empty()) << Describe(result.outcome);
}

TEST(BadDeviceTest, CannotBeOpenedAgain) {
  bool opened = false;
  const dialect::Grammar& grammar = Bg96().grammar();
  Bench bench{grammar, [&]() -> device::OpenResult {
                if (opened) return {nullptr, "the device is busy", false};
                opened = true;
                return {std::make_unique<BadDevice>([](std::string_view, std::size_t) {
                          return Reaction{{}, Ending::kVanished, "gone"};
                        }),
                        "", false};
              }};
  Runner runner(bench);
  const transcript::Plan plan = PlanOf(kCase, grammar);
  EXPECT_GE(runner.Run(plan).outcome.verdict, Verdict::kInconc);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(runner.Lost(), "");
    const CaseResult result = runner.Run(plan);
    EXPECT_EQ(result.outcome.verdict, Verdict::kError);
    EXPECT_EQ(result.outcome.reason, "the device is busy");
  }
  EXPECT_EQ(runner.Lost(), "the device cannot be opened: the device is busy");
}

}  // namespace
}  // namespace assay::harness
