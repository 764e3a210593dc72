// assay emulate: a modem for drivers and CI.
#include <iostream>

#include "devices/emulator_server.h"
#include "harness/commands.h"
#include "harness/device_url.h"
#include "harness/output.h"

namespace assay::harness {
namespace {

constexpr Time kPatience{1'000'000};

}  // namespace

int EmulateCommand(const EmulateOptions& options) {
  const Workplace place({options.common.spec_folders, options.common.overlays});
  const Loaded loaded = place.Load(options.common.dialect, options.common.model);
  std::cerr << loaded.error;
  if (loaded.grammar == nullptr) return kUsage;
  std::string error;
  EmulatorSetup setup;
  setup.seed = SeedOf(options.seed);
  setup.grammar = loaded.grammar;
  setup.tolerant = options.common.reading != "strict";
  if (!options.broker.empty()) {
    setup.broker = ParseBroker(options.broker, &error);
    if (!setup.broker) return Usage("emulate", error);
    // It may still come; until then every link fails.
    if (const std::string warning = CannotReach(*setup.broker, kPatience); !warning.empty())
      std::cerr << "assay emulate: warning: " << warning << "\n";
  }
  if (!options.gateway.empty()) {
    setup.gateway = ParseGateway(options.gateway, &error);
    if (!setup.gateway) return Usage("emulate", error);
  }
  auto faults = FindFaults(*loaded.grammar, options.faults, &error);
  if (!faults) return Usage("emulate", error);
  setup.faults = std::move(*faults);
  const device::Descriptor stop = device::TerminationSignals();
  return device::Serve({.listen = options.listen, .stop_fd = stop.get()}, MakeEmulator(setup),
                       std::cout, std::cerr);
}

}  // namespace assay::harness
