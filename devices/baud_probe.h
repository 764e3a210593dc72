// Why does a port not answer: because nothing is there, or because it speaks at another rate?
//
//   ProbeBauds([&](unsigned baud) { return OpenDevice(WithBaud(url, baud), 2s); }, 115200)
//
// Sends `AT`, which changes nothing, at one rate after the other, and never sets the module's own.
#ifndef DEVICES_BAUD_PROBE_H_
#define DEVICES_BAUD_PROBE_H_

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "devices/device.h"

namespace assay::device {

struct BaudProbe {
  std::optional<unsigned> answers_at;
  std::size_t garbage = 0;  // bytes that are no text, at the rate that was asked for
  std::string error{};      // the port could not be opened
};

// At most twice `patience` for each rate that is in use, `asked` first.
BaudProbe ProbeBauds(const std::function<OpenResult(unsigned baud)>& open, unsigned asked,
                     Time patience = std::chrono::milliseconds(200));

// "answers at 9600 baud, not at 115200: baud=9600"; empty if it answers at `asked`, or nowhere and
// says nothing. `rate_command`: the command that changes the module's rate; empty: none is known.
std::string Explain(const BaudProbe& probe, unsigned asked, const std::string& rate_command);

}  // namespace assay::device

#endif  // DEVICES_BAUD_PROBE_H_
