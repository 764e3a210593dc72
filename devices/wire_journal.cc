#include "devices/wire_journal.h"

#include <algorithm>
#include <utility>

namespace assay::device {
namespace {

std::string Shown(const std::string& bytes, std::size_t most) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : bytes.substr(0, most)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (byte < 0x20 || byte >= 0x7f) {
      out += {'\\', 'x', kDigits[byte / 16], kDigits[byte % 16]};
    } else {
      out += c;
    }
  }
  out += "\"";
  if (bytes.size() > most) out += "... (" + std::to_string(bytes.size()) + " bytes)";
  return out;
}

std::string Qualities(const WireEvent& event) {
  return " qos " + std::to_string(event.qos) + (event.retain ? " retain" : "") +
         (event.duplicate ? " again" : "");
}

std::string Filters(const WireEvent& event, bool levels, std::size_t most) {
  std::string out;
  for (const Subscription& filter : event.filters) {
    out += " " + Shown(filter.topic, most);
    if (levels) out += " qos " + std::to_string(filter.qos);
  }
  return out + (event.duplicate ? " again" : "");
}

std::string Session(const ConnectRequest& session, std::size_t most) {
  std::string out = " client " + Shown(session.client_id, most);
  if (session.version != 4) out += " level " + std::to_string(session.version);
  if (session.clean_session) out += " clean";
  out += " keep-alive " + std::to_string(session.keep_alive_s) + " s";
  if (session.username) out += " user " + Shown(*session.username, most);
  if (session.password) out += " password of " + std::to_string(session.password->size()) + " bytes";
  if (session.will) {
    out += " will " + Shown(session.will->topic, most) + " qos " +
           std::to_string(session.will->qos) + (session.will->retain ? " retain" : "") + ": " + Shown(session.will->payload, most);
  }
  return out;
}

}  // namespace

std::string ToText(const WireEvent& event, std::size_t most) {
  using Kind = WireEvent::Kind;
  switch (event.kind) {
    case Kind::kOpened:
      return "connection";
    case Kind::kConnect:
      return "CONNECT" + Session(event.session, most);
    case Kind::kConnack:
      return "<- CONNACK " + std::to_string(event.code);
    case Kind::kPublish:
      return "PUBLISH " + Shown(event.topic, most) + Qualities(event) + ": " +
             Shown(event.payload, most);
    case Kind::kSubscribe:
      return "SUBSCRIBE" + Filters(event, true, most);
    case Kind::kUnsubscribe:
      return "UNSUBSCRIBE" + Filters(event, false, most);
    case Kind::kPing:
      return "PINGREQ";
    case Kind::kDisconnect:
      return "DISCONNECT";
    case Kind::kDelivered:
      return "<- PUBLISH " + Shown(event.topic, most) + Qualities(event) + ": " +
             Shown(event.payload, most);
    case Kind::kClosed:
      return event.code == 0 ? "closed" : "<- closed";
    case Kind::kSealed:
      return "TLS";
    case Kind::kGarbled:
      return "no MQTT: " + event.payload;
  }
  return "";
}

int WireJournal::NextConnection() {
  const std::lock_guard lock(mutex_);
  return ++connections_;
}

void WireJournal::Add(WireEvent event) {
  const std::lock_guard lock(mutex_);
  if (events_.size() == kMost) {
    events_.pop_front();
    ++gone_;
  }
  events_.push_back(std::move(event));
}

std::size_t WireJournal::Count() const {
  const std::lock_guard lock(mutex_);
  return gone_ + events_.size();
}

std::vector<WireEvent> WireJournal::Since(std::size_t count) const {
  const std::lock_guard lock(mutex_);
  const std::size_t skip = std::min(count < gone_ ? 0 : count - gone_, events_.size());
  return {events_.begin() + static_cast<std::ptrdiff_t>(skip), events_.end()};
}

void WireJournal::Forget(std::size_t count) {
  const std::lock_guard lock(mutex_);
  while (gone_ < count && !events_.empty()) {
    events_.pop_front();
    ++gone_;
  }
}

}  // namespace assay::device
