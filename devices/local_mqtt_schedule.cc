#include <algorithm>
#include <utility>

#include "devices/local_mqtt_service.h"

namespace assay::device {
namespace {

using Kind = Event::Kind;

}  // namespace

void LocalMqttService::Schedule(Event event, std::vector<BrokerPacket> sent_again) {
  // Another modem's clock may be behind ours; what it sends still reaches us no earlier than now.
  event.at = std::max(event.at, now_);
  const auto place =
      std::upper_bound(queue_.begin(), queue_.end(), event.at,
                       [](Time at, const Scheduled& other) { return at < other.event.at; });
  queue_.insert(place, {std::move(event), std::move(sent_again)});
}

void LocalMqttService::Forget(int link, Time after) {
  std::erase_if(queue_, [&](const Scheduled& scheduled) {
    return scheduled.event.link == link && scheduled.event.at > after;
  });
}

std::optional<Event> LocalMqttService::Poll(Time now) {
  now_ = std::max(now_, now);
  if (queue_.empty() || queue_.front().event.at > now) return std::nullopt;
  const Scheduled due = std::move(queue_.front());
  queue_.pop_front();
  Apply(due);
  return due.event;
}

// A host that acknowledges nothing: the packet is sent again until the retries are used up.
void LocalMqttService::RunMute(LocalMqttLink& link, int index,
                               std::optional<std::uint64_t> answer_to,
                               const std::vector<BrokerPacket>& packets, Time now) {
  const Time timeout = link.session.packet_timeout;
  const int retries = answer_to ? link.session.retries : 0;
  for (int retry = 1; retry <= retries; ++retry) {
    std::vector<BrokerPacket> again = packets;
    for (BrokerPacket& packet : again) {
      packet.duplicate = true;
      packet.at = now + retry * timeout;
    }
    Schedule({.kind = Kind::kRetry,
              .link = index,
              .token = *answer_to,
              .code = retry,
              .at = now + retry * timeout},
             std::move(again));
  }
  if (answer_to) {
    Schedule({.kind = Kind::kGaveUp,
              .link = index,
              .token = *answer_to,
              .at = now + (retries + 1) * timeout});
  }
  // Every packet sent puts the next PINGREQ off, unless one is out already (3.1.2.10).
  const Time keep_alive = std::chrono::seconds(link.session.keep_alive_s);
  if (keep_alive == Time{0} || link.ping_at <= now) return;
  const Time last_sent = timeout > keep_alive ? now : now + retries * timeout;
  link.ping_at = std::max(link.ping_at, last_sent + keep_alive);
  std::erase_if(queue_, [&](const Scheduled& scheduled) {
    return scheduled.event.link == index && scheduled.event.kind == Kind::kPingTimeout;
  });
  Schedule({.kind = Kind::kPingTimeout, .link = index, .at = link.ping_at + timeout});
}

// A working host answers each PINGREQ, so that only the others need a schedule.
void LocalMqttService::StartKeepAlive(LocalMqttLink& link, int index, Time now) {
  if (link.session.keep_alive_s == 0) return;
  link.ping_at = now + std::chrono::seconds(link.session.keep_alive_s);
  if (link.host.manner == Host::Manner::kMute) {
    Schedule({.kind = Kind::kPingTimeout,
              .link = index,
              .at = link.ping_at + link.session.packet_timeout});
  } else if (link.host.manner == Host::Manner::kClosing) {
    Schedule({.kind = Kind::kClosedByPeer, .link = index, .at = link.ping_at + latency_});
  }
}

void LocalMqttService::Note(const LocalMqttLink& link, WireEvent event, Time now) {
  if (journal_ == nullptr || link.connection == 0) return;
  event.connection = link.connection;
  event.at = now;
  journal_->Add(std::move(event));
}

// One packet, though the broker's log has a record for each of its filters.
void LocalMqttService::NotePackets(const LocalMqttLink& link,
                                   const std::vector<BrokerPacket>& packets) {
  if (journal_ == nullptr || packets.empty()) return;
  using Type = BrokerPacket::Type;
  const BrokerPacket& first = packets.front();
  WireEvent event;
  event.kind = first.type == Type::kPublish     ? WireEvent::Kind::kPublish
               : first.type == Type::kSubscribe ? WireEvent::Kind::kSubscribe
                                                : WireEvent::Kind::kUnsubscribe;
  event.duplicate = first.duplicate;
  if (first.type == Type::kPublish) {
    event.topic = first.topic;
    event.payload = first.payload;
    event.qos = first.qos;
    event.retain = first.retain;
  } else {
    for (const BrokerPacket& packet : packets) event.filters.push_back({packet.topic, packet.qos});
  }
  Note(link, std::move(event), first.at);
}

void LocalMqttService::NoteClosed(const LocalMqttLink& link, bool by_broker, Time now) {
  if (link.state == LocalMqttLink::State::kClosed || link.state == LocalMqttLink::State::kEnding)
    return;
  Note(link, {.kind = WireEvent::Kind::kClosed, .code = by_broker ? 1 : 0}, now);
}

// What an event does to its link, at the moment it is told.
void LocalMqttService::Apply(const Scheduled& due) {
  using State = LocalMqttLink::State;
  const Event& event = due.event;
  LocalMqttLink& link = At(event.link);
  const auto close = [&](bool publish_will) {
    NoteClosed(link, event.kind == Kind::kConnack, event.at);
    link.state = State::kClosed;
    Forget(event.link);
    broker_->Leave(&link, publish_will, event.at);
  };
  const auto record_ping = [&] {
    broker_->Record({.type = BrokerPacket::Type::kPingRequest,
                     .client_id = link.session.client_id,
                     .at = link.ping_at});
    Note(link, {.kind = WireEvent::Kind::kPing}, link.ping_at);
  };
  switch (event.kind) {
    case Kind::kOpened:
      link.state = State::kOpen;
      return;
    case Kind::kConnack:
      Note(link, {.kind = WireEvent::Kind::kConnack, .code = event.code}, event.at);
      if (event.code != 0) return close(false);
      link.state = State::kConnected;
      return;
    case Kind::kRetry:
      for (const BrokerPacket& packet : due.sent_again) broker_->Record(packet);
      NotePackets(link, due.sent_again);
      return;
    case Kind::kClosedByPeer:
      // Not yet ending: it was a PINGREQ that closing.test took as its first packet.
      if (link.state != State::kEnding) record_ping();
      return close(true);
    case Kind::kPingTimeout:
      record_ping();
      return close(true);
    case Kind::kOpenFailed:
    case Kind::kConnectFailed:
    case Kind::kDisconnected:
    case Kind::kLinkLost:
      return close(true);
    case Kind::kSuback:
    case Kind::kUnsuback:
    case Kind::kPublished:
    case Kind::kGaveUp:
      return;
    case Kind::kMessage:
      Note(link,
           {.kind = WireEvent::Kind::kDelivered,
            .topic = event.topic,
            .payload = event.payload,
            .qos = event.qos,
            .retain = event.retain},
           event.at);
      return;
  }
}

}  // namespace assay::device
