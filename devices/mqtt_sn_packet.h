// The packets of MQTT-SN 1.2, as bytes of one datagram and back.
//
//   std::string bytes = sn::Encode(sn::Register{.topic_id = 0, .message_id = 7, .topic = "a/b"});
//   std::optional<sn::Packet> packet = sn::Decode(bytes);   // nothing: not a packet
//   if (const auto* answer = std::get_if<sn::Regack>(&*packet)) ...
//
// Numbers in brackets are clauses of the MQTT-SN 1.2 specification.
#ifndef DEVICES_MQTT_SN_PACKET_H_
#define DEVICES_MQTT_SN_PACKET_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace assay::device::sn {

// 5.3.10. Any other byte is a rejection that the specification reserves.
inline constexpr std::uint8_t kAccepted = 0, kCongestion = 1, kInvalidTopicId = 2,
                              kNotSupported = 3;
// 5.3.4: -1 is a publication without a connection.
inline constexpr int kQosWithoutConnection = -1;
inline constexpr std::size_t kLongestPacket = 65535;

// What names a topic. In a PUBLISH a topic that is neither predefined nor short is an id that was
// registered; in SUBSCRIBE and UNSUBSCRIBE it is a name.
struct Topic {
  enum class Kind { kNormal, kPredefined, kShort };
  Kind kind = Kind::kNormal;
  std::uint16_t id = 0;  // registered or predefined
  std::string name{};    // of two bytes if it is short

  friend bool operator==(const Topic&, const Topic&) = default;
};

// What an acknowledgement repeats of it: the id, or the two characters (5.4.13).
std::uint16_t IdOf(const Topic& topic);

