#include "harness/suite.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <ctime>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <thread>
#include <utility>

#include "harness/coverage.h"
#include "harness/identification.h"
#include "harness/journal_file.h"
#include "harness/review.h"
#include "reports/diagnosis.h"
#include "reports/json.h"

namespace assay::harness {
namespace {

// What a case waits for on purpose: cases that take long start first, so that none of them is the
// last one running.
Time Patience(const transcript::Plan& plan) {
  Time out = plan.waits;
  for (const transcript::Exchange& exchange : plan.exchanges) {
    if (exchange.quiet) out += *exchange.quiet;
    for (const transcript::Expectation& expectation : exchange.expected) {
      out = std::max(out, std::max(expectation.when.low, expectation.when.high));
    }
  }
  return out;
}

// What all suites of a run share: where results are kept, and who hears of them.
class Keeper {
 public:
  Keeper(const SuiteOptions& options, const Watcher& watcher, std::size_t total)
      : options_(options), watcher_(watcher), total_(total) {}

  // `head`: what a journal begins with.
  void Open(const report::JournalHead& head) {
    if (options_.report_folder.empty()) return;
    const std::string failed =
        options_.resume != nullptr ? journal_.GoOn(options_.report_folder, options_.resume->size)
                                   : journal_.Begin(options_.report_folder,
                                                    report::WriteJournalHead(head));
    broken_ = !failed.empty();
    for (const report::JournalLine& line : Resumed()) before_ = std::max(before_, line.elapsed);
  }
  std::span<const report::JournalLine> Resumed() const {
    if (options_.resume == nullptr) return {};
    return options_.resume->lines;
  }
  // It was played before; nobody hears of it again.
  void Remember(const report::Outcome& outcome) {
    ++done_;
    if (options_.until_failure && Fails(outcome) && !failed_.exchange(true))
      first_failure_ = outcome.id;
  }
  // Since the run began, but for the time in which it was not there.
  Time Elapsed() const {
    return before_ +
           std::chrono::duration_cast<Time>(std::chrono::steady_clock::now() - start_);
  }
  const std::string& error() const { return journal_.error(); }

  bool Stopped() const { return broken_ || (options_.stop && options_.stop()); }
  // A case has failed, and that was to be the last.
  bool Failed() const { return failed_; }
  std::string WhyNot() const {
    const std::lock_guard lock(mutex_);
    return "not played: --until-failure, " + first_failure_ + " failed";
  }

  template <typename Function>
  void Lock(Function what) {
    const std::lock_guard lock(mutex_);
    what();
  }

  std::size_t retries() const { return options_.retries; }

  // Writes down what was seen in this try of a case, the first is 1; `last`: there is no other. This
  // is where outcomes leave the runner: from here on nothing of them is secret.
  void Record(const transcript::Plan& plan, const dialect::Grammar& grammar, CaseResult& result,
              std::size_t number, bool last) {
    report::Outcome& outcome = result.outcome;
    if (options_.redactor != nullptr)
      options_.redactor->Redact(outcome, result.recording, &grammar);
    if (options_.report_folder.empty() || result.recording.steps.empty()) return;
    const std::string folder = outcome.device.empty() ? "" : FileNameOf(outcome.device) + "/";
    outcome.recording = "recordings/" + folder + FileNameOf(plan.id) +
                        (last ? "" : ".try" + std::to_string(number)) + ".at";
    std::string error;
    if (!WriteFile(options_.report_folder + "/" + outcome.recording,
                   transcript::Print(result.recording), &error))
      outcome.recording.clear();
  }

  // `keep` is called while nobody else keeps anything.
  template <typename Function>
  void Keep(CaseResult result, report::JournalLine line, Function keep) {
    const report::Outcome& outcome = result.outcome;
    const std::lock_guard lock(mutex_);
    if (journal_.is_open()) {
      line.elapsed = Elapsed();
      line.outcome = outcome;
      if (options_.redactor != nullptr) options_.redactor->Redact(line.identity);
      journal_.Append(report::WriteJournalLine(line));
      broken_ = !journal_.error().empty();
    }
    if (watcher_) watcher_(outcome, ++done_, total_);
    if (options_.until_failure && Fails(outcome) && !failed_.exchange(true))
      first_failure_ = outcome.id;
    keep(std::move(result));
  }

