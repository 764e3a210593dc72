// A child process that does not outlive its owner.
//
//   StartResult started = Start({"mosquitto", "-c", config});
//   if (!started.process) return started.error;
//   std::string error = started.process->WaitUntil(
//       [] { return OpenTcp("127.0.0.1", 1883, 100ms).device != nullptr; }, 5s);
//
// The child leads a process group of its own: an interrupt at the keyboard reaches us alone, and we
// end the child, with the children it has made, in our own time. The kernel ends the child if the
// thread that started it ends: start from one that lasts.
#ifndef DEVICES_PROCESS_H_
#define DEVICES_PROCESS_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "dialects/time.h"

namespace assay::device {

class Process {
 public:
  virtual ~Process() = default;  // stops it, and kills what is left of its group

  virtual int pid() const = 0;
  // Waits for its end, `wait` at most: "exit status 3" or "killed by signal 9 (Killed)"; empty if
  // it is still running.
  virtual std::string WaitForExit(Time wait) = 0;
  // Until it is `ready`, which is asked every few milliseconds. Empty, or why it is not:
  // "mosquitto: exit status 1 before it was ready". Returns at once when the process ends.
  virtual std::string WaitUntil(const std::function<bool()>& ready, Time timeout) = 0;
  // SIGTERM to the group, `grace` to obey, then SIGKILL. How it ended; empty if even that failed.
  virtual std::string Stop(Time grace = std::chrono::seconds(2)) = 0;
};

// Descriptors for the child; ours stay ours.
struct ChildStreams {
  int input = -1;   // without: /dev/null
  int output = -1;  // without: /dev/null
  int error = -1;   // without: where our own standard error goes
};

struct StartResult {
  std::unique_ptr<Process> process;  // null on failure
  std::string error;
};

// The program is looked up in PATH, as a shell does.
StartResult Start(const std::vector<std::string>& argv, const ChildStreams& streams = {});

}  // namespace assay::device

#endif  // DEVICES_PROCESS_H_
