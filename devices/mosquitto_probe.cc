#include "devices/mosquitto_probe.h"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <memory>

namespace assay::device {

TcpProbe::TcpProbe(const std::string& literal_address, int port) : state_(State::kPending) {
  addrinfo hints{}, *found = nullptr;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  if (getaddrinfo(literal_address.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) {
    state_ = State::kFailed;
    failure_ = NetFailure::kDns;
    return;
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, &freeaddrinfo);
  socket_.Reset(socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket_ || (connect(fd(), found->ai_addr, found->ai_addrlen) != 0 && errno != EINPROGRESS)) {
    Fail(errno);
  }
}

TcpProbe::State TcpProbe::Step() {
  if (state_ == State::kPending) {
    pollfd entry{.fd = fd(), .events = POLLOUT, .revents = 0};
    if (poll(&entry, 1, 0) <= 0) return state_;
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(fd(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return Fail(error);
    return state_ = State::kUp;
  }
  if (state_ == State::kUp) {
    // A server has nothing to say before CONNECT; what it says all the same must not wake us twice.
    char nothing[256];
    const ssize_t got = recv(fd(), nothing, sizeof nothing, MSG_DONTWAIT);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) state_ = State::kClosed;
  }
  return state_;
}

TcpProbe::State TcpProbe::Fail(int error) {
  failure_ = error == ECONNREFUSED ? NetFailure::kRefused
             : error == ETIMEDOUT  ? NetFailure::kTimeout
                                   : NetFailure::kUnreachable;
  socket_.Reset();
  return state_ = State::kFailed;
}

}  // namespace assay::device
