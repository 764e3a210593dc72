#include "devices/mosquitto_link.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "devices/mqtt_topic.h"

namespace assay::device {
namespace {

using Kind = Event::Kind;

constexpr int kBadVersion = 1, kIdRejected = 2;
constexpr int kRefused = 128;
constexpr Time kKeepAliveStep = std::chrono::seconds(1);  // libmosquitto counts seconds

}  // namespace

void MosquittoLink::Open(const std::string& literal_address, int port, const OpenRequest& request,
                         Time now) {
  Close();
  if (literal_address.empty()) {
    return End({.kind = Kind::kOpenFailed, .failure = NetFailure::kDns}, now);
  }
  address_ = literal_address;
  port_ = port;
  tls_ = request.tls;
  // What a module calls the host need not be where the bench has it: both names are right.
  tls_.names = {request.host, literal_address};
  if (literal_address.starts_with("127.") || literal_address == "::1")
    tls_.names.emplace_back("localhost");
  state_ = State::kOpening;
  deadline_ = now + request.timeout;
  probe_ = TcpProbe(address_, port_);
}

void MosquittoLink::Unreachable(Time now) {
  Close();
  End({.kind = Kind::kOpenFailed, .failure = NetFailure::kUnreachable}, now);
}

void MosquittoLink::Close() {
  state_ = State::kClosed;
  client_.reset();
  probe_ = TcpProbe();
  requests_.clear();
  packets_.clear();
  events_.clear();
  deadline_ = keep_alive_ = pingresp_ = kNever;
}

bool MosquittoLink::Cut(std::optional<Loss> loss, Time now) {
  Event event{.failure = NetFailure::kUnreachable, .loss = loss.value_or(Loss::kLink)};
  switch (state_) {
    case State::kClosed:
    case State::kLeaving:
      return false;
    case State::kOpening:
    case State::kSecuring:
      event.kind = Kind::kOpenFailed;
      break;
    case State::kConnecting:
      event.kind = Kind::kConnectFailed;
      break;
    case State::kOpen:
    case State::kConnected:
      event.kind = loss ? Kind::kLinkLost : Kind::kClosedByPeer;
      break;
  }
  End(std::move(event), now);
  return true;
}

void MosquittoLink::Connect(const ConnectRequest& request, Time now) {
  if (state_ == State::kConnected) return End({.kind = Kind::kClosedByPeer}, now);
  if (state_ != State::kOpen) {
    return End({.kind = Kind::kConnectFailed, .failure = NetFailure::kUnreachable}, now);
  }
  // What libmosquitto does not send, answered as a broker must.
  if (request.version != 3 && request.version != 4) {
    return End({.kind = Kind::kConnack, .code = kBadVersion}, now);
  }
  if (request.client_id.empty() && (request.version == 3 || !request.clean_session)) {
    return End({.kind = Kind::kConnack, .code = kIdRejected}, now);
  }
  session_ = request;
  probe_ = TcpProbe();
  client_ = std::make_unique<MosquittoClient>(request, tls_);
  state_ = State::kConnecting;
  deadline_ = now + request.packet_timeout;
  client_->Connect(address_, port_);
  Collect(now);
}

void MosquittoLink::Disconnect(Time now) {
  if (state_ != State::kConnected) return End({.kind = Kind::kDisconnected}, now);
  state_ = State::kLeaving;
  deadline_ = now + session_.packet_timeout;
  keep_alive_ = pingresp_ = kNever;
  client_->Disconnect();
  Collect(now);
}

void MosquittoLink::Subscribe(std::uint64_t token, const std::vector<Subscription>& topics,
                              Time now) {
  if (!Running(token, now)) return;
  std::map<int, Packet> by_qos;
  for (std::size_t place = 0; place < topics.size(); ++place) {
    if (!ValidTopicFilter(topics[place].topic)) continue;
    by_qos[std::clamp(topics[place].qos, 0, 2)].places.push_back(place);
  }
  requests_[token] = {.packets = by_qos.size(),
                      .granted = std::vector<int>(topics.size(), kRefused)};
  if (by_qos.empty()) return Finish(Kind::kSuback, token, now);
  for (auto& [qos, packet] : by_qos) {
    std::vector<std::string> filters;
    for (const std::size_t place : packet.places) filters.push_back(topics[place].topic);
    if (state_ != State::kConnected) return;
    Sent(token, client_->Subscribe(filters, qos), std::move(packet.places), now);
  }
}

void MosquittoLink::Unsubscribe(std::uint64_t token, const std::vector<std::string>& topics,
                                Time now) {
  if (!Running(token, now)) return;
  std::vector<std::string> filters;
  std::copy_if(topics.begin(), topics.end(), std::back_inserter(filters), &ValidTopicFilter);
  requests_[token] = {.packets = filters.empty() ? 0u : 1u};
  if (filters.empty()) return Finish(Kind::kUnsuback, token, now);
  Sent(token, client_->Unsubscribe(filters), {}, now);
}

void MosquittoLink::Publish(std::uint64_t token, std::string_view topic, std::string_view payload,
                            int qos, bool retain, Time now) {
  if (!Running(token, now)) return;
  // libmosquitto does not send what a server must close the connection for (3.3.2-2).
  if (!ValidTopicName(topic)) return End({.kind = Kind::kClosedByPeer}, now);
  requests_[token] = {.packets = 1};
  Sent(token, client_->Publish(topic, payload, qos, retain), {}, now);
  // Nobody acknowledges QoS 0, so there is nothing to ask again for.
  const auto request = requests_.find(token);
  if (qos == 0 && request != requests_.end()) request->second.next = kNever;
}

bool MosquittoLink::Running(std::uint64_t token, Time now) {
  if (state_ == State::kConnected) return true;
  if (state_ != State::kLeaving) Tell({.kind = Kind::kGaveUp, .token = token}, now);
  return false;
}

void MosquittoLink::Sent(std::uint64_t token, int message_id, std::vector<std::size_t> places,
                         Time now) {
  if (message_id != 0) {
    packets_[message_id] = {token, std::move(places)};
    requests_[token].next = now + session_.packet_timeout;
  }
  Collect(now);
  // Not taken: text that is not UTF-8 (1.5.3-1), or the connection is broken.
  if (message_id == 0 && state_ == State::kConnected) End({.kind = Kind::kClosedByPeer}, now);
}

void MosquittoLink::Step(Time now) {
  if (state_ == State::kOpening || state_ == State::kSecuring || state_ == State::kOpen) {
    StepOpen(now);
  } else if (client_ != nullptr) {
    client_->Step();
    Collect(now);
    KeepAlive(now);
  }
  RunTimers(now);
}

void MosquittoLink::StepOpen(Time now) {
  if (client_ == nullptr) {
    const TcpProbe::State tcp = probe_.Step();
    if (tcp == TcpProbe::State::kFailed) {
      return End({.kind = Kind::kOpenFailed, .failure = probe_.failure()}, now);
    }
    if (tcp == TcpProbe::State::kClosed) return End({.kind = Kind::kClosedByPeer}, now);
    if (state_ != State::kOpening || tcp != TcpProbe::State::kUp) return;
    state_ = State::kSecuring;
    if (tls_.enabled) {
      probe_ = TcpProbe();
      client_ = std::make_unique<MosquittoClient>(ConnectRequest{.keep_alive_s = 0}, tls_);
      client_->ConnectHandshake(address_, port_);
    }
  }
  if (client_ != nullptr) client_->StepHandshake();
  Collect(now);
  if (state_ != State::kSecuring || (client_ != nullptr && !client_->Secured())) return;
  state_ = State::kOpen;
  deadline_ = kNever;
  Tell({.kind = Kind::kOpened}, now);
}

void MosquittoLink::Collect(Time now) {
  while (client_ != nullptr) {
    std::vector<Event> events = client_->Take();
    if (events.empty()) break;
    for (Event& event : events) {
      Handle(std::move(event), now);
      if (client_ == nullptr) return;
    }
  }
  WatchTraffic(now);
}

// What has gone out and come in sets the clocks of the keep alive.
void MosquittoLink::WatchTraffic(Time now) {
  if (state_ != State::kConnected || session_.keep_alive_s == 0) return;
  if (tls_.enabled) {
    keep_alive_ = now + kKeepAliveStep;
  } else if (client_->TakeSent() || keep_alive_ == kNever) {
    keep_alive_ = now + std::chrono::seconds(session_.keep_alive_s);
  }
  if (!client_->AwaitsPingresp()) {
    pingresp_ = kNever;
  } else if (pingresp_ == kNever) {
    pingresp_ = now + session_.packet_timeout;
  }
}

void MosquittoLink::KeepAlive(Time now) {
  if (state_ != State::kConnected || keep_alive_ > now) return;
  keep_alive_ = now + std::chrono::seconds(session_.keep_alive_s);
  if (!client_->AwaitsPingresp()) client_->Ping();
  Collect(now);
}

void MosquittoLink::Handle(Event event, Time now) {
  switch (event.kind) {
    case Kind::kConnack:
      if (event.code != 0) return End(std::move(event), now);
      state_ = State::kConnected;
      deadline_ = kNever;
      return Tell(std::move(event), now);
    case Kind::kSuback:
    case Kind::kUnsuback:
    case Kind::kPublished:
      return Acknowledge(event, now);
    case Kind::kMessage:
      return Tell(std::move(event), now);
    case Kind::kConnectFailed:
    case Kind::kDisconnected:
    case Kind::kClosedByPeer:
    case Kind::kPingTimeout:
    case Kind::kLinkLost:
      if (state_ == State::kSecuring) event.kind = Kind::kOpenFailed;
      if (state_ == State::kOpen) event.kind = Kind::kClosedByPeer;
      if (state_ == State::kLeaving) event.kind = Kind::kDisconnected;
      return End(std::move(event), now);
    case Kind::kOpened:
    case Kind::kOpenFailed:
    case Kind::kRetry:
    case Kind::kGaveUp:
      return;  // a client has no such event
  }
}

// `event.token` is libmosquitto's message id.
void MosquittoLink::Acknowledge(const Event& event, Time now) {
  const auto packet = packets_.find(static_cast<int>(event.token));
  if (packet == packets_.end()) return;  // given up since
  const Packet answered = std::move(packet->second);
  packets_.erase(packet);
  Request& request = requests_[answered.token];
  const std::size_t known = std::min(answered.places.size(), event.granted.size());
  for (std::size_t i = 0; i < known; ++i) request.granted[answered.places[i]] = event.granted[i];
  if (--request.packets == 0) Finish(event.kind, answered.token, now);
}

void MosquittoLink::Finish(Kind kind, std::uint64_t token, Time now) {
  std::vector<int> granted = std::move(requests_[token].granted);
  requests_.erase(token);
  Tell({.kind = kind, .token = token, .granted = std::move(granted)}, now);
}

// libmosquitto does not send again on a connection that stands (nor does MQTT 3.1.1 ask for it,
// 4.4): the retries that the modem counts are told, and the packet stays where it is.
void MosquittoLink::RunTimers(Time now) {
  for (auto at = requests_.begin(); at != requests_.end();) {
    auto& [token, request] = *at;
    bool given_up = false;
    while (!given_up && request.next <= now) {
      given_up = request.retries == session_.retries;
      const Time due = request.next;
      if (given_up) {
        Tell({.kind = Kind::kGaveUp, .token = token}, due);
      } else {
        Tell({.kind = Kind::kRetry, .token = token, .code = ++request.retries}, due);
        request.next += std::max(session_.packet_timeout, Time{1});
      }
    }
    if (given_up) {
      std::erase_if(packets_, [&](const auto& packet) { return packet.second.token == at->first; });
    }
    at = given_up ? requests_.erase(at) : std::next(at);
  }
  if (pingresp_ <= now) return End({.kind = Kind::kPingTimeout}, now);
  if (deadline_ > now) return;
  Event late{.failure = NetFailure::kTimeout};
  late.kind = state_ == State::kConnecting ? Kind::kConnectFailed
              : state_ == State::kLeaving  ? Kind::kDisconnected
                                           : Kind::kOpenFailed;
  End(std::move(late), now);
}

void MosquittoLink::Tell(Event event, Time now) {
  event.link = index_;
  event.at = now;
  events_.push_back(std::move(event));
}

void MosquittoLink::End(Event event, Time now) {
  std::vector<Event> before = std::exchange(events_, {});
  Close();
  events_ = std::move(before);
  Tell(std::move(event), now);
}

std::vector<Event> MosquittoLink::Take() { return std::exchange(events_, {}); }

Time MosquittoLink::NextTimer() const {
  Time next = std::min({deadline_, keep_alive_, pingresp_});
  for (const auto& [token, request] : requests_) next = std::min(next, request.next);
  return next;
}

std::optional<MqttService::Watch> MosquittoLink::Watched() const {
  if (client_ != nullptr && client_->fd() >= 0) {
    // A link that is only open holds CONNECT back: nothing is to be written.
    const bool may_write = state_ != State::kOpen;
    return MqttService::Watch{client_->fd(), may_write && client_->WantsWrite()};
  }
  if (probe_.fd() >= 0) return MqttService::Watch{probe_.fd(), state_ == State::kOpening};
  return std::nullopt;
}

}  // namespace assay::device
