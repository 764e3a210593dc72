// What happened on the network, in the words of spec/BEHAVIOUR.md.
#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "devices/modem_network.h"
#include "devices/service_call.h"

namespace assay::device {
namespace {

using dialect::Datum;
using Kind = Event::Kind;

std::string_view Name(NetFailure failure) {
  switch (failure) {
    case NetFailure::kDns:
      return "dns";
    case NetFailure::kRefused:
      return "refused";
    case NetFailure::kUnreachable:
      return "unreachable";
    case NetFailure::kTimeout:
      return "timeout";
    case NetFailure::kTls:
      return "tls";
  }
  return "";
}

std::string_view EventName(Kind kind) {
  switch (kind) {
    case Kind::kOpened:
      return "net.opened";
    case Kind::kOpenFailed:
      return "net.failed";
    case Kind::kConnack:
      return "mqtt.connack";
    case Kind::kConnectFailed:
      return "mqtt.connect_failed";
    case Kind::kSuback:
      return "mqtt.suback";
    case Kind::kUnsuback:
      return "mqtt.unsuback";
    case Kind::kPublished:
      return "mqtt.published";
    case Kind::kRetry:
      return "mqtt.retry";
    case Kind::kGaveUp:
      return "mqtt.gave_up";
    case Kind::kMessage:
      return "mqtt.message";
    case Kind::kDisconnected:
      return "mqtt.disconnected";
    case Kind::kClosedByPeer:
      return "net.closed_by_peer";
    case Kind::kPingTimeout:
      return "mqtt.ping_timeout";
    case Kind::kLinkLost:
      return "net.lost";
  }
  return "";
}

// Whether its token says which packet it is about.
bool Answers(Kind kind) {
  switch (kind) {
    case Kind::kSuback:
    case Kind::kUnsuback:
    case Kind::kPublished:
    case Kind::kRetry:
    case Kind::kGaveUp:
      return true;
    case Kind::kOpened:
    case Kind::kOpenFailed:
    case Kind::kConnack:
    case Kind::kConnectFailed:
    case Kind::kMessage:
    case Kind::kDisconnected:
    case Kind::kClosedByPeer:
    case Kind::kPingTimeout:
    case Kind::kLinkLost:
      return false;
  }
  return false;
}

bool Closes(const Event& event) {
  switch (event.kind) {
    case Kind::kOpenFailed:
    case Kind::kConnectFailed:
    case Kind::kDisconnected:
    case Kind::kClosedByPeer:
    case Kind::kPingTimeout:
    case Kind::kLinkLost:
      return true;
    case Kind::kConnack:
      return event.code != 0;
    case Kind::kOpened:
    case Kind::kSuback:
    case Kind::kUnsuback:
    case Kind::kPublished:
    case Kind::kRetry:
    case Kind::kGaveUp:
    case Kind::kMessage:
      return false;
  }
  return false;
}

dialect::EventValues Values(const Event& event, const dialect::CommandPtr& command) {
  const auto name_command = [&](dialect::EventValues values) {
    if (command != nullptr) values["command"] = command->parsed.command->name;
    return values;
  };
  switch (event.kind) {
    case Kind::kOpenFailed:
      return {{"reason", Datum{std::string(Name(event.failure))}}};
    case Kind::kConnectFailed: {
      const bool late = event.failure == NetFailure::kTimeout;
      return {{"reason", Datum{std::string(late ? "timeout" : "closed")}}};
    }
    case Kind::kConnack:
      return {{"code", Datum{std::int64_t{event.code}}}};
    case Kind::kSuback: {
      std::vector<std::string> granted;
      for (const int qos : event.granted) granted.push_back(std::to_string(qos));
      return {{"granted", Datum{std::move(granted)}}};
    }
    case Kind::kRetry:
      return name_command({{"count", Datum{std::int64_t{event.code}}}});
    case Kind::kGaveUp:
      return name_command({});
    case Kind::kMessage:
      return {{"message_id", Datum{std::int64_t{event.message_id}}},
              {"topic", Datum{event.topic}},
              {"payload", Datum{event.payload}},
              {"qos", Datum{std::int64_t{event.qos}}},
              {"retain", Datum{std::int64_t{event.retain}}}};
    case Kind::kOpened:
    case Kind::kUnsuback:
    case Kind::kPublished:
    case Kind::kDisconnected:
    case Kind::kClosedByPeer:
    case Kind::kPingTimeout:
      return {};
    case Kind::kLinkLost:
      return {{"reason", Datum{std::string(Name(event.loss))}}};
  }
  return {};
}

}  // namespace

// What is in flight for the model is the spec's to clear; here only nobody waits any more.
void ModemNetwork::Forget(std::int64_t link) {
  std::erase_if(pending_, [&](const auto& entry) { return entry.second.link == link; });
  std::erase_if(feigned_, [&](const Event& event) { return event.link == link; });
}

void ModemNetwork::Acknowledge(const Event& event, dialect::Model& model) {
  const auto found = pending_.find(event.token);
  if (found == pending_.end()) return;
  if (found->second.message_id) model.Acknowledged(found->second.link, *found->second.message_id);
  pending_.erase(found);
}

Time ModemNetwork::NextGivenUp() const {
  Time next = kNever;
  for (const auto& [token, pending] : pending_) next = std::min(next, pending.until);
  return next;
}

std::optional<Event> ModemNetwork::PollService(Time now) {
  const Time until = NextGivenUp();
  const bool feigned =
      !feigned_.empty() && feigned_.front().at <= std::min(now, until);
  if (feigned) {
    // A real broker's service does not know beforehand when it has something.
    const bool first = feigned_.front().at <= service_->NextEvent();
    auto event = first ? std::nullopt : service_->Poll(std::min(now, until));
    if (event) return event;
    event = std::move(feigned_.front());
    feigned_.pop_front();
    return event;
  }
  if (auto event = service_->Poll(std::min(now, until)); event || now < until) return event;
  const auto late = std::find_if(pending_.begin(), pending_.end(),
                                 [&](const auto& entry) { return entry.second.until == until; });
  return Event{.kind = Kind::kGaveUp,
               .link = static_cast<int>(late->second.link),
               .token = late->first,
               .at = until};
}

std::optional<Happening> ModemNetwork::Poll(dialect::Model& model, Time now) {
  std::optional<Event> event = PollService(now);
  // What was given up may still be acknowledged, or be sent again by a service that waits longer:
  // the modem has told the end of it.
  while (event && Answers(event->kind) && !pending_.contains(event->token)) {
    event = PollService(now);
  }
  if (!event) return PollSn(now);
  Happening happening{.event = EventName(event->kind), .link = event->link};
  const Link& link = links_[event->link];
  switch (event->kind) {
    case Kind::kOpened:
    case Kind::kOpenFailed:
      happening.command = link.opened;
      break;
    case Kind::kConnack:
    case Kind::kConnectFailed:
      happening.command = link.connected;
      break;
    case Kind::kDisconnected:
      happening.command = link.ended;
      break;
    case Kind::kSuback:
    case Kind::kUnsuback:
    case Kind::kPublished:
    case Kind::kRetry:
    case Kind::kGaveUp:
      happening.command = pending_.at(event->token).command;
      break;
    case Kind::kMessage:
    case Kind::kClosedByPeer:
    case Kind::kPingTimeout:
    case Kind::kLinkLost:
      break;
  }
  happening.values = Values(*event, happening.command);
  if (event->kind != Kind::kRetry) Acknowledge(*event, model);
  if (Closes(*event)) Forget(event->link);
  return happening;
}

}  // namespace assay::device
