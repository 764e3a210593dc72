#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "devices/modem_host.h"
#include "devices/mosquitto_link.h"
#include "devices/mqtt_service.h"

namespace assay::device {
namespace {

class MosquittoService final : public MqttService {
 public:
  explicit MosquittoService(const MosquittoOptions& options)
      // The one call that may wait, made once and before any modem speaks.
      : options_(options), address_(Resolve(options.host)) {}

  void Open(int link, const OpenRequest& request, Time now) override {
    Forget(link);
    if (!covered_) {
      At(link).Unreachable(now);
      return Gather();
    }
    const LedHost host = LeadHost(request.host);
    switch (host.where) {
      case LedHost::Where::kNowhere:
        At(link).Open("", 0, request, now);
        break;
      case LedHost::Where::kLoopback:
        At(link).Open(host.address, request.port, request, now);
        break;
      case LedHost::Where::kBench: {
        const bool secure = request.tls.enabled && options_.tls_port != 0;
        At(link).Open(address_, secure ? options_.tls_port : options_.port, request, now);
        break;
      }
    }
    Gather();
  }
  void Close(int link, Time) override {
    Forget(link);
    At(link).Close();
  }
  void Connect(int link, const ConnectRequest& request, Time now) override {
    At(link).Connect(request, now);
    Gather();
  }
  void Disconnect(int link, Time now) override {
    At(link).Disconnect(now);
    Gather();
  }
  void Subscribe(int link, std::uint64_t token, int, const std::vector<Subscription>& topics,
                 Time now) override {
    At(link).Subscribe(token, topics, now);
    Gather();
  }
  void Unsubscribe(int link, std::uint64_t token, int, const std::vector<std::string>& topics,
                   Time now) override {
    At(link).Unsubscribe(token, topics, now);
    Gather();
  }
  void Publish(int link, std::uint64_t token, int, std::string_view topic, std::string_view payload,
               int qos, bool retain, Time now) override {
    At(link).Publish(token, topic, payload, qos, retain, now);
    Gather();
  }

  bool SetNetwork(bool up, Loss why, Time now) override {
    covered_ = up;
    if (up) return true;
    for (auto& [index, link] : links_) link.Cut(why, now);
    Gather();
    return true;
  }
  bool Drop(int link, Time now) override {
    const bool dropped = At(link).Cut(std::nullopt, now);
    Gather();
    return dropped;
  }

  std::optional<Event> Poll(Time now) override {
    if (queue_.empty()) {
      for (auto& [index, link] : links_) link.Step(now);
      Gather();
    }
    if (queue_.empty() || queue_.front().at > now) return std::nullopt;
    Event event = std::move(queue_.front());
    queue_.pop_front();
    return event;
  }

  Time NextEvent() const override {
    Time next = queue_.empty() ? kNever : queue_.front().at;
    for (const auto& [index, link] : links_) next = std::min(next, link.NextTimer());
    return next;
  }

  std::vector<Watch> Watches() const override {
    std::vector<Watch> watches;
    for (const auto& [index, link] : links_) {
      if (const auto watched = link.Watched()) watches.push_back(*watched);
    }
    return watches;
  }

 private:
  MosquittoLink& At(int link) { return links_.try_emplace(link, link).first->second; }

  void Gather() {
    for (auto& [index, link] : links_) {
      for (Event& event : link.Take()) queue_.push_back(std::move(event));
    }
    std::stable_sort(queue_.begin(), queue_.end(),
                     [](const Event& a, const Event& b) { return a.at < b.at; });
  }
  void Forget(int link) {
    std::erase_if(queue_, [link](const Event& event) { return event.link == link; });
  }

  const MosquittoOptions options_;
  const std::string address_;
  bool covered_ = true;  // the modem has a network
  std::map<int, MosquittoLink> links_;
  std::deque<Event> queue_;
};

}  // namespace

std::unique_ptr<MqttService> MakeMosquittoService(const MosquittoOptions& options) {
  return std::make_unique<MosquittoService>(options);
}

}  // namespace assay::device
