// A transparent gateway of MQTT-SN 1.2: each client gets an MQTT connection of its own at the
// broker. Datagrams in, datagrams out; does no I/O but the service's.
//
//   sn::Gateway gateway(MakeLocalMqttService(broker, 20ms));
//   gateway.Receive("127.0.0.1:5000", datagram, now);
//   gateway.Advance(now);
//   while (auto out = gateway.Take()) send(out->peer, out->datagram);
//
// Wills are the gateway's: MQTT knows no change of one, and a client that is lost here is not lost
// to the broker. It is lost when it has been silent for one and a half of its duration, or does not
// answer what was sent again and again.
//
// What it does not do: predefined topic ids (it has none and says so), publications without a
// connection, sleeping clients (a DISCONNECT with a duration ends the session), forwarding.
#ifndef DEVICES_MQTT_SN_GATEWAY_H_
#define DEVICES_MQTT_SN_GATEWAY_H_

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "devices/mqtt_service.h"
#include "devices/mqtt_sn_packet.h"
#include "devices/mqtt_sn_peer.h"
#include "dialects/time.h"

namespace assay::device::sn {

// What a gateway says that does not support what it is asked for; nothing to what cannot be refused.
std::optional<Packet> Denial(const Packet& asked);

class Gateway {
 public:
  // `denies`: whoever is connected is refused whatever it asks for.
  explicit Gateway(std::unique_ptr<MqttService> service, bool denies = false)
      : service_(std::move(service)), denies_(denies) {}

  // `peer` names where it came from.
  void Receive(const std::string& peer, std::string_view datagram, Time now);
  void Advance(Time now);
  struct Out {
    std::string peer, datagram;
    Time at{0};
  };
  std::optional<Out> Take();
  // When Advance may next do something without outside help.
  Time NextEvent() const;
  std::vector<MqttService::Watch> Watches() const { return service_->Watches(); }

  static constexpr std::size_t kMostPeers = 256;  // one more: congestion

 private:
  using Peers = std::map<std::string, Peer>;
  Peers::iterator Welcome(const std::string& name);
  void Collect(Peers::iterator peer, Time now);
  Time NextOfPeers() const;

  const std::unique_ptr<MqttService> service_;
  const bool denies_;
  // Services lead from every host to the one broker that is there (mqtt_service.h).
  const OpenRequest broker_{.host = "broker.example", .port = 1883};
  Wills wills_;
  Peers peers_;
  std::deque<Out> out_;
};

}  // namespace assay::device::sn

#endif  // DEVICES_MQTT_SN_GATEWAY_H_