 private:
  static bool Fails(const report::Outcome& outcome) {
    return outcome.verdict == report::Verdict::kFail ||
           outcome.verdict == report::Verdict::kError || !outcome.went.empty();
  }

  const SuiteOptions& options_;
  const Watcher& watcher_;
  const std::size_t total_;
  mutable std::mutex mutex_;
  std::atomic<bool> failed_{false};
  std::string first_failure_;
  JournalFile journal_;
  std::atomic<bool> broken_{false};  // results cannot be written any more
  std::size_t done_ = 0;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  Time before_{0};  // of the run that goes on
};

// What is known of a case, and of a suite, before it is played.
report::Outcome About(const transcript::Plan& plan) {
  report::Outcome outcome;
  outcome.id = plan.id;
  outcome.title = plan.title;
  outcome.clause = plan.clause;
  outcome.purpose = plan.purpose;
  outcome.requirement = plan.requirement;
  return outcome;
}

report::Report About(const Suite& suite) {
  report::Report report;
  const Bench& bench = suite.benches.front();
  Identify(report, bench.grammar, bench.tolerant);
  report.device_address = suite.address;
  if (!suite.device.empty())
    report.devices = {{suite.device, report.dialect, report.model, report.device_address, {}}};
  report.shard = suite.selection.shard;
  report.tool_sha256 = ProgramHash();
  report.host = HostWords();
  report.suite = suite.name;
  report.suite_sha256 = suite.selection.sha256;
  report.inputs = suite.inputs;
  report.pixit.insert(suite.pixit.begin(), suite.pixit.end());
  return report;
}

// What the cases will say that is secret is known before the first of them: what is written of it
// then is without it, and a run that goes on knows what the run knew that was killed.
void Learn(report::Redactor& redactor, const Suite& suite) {
  for (const transcript::Plan& plan : suite.selection.plans) {
    if (plan.skip) continue;
    transcript::Transcript said;
    for (const transcript::Exchange& exchange : plan.exchanges) {
      if (exchange.send == transcript::Exchange::Send::kCommand) {
        said.steps.push_back({transcript::Send{{}, exchange.line}, 0});
      } else if (exchange.send == transcript::Exchange::Send::kData) {
        said.steps.push_back(
            {transcript::Data{{}, exchange.line, exchange.generated, exchange.ending}, 0});
      }
    }
    redactor.Redact(said, &suite.benches.front().grammar);
  }
}

// The cases of one selection, shared out among its benches.
class SuiteRun {
 public:
  // `part`: which of the suites of the run it is.
  SuiteRun(const Suite& suite, std::size_t part, Keeper& keeper)
      : suite_(suite),
        part_(part),
        keeper_(keeper),
        outcomes_(suite.selection.plans.size()),
        coverage_(suite.benches.front().grammar, suite.aims,
                  suite.selection.pics ? &*suite.selection.pics : nullptr) {
    played_.resize(outcomes_.size());
    for (std::size_t i = 0; i < outcomes_.size(); ++i) order_.push_back(i);
    if (suite.benches.size() == 1) return;
    std::stable_sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
      const transcript::Plan& one = suite_.selection.plans[a];
      const transcript::Plan& other = suite_.selection.plans[b];
      if (one.long_wait != other.long_wait) return other.long_wait;
      return Patience(one) > Patience(other);
    });
  }

