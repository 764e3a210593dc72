#include <algorithm>
#include <deque>
#include <map>
#include <utility>
#include <variant>

#include "devices/local_mqtt_hosts.h"
#include "devices/mqtt_sn_gateway.h"
#include "devices/mqtt_sn_transport.h"

namespace assay::device::sn {
namespace {

class LocalTransport final : public Transport {
 public:
  LocalTransport(std::unique_ptr<MqttService> service, Time latency)
      : gateway_(std::move(service)), one_way_(latency / 2) {}

  bool Open(int link, const std::string& host, int) override {
    links_[link] = {.host = HostOf(host)};
    std::erase_if(flying_, [&](const Flight& flight) { return flight.arrival.link == link; });
    return links_[link].host.manner != Host::Manner::kUnknown;
  }

  void Send(int link, std::string_view datagram, Time now) override {
    using Manner = Host::Manner;
    Link& from = links_[link];
    const auto answer = [&](const Packet& packet) {
      Fly({.arrival = {.link = link, .datagram = Encode(packet), .at = now + 2 * one_way_}});
    };
    switch (from.host.manner) {
      case Manner::kUnreachable:
      case Manner::kSilent:
      case Manner::kUnknown:
        return;
      case Manner::kRefusing:
        return Fly({.arrival = {.link = link, .refused = true, .at = now + 2 * one_way_}});
      case Manner::kMute:
        if (from.connected) return;
        break;
      case Manner::kClosing:
        if (from.connected) answer(Disconnect{});
        break;
      case Manner::kDenying:
        if (from.connected) {
          const std::optional<Packet> asked = Decode(datagram);
          if (const auto denial = asked ? Denial(*asked) : std::nullopt) return answer(*denial);
        }
        break;
      case Manner::kMisnamed:
      case Manner::kExpired:
      case Manner::kWorking:
      case Manner::kUntrusted:
        break;
    }
    if (from.host.connack != 0)
      return answer(Connack{.code = static_cast<std::uint8_t>(from.host.connack)});
    Fly({.up = true,
         .arrival = {.link = link, .datagram = std::string(datagram), .at = now + one_way_}});
  }

  std::optional<Arrival> Poll(Time now) override {
    while (true) {
      const Time next = std::min(NextEvent(), now);
      gateway_.Advance(next);
      TakeFromGateway();
      if (flying_.empty() || flying_.front().arrival.at > now) {
        if (NextEvent() > now) return std::nullopt;
        continue;
      }
      Flight flight = std::move(flying_.front());
      flying_.pop_front();
      if (!flight.up) return std::move(flight.arrival);
      gateway_.Receive(NameOf(flight.arrival.link), flight.arrival.datagram, flight.arrival.at);
      TakeFromGateway();
    }
  }

  Time NextEvent() const override {
    const Time next = gateway_.NextEvent();
    return flying_.empty() ? next : std::min(next, flying_.front().arrival.at);
  }

  std::vector<MqttService::Watch> Watches() const override { return gateway_.Watches(); }

 private:
  struct Link {
    Host host;
    bool connected = false;  // a CONNACK that accepts has gone by
  };
  struct Flight {
    bool up = false;  // to the gateway
    Arrival arrival;
  };

  static std::string NameOf(int link) { return "link " + std::to_string(link); }

  void Fly(Flight flight) {
    const auto place =
        std::upper_bound(flying_.begin(), flying_.end(), flight.arrival.at,
                         [](Time at, const Flight& other) { return at < other.arrival.at; });
    flying_.insert(place, std::move(flight));
  }

  void TakeFromGateway() {
    while (auto out = gateway_.Take()) {
      const auto to = std::find_if(links_.begin(), links_.end(), [&](const auto& entry) {
        return NameOf(entry.first) == out->peer;
      });
      Link& link = to->second;
      const bool falls_silent =
          link.host.manner == Host::Manner::kMute || link.host.manner == Host::Manner::kClosing;
      if (falls_silent && link.connected) continue;
      const bool misbehaves = falls_silent || link.host.manner == Host::Manner::kDenying;
      const std::optional<Packet> packet =
          misbehaves && !link.connected ? Decode(out->datagram) : std::nullopt;
      const auto* answer = packet ? std::get_if<Connack>(&*packet) : nullptr;
      link.connected = link.connected || (answer != nullptr && answer->code == kAccepted);
      Fly({.arrival = {
               .link = to->first, .datagram = std::move(out->datagram), .at = out->at + one_way_}});
    }
  }

  Gateway gateway_;
  const Time one_way_;
  std::map<int, Link> links_;
  std::deque<Flight> flying_;  // by time, then in the order of sending
};

}  // namespace

std::unique_ptr<Transport> MakeLocalGateway(std::unique_ptr<MqttService> service, Time latency) {
  return std::make_unique<LocalTransport>(std::move(service), latency);
}

}  // namespace assay::device::sn
