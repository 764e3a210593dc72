#include "harness/suite.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <ctime>
#include <fstream>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include "reports/html.h"
#include "reports/json.h"
#include "reports/junit.h"

namespace assay::harness {
namespace {

bool AnyMatches(const std::vector<std::string>& globs, std::string_view id,
                std::set<std::string>* used) {
  bool any = false;
  for (const std::string& glob : globs) {
    if (!MatchesGlob(glob, id)) continue;
    any = true;
    if (used != nullptr) used->insert(glob);
  }
  return any;
}

std::string NowUtc() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm utc{};
  gmtime_r(&now, &utc);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text;
}

// Where a person finds it: goldens of the program's own data by their place in the project.
std::string ShownPath(const std::string& path) {
  const std::string data = DataFolder() + "/";
  return data.size() > 1 && path.starts_with(data) ? path.substr(data.size()) : path;
}

// Which clauses the cases that ran have touched: passed positively, or shown a refusal.
std::vector<report::ClauseCoverage> Coverage(const report::Report& report) {
  std::map<std::string, report::ClauseCoverage> clauses;
  for (const report::Outcome& outcome : report.outcomes) {
    if (outcome.clause.empty()) continue;
    report::ClauseCoverage& entry = clauses[outcome.clause];
    entry.clause = outcome.clause;
    if (outcome.skipped) {
      if (entry.positive + entry.negative == 0) entry.reason = outcome.reason;
      continue;
    }
    bool negative = false;
    for (const report::ExchangeRecord& exchange : outcome.exchanges)
      negative = negative || exchange.final.find("ERROR") != std::string::npos;
    ++(negative ? entry.negative : entry.positive);
    entry.reason.clear();
  }
  std::vector<report::ClauseCoverage> out;
  for (auto& [clause, entry] : clauses) out.push_back(std::move(entry));
  return out;
}

}  // namespace

std::string FileNameOf(std::string_view id) {
  std::string out;
  for (const char c : id) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '.' || c == '-' || c == '_';
    out += plain ? c : '_';
  }
  return out;
}

Selection Select(const std::vector<TranscriptFile>& files, const dialect::Grammar& grammar,
                 const SelectOptions& options) {
  Selection out;
  std::set<std::string> used;
  std::set<std::string> ids;
  std::size_t chosen = 0;
  for (const TranscriptFile& file : files) {
    if (!options.filters.empty() && !AnyMatches(options.filters, file.id, &used)) continue;
    if (AnyMatches(options.excludes, file.id, &used)) continue;
    std::string error;
    const auto text = ReadFile(file.path, &error);
    if (!text) {
      out.error += error + "\n";
      continue;
    }
    const transcript::ParseResult parsed = transcript::Parse(file.path, *text);
    out.error += spec::HasErrors(parsed.diagnostics) ? spec::Print(parsed.diagnostics) : "";
    if (!parsed.transcript) continue;
    if (const std::string_view dialect = parsed.transcript->Header("dialect");
        dialect != grammar.dialect().id) {
      out.error += file.path + ": is for dialect " + std::string(dialect) + ", not " +
                   grammar.dialect().id + "\n";
      continue;
    }
    transcript::PlanOptions plan_options;
    plan_options.pixit = options.pixit;
    transcript::PlanResult planned =
        transcript::MakePlan(*parsed.transcript, grammar, plan_options);
    if (spec::HasErrors(planned.diagnostics)) {
      out.error += spec::Print(planned.diagnostics);
      continue;
    }
    planned.plan.id = file.id;
    planned.plan.file = ShownPath(file.path);
    if (!ids.insert(file.id).second) {
      out.error += file.path + ": another transcript has the id " + file.id + " too\n";
      continue;
    }
    if (planned.plan.reading == (options.tolerant ? "strict" : "tolerant") &&
        planned.plan.erratum.empty()) {
      planned.plan.skip = "holds under the " + planned.plan.reading + " reading";
    }
    if (chosen++ % options.shards != options.shard) continue;
    for (std::size_t round = 0; round < options.repeat; ++round) {
      out.plans.push_back(planned.plan);
      if (round > 0) out.plans.back().id += "#" + std::to_string(round + 1);
    }
  }
  for (const auto* globs : {&options.filters, &options.excludes}) {
    for (const std::string& glob : *globs) {
      if (!used.contains(glob)) out.error += "the filter \"" + glob + "\" matches no case\n";
    }
  }
  for (const auto& [name, value] : options.pixit) out.unasked.insert(name);
  for (const transcript::Plan& plan : out.plans) {
    for (const std::string& name : plan.asks) out.unasked.erase(name);
  }
  if (out.plans.empty() && out.error.empty())
    out.error = options.shards > 1 ? "" : "there is no case to run\n";
  return out;
}

void Identify(report::Report& report, const dialect::Grammar& grammar, bool tolerant) {
  const spec::Dialect& dialect = grammar.dialect();
  report.tool_version = "0.1.0";
  report.dialect = dialect.id;
  report.model = grammar.model();
  report.document = dialect.document.title + " " + dialect.document.version + " (" +
                    dialect.document.vendor + ", " + dialect.document.date + ")";
  report.spec_sha256 = dialect.sha256;
  report.reading = tolerant ? "tolerant" : "strict";
  for (const spec::Overlay& overlay : dialect.overlays) {
    report.overlays.push_back(
        {overlay.file, overlay.sha256, overlay.document, overlay.clause, overlay.reason});
  }
}

