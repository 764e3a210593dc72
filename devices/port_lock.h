// The lock file that minicom, uucp, pppd, ModemManager's helpers and others agree on:
// /var/lock/LCK..ttyUSB2, with the owner's process number in ten ASCII columns.
//
//   PortLock lock;
//   std::string error = lock.Take("/dev/ttyUSB2", "/var/lock");   // empty: taken
#ifndef DEVICES_PORT_LOCK_H_
#define DEVICES_PORT_LOCK_H_

#include <string>

namespace assay::device {

class PortLock {
 public:
  PortLock() = default;
  ~PortLock();
  PortLock(const PortLock&) = delete;
  PortLock& operator=(const PortLock&) = delete;

  // Says who holds the port, if somebody does. A stale lock is replaced. Where the directory is
  // missing or not ours to write, other programs' locks are still respected, but none is left.
  std::string Take(const std::string& port, const std::string& directory);

  const std::string& file() const { return file_; }

 private:
  std::string file_;  // empty: none of ours
};

}  // namespace assay::device

#endif  // DEVICES_PORT_LOCK_H_
