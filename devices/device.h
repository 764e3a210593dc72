// The seam to whatever speaks AT: four operations, all of them bounded in time.
//
//   ReadResult got = device.Read(buffer, device.Now() + 300ms);
//   if (got.ending != Ending::kNone) ...   // the device is gone; got.detail says how
//
// Contract (devices/device_contract_test.cc runs it on every implementation):
// - Write hands over all bytes or reports an ending; it blocks no longer than its deadline.
// - Read returns as soon as one byte is there, at the deadline with none, or with an ending. Bytes
//   that came before an ending are delivered first. After an ending every call reports it again.
// - Nothing throws, nothing raises a signal (SIGPIPE), no descriptor leaks over exec.
// - Time is the device's own: real devices use the monotonic clock, an in-process emulator a
//   virtual one that Read moves to the deadline or to the next thing that happens.
#ifndef DEVICES_DEVICE_H_
#define DEVICES_DEVICE_H_

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "dialects/time.h"

namespace assay::transcript {
enum class BenchAct;
}

namespace assay::device {

// How a conversation with a device came to its end. Each is told apart in verdict and report.
enum class Ending {
  kNone,         // still there
  kVanished,     // unplugged: EIO, ENODEV, hang-up of the line
  kClosed,       // orderly end of file: peer closed, process exited
  kStalled,      // it does not take our bytes
  kBroken,       // the harness's own side failed (a system call that must not fail)
};
std::string_view Name(Ending ending);

struct ReadResult {
  std::size_t bytes = 0;
  Ending ending = Ending::kNone;
  std::string detail;  // "read: Input/output error", "exit status 3"; empty without ending
};

struct WriteResult {
  Ending ending = Ending::kNone;
  std::string detail;
};

// What was taken of what was offered; the rest stays with who offered it.
struct TakenResult {
  std::size_t bytes = 0;
  Ending ending = Ending::kNone;
  std::string detail;
};

class Device {
 public:
  virtual ~Device() = default;
  virtual WriteResult Write(std::string_view bytes, Time deadline) = 0;
  // Hands over what is taken at once: for loops that wait for other things, too, by PollFd and
  // WriteFd. A device that cannot but wait does so, for a short time, and takes all or ends.
  virtual TakenResult WriteSome(std::string_view bytes);
  virtual ReadResult Read(std::span<char> buffer, Time deadline) = 0;
  virtual Time Now() = 0;
  // What a report says of it: "serial:/dev/ttyUSB2?baud=115200".
  virtual std::string Address() const = 0;
  // True if each opening gives a factory-fresh modem (an emulator in process, a subprocess).
  virtual bool Fresh() const { return false; }
  // Does to the modem what a bench with the ability does; false: nothing of the kind stands behind
  // this device. An emulator in process has its network and its SIM, a recording what was done.
  virtual bool Do(transcript::BenchAct) { return false; }
  // What the line has told besides bytes since this was last asked: "carrier (DCD) went off, 3
  // framing errors". Empty: nothing, or it has no such signals.
  virtual std::string LineNotes() { return {}; }
  // Sends a break, which wakes some modems; false: nobody allowed it, or the line has none.
  virtual bool Break() { return false; }
  // Readable when Read has something, for loops that wait for other things too; -1: there is none.
  virtual int PollFd() const { return -1; }
  // Writable when WriteSome would take something.
  virtual int WriteFd() const { return PollFd(); }
};

struct OpenResult {
  std::unique_ptr<Device> device;  // null on failure
  std::string error;               // what failed, and what to try
  bool usage = false;              // the URL itself is wrong (exit status 2), not the bench (4)
};

// Opens a device URL other than emulator: (design, section 4): a path or serial:PATH?baud=..,
// tcp://H:P, socket://H:P, exec:CMD, pty:LINK, replay:FILE. Waits at most `deadline_from_now`.
OpenResult OpenDevice(std::string_view url, Time deadline_from_now);

}  // namespace assay::device

#endif  // DEVICES_DEVICE_H_
