#include "harness/port_probe.h"

#include <optional>

#include "devices/baud_probe.h"
#include "devices/device.h"
#include "devices/port_names.h"

namespace assay::harness {
namespace {

constexpr Time kPatience{2'000'000};

}  // namespace

std::string RateCommand(const spec::Dialect& dialect) {
  for (const spec::Command& command : dialect.commands) {
    const auto sets = command.attributes.find("sets");
    if (sets != command.attributes.end() && sets->second == "line rate") return command.name;
  }
  return "";
}

std::string WhySilent(const std::string& url, const std::string& rate_command) {
  const std::optional<unsigned> asked = device::BaudOf(url);
  if (!asked) return "";
  const device::BaudProbe probe = device::ProbeBauds(
      [&](unsigned baud) { return device::OpenDevice(device::WithBaud(url, baud), kPatience); },
      *asked);
  return device::Explain(probe, *asked, rate_command);
}

}  // namespace assay::harness
