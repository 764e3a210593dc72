// One client as its gateway sees it, with an MQTT connection of its own behind it (6.1). Users need
// mqtt_sn_gateway.h only.
#ifndef DEVICES_MQTT_SN_PEER_H_
#define DEVICES_MQTT_SN_PEER_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "devices/mqtt_service.h"
#include "devices/mqtt_sn_packet.h"
#include "devices/mqtt_sn_retry.h"
#include "dialects/time.h"

namespace assay::device::sn {

// What outlives a connection (6.3): wills by client id.
using Wills = std::map<std::string, Will>;

class Peer {
 public:
  // All three outlive it. `link` is its own.
  Peer(MqttService& service, int link, const OpenRequest& broker, Wills& wills)
      : service_(service), link_(link), broker_(broker), wills_(wills) {}

  void Receive(const Packet& packet, Time now);
  void Happened(const Event& event, Time now);
  void Advance(Time now);
  Time NextEvent() const;
  std::vector<std::string> TakePackets() { return std::exchange(packets_, {}); }
  bool Gone() const { return state_ == State::kGone; }
  bool Connected() const { return state_ == State::kConnected; }
  int link() const { return link_; }

  static constexpr std::size_t kMostTopics = 1024;    // more: congestion
  static constexpr std::size_t kMostRequests = 256;   // at the broker; likewise
  static constexpr std::size_t kMostMessages = 1000;  // to the client; more are dropped
  static constexpr std::size_t kMostWills = 256;      // kept for clients that are not there

 private:
  enum class State { kNew, kWillTopic, kWillMessage, kOpening, kConnected, kGone };
  // A packet of the client's that the broker has yet to answer.
  struct Forwarded {
    Packet packet;
    std::uint16_t topic_id = 0;
  };
  struct Message {
    std::string topic, payload;
    int qos = 0;
    bool retain = false;
    bool refused = false;  // its id, once
  };

  void Send(const Packet& packet) { packets_.push_back(Encode(packet)); }
  void Await(const Packet& packet, Time now);
  void Open(Time now);
  void Refuse(std::uint8_t code);
  // The client has vanished: what it would have said is said.
  void Lose(Time now);
  void Leave(Time now);
  void End();
  void Pass(Time now);  // the next message on to the client
  void Passed(Time now);
  std::uint64_t Forward(Packet packet, std::uint16_t topic_id);
  template <typename T>
  bool Forwarding(const T& packet) const;
  std::optional<std::uint16_t> IdFor(const std::string& topic);
  void Answer(const Forwarded& request, const Event& event);

  void Take(const Connect& packet, Time now);
  void Take(const WillTopic& packet, Time now);
  void Take(const WillMessage& packet, Time now);
  void Take(const Register& packet, Time now);
  void Take(const Regack& packet, Time now);
  void Take(const Publish& packet, Time now);
  void Take(const Puback& packet, Time now);
  void Take(const Pubrec& packet, Time now);
  void Take(const Pubrel& packet, Time now);
  void Take(const Pubcomp& packet, Time now);
  void Take(const Subscribe& packet, Time now);
  void Take(const Unsubscribe& packet, Time now);
  void Take(const WillTopicUpdate& packet, Time now);
  void Take(const WillMessageUpdate& packet, Time now);
  void Take(const PingRequest& packet, Time now);
  void Take(const Disconnect& packet, Time now);

  MqttService& service_;
  const int link_;
  const OpenRequest& broker_;
  Wills& wills_;

  State state_ = State::kNew;
  Connect session_;
  Time silent_until_ = kNever;  // when the client counts as lost
  std::vector<std::string> packets_;

  std::map<std::uint16_t, std::string> names_;
  std::map<std::string, std::uint16_t> ids_;
  std::set<std::uint16_t> known_;  // ids that the client has been told
  std::uint64_t last_token_ = 0;
  std::map<std::uint64_t, Forwarded> forwarded_;
  std::map<std::uint16_t, bool> receiving_;  // QoS 2 by message id: whether the broker has it

  std::deque<Message> messages_;
  std::optional<Retry> awaiting_;
  std::uint16_t message_id_ = 0;  // of the last packet to the client that has one
};

}  // namespace assay::device::sn

#endif  // DEVICES_MQTT_SN_PEER_H_
