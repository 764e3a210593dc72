// A packet that wants an answer, and when it goes out again (6.13).
//
//   Retry retry(packet, 10s, now);             // after it has been sent
//   if (retry.at() <= now && !retry.Again())   // no answer: it was sent often enough
//   Send(retry.packet());
#ifndef DEVICES_MQTT_SN_RETRY_H_
#define DEVICES_MQTT_SN_RETRY_H_

#include <utility>
#include <variant>

#include "devices/mqtt_sn_packet.h"
#include "dialects/time.h"

namespace assay::device::sn {

// 7.2 recommends 10 to 15 s, and 3 to 5 times.
inline constexpr Time kRetryInterval{10'000'000};
inline constexpr int kRetries = 3;

class Retry {
 public:
  Retry(Packet packet, Time interval, Time now)
      : packet_(std::move(packet)), interval_(interval), at_(now + interval) {
    // As it is when it is sent again (5.3.4).
    if (auto* publish = std::get_if<Publish>(&packet_)) publish->duplicate = true;
    if (auto* subscribe = std::get_if<Subscribe>(&packet_)) subscribe->duplicate = true;
  }
  const Packet& packet() const { return packet_; }
  template <typename T>
  const T* Get() const {
    return std::get_if<T>(&packet_);
  }
  Time at() const { return at_; }
  bool Again() {
    if (left_ == 0) return false;
    --left_;
    at_ += interval_;
    return true;
  }

 private:
  Packet packet_;
  Time interval_, at_;
  int left_ = kRetries;
};

}  // namespace assay::device::sn

#endif  // DEVICES_MQTT_SN_RETRY_H_
