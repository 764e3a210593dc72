// A run that is killed at any moment leaves a result that can be read, and what goes on from there
// gives the report that a run gives which nobody killed: byte for byte, dates apart.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <random>
#include <thread>

#include "harness/device_url.h"
#include "harness/journal_file.h"
#include "harness/suite.h"
#include "harness/workplace.h"
#include "reports/journal.h"
#include "reports/json.h"

namespace assay::harness {
namespace {

constexpr const char* kDialect = "quectel-bg96";
constexpr std::size_t kMoments = 50;  // for each number of jobs

// Two devices of a few cases, each several times; one has a fault, so that there are failures, and a
// broker that refuses, so that set-ups fail.
class Killed : public ::testing::TestWithParam<std::size_t> {
 protected:
  Killed() : place_({{}, {}}), grammar_(place_.Load(kDialect, {}).grammar) {
    std::string error;
    const std::string golden = place_.GoldenFolder(kDialect);
    const auto files = FindTranscripts({golden + "/qmtopen"}, &error);
    SelectOptions select;
    select.repeat = 2;
    selection_ = Select(files, *grammar_, select);
    EXPECT_EQ(selection_.error, "");
    for (const char* fault : {"", "range-above/AT+QMTOPEN/write/port"}) {
      EmulatorSetup modem;
      modem.grammar = grammar_;
      if (*fault != '\0') modem.faults = *FindFaults(place_, *grammar_, {fault}, &error);
      benches_.emplace_back();
      for (std::size_t i = 0; i < GetParam(); ++i) {
        benches_.back().push_back(Bench{.grammar = *grammar_, .open = [modem] {
                                          device::OpenResult out;
                                          out.device = MakeEmulatorDevice(modem, "emulator");
                                          return out;
                                        }});
      }
    }
    suites_.push_back({selection_, benches_[0], nullptr, "sound"});
    suites_.push_back({selection_, benches_[1], nullptr, "faulty"});
    const char* scratch = std::getenv("TEST_TMPDIR");
    folder_ = std::string(scratch != nullptr ? scratch : "/tmp") + "/killed" +
              std::to_string(GetParam());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }

  report::Report Run(const std::string& folder, const report::Journal* resume = nullptr,
                     const std::function<bool()>& stop = {}) const {
    SuiteOptions options;
    options.report_folder = folder;
    options.retries = 1;
    options.resume = resume;
    options.stop = stop;
    return RunSuites(suites_, options, {});
  }

  // Without what the clock on the wall says.
  static std::string Undated(report::Report report) {
    report.started.clear();
    report.duration = Time{0};
    return report::WriteJson(report);
  }

  std::string Text(const std::string& folder) const {
    std::string error;
    return ReadFile(JournalPath(folder), &error).value_or("");
  }

  // What the killed run left is read, says that it is a part, and is finished.
  void Finish(const std::string& folder, const std::string& whole) {
    report::ReadJournalResult read = report::ParseJournal(Text(folder));
    ASSERT_TRUE(read.journal) << read.error;
    const report::Report partial = report::PartialReport(*read.journal);
    ASSERT_EQ(partial.outcomes.size(), 2 * selection_.plans.size());
    EXPECT_EQ(partial.partial, read.journal->lines.size() < partial.outcomes.size());
    const report::ReadReport again = report::ReadJson(report::WriteJson(partial));
    ASSERT_TRUE(again.report) << again.error;
    ended_ += read.journal->lines.size();
    EXPECT_EQ(Undated(Run(folder, &*read.journal)), whole);
    // And once more: nothing is left to be played.
    read = report::ParseJournal(Text(folder));
    ASSERT_TRUE(read.journal) << read.error;
    EXPECT_EQ(read.journal->lines.size(), partial.outcomes.size());
    EXPECT_FALSE(report::PartialReport(*read.journal).partial);
  }

