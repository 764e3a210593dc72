// A Device over non-blocking descriptors: serial ports, PTYs, sockets and pipes share it.
//
//   FileDevice::Options options{.address = "tcp://127.0.0.1:2000"};
//   FileDevice device(std::move(socket), std::move(options));
//
// Endings: EIO, ENODEV, ENXIO, ECONNRESET and time-outs of the link are kVanished; end of file is
// what the options say; EPIPE is kClosed; bytes not taken by the deadline are kStalled; any other
// error is kBroken. Time is the monotonic clock since the device was made.
#ifndef DEVICES_FILE_DEVICE_H_
#define DEVICES_FILE_DEVICE_H_

#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "devices/descriptor.h"
#include "devices/device.h"

namespace assay::device {

class FileDevice : public Device {
 public:
  struct Options {
    std::string address;
    // What an end of file means. On a terminal it is a hang-up: the port is gone.
    Ending end_of_file = Ending::kClosed;
    // Called once, with the descriptors still open: restores what opening has changed.
    std::function<void()> before_close;
  };

  // What a write may do besides writing: a socket and a pipe raise SIGPIPE.
  enum class Kind { kTerminal, kSocket, kPipe };

  // Both must be non-blocking. Without `output`, `input` serves both ways.
  FileDevice(Descriptor input, Descriptor output, Options options);
  FileDevice(Descriptor both, Options options);
  ~FileDevice() override;
  FileDevice(const FileDevice&) = delete;
  FileDevice& operator=(const FileDevice&) = delete;

  WriteResult Write(std::string_view bytes, Time deadline) override;
  TakenResult WriteSome(std::string_view bytes) override;
  ReadResult Read(std::span<char> buffer, Time deadline) override;
  Time Now() override;
  std::string Address() const override { return options_.address; }
  int PollFd() const override { return input_.get(); }
  int WriteFd() const override { return output_ ? output_.get() : input_.get(); }

 private:
  // False at the deadline.
  bool Wait(int fd, short events, Time deadline);
  void End(Ending ending, std::string detail);
  void EndByError(std::string_view call, int error);

  const Options options_;  // outlives the descriptors: what it holds is let go after they closed
  const Descriptor input_, output_;
  const Kind kind_;
  const std::chrono::steady_clock::time_point start_;
  Ending ending_ = Ending::kNone;  // sticky once set
  std::string detail_;
  // Nothing is read any more. After a failed Write, what had arrived is delivered first.
  bool drained_ = false;
  bool dry_ = false;  // the last read took all that was there
};

}  // namespace assay::device

#endif  // DEVICES_FILE_DEVICE_H_
