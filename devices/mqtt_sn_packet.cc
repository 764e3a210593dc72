#include "devices/mqtt_sn_packet.h"

#include <utility>

namespace assay::device::sn {
namespace {

// 5.2.2.
enum Type : std::uint8_t {
  kAdvertise = 0x00,
  kSearchGateway = 0x01,
  kGatewayInfo = 0x02,
  kConnect = 0x04,
  kConnack = 0x05,
  kWillTopicRequest = 0x06,
  kWillTopic = 0x07,
  kWillMessageRequest = 0x08,
  kWillMessage = 0x09,
  kRegister = 0x0A,
  kRegack = 0x0B,
  kPublish = 0x0C,
  kPuback = 0x0D,
  kPubcomp = 0x0E,
  kPubrec = 0x0F,
  kPubrel = 0x10,
  kSubscribe = 0x12,
  kSuback = 0x13,
  kUnsubscribe = 0x14,
  kUnsuback = 0x15,
  kPingRequest = 0x16,
  kPingResponse = 0x17,
  kDisconnect = 0x18,
  kWillTopicUpdate = 0x1A,
  kWillTopicResponse = 0x1B,
  kWillMessageUpdate = 0x1C,
  kWillMessageResponse = 0x1D,
};

// 5.3.4.
constexpr std::uint8_t kDup = 0x80, kRetain = 0x10, kWill = 0x08, kClean = 0x04, kTopicKind = 0x03;
constexpr int kQosShift = 5;
constexpr std::uint8_t kReservedTopicKind = 3;

std::uint8_t Flags(int qos, Topic::Kind kind = Topic::Kind::kNormal) {
  const auto level = static_cast<unsigned>(qos) & 3U;  // -1 is written as 3
  return static_cast<std::uint8_t>(level << kQosShift | static_cast<unsigned>(kind));
}

int QosOf(std::uint8_t flags) {
  const int level = flags >> kQosShift & 3;
  return level == 3 ? kQosWithoutConnection : level;
}

class Writer {
 public:
  explicit Writer(Type type) { Byte(type); }
  Writer& Byte(unsigned value) {
    body_ += static_cast<char>(value & 0xFF);
    return *this;
  }
  Writer& Word(unsigned value) { return Byte(value >> 8).Byte(value); }
  Writer& Text(std::string_view text) {
    body_ += text;
    return *this;
  }
  Writer& Name(const Topic& topic) {
    std::string name = topic.name;
    name.resize(2, '\0');
    return Text(name);
  }
  // 5.2.1: one byte of length, or three for a packet of 256 bytes and more.
  std::string Take() {
    if (body_.size() + 1 < 256) return static_cast<char>(body_.size() + 1) + body_;
    if (body_.size() + 3 > kLongestPacket) body_.resize(kLongestPacket - 3);
    const std::size_t length = body_.size() + 3;
    std::string out = "\x01";
    out += static_cast<char>(length >> 8);
    out += static_cast<char>(length & 0xFF);
    return out + body_;
  }