namespace {

// What a case waits for on purpose: cases that take long start first, so that none of them is the
// last one running.
Time Patience(const transcript::Plan& plan) {
  Time out{0};
  for (const transcript::Exchange& exchange : plan.exchanges) {
    if (exchange.quiet) out += *exchange.quiet;
    for (const transcript::Expectation& expectation : exchange.expected) {
      out = std::max(out, std::max(expectation.when.low, expectation.when.high));
    }
  }
  return out;
}

class SuiteRun {
 public:
  SuiteRun(const Selection& selection, const SuiteOptions& options, const Watcher& watcher)
      : selection_(selection),
        options_(options),
        watcher_(watcher),
        outcomes_(selection.plans.size()) {
    for (std::size_t i = 0; i < selection.plans.size(); ++i) order_.push_back(i);
    std::string error;
    const std::string journal = options.report_folder + "/journal.jsonl";
    if (!options.report_folder.empty() && WriteFile(journal, "", &error))
      journal_.open(journal, std::ios::app | std::ios::binary);
  }

  void LongestFirst() {
    std::stable_sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
      return Patience(selection_.plans[a]) > Patience(selection_.plans[b]);
    });
  }

  // Plays cases on one bench until none is left.
  void Work(const Bench& bench) {
    Runner runner(bench);
    while (true) {
      const std::size_t at = next_++;
      if (at >= order_.size() || (options_.stop && options_.stop())) return;
      const transcript::Plan& plan = selection_.plans[order_[at]];
      CaseResult result;
      if (runner.Lost() && !plan.skip) {
        result.outcome = About(plan);
        result.outcome.verdict = report::Verdict::kError;
        result.outcome.reason = "not run: the device cannot be opened any more";
      } else {
        result = runner.Run(plan);
      }
      Keep(order_[at], plan, std::move(result));
    }
  }

  void Fill(report::Report& report) {
    for (std::size_t i = 0; i < outcomes_.size(); ++i) {
      if (!outcomes_[i]) {
        interrupted_ = true;
        outcomes_[i] = About(selection_.plans[i]);
        outcomes_[i]->skipped = true;
        outcomes_[i]->reason = "interrupted before it ran";
      }
      report.outcomes.push_back(std::move(*outcomes_[i]));
    }
    report.interrupted = interrupted_;
    report.errata_met.assign(errata_.begin(), errata_.end());
  }

 private:
  static report::Outcome About(const transcript::Plan& plan) {
    report::Outcome outcome;
    outcome.id = plan.id;
    outcome.title = plan.title;
    outcome.clause = plan.clause;
    outcome.purpose = plan.purpose;
    return outcome;
  }

  void Keep(std::size_t index, const transcript::Plan& plan, CaseResult result) {
    report::Outcome& outcome = result.outcome;
    if (!options_.report_folder.empty() && !result.recording.steps.empty()) {
      outcome.recording = "recordings/" + FileNameOf(plan.id) + ".at";
      std::string error;
      if (!WriteFile(options_.report_folder + "/" + outcome.recording,
                     transcript::Print(result.recording), &error))
        outcome.recording.clear();
    }
    const std::lock_guard lock(mutex_);
    interrupted_ = interrupted_ || result.interrupted;
    if (journal_.is_open()) journal_ << report::WriteOutcomeLine(outcome) << std::flush;
    for (const report::Finding& finding : outcome.findings) {
      if (!finding.erratum.empty()) errata_.insert(finding.erratum);
    }
    if (!plan.erratum.empty() && !outcome.skipped) errata_.insert(plan.erratum);
    outcomes_[index] = std::move(outcome);
    if (watcher_) watcher_(*outcomes_[index], ++done_, selection_.plans.size());
  }

  const Selection& selection_;
  const SuiteOptions& options_;
  const Watcher& watcher_;
  std::vector<std::size_t> order_;
  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;
  std::ofstream journal_;
  std::vector<std::optional<report::Outcome>> outcomes_;
  std::set<std::string> errata_;
  std::size_t done_ = 0;
  bool interrupted_ = false;
};

}  // namespace

report::Report RunSuite(const Selection& selection, const std::vector<Bench>& benches,
                        const SuiteOptions& options, const Watcher& watcher) {
  report::Report report;
  Identify(report, benches.front().grammar, benches.front().tolerant);
  report.started = NowUtc();
  const auto start = std::chrono::steady_clock::now();
  SuiteRun run(selection, options, watcher);
  if (benches.size() == 1) {
    run.Work(benches.front());
  } else {
    run.LongestFirst();
    std::vector<std::jthread> workers;
    for (const Bench& bench : benches) workers.emplace_back([&run, &bench] { run.Work(bench); });
  }
  run.Fill(report);
  report.coverage = Coverage(report);
  report.duration = std::chrono::duration_cast<Time>(std::chrono::steady_clock::now() - start);
  report::Summarise(report);
  return report;
}

std::string WriteReports(const report::Report& report, const std::string& folder) {
  std::string error;
  if (!WriteFile(folder + "/result.json", report::WriteJson(report), &error)) return error;
  if (!WriteFile(folder + "/junit.xml", report::WriteJunit(report), &error)) return error;
  if (!WriteFile(folder + "/report.html", report::WriteHtml(report), &error)) return error;
  return {};
}

}  // namespace assay::harness
