// An MQTT listener on loopback that does what a script says (broker_script.h), for tests, for a bench
// without a broker that can be told to misbehave, and for `assay emulate --broker script:FILE`.
//
//   ScriptedBroker broker("connect: connack 5, close");
//   if (!broker.Error().empty()) ...
//   Connect("127.0.0.1", broker.Port());   // CONNACK 5, then the connection is closed
//
// It serves at most kMostConnections at a time, each with its own packets to count, and ends with its
// destructor. It is no broker: nothing that is published goes anywhere.
#ifndef DEVICES_SCRIPTED_BROKER_H_
#define DEVICES_SCRIPTED_BROKER_H_

#include <cstddef>
#include <list>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

#include "devices/broker_script.h"
#include "devices/descriptor.h"

namespace assay::device {

class ScriptedBroker {
 public:
  explicit ScriptedBroker(std::string_view script) : ScriptedBroker("script", script) {}
  // `file` is what its text is called in errors.
  ScriptedBroker(const std::string& file, std::string_view script);
  ~ScriptedBroker();
  ScriptedBroker(const ScriptedBroker&) = delete;
  ScriptedBroker& operator=(const ScriptedBroker&) = delete;

  int Port() const { return port_; }                   // 0: it could not listen
  const std::string& Error() const { return error_; }  // why; or what is wrong with the script

  static constexpr std::size_t kMostConnections = 64;

 private:
  struct Connection;

  void Listen();
  void Serve(const std::stop_token& stop);
  void Accept(std::list<Connection>& connections);

  BrokerScript script_;
  int port_ = 0;
  std::string error_;
  Descriptor listener_, wake_;
  std::jthread thread_;
};

}  // namespace assay::device

#endif  // DEVICES_SCRIPTED_BROKER_H_
