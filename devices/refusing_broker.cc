#include "devices/refusing_broker.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <optional>
#include <utility>

namespace assay::device {
namespace {

// A packet is a few hundred bytes; a client that sends much more before it is one is cut off.
constexpr std::size_t kLongestPacket = 65536;
constexpr int kSubscribe = 8, kPingRequest = 12;  // packet types
constexpr std::size_t kMostFilters = 100;         // so that the answer's length takes one byte

// The whole length of the packet that `bytes` begins, or nothing if that is not known yet
// (MQTT 3.1.1, 2.2.3).
std::optional<std::size_t> PacketLength(const std::string& bytes) {
  std::size_t remaining = 0;
  for (std::size_t i = 1; i < bytes.size() && i <= 4; ++i) {
    const auto digit = static_cast<unsigned char>(bytes[i]);
    remaining |= static_cast<std::size_t>(digit & 0x7f) << (7 * (i - 1));
    if ((digit & 0x80) == 0) return 1 + i + remaining;
  }
  return std::nullopt;
}

}  // namespace

RefusingBroker::RefusingBroker(const Behaviour& behaviour) : behaviour_(behaviour) {
  Listen();
  if (!error_.empty()) {
    port_ = 0;
    return;
  }
  thread_ = std::jthread([this](std::stop_token stop) { Serve(stop); });
}

RefusingBroker::~RefusingBroker() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  const std::uint64_t one = 1;
  // Cannot fail: the counter is far from full.
  [[maybe_unused]] const ssize_t written = write(wake_.get(), &one, sizeof one);
  thread_.join();
}

void RefusingBroker::Listen() {
  wake_.Reset(eventfd(0, EFD_CLOEXEC));
  listener_.Reset(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  if (!wake_ || !listener_ || bind(listener_.get(), generic, size) != 0 ||
      listen(listener_.get(), SOMAXCONN) != 0 ||
      getsockname(listener_.get(), generic, &size) != 0) {
    error_ = ErrorText("listen on 127.0.0.1", errno);
    return;
  }
  port_ = ntohs(address.sin_port);
}

void RefusingBroker::Serve(const std::stop_token& stop) {
  std::vector<Connection> connections;
  while (!stop.stop_requested()) {
    std::vector<pollfd> watched = {{wake_.get(), POLLIN, 0}, {listener_.get(), POLLIN, 0}};
    for (const Connection& connection : connections) {
      watched.push_back({connection.socket.get(), POLLIN, 0});
    }
    if (poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) return;
    for (std::size_t i = connections.size(); i-- > 0;) {
      if (watched[i + 2].revents == 0 || Read(connections[i])) continue;
      connections.erase(connections.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (watched[1].revents != 0) Accept(connections);
  }
}

void RefusingBroker::Accept(std::vector<Connection>& connections) {
  Descriptor socket(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!socket || connections.size() == kMostConnections) return;
  connections.push_back({std::move(socket), {}, false});
}

// False: the connection is over.
bool RefusingBroker::Read(Connection& connection) {
  char bytes[4096];
  const ssize_t got = recv(connection.socket.get(), bytes, sizeof bytes, 0);
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  if (got == 0) return false;
  if (connection.answered && behaviour_.manner == Manner::kClose) return false;
  const bool deaf = connection.answered && behaviour_.manner != Manner::kDeny;
  if (deaf || behaviour_.manner == Manner::kSilent) return true;
  connection.packet.append(bytes, static_cast<std::size_t>(got));
  while (true) {
    const auto length = PacketLength(connection.packet);
    if (!length || connection.packet.size() < *length)
      return connection.packet.size() <= kLongestPacket;
    const std::string packet = connection.packet.substr(0, *length);
    connection.packet.erase(0, *length);
    const bool first = !std::exchange(connection.answered, true);
    if (first ? !Answer(connection) : !Deny(connection, packet)) return false;
    if (behaviour_.manner != Manner::kDeny) return true;
  }
}

// MQTT 3.1.1, 3.8 and 3.9: the packet identifier and one return code for each filter.
bool RefusingBroker::Deny(const Connection& connection, std::string_view packet) {
  std::string answer;
  const int type = static_cast<unsigned char>(packet[0]) >> 4;
  if (type == kPingRequest) answer = {'\xD0', '\x00'};
  if (type == kSubscribe) {
    std::size_t at = 1;  // behind the remaining length
    while (at < packet.size() && (packet[at] & 0x80) != 0) ++at;
    const std::string_view body = packet.substr(std::min(at + 1, packet.size()));
    if (body.size() < 2) return false;
    std::string codes;
    for (std::size_t i = 2; i + 2 <= body.size();) {
      const auto high = static_cast<unsigned char>(body[i]);
      const auto low = static_cast<unsigned char>(body[i + 1]);
      i += 2U + (high << 8U | low) + 1;
      codes += '\x80';
    }
    if (codes.size() > kMostFilters) return false;
    answer = {'\x90', static_cast<char>(2 + codes.size()), body[0], body[1]};
    answer += codes;
  }
  return answer.empty() || send(connection.socket.get(), answer.data(), answer.size(),
                                MSG_NOSIGNAL) == static_cast<ssize_t>(answer.size());
}

bool RefusingBroker::Answer(Connection& connection) {
  const bool refuse = behaviour_.manner == Manner::kRefuse;
  const char connack[] = {0x20, 0x02, 0x00, static_cast<char>(refuse ? behaviour_.connack : 0)};
  if (send(connection.socket.get(), connack, sizeof connack, MSG_NOSIGNAL) != sizeof connack) {
    return false;
  }
  // Half closed, so that bytes still to come cannot turn the CONNACK into a reset.
  if (refuse) shutdown(connection.socket.get(), SHUT_WR);
  return true;
}

}  // namespace assay::device
