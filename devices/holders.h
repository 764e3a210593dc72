// Who has a port open.
//
//   WhoHolds("/dev/ttyUSB2")   // {{1234, "minicom"}}
#ifndef DEVICES_HOLDERS_H_
#define DEVICES_HOLDERS_H_

#include <sys/types.h>

#include <string>
#include <vector>

namespace assay::device {

struct Holder {
  pid_t pid = 0;
  std::string name;  // "minicom"; empty if it may not be known
  bool operator==(const Holder&) const = default;
};

// As far as /proc tells: without privileges only this user's own processes.
std::vector<Holder> WhoHolds(const std::string& path, const std::string& proc = "/proc");

// The process of that number, with its name.
Holder HolderOf(pid_t pid, const std::string& proc = "/proc");

// "process 1234 (minicom)".
std::string Print(const Holder& holder);

}  // namespace assay::device

#endif  // DEVICES_HOLDERS_H_
