// assay emulate: a modem for drivers and CI.
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "devices/control_order.h"
#include "devices/emulator_server.h"
#include "devices/modem_script.h"
#include "devices/scripted_broker.h"
#include "devices/tcp.h"
#include "harness/commands.h"
#include "harness/device_url.h"
#include "harness/fault_list.h"
#include "harness/output.h"
#include "harness/secret_options.h"
#include "reports/live_redaction.h"

namespace assay::harness {
namespace {

constexpr Time kPatience{1'000'000};
// Of a real broker: connections of a modem, that are open at once as a rule.
constexpr std::size_t kLinks = 4;
constexpr int kLastPort = 65535;
// Of a broker that is not there but behaves as a file says.
constexpr std::string_view kScript = "script:";

constexpr std::string_view kNumber = "{n}";

// "log{n}.at" of modem 3 is "log3.at", and "log.at" of several is "log.at-3".
std::string Numbered(std::string name, std::size_t number, std::size_t count) {
  if (count > 1 && name.find(kNumber) == std::string::npos) name += "-{n}";
  for (std::size_t at; (at = name.find(kNumber)) != std::string::npos;)
    name.replace(at, kNumber.size(), std::to_string(number));
  return name;
}

// Where modem `number` of `count` is served: "pty:/tmp/modem{n}", or "pty:/tmp/modem" as
// /tmp/modem-0, /tmp/modem-1; the next port, unless each picks its own.
std::string ListenOf(const std::string& listen, std::size_t number, std::size_t count,
                     std::string* error) {
  if (count == 1 && listen.find(kNumber) == std::string::npos) return listen;
  if (listen.starts_with("pty:")) return Numbered(listen, number, count);
  if (!listen.starts_with("tcp:")) {
    *error = "--listen " + listen + ": --count takes pty:LINK or tcp:HOST:PORT";
    return {};
  }
  const auto where = device::ParseHostPort(std::string_view(listen).substr(4));
  if (!where || where->port == 0) return listen;
  const std::size_t port = where->port + number;
  if (port > kLastPort) {
    *error = "--listen " + listen + ": there is no port " + std::to_string(port) + " for modem " +
             std::to_string(number);
  }
  return listen.substr(0, listen.rfind(':') + 1) + std::to_string(port);
}

// Keeps secrets out of the log of one modem.
std::function<void(bool, std::string&)> FilterOf(const Keeping& keeping,
                                                 const dialect::Grammar& grammar) {
  if (keeping.redactor == nullptr) return {};
  return [live = std::make_shared<report::LiveRedaction>(*keeping.redactor, grammar)](
             bool host, std::string& bytes) { host ? live->Sent(bytes) : live->Received(bytes); };
}

}  // namespace

int EmulateCommand(const EmulateOptions& options) {
  const Keeping keeping = MakeKeeping(options.common);
  if (!keeping.error.empty()) return Usage("emulate", keeping.error);
  const Workplace place({options.common.spec_folders, options.common.overlays});
  const Loaded loaded = place.Load(options.common.dialect, options.common.model);
  std::cerr << loaded.error;
  if (loaded.grammar == nullptr) return kUsage;
  std::string error;
  // Before a broker of ours has a thread, which would be ended by the signals.
  const device::Descriptor stop = device::TerminationSignals();
  EmulatorSetup setup;
  setup.seed = SeedOf(options.seed);
  setup.grammar = loaded.grammar;
  setup.tolerant = options.common.reading != "strict";
  std::unique_ptr<device::ScriptedBroker> scripted;
  std::string broker = options.broker;
  if (broker.starts_with(kScript)) {
    const std::string file = broker.substr(kScript.size());
    const auto text = ReadFile(file, &error);
    if (!text) return Usage("emulate", error);
    scripted = std::make_unique<device::ScriptedBroker>(file, *text);
    if (!scripted->Error().empty()) return Usage("emulate", "--broker\n" + scripted->Error());
    broker = "mqtt://127.0.0.1:" + std::to_string(scripted->Port());
  }
  if (!broker.empty()) {
    setup.broker = ParseBroker(broker, &error);
    if (!setup.broker) return Usage("emulate", error);
    if (const std::string none = NoMqttClient(); !none.empty())
      return Usage("emulate", "--broker: " + none);
    // It may still come; until then every link fails.
    if (const std::string warning = CannotReach(*setup.broker, kPatience); !warning.empty())
      std::cerr << "assay emulate: warning: " << warning << "\n";
  }
  if (!options.gateway.empty()) {
    setup.gateway = ParseGateway(options.gateway, &error);
    if (!setup.gateway) return Usage("emulate", error);
  }
  if (!FindFaults(place, *loaded.grammar, options.faults, &error)) return Usage("emulate", error);
  device::ServeOptions served{.stop_fd = stop.get(),
                              .descriptors_each = setup.broker ? kLinks : 0,
                              .control = options.control,
                              .find_fault = [&place](const dialect::Grammar& grammar,
                                                     const std::string& id, std::string* why) {
                                return FaultList(place).Find(grammar, id, why);
                              }};
  for (const std::string& latency : options.latencies) {
    const device::ParsedOrder parsed = device::ParseOrder("latency " + latency);
    if (!parsed.order) return Usage("emulate", "--latency " + latency + ": " + parsed.error);
    served.orders.push_back(*parsed.order);
  }
  if (!options.script.empty()) {
    const auto text = ReadFile(options.script, &error);
    if (!text) return Usage("emulate", error);
    device::ParsedScript parsed = device::ParseScript(options.script, *text);
    if (parsed.script == nullptr) {
      std::cerr << parsed.errors;
      return kUsage;
    }
    served.script = std::move(parsed.script);
  }
  setup.local = device::MakeLocalBroker();
  served.publisher = [setup] { return MakeService(setup); };
  const std::int64_t first = setup.seed;
  for (std::size_t number = 0; number < options.count; ++number) {
    const std::string listen = ListenOf(options.listen, number, options.count, &error);
    if (!error.empty()) return Usage("emulate", error);
    setup.seed = SeedOf(static_cast<std::uint64_t>(first) + number);
    served.modems.push_back({listen, [setup](device::News news) mutable {
                               setup.news = std::move(news);
                               return MakeEmulator(setup);
                             },
                             options.faults,
                             options.log.empty() ? "" : Numbered(options.log, number, options.count),
                             FilterOf(keeping, *setup.grammar)});
  }
  return device::Serve(served, std::cout, std::cerr);
}

}  // namespace assay::harness
