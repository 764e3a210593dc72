// The real ser2net (Debian's package) before a port, as a lab's terminal server runs it.
//
//   Ser2net server(terminal.path);
//   OpenDevice("rfc2217://127.0.0.1:" + std::to_string(server.port()), 5s);
//
// ser2net looks addresses up in a way that finds none where there is a loopback only, as in Bazel's
// sandbox; so it listens at a socket of this machine, and socat puts that on a TCP port.
// Throws, with what to install, if it cannot be started. Ends with its owner.
#ifndef DEVICES_TESTING_SER2NET_H_
#define DEVICES_TESTING_SER2NET_H_

#include <cstdint>
#include <memory>
#include <string>

#include "devices/process.h"
#include "devices/testing_scratch.h"

namespace assay::device {

class Ser2net {
 public:
  enum class Speaks { kRfc2217, kRaw };
  explicit Ser2net(const std::string& path, Speaks speaks = Speaks::kRfc2217);
  ~Ser2net() { Kill(); }

  std::uint16_t port() const { return port_; }
  void Kill();  // ser2net; the port stays, and closes what comes

 private:
  Scratch scratch_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Process> ser2net_, socat_;
};

}  // namespace assay::device

#endif  // DEVICES_TESTING_SER2NET_H_
