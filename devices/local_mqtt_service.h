// LocalMqttService's own classes: the requests stand in local_mqtt_service.cc, what happens as
// time goes by in local_mqtt_schedule.cc. Users need mqtt_service.h and local_mqtt_broker.h only.
#ifndef DEVICES_LOCAL_MQTT_SERVICE_H_
#define DEVICES_LOCAL_MQTT_SERVICE_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "devices/local_mqtt_broker.h"
#include "devices/local_mqtt_hosts.h"
#include "devices/mqtt_service.h"
#include "devices/wire_journal.h"

namespace assay::device {

class LocalMqttService;

class LocalMqttLink final : public BrokerClient {
 public:
  // The state follows the events that were polled: until kOpened is, the link is opening.
  enum class State { kClosed, kOpening, kOpen, kConnecting, kConnected, kEnding };

  LocalMqttLink(LocalMqttService* service, int index) : service_(service), index_(index) {}
  void Deliver(const BrokerMessage& message, Time at) override;
  void Drop(Event::Kind why, Time at) override;
  void Lose(Loss loss, Time at);

  State state = State::kClosed;
  Host host;
  ConnectRequest session;
  Time ping_at = kNever;  // when the next PINGREQ goes out
  int connection = 0;     // of the journal

 private:
  void End(Event::Kind why, Loss loss, Time at);
  LocalMqttService* service_;
  int index_;
  int last_message_id_ = 0;
};

class LocalMqttService final : public MqttService {
 public:
  LocalMqttService(std::shared_ptr<LocalBroker> broker, Time latency,
                   std::shared_ptr<WireJournal> journal, std::function<void()> news)
      : broker_(std::move(broker)),
        latency_(latency),
        journal_(std::move(journal)),
        news_(std::move(news)) {}
  ~LocalMqttService() override;

  void Open(int link, const OpenRequest& request, Time now) override;
  void Close(int link, Time now) override;
  void Connect(int link, const ConnectRequest& request, Time now) override;
  void Disconnect(int link, Time now) override;
  void Subscribe(int link, std::uint64_t token, int message_id,
                 const std::vector<Subscription>& topics, Time now) override;
  void Unsubscribe(int link, std::uint64_t token, int message_id,
                   const std::vector<std::string>& topics, Time now) override;
  void Publish(int link, std::uint64_t token, int message_id, std::string_view topic,
               std::string_view payload, int qos, bool retain, Time now) override;
  std::optional<Event> Poll(Time now) override;
  bool SetNetwork(bool up, Loss why, Time now) override;
  bool Drop(int link, Time now) override;
  Time NextEvent() const override { return queue_.empty() ? kNever : queue_.front().event.at; }

  // For links.
  void Schedule(Event event, std::vector<BrokerPacket> sent_again = {});
  void Forget(int link, Time after = Time::min());  // what is scheduled later than `after`
  void NoteClosed(const LocalMqttLink& link, bool by_broker, Time now);
  void TellNews() const {
    if (news_) news_();
  }
  Time latency() const { return latency_; }

 private:
  struct Scheduled {
    Event event;
    std::vector<BrokerPacket> sent_again;  // what a kRetry puts on the wire
  };

  LocalMqttLink& At(int link) { return links_.try_emplace(link, this, link).first->second; }
  bool Running(const LocalMqttLink& link, int index, std::uint64_t token, Time now);
  bool Send(LocalMqttLink& link, int index, std::optional<std::uint64_t> answer_to,
            std::vector<BrokerPacket> packets, Time now);
  void RunMute(LocalMqttLink& link, int index, std::optional<std::uint64_t> answer_to,
               const std::vector<BrokerPacket>& packets, Time now);
  void StartKeepAlive(LocalMqttLink& link, int index, Time now);
  void Apply(const Scheduled& due);
  // For the journal.
  void Note(const LocalMqttLink& link, WireEvent event, Time now);
  void NotePackets(const LocalMqttLink& link, const std::vector<BrokerPacket>& packets);

  std::shared_ptr<LocalBroker> broker_;
  Time latency_;
  std::shared_ptr<WireJournal> journal_;
  const std::function<void()> news_;
  Time now_{0};
  bool covered_ = true;  // the modem has a network
  std::map<int, LocalMqttLink> links_;
  std::deque<Scheduled> queue_;  // by time, then in the order of scheduling
};

}  // namespace assay::device

#endif  // DEVICES_LOCAL_MQTT_SERVICE_H_
