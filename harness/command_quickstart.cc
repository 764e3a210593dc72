// assay quickstart: a whole bench on this machine, without arguments.
#include <algorithm>
#include <filesystem>
#include <future>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <unistd.h>

#include "devices/bench_broker.h"
#include "devices/mqtt_sn_udp_gateway.h"
#include "harness/bench_hosts.h"
#include "harness/bench_modems.h"
#include "harness/bench_tls.h"
#include "harness/commands.h"
#include "harness/device_url.h"
#include "harness/output.h"
#include "harness/secret_options.h"
#include "harness/show_progress.h"
#include "harness/suite.h"
#include "harness/suites.h"

namespace assay::harness {
namespace {

namespace fs = std::filesystem;

// A folder of our own, and gone with us.
class BenchFolder {
 public:
  BenchFolder() : path_(fs::temp_directory_path() / ("assay-bench-" + std::to_string(getpid()))) {
    fs::create_directories(path_);
  }
  BenchFolder(const BenchFolder&) = delete;
  BenchFolder& operator=(const BenchFolder&) = delete;
  ~BenchFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// One dialect's cases, and the emulated modems that play them.
struct Stand {
  std::string dialect;
  std::shared_ptr<const dialect::Grammar> grammar;
  Aims aims;
  Selection selection;
  std::unique_ptr<BenchModems> modems;
  std::vector<Bench> benches;
};

// As `emulate` takes them.
struct Servers {
  std::string broker, gateway;
};

constexpr std::string_view Words(BenchModems::Line line) {
  return line == BenchModems::Line::kPty ? "on pseudo-terminals" : "on standard streams";
}

// Empty, or what went wrong.
std::string Gather(Stand& stand, const Workplace& place, const SelectOptions& select) {
  const Loaded loaded = place.Load(stand.dialect, "");
  stand.grammar = loaded.grammar;
  if (stand.grammar == nullptr)
    return loaded.error + "the spec of " + stand.dialect + " cannot be read";
  SuiteFiles suite = FilesOfSuite("all", place, stand.grammar, {});
  if (!suite.error.empty()) return suite.error;
  stand.aims = std::move(suite.aims);
  stand.selection = Select(suite.files, *stand.grammar, select);
  return stand.selection.error;
}

std::string Start(Stand& stand, const Servers& servers, BenchModems::Line line, std::size_t modems,
                  const fs::path& folder) {
  std::cerr << "starting " << modems << " emulated " << stand.grammar->model()
            << " " << Words(line) << "\n";
  fs::create_directories(folder);
  const std::string program = fs::read_symlink("/proc/self/exe").string();
  stand.modems = std::make_unique<BenchModems>(BenchModems::Options{.program = program,
                                                                    .dialect = stand.dialect,
                                                                    .broker = servers.broker,
                                                                    .gateway = servers.gateway,
                                                                    .line = line,
                                                                    .count = modems,
                                                                    .folder = folder});
  if (!stand.modems->Error().empty()) return stand.modems->Error();
  for (std::size_t i = 0; i < stand.modems->Urls().size(); ++i) {
    Bench bench{*stand.grammar,
                [url = stand.modems->Urls()[i]] {
                  return device::OpenDevice(url, Time{5'000'000});
                },
                true,
                false,
                kRealTolerance,
                "assay run --dialect " + stand.dialect + " --device emulator:" + stand.dialect,
                Interrupted};
    bench.act = [switches = stand.modems.get(), i](transcript::BenchAct act,
                                                   bool) -> std::optional<BenchResult> {
      if (!switches->Acts().contains(act)) return std::nullopt;
      const std::string failed = switches->Do(i, act);
      return BenchResult{failed.empty(), failed};
    };
    stand.benches.push_back(std::move(bench));
  }
  return {};
}

std::size_t Cases(const Stand& stand) { return stand.selection.plans.size(); }

void LookNext(const std::string& folder, const std::vector<Stand>& stands) {
  std::cout << "Look next:\n"
            << "  " << folder
            << "/report.html     every case, with the bytes that went over the line\n"
            << "  " << folder << "/recordings/     what was seen, as transcripts\n"
            << "  " << folder << "/junit.xml, result.json   for CI\n"
            << "Try next:\n"
            << "  harness/quickstart run --dialect " << stands.front().dialect
            << " --device /dev/ttyUSB2      the same against a module\n"
            << "  harness/quickstart selftest --dialect " << stands.front().dialect
            << "                       would it notice a fault?\n";
}

}  // namespace

int QuickstartCommand(const QuickstartOptions& options) {
  const Workplace place({});
  SelectOptions select;
  if (const std::string wrong = ReadWaits(options.max_wait, options.long_waits, select);
      !wrong.empty())
    return Usage("quickstart", wrong);
  if (const std::string none = NoMqttClient(); !none.empty()) return Usage("quickstart", none);
  if (const std::string failed = CannotWrite(options.report + "/result.json"); !failed.empty())
    return Usage("quickstart", failed);
  WatchInterrupts();
  const BenchFolder folder;
  std::cerr << "starting a mosquitto broker on loopback, and an MQTT-SN gateway to it\n";
  const BenchTls tls(folder.path());
  if (!tls.Error().empty()) return Broken("quickstart", "no certificates: " + tls.Error());
  const device::BenchBroker broker(tls.Servers());
  if (!broker.Error().empty())
    return Broken("quickstart", "the broker did not start: " + broker.Error());
  const BenchHosts hosts;
  if (!hosts.Error().empty()) return Broken("quickstart", hosts.Error());
  const device::sn::UdpGateway gateway(device::MakeMosquittoService({.port = broker.Port()}));
  if (!gateway.Error().empty())
    return Broken("quickstart", "the MQTT-SN gateway did not start: " + gateway.Error());
  const Servers servers{"mqtt://127.0.0.1:" + std::to_string(broker.Port()) +
                            "?tls=" + std::to_string(broker.TlsPort()),
                        "udp://127.0.0.1:" + std::to_string(gateway.Port())};
  select.pixit = hosts.Pixit();
  select.pixit.merge(tls.Pixit(broker));
  select.lacks.emplace(kMisbehavingGateway);
  // A modem that is started for each case has no switch.
  select.can.emplace();
  if (options.line == "pty") {
    using transcript::BenchAct;
    *select.can = {BenchAct::kNetworkOff, BenchAct::kNetworkOn, BenchAct::kSimOut,
                   BenchAct::kSimIn};
  }

  std::vector<Stand> stands;
  for (const std::string& dialect : place.Dialects()) {
    if (!place.GoldenFolder(dialect).empty()) stands.push_back({.dialect = dialect});
  }
  if (stands.empty()) return Broken("quickstart", "there are no goldens in " + DataFolder());
  const BenchModems::Line line =
      options.line == "pty" ? BenchModems::Line::kPty : BenchModems::Line::kStdio;
  std::vector<std::future<std::string>> gathered;
  for (Stand& stand : stands) {
    std::cerr << "deriving the suite of " << stand.dialect << "\n";
    gathered.push_back(
        std::async(std::launch::async, [&] { return Gather(stand, place, select); }));
  }
  std::size_t cases = 0;
  for (std::size_t i = 0; i < stands.size(); ++i) {
    if (const std::string failed = gathered[i].get(); !failed.empty())
      return Broken("quickstart", failed);
    cases += Cases(stands[i]);
  }
  for (Stand& stand : stands) {
    const fs::path own = folder.path() / FileNameOf(stand.dialect);
    const std::size_t share = options.modems * Cases(stand) / std::max<std::size_t>(cases, 1);
    const std::string failed =
        Start(stand, servers, line, std::max<std::size_t>(share, 1), own);
    if (!failed.empty()) return Broken("quickstart", failed);
  }

  std::vector<Suite> suites;
  for (const Stand& stand : stands)
    suites.push_back({.selection = stand.selection, .benches = stand.benches, .aims = &stand.aims,
                      .name = "all"});
  const Keeping keeping = MakeKeeping({});
  GiveValues(keeping, select.pixit);
  for (const Stand& stand : stands)
    GivePublic(keeping, stand.selection.plans, stand.benches.front().grammar);
  SuiteOptions suite_options{options.report, Interrupted};
  suite_options.redactor = keeping.redactor.get();
  ShownProgress shown(suites, {.live = IsLive(2)}, true);
  report::Report report = RunSuites(suites, suite_options, shown.watcher());
  shown.Finish();
  report.device_address = "emulators " + std::string(Words(line));
  report.identity = {{"kind", "emulator"}, {"broker", "mosquitto on loopback"}};
  if (const std::string failed = WriteReports(report, options.report); !failed.empty())
    return Broken("quickstart", failed);
  std::cout << report::WriteConsole(report, Terminal(1)) << "\n";
  LookNext(options.report, stands);
  if (Interrupted()) return kInterrupted;
  return report::ExitStatus(report);
}

}  // namespace assay::harness
