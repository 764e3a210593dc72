// What a serial line is set to, wherever its port is: on this machine or behind a server.
//
//   LineSettings line;                                     // 115200 8N1, no flow control
//   ApplyLineOption("parity", "even", line)                // "": done
//   Print(line)                                            // "baud=115200&parity=even"
#ifndef DEVICES_LINE_SETTINGS_H_
#define DEVICES_LINE_SETTINGS_H_

#include <optional>
#include <string>
#include <string_view>

namespace assay::device {

enum class Flow { kNone, kRtsCts, kXonXoff };
enum class Parity { kNone, kOdd, kEven, kMark, kSpace };

struct LineSettings {
  unsigned baud = 115200;
  Flow flow = Flow::kNone;
  unsigned bits = 8;  // 7 or 8
  Parity parity = Parity::kNone;
  unsigned stop = 1;            // 1 or 2
  std::optional<bool> dtr{}, rts{};  // absent: left as opening the port sets them
  bool break_wakes = false;     // a break may be sent to a modem that does not answer

  bool operator==(const LineSettings&) const = default;
};

std::string_view Name(Flow flow);
std::string_view Name(Parity parity);

// The options of a URL, but for what goes without saying: "baud=9600&flow=rtscts&dtr=off".
std::string Print(const LineSettings& line);

// Empty if it is done, else what is wrong with the value; nothing: there is no such option.
std::optional<std::string> ApplyLineOption(std::string_view key, std::string_view value,
                                           LineSettings& line);
inline constexpr std::string_view kLineOptions =
    "baud, flow, bits, parity, stop, dtr, rts and break";

// An UART samples in the middle of ten bits: two percent are safe, and dividers need some room.
bool NearEnough(unsigned wanted_baud, unsigned got_baud);

}  // namespace assay::device

#endif  // DEVICES_LINE_SETTINGS_H_