struct SearchGateway {  // 5.4.2
  std::uint8_t radius = 0;
  friend bool operator==(const SearchGateway&, const SearchGateway&) = default;
};
struct GatewayInfo {  // 5.4.3
  std::uint8_t gateway_id = 0;
  std::string address{};  // only if a client tells it
  friend bool operator==(const GatewayInfo&, const GatewayInfo&) = default;
};
struct Advertise {  // 5.4.1
  std::uint8_t gateway_id = 0;
  std::uint16_t duration_s = 0;
  friend bool operator==(const Advertise&, const Advertise&) = default;
};
struct Connect {  // 5.4.4
  bool will = false, clean_session = false;
  std::uint16_t duration_s = 0;
  std::string client_id{};
  std::uint8_t protocol_id = 1;
  friend bool operator==(const Connect&, const Connect&) = default;
};
struct Connack {  // 5.4.5
  std::uint8_t code = kAccepted;
  friend bool operator==(const Connack&, const Connack&) = default;
};
struct WillTopicRequest {  // 5.4.6
  friend bool operator==(const WillTopicRequest&, const WillTopicRequest&) = default;
};
// 5.4.7, 5.4.22. Without a topic: no will (any longer).
struct WillTopic {
  std::string topic{};
  int qos = 0;
  bool retain = false;
  friend bool operator==(const WillTopic&, const WillTopic&) = default;
};
struct WillTopicUpdate {
  std::string topic{};
  int qos = 0;
  bool retain = false;
  friend bool operator==(const WillTopicUpdate&, const WillTopicUpdate&) = default;
};
struct WillMessageRequest {  // 5.4.8
  friend bool operator==(const WillMessageRequest&, const WillMessageRequest&) = default;
};
struct WillMessage {  // 5.4.9
  std::string payload{};
  friend bool operator==(const WillMessage&, const WillMessage&) = default;
};
struct WillMessageUpdate {  // 5.4.23
  std::string payload{};
  friend bool operator==(const WillMessageUpdate&, const WillMessageUpdate&) = default;
};
struct WillTopicResponse {  // 5.4.24
  std::uint8_t code = kAccepted;
  friend bool operator==(const WillTopicResponse&, const WillTopicResponse&) = default;
};
struct WillMessageResponse {  // 5.4.25
  std::uint8_t code = kAccepted;
  friend bool operator==(const WillMessageResponse&, const WillMessageResponse&) = default;
};
struct Register {  // 5.4.10; a client sends topic id 0
  std::uint16_t topic_id = 0, message_id = 0;
  std::string topic{};
  friend bool operator==(const Register&, const Register&) = default;
};
struct Regack {  // 5.4.11
  std::uint16_t topic_id = 0, message_id = 0;
  std::uint8_t code = kAccepted;
  friend bool operator==(const Regack&, const Regack&) = default;
};
struct Publish {  // 5.4.12
  bool duplicate = false, retain = false;
  int qos = 0;  // kQosWithoutConnection, 0, 1, 2
  Topic topic{};
  std::uint16_t message_id = 0;
  std::string payload{};
  friend bool operator==(const Publish&, const Publish&) = default;
};
struct Puback {  // 5.4.13
  std::uint16_t topic_id = 0, message_id = 0;
  std::uint8_t code = kAccepted;
  friend bool operator==(const Puback&, const Puback&) = default;
};
struct Pubrec {  // 5.4.14, as the next two
  std::uint16_t message_id = 0;
  friend bool operator==(const Pubrec&, const Pubrec&) = default;
};
struct Pubrel {
  std::uint16_t message_id = 0;
  friend bool operator==(const Pubrel&, const Pubrel&) = default;
};
struct Pubcomp {
  std::uint16_t message_id = 0;
  friend bool operator==(const Pubcomp&, const Pubcomp&) = default;
};
struct Subscribe {  // 5.4.15
  bool duplicate = false;
  int qos = 0;
  std::uint16_t message_id = 0;
  Topic topic{};
  friend bool operator==(const Subscribe&, const Subscribe&) = default;
};
struct Suback {  // 5.4.16
  int qos = 0;   // granted
  std::uint16_t topic_id = 0, message_id = 0;
  std::uint8_t code = kAccepted;
  friend bool operator==(const Suback&, const Suback&) = default;
};
struct Unsubscribe {  // 5.4.17
  std::uint16_t message_id = 0;
  Topic topic{};
  friend bool operator==(const Unsubscribe&, const Unsubscribe&) = default;
};
struct Unsuback {  // 5.4.18
  std::uint16_t message_id = 0;
  friend bool operator==(const Unsuback&, const Unsuback&) = default;
};
struct PingRequest {  // 5.4.19; the client id only of one that wakes up
  std::string client_id{};
  friend bool operator==(const PingRequest&, const PingRequest&) = default;
};
struct PingResponse {  // 5.4.20
  friend bool operator==(const PingResponse&, const PingResponse&) = default;
};
struct Disconnect {  // 5.4.21; with a duration: goes to sleep
  std::optional<std::uint16_t> duration_s{};
  friend bool operator==(const Disconnect&, const Disconnect&) = default;
};

using Packet =
    std::variant<Advertise, SearchGateway, GatewayInfo, Connect, Connack, WillTopicRequest,
                 WillTopic, WillMessageRequest, WillMessage, Register, Regack, Publish, Puback,
                 Pubrec, Pubrel, Pubcomp, Subscribe, Suback, Unsubscribe, Unsuback, PingRequest,
                 PingResponse, Disconnect, WillTopicUpdate, WillTopicResponse, WillMessageUpdate,
                 WillMessageResponse>;

// A name or payload that leaves no room in kLongestPacket is cut. A short topic whose name has not
// two bytes is filled up with NUL, or cut.
std::string Encode(const Packet& packet);
// Nothing if the datagram is not exactly one packet, or uses what the specification reserves.
// Flags that a packet does not use are not looked at (5.3.4).
std::optional<Packet> Decode(std::string_view datagram);

}  // namespace assay::device::sn

#endif  // DEVICES_MQTT_SN_PACKET_H_
