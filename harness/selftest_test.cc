// The selftest tells a fault that is found from one that no case reaches, one that nobody notices
// and one that is taken for something else.
#include "harness/selftest.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "devices/fault.h"
#include "spec/loader.h"
#include "transcripts/transcript.h"

namespace assay::harness {
namespace {

using device::Fault;

// Opens and closes; says nothing of what else may be wrong.
constexpr std::string_view kOpens = R"(dialect: quectel-bg96

> AT+QMTOPEN=0,"broker.test",1883
< OK
< +QMTOPEN: 0,<result:0>
> AT+QMTCLOSE=0
< OK
< +QMTCLOSE: 0,<result:0>
)";

// Looks away where the socket is closed: any answer will do.
constexpr std::string_view kReads = R"(dialect: quectel-bg96

> AT+QMTOPEN?
< OK
> AT
< OK
)";

std::shared_ptr<const dialect::Grammar> Grammar() {
  static const auto grammar = std::make_shared<const dialect::Grammar>(
      spec::LoadDialect("spec/quectel-bg96", {}).dialect, "BG96");
  return grammar;
}

std::vector<transcript::Plan> Plans(const std::vector<std::string_view>& texts) {
  std::vector<transcript::Plan> out;
  for (const std::string_view text : texts) {
    const auto parsed = transcript::Parse("case.at", std::string(text));
    EXPECT_TRUE(parsed.transcript.has_value());
    out.push_back(transcript::MakePlan(*parsed.transcript, *Grammar(), {}).plan);
    out.back().id = "case-" + std::to_string(out.size());
  }
  return out;
}

Fault Derived(std::string_view id) {
  const auto faults = device::DeriveFaults(Grammar()->dialect());
  const Fault* fault = device::FindFault(faults, id);
  EXPECT_NE(fault, nullptr) << id;
  return fault == nullptr ? Fault{} : *fault;
}

TEST(SelftestTest, TellsWhatBecomesOfAFault) {
  const auto plans = Plans({kOpens, kReads});
  const Selftest test(Grammar(), plans, {});
  EXPECT_TRUE(test.alarms().empty());
  EXPECT_EQ(test.cases(), 2u);

  const Trial found = test.Try(Derived("result-lost/AT+QMTCLOSE/write/T15-closed"));
  EXPECT_EQ(found.fate, Fate::kKilled);
  EXPECT_EQ(found.killed_by, std::vector<std::string>{"case-1"});
  EXPECT_EQ(found.acted, 1u);
  EXPECT_EQ(found.why, "found as missing (3.2.3)");

  const Trial unreached = test.Try(Derived("prompt-lost/AT+QMTPUB/write/prompt"));
  EXPECT_EQ(unreached.fate, Fate::kUnreached);
  EXPECT_EQ(unreached.acted, 0u);
  EXPECT_EQ(unreached.why, "no case reaches it");

  Fault mistaken = Derived("result-lost/AT+QMTCLOSE/write/T15-closed");
  mistaken.predicted = device::FaultClass::kTiming;
  const Trial misjudged = test.Try(mistaken);
  EXPECT_EQ(misjudged.fate, Fate::kMisjudged);
  EXPECT_EQ(misjudged.why, "acts in 1 case, but is not found as predicted: missing 3.2.3 x1");
  mistaken.also = {{device::FaultClass::kMissing, "3.2.3"}};
  EXPECT_EQ(test.Try(mistaken).fate, Fate::kKilled);
}

// The modem is slower than a sound one, and within its documented time: nothing is wrong.
TEST(SelftestTest, TellsWhatActsAndIsNotNoticed) {
  const auto plans = Plans({kOpens});
  const Selftest test(Grammar(), plans, {});
  Fault slow = Derived("result-late/AT+QMTOPEN/write/T2");
  slow.patch = [](spec::Dialect& dialect) {
    for (spec::Command& command : dialect.commands) {
      for (spec::Form& form : command.forms) form.timing = {};
    }
  };
  const Trial unnoticed = test.Try(slow);
  EXPECT_EQ(unnoticed.fate, Fate::kUnnoticed);
  EXPECT_EQ(unnoticed.why, "acts in 1 case, and none failed");
}

