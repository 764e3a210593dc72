// Stands between a host and a modem: every byte is passed on untouched, in both directions, and
// told to a witness afterwards. A host may leave and come back; the modem may not.
//
//   PassThrough line("pty:/tmp/tap", device, witness);
//   if (!line.error().empty()) ...
//   std::cout << "listening " << line.address() << std::endl;
//   PassThrough::End end = line.Run(stop.get());
//
// The line has bounded memory: who does not take what the other says holds the other up, as flow
// control does. A host that takes nothing for long loses what was meant for it, as on a wire; a
// modem that takes nothing for long has ended (kStalled). What a modem says while no host is there
// is lost to hosts, but not to the witness.
#ifndef DEVICES_PASS_THROUGH_H_
#define DEVICES_PASS_THROUGH_H_

#include <memory>
#include <string>
#include <string_view>

#include "devices/device.h"

namespace assay::device {

class HostSide;

// Is told in the order in which things happened, while the line waits for it: it must be quick.
class Witness {
 public:
  enum class Event {
    kHostCame,
    kHostLeft,
    kHostStalled,  // it takes nothing: until it does, what is meant for it is dropped
  };
  virtual ~Witness() = default;
  // `at`: since the line was made.
  virtual void Passed(bool from_host, std::string_view bytes, Time at) = 0;
  virtual void Happened(Event event, Time at) = 0;
};

class PassThrough {
 public:
  struct Options {
    Time patience = Time{10'000'000};  // how long somebody may take nothing
  };
  struct End {
    Ending ending = Ending::kNone;  // of the device; kNone: it was told to stop
    std::string detail;
    Time at{0};
  };

  // `host`: pty:LINK or tcp:HOST:PORT (port 0 picks one). `device` must have a PollFd.
  PassThrough(const std::string& host, Device& device, Witness& witness, Options options);
  PassThrough(const std::string& host, Device& device, Witness& witness);
  ~PassThrough();

  // Why no host can come; empty: one can. `usage`: `host` is none.
  const std::string& error() const { return error_; }
  bool usage() const { return usage_; }
  // As a device URL, with the port that was picked.
  std::string address() const;

  // Until the device ends, or `stop_fd` is readable.
  End Run(int stop_fd);

 private:
  // What one side has said and the other has not taken yet.
  struct Way {
    std::string waiting;
    Time since{0};  // when something was taken last, or nothing waited
  };
  Time Now() const;
  void Offer(Way& way, Device& to, std::string_view bytes);
  void Hand(Way& way, Device& to, std::string_view bytes);
  void FromDevice();
  void FromHost();
  void Ended(Ending ending, std::string detail);
  void GiveUpStalled();
  bool Wait(int stop_fd);

  Device& device_;
  Witness& witness_;
  const Options options_;
  std::unique_ptr<HostSide> host_;
  std::string error_;
  bool usage_ = false;
  Time start_{0};
  Way to_host_, to_device_;
  bool deaf_ = false;  // the host took nothing for too long: nothing waits for it
  End end_;
};

}  // namespace assay::device

#endif  // DEVICES_PASS_THROUGH_H_
