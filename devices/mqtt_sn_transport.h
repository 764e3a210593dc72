// How the datagrams of a modem's MQTT-SN clients reach a gateway, and its answers them.
//
//   auto air = sn::MakeLocalGateway(std::move(service), 20ms);   // in process, in virtual time
//   auto air = sn::MakeUdpTransport({.host = "127.0.0.1", .port = 1885});
//   if (air->Open(101, "gateway.example", 1885)) air->Send(101, datagram, now);
//   ... later: air->Poll(now) -> {link 101, datagram}
//
// A link is one client. Datagrams may be lost; nothing blocks.
#ifndef DEVICES_MQTT_SN_TRANSPORT_H_
#define DEVICES_MQTT_SN_TRANSPORT_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "devices/mqtt_service.h"
#include "dialects/time.h"

namespace assay::device::sn {

struct Arrival {
  int link = 0;
  std::string datagram{};
  bool refused = false;  // instead of one: nobody listens there
  Time at{0};
};

class Transport {
 public:
  virtual ~Transport() = default;
  // From now on the link's datagrams go there, and none comes from where they went before. False:
  // nothing can be sent there.
  virtual bool Open(int link, const std::string& host, int port) = 0;
  virtual void Send(int link, std::string_view datagram, Time now) = 0;
  // The next that has come by `now`.
  virtual std::optional<Arrival> Poll(Time now) = 0;
  virtual Time NextEvent() const = 0;  // as of MqttService
  virtual std::vector<MqttService::Watch> Watches() const = 0;
};

// To a gateway of our own, with the service's broker behind it. Every host is it, but for names
// that ask for trouble, as those of MakeLocalMqttService (mqtt_service.h) do: connack-N.test
// answers that code, silent.test and unreachable.test nothing, refused.test that nobody listens,
// mute.test nothing after CONNACK, closing.test a DISCONNECT to the first packet after it,
// denying.test that it does not support what is asked then.
// `latency` is one round trip.
std::unique_ptr<Transport> MakeLocalGateway(std::unique_ptr<MqttService> service, Time latency);

// To a gateway at that address, whatever host and port the modem is told, except for loopback
// addresses and *.invalid, which are taken literally. Watches() must be polled.
struct UdpOptions {
  std::string host = "127.0.0.1";
  int port = 1885;
};
std::unique_ptr<Transport> MakeUdpTransport(const UdpOptions& options);

}  // namespace assay::device::sn

#endif  // DEVICES_MQTT_SN_TRANSPORT_H_
