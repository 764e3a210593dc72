// Somebody else at the modems' broker, who publishes what he is told to: one message at a time, each
// on a connection of its own.
//
//   Publisher publisher([] { return MakeMosquittoService({.port = 1883}); });
//   publisher.Publish({.topic = "a/b", .payload = "x", .qos = 1}, [](std::string error) { ... }, now);
//   publisher.Advance(now);   // at publisher.Due(), or when one of Watches() is ready
#ifndef DEVICES_PUBLISHER_H_
#define DEVICES_PUBLISHER_H_

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "devices/mqtt_service.h"
#include "dialects/time.h"

namespace assay::device {

class Publisher {
 public:
  using Maker = std::function<std::unique_ptr<MqttService>()>;
  // What went wrong; empty: it is published.
  using Done = std::function<void(const std::string& error)>;
  struct Message {
    std::string topic{}, payload{};
    int qos = 0;
    bool retain = false;
  };

  explicit Publisher(Maker make) : make_(std::move(make)) {}

  void Publish(Message message, Done done, Time now);
  void Advance(Time now);
  Time Due() const { return service_ == nullptr ? kNever : service_->NextEvent(); }
  std::vector<MqttService::Watch> Watches() const;

 private:
  struct Job {
    Message message;
    Done done;
  };
  void Begin(Time now);
  void Take(const Event& event, Time now);
  void End(const std::string& error, Time now);

  const Maker make_;
  std::unique_ptr<MqttService> service_;  // of the first job; null: there is none
  std::deque<Job> jobs_;
};

}  // namespace assay::device

#endif  // DEVICES_PUBLISHER_H_
