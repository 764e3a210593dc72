#include <netdb.h>
#include <sys/socket.h>

#include <cerrno>
#include <map>
#include <utility>

#include "devices/descriptor.h"
#include "devices/modem_host.h"
#include "devices/mqtt_sn_packet.h"
#include "devices/mqtt_sn_transport.h"

namespace assay::device::sn {
namespace {

// A socket that sends there and hears nobody else; none if that fails.
Descriptor SocketTo(const std::string& address, int port) {
  addrinfo hints{}, *found = nullptr;
  hints.ai_socktype = SOCK_DGRAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  if (getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) return {};
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, &freeaddrinfo);
  Descriptor out(socket(found->ai_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!out || connect(out.get(), found->ai_addr, found->ai_addrlen) != 0) return {};
  return out;
}

class UdpTransport final : public Transport {
 public:
  explicit UdpTransport(const UdpOptions& options)
      // The one call that may wait, made once and before any modem speaks.
      : options_(options), address_(Resolve(options.host)), buffer_(kLongestPacket, '\0') {}

  bool Open(int link, const std::string& host, int port) override {
    const LedHost led = LeadHost(host);
    Link& opened = links_[link];
    opened = {};
    switch (led.where) {
      case LedHost::Where::kNowhere:
        return false;
      case LedHost::Where::kLoopback:
        opened.socket = SocketTo(led.address, port);
        break;
      case LedHost::Where::kBench:
        opened.socket = SocketTo(address_, options_.port);
        break;
    }
    return static_cast<bool>(opened.socket);
  }

  void Send(int link, std::string_view datagram, Time) override {
    const Link& from = links_[link];
    if (!from.socket) return;
    // Of what does not go out, what matters is sent again. A refusal is that of an earlier one, and
    // this one has not been sent.
    if (send(from.socket.get(), datagram.data(), datagram.size(), MSG_NOSIGNAL) < 0 &&
        errno == ECONNREFUSED) {
      links_[link].refused = true;
    }
  }

  std::optional<Arrival> Poll(Time now) override {
    for (auto& [index, link] : links_) {
      if (!link.socket) continue;
      if (std::exchange(link.refused, false))
        return Arrival{.link = index, .refused = true, .at = now};
      const ssize_t got = recv(link.socket.get(), buffer_.data(), buffer_.size(), 0);
      if (got >= 0) {
        return Arrival{
            .link = index, .datagram = buffer_.substr(0, static_cast<std::size_t>(got)), .at = now};
      }
      if (errno == ECONNREFUSED) return Arrival{.link = index, .refused = true, .at = now};
    }
    return std::nullopt;
  }

  Time NextEvent() const override { return kNever; }

  std::vector<MqttService::Watch> Watches() const override {
    std::vector<MqttService::Watch> watches;
    for (const auto& [index, link] : links_) {
      if (link.socket) watches.push_back({.fd = link.socket.get()});
    }
    return watches;
  }

 private:
  struct Link {
    Descriptor socket;
    bool refused = false;
  };

  const UdpOptions options_;
  const std::string address_;
  std::map<int, Link> links_;
  std::string buffer_;  // a longer datagram is cut, and thus no packet
};

}  // namespace

std::unique_ptr<Transport> MakeUdpTransport(const UdpOptions& options) {
  return std::make_unique<UdpTransport>(options);
}

}  // namespace assay::device::sn
