// What a port is called: /dev/ttyUSB2 may be another module tomorrow, its name under
// /dev/serial/by-id is not.
//
//   StableUrl("serial:/dev/ttyUSB2?baud=9600")   // "serial:/dev/serial/by-id/usb-..-if02-port0?..."
//   BaudOf("/dev/ttyUSB2")                       // 115200; nothing where there is no such rate
#ifndef DEVICES_PORT_NAMES_H_
#define DEVICES_PORT_NAMES_H_

#include <optional>
#include <string>
#include <string_view>

namespace assay::device {

inline constexpr std::string_view kById = "/dev/serial/by-id";

// The name in that folder which leads to the same port; `path` itself if there is none.
std::string StableName(const std::string& path, const std::string& folder = std::string(kById));

// The same URL by that name. What is no serial port stays as it is.
std::string StableUrl(const std::string& url, const std::string& folder = std::string(kById));

// The rate that a device URL asks for, and the same URL with another one.
std::optional<unsigned> BaudOf(std::string_view url);
std::string WithBaud(std::string_view url, unsigned baud);

}  // namespace assay::device

#endif  // DEVICES_PORT_NAMES_H_
