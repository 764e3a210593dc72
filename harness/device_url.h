// Opens any device URL of the design (section 4), the emulator in process included.
//
//   OpenAny("emulator:quectel-bg96?fault=lost/AT+QMTOPEN/write/OK", place, options)
#ifndef HARNESS_DEVICE_URL_H_
#define HARNESS_DEVICE_URL_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "devices/device.h"
#include "devices/emulator.h"
#include "devices/fault.h"
#include "devices/mqtt_service.h"
#include "devices/mqtt_sn_transport.h"
#include "devices/wire_journal.h"
#include "dialects/grammar.h"
#include "harness/workplace.h"

namespace assay::harness {

// Where an emulated modem's packets go, and what is wrong with the modem.
struct EmulatorSetup {
  std::shared_ptr<const dialect::Grammar> grammar;
  std::optional<device::MosquittoOptions> broker;  // absent: the broker in process
  std::optional<device::sn::UdpOptions> gateway;   // absent: one in process, before the broker
  std::shared_ptr<device::LocalBroker> local;      // shared by several; null: one of its own
  std::shared_ptr<device::WireJournal> journal;       // told what reaches the broker in process
  std::vector<device::Fault> faults;
  bool tolerant = true;
  bool real_clock = false;
  std::int64_t seed = 0;  // no two modems with one number: it makes their IMEIs
  // Told of every transition of the spec that the modem takes; may be empty.
  std::function<void(const spec::Transition&)> watch{};
  // As of MakeLocalMqttService; may be empty.
  std::function<void()> news{};
};

// The number of a modem that --seed gives, as what a spec may reckon with.
std::int64_t SeedOf(std::uint64_t option);

// "mqtt://127.0.0.1:1883", "mqtt://host", "mqtt://host:1883?tls=8883".
std::optional<device::MosquittoOptions> ParseBroker(std::string_view url, std::string* error);

// Of MQTT-SN: "udp://127.0.0.1:1885", "udp://host".
std::optional<device::sn::UdpOptions> ParseGateway(std::string_view url, std::string* error);

// Why nobody can be reached there, after `patience` at most; empty if somebody can.
// What to say where a client is needed that this build does not have (it is static); else empty.
std::string NoMqttClient();
std::string CannotReach(const device::MosquittoOptions& broker, Time patience);

// Time is real: something of it is in another process.
bool HasRealTime(const EmulatorSetup& setup);
// To the modem's broker.
std::unique_ptr<device::MqttService> MakeService(const EmulatorSetup& setup);
std::unique_ptr<device::Emulator> MakeEmulator(const EmulatorSetup& setup);
std::unique_ptr<device::Device> MakeEmulatorDevice(const EmulatorSetup& setup, std::string address);

// The faults of those ids; nothing and the error if one is not known.
std::optional<std::vector<device::Fault>> FindFaults(const Workplace& place,
                                                     const dialect::Grammar& grammar,
                                                     const std::vector<std::string>& ids,
                                                     std::string* error);

// Sets up what `emulator:DIALECT[?model=M&fault=F&broker=...&mqtt-sn=...&seed=N]` asks for.
std::optional<EmulatorSetup> ParseEmulatorUrl(std::string_view url, const Workplace& place,
                                              std::string* error);
bool IsEmulatorUrl(std::string_view url);
// Of such a URL: are broker and gateway in process, too? Then the bench is emulated with the modem.
bool EmulatesBench(std::string_view url);

}  // namespace assay::harness

#endif  // HARNESS_DEVICE_URL_H_
