#include "harness/bench_hosts.h"

#include "devices/mqtt_service.h"
#include "devices/tcp.h"
#include "dialects/time.h"

namespace assay::harness {
namespace {

constexpr Time kLatency{1'000};

}  // namespace

BenchHosts::BenchHosts()
    : denying_(device::MakeLocalMqttService(device::MakeLocalBroker(), kLatency), true) {
  std::map<std::string, std::string> scripts{
      {"silent", "any: nothing"},
      {"closing", "connect: connack 0\nany: close"},
      {"mute", "connect: connack 0\nany: nothing"},
      {"denying", "any: nothing\nconnect: connack 0\nsubscribe: suback 128\npingreq: ok"}};
  for (int code = 1; code <= 5; ++code)
    scripts["refuse" + std::to_string(code)] = "connect: connack " + std::to_string(code) + ", close";
  for (const auto& [name, script] : scripts) {
    auto server = std::make_unique<device::ScriptedBroker>(script);
    if (!server->Error().empty())
      error_ = "a server for \"" + name + "\" did not start: " + server->Error();
    pixit_[name + ".host"] = "127.0.0.1";
    pixit_[name + ".port"] = std::to_string(server->Port());
    servers_[name] = std::move(server);
  }
  if (!denying_.Error().empty()) error_ = "a gateway did not start: " + denying_.Error();
  pixit_["denying-gateway.host"] = "127.0.0.1";
  pixit_["denying-gateway.port"] = std::to_string(denying_.Port());
  if (!unreachable_.Error().empty()) error_ = unreachable_.Error();
  pixit_["unreachable.host"] = "127.0.0.1";
  pixit_["unreachable.port"] = std::to_string(unreachable_.Port());
  // A port that was free a moment ago refuses.
  const device::ListenResult listening = device::Listen("127.0.0.1", 0);
  pixit_["refused.host"] = "127.0.0.1";
  pixit_["refused.port"] =
      std::to_string(listening.listener != nullptr ? listening.listener->port() : 1);
}

}  // namespace assay::harness
