// What opening a port has changed is put back even if this program is ended by a signal or aborts.
//
//   PortRescue rescue(fd, before, lock_file);   // until it is destroyed
//
// Handlers are installed for the signals that end a program and that nobody else handles; what they
// do is safe in a handler. SIGKILL cannot be handled: the settings stay as they were set, and the
// lock file stays behind, which the next to come finds stale.
#ifndef DEVICES_PORT_RESCUE_H_
#define DEVICES_PORT_RESCUE_H_

#include <cstddef>
#include <string>

struct termios2;

// A signal handler: puts all ports back and ends the program as the signal does.
extern "C" void RestorePortsAndEnd(int signal);

namespace assay::device {

class PortRescue {
 public:
  // More ports at a time are restored by their owners alone.
  static constexpr std::size_t kMost = 64;

  PortRescue(int fd, const termios2& before, const std::string& lock_file);
  ~PortRescue();
  PortRescue(const PortRescue&) = delete;
  PortRescue& operator=(const PortRescue&) = delete;

 private:
  std::size_t slot_ = kMost;
};

}  // namespace assay::device

#endif  // DEVICES_PORT_RESCUE_H_
