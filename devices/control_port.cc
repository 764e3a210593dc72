#include "devices/control_port.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace assay::device {
namespace {

constexpr std::size_t kLongestLine = 65'536;

std::optional<sockaddr_un> AddressOf(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) return std::nullopt;
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

bool SomebodyListens(const sockaddr_un& address) {
  const Descriptor probe(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  return connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

}  // namespace

std::string ControlPort::ListenOnPath(const std::string& path) {
  const auto address = AddressOf(path);
  if (!address) return "unix:" + path + ": expected a path of 1 to 107 bytes";
  socket_.Reset(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const auto* generic = reinterpret_cast<const sockaddr*>(&*address);
  int failed = bind(socket_.get(), generic, sizeof *address) == 0 ? 0 : errno;
  if (failed == EADDRINUSE && !SomebodyListens(*address)) {
    unlink(path.c_str());
    failed = bind(socket_.get(), generic, sizeof *address) == 0 ? 0 : errno;
  }
  if (failed == 0 && listen(socket_.get(), 16) != 0) failed = errno;
  if (failed != 0) return ErrorText("unix:" + path, failed);
  path_ = path;
  return {};
}

ControlPort::Opened ControlPort::Open(const std::string& address, Poller& poller,
                                      std::uint64_t first_tag) {
  std::unique_ptr<ControlPort> port(new ControlPort(poller, first_tag));
  if (address.starts_with("unix:")) {
    std::string error = port->ListenOnPath(address.substr(5));
    if (!error.empty()) return {nullptr, std::move(error)};
  } else {
    const auto where = address.starts_with("tcp:")
                           ? ParseHostPort(std::string_view(address).substr(4))
                           : std::nullopt;
    if (!where)
      return {nullptr, "--control " + address + ": expected unix:PATH or tcp:HOST:PORT", true};
    ListenResult listening = Listen(where->host, where->port);
    if (listening.listener == nullptr) return {nullptr, std::move(listening.error)};
    port->listener_ = std::move(listening.listener);
  }
  poller.Watch(port->Caller(), EPOLLIN, first_tag);
  return {std::move(port)};
}

ControlPort::~ControlPort() {
  if (!path_.empty()) unlink(path_.c_str());
}

int ControlPort::Caller() const {
  return listener_ != nullptr ? listener_->PollFd() : socket_.get();
}

std::string ControlPort::Address() const {
  return listener_ != nullptr ? listener_->Address() : "unix:" + path_;
}

void ControlPort::Accept() {
  Descriptor socket(accept4(Caller(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!socket) return;
  const std::size_t id = ++last_;
  poller_.Watch(socket.get(), EPOLLIN, first_tag_ + id);
  sessions_[id].socket = std::move(socket);
}

void ControlPort::Take(std::uint64_t tag, const Heard& heard) {
  if (tag == first_tag_) return Accept();
  const std::size_t id = tag - first_tag_;
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) return;
  Read(id, found->second);
  Send(id, found->second);
  Ask(id, heard);
}

void ControlPort::Read(std::size_t id, Session& session) {
  std::array<char, 4096> buffer;
  const ssize_t got = session.over ? 0 : read(session.socket.get(), buffer.data(), buffer.size());
  if (got > 0) session.in.append(buffer.data(), static_cast<std::size_t>(got));
  if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) session.over = true;
  if (session.in.size() > kLongestLine && session.in.find('\n') == std::string::npos) {
    session.in.clear();
    session.out += "error: a line of more than 65536 bytes\n";
    session.over = true;
  }
  if (session.over) poller_.Watch(session.socket.get(), 0, first_tag_ + id);
}

// The next line that it has said, if the one before is answered. A session that has said all is
// over when it has heard all.
void ControlPort::Ask(std::size_t id, const Heard& heard) {
  while (true) {
    const auto found = sessions_.find(id);
    if (found == sessions_.end()) return;
    Session& session = found->second;
    if (session.asked || asking_) return;
    const std::size_t end = session.in.find('\n');
    if (end == std::string::npos) {
      if (session.over && session.out.empty()) sessions_.erase(found);
      return;
    }
    std::string line = session.in.substr(0, end);
    session.in.erase(0, end + 1);
    if (line.ends_with('\r')) line.pop_back();
    if (line.find_first_not_of(" \t") == std::string::npos || line.front() == '#') continue;
    session.asked = true;
    // An answer at once does not ask again from within: the loop does.
    asking_ = true;
    heard(id, line);
    asking_ = false;
  }
}

void ControlPort::Answer(std::size_t id, const std::vector<std::string>& lines,
                         const std::string& error, const Heard& heard) {
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) return;
  Session& session = found->second;
  for (const std::string& line : lines) session.out += "  " + line + "\n";
  session.out += error.empty() ? "ok\n" : "error: " + error + "\n";
  session.asked = false;
  Send(id, session);
  Ask(id, heard);
}

void ControlPort::Send(std::size_t id, Session& session) {
  if (session.out.empty()) return;
  const ssize_t sent =
      send(session.socket.get(), session.out.data(), session.out.size(), MSG_NOSIGNAL);
  if (sent > 0) session.out.erase(0, static_cast<std::size_t>(sent));
  if (sent < 0 && errno != EAGAIN && errno != EINTR) {
    session.out.clear();
    session.over = true;
  }
  poller_.Watch(session.socket.get(),
                (session.over ? 0u : EPOLLIN) | (session.out.empty() ? 0u : EPOLLOUT),
                first_tag_ + id);
}

}  // namespace assay::device
