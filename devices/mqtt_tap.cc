#include "devices/mqtt_tap.h"

#include <utility>

namespace assay::device {
namespace {

using Kind = WireEvent::Kind;

// Types of packets (MQTT 3.1.1, 2.2.1).
enum Type : unsigned {
  kConnect = 1,
  kConnack = 2,
  kPublish = 3,
  kSubscribe = 8,
  kSuback = 9,
  kUnsubscribe = 10,
  kUnsuback = 11,
  kPingRequest = 12,
  kDisconnect = 14
};

// What is left of a packet's body. Reading beyond its end fails for good.
class Body {
 public:
  explicit Body(std::string_view bytes) : bytes_(bytes) {}
  bool Ok() const { return ok_; }
  bool Empty() const { return bytes_.empty(); }
  std::string_view Rest() const { return bytes_; }
  std::string_view Take(std::size_t count) {
    if (count > bytes_.size()) ok_ = false;
    const std::string_view out = bytes_.substr(0, count);
    bytes_.remove_prefix(out.size());
    return out;
  }
  unsigned Byte() {
    const std::string_view byte = Take(1);
    return byte.empty() ? 0 : static_cast<unsigned char>(byte[0]);
  }
  unsigned Word() {
    const unsigned high = Byte();
    return high * 256 + Byte();
  }
  std::string Text() { return std::string(Take(Word())); }

