// MQTT-SN, in the words of spec/BEHAVIOUR.md.
#include <cstdint>
#include <string>
#include <utility>

#include "devices/modem_network.h"
#include "devices/service_call.h"

namespace assay::device {
namespace {

using dialect::Datum;
using Kind = sn::ClientEvent::Kind;

std::string_view EventName(Kind kind) {
  switch (kind) {
    case Kind::kConnack:
      return "sn.connack";
    case Kind::kConnectFailed:
      return "sn.connect_failed";
    case Kind::kRegack:
      return "sn.regack";
    case Kind::kRegister:
      return "sn.register";
    case Kind::kSuback:
      return "sn.suback";
    case Kind::kUnsuback:
      return "sn.unsuback";
    case Kind::kPublished:
      return "sn.published";
    case Kind::kWillTopic:
      return "sn.willtopicresp";
    case Kind::kWillMessage:
      return "sn.willmsgresp";
    case Kind::kGaveUp:
      return "sn.gave_up";
    case Kind::kMessage:
      return "sn.message";
    case Kind::kDisconnected:
      return "sn.disconnected";
    case Kind::kPingTimeout:
      return "sn.ping_timeout";
    case Kind::kLost:
      return "sn.lost";
  }
  return "";
}

Datum Integer(int value) { return Datum{std::int64_t{value}}; }

dialect::EventValues Values(const sn::ClientEvent& event, const dialect::CommandPtr& command) {
  switch (event.kind) {
    case Kind::kConnack:
    case Kind::kPublished:
    case Kind::kWillTopic:
    case Kind::kWillMessage:
      return {{"code", Integer(event.code)}};
    case Kind::kRegack:
      return {{"code", Integer(event.code)}, {"topic_id", Integer(event.topic_id)}};
    case Kind::kRegister:
      return {{"topic_id", Integer(event.topic_id)}, {"topic", Datum{event.topic}}};
    case Kind::kSuback:
      return {{"code", Integer(event.code)},
              {"topic_id", Integer(event.topic_id)},
              {"granted", Integer(event.qos)}};
    case Kind::kMessage:
      return {{"topic", Datum{event.topic}},
              {"topic_id", Integer(event.topic_id)},
              {"payload", Datum{event.payload}},
              {"qos", Integer(event.qos)},
              {"retain", Integer(event.retain ? 1 : 0)}};
    case Kind::kGaveUp:
      if (command == nullptr) return {};
      return {{"command", Datum{command->parsed.command->name}}};
    case Kind::kConnectFailed:
    case Kind::kUnsuback:
    case Kind::kDisconnected:
    case Kind::kPingTimeout:
      return {};
    case Kind::kLost:
      return {{"reason", Datum{std::string(Name(event.loss))}}};
  }
  return {};
}

bool Ends(const sn::ClientEvent& event) {
  switch (event.kind) {
    case Kind::kConnack:
      return event.code != 0;
    case Kind::kConnectFailed:
    case Kind::kDisconnected:
    case Kind::kPingTimeout:
    case Kind::kLost:
      return true;
    case Kind::kRegack:
    case Kind::kRegister:
    case Kind::kSuback:
    case Kind::kUnsuback:
    case Kind::kPublished:
    case Kind::kWillTopic:
    case Kind::kWillMessage:
    case Kind::kGaveUp:
    case Kind::kMessage:
      return false;
  }
  return false;
}

sn::Session MakeSession(const dialect::ServiceCall& call) {
  sn::Session session;
  session.client_id = Text(call, "client");
  session.clean_session = Number(call, "clean", 1) != 0;
  session.keep_alive_s = Number(call, "keepalive", session.keep_alive_s);
  session.will = MakeWill(call);
  return session;
}

}  // namespace

// False: it is no effect of MQTT-SN.
bool ModemNetwork::CarrySn(const Call& call, Time until, Time now) {
  using Ask = sn::Request::Kind;
  const int link = static_cast<int>(call.link);
  if (call.verb == "sn.connect") {
    ForgetSn(call.link);
    links_[call.link] = {.connected = call.command};
    sn_.Connect(link, {Text(call, "host"), Number(call, "port")}, MakeSession(call), until, now);
    return true;
  }
  if (call.verb == "sn.disconnect") {
    ForgetSn(call.link);
    links_[call.link].ended = call.command;
    sn_.Disconnect(link, until, now);
    return true;
  }
  static const std::map<std::string_view, Ask> kRequests = {
      {"sn.register", Ask::kRegister},       {"sn.subscribe", Ask::kSubscribe},
      {"sn.unsubscribe", Ask::kUnsubscribe}, {"sn.publish", Ask::kPublish},
      {"sn.will_topic", Ask::kWillTopic},    {"sn.will_message", Ask::kWillMessage},
  };
  const auto kind = kRequests.find(call.verb);
  if (kind == kRequests.end()) return false;
  sn_asked_[++last_token_] = {call.link, call.command};
  sn_.Ask(link,
          {.kind = kind->second,
           .token = last_token_,
           .topic = Text(call, "topic"),
           .topic_id = Number(call, "topic_id"),
           .payload = Text(call, "payload"),
           .qos = Number(call, "qos"),
           .retain = Number(call, "retain") != 0,
           .until = until},
          now);
  return true;
}

void ModemNetwork::ForgetSn(std::int64_t link) {
  std::erase_if(sn_asked_, [&](const auto& entry) { return entry.second.link == link; });
}

std::optional<Happening> ModemNetwork::PollSn(Time now) {
  const std::optional<sn::ClientEvent> event = sn_.Poll(now);
  if (!event) return std::nullopt;
  Happening happening{.event = EventName(event->kind), .link = event->link};
  const Link& link = links_[event->link];
  if (const auto asked = sn_asked_.find(event->token); asked != sn_asked_.end()) {
    happening.command = asked->second.command;
    sn_asked_.erase(asked);
  } else if (event->kind == Kind::kConnack || event->kind == Kind::kConnectFailed) {
    happening.command = link.connected;
  } else if (event->kind == Kind::kDisconnected) {
    happening.command = link.ended;
  }
  happening.values = Values(*event, happening.command);
  if (Ends(*event)) ForgetSn(event->link);
  return happening;
}

}  // namespace assay::device
