// A datagram of any bytes: it is no packet, or one that says the same when it is written and read
// again.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "devices/mqtt_sn_packet.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace sn = assay::device::sn;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::optional<sn::Packet> packet = sn::Decode(bytes);
  if (!packet) return 0;
  const std::optional<sn::Packet> again = sn::Decode(sn::Encode(*packet));
  if (again != packet) std::abort();
  return 0;
}