 private:
  std::string_view bytes_;
  bool ok_ = true;
};

// 3.1: of the flags, 7 user, 6 password, 5 will retain, 4-3 will QoS, 2 will, 1 clean session.
std::optional<ConnectRequest> ReadConnect(std::string_view bytes) {
  Body body(bytes);
  ConnectRequest out;
  const std::string protocol = body.Text();
  if (protocol != "MQTT" && protocol != "MQIsdp") return std::nullopt;
  out.version = static_cast<int>(body.Byte());
  const unsigned flags = body.Byte();
  out.keep_alive_s = static_cast<int>(body.Word());
  out.clean_session = (flags & 0x02) != 0;
  out.client_id = body.Text();
  if ((flags & 0x04) != 0) {
    Will will;
    will.topic = body.Text();
    will.payload = body.Text();
    will.qos = static_cast<int>((flags >> 3) & 3);
    will.retain = (flags & 0x20) != 0;
    out.will = std::move(will);
  }
  if ((flags & 0x80) != 0) out.username = body.Text();
  if ((flags & 0x40) != 0) out.password = body.Text();
  return body.Ok() && body.Empty() ? std::optional(out) : std::nullopt;
}

}  // namespace

void MqttTap::End(WireEvent event) {
  over_ = true;
  for (Direction* each : {&modem_, &broker_}) {
    each->bytes.clear();
    each->bytes.shrink_to_fit();
  }
  asked_.clear();
  events_.push_back(std::move(event));
}

void MqttTap::Garbled(std::string why) {
  WireEvent event;
  event.kind = Kind::kGarbled;
  event.payload = std::move(why);
  End(std::move(event));
}

void MqttTap::FromModem(std::string_view bytes) {
  constexpr char kHandshake = 0x16;  // of a TLS record
  const bool sealed = modem_.first && modem_.bytes.empty() && !bytes.empty() && !over_ &&
                      bytes[0] == kHandshake;
  if (sealed) return End({.kind = Kind::kSealed});
  Feed(modem_, bytes);
}

void MqttTap::FromBroker(std::string_view bytes) { Feed(broker_, bytes); }

void MqttTap::Feed(Direction& from, std::string_view bytes) {
  if (over_) return;
  from.bytes += bytes;
  std::size_t begin = 0;
  while (!over_) {
    const std::string_view rest = std::string_view(from.bytes).substr(begin);
    std::size_t length = 0, digits = 0;
    bool whole = false;
    while (!whole && digits < 4 && digits + 1 < rest.size()) {
      const auto digit = static_cast<unsigned char>(rest[++digits]);
      length |= static_cast<std::size_t>(digit & 0x7f) << (7 * (digits - 1));
      whole = (digit & 0x80) == 0;
    }
    if (!whole && digits == 4) return Garbled("a length of more than four bytes");
    if (length > kLongestPacket) return Garbled("a packet of " + std::to_string(length) + " bytes");
    if (!whole || rest.size() - 1 - digits < length) break;
    const auto head = static_cast<unsigned char>(rest[0]);
    // A copy: what is wrong with it lets go of all bytes.
    const std::string body(rest.substr(1 + digits, length));
    begin += 1 + digits + length;
    const bool first = std::exchange(from.first, false);
    if (&from == &modem_) {
      TakeFromModem(head, body, first);
    } else {
      TakeFromBroker(head, body, first);
    }
  }
  if (!over_) from.bytes.erase(0, begin);
}

std::optional<WireEvent> MqttTap::Next() {
  if (events_.empty()) return std::nullopt;
  WireEvent event = std::move(events_.front());
  events_.pop_front();
  return event;
}

void MqttTap::TakeMessage(Kind kind, unsigned char head, std::string_view bytes) {
  Body body(bytes);
  WireEvent event;
  event.kind = kind;
  event.duplicate = (head & 0x08) != 0;
  event.qos = (head >> 1) & 3;
  event.retain = (head & 0x01) != 0;
  event.topic = body.Text();
  if (event.qos > 0) body.Word();
  event.payload = std::string(body.Rest());
  if (!body.Ok() || event.qos > 2) return Garbled("a PUBLISH that is none");
  events_.push_back(std::move(event));
}

void MqttTap::TakeFromBroker(unsigned char head, std::string_view bytes, bool first) {
  const unsigned type = head >> 4;
  if (first && type != kConnack)
    return Garbled("the broker's first packet is of type " + std::to_string(type));
  Body body(bytes);
  if (type == kConnack) {
    body.Byte();
    events_.push_back({.kind = Kind::kConnack, .code = static_cast<int>(body.Byte())});
  } else if (type == kPublish) {
    TakeMessage(Kind::kDelivered, head, bytes);
  } else if (type == kSuback || type == kUnsuback) {
    asked_.erase(body.Word());
  }
}

void MqttTap::TakeFromModem(unsigned char head, std::string_view body, bool first) {
  const unsigned type = head >> 4;
  if (first && type != kConnect)
    return Garbled("the first packet is of type " + std::to_string(type));
  switch (type) {
    case kConnect: {
      auto session = ReadConnect(body);
      if (!session) return Garbled("a CONNECT that is none");
      events_.push_back({.kind = Kind::kConnect, .session = std::move(*session)});
      return;
    }
    case kPublish:
      return TakeMessage(Kind::kPublish, head, body);
    case kSubscribe:
      return TakeFilters({.kind = Kind::kSubscribe}, body);
    case kUnsubscribe:
      return TakeFilters({.kind = Kind::kUnsubscribe}, body);
    case kPingRequest:
      events_.push_back({.kind = Kind::kPing});
      return;
    case kDisconnect:
      events_.push_back({.kind = Kind::kDisconnect});
      return;
    default:
      return;
  }
}

void MqttTap::TakeFilters(WireEvent event, std::string_view bytes) {
  constexpr std::size_t kMostAsked = 1000;
  Body body(bytes);
  const unsigned id = body.Word();
  while (body.Ok() && !body.Empty()) {
    Subscription filter{.topic = body.Text()};
    if (event.kind == Kind::kSubscribe) filter.qos = static_cast<int>(body.Byte() & 3);
    event.filters.push_back(std::move(filter));
  }
  if (!body.Ok() || event.filters.empty()) return Garbled("a SUBSCRIBE or UNSUBSCRIBE that is none");
  // Only 3.1 has a flag for it; but what is not answered keeps its identifier.
  if (asked_.size() == kMostAsked) asked_.clear();
  std::string& asked = asked_[id];
  event.duplicate = asked == bytes;
  asked = std::string(bytes);
  events_.push_back(std::move(event));
}

}  // namespace assay::device
