#include "devices/pass_through_host.h"

#include <fcntl.h>
#include <sys/inotify.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "devices/descriptor.h"
#include "devices/pty.h"
#include "devices/tcp.h"

namespace assay::device {
namespace {

// A terminal does not tell its master who has it open, so its name is watched.
class PtySide final : public HostSide {
 public:
  static HostSideResult Open(const std::string& link) {
    auto side = std::make_unique<PtySide>();
    OpenResult opened = OpenPty(link);
    if (opened.device == nullptr) return {.side = nullptr, .error = opened.error};
    side->line_ = std::move(opened.device);
    std::error_code error;
    const std::string terminal = std::filesystem::read_symlink(link, error).string();
    // Ours is open before anybody is counted.
    side->terminal_.Reset(open(terminal.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
    side->watch_.Reset(inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    if (!side->terminal_ || !side->watch_ ||
        inotify_add_watch(side->watch_.get(), terminal.c_str(), IN_OPEN | IN_CLOSE) < 0)
      return {.side = nullptr, .error = ErrorText("pty:" + link, errno)};
    return {.side = std::move(side), .error = {}};
  }

  std::string Address() const override { return line_->Address(); }
  int LookFd() const override { return watch_.get(); }
  Device* Line() override { return line_.get(); }
  bool Present() const override { return open_ > 0; }

  void Look() override {
    alignas(inotify_event) char buffer[4096];
    for (ssize_t got; (got = read(watch_.get(), buffer, sizeof buffer)) > 0;) {
      for (ssize_t at = 0; at < got;) {
        const auto* event = reinterpret_cast<const inotify_event*>(buffer + at);
        if ((event->mask & IN_OPEN) != 0) ++open_;
        if ((event->mask & IN_CLOSE) != 0 && open_ > 0 && --open_ == 0) Drop();
        at += static_cast<ssize_t>(sizeof *event + event->len);
      }
    }
  }

  void Drop() override { tcflush(terminal_.get(), TCIFLUSH); }

 private:
  std::unique_ptr<Device> line_;
  Descriptor terminal_, watch_;
  std::size_t open_ = 0;
};

class TcpSide final : public HostSide {
 public:
  explicit TcpSide(std::unique_ptr<Listener> listener) : listener_(std::move(listener)) {}

  std::string Address() const override { return listener_->Address(); }
  // The next one waits until this one has left.
  int LookFd() const override { return line_ == nullptr ? listener_->PollFd() : -1; }
  Device* Line() override { return line_.get(); }
  bool Present() const override { return line_ != nullptr; }
  void Look() override {
    if (line_ == nullptr) line_ = listener_->Accept(Time{1'000}).device;
  }
  void Drop() override { line_.reset(); }

 private:
  const std::unique_ptr<Listener> listener_;
  std::unique_ptr<Device> line_;
};

}  // namespace

HostSideResult OpenHostSide(const std::string& where) {
  if (where.starts_with("pty:") && where.size() > 4) return PtySide::Open(where.substr(4));
  const auto place = where.starts_with("tcp:") ? ParseHostPort(where.substr(4)) : std::nullopt;
  if (!place)
    return {.side = nullptr,
            .error = "a host comes to pty:LINK or tcp:HOST:PORT, not \"" + where + "\"",
            .usage = true};
  ListenResult listening = Listen(place->host, place->port);
  if (listening.listener == nullptr) return {.side = nullptr, .error = listening.error};
  return {.side = std::make_unique<TcpSide>(std::move(listening.listener)), .error = {}};
}

}  // namespace assay::device
