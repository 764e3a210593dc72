#include "devices/publisher.h"

#include <unistd.h>

#include <chrono>
#include <utility>

namespace assay::device {
namespace {

constexpr Time kPatience = std::chrono::seconds(5);
constexpr int kPort = 1883;

}  // namespace

void Publisher::Publish(Message message, Done done, Time now) {
  jobs_.push_back({std::move(message), std::move(done)});
  if (jobs_.size() == 1) Begin(now);
}

void Publisher::Begin(Time now) {
  service_ = make_();
  service_->Open(0, {.host = "broker.bench", .port = kPort, .timeout = kPatience}, now);
}

std::vector<MqttService::Watch> Publisher::Watches() const {
  return service_ == nullptr ? std::vector<MqttService::Watch>() : service_->Watches();
}

void Publisher::Advance(Time now) {
  while (service_ != nullptr) {
    const auto event = service_->Poll(now);
    if (!event) return;
    Take(*event, now);
  }
}

void Publisher::Take(const Event& event, Time now) {
  using Kind = Event::Kind;
  const Message& message = jobs_.front().message;
  switch (event.kind) {
    case Kind::kOpened:
      return service_->Connect(0, {.client_id = "assay-control-" + std::to_string(getpid())}, now);
    case Kind::kConnack:
      if (event.code != 0)
        return End("the broker refuses us: return code " + std::to_string(event.code), now);
      return service_->Publish(0, 1, 1, message.topic, message.payload, message.qos,
                               message.retain, now);
    case Kind::kPublished:
      return service_->Disconnect(0, now);
    case Kind::kDisconnected:
      return End({}, now);
    case Kind::kOpenFailed:
    case Kind::kConnectFailed:
      return End("the broker cannot be reached", now);
    case Kind::kGaveUp:
    case Kind::kClosedByPeer:
    case Kind::kPingTimeout:
    case Kind::kLinkLost:
      return End("the broker does not take it: is the topic a name without wildcards?", now);
    case Kind::kSuback:
    case Kind::kUnsuback:
    case Kind::kRetry:
    case Kind::kMessage:
      return;
  }
}

void Publisher::End(const std::string& error, Time now) {
  const Job job = std::move(jobs_.front());
  jobs_.pop_front();
  service_.reset();
  if (!jobs_.empty()) Begin(now);
  job.done(error);
}

}  // namespace assay::device
