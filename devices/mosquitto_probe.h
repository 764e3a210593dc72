// A TCP connection that is opened and held, without a byte sent: what a modem's "open" does, which
// libmosquitto cannot do apart from CONNECT.
#ifndef DEVICES_MOSQUITTO_PROBE_H_
#define DEVICES_MOSQUITTO_PROBE_H_

#include <string>

#include "devices/descriptor.h"
#include "devices/mqtt_service.h"

namespace assay::device {

class TcpProbe {
 public:
  enum class State { kNone, kPending, kUp, kFailed, kClosed };

  TcpProbe() = default;
  TcpProbe(const std::string& literal_address, int port);

  State Step();                                    // never waits
  NetFailure failure() const { return failure_; }  // when kFailed
  int fd() const { return socket_.get(); }

 private:
  State Fail(int error);

  State state_ = State::kNone;
  NetFailure failure_ = NetFailure::kUnreachable;
  Descriptor socket_;
};

}  // namespace assay::device

#endif  // DEVICES_MOSQUITTO_PROBE_H_
