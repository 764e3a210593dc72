// A set of cases and the run through them: which are chosen and why others are not, progress as it
// goes, one report at the end, results kept as they are made.
//
//   Selection selection = Select(files, grammar, options);
//   report::Report report = RunSuite(selection, bench, options, watcher);
#ifndef HARNESS_SUITE_H_
#define HARNESS_SUITE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/coverage.h"
#include "harness/pics.h"
#include "harness/run.h"
#include "reports/journal.h"
#include "harness/workplace.h"
#include "reports/redactor.h"
#include "transcripts/plan.h"

namespace assay::harness {

struct SelectOptions {
  std::vector<std::string> filters, excludes;  // globs over case ids
  std::vector<std::string> only;               // of what these choose, that which one of these does
  std::size_t shard = 0, shards = 1;
  std::size_t repeat = 1;
  bool tolerant = true;
  transcript::Values pixit;
  const Pics* pics = nullptr;  // what the module claims; null: all that the manual gives it
  std::set<std::string> lacks;  // words of `requires` that the bench does not have
  // What the bench can do to the modem; absent: all, for it is emulated with it.
  std::optional<std::set<transcript::BenchAct>> can;
  bool others = false;  // there are other devices: a filter may mean cases of theirs
  // Of what can wear, cost or lock a module, that which may be sent; absent: all.
  std::optional<Allowed> allowed;
  std::optional<Time> longest_wait;  // cases that wait longer are long ones
  enum class LongWaits { kLeaveOut, kLast, kOnly };
  LongWaits long_waits = LongWaits::kLeaveOut;
};

// What --max-wait ("30", "2.5"; empty: no limit) and --long-waits say. Empty, or what is wrong.
std::string ReadWaits(const std::string& max_wait, const std::string& long_waits,
                      SelectOptions& options);

struct Selection {
  std::vector<transcript::Plan> plans;
  std::optional<report::ShardOf> shard;  // absent: it is the whole
  std::string error;              // usage: bad transcripts, filters that match nothing
  std::optional<Pics> pics;       // by which they were selected
  std::set<std::string> others;   // ids of cases that were not chosen
  // Of the transcripts, those of other shards too, each behind a line with its id.
  std::string sha256;
  std::set<std::string> unused;   // filters that match none of its cases, if there are others
  std::set<std::string> unasked;  // values of the bench that none of the plans asks for
};
Selection Select(const std::vector<TranscriptFile>& files, const dialect::Grammar& grammar,
                 const SelectOptions& options);

// The error of a filter that nothing matches.
std::string NoSuchCase(const std::string& glob);

// What these transcripts ask a bench for; nothing and the error if one of them is none.
std::optional<AskedValues> AskedBy(const std::vector<TranscriptFile>& files,
                                   const dialect::Grammar& grammar, std::string* error);

// Called with each outcome as it is made.
using Watcher =
    std::function<void(const report::Outcome& outcome, std::size_t index, std::size_t total)>;

struct SuiteOptions {
  std::string report_folder;  // recordings and the journal go there; empty: nowhere
  // Asked before each case: interrupted? The cases that are left are in the report, as not run.
  std::function<bool()> stop;
  std::size_t at_once = 0;  // benches that work at a time; 0: all
  bool until_failure = false;  // no case is begun after one that failed
  // Keeps secrets out of all that leaves the runner, the recordings and the journal too; null: they
  // are shown.
  report::Redactor* redactor = nullptr;
  std::size_t retries = 0;     // so often a case that did not pass is tried again
  std::map<std::string, std::string> options{};  // of the run, by name: for the journal
  // What a report says beside its cases, as long as nothing is known of them; null: nothing more.
  std::function<void(report::Report&)> complete{};
  const report::Journal* resume = nullptr;  // what was played of this run already; null: it begins
  std::string* failure = nullptr;  // why results cannot be written any more; the run ends then
};

// One bench for each device; the cases are shared out among them as they become free. Outcomes
// stand in the report in the order of the selection, and the watcher hears one at a time. Suites of
// several dialects run side by side, and stand in one report (report::Merge).
struct Suite {
  const Selection& selection;
  const std::vector<Bench>& benches;
  const Aims* aims = nullptr;  // of the suite that was selected from; null: nothing is known
  std::string device{};        // its name, where there are several
  std::string address{};
  std::string name{};          // of the suite: "conformance"
  std::vector<report::InputFile> inputs{};
  transcript::Values pixit{};  // what the bench supplies
};
report::Report RunSuites(const std::vector<Suite>& suites, const SuiteOptions& options,
                         const Watcher& watcher);
// What the journal of such a run begins with.
report::JournalHead HeadOf(const std::vector<Suite>& suites, const SuiteOptions& options);
report::Report RunSuite(const Selection& selection, const std::vector<Bench>& benches,
                        const SuiteOptions& options, const Watcher& watcher,
                        const Aims* aims = nullptr);

// "2026-11-22T06:00:00Z".
std::string NowUtc();

// Fills in what does not come from the cases: dialect, model, spec hash, overlays.
void Identify(report::Report& report, const dialect::Grammar& grammar, bool tolerant);

// result.json, junit.xml, report.html and the others of ReportFormats() into the folder; empty, or what went wrong.
std::string WriteReports(const report::Report& report, const std::string& folder);

// "qmtopen/write/opens" as one file name.
std::string FileNameOf(std::string_view id);

}  // namespace assay::harness

#endif  // HARNESS_SUITE_H_
