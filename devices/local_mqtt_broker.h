// The broker behind LocalMqttService: sessions, subscriptions, retained messages, wills. What a
// test may do from elsewhere comes first.
//
//   auto broker = MakeLocalBroker();
//   auto service = MakeLocalMqttService(broker, 20ms);
//   broker->Publish({.topic = "a/b", .payload = "x", .qos = 1}, now);  // someone else publishes
//   broker->CloseLink("modem-1", now);                                 // kClosedByPeer
//   broker->LoseNetwork(now);                                          // kLinkLost, everywhere
//   for (const BrokerPacket& packet : broker->Log()) ...               // what was really sent
#ifndef DEVICES_LOCAL_MQTT_BROKER_H_
#define DEVICES_LOCAL_MQTT_BROKER_H_

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "devices/mqtt_service.h"
#include "dialects/time.h"

namespace assay::device {

struct BrokerMessage {
  std::string topic{}, payload{};
  int qos = 0;
  bool retain = false;

  friend bool operator==(const BrokerMessage&, const BrokerMessage&) = default;
};

// A packet that reached the broker's side, whether or not that host answers. A SUBSCRIBE or
// UNSUBSCRIBE of several filters is one record each.
struct BrokerPacket {
  enum class Type { kConnect, kSubscribe, kUnsubscribe, kPublish, kPingRequest, kDisconnect };
  Type type = Type::kConnect;
  std::string client_id{};
  std::string topic{}, payload{};
  int qos = 0;
  bool retain = false;
  bool duplicate = false;  // sent again
  Time at{0};

  friend bool operator==(const BrokerPacket&, const BrokerPacket&) = default;
};

// The modem's end of a connection, as the broker sees it. Neither call may call back.
class BrokerClient {
 public:
  virtual ~BrokerClient() = default;
  virtual void Deliver(const BrokerMessage& message, Time at) = 0;
  virtual void Drop(Event::Kind why, Time at) = 0;
};

class LocalBroker {
 public:
  // From elsewhere.
  void Publish(const BrokerMessage& message, Time at);
  bool CloseLink(std::string_view client_id, Time at);  // false: no such client is connected
  void LoseNetwork(Time at);  // every link is lost; no host is reached until RestoreNetwork
  void RestoreNetwork() { network_up_ = true; }
  bool NetworkUp() const { return network_up_; }
  // Oldest first; only the newest kLogLimit are kept.
  const std::deque<BrokerPacket>& Log() const { return log_; }
  void ClearLog() { log_.clear(); }

  // For links. A client joins when its TCP connection stands and leaves when that ends. An
  // acknowledgement goes out between Connect and Resume, and between Subscribe and SendRetained.
  void Join(BrokerClient* client) { clients_.push_back(client); }
  void Leave(BrokerClient* client, bool publish_will, Time at);
  int Connect(BrokerClient* client, const ConnectRequest& request, Time at);  // a CONNACK code
  void Resume(BrokerClient* client, Time at);
  std::vector<int> Subscribe(BrokerClient* client, const std::vector<Subscription>& topics);
  void SendRetained(BrokerClient* client, const std::vector<Subscription>& topics, Time at);
  void Unsubscribe(BrokerClient* client, const std::vector<std::string>& topics);
  void Record(BrokerPacket packet);

  static constexpr std::size_t kLogLimit = 65536;
  static constexpr std::size_t kQueueLimit = 1000;  // messages kept for an absent client

 private:
  struct Session {
    bool clean = true;
    std::map<std::string, int, std::less<>> subscriptions;  // filter -> granted QoS
    std::deque<BrokerMessage> queued;
    std::optional<Will> will;
    BrokerClient* client = nullptr;  // null: absent
  };
  using Sessions = std::map<std::string, Session, std::less<>>;

  Sessions::iterator Find(const BrokerClient* client);
  void EndSession(Sessions::iterator at, bool publish_will, Time now);

  Sessions sessions_;
  std::map<std::string, BrokerMessage, std::less<>> retained_;
  std::vector<BrokerClient*> clients_;
  std::deque<BrokerPacket> log_;
  int nameless_ = 0;
  bool network_up_ = true;
};

}  // namespace assay::device

#endif  // DEVICES_LOCAL_MQTT_BROKER_H_
