#include "devices/mqtt_sn_udp_gateway.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace assay::device::sn {
namespace {

using std::chrono::steady_clock;

// Where a datagram came from, as the gateway calls it: address and port in digits.
std::string NameOf(const sockaddr_in& address) {
  char text[INET_ADDRSTRLEN] = "";
  inet_ntop(AF_INET, &address.sin_addr, text, sizeof text);
  return std::string(text) + ":" + std::to_string(ntohs(address.sin_port));
}

std::optional<sockaddr_in> AddressOf(const std::string& name) {
  const std::size_t colon = name.rfind(':');
  sockaddr_in address{};
  address.sin_family = AF_INET;
  if (colon == std::string::npos ||
      inet_pton(AF_INET, name.substr(0, colon).c_str(), &address.sin_addr) != 1) {
    return std::nullopt;
  }
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(name.substr(colon + 1))));
  return address;
}

}  // namespace

UdpGateway::UdpGateway(std::unique_ptr<MqttService> service, bool denies)
    : gateway_(std::move(service), denies) {
  Listen();
  if (!error_.empty()) {
    port_ = 0;
    return;
  }
  thread_ = std::jthread([this](std::stop_token stop) { Serve(stop); });
}

UdpGateway::~UdpGateway() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  const std::uint64_t one = 1;
  // Cannot fail: the counter is far from full.
  [[maybe_unused]] const ssize_t written = write(wake_.get(), &one, sizeof one);
  thread_.join();
}

void UdpGateway::Listen() {
  wake_.Reset(eventfd(0, EFD_CLOEXEC));
  socket_.Reset(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  if (!wake_ || !socket_ || bind(socket_.get(), generic, size) != 0 ||
      getsockname(socket_.get(), generic, &size) != 0) {
    error_ = ErrorText("a UDP port of 127.0.0.1", errno);
    return;
  }
  port_ = ntohs(address.sin_port);
}

Time UdpGateway::Now() const {
  return std::chrono::duration_cast<Time>(steady_clock::now() - start_);
}

// Everything that has come, but at most so much that answers go out in between.
void UdpGateway::Read(std::string& buffer) {
  for (int i = 0; i < 100; ++i) {
    sockaddr_in from{};
    socklen_t size = sizeof from;
    const ssize_t got = recvfrom(socket_.get(), buffer.data(), buffer.size(), 0,
                                 reinterpret_cast<sockaddr*>(&from), &size);
    if (got < 0) return;
    gateway_.Receive(NameOf(from), {buffer.data(), static_cast<std::size_t>(got)}, Now());
  }
}

void UdpGateway::Serve(const std::stop_token& stop) {
  std::string buffer(kLongestPacket, '\0');
  std::vector<pollfd> watched;
  while (!stop.stop_requested()) {
    gateway_.Advance(Now());
    while (const auto out = gateway_.Take()) {
      const auto to = AddressOf(out->peer);
      // What is lost here is lost as on any network.
      if (to)
        sendto(socket_.get(), out->datagram.data(), out->datagram.size(), MSG_NOSIGNAL,
               reinterpret_cast<const sockaddr*>(&*to), sizeof *to);
    }
    watched.assign({{wake_.get(), POLLIN, 0}, {socket_.get(), POLLIN, 0}});
    for (const MqttService::Watch& watch : gateway_.Watches()) {
      const int events = POLLIN | (watch.want_write ? POLLOUT : 0);
      watched.push_back({watch.fd, static_cast<short>(events), 0});
    }
    const Time left = std::clamp<Time>(gateway_.NextEvent() - Now(), Time{0}, Time{1'000'000});
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(left).count();
    if (poll(watched.data(), watched.size(), static_cast<int>(ms)) < 0 && errno != EINTR) return;
    Read(buffer);
  }
}

}  // namespace assay::device::sn
