// assay run: live execution.
#include <charconv>
#include <cstdlib>
#include <iostream>

#include "dialects/value.h"
#include "harness/commands.h"
#include "harness/device_url.h"
#include "harness/output.h"
#include "harness/shard.h"
#include "harness/shrink_report.h"
#include "harness/suite.h"
#include "harness/suites.h"
#include "reports/json.h"

namespace assay::harness {
namespace {

constexpr Time kPatience{10'000'000};

bool ParseWait(std::string_view text, SelectOptions& options) {
  constexpr double kMostSeconds = 1e9;
  if (text.ends_with('s')) text.remove_suffix(1);
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size()) return false;
  if (!(seconds >= 0 && seconds <= kMostSeconds)) return false;
  options.longest_wait = Time{static_cast<std::int64_t>(seconds * 1e6)};
  return true;
}

std::string Quoted(const std::string& text) {
  return text.find_first_of(" '\"?&*;<>") == std::string::npos ? text : "'" + text + "'";
}

std::string Repro(const RunOptions& options) {
  std::string out = "assay run";
  for (const std::string& transcript : options.transcripts) out += " " + Quoted(transcript);
  for (const std::string& folder : options.common.spec_folders) out += " --spec " + Quoted(folder);
  for (const std::string& overlay : options.common.overlays) out += " --overlay " + Quoted(overlay);
  out += " --dialect " + options.common.dialect;
  if (!options.common.model.empty()) out += " --model " + Quoted(options.common.model);
  if (options.transcripts.empty() && options.suite != RunOptions().suite)
    out += " --suite " + options.suite;
  if (options.common.reading != "tolerant") out += " --reading " + options.common.reading;
  if (!options.pics.empty()) out += " --pics " + Quoted(options.pics);
  if (!options.pixit.empty()) out += " --pixit " + Quoted(options.pixit);
  return out + " --device " + Quoted(options.device);
}

// A value of the bench that no case asks for, but one by nearly the same name.
std::string Misspelt(const Selection& selection, const Workplace& place,
                     const dialect::Grammar& grammar) {
  if (selection.unasked.empty()) return {};
  std::string ignored;
  std::vector<TranscriptFile> goldens;
  if (const std::string folder = place.GoldenFolder(grammar.dialect().id); !folder.empty())
    goldens = FindTranscripts({folder}, &ignored);
  AskedValues asked = AskedBy(goldens, grammar, &ignored).value_or(AskedValues());
  for (const transcript::Plan& plan : selection.plans) {
    for (const std::string& name : plan.asks) asked[name];
  }
  for (const std::string& name : selection.unasked) {
    if (const std::string meant = Meant(name, asked); !meant.empty())
      return "no case asks for " + name + "; did you mean " + meant + "?";
  }
  return {};
}

void DryRun(const Selection& selection) {
  for (const transcript::Plan& plan : selection.plans) {
    std::cout << plan.id << "  " << plan.clause << "  "
              << (plan.skip ? "skipped: " + *plan.skip : plan.purpose) << "\n";
  }
  std::cout << selection.plans.size() << " cases\n";
}

}  // namespace