 private:
  std::string body_;
};

struct Encoder {
  std::string operator()(const Advertise& packet) const {
    return Writer(kAdvertise).Byte(packet.gateway_id).Word(packet.duration_s).Take();
  }
  std::string operator()(const SearchGateway& packet) const {
    return Writer(kSearchGateway).Byte(packet.radius).Take();
  }
  std::string operator()(const GatewayInfo& packet) const {
    return Writer(kGatewayInfo).Byte(packet.gateway_id).Text(packet.address).Take();
  }
  std::string operator()(const Connect& packet) const {
    return Writer(kConnect)
        .Byte((packet.will ? kWill : 0U) | (packet.clean_session ? kClean : 0U))
        .Byte(packet.protocol_id)
        .Word(packet.duration_s)
        .Text(packet.client_id)
        .Take();
  }
  std::string operator()(const Connack& packet) const {
    return Writer(kConnack).Byte(packet.code).Take();
  }
  std::string operator()(const WillTopicRequest&) const { return Writer(kWillTopicRequest).Take(); }
  std::string operator()(const WillTopic& packet) const {
    return Will(kWillTopic, packet.topic, packet.qos, packet.retain);
  }
  std::string operator()(const WillTopicUpdate& packet) const {
    return Will(kWillTopicUpdate, packet.topic, packet.qos, packet.retain);
  }
  std::string operator()(const WillMessageRequest&) const {
    return Writer(kWillMessageRequest).Take();
  }
  std::string operator()(const WillMessage& packet) const {
    return Writer(kWillMessage).Text(packet.payload).Take();
  }
  std::string operator()(const WillMessageUpdate& packet) const {
    return Writer(kWillMessageUpdate).Text(packet.payload).Take();
  }
  std::string operator()(const WillTopicResponse& packet) const {
    return Writer(kWillTopicResponse).Byte(packet.code).Take();
  }
  std::string operator()(const WillMessageResponse& packet) const {
    return Writer(kWillMessageResponse).Byte(packet.code).Take();
  }
  std::string operator()(const Register& packet) const {
    return Writer(kRegister)
        .Word(packet.topic_id)
        .Word(packet.message_id)
        .Text(packet.topic)
        .Take();
  }
  std::string operator()(const Regack& packet) const {
    return Acknowledgement(kRegack, packet.topic_id, packet.message_id, packet.code);
  }
  std::string operator()(const Publish& packet) const {
    Writer out(kPublish);
    out.Byte(Flags(packet.qos, packet.topic.kind) | (packet.duplicate ? kDup : 0U) |
             (packet.retain ? kRetain : 0U));
    if (packet.topic.kind == Topic::Kind::kShort) {
      out.Name(packet.topic);
    } else {
      out.Word(packet.topic.id);
    }
    return out.Word(packet.message_id).Text(packet.payload).Take();
  }
  std::string operator()(const Puback& packet) const {
    return Acknowledgement(kPuback, packet.topic_id, packet.message_id, packet.code);
  }
  std::string operator()(const Pubrec& packet) const { return Answer(kPubrec, packet.message_id); }
  std::string operator()(const Pubrel& packet) const { return Answer(kPubrel, packet.message_id); }
  std::string operator()(const Pubcomp& packet) const {
    return Answer(kPubcomp, packet.message_id);
  }
  std::string operator()(const Subscribe& packet) const {
    Writer out(kSubscribe);
    out.Byte(Flags(packet.qos, packet.topic.kind) | (packet.duplicate ? kDup : 0U))
        .Word(packet.message_id);
    return Filter(out, packet.topic);
  }
  std::string operator()(const Suback& packet) const {
    return Writer(kSuback)
        .Byte(Flags(packet.qos))
        .Word(packet.topic_id)
        .Word(packet.message_id)
        .Byte(packet.code)
        .Take();
  }
  std::string operator()(const Unsubscribe& packet) const {
    Writer out(kUnsubscribe);
    out.Byte(Flags(0, packet.topic.kind)).Word(packet.message_id);
    return Filter(out, packet.topic);
  }
  std::string operator()(const Unsuback& packet) const {
    return Answer(kUnsuback, packet.message_id);
  }
  std::string operator()(const PingRequest& packet) const {
    return Writer(kPingRequest).Text(packet.client_id).Take();
  }
  std::string operator()(const PingResponse&) const { return Writer(kPingResponse).Take(); }
  std::string operator()(const Disconnect& packet) const {
    Writer out(kDisconnect);
    if (packet.duration_s) out.Word(*packet.duration_s);
    return out.Take();
  }

