#include "devices/file_device.h"

#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <utility>

namespace assay::device {
namespace {

using std::chrono::steady_clock;

// Pipes raise SIGPIPE, whatever they are told. So the signal is blocked in this thread around
// write() and, if this write raised it, taken back before it is unblocked.
ssize_t WriteToPipe(int fd, const char* data, std::size_t size) {
  sigset_t sigpipe, before, pending;
  sigemptyset(&sigpipe);
  sigaddset(&sigpipe, SIGPIPE);
  sigpending(&pending);
  const bool pending_before = sigismember(&pending, SIGPIPE) == 1;
  pthread_sigmask(SIG_BLOCK, &sigpipe, &before);
  const ssize_t written = write(fd, data, size);
  const int error = errno;
  if (written < 0 && error == EPIPE && !pending_before) {
    const timespec at_once{};
    while (sigtimedwait(&sigpipe, nullptr, &at_once) < 0 && errno == EINTR) {
    }
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = error;
  return written;
}

// A terminal raises no signal, and a socket none if it is asked not to: one system call, not four.
ssize_t WriteWithoutSignal(FileDevice::Kind kind, int fd, const char* data, std::size_t size) {
  switch (kind) {
    case FileDevice::Kind::kSocket:
      return send(fd, data, size, MSG_NOSIGNAL);
    case FileDevice::Kind::kTerminal:
      return write(fd, data, size);
    case FileDevice::Kind::kPipe:
      break;
  }
  return WriteToPipe(fd, data, size);
}

FileDevice::Kind KindOf(int fd) {
  struct stat status {};
  if (fstat(fd, &status) != 0) return FileDevice::Kind::kPipe;
  return S_ISSOCK(status.st_mode)  ? FileDevice::Kind::kSocket
         : S_ISCHR(status.st_mode) ? FileDevice::Kind::kTerminal
                                   : FileDevice::Kind::kPipe;
}

Ending EndingOf(int error) {
  switch (error) {
    case EIO:  // a terminal that hung up, a PTY whose other side closed
    case ENODEV:
    case ENXIO:
    case ECONNRESET:
    case ECONNABORTED:
    case ETIMEDOUT:
    case EHOSTUNREACH:
    case ENETUNREACH:
    case ENETDOWN:
      return Ending::kVanished;
    case EPIPE:
      return Ending::kClosed;
    default:
      return Ending::kBroken;
  }
}

}  // namespace

FileDevice::FileDevice(Descriptor input, Descriptor output, Options options)
    : options_(std::move(options)),
      input_(std::move(input)),
      output_(std::move(output)),
      kind_(KindOf(output_ ? output_.get() : input_.get())),
      start_(steady_clock::now()) {}

FileDevice::FileDevice(Descriptor both, Options options)
    : FileDevice(std::move(both), Descriptor(), std::move(options)) {}

FileDevice::~FileDevice() {
  if (options_.before_close) options_.before_close();
}

Time FileDevice::Now() { return std::chrono::duration_cast<Time>(steady_clock::now() - start_); }

bool FileDevice::Wait(int fd, short events, Time deadline) {
  // ppoll takes no infinite number: kNever is waited for in pieces.
  constexpr Time kPiece = std::chrono::hours(1);
  for (;;) {
    const Time now = Now();
    if (now >= deadline) return false;
    const Time wait = std::min(deadline - now, kPiece);
    timespec timeout{};
    timeout.tv_sec = wait.count() / 1'000'000;
    timeout.tv_nsec = wait.count() % 1'000'000 * 1'000;
    pollfd entry{.fd = fd, .events = events, .revents = 0};
    // An error of the descriptor shows in the read or write that follows.
    const int ready = ppoll(&entry, 1, &timeout, nullptr);
    if (ready > 0 || (ready < 0 && errno != EINTR)) return true;
  }
}

void FileDevice::End(Ending ending, std::string detail) {
  ending_ = ending;
  detail_ = std::move(detail);
}

void FileDevice::EndByError(std::string_view call, int error) {
  End(EndingOf(error), ErrorText(call, error));
}

TakenResult FileDevice::WriteSome(std::string_view bytes) {
  std::size_t done = 0;
  while (ending_ == Ending::kNone && done < bytes.size()) {
    const ssize_t written =
        WriteWithoutSignal(kind_, WriteFd(), bytes.data() + done, bytes.size() - done);
    if (written >= 0) {
      done += static_cast<std::size_t>(written);
    } else if (errno == EAGAIN) {
      break;
    } else if (errno != EINTR) {
      EndByError("write", errno);
    }
  }
  return {done, ending_, detail_};
}

WriteResult FileDevice::Write(std::string_view bytes, Time deadline) {
  const int fd = WriteFd();
  std::size_t done = 0;
  while (ending_ == Ending::kNone && done < bytes.size()) {
    const ssize_t written = WriteWithoutSignal(kind_, fd, bytes.data() + done, bytes.size() - done);
    if (written >= 0) {
      done += static_cast<std::size_t>(written);
    } else if (errno == EAGAIN) {
      if (Wait(fd, POLLOUT, deadline)) continue;
      End(Ending::kStalled, "write: " + std::to_string(done) + " of " +
                                std::to_string(bytes.size()) + " bytes taken by the deadline");
    } else if (errno != EINTR) {
      EndByError("write", errno);
    }
  }
  return {ending_, detail_};
}

ReadResult FileDevice::Read(std::span<char> buffer, Time deadline) {
  // What was read to its end has, as a rule, nothing new at once: waiting first saves a read.
  if (dry_ && ending_ == Ending::kNone && !buffer.empty() && deadline > Now()) {
    if (!Wait(input_.get(), POLLIN, deadline)) return {};
  }
  while (!drained_ && !buffer.empty()) {
    const ssize_t got = read(input_.get(), buffer.data(), buffer.size());
    const int error = errno;
    dry_ = got < static_cast<ssize_t>(buffer.size());
    if (got > 0) return {static_cast<std::size_t>(got), Ending::kNone, {}};
    if (got < 0 && error == EINTR) continue;
    if (ending_ == Ending::kNone) {
      if (got == 0) {
        const bool closed = options_.end_of_file == Ending::kClosed;
        End(options_.end_of_file, closed ? "read: end of file" : "read: the line hung up");
      } else if (error != EAGAIN) {
        EndByError("read", error);
      } else {
        if (Wait(input_.get(), POLLIN, deadline)) continue;
        return {};
      }
    }
    drained_ = true;
  }
  return {0, ending_, detail_};
}

}  // namespace assay::device
