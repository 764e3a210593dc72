#include "harness/device_run.h"

#include <algorithm>
#include <iostream>
#include <utility>

#include "devices/device.h"
#include "devices/port_names.h"
#include "harness/identification.h"
#include "harness/output.h"
#include "harness/port_probe.h"
#include "harness/suites.h"

namespace assay::harness {
namespace {

constexpr Time kPatience{10'000'000};
// A packet that the modem has spoken of is on its way no longer.
constexpr Time kPacketPatience{2'000'000};

std::string Quoted(const std::string& text) {
  return text.find_first_of(" '\"?&*;<>") == std::string::npos ? text : "'" + text + "'";
}

// A value of the bench that no case asks for, but one by nearly the same name.
std::string Misspelt(const std::set<std::string>& unasked, const DeviceRun& run,
                     const Workplace& place) {
  if (unasked.empty()) return {};
  std::string ignored;
  std::vector<TranscriptFile> goldens;
  if (const std::string folder = place.GoldenFolder(run.grammar->dialect().id); !folder.empty())
    goldens = FindTranscripts({folder}, &ignored);
  AskedValues asked = AskedBy(goldens, *run.grammar, &ignored).value_or(AskedValues());
  for (const transcript::Plan& plan : run.selection.plans) {
    for (const std::string& name : plan.asks) asked[name];
  }
  for (const std::string& name : unasked) {
    if (const std::string meant = Meant(name, asked); !meant.empty())
      return "no case asks for " + name + "; did you mean " + meant + "?";
  }
  return {};
}

// Claims come before the spec is loaded, for they name the model.
int ReadClaims(DeviceRun& run, std::optional<std::string>& claims) {
  const std::string& file = run.options.pics;
  if (file.empty()) return kPassed;
  std::string error, &model = run.options.common.model;
  claims = ReadFile(file, &error);
  if (!claims) return run.Usage(error);
  const std::string claimed = ModelIn(*claims);
  if (!claimed.empty() && !model.empty() && claimed != model)
    return run.Usage(file + " is of the model " + claimed + ", " +
                     (run.name.empty() ? "--model" : "model") + " is " + model);
  if (model.empty()) model = claimed;
  return kPassed;
}

// A port before the bench's broker, by which all cases go that ask for it.
int Observe(DeviceRun& run) {
  const RunOptions& options = run.options;
  if (options.observe.empty()) return kPassed;
  std::string error;
  const auto broker = ParseBroker(options.observe, &error);
  if (!broker) return run.Usage("--observe: " + error);
  if (options.jobs > 1) return run.Usage("--observe looks at one modem: --jobs 1");
  if (options.dry_run) return kPassed;
  if (const std::string failed = CannotReach(*broker, kPatience); !failed.empty())
    return run.Broken("--observe: " + failed);
  const auto& reached = run.abilities->observe;
  device::MqttRelay::Options relay{.host = broker->host, .port = broker->port};
  if (reached) {
    relay.listen = "0.0.0.0";
    relay.listen_port = reached->port;
  }
  Observation observation{.journal = std::make_shared<device::WireJournal>(),
                          .patience = kPacketPatience};
  run.relay = std::make_unique<device::MqttRelay>(relay, observation.journal);
  if (!run.relay->Error().empty()) return run.Broken("--observe: " + run.relay->Error());
  const Lookout::Place place{reached ? reached->host : relay.listen, run.relay->Port()};
  observation.lookout.place = place;
  run.select.pixit["broker.host"] = place.host;
  run.select.pixit["broker.port"] = std::to_string(place.port);
  run.observation = std::make_shared<const Observation>(std::move(observation));
  return kPassed;
}

int SetUpEmulator(DeviceRun& run, const Workplace& place) {
  const RunOptions& options = run.options;
  if (!IsEmulatorUrl(options.device)) {
    if (options.clock != "virtual") return kPassed;
    return run.Usage(
        "--clock virtual: only an emulator in process and a replay have time that can be moved");
  }
  std::string error;
  run.emulator = ParseEmulatorUrl(options.device, place, &error);
  if (!run.emulator) return run.Usage(error);
  if (const std::string& spoken = run.emulator->grammar->dialect().id;
      spoken != run.grammar->dialect().id)
    std::cerr << "assay run: warning: the emulator speaks " << spoken << ", the cases are for "
              << run.grammar->dialect().id << "\n";
  if (run.relay != nullptr)
    run.emulator->broker = device::MosquittoOptions{.host = "127.0.0.1", .port = run.relay->Port()};
  run.emulator->tolerant = run.emulator->tolerant && run.select.tolerant;
  run.emulator->real_clock = options.clock == "real";
  return kPassed;
}

// Why it cannot be used; one of several does not keep the others waiting for it: its cases tell.
int TryDevice(DeviceRun& run, std::string& cannot, std::unique_ptr<device::Device>& opened) {
  const bool alone = run.name.empty();
  if (!run.emulator) {
    device::OpenResult first =
        device::OpenDevice(device::StableUrl(run.options.device), kPatience);
    opened = std::move(first.device);
    if (opened != nullptr) return kPassed;
    if (first.usage) return run.Usage(first.error);
    return alone ? run.Broken(first.error) : static_cast<int>(kPassed);
  }
  if (!run.emulator->broker) return kPassed;
  cannot = CannotReach(*run.emulator->broker, kPatience);
  return cannot.empty() || !alone ? static_cast<int>(kPassed) : run.Broken(cannot);
}

}  // namespace

int DeviceRun::Usage(const std::string& message) const {
  return harness::Usage("run", (name.empty() ? "" : "device " + name + ": ") + message);
}

int DeviceRun::Broken(const std::string& message) const {
  return harness::Broken("run", (name.empty() ? "" : "device " + name + ": ") + message);
}

DeviceRun OneOf(const RunOptions& options, const BenchDevice& device, std::size_t number,
                const SelectOptions& select) {
  DeviceRun run{.name = device.name, .number = number, .options = options, .select = select};
  run.options.common.dialect = device.dialect;
  run.options.common.model = device.model;
  run.options.device = device.url;
  run.options.pics = device.pics;
  run.options.pixit = device.pixit;
  run.options.jobs = 1;
  run.bench_values = device.abilities;
  run.select.others = true;
  return run;
}

std::string ReproOf(const RunOptions& options) {
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
  if (!options.observe.empty()) out += " --observe " + Quoted(options.observe);
  if (!options.allow.empty()) out += " --allow " + options.allow;
  return out + " --device " + Quoted(options.device);
}

int PrepareCases(DeviceRun& run, const Workplace& place) {
  const RunOptions& options = run.options;
  std::optional<std::string> claims;
  if (const int status = ReadClaims(run, claims); status != kPassed) return status;
  const Loaded loaded = place.Load(options.common.dialect, options.common.model);
  std::cerr << loaded.error;
  if (loaded.grammar == nullptr) return kUsage;
  run.grammar = loaded.grammar;
  std::string error;
  if (claims) {
    run.pics = ParsePics(options.pics, *claims, *run.grammar, &error);
    if (!run.pics) {
      std::cerr << error;
      return kUsage;
    }
    run.select.pics = &*run.pics;
  }
  run.files = FindTranscripts(options.transcripts, &error);
  if (!error.empty()) return run.Usage(error);
  if (options.transcripts.empty()) {
    SuiteFiles suite = FilesOfSuite(options.suite, place, run.grammar, {.seed = options.seed});
    if (!suite.error.empty()) return run.Usage(suite.error);
    run.files = std::move(suite.files);
    run.aims = std::move(suite.aims);
  }
  if (!options.pixit.empty()) {
    const auto pixit = ReadPixit(options.pixit, &error);
    if (!pixit) return run.Usage(error);
    run.select.pixit = *pixit;
  }
  for (const auto& [name, value] : run.bench_values) run.select.pixit[name] = value;
  run.abilities = TakeBenchAbilities(run.select.pixit, &error);
  if (!run.abilities) return run.Usage(options.pixit + (options.pixit.empty() ? "" : ": ") + error);
  if (const int status = Observe(run); status != kPassed) return status;
  // An emulator in process has its network there, too; a recording says what was done, and when.
  const bool emulated = EmulatesBench(options.device) && options.observe.empty();
  const bool recorded = options.device.starts_with("replay:");
  if (!emulated && !recorded && !options.device.empty()) run.select.can = run.abilities->Acts();
  if (!IsEmulatorUrl(options.device) && !recorded && !options.device.empty()) {
    run.select.allowed = ParseAllowed(options.allow, &error);
    if (!run.select.allowed) return run.Usage(error);
  }
  run.selection = Select(run.files, *run.grammar, run.select);
  return run.selection.error.empty() ? static_cast<int>(kPassed) : run.Usage(run.selection.error);
}

Suite SuiteOf(const DeviceRun& run) {
  const RunOptions& options = run.options;
  Suite suite{run.selection, run.benches, &run.aims, run.name, options.device};
  suite.name = options.transcripts.empty() ? options.suite : "transcripts";
  for (const auto& [what, file] : {std::pair{"bench", options.bench}, {"pics", options.pics},
                                   {"pixit", options.pixit}}) {
    if (auto input = InputOf(what, file)) suite.inputs.push_back(std::move(*input));
  }
  suite.pixit = run.select.pixit;
  return suite;
}

int CheckValues(const std::vector<std::unique_ptr<DeviceRun>>& runs, const Workplace& place,
                bool warn) {
  std::set<std::string> told;
  for (const auto& run : runs) {
    // Of a file that several devices share, what none of them asks for.
    std::set<std::string> unasked = run->selection.unasked;
    for (const auto& other : runs) {
      if (other->options.pixit != run->options.pixit) continue;
      std::erase_if(unasked, [&](const std::string& name) {
        return !other->selection.unasked.contains(name);
      });
    }
    if (const std::string meant = Misspelt(unasked, *run, place); !meant.empty())
      return run->Usage(run->options.pixit + ": " + meant);
    for (const std::string& name : unasked) {
      const std::string warning = run->options.pixit + ": no case asks for " + name;
      if (warn && told.insert(warning).second)
        std::cerr << "assay run: warning: " << warning << "\n";
    }
  }
  return kPassed;
}

int PrepareDevice(DeviceRun& run, const Workplace& place, std::optional<Time> link_latency) {
  const RunOptions& options = run.options;
  if (options.device.empty())
    return run.Usage(
        "--device URL is missing: serial:PATH, tcp://H:P, pty:LINK, exec:CMD, replay:FILE, "
        "emulator:DIALECT");
  std::string cannot;
  if (const int status = SetUpEmulator(run, place); status != kPassed) return status;
  std::unique_ptr<device::Device> opened;
  if (const int status = TryDevice(run, cannot, opened); status != kPassed) return status;
  const bool real_time = !run.emulator || HasRealTime(*run.emulator);
  std::function<BenchResult()> power;
  if (const BenchCommand* command = run.abilities->Find("bench.power"))
    power = [command] { return RunBenchCommand(*command, Interrupted); };
  // Its number may be another after it was pulled out.
  const std::string url = run.emulator ? options.device : device::StableUrl(options.device);
  Bench bench{
      *run.grammar,
      // The first case takes what is open: a server may need a moment to let go of a port.
      [url, first = std::make_shared<std::unique_ptr<device::Device>>(std::move(opened))] {
        if (*first != nullptr) return device::OpenResult{.device = std::move(*first)};
        return device::OpenDevice(url, kPatience);
      },
      run.select.tolerant,
      options.fail_on == "deviation",
      (real_time ? kRealTolerance : Time{0}) + link_latency.value_or(Time{0}),
      ReproOf(options),
      real_time ? Interrupted : std::function<bool()>(),
      power,
      run.abilities->boot,
      [abilities = &*run.abilities](transcript::BenchAct act,
                                    bool interruptible) -> std::optional<BenchResult> {
        const BenchCommand* command = abilities->Find(act);
        if (command == nullptr) return std::nullopt;
        return RunBenchCommand(*command, interruptible ? Interrupted : std::function<bool()>());
      },
      options.link_latency == "auto" && real_time,
      run.observation,
      run.select.allowed};
  // A recording answers what was asked then, and nothing else.
  bench.identify = !options.device.starts_with("replay:");
  if (!run.emulator && bench.identify) {
    bench.replug = Time{static_cast<std::int64_t>(options.replug * 1e6)};
    bench.why_silent = [url, command = RateCommand(run.grammar->dialect())] {
      return WhySilent(url, command);
    };
    std::set<std::string> known;
    for (const spec::ResetStep& step : run.grammar->dialect().reset) {
      if (step.send.find('<') == std::string::npos && known.insert(step.send).second)
        bench.touched.push_back(step.send);
    }
    for (const transcript::Plan& plan : run.selection.plans) {
      if (plan.skip) continue;
      for (std::string& line : CommandsOf(plan)) {
        if (known.insert(line).second) bench.touched.push_back(std::move(line));
      }
    }
  }
  const std::size_t jobs = run.emulator ? std::max<std::size_t>(options.jobs, 1) : 1;
  while (run.benches.size() < jobs) run.benches.push_back(bench);
  for (std::size_t i = 0; run.emulator && i < run.benches.size(); ++i) {
    EmulatorSetup own = *run.emulator;
    // Emulators side by side are the same modem, unless they share a broker: then it has to tell
    // them apart.
    own.seed += SeedOf(options.seed) + static_cast<std::int64_t>(run.number + (own.broker ? i : 0));
    if (!own.broker) {
      own.journal = std::make_shared<device::WireJournal>();
      run.benches[i].observation = std::make_shared<Observation>(Observation{own.journal, {}});
    }
    run.benches[i].open = [own, url = options.device, cannot]() -> device::OpenResult {
      device::OpenResult result;
      result.error = cannot;
      if (cannot.empty()) result.device = MakeEmulatorDevice(own, url);
      return result;
    };
  }
  return kPassed;
}

}  // namespace assay::harness
