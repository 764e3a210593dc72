#include "harness/device_url.h"

#include <utility>

#include "devices/emulator_device.h"
#include "devices/mosquitto_there.h"
#include "devices/tcp.h"
#include "dialects/value.h"
#include "harness/fault_list.h"

namespace assay::harness {
namespace {

// One round trip to a broker in process; long enough that answers come after what was asked.
constexpr Time kLatency{20'000};

std::string Decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto hex = [](char c) {
      return c >= '0' && c <= '9'                 ? c - '0'
             : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
                                                  : -1;
    };
    if (text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
      out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

// "mqtt://HOST[:PORT]" apart; what is wrong with it, or empty.
std::string ParseAddress(std::string_view url, std::string_view scheme, std::string* host,
                         int* port) {
  if (!url.starts_with(scheme)) return "expected " + std::string(scheme) + "HOST[:PORT]";
  url.remove_prefix(scheme.size());
  while (url.ends_with('/')) url.remove_suffix(1);
  const std::size_t colon = url.rfind(':');
  *host = std::string(url.substr(0, colon));
  if (colon != std::string_view::npos) {
    const auto number = dialect::ParseInteger(url.substr(colon + 1));
    if (!number || *number < 1 || *number > 65535) return "the port is 1-65535";
    *port = static_cast<int>(*number);
  }
  return host->empty() ? "the host is missing" : "";
}

}  // namespace

std::int64_t SeedOf(std::uint64_t option) {
  return static_cast<std::int64_t>(option % 1'000'000'000'000);
}

std::optional<device::MosquittoOptions> ParseBroker(std::string_view url, std::string* error) {
  const std::string_view given = url;
  device::MosquittoOptions out;
  const std::size_t question = url.find('?');
  if (question != std::string_view::npos) {
    const std::string_view option = url.substr(question + 1);
    const auto port =
        option.starts_with("tls=") ? dialect::ParseInteger(option.substr(4)) : std::nullopt;
    if (!port || *port < 1 || *port > 65535) {
      *error = "broker " + std::string(given) + ": the only option is tls=PORT, for links with TLS";
      return std::nullopt;
    }
    out.tls_port = static_cast<int>(*port);
    url = url.substr(0, question);
  }
  const std::string wrong = ParseAddress(url, "mqtt://", &out.host, &out.port);
  if (wrong.empty()) return out;
  *error = "broker " + std::string(given) + ": " + wrong;
  return std::nullopt;
}

std::optional<device::sn::UdpOptions> ParseGateway(std::string_view url, std::string* error) {
  device::sn::UdpOptions out;
  const std::string wrong = ParseAddress(url, "udp://", &out.host, &out.port);
  if (wrong.empty()) return out;
  *error = "MQTT-SN gateway " + std::string(url) + ": " + wrong;
  return std::nullopt;
}

std::string NoMqttClient() {
  if (device::MosquittoIsThere()) return "";
  return "this build of Assay is static and has no client for a real broker; leave it out, for the "
         "emulator has a broker in process, or take the Debian package";
}

std::string CannotReach(const device::MosquittoOptions& broker, Time patience) {
  const device::OpenResult opened =
      device::OpenTcp(broker.host, static_cast<std::uint16_t>(broker.port), patience);
  return opened.device != nullptr ? "" : "there is no broker: " + opened.error;
}

bool HasRealTime(const EmulatorSetup& setup) {
  return setup.broker.has_value() || setup.gateway.has_value() || setup.real_clock;
}

std::unique_ptr<device::MqttService> MakeService(const EmulatorSetup& setup) {
  if (setup.broker) return device::MakeMosquittoService(*setup.broker);
  return device::MakeLocalMqttService(
      setup.local != nullptr ? setup.local : device::MakeLocalBroker(), kLatency, setup.journal,
      setup.news);
}

std::unique_ptr<device::Emulator> MakeEmulator(const EmulatorSetup& given) {
  EmulatorSetup setup = given;
  if (setup.local == nullptr) setup.local = device::MakeLocalBroker();
  // What the gateway tells the broker is not journalled.
  EmulatorSetup gateway = setup;
  gateway.journal = nullptr;
  device::EmulatorOptions options;
  options.tolerant = setup.tolerant;
  options.seed = setup.seed;
  options.faults = setup.faults;
  options.watch = setup.watch;
  return std::make_unique<device::Emulator>(
      setup.grammar, MakeService(setup), std::move(options),
      setup.gateway ? device::sn::MakeUdpTransport(*setup.gateway)
                    : device::sn::MakeLocalGateway(MakeService(gateway), kLatency));
}

std::unique_ptr<device::Device> MakeEmulatorDevice(const EmulatorSetup& setup,
                                                   std::string address) {
  return std::make_unique<device::EmulatorDevice>(MakeEmulator(setup), std::move(address),
                                                  HasRealTime(setup)
                                                      ? device::EmulatorDevice::Clock::kReal
                                                      : device::EmulatorDevice::Clock::kVirtual);
}

std::optional<std::vector<device::Fault>> FindFaults(const Workplace& place,
                                                     const dialect::Grammar& grammar,
                                                     const std::vector<std::string>& ids,
                                                     std::string* error) {
  std::vector<device::Fault> out;
  for (const std::string& id : ids) {
    auto fault = FaultList(place).Find(grammar, id, error);
    if (!fault) return std::nullopt;
    out.push_back(std::move(*fault));
  }
  return out;
}

bool IsEmulatorUrl(std::string_view url) { return url.starts_with("emulator:"); }

bool EmulatesBench(std::string_view url) {
  const std::size_t question = url.find('?');
  std::string_view query =
      question == std::string_view::npos ? std::string_view() : url.substr(question + 1);
  while (!query.empty()) {
    if (query.starts_with("broker=") || query.starts_with("mqtt-sn=")) return false;
    const std::size_t end = query.find('&');
    query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
  }
  return IsEmulatorUrl(url);
}

std::optional<EmulatorSetup> ParseEmulatorUrl(std::string_view url, const Workplace& place,
                                              std::string* error) {
  url.remove_prefix(std::string_view("emulator:").size());
  const std::size_t question = url.find('?');
  const std::string dialect = Decode(url.substr(0, question));
  std::string model;
  std::vector<std::string> faults;
  EmulatorSetup setup;
  std::string_view query =
      question == std::string_view::npos ? std::string_view() : url.substr(question + 1);
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view option = query.substr(0, end);
    const std::size_t equals = option.find('=');
    const std::string value =
        equals == std::string_view::npos ? std::string() : Decode(option.substr(equals + 1));
    const std::string_view name = option.substr(0, equals);
    if (name == "model") {
      model = value;
    } else if (name == "fault") {
      faults.push_back(value);
    } else if (name == "broker") {
      setup.broker = ParseBroker(value, error);
      if (!setup.broker) return std::nullopt;
      if (std::string none = NoMqttClient(); !none.empty()) {
        *error = "emulator:" + std::string(url) + ": " + none;
        return std::nullopt;
      }
    } else if (name == "mqtt-sn") {
      setup.gateway = ParseGateway(value, error);
      if (!setup.gateway) return std::nullopt;
    } else if (name == "seed") {
      const auto seed = dialect::ParseInteger(value);
      if (!seed || *seed < 0) {
        *error = "emulator:" + std::string(url) + ": seed is a number, not \"" + value + "\"";
        return std::nullopt;
      }
      setup.seed = SeedOf(static_cast<std::uint64_t>(*seed));
    } else if (name == "reading") {
      if (value != "strict" && value != "tolerant") {
        *error = "emulator:" + std::string(url) + ": reading is strict or tolerant, not \"" +
                 value + "\"";
        return std::nullopt;
      }
      setup.tolerant = value == "tolerant";
    } else {
      *error = "emulator:" + std::string(url) + ": no option \"" + std::string(name) +
               "\"; there are model, fault, broker, mqtt-sn, reading, seed";
      return std::nullopt;
    }
    query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
  }
  const Loaded loaded = place.Load(dialect, model);
  if (loaded.grammar == nullptr) {
    *error = loaded.error;
    return std::nullopt;
  }
  setup.grammar = loaded.grammar;
  auto found = FindFaults(place, *setup.grammar, faults, error);
  if (!found) return std::nullopt;
  setup.faults = std::move(*found);
  return setup;
}

}  // namespace assay::harness
