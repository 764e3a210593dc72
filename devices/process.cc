#include "devices/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/process.hpp>
#include <boost/process/extend.hpp>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <system_error>
#include <utility>

#include "devices/descriptor.h"

namespace assay::device {
namespace {

namespace bp = boost::process;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

std::string Print(const siginfo_t& end) {
  if (end.si_code == CLD_EXITED) return "exit status " + std::to_string(end.si_status);
  return "killed by signal " + std::to_string(end.si_status) + " (" + strsignal(end.si_status) +
         ")";
}

// Runs in the child between fork and exec: async-signal-safe calls only.
void PrepareChild(pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);  // it died before the line above
  setpgid(0, 0);
  // Blocked and ignored signals survive exec; the child must be able to hear SIGTERM.
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  signal(SIGPIPE, SIG_DFL);
}

class ChildProcess final : public Process {
 public:
  ChildProcess(bp::child child, std::string name, Descriptor pid_fd)
      : child_(std::move(child)), name_(std::move(name)), pid_fd_(std::move(pid_fd)) {}

  ~ChildProcess() override {
    const bool ended = !Stop(std::chrono::seconds(2)).empty();
    // What it left behind in its group. Only now is it reaped: until then its number, and the
    // group's, cannot be another's.
    kill(-pid(), SIGKILL);
    std::error_code ignored;
    if (ended) {
      child_.wait(ignored);
    } else {
      // Not even SIGKILL ends a process that hangs in a driver, and bp::child would wait for it.
      child_.detach();
    }
  }

  int pid() const override { return child_.id(); }

  std::string WaitForExit(Time wait) override {
    if (!exit_.empty()) return exit_;
    const auto deadline = steady_clock::now() + std::min<Time>(wait, std::chrono::hours(24 * 365));
    for (;;) {
      const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
      const int timeout = static_cast<int>(std::clamp<long>(left.count(), 0, 3'600'000));
      pollfd entry{.fd = pid_fd_.get(), .events = POLLIN, .revents = 0};
      if (poll(&entry, 1, timeout) > 0) break;
      if (left.count() <= 0) return {};
    }
    siginfo_t end{};
    exit_ = waitid(P_PID, static_cast<id_t>(pid()), &end, WEXITED | WNOWAIT) == 0
                ? Print(end)
                : ErrorText("waitid", errno);
    return exit_;
  }

  std::string WaitUntil(const std::function<bool()>& ready, Time timeout) override {
    const auto deadline = steady_clock::now() + timeout;
    while (!ready()) {
      const std::string exit = WaitForExit(milliseconds(5));
      if (!exit.empty()) return name_ + ": " + exit + " before it was ready";
      if (steady_clock::now() >= deadline) {
        const auto waited = std::chrono::duration_cast<milliseconds>(timeout).count();
        return name_ + ": not ready after " + std::to_string(waited) + " ms";
      }
    }
    return {};
  }

  std::string Stop(Time grace) override {
    if (!WaitForExit(Time(0)).empty()) return exit_;
    kill(-pid(), SIGTERM);
    if (!WaitForExit(grace).empty()) return exit_;
    kill(-pid(), SIGKILL);
    return WaitForExit(std::chrono::seconds(2));
  }

 private:
  bp::child child_;
  const std::string name_;
  const Descriptor pid_fd_;  // readable when the process has ended
  std::string exit_;
};

}  // namespace

StartResult Start(const std::vector<std::string>& argv, const ChildStreams& streams) {
  if (argv.empty()) return {.process = nullptr, .error = "no program to run"};
  const std::string& name = argv.front();
  const boost::filesystem::path program =
      name.find('/') == std::string::npos ? bp::search_path(name) : boost::filesystem::path(name);
  if (program.empty()) return {.process = nullptr, .error = name + ": not found in PATH"};

  const Descriptor null(open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!null) return {.process = nullptr, .error = ErrorText("/dev/null", errno)};
  const int input = streams.input >= 0 ? streams.input : null.get();
  const int output = streams.output >= 0 ? streams.output : null.get();
  const int error_output = streams.error >= 0 ? streams.error : STDERR_FILENO;
  const pid_t parent = getpid();
  std::error_code error;
  // Boost's own pipes leak into other children; ours are handed over by number instead.
  bp::child child(
      bp::exe = program, bp::args = std::vector<std::string>(argv.begin() + 1, argv.end()),
      bp::posix::fd.bind(STDIN_FILENO, input), bp::posix::fd.bind(STDOUT_FILENO, output),
      bp::posix::fd.bind(STDERR_FILENO, error_output),
      bp::extend::on_exec_setup = [parent](auto&) { PrepareChild(parent); }, error);
  if (error) return {.process = nullptr, .error = name + ": " + error.message()};
  Descriptor pid_fd(static_cast<int>(syscall(SYS_pidfd_open, child.id(), 0)));
  if (!pid_fd) {
    const int failed = errno;
    child.terminate(error);
    return {.process = nullptr, .error = ErrorText("pidfd_open", failed)};
  }
  return {.process = std::make_unique<ChildProcess>(std::move(child), name, std::move(pid_fd))};
}

}  // namespace assay::device
