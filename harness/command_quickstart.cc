// assay quickstart: a whole bench on this machine, without arguments.
#include <filesystem>
#include <iostream>

#include <unistd.h>

#include "devices/bench_broker.h"
#include "harness/bench_hosts.h"
#include "harness/bench_modems.h"
#include "harness/bench_tls.h"
#include "harness/commands.h"
#include "harness/output.h"
#include "harness/suite.h"

namespace assay::harness {
namespace {

// Side by side, so that cases that wait for documented seconds wait together.
constexpr std::size_t kModems = 6;

}  // namespace

int QuickstartCommand(const QuickstartOptions& options) {
  const Workplace place({});
  if (const std::string failed = CannotWrite(options.report + "/result.json"); !failed.empty())
    return Usage("quickstart", failed);
  WatchInterrupts();
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("assay-bench-" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  struct Remove {
    std::filesystem::path path;
    ~Remove() {
      std::error_code ignored;
      std::filesystem::remove_all(path, ignored);
    }
  } const remove{folder};

  std::cerr << "starting a mosquitto broker on loopback\n";
  const BenchTls tls(folder);
  if (!tls.Error().empty()) return Broken("quickstart", "no certificates: " + tls.Error());
  device::BenchBroker broker({.tls = tls.Server()});
  if (!broker.Error().empty())
    return Broken("quickstart", "the broker did not start: " + broker.Error());
  const BenchHosts hosts;
  if (!hosts.Error().empty()) return Broken("quickstart", hosts.Error());

  const std::string dialect = "quectel-bg96";
  const Loaded loaded = place.Load(dialect, "");
  std::cerr << loaded.error;
  if (loaded.grammar == nullptr) return kBroken;
  const std::string program = std::filesystem::read_symlink("/proc/self/exe").string();
  const std::string url = "mqtt://127.0.0.1:" + std::to_string(broker.Port()) +
                          "?tls=" + std::to_string(broker.TlsPort());
  std::cerr << "starting " << kModems << " emulated " << loaded.grammar->model()
            << " on pseudo-terminals\n";
  const BenchModems modems({.program = program,
                            .dialect = dialect,
                            .broker = url,
                            .line = BenchModems::Line::kPty,
                            .count = kModems,
                            .folder = folder});
  if (!modems.Error().empty()) return Broken("quickstart", modems.Error());

  std::string error;
  SelectOptions select;
  select.pixit = hosts.Pixit();
  select.pixit.merge(tls.Pixit());
  const Selection selection =
      Select(FindTranscripts({place.GoldenFolder(dialect)}, &error), *loaded.grammar, select);
  if (!selection.error.empty() || !error.empty())
    return Broken("quickstart", error + selection.error);
  std::vector<Bench> benches;
  for (const std::string& modem : modems.Urls()) {
    benches.push_back(
        {*loaded.grammar, [modem] { return device::OpenDevice(modem, Time{5'000'000}); }, true,
         false, kRealTolerance, "assay run --dialect " + dialect + " --device emulator:" + dialect,
         Interrupted});
  }
  const report::ConsoleOptions terminal = Terminal(2);
  report::Report report =
      RunSuite(selection, benches, {options.report, Interrupted},
               [&](const report::Outcome& outcome, std::size_t index, std::size_t total) {
                 std::cerr << report::ProgressLine(outcome, index, total, terminal) << "\n";
               });
  report.device_address = modems.Urls().front();
  report.identity = {{"kind", "emulator"}, {"broker", "mosquitto on loopback"}};
  if (const std::string failed = WriteReports(report, options.report); !failed.empty())
    return Broken("quickstart", failed);
  std::cout << report::WriteConsole(report, Terminal(1)) << "\n"
            << "Look next:\n"
            << "  " << options.report
            << "/report.html     every case, with the bytes that went over the line\n"
            << "  " << options.report << "/recordings/     what was seen, as transcripts\n"
            << "  " << options.report << "/junit.xml, result.json   for CI\n"
            << "Try next:\n"
            << "  harness/quickstart run --dialect " << dialect
            << " --device /dev/ttyUSB2      the same against a module\n"
            << "  harness/quickstart selftest --dialect " << dialect
            << "                       would it notice a fault?\n";
  if (Interrupted()) return kInterrupted;
  return report::ExitStatus(report);
}

}  // namespace assay::harness