  // What was played before the run was killed counts as if it had been played now.
  void Resume() {
    for (const report::JournalLine& line : keeper_.Resumed()) {
      const auto& plans = suite_.selection.plans;
      // What was not played to its end is played now.
      if (line.part != part_ || line.interrupted || line.bounded || line.index >= plans.size() ||
          outcomes_[line.index])
        continue;
      CaseResult result;
      result.outcome = line.outcome;
      result.seen = coverage_.SeenOf(line.seen, line.possible, line.refused);
      result.set_up_failed = line.set_up_failed;
      result.set_up_came = line.set_up_came;
      keeper_.Remember(line.outcome);
      const Bench& bench = suite_.benches[std::min(line.bench, suite_.benches.size() - 1)];
      if (bench.bounds != nullptr && !line.outcome.skipped)
        bench.bounds->Refuses(PublishesOf(plans[line.index], bench.grammar));
      remembered_[line.bench].push_back({line.index, result});
      if (identity_.empty()) identity_ = line.identity;
      Take(line.index, std::move(result), line.why_silent, line.link_latency);
      played_[line.index] = true;
    }
  }

  // Plays cases on one bench until none is left.
  void Work(const Bench& bench) {
    Runner runner(bench);
    const auto number = static_cast<std::size_t>(&bench - suite_.benches.data());
    for (const auto& [index, result] : remembered_[number])
      runner.Remember(suite_.selection.plans[index], result);
    Play(runner, number);
    std::vector<report::SettingRow> rows = runner.PutBack();
    keeper_.Lock([&] {
      // Of emulators side by side, the first that was asked.
      if (identity_.empty()) identity_ = runner.Identity();
      for (report::SettingRow& row : rows) {
        row.device = suite_.device;
        settings_.push_back(std::move(row));
      }
    });
  }

 private:
  CaseResult Try(Runner& runner, const transcript::Plan& plan) {
    CaseResult result;
    if (!runner.Lost().empty() && !plan.skip) {
      result.outcome = About(plan);
      result.outcome.verdict = report::Verdict::kError;
      result.outcome.reason = "not run: " + runner.Lost();
    } else {
      result = runner.Run(plan);
    }
    result.outcome.device = suite_.device;
    if (const Aim* aim = suite_.aims != nullptr ? suite_.aims->Find(plan.id) : nullptr)
      result.outcome.kind = aim->kind;
    return result;
  }

  // Could it end otherwise another time? What was not played at all does not.
  bool WorthAnother(const Runner& runner, const CaseResult& result) const {
    const report::Verdict verdict = result.outcome.verdict;
    const bool bad = verdict == report::Verdict::kFail || verdict == report::Verdict::kInconc ||
                     verdict == report::Verdict::kError;
    return bad && !result.outcome.exchanges.empty() && !result.interrupted && !result.bounded &&
           runner.Lost().empty() && !keeper_.Stopped();
  }

  // What the end of one case means for the whole.
  void Take(std::size_t index, CaseResult kept, const std::string& why_silent,
            std::optional<Time> latency) {
    interrupted_ = interrupted_ || kept.interrupted;
    bounded_ = bounded_ || kept.bounded;
    if (!why_silent.empty()) why_silent_ = why_silent;
    if (latency) link_latency_ = std::max(link_latency_.value_or(Time{0}), *latency);
    for (const report::Finding& finding : kept.outcome.findings) {
      if (!finding.erratum.empty()) errata_.insert(finding.erratum);
    }
    coverage_.Add(kept.outcome, kept.seen);
    const transcript::Plan& plan = suite_.selection.plans[index];
    if (!plan.erratum.empty() && !kept.outcome.skipped) errata_.insert(plan.erratum);
    outcomes_[index] = std::move(kept.outcome);
  }

  report::JournalLine LineOf(std::size_t index, std::size_t bench, const Runner& runner,
                             const CaseResult& result) const {
    report::JournalLine line;
    line.part = part_;
    line.index = index;
    line.bench = bench;
    line.interrupted = result.interrupted;
    line.bounded = result.bounded;
    line.refused = result.seen.refused;
    CoverageCount::Numbers numbers = coverage_.NumbersOf(result.outcome, result.seen);
    line.covers = std::move(numbers.covers);
    line.seen = std::move(numbers.seen);
    line.possible = std::move(numbers.possible);
    line.set_up_failed = result.set_up_failed;
    line.set_up_came = result.set_up_came;
    line.link_latency = runner.LinkLatency();
    if (!runner.WhySilent().empty()) line.why_silent = "The device " + runner.WhySilent();
    line.identity = runner.Identity();
    return line;
  }

