#include "devices/port_rescue.h"

// termios2; <termios.h> defines the same names differently.
#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <mutex>

namespace assay::device {
namespace {

struct Slot {
  std::atomic<int> state{0};  // 0 free, 1 being written, 2 in use
  int fd = -1;
  termios2 before{};
  char lock_file[256] = {};
};
std::array<Slot, PortRescue::kMost> slots;

// Only calls that a signal handler may make.
void RestoreAll() {
  for (Slot& slot : slots) {
    if (slot.state.load() != 2) continue;
    ioctl(slot.fd, TCFLSH, TCOFLUSH);  // what waits for a peer that holds us off
    ioctl(slot.fd, TCSETS2, &slot.before);
    ioctl(slot.fd, TIOCNXCL);
    if (slot.lock_file[0] != '\0') unlink(slot.lock_file);
  }
}


void Install() {
  std::atexit(RestoreAll);
  for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGTERM, SIGINT,
                           SIGHUP, SIGQUIT, SIGPIPE, SIGALRM, SIGXCPU, SIGXFSZ}) {
    struct sigaction now {};
    if (sigaction(signal, nullptr, &now) != 0 || now.sa_handler != SIG_DFL) continue;
    struct sigaction ours {};
    ours.sa_handler = RestorePortsAndEnd;
    ours.sa_flags = SA_NODEFER;
    sigaction(signal, &ours, nullptr);
  }
}

}  // namespace
}  // namespace assay::device

extern "C" void RestorePortsAndEnd(int signal) {
  assay::device::RestoreAll();
  std::signal(signal, SIG_DFL);
  raise(signal);
}

namespace assay::device {

PortRescue::PortRescue(int fd, const termios2& before, const std::string& lock_file) {
  static std::once_flag once;
  std::call_once(once, Install);
  for (std::size_t i = 0; i < slots.size(); ++i) {
    int free = 0;
    if (!slots[i].state.compare_exchange_strong(free, 1)) continue;
    slots[i].fd = fd;
    slots[i].before = before;
    slots[i].before.c_cflag &= ~HUPCL;
    const bool fits = lock_file.size() < sizeof slots[i].lock_file;
    std::snprintf(slots[i].lock_file, sizeof slots[i].lock_file, "%s",
                  fits ? lock_file.c_str() : "");
    slots[i].state = 2;
    slot_ = i;
    return;
  }
}

PortRescue::~PortRescue() {
  if (slot_ < kMost) slots[slot_].state = 0;
}

}  // namespace assay::device
