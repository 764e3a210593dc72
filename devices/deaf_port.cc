#include "devices/deaf_port.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace assay::device {
namespace {

// Longer than a connection on loopback takes.
constexpr int kPatienceMs = 200;
// Of a queue that was asked to be empty.
constexpr std::size_t kMostQueued = 16;

sockaddr* Address(sockaddr_in& address) { return reinterpret_cast<sockaddr*>(&address); }

}  // namespace

DeafPort::DeafPort() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (!listener_ || bind(listener_.get(), Address(address), size) != 0 ||
      listen(listener_.get(), 0) != 0 ||
      getsockname(listener_.get(), Address(address), &size) != 0) {
    error_ = ErrorText("listen", errno);
    return;
  }
  while (queue_.size() < kMostQueued) {
    Descriptor one(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const bool at_once = connect(one.get(), Address(address), sizeof address) == 0;
    pollfd entry{one.get(), POLLOUT, 0};
    const bool taken = at_once || poll(&entry, 1, kPatienceMs) != 0;
    queue_.push_back(std::move(one));
    if (taken) continue;
    port_ = ntohs(address.sin_port);
    return;
  }
  error_ = "listen: the queue of a port on loopback never gets full";
}

}  // namespace assay::device
