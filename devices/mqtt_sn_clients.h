// The MQTT-SN clients of one modem, one for each link, over one transport. As MqttService: asked
// for something, it later tells an event that answers it.
//
//   sn::Clients clients(sn::MakeUdpTransport({.host = "127.0.0.1", .port = 1885}));
//   clients.Connect(101, {"gateway.example", 1885}, {.client_id = "modem"}, until, now);
//   ... later: clients.Poll(now) -> {link 101, kConnack}
#ifndef DEVICES_MQTT_SN_CLIENTS_H_
#define DEVICES_MQTT_SN_CLIENTS_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "devices/mqtt_service.h"
#include "devices/mqtt_sn_client.h"
#include "devices/mqtt_sn_transport.h"
#include "dialects/time.h"

namespace assay::device::sn {

struct GatewayAddress {
  std::string host;
  int port = 0;
};

class Clients {
 public:
  // Null: there is no gateway anywhere.
  explicit Clients(std::unique_ptr<Transport> transport) : transport_(std::move(transport)) {}

  void Connect(int link, const GatewayAddress& gateway, Session session, Time until, Time now);
  void Ask(int link, Request request, Time now);
  void Disconnect(int link, Time until, Time now);
  void Close(int link);  // without an event
  void SetNetwork(bool up, Loss why);  // as MqttService
  // The next event by `now`, oldest first.
  std::optional<ClientEvent> Poll(Time now);
  Time NextEvent() const;
  std::vector<MqttService::Watch> Watches() const;

 private:
  Time NextOfClients() const;
  void Flush(int link, Time now);

  const std::unique_ptr<Transport> transport_;
  std::map<int, Client> clients_;
  bool covered_ = true;
};

}  // namespace assay::device::sn

#endif  // DEVICES_MQTT_SN_CLIENTS_H_
