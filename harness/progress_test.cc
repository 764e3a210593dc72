#include "harness/progress.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "harness/next_steps.h"

namespace assay::harness {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

report::Outcome Ended(const std::string& id, report::Verdict verdict = report::Verdict::kPass) {
  report::Outcome outcome;
  outcome.id = id;
  outcome.verdict = verdict;
  outcome.duration = milliseconds(20);
  return outcome;
}

std::vector<AwaitedCase> Cases(std::size_t count, const std::string& kind = "d/open/write") {
  std::vector<AwaitedCase> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back({.id = kind + "/" + std::to_string(i)});
  return out;
}

TEST(Progress, IsOneLineOnATerminal) {
  Progress progress(Cases(100), {.live = true});
  EXPECT_EQ(progress.Add(Ended("d/open/write/0"), milliseconds(5), {}),
            "\r[  1/100] 1 pass  d/open/write/0\x1B[K");
  // Faster than anybody reads.
  EXPECT_EQ(progress.Add(Ended("d/open/write/1"), milliseconds(10), {}), "");
  EXPECT_EQ(progress.Add(Ended("d/open/write/2"), milliseconds(90), {}),
            "\r[  3/100] 3 pass  d/open/write/2\x1B[K");
  // What has to be looked at stays, above it.
  EXPECT_EQ(progress.Add(Ended("d/open/write/3", report::Verdict::kFail), milliseconds(95), {}),
            "\r\x1B[K[  4/100] FAIL  d/open/write/3  20 ms\n"
            "\r[  4/100] 3 pass, 1 fail  d/open/write/3\x1B[K");
  EXPECT_EQ(progress.Finish(), "\r\x1B[K");
  EXPECT_EQ(progress.Finish(), "");
}

TEST(Progress, LeavesTheLastColumnFree) {
  Progress progress(Cases(20), {.live = true});
  const std::string line = progress.Add(Ended("d/open/write/0"), milliseconds(5), {.width = 24});
  EXPECT_EQ(line, "\r[ 1/20] 1 pass  d/open/\x1B[K");
}

TEST(Progress, TellsLogsOfTenthsAndFailures) {
  Progress progress(Cases(1000), {});
  std::string all;
  for (int i = 0; i < 1000; ++i) {
    const bool fails = i == 555;
    all += progress.Add(Ended("d/open/write/" + std::to_string(i),
                              fails ? report::Verdict::kFail : report::Verdict::kPass),
                        milliseconds(i), {});
  }
  EXPECT_EQ(std::count(all.begin(), all.end(), '\n'), 11) << all;
  EXPECT_NE(all.find("[ 100/1000] 100 pass\n"), std::string::npos) << all;
  EXPECT_NE(all.find("[ 556/1000] FAIL  d/open/write/555  20 ms\n"), std::string::npos) << all;
  EXPECT_NE(all.find("[1000/1000] 999 pass, 1 fail\n"), std::string::npos) << all;
  EXPECT_EQ(all.find('\x1B'), std::string::npos);
  EXPECT_EQ(all.find('\r'), std::string::npos);
}

TEST(Progress, TellsLogsOfSlowCases) {
  Progress progress(Cases(1000), {});
  EXPECT_EQ(progress.Add(Ended("d/open/write/0"), seconds(20), {}), "");
  EXPECT_EQ(progress.Add(Ended("d/open/write/1"), seconds(40), {}), "[   2/1000] 2 pass\n");
}

TEST(Progress, TellsLogsOfEachOfAFew) {
  Progress progress(Cases(2), {});
  EXPECT_EQ(progress.Add(Ended("d/open/write/0"), milliseconds(1), {}),
            "[1/2] PASS  d/open/write/0  20 ms\n");
}

// Of two kinds, one takes a second, the other a tenth of it.
TEST(Progress, EstimatesByKind) {
  std::vector<AwaitedCase> cases = Cases(20);
  for (AwaitedCase& awaited : Cases(100, "d/publish/write")) cases.push_back(awaited);
  Progress progress(cases, {.live = true});
  Time now{0};
  std::string line;
  for (int i = 0; i < 10; ++i)
    line = progress.Add(Ended("d/open/write/" + std::to_string(i)), now += seconds(1), {});
  // Of the other kind nothing is known yet: it may well be the same.
  EXPECT_EQ(line, "\r[ 10/120] 10 pass, about 2 min left  d/open/write/9\x1B[K");
  for (int i = 0; i < 10; ++i)
    line = progress.Add(Ended("d/publish/write/" + std::to_string(i)), now += milliseconds(100), {});
  EXPECT_EQ(line, "\r[ 20/120] 20 pass, about 20 s left  d/publish/write/9\x1B[K");
}

// A long documented wait is known before it comes.
TEST(Progress, KnowsOfWaits) {
  std::vector<AwaitedCase> cases = Cases(20);
  cases.back().wait = minutes(5);
  Progress progress(cases, {.live = true});
  Time now{0};
  std::string line;
  for (int i = 0; i < 10; ++i)
    line = progress.Add(Ended("d/open/write/" + std::to_string(i)), now += seconds(1), {});
  EXPECT_EQ(line, "\r[10/20] 10 pass, about 5 min left  d/open/write/9\x1B[K");
}

TEST(Progress, CountsWhatIsLeftOut) {
  std::vector<AwaitedCase> cases = Cases(20);
  for (std::size_t i = 10; i < 20; ++i) cases[i].skipped = true;
  Progress progress(cases, {});
  std::string line;
  for (int i = 0; i < 20; ++i) {
    report::Outcome outcome = Ended("d/open/write/" + std::to_string(i));
    outcome.skipped = i >= 10;
    if (outcome.skipped) outcome.verdict = report::Verdict::kNone;
    line = progress.Add(outcome, seconds(std::min(i, 9)), {});
  }
  EXPECT_EQ(line, "[20/20] 10 pass, 10 skipped\n");
}

TEST(LeftWords, AreNoMoreExactThanTheyCanBe) {
  EXPECT_EQ(LeftWords(seconds(3)), "a few seconds left");
  EXPECT_EQ(LeftWords(seconds(37)), "about 40 s left");
  EXPECT_EQ(LeftWords(seconds(150)), "about 3 min left");
  EXPECT_EQ(LeftWords(minutes(100)), "about 2 h left");
}

TEST(NextSteps, SayHowToRepeatAndWhereToLook) {
  report::Report report;
  EXPECT_EQ(NextSteps(report, ""), "");
  EXPECT_EQ(NextSteps(report, "rep"), "\nreport: rep/report.html\n");
  report.outcomes = {Ended("a"), Ended("b", report::Verdict::kFail)};
  report.outcomes[0].repro = "assay run --filter 'a'";
  report.outcomes[1].repro = "assay run --filter 'b'";
  EXPECT_EQ(NextSteps(report, "rep"),
            "\nrepeat the first of them: assay run --filter 'b'\nreport: rep/report.html\n");
  EXPECT_EQ(NextSteps(report, ""),
            "\nrepeat the first of them: assay run --filter 'b'\n"
            "--report DIR keeps a page with the bytes of every case, recordings and result.json\n");
}

}  // namespace
}  // namespace assay::harness
