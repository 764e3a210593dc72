#include "devices/baud_probe.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace assay::device {
namespace {

constexpr std::size_t kMost = 4096;
// Those that modules are delivered with come first.
constexpr std::array<unsigned, 11> kBauds = {115200, 9600,   921600, 460800, 57600, 38400,
                                             19200,  230400, 4800,   2400,   3000000};

// All that comes within the time, or until it is an answer.
std::string Ask(Device& device, Time patience) {
  std::string heard;
  // The first may be the end of what was begun at another rate.
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (device.Write("AT\r", device.Now() + patience).ending != Ending::kNone) return heard;
    const Time until = device.Now() + patience;
    while (device.Now() < until && heard.size() < kMost) {
      std::array<char, 256> buffer;
      const ReadResult got = device.Read(buffer, until);
      heard.append(buffer.data(), got.bytes);
      if (got.ending != Ending::kNone || heard.find("OK\r") != std::string::npos) return heard;
    }
  }
  return heard;
}

bool Answer(std::string_view heard) {
  // With ATV0, a digit stands for it.
  return heard.find("\r\nOK\r\n") != std::string_view::npos ||
         heard.find("\r0\r") != std::string_view::npos || heard == "0\r";
}

std::size_t Garbage(std::string_view heard) {
  return static_cast<std::size_t>(std::ranges::count_if(heard, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x7E || (byte < 0x20 && byte != '\r' && byte != '\n' && byte != '\t');
  }));
}

}  // namespace

BaudProbe ProbeBauds(const std::function<OpenResult(unsigned baud)>& open, unsigned asked,
                     Time patience) {
  BaudProbe probe;
  std::vector<unsigned> bauds = {asked};
  std::ranges::copy_if(kBauds, std::back_inserter(bauds), [&](unsigned b) { return b != asked; });
  for (const unsigned baud : bauds) {
    const OpenResult opened = open(baud);
    if (opened.device == nullptr) {
      // A rate that this port cannot do says nothing of the others.
      if (baud == asked) {
        probe.error = opened.error;
        return probe;
      }
      continue;
    }
    const std::string heard = Ask(*opened.device, patience);
    if (baud == asked) probe.garbage = Garbage(heard);
    if (!Answer(heard)) continue;
    probe.answers_at = baud;
    return probe;
  }
  return probe;
}

std::string Explain(const BaudProbe& probe, unsigned asked, const std::string& rate_command) {
  const std::string wanted = std::to_string(asked);
  if (probe.answers_at && *probe.answers_at != asked) {
    const std::string baud = std::to_string(*probe.answers_at);
    return "answers at " + baud + " baud, not at " + wanted + ": baud=" + baud +
           (rate_command.empty() ? "" : " or " + rate_command);
  }
  if (!probe.answers_at && probe.garbage > 0)
    return "sends " + std::to_string(probe.garbage) + " bytes that are no text at " + wanted +
           " baud, and answers at no rate that was tried: another rate, parity or voltage?";
  return "";
}

}  // namespace assay::device
