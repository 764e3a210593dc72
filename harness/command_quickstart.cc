// assay quickstart: a whole bench on this machine, without arguments.
#include <filesystem>
#include <iostream>
#include <map>

#include <unistd.h>

#include "devices/bench_broker.h"
#include "devices/process.h"
#include "devices/refusing_broker.h"
#include "devices/tcp.h"
#include "harness/bench_hosts.h"
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
  std::vector<std::string> links;
  std::vector<std::unique_ptr<device::Process>> modems;
  for (std::size_t i = 0; i < kModems; ++i) {
    links.push_back((folder / ("modem" + std::to_string(i + 1))).string());
    device::StartResult modem = device::Start({program, "emulate", "--dialect", dialect, "--listen",
                                               "pty:" + links.back(), "--broker", url});
    if (modem.process == nullptr)
      return Broken("quickstart", "the emulator did not start: " + modem.error);
    modems.push_back(std::move(modem.process));
  }
  std::cerr << "starting " << kModems << " emulated " << loaded.grammar->model()
            << " on pseudo-terminals, " << links.front() << " the first\n";
  for (std::size_t i = 0; i < kModems; ++i) {
    const std::string waited =
        modems[i]->WaitUntil([&] { return std::filesystem::exists(links[i]); }, Time{10'000'000});
    if (!waited.empty()) return Broken("quickstart", "the emulator did not get ready: " + waited);
  }

  std::string error;
  SelectOptions select;
  select.pixit = hosts.Pixit();
  select.pixit.merge(tls.Pixit());
  const Selection selection =
      Select(FindTranscripts({place.GoldenFolder(dialect)}, &error), *loaded.grammar, select);
  if (!selection.error.empty() || !error.empty())
    return Broken("quickstart", error + selection.error);
  std::vector<Bench> benches;
  for (const std::string& link : links) {
    benches.push_back({*loaded.grammar,
                       [link] { return device::OpenDevice("serial:" + link, Time{5'000'000}); },
                       true, false, kRealTolerance,
                       "assay run --dialect " + dialect + " --device emulator:" + dialect});
  }
  const report::ConsoleOptions terminal = Terminal(2);
  report::Report report =
      RunSuite(selection, benches, {options.report, Interrupted},
               [&](const report::Outcome& outcome, std::size_t index, std::size_t total) {
                 std::cerr << report::ProgressLine(outcome, index, total, terminal) << "\n";
               });
  report.device_address = "serial:" + links.front();
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
