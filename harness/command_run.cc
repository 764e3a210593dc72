// assay run: live execution.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <utility>

#include "dialects/value.h"
#include "harness/bazel_test.h"
#include "harness/commands.h"
#include "harness/device_run.h"
#include "harness/gate_command.h"
#include "harness/next_steps.h"
#include "harness/output.h"
#include "harness/resume.h"
#include "harness/secret_options.h"
#include "harness/shard.h"
#include "harness/show_progress.h"
#include "harness/shrink_report.h"
#include "harness/suite.h"
#include "reports/json.h"
#include "reports/junit.h"

namespace assay::harness {
namespace {

using DeviceRuns = std::vector<std::unique_ptr<DeviceRun>>;

// Which cases, of whatever device.
int ReadSelection(const RunOptions& options, const std::optional<BazelTest>& test,
                  SelectOptions& select) {
  std::string error;
  if (test) select.only = test->only;
  select.filters = options.filters;
  select.excludes = options.excludes;
  constexpr std::size_t kSoak = 1000;
  select.repeat = std::max<std::size_t>(options.repeat, 1);
  if (options.until_failure && options.repeat <= 1) select.repeat = kSoak;
  select.tolerant = options.common.reading != "strict";
  const std::optional<Shard> shard = ChooseShard(
      options.shard, [](const char* name) { return std::getenv(name); }, &error);
  if (!shard) return Usage("run", error);
  if (!shard->status_file.empty() && !WriteFile(shard->status_file, "", &error))
    return Broken("run", error);
  select.shard = shard->index;
  select.shards = shard->count;
  error = ReadWaits(options.max_wait, options.long_waits, select);
  if (!error.empty()) return Usage("run", error);
  return kPassed;
}

// The one of the command line, or those of the bench file.
int FindDevices(const RunOptions& options, const SelectOptions& select, DeviceRuns& runs) {
  if (options.bench.empty()) {
    if (options.common.dialect.empty())
      return Usage("run", "--dialect is missing; `assay spec list` names them");
    runs.push_back(
        std::make_unique<DeviceRun>(DeviceRun{.options = options, .select = select}));
    return kPassed;
  }
  for (const auto& [name, value] :
       {std::pair{"--dialect", options.common.dialect}, {"--model", options.common.model},
        {"--device", options.device}, {"--pics", options.pics}, {"--pixit", options.pixit}}) {
    if (!value.empty())
      return Usage("run", std::string(name) + " stands in the file of --bench, for each device");
  }
  std::string error;
  const auto text = ReadFile(options.bench, &error);
  if (!text) return Usage("run", error);
  const auto devices = ParseBench(options.bench, *text, &error);
  if (!devices) {
    std::cerr << error;
    return kUsage;
  }
  for (const BenchDevice& device : *devices)
    runs.push_back(std::make_unique<DeviceRun>(OneOf(options, device, runs.size(), select)));
  return kPassed;
}

// A filter may mean the cases of one device alone, but not of none.
int CheckFilters(const DeviceRuns& runs) {
  std::set<std::string> unused = runs.front()->selection.unused;
  std::size_t cases = 0;
  for (const auto& run : runs) {
    std::erase_if(unused, [&](const std::string& glob) {
      return !run->selection.unused.contains(glob);
    });
    cases += run->selection.plans.size();
  }
  for (const std::string& glob : unused) return Usage("run", NoSuchCase(glob));
  if (cases == 0 && !runs.front()->selection.shard) return Usage("run", "there is no case to run\n");
  return kPassed;
}

// "90s", "30m", "2h"; nothing if it is none.
std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text) {
  constexpr std::int64_t kMost = 100'000'000;
  if (text.size() < 2) return std::nullopt;
  const std::int64_t unit = text.back() == 's' ? 1 : text.back() == 'm' ? 60 : text.back() == 'h' ? 3600 : 0;
  const auto number = dialect::ParseInteger(text.substr(0, text.size() - 1));
  if (unit == 0 || !number || *number < 1 || *number > kMost) return std::nullopt;
  return std::chrono::seconds(*number * unit);
}

// Of the whole run, from here on.
void SetBounds(const RunOptions& options, std::optional<std::chrono::milliseconds> duration,
               const DeviceRuns& runs) {
  if (!duration && !options.max_publishes) return;
  const auto bounds =
      std::make_shared<Bounds>(duration, options.max_duration, options.max_publishes);
  for (const auto& run : runs) {
    for (Bench& bench : run->benches) bench.bounds = bounds;
  }
}

void DryRun(const DeviceRuns& runs) {
  std::size_t cases = 0;
  for (const auto& run : runs) {
    cases += run->selection.plans.size();
    for (const transcript::Plan& plan : run->selection.plans) {
      std::cout << (run->name.empty() ? "" : run->name + "  ") << plan.id << "  " << plan.clause
                << "  " << (plan.skip ? "skipped: " + *plan.skip : plan.purpose) << "\n";
    }
  }
  std::cout << cases << " cases\n";
}

}  // namespace

