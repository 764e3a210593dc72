#include "devices/scripted_broker.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <deque>
#include <iterator>
#include <utility>
#include <vector>

namespace assay::device {
namespace {

using Clock = std::chrono::steady_clock;
using Kind = BrokerStep::Kind;

}  // namespace

struct ScriptedBroker::Connection {
  Connection(Descriptor descriptor, const BrokerScript& script)
      : socket(std::move(descriptor)), peer(script) {
    Do(peer.Accepted());
  }

  // False: the connection is over.
  bool Read() {
    char bytes[4096];
    const ssize_t got = recv(socket.get(), bytes, sizeof bytes, 0);
    if (got < 0) return errno == EAGAIN || errno == EINTR;
    if (got == 0) return false;
    if (!closing) Do(peer.Heard({bytes, static_cast<std::size_t>(got)}));
    return !reset;
  }

  void Do(std::vector<BrokerStep> more) {
    std::move(more.begin(), more.end(), std::back_inserter(steps));
    Go();
  }

  // As far as it goes without waiting.
  void Go() {
    while (!steps.empty() && !closing && !stalled) {
      const BrokerStep& step = steps.front();
      if (step.kind == Kind::kWait) {
        if (due == Clock::time_point()) due = Clock::now() + step.wait;
        if (Clock::now() < due) return;
        due = {};
      }
      if (step.kind == Kind::kSend) {
        // A socket that is full loses the rest: nobody reads, then.
        [[maybe_unused]] const ssize_t sent =
            send(socket.get(), step.bytes.data(), step.bytes.size(), MSG_NOSIGNAL);
      }
      if (step.kind == Kind::kStall) stalled = true;
      if (step.kind == Kind::kClose) {
        // Half closed, so that bytes still to come cannot turn what was sent into a reset.
        shutdown(socket.get(), SHUT_WR);
        closing = true;
      }
      if (step.kind == Kind::kReset) {
        const linger at_once{.l_onoff = 1, .l_linger = 0};
        setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        closing = reset = true;
      }
      steps.pop_front();
    }
  }

  // In milliseconds; below 0: for nothing.
  int Wait() const {
    if (due == Clock::time_point()) return -1;
    const auto rest = std::chrono::ceil<std::chrono::milliseconds>(due - Clock::now()).count();
    return static_cast<int>(std::max<std::int64_t>(rest, 0));
  }

  Descriptor socket;
  ScriptedPeer peer;
  std::deque<BrokerStep> steps;
  Clock::time_point due{};  // of the wait that is first of them
  bool closing = false, stalled = false, reset = false;
};

ScriptedBroker::ScriptedBroker(const std::string& file, std::string_view script) {
  BrokerScriptResult read = ParseBrokerScript(file, script);
  error_ = spec::Print(read.errors);
  if (!read.script) return;
  script_ = std::move(*read.script);
  Listen();
  if (!error_.empty()) {
    port_ = 0;
    return;
  }
  thread_ = std::jthread([this](std::stop_token stop) { Serve(stop); });
}

ScriptedBroker::~ScriptedBroker() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  const std::uint64_t one = 1;
  // Cannot fail: the counter is far from full.
  [[maybe_unused]] const ssize_t written = write(wake_.get(), &one, sizeof one);
  thread_.join();
}

void ScriptedBroker::Listen() {
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

void ScriptedBroker::Serve(const std::stop_token& stop) {
  std::list<Connection> connections;
  while (!stop.stop_requested()) {
    std::vector<pollfd> watched = {{wake_.get(), POLLIN, 0}, {listener_.get(), POLLIN, 0}};
    int wait = -1;
    for (const Connection& connection : connections) {
      const short events = connection.stalled ? 0 : POLLIN;
      watched.push_back({connection.socket.get(), events, 0});
      if (const int its = connection.Wait(); its >= 0) wait = wait < 0 ? its : std::min(wait, its);
    }
    if (poll(watched.data(), watched.size(), wait) < 0 && errno != EINTR) return;
    auto at = watched.begin() + 2;
    for (auto connection = connections.begin(); connection != connections.end(); ++at) {
      connection->Go();
      const bool over =
          connection->reset || (at->revents & (POLLHUP | POLLERR)) != 0 ||
          ((at->revents & POLLIN) != 0 && !connection->Read());
      connection = over ? connections.erase(connection) : std::next(connection);
    }
    if (watched[1].revents != 0) Accept(connections);
  }
}

void ScriptedBroker::Accept(std::list<Connection>& connections) {
  Descriptor socket(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!socket || connections.size() == kMostConnections) return;
  connections.emplace_back(std::move(socket), script_);
  if (connections.back().reset) connections.pop_back();
}

}  // namespace assay::device