  const Workplace place_;
  const std::shared_ptr<const dialect::Grammar> grammar_;
  Selection selection_;
  std::deque<std::vector<Bench>> benches_;
  std::vector<Suite> suites_;
  std::string folder_;
  std::size_t ended_ = 0;
};

TEST_P(Killed, LeavesAResultAtAnyMoment) {
  const auto start = std::chrono::steady_clock::now();
  const report::Report reference = Run(folder_ + "/whole");
  const auto took = std::chrono::steady_clock::now() - start;
  ASSERT_GT(reference.summary.fail, 0U);
  ASSERT_GT(reference.summary.pass, 0U);
  const std::string whole = Undated(reference);
  std::mt19937 random(20261122);
  std::uniform_int_distribution<std::int64_t> moment(
      0, std::chrono::duration_cast<std::chrono::microseconds>(took).count());
  std::size_t killed = 0;
  for (std::size_t i = 0; i < kMoments; ++i) {
    const std::string folder = folder_ + "/" + std::to_string(i);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      Run(folder);
      _exit(0);
    }
    // Not before the run has begun: until then there is nothing to lose.
    while (!std::filesystem::exists(JournalPath(folder)))
      std::this_thread::sleep_for(std::chrono::microseconds(100));
    std::this_thread::sleep_for(std::chrono::microseconds(moment(random)));
    kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    killed += WIFSIGNALED(status) ? 1 : 0;
    Finish(folder, whole);
    std::filesystem::remove_all(folder);
  }
  EXPECT_GT(killed, kMoments / 4);
  EXPECT_GT(ended_, 0U);
}

TEST_P(Killed, LeavesAResultWhereverTheLastLineIsCut) {
  const std::string whole = Undated(Run(folder_ + "/whole"));
  const std::string text = Text(folder_ + "/whole");
  const std::size_t head = text.find('\n') + 1;
  std::mt19937 random(7);
  std::uniform_int_distribution<std::size_t> place(head, text.size());
  const std::string folder = folder_ + "/cut";
  for (std::size_t i = 0; i < kMoments / 2; ++i) {
    std::string cut = text.substr(0, i == 0 ? head : place(random));
    // A disk may leave a block of zeros, too.
    if (i % 3 == 1) cut += std::string(100, '\0');
    if (i % 3 == 2) cut += std::string(100, '\0') + "\n";
    std::string error;
    ASSERT_TRUE(WriteFile(JournalPath(folder), cut, &error)) << error;
    Finish(folder, whole);
  }
}

TEST_P(Killed, PlaysAgainWhatWasInterrupted) {
  const std::string whole = Undated(Run(folder_ + "/whole"));
  std::atomic<std::size_t> asked{0};
  const report::Report interrupted = Run(folder_ + "/stopped", nullptr, [&] { return ++asked > 9; });
  EXPECT_TRUE(interrupted.interrupted);
  Finish(folder_ + "/stopped", whole);
}

TEST(ParseJournal, TellsWhatIsNone) {
  EXPECT_EQ(report::ParseJournal("").error, "it has no first line: no case has begun");
  EXPECT_EQ(report::ParseJournal("{\"schema\":").error, "it has no first line: no case has begun");
  EXPECT_EQ(report::ParseJournal("{}\n").error, "line 1: schema: missing");
  EXPECT_EQ(report::ParseJournal("{\"schema\":\"x\"}\n").error,
            "line 1: schema: \"x\" is not assay.journal.v1");
  report::JournalHead head;
  head.reports.emplace_back().outcomes.emplace_back().id = "a";
  const std::string first = WriteJournalHead(head);
  report::JournalLine line;
  line.outcome.id = "b";
  EXPECT_EQ(report::ParseJournal(first + WriteJournalLine(line) + WriteJournalLine(line)).error,
            "line 2: outcome.id: it is not the case of that place");
  EXPECT_EQ(report::ParseJournal(first + std::string(100, '[') + "\n{}\n").error,
            "line 2: nested too deep");
}

TEST(JournalFile, EndsWithTheLastWholeLineWhenTheDiskIsFull) {
  const char* scratch = std::getenv("TEST_TMPDIR");
  const std::string folder = std::string(scratch != nullptr ? scratch : "/tmp") + "/full";
  std::filesystem::create_directories(folder);
  JournalFile file;
  EXPECT_EQ(file.Begin(folder, "head\n"), "");
  file.Append("one\n");
  // As a disk that has room for three bytes more.
  rlimit usual{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &usual), 0);
  const rlimit full{12, usual.rlim_max};
  const auto handler = signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &full), 0);
  file.Append("two, and more\n");
  EXPECT_NE(file.error(), "");
  file.Append("three\n");
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &usual), 0);
  signal(SIGXFSZ, handler);
  std::string error;
  EXPECT_EQ(ReadFile(JournalPath(folder), &error), "head\none\n");
}

INSTANTIATE_TEST_SUITE_P(Jobs, Killed, ::testing::Values(1, 3));

}  // namespace
}  // namespace assay::harness