int RunCommand(const RunOptions& given) {
  RunOptions options = given;
  std::optional<report::Journal> resume;
  if (!options.resume.empty()) {
    ResumeResult read = ReadResume(options.resume);
    if (!read.journal) return Usage("run", "--resume: " + read.error);
    resume = std::move(read.journal);
    options = AsItWas(options, resume->head.options);
    if (!options.report.empty() && options.report != options.resume)
      return Usage("run", "--resume goes on in its own folder: leave --report away");
    options.report = options.resume;
  }
  std::optional<BazelTest> test;
  if (options.bazel_test) {
    test = ReadBazelTest([](const char* name) { return std::getenv(name); });
    if (options.report.empty()) options.report = test->report;
  }
  const Workplace place({options.common.spec_folders, options.common.overlays});
  std::string error;
  SelectOptions select;
  if (const int status = ReadSelection(options, test, select); status != kPassed) return status;
  std::optional<std::map<report::CoverageKind, double>> minimum;
  if (!options.min_coverage.empty()) {
    minimum = report::ParseMinimum(options.min_coverage, &error);
    if (!minimum) return Usage("run", "--min-coverage: " + error);
  }
  std::optional<Time> link_latency;
  if (!options.link_latency.empty() && options.link_latency != "auto") {
    const auto milliseconds = dialect::ParseInteger(options.link_latency);
    if (!milliseconds || *milliseconds < 0 || *milliseconds > 3'600'000)
      return Usage("run", "--link-latency " + options.link_latency +
                              ": expected auto, or milliseconds up to 3600000");
    link_latency = Time{*milliseconds * 1000};
  }
  const auto max_duration = ParseDuration(options.max_duration);
  if (!options.max_duration.empty() && !max_duration)
    return Usage("run", "--max-duration " + options.max_duration + ": expected 90s, 30m or 2h");
  const Keeping keeping = MakeKeeping(options.common);
  if (!keeping.error.empty()) return Usage("run", keeping.error);
  GateFile gate;
  if (const int status = ReadGate("run", options.gate, gate); status != kPassed) return status;
  PendingPath update;
  const bool chosen = !options.filters.empty() || !options.transcripts.empty();
  if (options.gate.update) {
    if (const int status = CheckUpdate("run", options.gate, chosen, update); status != kPassed)
      return status;
  }
  DeviceRuns runs;
  if (const int status = FindDevices(options, select, runs); status != kPassed) return status;
  for (const auto& run : runs) {
    if (const int status = PrepareCases(*run, place); status != kPassed) return status;
  }
  for (const auto& run : runs) {
    GiveValues(keeping, run->select.pixit, run->abilities->secrets);
    GiveValues(keeping, run->bench_values);
    if (run->options.transcripts.empty())
      GivePublic(keeping, run->selection.plans, *run->grammar);
  }
  for (const std::string& name : keeping.names) {
    if (std::none_of(runs.begin(), runs.end(), [&](const auto& run) {
          return run->select.pixit.contains(name);
        }))
      return Usage("run", "--secret " + name + ": no PIXIT has a value of that name");
  }
  if (const int status = CheckFilters(runs); status != kPassed) return status;
  // A slip of the pen would leave the default in force. Part of a suite may well need less.
  const bool whole = options.filters.empty() && options.excludes.empty() && select.only.empty() &&
                     select.shards == 1;
  if (const int status = CheckValues(runs, place, whole); status != kPassed) return status;
  if (options.dry_run) return DryRun(runs), kPassed;
  if (options.shrink && options.report.empty())
    return Usage("run", "--shrink keeps what it finds in the report: --report DIR is missing");
  if (options.shrink && !options.bench.empty())
    return Usage("run", "--shrink plays on one device: take --device instead of --bench");
  for (const std::string& path :
       {options.report.empty() ? std::string() : options.report + "/result.json",
        options.common.json.value_or("")}) {
    if (path.empty() || path == "-") continue;
    if (const std::string failed = CannotWrite(path); !failed.empty()) return Usage("run", failed);
  }
  for (const auto& run : runs) {
    if (const int status = PrepareDevice(*run, place, link_latency); status != kPassed)
      return status;
  }
  for (const auto& run : runs) {
    for (Bench& bench : run->benches) bench.repro = test ? ReproOf(*test) : bench.repro;
  }
  SetBounds(options, max_duration, runs);
  WatchInterrupts();
  const bool quiet = options.common.json && options.common.json->empty();
  std::vector<Suite> suites;
  for (const auto& run : runs) suites.push_back(SuiteOf(*run));
  SuiteOptions suite_options{.report_folder = options.report,
                             .stop = Interrupted,
                             .at_once = options.bench.empty() ? 0 : options.jobs,
                             .until_failure = options.until_failure,
                             .redactor = keeping.redactor.get(),
                             .retries = options.retries};
  for (const auto& [name, value] : TellOptions(options)) {
    suite_options.options[name] =
        keeping.redactor != nullptr ? keeping.redactor->Redacted(value) : value;
  }
  suite_options.complete = [&](report::Report& report) {
    if (minimum) report.coverage.minimum = *minimum;
    report.seed = options.seed;
    if (link_latency) report.link_latency = link_latency;
    report.filters = options.filters;
    report.excludes = options.excludes;
    report.fail_on_deviation = options.fail_on == "deviation";
    report.fail_on_flaky = options.flaky == "fail";
  };
  std::string failure;
  suite_options.failure = &failure;
  if (resume) {
    const std::string why_not = WhyNotResume(resume->head, HeadOf(suites, suite_options));
    if (!why_not.empty()) return Usage("run", "--resume " + given.resume + ": " + why_not);
    suite_options.resume = &*resume;
    if (!quiet)
      std::cerr << "resumed: " << resume->lines.size() << " cases have ended already\n";
  }
  ShownProgress shown(suites, {.live = IsLive(2), .quiet = quiet},
                      std::any_of(runs.begin(), runs.end(), [](const auto& run) {
                        return !run->emulator || HasRealTime(*run->emulator);
                      }));
  report::Report report = RunSuites(suites, suite_options, shown.watcher());
  shown.Finish();
  if (!failure.empty())
    return Broken("run", failure + "; what was written is kept: assay run --resume " + options.report);
  if (gate.baseline) {
    gate.options.there.emplace();
    for (const auto& run : runs)
      gate.options.there->insert(run->selection.others.begin(), run->selection.others.end());
    Hold(report, gate);
  }
  if (options.shrink) {
    const auto repro = [&](const std::string& path) {
      RunOptions one = options;
      one.transcripts = {path};
      return ReproOf(one);
    };
    const DeviceRun& run = *runs.front();
    const ShrinkJob job{run.files, run.select, run.benches.front(), options.report, repro,
                        keeping.redactor.get()};
    if (const std::string failed = ShrinkFailures(report, job); !failed.empty())
      return Broken("run", failed);
  }
  HashWithoutSecrets(keeping, report);
  if (keeping.redactor != nullptr)
    keeping.redactor->RedactHead(report, runs.size() == 1 ? runs.front()->grammar.get() : nullptr);
  if (!options.report.empty()) {
    if (const std::string failed = WriteReports(report, options.report); !failed.empty())
      return Broken("run", failed);
  }
  if (test && !test->junit.empty() &&
      !WriteFile(test->junit, report::WriteJunit(report), &error))
    return Broken("run", error);
  if (options.common.json) {
    if (const int status = Deliver(report::WriteJson(report), options.common.json);
        status != kPassed)
      return status;
  }
  if (!quiet) {
    std::cout << report::WriteConsole(report, Terminal(1));
    std::cout << NextSteps(report, options.report);
  }
  if (Interrupted()) return kInterrupted;
  if (options.gate.update && report.summary.error == 0)
    return UpdateFile("run", report, gate, update, !options.filters.empty());
  return report::ExitStatus(report);
}

}  // namespace assay::harness
