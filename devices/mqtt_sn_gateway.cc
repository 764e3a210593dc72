#include "devices/mqtt_sn_gateway.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace assay::device::sn {
namespace {

constexpr std::uint8_t kGatewayId = 1;

}  // namespace

std::optional<Packet> Denial(const Packet& asked) {
  if (const auto* packet = std::get_if<Register>(&asked))
    return Regack{.message_id = packet->message_id, .code = kNotSupported};
  if (const auto* packet = std::get_if<Publish>(&asked))
    return Puback{.message_id = packet->message_id, .code = kNotSupported};
  if (const auto* packet = std::get_if<Subscribe>(&asked))
    return Suback{.message_id = packet->message_id, .code = kNotSupported};
  if (std::holds_alternative<WillTopicUpdate>(asked))
    return WillTopicResponse{.code = kNotSupported};
  if (std::holds_alternative<WillMessageUpdate>(asked))
    return WillMessageResponse{.code = kNotSupported};
  return std::nullopt;
}

// A link of its own; nothing if too many are there.
Gateway::Peers::iterator Gateway::Welcome(const std::string& name) {
  if (peers_.size() >= kMostPeers) return peers_.end();
  int link = 0;
  const auto taken = [&](const auto& entry) { return entry.second.link() == link; };
  while (std::any_of(peers_.begin(), peers_.end(), taken)) ++link;
  return peers_.try_emplace(name, *service_, link, broker_, wills_).first;
}

void Gateway::Receive(const std::string& name, std::string_view datagram, Time now) {
  Advance(now);
  const std::optional<Packet> packet = Decode(datagram);
  if (!packet) return;
  const auto answer = [&](const Packet& bytes) { out_.push_back({name, Encode(bytes), now}); };
  if (std::holds_alternative<SearchGateway>(*packet))
    return answer(GatewayInfo{.gateway_id = kGatewayId});
  auto peer = peers_.find(name);
  if (peer == peers_.end()) {
    const auto* publish = std::get_if<Publish>(&*packet);
    if (publish != nullptr && publish->qos == kQosWithoutConnection) return;
    // Whoever is not connected is told so (5.4.21).
    if (!std::holds_alternative<Connect>(*packet)) return answer(Disconnect{});
    peer = Welcome(name);
    if (peer == peers_.end()) return answer(Connack{.code = kCongestion});
  }
  if (const auto denial = denies_ && peer->second.Connected() ? Denial(*packet) : std::nullopt)
    return answer(*denial);
  peer->second.Receive(*packet, now);
  Collect(peer, now);
  Advance(now);
}

void Gateway::Collect(Peers::iterator peer, Time now) {
  for (std::string& packet : peer->second.TakePackets())
    out_.push_back({peer->first, std::move(packet), now});
  if (peer->second.Gone()) peers_.erase(peer);
}

Time Gateway::NextOfPeers() const {
  Time next = kNever;
  for (const auto& [name, peer] : peers_) next = std::min(next, peer.NextEvent());
  return next;
}

Time Gateway::NextEvent() const { return std::min(service_->NextEvent(), NextOfPeers()); }

void Gateway::Advance(Time now) {
  while (true) {
    const Time next = std::min(now, NextOfPeers());
    if (const auto event = service_->Poll(next)) {
      const auto peer = std::find_if(peers_.begin(), peers_.end(), [&](const auto& entry) {
        return entry.second.link() == event->link;
      });
      if (peer == peers_.end()) continue;
      peer->second.Happened(*event, event->at);
      Collect(peer, event->at);
    } else if (NextOfPeers() <= now) {
      for (auto peer = peers_.begin(); peer != peers_.end();) {
        const auto at = peer++;  // it may be erased
        at->second.Advance(next);
        Collect(at, next);
      }
    } else {
      return;
    }
  }
}

std::optional<Gateway::Out> Gateway::Take() {
  if (out_.empty()) return std::nullopt;
  Out out = std::move(out_.front());
  out_.pop_front();
  return out;
}

}  // namespace assay::device::sn
