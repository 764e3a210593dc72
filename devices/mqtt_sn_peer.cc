#include "devices/mqtt_sn_peer.h"

#include <chrono>
#include <utility>
#include <variant>

#include "devices/mqtt_topic.h"

namespace assay::device::sn {
namespace {

// Between gateway and broker; the client's own duration is for its gateway.
constexpr int kBrokerKeepAlive = 60;
constexpr int kRefusedByBroker = 128;
constexpr int kServerUnavailable = 3;  // MQTT 3.1.1, 3.2.2.3

bool IsPattern(std::string_view topic) { return topic.find_first_of("+#") != topic.npos; }

bool IsShort(std::string_view topic) { return topic.size() == 2; }

}  // namespace

// ---- Connecting --------------------------------------------------------------------------------

void Peer::Await(const Packet& packet, Time now) {
  Send(packet);
  awaiting_.emplace(packet, kRetryInterval, now);
}

void Peer::Refuse(std::uint8_t code) {
  Send(Connack{.code = code});
  End();
}

void Peer::Take(const Connect& packet, Time now) {
  if (state_ == State::kOpening && packet == session_) return;  // it is on its way
  if (state_ == State::kOpening || state_ == State::kConnected) {
    service_.Close(link_, now);
    // A new connection begins without ids and without what was under way.
    names_.clear();
    ids_.clear();
    known_.clear();
    forwarded_.clear();
    receiving_.clear();
    messages_.clear();
  }
  session_ = packet;
  awaiting_.reset();
  if (packet.protocol_id != 1 || packet.client_id.empty()) return Refuse(kNotSupported);
  if (packet.clean_session) wills_.erase(packet.client_id);
  if (!packet.will) return Open(now);
  state_ = State::kWillTopic;
  Await(WillTopicRequest{}, now);
}

void Peer::Take(const WillTopic& packet, Time now) {
  if (state_ != State::kWillTopic) return;
  wills_.erase(session_.client_id);
  if (packet.topic.empty()) return Open(now);
  if (!ValidTopicName(packet.topic)) return Refuse(kNotSupported);
  if (wills_.size() >= kMostWills) return Refuse(kCongestion);
  wills_[session_.client_id] = {packet.topic, {}, packet.qos, packet.retain};
  state_ = State::kWillMessage;
  Await(WillMessageRequest{}, now);
}

void Peer::Take(const WillMessage& packet, Time now) {
  if (state_ != State::kWillMessage) return;
  wills_[session_.client_id].payload = packet.payload;
  Open(now);
}

void Peer::Open(Time now) {
  awaiting_.reset();
  state_ = State::kOpening;
  service_.Open(link_, broker_, now);
}

void Peer::Leave(Time now) {
  service_.Disconnect(link_, now);
  End();
}

void Peer::End() {
  if (session_.clean_session) wills_.erase(session_.client_id);
  state_ = State::kGone;
}

void Peer::Lose(Time now) {
  const auto will = wills_.find(session_.client_id);
  if (state_ == State::kConnected && will != wills_.end()) {
    const Will& last = will->second;
    const int id = last.qos > 0 ? 1 : 0;
    service_.Publish(link_, ++last_token_, id, last.topic, last.payload, last.qos, last.retain,
                     now);
  }
  Send(Disconnect{});
  Leave(now);
}

void Peer::Take(const Disconnect&, Time now) {
  Send(Disconnect{});
  Leave(now);
}

void Peer::Take(const PingRequest&, Time) { Send(PingResponse{}); }

// ---- From the client ---------------------------------------------------------------------------

void Peer::Receive(const Packet& packet, Time now) {
  const bool waits = state_ != State::kConnected && !std::holds_alternative<Disconnect>(packet);
  if (waits && !std::holds_alternative<Connect>(packet) &&
      !std::holds_alternative<WillTopic>(packet) && !std::holds_alternative<WillMessage>(packet)) {
    return;
  }
  std::visit(
      [&](const auto& known) {
        if constexpr (requires { Take(known, now); }) Take(known, now);
      },
      packet);
  if (session_.duration_s > 0) {
    // 6.14 leaves it to the gateway how long past its duration; MQTT takes half as much again.
    silent_until_ = now + std::chrono::seconds(session_.duration_s) * 3 / 2;
  } else {
    silent_until_ = kNever;
  }
}

std::optional<std::uint16_t> Peer::IdFor(const std::string& topic) {
  if (const auto found = ids_.find(topic); found != ids_.end()) return found->second;
  if (ids_.size() >= kMostTopics) return std::nullopt;
  const auto id = static_cast<std::uint16_t>(ids_.size() + 1);
  names_[id] = topic;
  ids_[topic] = id;
  return id;
}

std::uint64_t Peer::Forward(Packet packet, std::uint16_t topic_id) {
  forwarded_[++last_token_] = {std::move(packet), topic_id};
  return last_token_;
}

// Whether it is one that came before, sent again.
template <typename T>
bool Peer::Forwarding(const T& packet) const {
  for (const auto& [token, other] : forwarded_) {
    const T* same = std::get_if<T>(&other.packet);
    if (same != nullptr && same->message_id == packet.message_id) return true;
  }
  return false;
}

void Peer::Take(const Register& packet, Time) {
  Regack answer{.message_id = packet.message_id};
  const auto id = ValidTopicName(packet.topic) ? IdFor(packet.topic) : std::nullopt;
  if (id) {
    answer.topic_id = *id;
    known_.insert(*id);
  } else {
    answer.code = ValidTopicName(packet.topic) ? kCongestion : kNotSupported;
  }
  Send(answer);
}

void Peer::Take(const Publish& packet, Time now) {
  if (packet.qos == kQosWithoutConnection) return;
  const auto name = names_.find(packet.topic.id);
  const bool normal = packet.topic.kind == Topic::Kind::kNormal;
  const bool known = normal ? name != names_.end() : packet.topic.kind == Topic::Kind::kShort;
  const std::string topic = known && normal ? name->second : packet.topic.name;
  Puback answer{.topic_id = IdOf(packet.topic), .message_id = packet.message_id};
  if (!known) answer.code = kInvalidTopicId;
  if (known && !ValidTopicName(topic)) answer.code = kNotSupported;
  if (forwarded_.size() >= kMostRequests || receiving_.size() >= kMostRequests)
    answer.code = kCongestion;
  if (packet.qos == 1 && Forwarding(packet)) return;
  if (packet.qos == 2 && receiving_.contains(packet.message_id))
    return Send(Pubrec{.message_id = packet.message_id});
  if (answer.code != kAccepted) return Send(answer);
  if (packet.qos == 2) {
    receiving_[packet.message_id] = false;
    Send(Pubrec{.message_id = packet.message_id});
  }
  service_.Publish(link_, Forward(packet, answer.topic_id), packet.message_id, topic,
                   packet.payload, packet.qos, packet.retain, now);
}

void Peer::Take(const Pubrel& packet, Time) {
  const auto found = receiving_.find(packet.message_id);
  if (found != receiving_.end()) {
    if (!found->second) {  // answered when the broker has it
      if (!Forwarding(packet)) Forward(packet, 0);
      return;
    }
    receiving_.erase(found);
  }
  Send(Pubcomp{.message_id = packet.message_id});
}

void Peer::Take(const Subscribe& packet, Time now) {
  if (Forwarding(packet)) return;
  Suback answer{.message_id = packet.message_id};
  const bool known = packet.topic.kind != Topic::Kind::kPredefined;
  std::uint16_t id = 0;
  if (!known) {
    answer.code = kInvalidTopicId;
  } else if (!ValidTopicFilter(packet.topic.name)) {
    answer.code = kNotSupported;
  } else if (packet.topic.kind == Topic::Kind::kNormal && !IsPattern(packet.topic.name)) {
    const auto given = IdFor(packet.topic.name);
    if (!given) answer.code = kCongestion;
    id = given.value_or(0);
  }
  if (forwarded_.size() >= kMostRequests) answer.code = kCongestion;
  if (answer.code != kAccepted) return Send(answer);
  service_.Subscribe(link_, Forward(packet, id), packet.message_id,
                     {{packet.topic.name, packet.qos}}, now);
}

void Peer::Take(const Unsubscribe& packet, Time now) {
  if (Forwarding(packet)) return;
  const bool known =
      packet.topic.kind != Topic::Kind::kPredefined && ValidTopicFilter(packet.topic.name);
  // There is no code to refuse one with.
  if (!known || forwarded_.size() >= kMostRequests)
    return Send(Unsuback{.message_id = packet.message_id});
  service_.Unsubscribe(link_, Forward(packet, 0), packet.message_id, {packet.topic.name}, now);
}

void Peer::Take(const WillTopicUpdate& packet, Time) {
  std::uint8_t code = kAccepted;
  if (packet.topic.empty()) {
    wills_.erase(session_.client_id);
  } else if (!ValidTopicName(packet.topic)) {
    code = kNotSupported;
  } else if (!wills_.contains(session_.client_id) && wills_.size() >= kMostWills) {
    code = kCongestion;
  } else {
    Will& will = wills_[session_.client_id];
    will = {packet.topic, will.payload, packet.qos, packet.retain};
  }
  Send(WillTopicResponse{.code = code});
}

void Peer::Take(const WillMessageUpdate& packet, Time) {
  const auto will = wills_.find(session_.client_id);
  if (will != wills_.end()) will->second.payload = packet.payload;
  Send(WillMessageResponse{.code = will != wills_.end() ? kAccepted : kNotSupported});
}

// ---- From the broker ---------------------------------------------------------------------------

void Peer::Answer(const Forwarded& request, const Event& event) {
  const std::uint8_t code = event.kind == Event::Kind::kGaveUp ? kCongestion : kAccepted;
  if (const auto* subscribe = std::get_if<Subscribe>(&request.packet)) {
    Suback answer{.message_id = subscribe->message_id, .code = code};
    const int granted = event.granted.empty() ? kRefusedByBroker : event.granted.front();
    if (code == kAccepted && granted == kRefusedByBroker) answer.code = kNotSupported;
    if (answer.code == kAccepted) {
      answer.qos = granted;
      answer.topic_id = request.topic_id;
      if (request.topic_id != 0) known_.insert(request.topic_id);
    }
    Send(answer);
  } else if (const auto* unsubscribe = std::get_if<Unsubscribe>(&request.packet)) {
    Send(Unsuback{.message_id = unsubscribe->message_id});
  } else if (const auto* publish = std::get_if<Publish>(&request.packet)) {
    const std::uint16_t id = publish->message_id;
    if (publish->qos == 1) {
      Send(Puback{.topic_id = request.topic_id, .message_id = id, .code = code});
    } else if (publish->qos == 2) {
      receiving_[id] = true;
      const bool released = std::erase_if(forwarded_, [&](const auto& other) {
                              const auto* release = std::get_if<Pubrel>(&other.second.packet);
                              return release != nullptr && release->message_id == id;
                            }) > 0;
      if (!released) return;
      receiving_.erase(id);
      Send(Pubcomp{.message_id = id});
    }
  }
}

void Peer::Happened(const Event& event, Time now) {
  using Kind = Event::Kind;
  // What comes before it was opened is about whoever had the link before.
  if (state_ != State::kOpening && state_ != State::kConnected) return;
  switch (event.kind) {
    case Kind::kOpened:
      return service_.Connect(link_,
                              {.client_id = session_.client_id,
                               .clean_session = session_.clean_session,
                               .keep_alive_s = kBrokerKeepAlive},
                              now);
    case Kind::kConnack:
      if (event.code != 0)
        return Refuse(event.code == kServerUnavailable ? kCongestion : kNotSupported);
      state_ = State::kConnected;
      return Send(Connack{});
    case Kind::kOpenFailed:
    case Kind::kConnectFailed:
      return Refuse(kCongestion);
    case Kind::kSuback:
    case Kind::kUnsuback:
    case Kind::kPublished:
    case Kind::kGaveUp: {
      const auto found = forwarded_.find(event.token);
      if (found == forwarded_.end()) return;
      const Forwarded request = std::move(found->second);
      forwarded_.erase(found);
      const auto* publish = std::get_if<Publish>(&request.packet);
      // It has the gateway's word for it (PUBREC) and cannot be told otherwise.
      if (event.kind == Kind::kGaveUp && publish != nullptr && publish->qos == 2) return Lose(now);
      return Answer(request, event);
    }
    case Kind::kMessage:
      if (messages_.size() >= kMostMessages) return;
      messages_.push_back({event.topic, event.payload, event.qos, event.retain});
      return Pass(now);
    case Kind::kDisconnected:
    case Kind::kClosedByPeer:
    case Kind::kPingTimeout:
    case Kind::kLinkLost:
      Send(Disconnect{});
      return End();
    case Kind::kRetry:
      return;
  }
}

// ---- To the client -----------------------------------------------------------------------------

void Peer::Pass(Time now) {
  while (!awaiting_ && !messages_.empty() && state_ == State::kConnected) {
    const Message& message = messages_.front();
    Publish publish{.retain = message.retain, .qos = message.qos, .payload = message.payload};
    if (IsShort(message.topic)) {
      publish.topic = {.kind = Topic::Kind::kShort, .name = message.topic};
    } else {
      const auto id = IdFor(message.topic);
      if (!id) {
        messages_.pop_front();
        continue;
      }
      if (!known_.contains(*id)) {
        message_id_ = message_id_ == 65'535 ? 1 : message_id_ + 1;
        return Await(Register{.topic_id = *id, .message_id = message_id_, .topic = message.topic},
                     now);
      }
      publish.topic.id = *id;
    }
    if (message.qos == 0) {
      Send(publish);
      messages_.pop_front();
      continue;
    }
    message_id_ = message_id_ == 65'535 ? 1 : message_id_ + 1;
    publish.message_id = message_id_;
    Await(publish, now);
  }
}

void Peer::Passed(Time now) {
  awaiting_.reset();
  messages_.pop_front();
  Pass(now);
}

void Peer::Take(const Regack& packet, Time now) {
  const auto* sent = awaiting_ ? awaiting_->Get<Register>() : nullptr;
  if (sent == nullptr || sent->message_id != packet.message_id) return;
  if (packet.code != kAccepted) return Passed(now);  // the client cannot take it
  known_.insert(sent->topic_id);
  awaiting_.reset();
  Pass(now);
}

void Peer::Take(const Puback& packet, Time now) {
  const auto* sent = awaiting_ ? awaiting_->Get<Publish>() : nullptr;
  if (sent == nullptr || sent->message_id != packet.message_id) {
    if (packet.code == kInvalidTopicId) known_.erase(packet.topic_id);
    return;
  }
  if (packet.code == kAccepted && sent->qos == 2) return;
  if (packet.code != kInvalidTopicId || messages_.front().refused ||
      sent->topic.kind == Topic::Kind::kShort) {
    return Passed(now);
  }
  // It has forgotten the id: once more, with a REGISTER.
  messages_.front().refused = true;
  known_.erase(sent->topic.id);
  awaiting_.reset();
  Pass(now);
}

void Peer::Take(const Pubrec& packet, Time now) {
  const auto* sent = awaiting_ ? awaiting_->Get<Publish>() : nullptr;
  if (sent == nullptr || sent->qos != 2 || sent->message_id != packet.message_id) return;
  Await(Pubrel{.message_id = packet.message_id}, now);
}

void Peer::Take(const Pubcomp& packet, Time now) {
  const auto* sent = awaiting_ ? awaiting_->Get<Pubrel>() : nullptr;
  if (sent != nullptr && sent->message_id == packet.message_id) Passed(now);
}

// ---- Time --------------------------------------------------------------------------------------

Time Peer::NextEvent() const {
  if (state_ == State::kGone) return kNever;
  const Time silent = state_ == State::kConnected ? silent_until_ : kNever;
  return awaiting_ ? std::min(awaiting_->at(), silent) : silent;
}

void Peer::Advance(Time now) {
  while (NextEvent() <= now) {
    const Time at = NextEvent();
    if (awaiting_ && awaiting_->at() <= at) {
      if (!awaiting_->Again()) return Lose(at);
      Send(awaiting_->packet());
    } else {
      return Lose(at);
    }
  }
}

}  // namespace assay::device::sn