  void Play(Runner& runner, std::size_t bench) {
    while (true) {
      const std::size_t at = next_++;
      if (at >= order_.size() || keeper_.Stopped() || keeper_.Failed()) return;
      const std::size_t index = order_[at];
      if (played_[index]) continue;
      const transcript::Plan& plan = suite_.selection.plans[index];
      const dialect::Grammar& grammar = suite_.benches.front().grammar;
      std::vector<report::Outcome> attempts;
      CaseResult result = Try(runner, plan);
      while (attempts.size() < keeper_.retries() && WorthAnother(runner, result)) {
        keeper_.Record(plan, grammar, result, attempts.size() + 1, false);
        attempts.push_back(std::move(result.outcome));
        const std::optional<std::size_t> set_up_failed = result.set_up_failed;
        result = Try(runner, plan);
        if (!result.set_up_failed) result.set_up_failed = set_up_failed;
      }
      keeper_.Record(plan, grammar, result, attempts.size() + 1, true);
      result.outcome.attempts = std::move(attempts);
      report::JournalLine line = LineOf(index, bench, runner, result);
      const std::string why_silent = line.why_silent;
      keeper_.Keep(std::move(result), std::move(line), [&](CaseResult kept) {
        Take(index, std::move(kept), why_silent, runner.LinkLatency());
      });
    }
  }

 public:
  void Fill(report::Report& report) {
    for (std::size_t i = 0; i < outcomes_.size(); ++i) {
      if (!outcomes_[i]) {
        outcomes_[i] = About(suite_.selection.plans[i]);
        outcomes_[i]->skipped = true;
        outcomes_[i]->reason = "interrupted before it ran";
        if (keeper_.Failed()) {
          outcomes_[i]->reason = keeper_.WhyNot();
        } else {
          interrupted_ = true;
        }
        outcomes_[i]->device = suite_.device;
        coverage_.Add(*outcomes_[i], {});
      }
      report.outcomes.push_back(std::move(*outcomes_[i]));
    }
    report.interrupted = interrupted_;
    report.bounded = bounded_;
    report.diagnosis = why_silent_;
    report.settings = settings_;
    report.link_latency = link_latency_;
    report.identity = identity_;
    report.errata_met.assign(errata_.begin(), errata_.end());
    report.coverage = coverage_.Finish();
  }

 private:
  const Suite& suite_;
  const std::size_t part_;
  Keeper& keeper_;
  std::vector<std::size_t> order_;
  std::vector<bool> played_;  // before the run was killed
  // By bench, in their order.
  std::map<std::size_t, std::vector<std::pair<std::size_t, CaseResult>>> remembered_;
  std::atomic<std::size_t> next_{0};
  std::vector<std::optional<report::Outcome>> outcomes_;
  std::set<std::string> errata_;
  std::vector<report::SettingRow> settings_;
  std::optional<Time> link_latency_;
  std::map<std::string, std::string> identity_;
  std::string why_silent_;
  CoverageCount coverage_;
  bool interrupted_ = false, bounded_ = false;
};

// Is it a command that the dialect's own manual specifies?
bool InManual(const dialect::Grammar& grammar, std::string_view line) {
  const spec::Command* command = grammar.ParseCommand(line).command;
  return command != nullptr && !command->documented_elsewhere;
}

}  // namespace

std::string NowUtc() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm utc{};
  gmtime_r(&now, &utc);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text;
}

std::string FileNameOf(std::string_view id) {
  std::string out;
  for (const char c : id) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '.' || c == '-' || c == '_';
    out += plain ? c : '_';
  }
  return out;
}

