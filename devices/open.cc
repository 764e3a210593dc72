// Device URLs: from text to the unit that opens them.
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "devices/device.h"
#include "devices/pty.h"
#include "devices/replay.h"
#include "devices/serial.h"
#include "devices/subprocess.h"
#include "devices/tcp.h"

namespace assay::device {
namespace {

constexpr std::string_view kSchemes =
    "a path, serial:PATH?baud=N&flow=none|rtscts|xonxoff, tcp://HOST:PORT, socket://HOST:PORT, "
    "exec:COMMAND, pty:LINK, replay:FILE, emulator:DIALECT";

OpenResult Usage(std::string_view url, std::string_view what) {
  return {.device = nullptr,
          .error = "device \"" + std::string(url) + "\": " + std::string(what),
          .usage = true};
}

OpenResult UnknownScheme(std::string_view url, std::string_view scheme) {
  return Usage(
      url, "unknown scheme \"" + std::string(scheme) + "\"; a device is " + std::string(kSchemes));
}

// Empty, or what is wrong with the option.
std::string Apply(std::string_view option, SerialOptions& options) {
  const std::size_t equals = option.find('=');
  const std::string_view key = option.substr(0, equals);
  const std::string_view value =
      equals == std::string_view::npos ? std::string_view() : option.substr(equals + 1);
  if (key == "baud") {
    const char* end = value.data() + value.size();
    const auto number = std::from_chars(value.data(), end, options.baud);
    if (number.ec == std::errc() && number.ptr == end && options.baud > 0) return {};
    return "baud must be a number above 0, not \"" + std::string(value) + "\"";
  }
  if (key == "flow") {
    if (value == "none") {
      options.flow = Flow::kNone;
    } else if (value == "rtscts") {
      options.flow = Flow::kRtsCts;
    } else if (value == "xonxoff") {
      options.flow = Flow::kXonXoff;
    } else {
      return "flow must be none, rtscts or xonxoff, not \"" + std::string(value) + "\"";
    }
    return {};
  }
  return "unknown option \"" + std::string(key) + "\"; a serial port takes baud and flow";
}

OpenResult Serial(std::string_view url, std::string_view rest) {
  const std::size_t question = rest.find('?');
  SerialOptions options{.path = std::string(rest.substr(0, question))};
  if (options.path.empty()) return Usage(url, "a path is missing: serial:/dev/ttyUSB2?baud=115200");
  if (question != std::string_view::npos) {
    std::string_view query = rest.substr(question + 1);
    for (bool more = true; more;) {
      const std::size_t end = query.find('&');
      if (const std::string wrong = Apply(query.substr(0, end), options); !wrong.empty()) {
        return Usage(url, wrong);
      }
      more = end != std::string_view::npos;
      if (more) query.remove_prefix(end + 1);
    }
  }
  return OpenSerial(options);
}

OpenResult Tcp(std::string_view url, std::string_view rest, Time timeout) {
  std::optional<HostPort> parsed;
  if (rest.starts_with("//")) parsed = ParseHostPort(rest.substr(2));
  if (!parsed || parsed->port == 0) {
    return Usage(url, "expected tcp://HOST:PORT, IPv6 addresses as tcp://[::1]:4001");
  }
  return OpenTcp(parsed->host, parsed->port, timeout);
}

}  // namespace

OpenResult OpenDevice(std::string_view url, Time deadline_from_now) {
  if (url.empty()) return Usage(url, "no device given; a device is " + std::string(kSchemes));
  const std::size_t colon = url.find(':');
  // Paths under /dev/serial/by-path hold colons.
  if (url.front() == '/' || url.front() == '.' || colon == std::string_view::npos) {
    return Serial(url, url);
  }
  const std::string_view scheme = url.substr(0, colon);
  const std::string_view rest = url.substr(colon + 1);
  if (scheme == "serial") return Serial(url, rest);
  if (scheme == "tcp" || scheme == "socket") return Tcp(url, rest, deadline_from_now);
  if (scheme == "exec") return OpenSubprocess(std::string(rest));
  if (scheme == "pty") {
    if (rest.empty()) return Usage(url, "a name for the link is missing: pty:/tmp/modem");
    return OpenPty(std::string(rest));
  }
  if (scheme == "replay") {
    if (rest.empty()) return Usage(url, "a recording is missing: replay:session.at");
    return OpenReplay(std::string(rest));
  }
  if (scheme == "rfc2217") {
    return Usage(url,
                 "rfc2217 is not implemented; let the server speak raw TCP with fixed settings "
                 "and use tcp://HOST:PORT");
  }
  if (scheme == "labgrid") {
    return Usage(url,
                 "labgrid is not implemented; give what its variable LG__SERIALDRIVER_* holds as "
                 "a path or as tcp://HOST:PORT");
  }
  if (scheme == "emulator") {
    return Usage(url, "an emulator needs its dialect's spec and is not opened here");
  }
  return UnknownScheme(url, scheme);
}

}  // namespace assay::device
