#include "devices/mqtt_sn_client.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

namespace assay::device::sn {
namespace {

using Kind = ClientEvent::Kind;

Kind AnswerTo(Request::Kind kind) {
  switch (kind) {
    case Request::Kind::kRegister:
      return Kind::kRegack;
    case Request::Kind::kSubscribe:
      return Kind::kSuback;
    case Request::Kind::kUnsubscribe:
      return Kind::kUnsuback;
    case Request::Kind::kPublish:
      return Kind::kPublished;
    case Request::Kind::kWillTopic:
      return Kind::kWillTopic;
    case Request::Kind::kWillMessage:
      return Kind::kWillMessage;
  }
  return Kind::kGaveUp;
}

// What cannot be said without a topic has one.
bool NamesItsTopic(const Request& request) {
  switch (request.kind) {
    case Request::Kind::kRegister:
      return !request.topic.empty();
    case Request::Kind::kSubscribe:
    case Request::Kind::kUnsubscribe:
    case Request::Kind::kPublish:
      return !request.topic.empty() || request.topic_id != 0;
    case Request::Kind::kWillTopic:
    case Request::Kind::kWillMessage:
      return true;
  }
  return false;
}

}  // namespace

bool IsShort(std::string_view topic) {
  return topic.size() == 2 && topic.find_first_of("+#") == std::string_view::npos;
}

// ---- What the modem asks for -------------------------------------------------------------------

void Client::Connect(Session session, Time until, Time now) {
  Close();
  session_ = std::move(session);
  state_ = State::kConnecting;
  until_ = until;
  const auto duration = static_cast<std::uint16_t>(std::clamp(session_.keep_alive_s, 0, 65'535));
  Await(sn::Connect{.will = session_.will.has_value(),
                    .clean_session = session_.clean_session,
                    .duration_s = duration,
                    .client_id = session_.client_id},
        until_, now);
}

void Client::Ask(Request request, Time now) {
  if (state_ != State::kConnected || requests_.size() >= kMostWaiting || !NamesItsTopic(request)) {
    return Tell({.kind = Kind::kGaveUp, .token = request.token});
  }
  requests_.push_back(std::move(request));
  if (requests_.size() == 1) Next(now);
}

void Client::Disconnect(Time until, Time now) {
  const bool session = state_ == State::kConnected;
  Close();
  if (!session) return Tell({.kind = Kind::kDisconnected});
  state_ = State::kDisconnecting;
  until_ = until;
  Await(sn::Disconnect{}, until_, now);
}

// Ids end with the connection (6.10); what the peer may still say is not heard any more.
void Client::Close() {
  state_ = State::kClosed;
  requests_.clear();
  awaiting_.reset();
  ping_.reset();
  ping_at_ = kNever;
  names_.clear();
  ids_.clear();
  receiving_.clear();
}

// ---- Requests under way ------------------------------------------------------------------------

std::uint16_t Client::MessageId() {
  last_message_id_ =
      last_message_id_ == 65'535 ? 1 : static_cast<std::uint16_t>(last_message_id_ + 1);
  return message_id_ = last_message_id_;
}

bool Client::Expects(Request::Kind kind, std::uint16_t message_id) const {
  return awaiting_ && !requests_.empty() && requests_.front().kind == kind &&
         message_id_ == message_id;
}

bool Client::Know(std::uint16_t id, const std::string& name) {
  if (!names_.contains(id) && names_.size() >= kMostTopics) return false;
  if (const auto old = ids_.find(name); old != ids_.end()) names_.erase(old->second);
  if (const auto old = names_.find(id); old != names_.end()) ids_.erase(old->second);
  names_[id] = name;
  ids_[name] = id;
  return true;
}

const std::string* Client::NameOf(int id) const {
  const auto found = names_.find(static_cast<std::uint16_t>(id));
  return found == names_.end() ? nullptr : &found->second;
}

void Client::Next(Time now) {
  while (!requests_.empty() && !awaiting_) {
    if (requests_.front().until <= now) {
      GiveUp(now);
    } else {
      Begin(now);
    }
  }
}

void Client::Begin(Time now) {
  const Request& request = requests_.front();
  const std::string* known = request.topic_id != 0 ? NameOf(request.topic_id) : nullptr;
  // In a SUBSCRIBE, an id is a predefined one; a registered one goes by its name (5.4.15).
  Topic filter{.kind = IsShort(request.topic) ? Topic::Kind::kShort : Topic::Kind::kNormal,
               .name = request.topic};
  if (known != nullptr) {
    filter.name = *known;
  } else if (request.topic_id != 0) {
    filter = {.kind = Topic::Kind::kPredefined, .id = static_cast<std::uint16_t>(request.topic_id)};
  }
  switch (request.kind) {
    case Request::Kind::kRegister:
      return Await(Register{.message_id = MessageId(), .topic = request.topic}, request.until, now);
    case Request::Kind::kSubscribe:
      return Await(Subscribe{.qos = request.qos, .message_id = MessageId(), .topic = filter},
                   request.until, now);
    case Request::Kind::kUnsubscribe:
      return Await(Unsubscribe{.message_id = MessageId(), .topic = filter}, request.until, now);
    case Request::Kind::kWillTopic:
      return Await(
          WillTopicUpdate{.topic = request.topic, .qos = request.qos, .retain = request.retain},
          request.until, now);
    case Request::Kind::kWillMessage:
      return Await(WillMessageUpdate{.payload = request.payload}, request.until, now);
    case Request::Kind::kPublish:
      break;
  }
  if (known != nullptr) {
    filter = {.id = static_cast<std::uint16_t>(request.topic_id)};
  } else if (filter.kind == Topic::Kind::kNormal) {
    const auto id = ids_.find(request.topic);
    if (id == ids_.end()) {
      return Await(Register{.message_id = MessageId(), .topic = request.topic}, request.until, now);
    }
    filter = {.id = id->second};
  }
  Publish publish{
      .retain = request.retain, .qos = request.qos, .topic = filter, .payload = request.payload};
  if (request.qos > 0) {
    publish.message_id = MessageId();
    return Await(std::move(publish), request.until, now);
  }
  Send(publish, now);
  Answered({}, now);
}

void Client::Answered(ClientEvent event, Time now) {
  event.kind = AnswerTo(requests_.front().kind);
  event.token = requests_.front().token;
  requests_.pop_front();
  awaiting_.reset();
  Tell(std::move(event));
  Next(now);
}

void Client::Await(Packet packet, Time until, Time now) {
  Send(packet, now);
  Time interval = kRetryInterval;
  if (until != kNever) interval = std::min(interval, (until - now) / (kRetries + 1));
  awaiting_.emplace(std::move(packet), interval, now);
}

void Client::GiveUp(Time now) {
  awaiting_.reset();
  if (state_ == State::kConnecting) return End({.kind = Kind::kConnectFailed});
  if (state_ == State::kDisconnecting) return End({.kind = Kind::kLost});
  const std::uint64_t token = requests_.front().token;
  requests_.pop_front();
  Tell({.kind = Kind::kGaveUp, .token = token});
  Next(now);
}

void Client::End(ClientEvent event) {
  Close();
  Tell(std::move(event));
}

void Client::Lost(Loss loss) {
  if (state_ == State::kConnected) return End({.kind = Kind::kLost, .loss = loss});
  if (state_ == State::kConnecting) End({.kind = Kind::kConnectFailed});
}

// ---- Time --------------------------------------------------------------------------------------

bool Client::SendAgain(Retry& retry, Time now) {
  if (!retry.Again()) return false;
  Send(retry.packet(), now);
  return true;
}

Time Client::NextEvent() const {
  Time next = ping_ ? ping_->at() : ping_at_;
  if (awaiting_) next = std::min(next, awaiting_->at());
  if (state_ == State::kConnecting || state_ == State::kDisconnecting)
    next = std::min(next, until_);
  for (const Request& request : requests_) next = std::min(next, request.until);
  return next;
}

void Client::Advance(Time now) {
  while (NextEvent() <= now) {
    const Time at = NextEvent();
    if (awaiting_) {
      const Time until = state_ == State::kConnected ? requests_.front().until : until_;
      if (until <= at || (awaiting_->at() <= at && !SendAgain(*awaiting_, at))) {
        GiveUp(at);
        continue;
      }
    }
    // Others may have waited too long for their turn.
    for (std::size_t i = 1; i < requests_.size();) {
      if (requests_[i].until > at) {
        ++i;
        continue;
      }
      Tell({.kind = Kind::kGaveUp, .token = requests_[i].token});
      requests_.erase(requests_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (ping_ && ping_->at() <= at) {
      if (!SendAgain(*ping_, at)) return End({.kind = Kind::kPingTimeout});
    } else if (!ping_ && ping_at_ <= at) {
      ping_.emplace(PingRequest{}, kRetryInterval, at);
      Send(PingRequest{}, at);
    }
  }
}

// ---- Packets -----------------------------------------------------------------------------------

void Client::Send(const Packet& packet, Time now) {
  packets_.push_back(Encode(packet));
  if (state_ == State::kConnected && session_.keep_alive_s > 0) {
    ping_at_ = now + std::chrono::seconds(session_.keep_alive_s);
  }
}

void Client::Tell(ClientEvent event) { events_.push_back(std::move(event)); }

std::optional<std::string> Client::TakePacket() {
  if (packets_.empty()) return std::nullopt;
  std::string packet = std::move(packets_.front());
  packets_.pop_front();
  return packet;
}

std::optional<ClientEvent> Client::TakeEvent() {
  if (events_.empty()) return std::nullopt;
  ClientEvent event = std::move(events_.front());
  events_.pop_front();
  return event;
}

void Client::Refused() {
  if (state_ == State::kConnecting) End({.kind = Kind::kConnectFailed});
}

void Client::Receive(std::string_view datagram, Time now) {
  if (state_ == State::kClosed) return;
  const std::optional<Packet> packet = Decode(datagram);
  if (!packet) return;
  std::visit(
      [&](const auto& known) {
        if constexpr (requires { Take(known, now); }) Take(known, now);
      },
      *packet);
}

void Client::Take(const Connack& packet, Time now) {
  if (state_ != State::kConnecting) return;
  if (packet.code != kAccepted) return End({.kind = Kind::kConnack, .code = packet.code});
  state_ = State::kConnected;
  awaiting_.reset();
  if (session_.keep_alive_s > 0) ping_at_ = now + std::chrono::seconds(session_.keep_alive_s);
  Tell({.kind = Kind::kConnack, .code = packet.code});
}

void Client::Take(const WillTopicRequest&, Time now) {
  if (state_ != State::kConnecting) return;
  WillTopic topic;
  if (session_.will) topic = {session_.will->topic, session_.will->qos, session_.will->retain};
  Await(topic, until_, now);
}

void Client::Take(const WillMessageRequest&, Time now) {
  if (state_ != State::kConnecting) return;
  Await(WillMessage{.payload = session_.will ? session_.will->payload : std::string()}, until_,
        now);
}

void Client::Take(const Register& packet, Time now) {
  if (state_ != State::kConnected) return;
  const std::string* known = NameOf(packet.topic_id);
  const bool again = known != nullptr && *known == packet.topic;
  const bool taken = packet.topic_id != 0 && Know(packet.topic_id, packet.topic);
  Send(Regack{.topic_id = packet.topic_id,
              .message_id = packet.message_id,
              .code = taken ? kAccepted : kCongestion},
       now);
  if (!taken || again) return;
  Tell({.kind = Kind::kRegister, .topic_id = packet.topic_id, .topic = packet.topic});
}

void Client::Take(const Regack& packet, Time now) {
  const bool publishes =
      Expects(Request::Kind::kPublish, packet.message_id) && awaiting_->Get<Register>() != nullptr;
  if (!publishes && !Expects(Request::Kind::kRegister, packet.message_id)) return;
  const Request& request = requests_.front();
  std::uint8_t code = packet.code;
  if (code == kAccepted && !Know(packet.topic_id, request.topic)) code = kCongestion;
  if (!publishes || code != kAccepted) {
    return Answered({.code = code, .topic_id = packet.topic_id}, now);
  }
  awaiting_.reset();
  Next(now);
}

void Client::Take(const Suback& packet, Time now) {
  if (!Expects(Request::Kind::kSubscribe, packet.message_id)) return;
  const Request& request = requests_.front();
  if (packet.code == kAccepted && packet.topic_id != 0 && request.topic_id == 0 &&
      !IsShort(request.topic)) {
    Know(packet.topic_id, request.topic);
  }
  Answered({.code = packet.code, .topic_id = packet.topic_id, .qos = packet.qos}, now);
}

void Client::Take(const Unsuback& packet, Time now) {
  if (Expects(Request::Kind::kUnsubscribe, packet.message_id)) Answered({}, now);
}

void Client::Take(const Publish& packet, Time now) {
  if (state_ == State::kConnecting) return;
  const bool normal = packet.topic.kind == Topic::Kind::kNormal;
  const std::string* name = normal ? NameOf(packet.topic.id) : &packet.topic.name;
  if (name == nullptr) {
    return Send(
        Puback{
            .topic_id = packet.topic.id, .message_id = packet.message_id, .code = kInvalidTopicId},
        now);
  }
  bool repeated = false;
  if (packet.qos == 1) {
    Send(Puback{.topic_id = IdOf(packet.topic), .message_id = packet.message_id}, now);
  } else if (packet.qos == 2) {
    repeated = receiving_.contains(packet.message_id);
    if (!repeated && receiving_.size() >= kMostReceiving) return;
    receiving_.insert(packet.message_id);
    Send(Pubrec{.message_id = packet.message_id}, now);
  }
  if (repeated) return;
  Tell({.kind = Kind::kMessage,
        .topic_id = packet.topic.id,
        .topic = *name,
        .payload = packet.payload,
        .qos = std::max(packet.qos, 0),
        .retain = packet.retain});
}

void Client::Take(const Pubrel& packet, Time now) {
  if (state_ == State::kConnecting) return;
  receiving_.erase(packet.message_id);
  Send(Pubcomp{.message_id = packet.message_id}, now);
}

void Client::Take(const Puback& packet, Time now) {
  // The gateway has forgotten the id: whoever publishes next registers the name again.
  if (packet.code == kInvalidTopicId) {
    if (const auto old = names_.find(packet.topic_id); old != names_.end()) {
      ids_.erase(old->second);
      names_.erase(old);
    }
  }
  if (!Expects(Request::Kind::kPublish, packet.message_id)) return;
  if (awaiting_->Get<Publish>() == nullptr) return;
  // Of QoS 2 there is one only to refuse it.
  if (requests_.front().qos == 2 && packet.code == kAccepted) return;
  Answered({.code = packet.code}, now);
}

void Client::Take(const Pubrec& packet, Time now) {
  if (!Expects(Request::Kind::kPublish, packet.message_id) || requests_.front().qos != 2) return;
  if (awaiting_->Get<Register>() != nullptr) return;
  Await(Pubrel{.message_id = packet.message_id}, requests_.front().until, now);
}

void Client::Take(const Pubcomp& packet, Time now) {
  if (!Expects(Request::Kind::kPublish, packet.message_id)) return;
  if (awaiting_->Get<Pubrel>() != nullptr) Answered({}, now);
}

// The two have no message id: one is under way at most.
void Client::Take(const WillTopicResponse& packet, Time now) {
  if (awaiting_ && awaiting_->Get<WillTopicUpdate>() != nullptr)
    Answered({.code = packet.code}, now);
}

void Client::Take(const WillMessageResponse& packet, Time now) {
  if (awaiting_ && awaiting_->Get<WillMessageUpdate>() != nullptr)
    Answered({.code = packet.code}, now);
}

void Client::Take(const PingRequest&, Time now) { Send(PingResponse{}, now); }

void Client::Take(const PingResponse&, Time) { ping_.reset(); }

void Client::Take(const sn::Disconnect&, Time) {
  End({.kind = state_ == State::kConnecting ? Kind::kConnectFailed : Kind::kDisconnected});
}

}  // namespace assay::device::sn
