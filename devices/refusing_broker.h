// An MQTT listener on loopback that misbehaves in one way, for tests and for a bench without a
// broker that can be told to.
//
//   RefusingBroker broker({.manner = RefusingBroker::Manner::kRefuse, .connack = 5});
//   Connect("127.0.0.1", broker.Port());   // CONNACK 5, then the connection is closed
//
// It serves at most kMostConnections at a time, holds no more of any than one packet, and ends with
// its destructor.
#ifndef DEVICES_REFUSING_BROKER_H_
#define DEVICES_REFUSING_BROKER_H_

#include <cstddef>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "devices/descriptor.h"

namespace assay::device {

class RefusingBroker {
 public:
  enum class Manner {
    kRefuse,  // CONNACK with the code `connack`, then closes
    kSilent,  // accepts the connection, answers nothing
    kClose,   // CONNACK 0, then closes on the next packet
    kMute,    // CONNACK 0, then answers nothing
    kDeny,    // CONNACK 0, then SUBACK 0x80 for every filter, and PINGRESP
  };
  struct Behaviour {
    Manner manner = Manner::kSilent;
    int connack = 0;
  };

  explicit RefusingBroker(const Behaviour& behaviour);
  ~RefusingBroker();
  RefusingBroker(const RefusingBroker&) = delete;
  RefusingBroker& operator=(const RefusingBroker&) = delete;

  int Port() const { return port_; }                   // 0: it could not listen
  const std::string& Error() const { return error_; }  // why

  static constexpr std::size_t kMostConnections = 64;

 private:
  struct Connection {
    Descriptor socket;
    std::string packet;     // as far as it has come
    bool answered = false;  // the first one
  };

  void Listen();
  void Serve(const std::stop_token& stop);
  void Accept(std::vector<Connection>& connections);
  bool Read(Connection& connection);
  bool Answer(Connection& connection);
  bool Deny(const Connection& connection, std::string_view packet);

  const Behaviour behaviour_;
  int port_ = 0;
  std::string error_;
  Descriptor listener_, wake_;
  std::jthread thread_;
};

}  // namespace assay::device

#endif  // DEVICES_REFUSING_BROKER_H_
