// What documented times have to do with a run: margins, the link's share, and cases that wait long.
#include <gtest/gtest.h>

#include "harness/bad_device_testing.h"
#include "harness/session_testing.h"
#include "harness/suite.h"

namespace assay::harness {
namespace {

using report::Verdict;

const Goldens& Bg96() { return Goldens::Of("quectel-bg96"); }

// AT+QMTCLOSE has 300 ms by the manual (3.2.3).
constexpr std::string_view kCloses =
    "dialect: quectel-bg96\n\n> AT+QMTOPEN=0,\"broker.example\",1883\n< OK\n< +QMTOPEN: 0,0\n"
    "> AT+QMTCLOSE=0\n< OK\n< +QMTCLOSE: 0,0\n";

TEST(TimeTest, MarginsStandWithTheirExchange) {
  const report::Outcome outcome =
      Record(PlanOf(kCloses, Bg96().grammar()), Bg96().share()).result.outcome;
  std::size_t with = 0;
  for (const report::ExchangeRecord& exchange : outcome.exchanges) {
    for (const report::Margin& margin : exchange.margins) {
      EXPECT_EQ(exchange.kind, report::ExchangeKind::kCommand);
      EXPECT_GE(margin.took, Time{0});
      EXPECT_LE(margin.took, margin.documented);
    }
    with += exchange.margins.empty() ? 0 : 1;
  }
  EXPECT_EQ(with, 2U) << Describe(outcome);
  // 75 s for the open, by 3.2.2.
  const auto& open = outcome.exchanges.at(0).margins;
  EXPECT_TRUE(std::any_of(open.begin(), open.end(), [](const report::Margin& margin) {
    return margin.documented == Time{75'000'000};
  }));
}

// A modem behind a link that holds each answer back.
Bench Behind(Time link, bool measure) {
  struct Slow final : device::Device {
    explicit Slow(Time link_in)
        : link(link_in), modem([](std::string_view line, std::size_t) {
            std::string out = Echo(line) + "\r\nOK\r\n";
            if (line.starts_with("AT+QMTOPEN")) out += "\r\n+QMTOPEN: 0,0\r\n";
            if (line.starts_with("AT+QMTCLOSE")) out += "\r\n+QMTCLOSE: 0,0\r\n";
            return Reaction{out, {}, {}};
          }) {}
    device::WriteResult Write(std::string_view bytes, Time deadline) override {
      waiting = true;
      return modem.Write(bytes, deadline);
    }
    device::ReadResult Read(std::span<char> buffer, Time deadline) override {
      if (std::exchange(waiting, false)) passed += link;
      return modem.Read(buffer, deadline - passed);
    }
    Time Now() override { return modem.Now() + passed; }
    std::string Address() const override { return "slow"; }
    const Time link;
    BadDevice modem;
    Time passed{0};
    bool waiting = false;
  };
  Bench bench{Bg96().grammar(),
              [link] { return device::OpenResult{std::make_unique<Slow>(link), "", false}; }};
  bench.measure_link = measure;
  return bench;
}

TEST(TimeTest, TheLinksShareIsMeasuredAndForgiven) {
  const transcript::Plan plan = PlanOf(kCloses, Bg96().grammar());
  const Time link{500'000};
  Runner unmeasured(Behind(link, false));
  const report::Outcome late = unmeasured.Run(plan).outcome;
  EXPECT_EQ(late.verdict, Verdict::kFail) << Describe(late);
  EXPECT_EQ(late.findings.at(0).finding_class, report::FindingClass::kTiming) << Describe(late);
  EXPECT_EQ(unmeasured.LinkLatency(), std::nullopt);
  Runner measured(Behind(link, true));
  const report::Outcome outcome = measured.Run(plan).outcome;
  EXPECT_EQ(outcome.verdict, Verdict::kPass) << Describe(outcome);
  ASSERT_TRUE(measured.LinkLatency());
  EXPECT_GE(*measured.LinkLatency(), link);
  EXPECT_LT(*measured.LinkLatency(), link + Time{50'000});
  // The documented time stays what it is in the report.
  bool documented = false;
  for (const report::ExchangeRecord& exchange : outcome.exchanges) {
    for (const report::Margin& margin : exchange.margins)
      documented = documented || margin.documented == Time{300'000};
  }
  EXPECT_TRUE(documented);
}

TEST(TimeTest, LongWaitsAreLeftOutRunLastOrAlone) {
  using LongWaits = SelectOptions::LongWaits;
  const Workplace place({});
  std::string error;
  const std::vector<TranscriptFile> files =
      FindTranscripts({place.GoldenFolder("fibocom-v1.2.6")}, &error);
  ASSERT_EQ(error, "");
  const auto select = [&](LongWaits long_waits) {
    SelectOptions options;
    options.longest_wait = Time{5'000'000};
    options.long_waits = long_waits;
    return Select(files, Goldens::Of("fibocom-v1.2.6").grammar(), options).plans;
  };
  std::size_t left_out = 0;
  for (const transcript::Plan& plan : select(LongWaits::kLeaveOut))
    left_out += plan.skip && plan.skip->ends_with("longer than 5.0 s (--max-wait)") ? 1 : 0;
  ASSERT_GT(left_out, 0U);
  const std::vector<transcript::Plan> last = select(LongWaits::kLast);
  for (std::size_t i = 0; i < last.size(); ++i) {
    EXPECT_EQ(last[i].long_wait, i + left_out >= last.size()) << last[i].id;
    EXPECT_FALSE(last[i].long_wait && last[i].skip) << last[i].id;
  }
  std::size_t alone = 0;
  for (const transcript::Plan& plan : select(LongWaits::kOnly)) alone += plan.skip ? 0 : 1;
  EXPECT_EQ(alone, left_out);
}

}  // namespace
}  // namespace assay::harness
