#include "transcripts/transcript.h"

namespace assay::transcript {

std::string_view Transcript::Header(std::string_view key) const {
  for (const auto& [name, value] : header) {
    if (name == key) return value;
  }
  return {};
}

std::string_view Name(BenchAct act) {
  switch (act) {
    case BenchAct::kPower:
      return "power";
    case BenchAct::kNetworkOff:
      return "network.off";
    case BenchAct::kNetworkOn:
      return "network.on";
    case BenchAct::kSimOut:
      return "sim.out";
    case BenchAct::kSimIn:
      return "sim.in";
  }
  return "";
}

std::string GeneratedPayload(std::uint64_t size) {
  constexpr std::size_t kBlock = 10;
  std::string payload;
  payload.reserve(size + kBlock);
  while (payload.size() < size) {
    std::string offset = std::to_string(payload.size() % 1'000'000'000);
    payload.append(kBlock - 1 - offset.size(), '0').append(offset).append(".");
  }
  payload.resize(size);
  return payload;
}

}  // namespace assay::transcript
