// A modem behind a TCP port (ser2net in raw mode, a terminal server, an emulator), and the
// listening side, on which an emulator serves.
//
//   OpenResult opened = OpenTcp("bench7", 4001, 5s);
//
//   ListenResult listening = Listen("127.0.0.1", 0);
//   std::cout << "listening " << listening.listener->Address() << std::endl;
//   OpenResult host = listening.listener->Accept(1s);
#ifndef DEVICES_TCP_H_
#define DEVICES_TCP_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "devices/descriptor.h"
#include "devices/device.h"

namespace assay::device {

struct HostPort {
  std::string host;
  std::uint16_t port = 0;
  bool operator==(const HostPort&) const = default;
};
// "bench7:4001", "127.0.0.1:0", "[::1]:4001".
std::optional<HostPort> ParseHostPort(std::string_view text);

// `host` is a name or an IPv4 or IPv6 address. All addresses of a name are tried, within `timeout`.
OpenResult OpenTcp(const std::string& host, std::uint16_t port, Time timeout);

class Listener {
 public:
  Listener(Descriptor socket, std::string host, std::uint16_t port);

  // The next connection. Neither device nor error: nobody came within `wait`. Others queue until
  // they are accepted, so serving one device to its end serves one at a time.
  OpenResult Accept(Time wait);
  // For loops of their own: readable when a connection waits, and that connection, non-blocking;
  // none if there is none.
  int PollFd() const { return socket_.get(); }
  Descriptor AcceptNow();

  std::uint16_t port() const { return port_; }
  // As a device URL, with the port that was picked: "tcp://127.0.0.1:43211".
  std::string Address() const;

 private:
  const Descriptor socket_;
  const std::string host_;
  const std::uint16_t port_;
};

struct ListenResult {
  std::unique_ptr<Listener> listener;  // null on failure
  std::string error;
};

// Port 0 picks a free one.
ListenResult Listen(const std::string& host, std::uint16_t port);

}  // namespace assay::device

#endif  // DEVICES_TCP_H_
