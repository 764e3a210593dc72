// For tests of MQTT services: events as text ("0 message a/b=hello q1 m3 retained"), and a driver
// that waits for them, in real or in virtual time.
#ifndef DEVICES_MQTT_SERVICE_TESTING_H_
#define DEVICES_MQTT_SERVICE_TESTING_H_

#include <poll.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

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

class ServiceDriver {
 public:
  ServiceDriver(std::unique_ptr<MqttService> service, bool real_time)
      : service_(std::move(service)), real_time_(real_time) {}

  MqttService& operator*() { return *service_; }
  MqttService* operator->() { return service_.get(); }
  void Destroy() { service_.reset(); }

  Time Now() const {
    if (!real_time_) return virtual_;
    return std::chrono::duration_cast<Time>(std::chrono::steady_clock::now() - start_);
  }

  // The next `count` events, or those that came until `patience` was over.
  std::vector<std::string> Next(std::size_t count, Time patience = std::chrono::seconds(20)) {
    std::vector<std::string> texts;
    const Time end = Now() + patience;
    while (texts.size() < count) {
      if (const auto event = service_->Poll(Now())) {
        texts.push_back(Text(*event));
      } else if (Now() >= end) {
        break;
      } else {
        Wait(std::min(end, service_->NextEvent()));
      }
    }
    return texts;
  }

  // The next `count` events, and what follows them at once although nothing should.
  std::vector<std::string> Just(std::size_t count) {
    std::vector<std::string> texts = Next(count);
    for (std::string& text : Next(1, std::chrono::milliseconds(200))) {
      texts.push_back(std::move(text));
    }
    return texts;
  }

 private:
  void Wait(Time until) {
    if (!real_time_) {
      virtual_ = std::max(virtual_, until);
      return;
    }
    std::vector<pollfd> watched;
    for (const MqttService::Watch& watch : service_->Watches()) {
      const int events = POLLIN | (watch.want_write ? POLLOUT : 0);
      watched.push_back({watch.fd, static_cast<short>(events), 0});
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Now()).count();
    poll(watched.data(), watched.size(), static_cast<int>(std::max<long>(left, 0)));
  }

  std::unique_ptr<MqttService> service_;
  const bool real_time_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  Time virtual_{0};
};

}  // namespace assay::device

#endif  // DEVICES_MQTT_SERVICE_TESTING_H_
