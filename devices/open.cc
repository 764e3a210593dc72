// Device URLs: from text to the unit that opens them.
#include <cstdlib>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "devices/device.h"
#include "devices/labgrid.h"
#include "devices/pty.h"
#include "devices/replay.h"
#include "devices/rfc2217.h"
#include "devices/serial.h"
#include "devices/subprocess.h"
#include "devices/tcp.h"

namespace assay::device {
namespace {

constexpr std::string_view kSchemes =
    "a path, serial:PATH?baud=N&flow=none|rtscts|xonxoff, tcp://HOST:PORT, socket://HOST:PORT, "
    "rfc2217://HOST:PORT?ign_set_control&baud=N, labgrid:[DRIVER], exec:COMMAND, pty:LINK, "
    "replay:FILE, emulator:DIALECT";

OpenResult Usage(std::string_view url, std::string_view what) {
  return {.device = nullptr,
          .error = "device \"" + std::string(url) + "\": " + std::string(what),
          .usage = true};
}

OpenResult UnknownScheme(std::string_view url, std::string_view scheme) {
  return Usage(
      url, "unknown scheme \"" + std::string(scheme) + "\"; a device is " + std::string(kSchemes));
}

// Options as a URL has them, "KEY=VALUE&KEY". Empty, or what is wrong with them.
std::string ForEachOption(
    std::string_view query,
    const std::function<std::string(std::string_view key, std::string_view value)>& apply) {
  for (bool more = true; more;) {
    const std::size_t end = query.find('&');
    const std::string_view option = query.substr(0, end);
    const std::size_t equals = option.find('=');
    std::string wrong = apply(option.substr(0, equals), equals == std::string_view::npos
                                                            ? std::string_view()
                                                            : option.substr(equals + 1));
    if (!wrong.empty()) return wrong;
    more = end != std::string_view::npos;
    if (more) query.remove_prefix(end + 1);
  }
  return {};
}

OpenResult Serial(std::string_view url, std::string_view rest) {
  const std::size_t question = rest.find('?');
  SerialOptions options{.path = std::string(rest.substr(0, question))};
  if (options.path.empty()) return Usage(url, "a path is missing: serial:/dev/ttyUSB2?baud=115200");
  if (question != std::string_view::npos) {
    const std::string wrong = ForEachOption(
        rest.substr(question + 1), [&](std::string_view key, std::string_view value) {
          auto done = ApplyLineOption(key, value, options.line);
          return done ? *done
                      : "unknown option \"" + std::string(key) + "\"; a serial port takes " +
                            std::string(kLineOptions);
        });
    if (!wrong.empty()) return Usage(url, wrong);
  }
  return OpenSerial(options);
}

OpenResult Rfc2217(std::string_view url, std::string_view rest, Time timeout) {
  const std::size_t question = rest.find('?');
  std::string_view place = rest.substr(0, question);
  std::optional<HostPort> parsed;
  if (place.ends_with('/') && place.size() > 2) place.remove_suffix(1);
  if (place.starts_with("//")) parsed = ParseHostPort(place.substr(2));
  if (!parsed || parsed->port == 0)
    return Usage(url, "expected rfc2217://HOST:PORT?baud=115200, IPv6 addresses as [::1]:4001");
  com_port::Options options;
  if (question != std::string_view::npos) {
    const std::string wrong = ForEachOption(
        rest.substr(question + 1), [&](std::string_view key, std::string_view value) {
          if (key == "ign_set_control" && value.empty()) {
            options.ignore_control = true;
            return std::string();
          }
          auto done = ApplyLineOption(key, value, options.line);
          return done ? *done
                      : "unknown option \"" + std::string(key) + "\"; rfc2217 takes "
                        "ign_set_control, " + std::string(kLineOptions);
        });
    if (!wrong.empty()) return Usage(url, wrong);
  }
  return OpenRfc2217(parsed->host, parsed->port, options, timeout);
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
  if (scheme == "rfc2217") return Rfc2217(url, rest, deadline_from_now);
  if (scheme == "labgrid") {
    std::string error;
    const auto named = LabgridUrl(
        rest,
        [](const std::string& name) -> std::optional<std::string> {
          const char* value = std::getenv(name.c_str());
          return value == nullptr ? std::nullopt : std::optional<std::string>(value);
        },
        &error);
    return named ? OpenDevice(*named, deadline_from_now) : Usage(url, error);
  }
  if (scheme == "emulator") {
    return Usage(url, "an emulator needs its dialect's spec and is not opened here");
  }
  return UnknownScheme(url, scheme);
}

}  // namespace assay::device
