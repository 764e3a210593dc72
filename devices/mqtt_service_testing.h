// Events as text, for tests of MQTT services: "0 message a/b=hello q1 m3 retained".
#ifndef DEVICES_MQTT_SERVICE_TESTING_H_
#define DEVICES_MQTT_SERVICE_TESTING_H_

#include <string>

#include "devices/mqtt_service.h"

namespace assay::device {

inline std::string Text(NetFailure failure) {
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
  return "?";
}

// The link, what happened, and every field that this kind of event has; not the time.
inline std::string Text(const Event& event) {
  const std::string link = std::to_string(event.link) + " ";
  const std::string token = " #" + std::to_string(event.token);
  switch (event.kind) {
    case Event::Kind::kOpened:
      return link + "opened";
    case Event::Kind::kOpenFailed:
      return link + "open failed: " + Text(event.failure);
    case Event::Kind::kConnack:
      return link + "connack " + std::to_string(event.code);
    case Event::Kind::kConnectFailed:
      return link + "connect failed: " + Text(event.failure);
    case Event::Kind::kSuback: {
      std::string granted;
      for (const int qos : event.granted) granted += " " + std::to_string(qos);
      return link + "suback" + token + granted;
    }
    case Event::Kind::kUnsuback:
      return link + "unsuback" + token;
    case Event::Kind::kPublished:
      return link + "published" + token;
    case Event::Kind::kRetry:
      return link + "retry" + token + " " + std::to_string(event.code);
    case Event::Kind::kGaveUp:
      return link + "gave up" + token;
    case Event::Kind::kMessage:
      return link + "message " + event.topic + "=" + event.payload + " q" +
             std::to_string(event.qos) + " m" + std::to_string(event.message_id) +
             (event.retain ? " retained" : "");
    case Event::Kind::kDisconnected:
      return link + "disconnected";
    case Event::Kind::kClosedByPeer:
      return link + "closed by peer";
    case Event::Kind::kPingTimeout:
      return link + "ping timeout";
    case Event::Kind::kLinkLost:
      return link + "link lost";
  }
  return "?";
}

}  // namespace assay::device

#endif  // DEVICES_MQTT_SERVICE_TESTING_H_