int RunCommand(const RunOptions& options) {
  const Workplace place({options.common.spec_folders, options.common.overlays});
  std::string error, model = options.common.model;
  std::optional<std::string> claims;
  if (!options.pics.empty()) {
    claims = ReadFile(options.pics, &error);
    if (!claims) return Usage("run", error);
    const std::string claimed = ModelIn(*claims);
    if (!claimed.empty() && !model.empty() && claimed != model)
      return Usage("run", options.pics + " is of the model " + claimed + ", --model is " + model);
    if (model.empty()) model = claimed;
  }
  const Loaded loaded = place.Load(options.common.dialect, model);
  std::cerr << loaded.error;
  if (loaded.grammar == nullptr) return kUsage;
  const dialect::Grammar& grammar = *loaded.grammar;
  std::optional<Pics> pics;
  if (claims && !(pics = ParsePics(options.pics, *claims, grammar, &error))) {
    std::cerr << error;
    return kUsage;
  }
  std::vector<TranscriptFile> files = FindTranscripts(options.transcripts, &error);
  if (!error.empty()) return Usage("run", error);
  Aims aims;
  if (options.transcripts.empty()) {
    SuiteFiles suite = FilesOfSuite(options.suite, place, loaded.grammar, {.seed = options.seed});
    if (!suite.error.empty()) return Usage("run", suite.error);
    files = std::move(suite.files);
    aims = std::move(suite.aims);
  }
  SelectOptions select;
  select.filters = options.filters;
  select.excludes = options.excludes;
  select.repeat = std::max<std::size_t>(options.repeat, 1);
  select.tolerant = options.common.reading != "strict";
  const std::optional<Shard> shard = ChooseShard(
      options.shard, [](const char* name) { return std::getenv(name); }, &error);
  if (!shard) return Usage("run", error);
  if (!shard->status_file.empty() && !WriteFile(shard->status_file, "", &error))
    return Broken("run", error);
  select.shard = shard->index;
  select.shards = shard->count;
  if (!options.pixit.empty()) {
    const auto pixit = ReadPixit(options.pixit, &error);
    if (!pixit) return Usage("run", error);
    select.pixit = *pixit;
  }
  const std::optional<BenchAbilities> abilities = TakeBenchAbilities(select.pixit, &error);
  if (!abilities) return Usage("run", options.pixit + ": " + error);
  if (!options.max_wait.empty() && !ParseWait(options.max_wait, select))
    return Usage("run", "--max-wait " + options.max_wait + ": expected seconds, 30 or 2.5");
  if (options.long_waits != "leave-out") {
    if (!select.longest_wait)
      return Usage("run", "--long-waits " + options.long_waits +
                              ": --max-wait SECONDS says which waits are long");
    select.long_waits = options.long_waits == "last" ? SelectOptions::LongWaits::kLast
                                                     : SelectOptions::LongWaits::kOnly;
  }
  std::optional<std::map<report::CoverageKind, double>> minimum;
  if (!options.min_coverage.empty()) {
    minimum = report::ParseMinimum(options.min_coverage, &error);
    if (!minimum) return Usage("run", "--min-coverage: " + error);
  }
  std::optional<Time> link_latency;
  const bool measure_link = options.link_latency == "auto";
  if (!options.link_latency.empty() && !measure_link) {
    const auto milliseconds = dialect::ParseInteger(options.link_latency);
    if (!milliseconds || *milliseconds < 0 || *milliseconds > 3'600'000)
      return Usage("run", "--link-latency " + options.link_latency +
                              ": expected auto, or milliseconds up to 3600000");
    link_latency = Time{*milliseconds * 1000};
  }
  if (pics) select.pics = &*pics;
  const Selection selection = Select(files, grammar, select);
  if (!selection.error.empty()) return Usage("run", selection.error);
  // A slip of the pen would leave the default in force. Part of a suite may well need less.
  if (const std::string meant = Misspelt(selection, place, grammar); !meant.empty())
    return Usage("run", options.pixit + ": " + meant);
  if (options.filters.empty() && options.excludes.empty() && shard->count == 1) {
    for (const std::string& name : selection.unasked)
      std::cerr << "assay run: warning: " << options.pixit << ": no case asks for " << name << "\n";
  }
  if (options.dry_run) return DryRun(selection), kPassed;
  if (options.shrink && options.report.empty())
    return Usage("run", "--shrink keeps what it finds in the report: --report DIR is missing");
  if (options.device.empty())
    return Usage("run",
                 "--device URL is missing: serial:PATH, tcp://H:P, pty:LINK, exec:CMD, "
                 "replay:FILE, emulator:DIALECT");

  std::optional<EmulatorSetup> emulator;
  if (IsEmulatorUrl(options.device)) {
    emulator = ParseEmulatorUrl(options.device, place, &error);
    if (!emulator) return Usage("run", error);
    if (const std::string& spoken = emulator->grammar->dialect().id; spoken != grammar.dialect().id)
      std::cerr << "assay run: warning: the emulator speaks " << spoken << ", the cases are for "
                << grammar.dialect().id << "\n";
    emulator->tolerant = emulator->tolerant && select.tolerant;
    emulator->real_clock = options.clock == "real" && emulator->broker.has_value();
  } else if (options.clock == "virtual") {
    return Usage(
        "run",
        "--clock virtual: only an emulator in process and a replay have time that can be moved");
  }
  for (const std::string& path :
       {options.report.empty() ? std::string() : options.report + "/result.json",
        options.common.json.value_or("")}) {
    if (path.empty() || path == "-") continue;
    if (const std::string failed = CannotWrite(path); !failed.empty()) return Usage("run", failed);
  }
  bool usage = false;
  const auto open = [&]() -> device::OpenResult {
    return device::OpenDevice(options.device, kPatience);
  };
  if (!emulator) {
    device::OpenResult first = open();
    usage = first.usage;
    if (first.device == nullptr)
      return usage ? Usage("run", first.error) : Broken("run", first.error);
  }
  if (emulator && emulator->broker) {
    if (const std::string failed = CannotReach(*emulator->broker, kPatience); !failed.empty())
      return Broken("run", failed);
  }
  const bool real_time = !emulator || HasRealTime(*emulator);
  WatchInterrupts();
  std::function<BenchResult()> power;
  if (const BenchCommand* command = abilities->Find("bench.power"))
    power = [command] { return RunBenchCommand(*command, Interrupted); };
  const Bench bench{grammar,
                    open,
                    select.tolerant,
                    options.fail_on == "deviation",
                    (real_time ? kRealTolerance : Time{0}) + link_latency.value_or(Time{0}),
                    Repro(options),
                    real_time ? Interrupted : std::function<bool()>(),
                    power,
                    abilities->boot,
                    measure_link && real_time};
  report::ConsoleOptions terminal = Terminal(2);
  const bool quiet = options.common.json && options.common.json->empty();
  const Watcher watcher = [&](const report::Outcome& outcome, std::size_t index,
                              std::size_t total) {
    if (!quiet) std::cerr << report::ProgressLine(outcome, index, total, terminal) << "\n";
  };
  std::vector<Bench> benches(emulator ? std::max<std::size_t>(options.jobs, 1) : 1, bench);
  for (std::size_t i = 0; emulator && i < benches.size(); ++i) {
    EmulatorSetup own = *emulator;
    own.seed += SeedOf(options.seed) + static_cast<std::int64_t>(i);
    benches[i].open = [own, &options]() -> device::OpenResult {
      device::OpenResult result;
      result.device = MakeEmulatorDevice(own, options.device);
      return result;
    };
  }
  report::Report report =
      RunSuite(selection, benches, {options.report, Interrupted}, watcher, &aims);
  if (minimum) report.coverage.minimum = *minimum;
  report.device_address = options.device;
  report.seed = options.seed;
  if (link_latency) report.link_latency = link_latency;
  if (options.shrink) {
    const auto repro = [&](const std::string& path) {
      RunOptions one = options;
      one.transcripts = {path};
      return Repro(one);
    };
    const ShrinkJob job{files, select, benches.front(), options.report, repro};
    if (const std::string failed = ShrinkFailures(report, job); !failed.empty())
      return Broken("run", failed);
  }
  if (!options.report.empty()) {
    if (const std::string failed = WriteReports(report, options.report); !failed.empty())
      return Broken("run", failed);
  }
  if (options.common.json) {
    if (const int status = Deliver(report::WriteJson(report), options.common.json);
        status != kPassed)
      return status;
  }
  if (!quiet) {
    std::cout << report::WriteConsole(report, Terminal(1));
    if (!options.report.empty()) std::cout << "\nreport: " << options.report << "/report.html\n";
  }
  if (Interrupted()) return kInterrupted;
  return report::ExitStatus(report);
}

}  // namespace assay::harness
