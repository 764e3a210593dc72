#include "devices/tcp.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <future>
#include <thread>
#include <utility>
#include <vector>

#include "devices/file_device.h"

namespace assay::device {
namespace {

using std::chrono::steady_clock;

OpenResult Failure(std::string error) { return {.error = std::move(error)}; }

std::string Url(const std::string& host, std::uint16_t port) {
  const bool ipv6 = host.find(':') != std::string::npos;
  return "tcp://" + (ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

struct Resolved {
  std::vector<SocketAddress> addresses;
  std::string error;
};

Resolved Resolve(const std::string& host, std::uint16_t port, int flags) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* list = nullptr;
  Resolved resolved;
  const int error = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
  if (error != 0) {
    resolved.error = Url(host, port) + ": " + gai_strerror(error);
    return resolved;
  }
  for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
    SocketAddress& address = resolved.addresses.emplace_back();
    address.size = entry->ai_addrlen;
    std::memcpy(&address.storage, entry->ai_addr, entry->ai_addrlen);
  }
  freeaddrinfo(list);
  return resolved;
}

// getaddrinfo() has no time limit of its own, so names are looked up aside and left behind if the
// name servers do not answer in time.
Resolved ResolveWithin(const std::string& host, std::uint16_t port, Time timeout) {
  if (Resolved numeric = Resolve(host, port, AI_NUMERICHOST); numeric.error.empty()) return numeric;
  std::packaged_task<Resolved()> lookup([host, port] { return Resolve(host, port, 0); });
  std::future<Resolved> result = lookup.get_future();
  std::thread(std::move(lookup)).detach();
  if (result.wait_for(timeout) == std::future_status::ready) return result.get();
  return {.error = Url(host, port) + ": the name could not be looked up in time"};
}

// False at the deadline.
bool WaitFor(int fd, short events, steady_clock::time_point deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd entry{.fd = fd, .events = events, .revents = 0};
    const auto piece = std::min<std::chrono::milliseconds>(left, std::chrono::hours(1));
    const int ready = poll(&entry, 1, static_cast<int>(piece.count()));
    if (ready > 0 || (ready < 0 && errno != EINTR)) return true;
  }
}

// 0, or an errno.
int Connect(int fd, SocketAddress& address, steady_clock::time_point deadline) {
  if (connect(fd, address.get(), address.size) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  if (!WaitFor(fd, POLLOUT, deadline)) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

void SetOptions(const Descriptor& socket) {
  const auto set = [&](int level, int option, int value) {
    setsockopt(socket.get(), level, option, &value, sizeof value);
  };
  // A command line is one small packet that must not wait for others.
  set(IPPROTO_TCP, TCP_NODELAY, 1);
  // A terminal server that lost its power says nothing. Without these limits, of a quiet and of a
  // busy connection, a silent modem and a broken bench would look the same.
  set(SOL_SOCKET, SO_KEEPALIVE, 1);
  set(IPPROTO_TCP, TCP_KEEPIDLE, 10);
  set(IPPROTO_TCP, TCP_KEEPINTVL, 2);
  set(IPPROTO_TCP, TCP_KEEPCNT, 3);
  set(IPPROTO_TCP, TCP_USER_TIMEOUT, 16'000);
}

OpenResult MakeDevice(Descriptor socket, std::string address) {
  SetOptions(socket);
  FileDevice::Options options{.address = std::move(address)};
  return {.device = std::make_unique<FileDevice>(std::move(socket), std::move(options))};
}

steady_clock::time_point After(Time wait) {
  return steady_clock::now() + std::min<Time>(wait, std::chrono::hours(24 * 365));
}

}  // namespace

std::optional<HostPort> ParseHostPort(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return std::nullopt;  // which colon divides?
  }
  HostPort parsed{.host = std::string(host), .port = 0};
  const char* end = digits.data() + digits.size();
  const auto number = std::from_chars(digits.data(), end, parsed.port);
  if (host.empty() || number.ec != std::errc() || number.ptr != end) return std::nullopt;
  return parsed;
}

OpenResult OpenTcp(const std::string& host, std::uint16_t port, Time timeout) {
  const auto deadline = After(timeout);
  Resolved resolved = ResolveWithin(host, port, std::min<Time>(timeout, std::chrono::hours(1)));
  std::string error = std::move(resolved.error);
  for (std::size_t i = 0; i < resolved.addresses.size(); ++i) {
    SocketAddress& address = resolved.addresses[i];
    Descriptor socket(
        ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    // An address that swallows packets gets only its share of the time.
    const auto now = steady_clock::now();
    const auto share = (deadline - now) / static_cast<int>(resolved.addresses.size() - i);
    const int failed = socket ? Connect(socket.get(), address, now + share) : errno;
    if (failed == 0) return MakeDevice(std::move(socket), Url(host, port));
    error = ErrorText(Url(host, port), failed);
  }
  return Failure(std::move(error));
}

Listener::Listener(Descriptor socket, std::string host, std::uint16_t port)
    : socket_(std::move(socket)), host_(std::move(host)), port_(port) {}

std::string Listener::Address() const { return Url(host_, port_); }

Descriptor Listener::AcceptNow() {
  Descriptor socket(accept4(socket_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (socket) SetOptions(socket);
  return socket;
}

OpenResult Listener::Accept(Time wait) {
  const auto deadline = After(wait);
  for (;;) {
    SocketAddress peer;
    peer.size = sizeof peer.storage;
    Descriptor socket(accept4(socket_.get(), peer.get(), &peer.size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket) {
      char host[NI_MAXHOST], port[NI_MAXSERV];
      const bool named = getnameinfo(peer.get(), peer.size, host, sizeof host, port, sizeof port,
                                     NI_NUMERICHOST | NI_NUMERICSERV) == 0;
      const auto number = static_cast<std::uint16_t>(named ? std::stoi(port) : 0);
      return MakeDevice(std::move(socket), Url(named ? host : "?", number));
    }
    const int error = errno;
    if (error == EAGAIN) {
      if (!WaitFor(socket_.get(), POLLIN, deadline)) return {};
    } else if (error != EINTR && error != ECONNABORTED) {
      return Failure(ErrorText("accept on " + Address(), error));
    }
  }
}

ListenResult Listen(const std::string& host, std::uint16_t port) {
  Resolved resolved = Resolve(host, port, AI_PASSIVE);
  std::string error = std::move(resolved.error);
  for (SocketAddress& address : resolved.addresses) {
    Descriptor socket(
        ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int on = 1;
    if (!socket || setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(socket.get(), address.get(), address.size) != 0 || listen(socket.get(), 8) != 0 ||
        getsockname(socket.get(), address.get(), &address.size) != 0) {
      error = ErrorText("listen on " + Url(host, port), errno);
      continue;
    }
    const auto picked = address.storage.ss_family == AF_INET6
                            ? reinterpret_cast<sockaddr_in6*>(&address.storage)->sin6_port
                            : reinterpret_cast<sockaddr_in*>(&address.storage)->sin_port;
    return {.listener = std::make_unique<Listener>(std::move(socket), host, ntohs(picked))};
  }
  return {.listener = nullptr, .error = std::move(error)};
}

}  // namespace assay::device