 private:
  static std::string Will(Type type, const std::string& topic, int qos, bool retain) {
    Writer out(type);
    if (topic.empty()) return out.Take();
    return out.Byte(Flags(qos) | (retain ? kRetain : 0U)).Text(topic).Take();
  }
  static std::string Acknowledgement(Type type, std::uint16_t topic_id, std::uint16_t message_id,
                                     std::uint8_t code) {
    return Writer(type).Word(topic_id).Word(message_id).Byte(code).Take();
  }
  static std::string Answer(Type type, std::uint16_t message_id) {
    return Writer(type).Word(message_id).Take();
  }
  static std::string Filter(Writer& out, const Topic& topic) {
    switch (topic.kind) {
      case Topic::Kind::kNormal:
        return out.Text(topic.name).Take();
      case Topic::Kind::kPredefined:
        return out.Word(topic.id).Take();
      case Topic::Kind::kShort:
        return out.Name(topic).Take();
    }
    return {};
  }
};

// Reads what is left; once something was missing, it stays broken.
class Reader {
 public:
  explicit Reader(std::string_view body) : body_(body) {}
  std::uint8_t Byte() {
    if (body_.empty()) {
      broken_ = true;
      return 0;
    }
    const auto value = static_cast<std::uint8_t>(body_.front());
    body_.remove_prefix(1);
    return value;
  }
  std::uint16_t Word() {
    const unsigned high = Byte();
    return static_cast<std::uint16_t>(high << 8 | Byte());
  }
  std::string Rest() { return std::string(std::exchange(body_, {})); }
  std::string Two() {
    if (body_.size() < 2) broken_ = true;
    const std::string out(body_.substr(0, 2));
    body_.remove_prefix(out.size());
    return out;
  }
  bool Empty() const { return body_.empty(); }
  void Break() { broken_ = true; }
  // The packet, if it was all there and nothing more.
  template <typename T>
  std::optional<Packet> Whole(T packet) {
    if (broken_ || !body_.empty()) return std::nullopt;
    return Packet{std::move(packet)};
  }

