// For tests of MQTT-SN: events as text ("message id 5 a/b=hello q1 retained").
#ifndef DEVICES_MQTT_SN_TESTING_H_
#define DEVICES_MQTT_SN_TESTING_H_

#include <string>

#include "devices/mqtt_sn_client.h"

namespace assay::device::sn {

// What happened, and every field that this kind of event has.
inline std::string Text(const ClientEvent& event) {
  using Kind = ClientEvent::Kind;
  const std::string token = " #" + std::to_string(event.token);
  const std::string code = " " + std::to_string(event.code);
  const std::string id = " id " + std::to_string(event.topic_id);
  switch (event.kind) {
    case Kind::kConnack:
      return "connack" + code;
    case Kind::kConnectFailed:
      return "connect failed";
    case Kind::kRegack:
      return "regack" + token + code + id;
    case Kind::kRegister:
      return "register" + id + " " + event.topic;
    case Kind::kSuback:
      return "suback" + token + code + id + " q" + std::to_string(event.qos);
    case Kind::kUnsuback:
      return "unsuback" + token;
    case Kind::kPublished:
      return "published" + token + code;
    case Kind::kWillTopic:
      return "will topic" + token + code;
    case Kind::kWillMessage:
      return "will message" + token + code;
    case Kind::kGaveUp:
      return "gave up" + token;
    case Kind::kMessage:
      return "message" + id + " " + event.topic + "=" + event.payload + " q" +
             std::to_string(event.qos) + (event.retain ? " retained" : "");
    case Kind::kDisconnected:
      return "disconnected";
    case Kind::kPingTimeout:
      return "ping timeout";
    case Kind::kLost:
      return "lost";
  }
  return "?";
}

}  // namespace assay::device::sn

#endif  // DEVICES_MQTT_SN_TESTING_H_