report::Report RunSuites(const std::vector<Suite>& suites, const SuiteOptions& options,
                         const Watcher& watcher) {
  const std::string started =
      options.resume != nullptr ? options.resume->head.reports.front().started : NowUtc();
  std::size_t total = 0, benches = 0;
  for (const Suite& suite : suites) {
    total += suite.selection.plans.size();
    benches += suite.benches.size();
  }
  if (options.redactor != nullptr) {
    for (const Suite& suite : suites) Learn(*options.redactor, suite);
  }
  Keeper keeper(options, watcher, total);
  if (!options.report_folder.empty()) {
    report::JournalHead head = HeadOf(suites, options);
    for (report::Report& report : head.reports) report.started = started;
    keeper.Open(head);
  }
  std::deque<SuiteRun> runs;
  for (const Suite& suite : suites) runs.emplace_back(suite, runs.size(), keeper).Resume();
  if (benches == 1) {
    runs.front().Work(suites.front().benches.front());
  } else {
    std::vector<std::pair<SuiteRun*, const Bench*>> work;
    for (std::size_t i = 0; i < suites.size(); ++i) {
      for (const Bench& bench : suites[i].benches) work.emplace_back(&runs[i], &bench);
    }
    std::atomic<std::size_t> next{0};
    std::vector<std::jthread> workers;
    for (std::size_t i = 0; i < (options.at_once == 0 ? benches : options.at_once); ++i) {
      workers.emplace_back([&] {
        for (std::size_t at = next++; at < work.size(); at = next++)
          work[at].first->Work(*work[at].second);
      });
    }
  }
  const Time duration = keeper.Elapsed();
  if (options.failure != nullptr) *options.failure = keeper.error();
  std::vector<report::Report> reports;
  for (std::size_t i = 0; i < suites.size(); ++i) {
    report::Report& report = reports.emplace_back(About(suites[i]));
    const Bench& bench = suites[i].benches.front();
    report.started = started;
    report.duration = duration;
    runs[i].Fill(report);
    if (!report.devices.empty()) report.devices.front().identity = std::exchange(report.identity, {});
    report::Summarise(report);
    const Selection& selection = suites[i].selection;
    report.review = Review(report.outcomes, bench.grammar,
                           selection.pics ? &*selection.pics : nullptr);
    if (report.diagnosis.empty()) {  // else what the bench has found out itself
      report.diagnosis = report::Diagnose(
          report, [&](std::string_view line) { return InManual(bench.grammar, line); });
    }
    if (options.redactor != nullptr) options.redactor->Redact(report, &bench.grammar);
  }
  report::Report whole =
      reports.size() == 1 ? std::move(reports.front()) : report::Merge(std::move(reports));
  if (options.complete) options.complete(whole);
  return whole;
}

report::JournalHead HeadOf(const std::vector<Suite>& suites, const SuiteOptions& options) {
  report::JournalHead head;
  head.options = options.options;
  for (const Suite& suite : suites) {
    report::Report& report = head.reports.emplace_back(About(suite));
    const dialect::Grammar& grammar = suite.benches.front().grammar;
    const Selection& selection = suite.selection;
    CoverageCount coverage(grammar, suite.aims, selection.pics ? &*selection.pics : nullptr);
    for (const transcript::Plan& plan : selection.plans) {
      report::Outcome& outcome = report.outcomes.emplace_back(About(plan));
      outcome.device = suite.device;
      outcome.skipped = true;
      outcome.reason = plan.skip.value_or(std::string());
      if (const Aim* aim = suite.aims != nullptr ? suite.aims->Find(plan.id) : nullptr)
        outcome.kind = aim->kind;
      coverage.Add(outcome, {});
    }
    report.coverage = coverage.Finish();
    report::Summarise(report);
    if (options.complete) options.complete(report);
    if (options.redactor != nullptr) options.redactor->RedactHead(report, &grammar);
  }
  return head;
}

report::Report RunSuite(const Selection& selection, const std::vector<Bench>& benches,
                        const SuiteOptions& options, const Watcher& watcher, const Aims* aims) {
  return RunSuites({{selection, benches, aims}}, options, watcher);
}

}  // namespace assay::harness