 private:
  std::string_view body_;
  bool broken_ = false;
};

Topic::Kind KindOf(std::uint8_t flags, Reader& in) {
  const std::uint8_t kind = flags & kTopicKind;
  if (kind == kReservedTopicKind) in.Break();
  return kind == kReservedTopicKind ? Topic::Kind::kNormal : static_cast<Topic::Kind>(kind);
}

Topic ReadFilter(std::uint8_t flags, Reader& in) {
  Topic topic{.kind = KindOf(flags, in)};
  switch (topic.kind) {
    case Topic::Kind::kNormal:
      topic.name = in.Rest();
      if (topic.name.empty()) in.Break();
      break;
    case Topic::Kind::kPredefined:
      topic.id = in.Word();
      break;
    case Topic::Kind::kShort:
      topic.name = in.Two();
      break;
  }
  return topic;
}

Publish ReadPublish(Reader& in) {
  Publish out;
  const std::uint8_t flags = in.Byte();
  out.duplicate = (flags & kDup) != 0;
  out.retain = (flags & kRetain) != 0;
  out.qos = QosOf(flags);
  out.topic.kind = KindOf(flags, in);
  if (out.topic.kind == Topic::Kind::kShort) {
    out.topic.name = in.Two();
  } else {
    out.topic.id = in.Word();
  }
  out.message_id = in.Word();
  out.payload = in.Rest();
  return out;
}

template <typename T>
T ReadWill(Reader& in) {
  if (in.Empty()) return {};
  const std::uint8_t flags = in.Byte();
  T out{.topic = in.Rest(), .qos = QosOf(flags), .retain = (flags & kRetain) != 0};
  if (out.qos == kQosWithoutConnection || out.topic.empty()) in.Break();
  return out;
}

template <typename T>
T ReadAcknowledgement(Reader& in) {
  const std::uint16_t topic_id = in.Word(), message_id = in.Word();
  return {.topic_id = topic_id, .message_id = message_id, .code = in.Byte()};
}

std::optional<Packet> Read(std::uint8_t type, Reader in) {
  switch (type) {
    case kAdvertise: {
      const std::uint8_t gateway = in.Byte();
      return in.Whole(Advertise{.gateway_id = gateway, .duration_s = in.Word()});
    }
    case kSearchGateway:
      return in.Whole(SearchGateway{.radius = in.Byte()});
    case kGatewayInfo: {
      const std::uint8_t gateway = in.Byte();
      return in.Whole(GatewayInfo{.gateway_id = gateway, .address = in.Rest()});
    }
    case kConnect: {
      Connect out;
      const std::uint8_t flags = in.Byte();
      out.will = (flags & kWill) != 0;
      out.clean_session = (flags & kClean) != 0;
      out.protocol_id = in.Byte();
      out.duration_s = in.Word();
      out.client_id = in.Rest();
      return in.Whole(std::move(out));
    }
    case kConnack:
      return in.Whole(Connack{.code = in.Byte()});
    case kWillTopicRequest:
      return in.Whole(WillTopicRequest{});
    case kWillTopic:
      return in.Whole(ReadWill<WillTopic>(in));
    case kWillMessageRequest:
      return in.Whole(WillMessageRequest{});
    case kWillMessage:
      return in.Whole(WillMessage{.payload = in.Rest()});
    case kRegister: {
      Register out;
      out.topic_id = in.Word();
      out.message_id = in.Word();
      out.topic = in.Rest();
      if (out.topic.empty()) in.Break();
      return in.Whole(std::move(out));
    }
    case kRegack:
      return in.Whole(ReadAcknowledgement<Regack>(in));
    case kPublish:
      return in.Whole(ReadPublish(in));
    case kPuback:
      return in.Whole(ReadAcknowledgement<Puback>(in));
    case kPubcomp:
      return in.Whole(Pubcomp{.message_id = in.Word()});
    case kPubrec:
      return in.Whole(Pubrec{.message_id = in.Word()});
    case kPubrel:
      return in.Whole(Pubrel{.message_id = in.Word()});
    case kSubscribe: {
      Subscribe out;
      const std::uint8_t flags = in.Byte();
      out.duplicate = (flags & kDup) != 0;
      out.qos = QosOf(flags);
      if (out.qos == kQosWithoutConnection) in.Break();
      out.message_id = in.Word();
      out.topic = ReadFilter(flags, in);
      return in.Whole(std::move(out));
    }
    case kSuback: {
      Suback out;
      out.qos = QosOf(in.Byte());
      if (out.qos == kQosWithoutConnection) in.Break();
      out.topic_id = in.Word();
      out.message_id = in.Word();
      out.code = in.Byte();
      return in.Whole(out);
    }
    case kUnsubscribe: {
      Unsubscribe out;
      const std::uint8_t flags = in.Byte();
      out.message_id = in.Word();
      out.topic = ReadFilter(flags, in);
      return in.Whole(std::move(out));
    }
    case kUnsuback:
      return in.Whole(Unsuback{.message_id = in.Word()});
    case kPingRequest:
      return in.Whole(PingRequest{.client_id = in.Rest()});
    case kPingResponse:
      return in.Whole(PingResponse{});
    case kDisconnect: {
      Disconnect out;
      if (!in.Empty()) out.duration_s = in.Word();
      return in.Whole(out);
    }
    case kWillTopicUpdate:
      return in.Whole(ReadWill<WillTopicUpdate>(in));
    case kWillTopicResponse:
      return in.Whole(WillTopicResponse{.code = in.Byte()});
    case kWillMessageUpdate:
      return in.Whole(WillMessageUpdate{.payload = in.Rest()});
    case kWillMessageResponse:
      return in.Whole(WillMessageResponse{.code = in.Byte()});
    default:  // reserved, or an encapsulation (5.5), which only forwarders speak
      return std::nullopt;
  }
}

}  // namespace

std::uint16_t IdOf(const Topic& topic) {
  if (topic.kind != Topic::Kind::kShort) return topic.id;
  std::string name = topic.name;
  name.resize(2, '\0');
  const auto high = static_cast<unsigned char>(name[0]), low = static_cast<unsigned char>(name[1]);
  return static_cast<std::uint16_t>(high << 8 | low);
}

std::string Encode(const Packet& packet) { return std::visit(Encoder{}, packet); }

std::optional<Packet> Decode(std::string_view datagram) {
  if (datagram.size() < 2) return std::nullopt;
  std::size_t length = static_cast<unsigned char>(datagram[0]), header = 1;
  if (length == 1) {
    if (datagram.size() < 4) return std::nullopt;
    length = std::size_t{static_cast<unsigned char>(datagram[1])} << 8 |
             static_cast<unsigned char>(datagram[2]);
    header = 3;
  }
  if (length != datagram.size()) return std::nullopt;
  const auto type = static_cast<std::uint8_t>(datagram[header]);
  return Read(type, Reader(datagram.substr(header + 1)));
}

}  // namespace assay::device::sn
