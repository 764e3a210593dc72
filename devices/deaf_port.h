// A port on loopback that answers no SYN, for a bench that needs a host which cannot be reached: its
// queue of connections is full, and nobody ever takes one out.
//
//   const DeafPort port;
//   connect to 127.0.0.1:port.Port()     // goes on until whoever connects gives up
//
// (Linux drops the SYN then, unless net.ipv4.tcp_abort_on_overflow is set.)
#ifndef DEVICES_DEAF_PORT_H_
#define DEVICES_DEAF_PORT_H_

#include <string>
#include <vector>

#include "devices/descriptor.h"

namespace assay::device {

class DeafPort {
 public:
  DeafPort();
  int Port() const { return port_; }                   // 0: it could not listen
  const std::string& Error() const { return error_; }  // why

 private:
  Descriptor listener_;
  std::vector<Descriptor> queue_;
  int port_ = 0;
  std::string error_;
};

}  // namespace assay::device

#endif  // DEVICES_DEAF_PORT_H_
