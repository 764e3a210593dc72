// The asking side of a control socket (devices/CONTROL.md).
//
//   ControlClient control("unix:/tmp/control");
//   if (!control.Error().empty()) ...
//   ControlAnswer answer = control.Ask("modem 3 network off");
//   if (!answer.error.empty()) ...
#ifndef HARNESS_CONTROL_CLIENT_H_
#define HARNESS_CONTROL_CLIENT_H_

#include <memory>
#include <string>
#include <vector>

#include "devices/device.h"

namespace assay::harness {

struct ControlAnswer {
  bool came = false;  // else nobody is there any more
  std::vector<std::string> lines{};
  std::string error{};  // empty: ok
};

class ControlClient {
 public:
  // "unix:PATH", "tcp:HOST:PORT" or as `emulate` prints it, "tcp://HOST:PORT".
  explicit ControlClient(const std::string& address);

  const std::string& Error() const { return error_; }  // nobody is there; empty: somebody is
  bool Usage() const { return usage_; }                // the address is none
  ControlAnswer Ask(const std::string& line);

 private:
  std::unique_ptr<device::Device> line_;
  std::string error_;
  bool usage_ = false;
};

}  // namespace assay::harness

#endif  // HARNESS_CONTROL_CLIENT_H_