TEST(SelftestTest, TellsInTheOrderOfTheFaults) {
  const auto plans = Plans({kOpens});
  const Selftest test(Grammar(), plans, {.tolerant = true, .first_kill = true, .jobs = 2});
  const std::vector<Fault> faults = {Derived("result-lost/AT+QMTCLOSE/write/T15-closed"),
                                     Derived("prompt-lost/AT+QMTPUB/write/prompt"),
                                     Derived("result-first/AT+QMTOPEN/write/T2")};
  std::vector<std::string> told;
  const std::vector<Trial> trials =
      test.TryAll(faults, [&](const Fault& fault, const Trial&) { told.push_back(fault.id); });
  ASSERT_EQ(trials.size(), 3u);
  EXPECT_EQ(trials[0].fate, Fate::kKilled);
  EXPECT_EQ(trials[1].fate, Fate::kUnreached);
  EXPECT_EQ(trials[2].fate, Fate::kKilled);
  EXPECT_EQ(told, (std::vector<std::string>{faults[0].id, faults[1].id, faults[2].id}));
}

// What one needs more of the bench, another one cannot show in its place.
TEST(SelftestTest, TellsWhichCasesAreNotNeeded) {
  EXPECT_EQ(NotNeeded({{"a", {"x", "y"}, {}}, {"b", {"x"}, {}}, {"c", {"y"}, {}}}),
            std::vector<std::string>{"a"});
  EXPECT_EQ(NotNeeded({{"a", {"x", "y"}, {}}, {"b", {"x"}, {}}}), std::vector<std::string>{"b"});
  EXPECT_TRUE(NotNeeded({{"a", {"x", "y"}, {"broker"}}, {"b", {"x"}, {}}}).empty());
  EXPECT_EQ(NotNeeded({{"a", {"x"}, {"broker"}}, {"b", {"x"}, {}}}), std::vector<std::string>{"a"});
  EXPECT_TRUE(NotNeeded({{"a", {"x"}, {}}}).empty());
}

TEST(SelftestTest, TellsWhatACaseShowsInItsPurpose) {
  const auto plans = Plans({R"(dialect: quectel-bg96
clause: 3.2.3

> AT+QMTOPEN=0,"broker.test",1883
< OK
< +QMTOPEN: 0,<result:0>
purpose
> AT+QMTCLOSE=0
< OK
< +QMTCLOSE: 0,<result:0>
> AT+QMTCLOSE=6
< +CME ERROR: <err>
)"});
  const Selftest test(Grammar(), plans, {});
  ASSERT_EQ(test.shown().size(), 1u);
  const std::set<std::string> what = test.shown()[0].what;
  for (const char* shown :
       {"clause 3.2.3 negative", "tries AT+QMTCLOSE/write <tcpconnectID> min", "state socket closed",
        "says AT+QMTCLOSE/write in socket open at once", "transition T15-closed",
        "tries AT+QMTCLOSE/write <tcpconnectID> above out of range among <tcpconnectID> above"})
    EXPECT_TRUE(what.contains(shown)) << shown;
  for (const char* before : {"tries AT+QMTOPEN/write", "transition T2"})
    EXPECT_FALSE(what.contains(before)) << before;
}

TEST(SelftestTest, TellsOfCasesThatASoundModemFails) {
  const auto plans = Plans({"dialect: quectel-bg96\n\n> AT\n< ERROR\n", kOpens});
  const Selftest test(Grammar(), plans, {});
  ASSERT_EQ(test.alarms().size(), 1u);
  EXPECT_EQ(test.alarms()[0].id, "case-1");
}

}  // namespace
}  // namespace assay::harness
