#include "devices/local_mqtt_service.h"

#include <algorithm>

#include "devices/mqtt_topic.h"

namespace assay::device {
namespace {

using Kind = Event::Kind;

constexpr int kLastMessageId = 65535;

}  // namespace

LocalMqttService::~LocalMqttService() {
  for (auto& [index, link] : links_) Close(index, now_);
}

void LocalMqttLink::Deliver(const BrokerMessage& message, Time at) {
  if (state == State::kClosed || state == State::kEnding) return;
  if (host.manner == Host::Manner::kMute) return;
  if (message.qos > 0) last_message_id_ = last_message_id_ % kLastMessageId + 1;
  service_->Schedule({.kind = Kind::kMessage,
                      .link = index_,
                      .topic = message.topic,
                      .payload = message.payload,
                      .qos = message.qos,
                      .retain = message.retain,
                      .message_id = message.qos > 0 ? last_message_id_ : 0,
                      .at = at + service_->latency()});
  service_->TellNews();
}

void LocalMqttLink::Drop(Kind why, Time at) { End(why, Loss::kLink, at); }

void LocalMqttLink::Lose(Loss loss, Time at) { End(Kind::kLinkLost, loss, at); }

void LocalMqttLink::End(Kind why, Loss loss, Time at) {
  if (state == State::kClosed || state == State::kEnding) return;
  // What was asked for and not yet answered has failed.
  if (state == State::kOpening) why = Kind::kOpenFailed;
  if (state == State::kConnecting) why = Kind::kConnectFailed;
  service_->Forget(index_, state == State::kConnected ? at : Time::min());
  service_->NoteClosed(*this, true, at);
  state = State::kEnding;
  service_->Schedule({.kind = why,
                      .link = index_,
                      .failure = NetFailure::kUnreachable,
                      .loss = loss,
                      .at = at + service_->latency()});
  service_->TellNews();
}

// Registered for MQTT without TLS (IANA): whoever listens there understands no handshake.
constexpr int kPlainPort = 1883;

void LocalMqttService::Open(int link, const OpenRequest& request, Time now) {
  using Manner = Host::Manner;
  Close(link, now);
  links_.erase(link);  // message ids start again
  LocalMqttLink& opened = At(link);
  opened.state = LocalMqttLink::State::kOpening;
  opened.host = HostOf(request.host);
  const auto fail = [&](NetFailure failure, Time at) {
    Schedule({.kind = Kind::kOpenFailed, .link = link, .failure = failure, .at = at});
  };
  const Manner manner = opened.host.manner;
  if (!covered_ || !broker_->NetworkUp()) return fail(NetFailure::kUnreachable, now + latency_);
  if (manner == Manner::kUnknown) return fail(NetFailure::kDns, now + latency_);
  if (manner == Manner::kRefusing) return fail(NetFailure::kRefused, now + latency_);
  if (manner == Manner::kUnreachable) return fail(NetFailure::kTimeout, now + request.timeout);
  const bool doubtful = manner == Manner::kUntrusted || manner == Manner::kMisnamed ||
                        (manner == Manner::kExpired && !request.tls.ignore_time);
  if (doubtful && request.tls.enabled && request.tls.verify)
    return fail(NetFailure::kTls, now + latency_);
  if (request.tls.enabled && request.port == kPlainPort) {
    return fail(NetFailure::kTls, now + latency_);
  }
  broker_->Join(&opened);
  opened.connection = journal_ != nullptr ? journal_->NextConnection() : 0;
  Note(opened, {.kind = WireEvent::Kind::kOpened}, now);
  Schedule({.kind = Kind::kOpened, .link = link, .at = now + latency_});
}

void LocalMqttService::Close(int link, Time now) {
  LocalMqttLink& closed = At(link);
  NoteClosed(closed, false, now);
  closed.state = LocalMqttLink::State::kClosed;
  Forget(link);
  broker_->Leave(&closed, true, now);
}

// All links at once: no will of one is heard by another.
bool LocalMqttService::SetNetwork(bool up, Loss why, Time now) {
  now_ = std::max(now_, now);
  covered_ = up;
  if (up) return true;
  for (auto& [index, link] : links_) link.Lose(why, now);
  for (auto& [index, link] : links_) broker_->Leave(&link, true, now);
  return true;
}

bool LocalMqttService::Drop(int link, Time now) {
  LocalMqttLink& dropped = At(link);
  if (dropped.state != LocalMqttLink::State::kOpen &&
      dropped.state != LocalMqttLink::State::kConnected) {
    return false;
  }
  now_ = std::max(now_, now);
  dropped.Drop(Kind::kClosedByPeer, now);
  broker_->Leave(&dropped, true, now);
  return true;
}

void LocalMqttService::Connect(int link, const ConnectRequest& request, Time now) {
  LocalMqttLink& linked = At(link);
  if (linked.state == LocalMqttLink::State::kEnding) return;
  if (linked.state == LocalMqttLink::State::kConnected ||
      linked.state == LocalMqttLink::State::kConnecting) {
    Note(linked, {.kind = WireEvent::Kind::kConnect, .session = request}, now);
    broker_->Leave(&linked, true, now);
    return linked.Drop(Kind::kClosedByPeer, now);
  }
  if (linked.state != LocalMqttLink::State::kOpen) {
    Schedule({.kind = Kind::kConnectFailed,
              .link = link,
              .failure = NetFailure::kUnreachable,
              .at = now});
    return;
  }
  linked.session = request;
  linked.state = LocalMqttLink::State::kConnecting;
  broker_->Record(
      {.type = BrokerPacket::Type::kConnect, .client_id = request.client_id, .at = now});
  Note(linked, {.kind = WireEvent::Kind::kConnect, .session = request}, now);
  if (linked.host.manner == Host::Manner::kSilent) {
    Schedule({.kind = Kind::kConnectFailed,
              .link = link,
              .failure = NetFailure::kTimeout,
              .at = now + request.packet_timeout});
    return;
  }
  int code = linked.host.connack;
  if (code == 0) code = broker_->Connect(&linked, request, now);
  Schedule({.kind = Kind::kConnack, .link = link, .code = code, .at = now + latency_});
  if (code != 0) return;
  if (linked.host.manner != Host::Manner::kMute) broker_->Resume(&linked, now);
  StartKeepAlive(linked, link, now + latency_);
}

void LocalMqttService::Disconnect(int link, Time now) {
  LocalMqttLink& linked = At(link);
  if (linked.state == LocalMqttLink::State::kConnected) {
    broker_->Record({.type = BrokerPacket::Type::kDisconnect,
                     .client_id = linked.session.client_id,
                     .at = now});
    Note(linked, {.kind = WireEvent::Kind::kDisconnect}, now);
  }
  NoteClosed(linked, false, now);
  broker_->Leave(&linked, false, now);
  Forget(link);
  linked.state = LocalMqttLink::State::kEnding;
  Schedule({.kind = Kind::kDisconnected, .link = link, .at = now + latency_});
}

void LocalMqttService::Subscribe(int link, std::uint64_t token, int,
                                 const std::vector<Subscription>& topics, Time now) {
  LocalMqttLink& linked = At(link);
  if (!Running(linked, link, token, now)) return;
  std::vector<BrokerPacket> packets;
  for (const Subscription& wanted : topics) {
    packets.push_back(
        {.type = BrokerPacket::Type::kSubscribe, .topic = wanted.topic, .qos = wanted.qos});
  }
  if (!Send(linked, link, token, std::move(packets), now)) return;
  Event answer{.kind = Kind::kSuback, .link = link, .token = token, .at = now + latency_};
  if (linked.host.manner == Host::Manner::kDenying) {
    answer.granted.assign(topics.size(), kSubscriptionRefused);
    return Schedule(std::move(answer));
  }
  answer.granted = broker_->Subscribe(&linked, topics);
  Schedule(std::move(answer));
  broker_->SendRetained(&linked, topics, now);
}

void LocalMqttService::Unsubscribe(int link, std::uint64_t token, int,
                                   const std::vector<std::string>& topics, Time now) {
  LocalMqttLink& linked = At(link);
  if (!Running(linked, link, token, now)) return;
  std::vector<BrokerPacket> packets;
  for (const std::string& topic : topics) {
    packets.push_back({.type = BrokerPacket::Type::kUnsubscribe, .topic = topic});
  }
  if (!Send(linked, link, token, std::move(packets), now)) return;
  broker_->Unsubscribe(&linked, topics);
  Schedule({.kind = Kind::kUnsuback, .link = link, .token = token, .at = now + latency_});
}

void LocalMqttService::Publish(int link, std::uint64_t token, int, std::string_view topic,
                               std::string_view payload, int qos, bool retain, Time now) {
  LocalMqttLink& linked = At(link);
  if (!Running(linked, link, token, now)) return;
  if (!ValidTopicName(topic)) {
    NotePackets(linked, {{.type = BrokerPacket::Type::kPublish,
                          .topic = std::string(topic),
                          .payload = std::string(payload),
                          .qos = qos,
                          .retain = retain,
                          .at = now}});
    broker_->Leave(&linked, true, now);
    return linked.Drop(Kind::kClosedByPeer, now);
  }
  const BrokerMessage message{std::string(topic), std::string(payload), qos, retain};
  const Time done = now + qos * latency_;
  if (qos == 0) Schedule({.kind = Kind::kPublished, .link = link, .token = token, .at = now});
  if (!Send(linked, link, qos > 0 ? std::optional(token) : std::nullopt,
            {{.type = BrokerPacket::Type::kPublish,
              .topic = message.topic,
              .payload = message.payload,
              .qos = qos,
              .retain = retain}},
            now)) {
    return;
  }
  if (qos > 0) Schedule({.kind = Kind::kPublished, .link = link, .token = token, .at = done});
  // The subscribers' own latency is the way to them.
  broker_->Publish(message, std::max(now, done - latency_));
}

// Whether a session runs that takes a packet; answers `token` if none does.
bool LocalMqttService::Running(const LocalMqttLink& link, int index, std::uint64_t token,
                               Time now) {
  if (link.state == LocalMqttLink::State::kConnected) return true;
  if (link.state != LocalMqttLink::State::kEnding) {
    Schedule({.kind = Kind::kGaveUp, .link = index, .token = token, .at = now});
  }
  return false;
}

// Puts packets on the wire. False if nobody will answer them as a broker should.
bool LocalMqttService::Send(LocalMqttLink& link, int index, std::optional<std::uint64_t> answer_to,
                            std::vector<BrokerPacket> packets, Time now) {
  for (BrokerPacket& packet : packets) {
    packet.client_id = link.session.client_id;
    packet.at = now;
    broker_->Record(packet);
  }
  NotePackets(link, packets);
  if (link.host.manner == Host::Manner::kClosing) {
    broker_->Leave(&link, true, now);
    link.Drop(Kind::kClosedByPeer, now);
    return false;
  }
  if (link.host.manner == Host::Manner::kMute) {
    RunMute(link, index, answer_to, packets, now);
    return false;
  }
  return true;
}

std::unique_ptr<MqttService> MakeLocalMqttService(std::shared_ptr<LocalBroker> broker, Time latency,
                                                  std::shared_ptr<WireJournal> journal,
                                                  std::function<void()> news) {
  return std::make_unique<LocalMqttService>(std::move(broker), latency, std::move(journal),
                                            std::move(news));
}

}  // namespace assay::device
