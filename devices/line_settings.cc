#include "devices/line_settings.h"

#include <array>
#include <charconv>
#include <cstddef>
#include <system_error>
#include <utility>

namespace assay::device {
namespace {

constexpr std::array<std::string_view, 3> kFlows = {"none", "rtscts", "xonxoff"};
constexpr std::array<std::string_view, 5> kParities = {"none", "odd", "even", "mark", "space"};

std::string Expected(std::string_view key, std::string_view what, std::string_view value) {
  return std::string(key) + " must be " + std::string(what) + ", not \"" + std::string(value) +
         "\"";
}

template <typename Enum, std::size_t kCount>
bool Choose(const std::array<std::string_view, kCount>& names, std::string_view value, Enum& out) {
  for (std::size_t i = 0; i < kCount; ++i) {
    if (names[i] != value) continue;
    out = static_cast<Enum>(i);
    return true;
  }
  return false;
}

std::optional<bool> OnOff(std::string_view value) {
  if (value == "on") return true;
  if (value == "off") return false;
  return std::nullopt;
}

}  // namespace

std::string_view Name(Flow flow) { return kFlows[static_cast<std::size_t>(flow)]; }

std::string_view Name(Parity parity) { return kParities[static_cast<std::size_t>(parity)]; }

std::string Print(const LineSettings& line) {
  std::string text = "baud=" + std::to_string(line.baud);
  const auto add = [&](bool said, std::string_view key, std::string_view value) {
    if (said) text += "&" + std::string(key) + "=" + std::string(value);
  };
  add(line.flow != Flow::kNone, "flow", Name(line.flow));
  add(line.bits != 8, "bits", std::to_string(line.bits));
  add(line.parity != Parity::kNone, "parity", Name(line.parity));
  add(line.stop != 1, "stop", std::to_string(line.stop));
  add(line.dtr.has_value(), "dtr", line.dtr.value_or(false) ? "on" : "off");
  add(line.rts.has_value(), "rts", line.rts.value_or(false) ? "on" : "off");
  add(line.break_wakes, "break", "wake");
  return text;
}

std::optional<std::string> ApplyLineOption(std::string_view key, std::string_view value,
                                           LineSettings& line) {
  if (key == "baud") {
    unsigned baud = 0;
    const char* end = value.data() + value.size();
    const auto number = std::from_chars(value.data(), end, baud);
    if (number.ec != std::errc() || number.ptr != end || baud == 0)
      return Expected(key, "a number above 0", value);
    line.baud = baud;
    return "";
  }
  if (key == "flow")
    return Choose(kFlows, value, line.flow) ? "" : Expected(key, "none, rtscts or xonxoff", value);
  if (key == "parity") {
    return Choose(kParities, value, line.parity)
               ? ""
               : Expected(key, "none, odd, even, mark or space", value);
  }
  if (key == "bits" || key == "stop") {
    const bool bits = key == "bits";
    if (value != (bits ? "7" : "1") && value != (bits ? "8" : "2"))
      return Expected(key, bits ? "7 or 8" : "1 or 2", value);
    (bits ? line.bits : line.stop) = static_cast<unsigned>(value.front() - '0');
    return "";
  }
  if (key == "dtr" || key == "rts") {
    const std::optional<bool> on = OnOff(value);
    if (!on) return Expected(key, "on or off", value);
    (key == "dtr" ? line.dtr : line.rts) = on;
    return "";
  }
  if (key == "break") {
    if (value != "wake") return Expected(key, "wake", value);
    line.break_wakes = true;
    return "";
  }
  return std::nullopt;
}

bool NearEnough(unsigned wanted_baud, unsigned got_baud) {
  const double ratio = static_cast<double>(got_baud) / wanted_baud;
  return ratio >= 0.98 && ratio <= 1.02;
}

}  // namespace assay::device
