#include "devices/mqtt_relay.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <utility>
#include <vector>

#include "devices/modem_host.h"

namespace assay::device {
namespace {

// What may wait for a slow reader before nothing more is read for it.
constexpr std::size_t kMostWaiting = 65536;

struct Freer {
  void operator()(addrinfo* info) const { freeaddrinfo(info); }
};
using Address = std::unique_ptr<addrinfo, Freer>;

// Of an address in digits, so that nothing is waited for.
Address Digits(const std::string& host, int port) {
  addrinfo hints{}, *found = nullptr;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) return nullptr;
  return Address(found);
}

Descriptor Socket(const addrinfo& address) {
  Descriptor out(
      socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP));
  const int one = 1;
  if (out) setsockopt(out.get(), IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  return out;
}

bool Later() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

}  // namespace

MqttRelay::MqttRelay(const Options& options, std::shared_ptr<WireJournal> journal)
    : journal_(std::move(journal)), broker_port_(options.port) {
  // The one call that may wait for a name server.
  address_ = Resolve(options.host);
  if (address_.empty()) {
    error_ = options.host + ": no such host";
    return;
  }
  Listen(options);
  if (error_.empty()) thread_ = std::jthread([this](std::stop_token stop) { Serve(stop); });
}

MqttRelay::~MqttRelay() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  const std::uint64_t one = 1;
  // Cannot fail: the counter is far from full.
  [[maybe_unused]] const ssize_t written = write(wake_.get(), &one, sizeof one);
  thread_.join();
}

void MqttRelay::Listen(const Options& options) {
  const std::string where = options.listen + ":" + std::to_string(options.listen_port);
  const Address address = Digits(options.listen, options.listen_port);
  if (address == nullptr) {
    error_ = "listen on " + where + ": not an address";
    return;
  }
  wake_.Reset(eventfd(0, EFD_CLOEXEC));
  listener_ = Socket(*address);
  const int one = 1;
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  if (!wake_ || !listener_ ||
      setsockopt(listener_.get(), SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0 ||
      bind(listener_.get(), address->ai_addr, address->ai_addrlen) != 0 ||
      listen(listener_.get(), SOMAXCONN) != 0 ||
      getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&bound), &size) != 0) {
    error_ = ErrorText("listen on " + where, errno);
    return;
  }
  port_ = ntohs(bound.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(bound).sin6_port
                                            : reinterpret_cast<sockaddr_in&>(bound).sin_port);
}

void MqttRelay::Serve(const std::stop_token& stop) {
  std::list<Connection> connections;
  const auto wants = [](const Pipe& in, const Pipe& out) {
    const bool reads = !in.ended && in.bytes.size() < kMostWaiting;
    return static_cast<short>((reads ? POLLIN : 0) | (out.bytes.empty() ? 0 : POLLOUT));
  };
  while (!stop.stop_requested()) {
    std::vector<pollfd> watched = {{wake_.get(), POLLIN, 0}, {listener_.get(), POLLIN, 0}};
    // Who hung up says so again and again: nobody listens to a side of which nothing is wanted.
    const auto watch = [&](const Descriptor& side, short events) {
      watched.push_back({events != 0 ? side.get() : -1, events, 0});
    };
    for (const Connection& one : connections) {
      watch(one.modem, wants(one.up, one.down));
      watch(one.broker, one.joined ? wants(one.down, one.up) : static_cast<short>(POLLOUT));
    }
    if (poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) return;
    std::size_t at = 2;
    for (Connection& one : connections) {
      Step(one, watched[at].revents, watched[at + 1].revents);
      at += 2;
    }
    std::erase_if(connections, [](const Connection& one) { return one.over; });
    if (watched[1].revents != 0) Accept(connections);
  }
}

void MqttRelay::Accept(std::list<Connection>& connections) {
  Descriptor modem(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!modem || connections.size() == kMostConnections) return;
  const int one = 1;
  setsockopt(modem.get(), IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  const Address address = Digits(address_, broker_port_);
  Descriptor broker = address != nullptr ? Socket(*address) : Descriptor();
  if (!broker) return;
  if (connect(broker.get(), address->ai_addr, address->ai_addrlen) != 0 && errno != EINPROGRESS)
    return;
  Connection& made = connections.emplace_back();
  made.number = journal_->NextConnection();
  made.modem = std::move(modem);
  made.broker = std::move(broker);
  Tell(made, {.kind = WireEvent::Kind::kOpened});
}

void MqttRelay::Step(Connection& connection, short modem, short broker) {
  if (!connection.joined && broker != 0) {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(connection.broker.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return Close(connection, true);
    connection.joined = true;
  }
  constexpr short kIn = POLLIN | POLLHUP | POLLERR;
  if ((modem & kIn) != 0) Read(connection, true);
  if ((broker & kIn) != 0 && connection.joined && !connection.over) Read(connection, false);
  for (const bool up : {true, false}) {
    if (!connection.over && (connection.joined || !up)) Write(connection, up);
  }
  if (connection.up.shut && connection.down.shut) connection.over = true;
}

void MqttRelay::Read(Connection& connection, bool up) {
  Pipe& pipe = up ? connection.up : connection.down;
  if (pipe.ended || pipe.bytes.size() >= kMostWaiting) return;
  char bytes[16384];
  const int from = up ? connection.modem.get() : connection.broker.get();
  const ssize_t got = recv(from, bytes, sizeof bytes, 0);
  if (got < 0 && Later()) return;
  if (got < 0) return Close(connection, !up);
  if (got == 0) {
    pipe.ended = true;
    if (!std::exchange(connection.told, true))
      Tell(connection, {.kind = WireEvent::Kind::kClosed, .code = up ? 0 : 1});
    return;
  }
  const std::string_view read(bytes, static_cast<std::size_t>(got));
  up ? connection.tap.FromModem(read) : connection.tap.FromBroker(read);
  while (auto event = connection.tap.Next()) Tell(connection, std::move(*event));
  pipe.bytes += read;
}

void MqttRelay::Write(Connection& connection, bool up) {
  Pipe& pipe = up ? connection.up : connection.down;
  const int to = up ? connection.broker.get() : connection.modem.get();
  while (!pipe.bytes.empty()) {
    const ssize_t sent = send(to, pipe.bytes.data(), pipe.bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && Later()) return;
    if (sent < 0) return Close(connection, up);
    pipe.bytes.erase(0, static_cast<std::size_t>(sent));
  }
  if (!pipe.ended || pipe.shut) return;
  shutdown(to, SHUT_WR);
  pipe.shut = true;
}

void MqttRelay::Tell(Connection& connection, WireEvent event) {
  event.connection = connection.number;
  event.at = std::chrono::duration_cast<Time>(std::chrono::steady_clock::now() - start_);
  journal_->Add(std::move(event));
}

void MqttRelay::Close(Connection& connection, bool by_broker) {
  connection.over = true;
  if (!std::exchange(connection.told, true))
    Tell(connection, {.kind = WireEvent::Kind::kClosed, .code = by_broker ? 1 : 0});
}

}  // namespace assay::device
