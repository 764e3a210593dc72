// A client of MQTT-SN 1.2, as it stands in a modem: requests in, packets out; packets in, events
// out. Does no I/O and reads no clock.
//
//   sn::Client client;
//   client.Connect({.client_id = "modem"}, until, now);
//   while (auto packet = client.TakePacket()) ...       // to the gateway, a datagram each
//   client.Receive(datagram, now);
//   while (auto event = client.TakeEvent()) ...         // kConnack 0
//   client.Advance(client.NextEvent());                 // sends again, pings, gives up
//
// One request is under way at a time, the others wait (6.5, 6.6, 6.9 want that of each kind). A
// name that is published to is registered first if need be. What is not answered is sent again
// after kRetryInterval, or a quarter of the time that the request is given if that is shorter, so
// that all kRetries fit into it; then it is given up. Every request is answered by an event, but
// kConnectFailed, a kConnack other than 0, kDisconnected, kPingTimeout and kLost end what else was
// under way without one. A request out of a session, or about no topic where there has to be one,
// is given up at once.
#ifndef DEVICES_MQTT_SN_CLIENT_H_
#define DEVICES_MQTT_SN_CLIENT_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "devices/mqtt_service.h"
#include "devices/mqtt_sn_packet.h"
#include "devices/mqtt_sn_retry.h"
#include "dialects/time.h"

namespace assay::device::sn {

struct Session {
  std::string client_id{};
  bool clean_session = true;
  int keep_alive_s = 60;  // 0: never pings
  std::optional<Will> will{};
};

struct Request {
  enum class Kind { kRegister, kSubscribe, kUnsubscribe, kPublish, kWillTopic, kWillMessage };
  Kind kind = Kind::kPublish;
  std::uint64_t token = 0;
  std::string topic{};
  int topic_id = 0;  // instead of a topic
  std::string payload{};
  int qos = 0;
  bool retain = false;
  Time until = kNever;  // when it is given up
};

struct ClientEvent {
  enum class Kind {
    kConnack,        // code
    kConnectFailed,  // no CONNACK
    kRegack,         // token, code, topic_id
    kRegister,       // topic_id, topic: the gateway's doing
    kSuback,         // token, code, topic_id (0: none), qos granted
    kUnsuback,       // token
    kPublished,      // token, code
    kWillTopic,      // token, code
    kWillMessage,    // token, code
    kGaveUp,         // token
    kMessage,        // topic (if known), topic_id (0: the topic is a short name), payload, qos, ..
    kDisconnected,   // by the gateway, or as asked
    kPingTimeout,    // a PINGREQ was not answered
    kLost,           // loss: the DISCONNECT was not answered; the link is gone
  };
  Kind kind = Kind::kConnack;
  int link = 0;  // for those who have several clients
  std::uint64_t token = 0;
  int code = 0;
  int topic_id = 0;
  std::string topic{}, payload{};
  int qos = 0;
  bool retain = false;
  Loss loss = Loss::kUnanswered;

  friend bool operator==(const ClientEvent&, const ClientEvent&) = default;
};

// Whether a topic goes over the air as its two characters (short topic name, 6.7); filters with
// wildcards do not.
bool IsShort(std::string_view topic);

class Client {
 public:
  void Connect(Session session, Time until, Time now);
  void Ask(Request request, Time now);
  void Disconnect(Time until, Time now);
  void Close();  // without a word: what a modem does that loses its power

  void Receive(std::string_view datagram, Time now);
  void Refused();  // nobody listens there
  void Lost(Loss loss);  // the link is gone, in the midst of a session or of a connecting
  void Advance(Time now);
  Time NextEvent() const;
  std::optional<std::string> TakePacket();
  bool HasEvent() const { return !events_.empty(); }
  std::optional<ClientEvent> TakeEvent();

  static constexpr std::size_t kMostWaiting = 64;     // requests; more are given up
  static constexpr std::size_t kMostTopics = 1024;    // a REGISTER of one more: congestion
  static constexpr std::size_t kMostReceiving = 256;  // QoS 2; more are not taken, so come again

 private:
  enum class State { kClosed, kConnecting, kConnected, kDisconnecting };
  void Send(const Packet& packet, Time now);
  void Tell(ClientEvent event);
  void Await(Packet packet, Time until, Time now);
  bool SendAgain(Retry& retry, Time now);      // false: it was, often enough
  void Next(Time now);                         // begins the next request
  void Begin(Time now);                        // the first one's packet
  void Answered(ClientEvent event, Time now);  // ends the first one
  void GiveUp(Time now);
  void End(ClientEvent event);
  std::uint16_t MessageId();
  bool Expects(Request::Kind kind, std::uint16_t message_id) const;
  bool Know(std::uint16_t id, const std::string& name);
  const std::string* NameOf(int id) const;

  void Take(const Connack& packet, Time now);
  void Take(const WillTopicRequest& packet, Time now);
  void Take(const WillMessageRequest& packet, Time now);
  void Take(const Register& packet, Time now);
  void Take(const Regack& packet, Time now);
  void Take(const Suback& packet, Time now);
  void Take(const Unsuback& packet, Time now);
  void Take(const Publish& packet, Time now);
  void Take(const Puback& packet, Time now);
  void Take(const Pubrec& packet, Time now);
  void Take(const Pubrel& packet, Time now);
  void Take(const Pubcomp& packet, Time now);
  void Take(const WillTopicResponse& packet, Time now);
  void Take(const WillMessageResponse& packet, Time now);
  void Take(const PingRequest& packet, Time now);
  void Take(const PingResponse& packet, Time now);
  void Take(const sn::Disconnect& packet, Time now);

  State state_ = State::kClosed;
  Session session_;
  Time until_ = kNever;  // of connecting and disconnecting
  std::deque<Request> requests_;
  std::optional<Retry> awaiting_, ping_;
  std::uint16_t message_id_ = 0, last_message_id_ = 0;
  Time ping_at_ = kNever;
  std::map<std::uint16_t, std::string> names_;
  std::map<std::string, std::uint16_t, std::less<>> ids_;
  std::set<std::uint16_t> receiving_;
  std::deque<std::string> packets_;
  std::deque<ClientEvent> events_;
};

}  // namespace assay::device::sn

#endif  // DEVICES_MQTT_SN_CLIENT_H_
