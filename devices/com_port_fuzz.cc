// A server that says anything: however its bytes are cut, the client takes the same data from them,
// comes to the same conclusion and answers with the same bytes, and what it answers is bounded.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "devices/com_port.h"

namespace {

struct Heard {
  std::string data, output, notes, missing, refusal;
  bool operator==(const Heard&) const = default;
};

Heard Play(std::string_view bytes, std::size_t piece) {
  assay::device::com_port::Client client({});
  Heard heard;
  heard.output = client.TakeOutput();
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    heard.data += client.Received(bytes.substr(at, piece));
    heard.output += client.TakeOutput();
  }
  heard.notes = client.TakeNotes();
  heard.missing = client.Missing();
  heard.refusal = client.Refusal();
  return heard;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Heard whole = Play(bytes, size + 1);
  if (Play(bytes, 1) != whole || Play(bytes, 7) != whole) std::abort();
  if (whole.data.size() > size || whole.output.size() > 1024) std::abort();
  return 0;
}
