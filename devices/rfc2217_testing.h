// A server of RFC 2217 for tests, which can be as bad as servers are.
//
//   auto server = MakeServer(std::move(connection), {.acknowledge_control = false});
//   server->Read(...)    // what the client wrote, as the modem gets it; negotiates on the way
//   server->Write("OK")  // what the modem says
#ifndef DEVICES_RFC2217_TESTING_H_
#define DEVICES_RFC2217_TESTING_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "devices/com_port.h"
#include "devices/device.h"

namespace assay::device {

struct ServerManners {
  bool agree = true;                // to the option
  bool binary = true;
  bool offers_itself = false;       // WILL COM-PORT instead of DO
  bool acknowledge = true;          // baud rate and the like
  bool acknowledge_control = true;  // flow control, DTR, RTS
  bool chatter = false;             // commands of no use between all it says
  std::size_t piece = 0;            // bytes at a time, 0: all at once
  std::map<std::uint8_t, std::string> answers{};  // instead of the value that was asked for
  std::string greeting{};           // sent before anything else
};

class Server : public Device {
 public:
  // What the client has asked for, in order: "1 00 01 C2 00" is a baud rate of 115200.
  virtual std::vector<std::string> Asked() const = 0;
  // Bytes that are not modem data.
  virtual void SendRaw(const std::string& bytes) = 0;
};

std::unique_ptr<Server> MakeServer(std::unique_ptr<Device> connection, ServerManners manners);

}  // namespace assay::device

#endif  // DEVICES_RFC2217_TESTING_H_
