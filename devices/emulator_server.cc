#include "devices/emulator_server.h"

#include <poll.h>
#include <pthread.h>
#include <sys/signalfd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <ctime>
#include <functional>
#include <utility>
#include <vector>

#include "devices/device.h"
#include "devices/pty.h"
#include "devices/stdio_device.h"
#include "devices/tcp.h"

namespace assay::device {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr int kOk = 0, kUsage = 2, kBench = 4;
// A host that takes nothing for so long has gone, whatever its side of the line says.
constexpr Time kWritePatience = seconds(2);
// How often a device without a descriptor, or a port nobody has come to, is looked at.
constexpr Time kSlice = milliseconds(5);
constexpr Time kAcceptSlice = milliseconds(50);

class Server {
 public:
  Server(std::unique_ptr<Emulator> emulator, int stop_fd)
      : emulator_(std::move(emulator)), stop_fd_(stop_fd) {}

  // Until the device ends (how, is told) or it is time to stop (kNone).
  Ending Attend(Device& device);

  // One slice of a modem that nobody listens to. False: stop.
  bool Idle() {
    Wait(-1, Time(0));
    emulator_->Advance(Now());
    emulator_->TakeOutput(Now());
    return !stopped_;
  }

 private:
  Time Now() const { return std::chrono::duration_cast<Time>(steady_clock::now() - start_); }
  // Until something can be read, or `until`. True if it is the device.
  bool Wait(int fd, Time until);

  const std::unique_ptr<Emulator> emulator_;
  const int stop_fd_;
  const steady_clock::time_point start_ = steady_clock::now();
  bool stopped_ = false;
  std::vector<pollfd> polled_;
};

bool Server::Wait(int fd, Time until) {
  // poll() passes over negative descriptors.
  polled_.assign({{stop_fd_, POLLIN, 0}, {fd, POLLIN, 0}});
  for (const MqttService::Watch& watch : emulator_->Watches()) {
    const int events = POLLIN | (watch.want_write ? POLLOUT : 0);
    polled_.push_back({watch.fd, static_cast<short>(events), 0});
  }
  const Time wait = std::clamp<Time>(until - Now(), Time(0), seconds(1));
  timespec timeout{};
  timeout.tv_sec = wait.count() / 1'000'000;
  timeout.tv_nsec = wait.count() % 1'000'000 * 1'000;
  if (ppoll(polled_.data(), polled_.size(), &timeout, nullptr) <= 0) return false;
  stopped_ = stopped_ || polled_[0].revents != 0;
  return polled_[1].revents != 0;
}

Ending Server::Attend(Device& device) {
  std::array<char, 4096> buffer;
  while (!stopped_) {
    emulator_->Advance(Now());
    const std::string bytes = emulator_->TakeOutput(Now());
    if (!bytes.empty()) {
      const WriteResult written = device.Write(bytes, device.Now() + kWritePatience);
      if (written.ending != Ending::kNone) return written.ending;
    }
    const bool polls = device.PollFd() >= 0;
    const Time next = emulator_->NextEvent();
    const bool ready = Wait(device.PollFd(), polls ? next : Time(0));
    if (stopped_ || (polls && !ready)) continue;
    const Time patience = polls ? Time(0) : std::clamp<Time>(next - Now(), Time(0), kSlice);
    const ReadResult got = device.Read(buffer, device.Now() + patience);
    if (got.bytes > 0) {
      emulator_->Receive(std::string_view(buffer.data(), got.bytes), Now());
    } else if (got.ending != Ending::kNone) {
      return got.ending;
    }
  }
  return Ending::kNone;
}

int ServeTcp(const std::string& address, Server& server, std::ostream& out, std::ostream& log) {
  const auto where = ParseHostPort(address);
  if (!where) {
    log << "tcp:" << address << ": expected tcp:HOST:PORT, as in tcp:127.0.0.1:0\n";
    return kUsage;
  }
  const ListenResult listening = Listen(where->host, where->port);
  if (listening.listener == nullptr) {
    log << listening.error << "\n";
    return kBench;
  }
  out << "listening " << listening.listener->Address() << std::endl;
  while (server.Idle()) {
    OpenResult host = listening.listener->Accept(kAcceptSlice);
    if (host.device != nullptr) {
      server.Attend(*host.device);
    } else if (!host.error.empty()) {
      log << host.error << "\n";
      return kBench;
    }
  }
  return kOk;
}

int ServePty(const std::string& link, Server& server, std::ostream& out, std::ostream& log) {
  bool told = false;
  while (true) {
    const OpenResult opened = OpenPty(link);
    if (opened.device == nullptr) {
      log << opened.error << "\n";
      return kBench;
    }
    if (!std::exchange(told, true)) out << "listening pty:" << link << std::endl;
    switch (server.Attend(*opened.device)) {
      case Ending::kNone:
        return kOk;
      case Ending::kStalled:
        // Nobody reads. The kernel keeps what is unread until the terminal is closed, so that the
        // next host would be told the end of an old story: it gets a new terminal instead.
        log << "pty:" << link << ": nobody reads; what was said is dropped\n";
        continue;
      case Ending::kVanished:
      case Ending::kClosed:
        continue;
      case Ending::kBroken:
        log << "pty:" << link << ": cannot be served any more\n";
        return kBench;
    }
  }
}

int ServeStdio(Server& server, std::ostream& log) {
  const OpenResult opened = OpenStdio();
  if (opened.device == nullptr) {
    log << opened.error << "\n";
    return kBench;
  }
  log << "listening stdio" << std::endl;
  const Ending ending = server.Attend(*opened.device);
  return ending == Ending::kBroken || ending == Ending::kStalled ? kBench : kOk;
}

}  // namespace

int Serve(const ServeOptions& options, std::unique_ptr<Emulator> emulator, std::ostream& out,
          std::ostream& log) {
  Server server(std::move(emulator), options.stop_fd);
  const std::string& listen = options.listen;
  if (listen.starts_with("tcp:")) return ServeTcp(listen.substr(4), server, out, log);
  if (listen.starts_with("pty:") && listen.size() > 4) {
    return ServePty(listen.substr(4), server, out, log);
  }
  if (listen == "stdio") return ServeStdio(server, log);
  log << "--listen " << listen << ": expected pty:LINK, tcp:HOST:PORT or stdio\n";
  return kUsage;
}

Descriptor TerminationSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return Descriptor(signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
}

}  // namespace assay::device
