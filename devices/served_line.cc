#include "devices/served_line.h"

#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "devices/descriptor.h"
#include "devices/device.h"
#include "devices/pty.h"
#include "devices/stdio_device.h"
#include "devices/tcp.h"

namespace assay::device {
namespace {

// What a system call tells of bytes: none of them means gone.
std::optional<std::size_t> Count(ssize_t done, bool zero_is_the_end) {
  if (done > 0 || (done == 0 && !zero_is_the_end)) return static_cast<std::size_t>(done);
  if (done < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
  return std::nullopt;
}

class PtyLine final : public ServedLine {
 public:
  PtyLine(std::string link, PtyEnds ends) : link_(std::move(link)), ends_(std::move(ends)) {}
  ~PtyLine() override { RemovePtyLink(link_, ends_.slave_name); }

  std::string Address() const override { return "pty:" + link_; }
  int Input() const override { return ends_.master.get(); }
  // A host that takes the terminal for itself (TIOCEXCL) would keep it for good: the kernel forgets
  // that at the last close, which never comes, for we have it open, too.
  std::optional<std::size_t> Read(std::span<char> buffer) override {
    const auto got = ServedLine::Read(buffer);
    ioctl(ends_.slave.get(), TIOCNXCL);
    return got;
  }
  // The kernel keeps what is unread until the terminal is closed, so that the next host would be
  // told the end of an old story: it gets a new terminal instead.
  bool HangUp(std::string* error) override {
    RemovePtyLink(link_, ends_.slave_name);
    ends_ = {};
    ends_ = MakePty(link_);
    *error = ends_.error;
    return static_cast<bool>(ends_.master);
  }

 private:
  const std::string link_;
  PtyEnds ends_;
};

class TcpLine final : public ServedLine {
 public:
  explicit TcpLine(std::unique_ptr<Listener> listener) : listener_(std::move(listener)) {}

  std::string Address() const override { return listener_->Address(); }
  int Input() const override { return host_.get(); }
  int Caller() const override { return listener_->PollFd(); }
  bool Accept() override {
    if (!host_) host_ = listener_->AcceptNow();
    return static_cast<bool>(host_);
  }
  std::optional<std::size_t> Write(std::string_view bytes) override {
    return Count(send(host_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL), false);
  }
  bool HangUp(std::string*) override {
    host_.Reset();
    return true;
  }

 private:
  const std::unique_ptr<Listener> listener_;
  Descriptor host_;
};

class StdioLine final : public ServedLine {
 public:
  explicit StdioLine(std::unique_ptr<Device> flags) : flags_(std::move(flags)) {}

  std::string Address() const override { return "stdio"; }
  int Input() const override { return STDIN_FILENO; }
  int Output() const override { return STDOUT_FILENO; }
  bool HangUp(std::string*) override { return false; }

 private:
  const std::unique_ptr<Device> flags_;  // restores them
};

}  // namespace

std::optional<std::size_t> ServedLine::Read(std::span<char> buffer) {
  return Count(read(Input(), buffer.data(), buffer.size()), true);
}

// Of a pipe this raises SIGPIPE: whoever serves on one has that signal blocked.
std::optional<std::size_t> ServedLine::Write(std::string_view bytes) {
  return Count(write(Output(), bytes.data(), bytes.size()), false);
}

ServedLine::Opened ServedLine::Open(const std::string& listen) {
  if (listen.starts_with("tcp:")) {
    const auto where = ParseHostPort(std::string_view(listen).substr(4));
    if (!where) return {nullptr, listen + ": expected tcp:HOST:PORT, as in tcp:127.0.0.1:0", true};
    ListenResult listening = Listen(where->host, where->port);
    if (listening.listener == nullptr) return {nullptr, std::move(listening.error)};
    return {std::make_unique<TcpLine>(std::move(listening.listener))};
  }
  if (listen.starts_with("pty:") && listen.size() > 4) {
    const std::string link = listen.substr(4);
    PtyEnds ends = MakePty(link);
    if (!ends.master) return {nullptr, std::move(ends.error)};
    return {std::make_unique<PtyLine>(link, std::move(ends))};
  }
  if (listen == "stdio") {
    OpenResult opened = OpenStdio();
    if (opened.device == nullptr) return {nullptr, std::move(opened.error)};
    return {std::make_unique<StdioLine>(std::move(opened.device))};
  }
  return {nullptr, "--listen " + listen + ": expected pty:LINK, tcp:HOST:PORT or stdio", true};
}

}  // namespace assay::device
