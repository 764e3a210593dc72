// One device of a run, made ready: its spec, what it claims, its cases, and how it is opened.
//
//   DeviceRun run{.name = "left", .options = options, .select = select};
//   if (const int status = PrepareCases(run, place)) return status;
//   if (const int status = PrepareDevice(run, place, link_latency)) return status;
//   RunSuites({{run.selection, run.benches, &run.aims}}, ...)
//
// What is wrong is printed, with the name of the device where there are several. Stays where it is
// once it is prepared: its benches point into it.
#ifndef HARNESS_DEVICE_RUN_H_
#define HARNESS_DEVICE_RUN_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "devices/mqtt_relay.h"
#include "harness/bench_file.h"
#include "harness/commands.h"
#include "harness/device_url.h"
#include "harness/suite.h"
#include "harness/workplace.h"

namespace assay::harness {

struct DeviceRun {
  std::string name{};     // empty: it is the only one
  std::size_t number = 0;  // among the devices
  RunOptions options{};   // of the run, with what is this device's own
  SelectOptions select{};
  std::map<std::string, std::string, std::less<>> bench_values{};  // of the bench file
  std::shared_ptr<const dialect::Grammar> grammar{};
  std::optional<Pics> pics{};
  std::vector<TranscriptFile> files{};
  Aims aims{};
  Selection selection{};
  std::optional<BenchAbilities> abilities{};
  std::optional<EmulatorSetup> emulator{};
  std::unique_ptr<device::MqttRelay> relay{};  // before the broker that is looked at
  std::shared_ptr<const Observation> observation{};
  std::vector<Bench> benches{};

  int Usage(const std::string& message) const;
  int Broken(const std::string& message) const;
};

// What the run says of all devices, and the file of this one.
DeviceRun OneOf(const RunOptions& options, const BenchDevice& device, std::size_t number,
                const SelectOptions& select);

// Exit statuses; 0: it is ready.
int PrepareCases(DeviceRun& run, const Workplace& place);
int PrepareDevice(DeviceRun& run, const Workplace& place, std::optional<Time> link_latency);

// What RunSuites takes: points into the run.
Suite SuiteOf(const DeviceRun& run);

// What no case of any device asks for: an error if it is nearly the name of something else, for
// then the default would be in force; else a warning, if `warn`.
int CheckValues(const std::vector<std::unique_ptr<DeviceRun>>& runs, const Workplace& place,
                bool warn);

// The command that does the same with this device alone.
std::string ReproOf(const RunOptions& options);

}  // namespace assay::harness

#endif  // HARNESS_DEVICE_RUN_H_
