// The first line of the input is a script's, the rest is what a client sends to a broker that behaves so:
// whatever they are, each connection ends in bounded memory, and all that goes out is resolved.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "devices/broker_script.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using assay::device::BrokerStep;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t end = input.find('\n');
  const auto read = assay::device::ParseBrokerScript("fuzz", input.substr(0, end));
  if (!read.script) {
    if (read.errors.empty()) std::abort();
    return 0;
  }
  if (end == std::string_view::npos) return 0;
  assay::device::ScriptedPeer whole(*read.script), pieces(*read.script);
  const std::string_view sent = input.substr(end + 1);
  const auto at_once = whole.Heard(sent);
  std::size_t steps = 0;
  for (const char byte : sent) steps += pieces.Heard({&byte, 1}).size();
  if (steps != at_once.size()) std::abort();
  for (const BrokerStep& step : at_once) {
    if (step.kind == BrokerStep::Kind::kAnswer || step.kind == BrokerStep::Kind::kSuback)
      std::abort();
  }
  return 0;
}
