// A TCP port that leads to a broker and looks at what goes through: bytes pass as they are, both
// ways, and what they mean is written into a journal before they are passed on.
//
//   MqttRelay relay({.host = "127.0.0.1", .port = 1883}, journal);
//   if (!relay.Error().empty()) ...
//   Connect("127.0.0.1", relay.Port());
//
// What is no MQTT (TLS) passes, too. A side that reads slowly holds up the other; at most
// kMostConnections are open at a time. It has a thread of its own, and ends with its destructor.
#ifndef DEVICES_MQTT_RELAY_H_
#define DEVICES_MQTT_RELAY_H_

#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>

#include "devices/descriptor.h"
#include "devices/mqtt_tap.h"
#include "devices/wire_journal.h"

namespace assay::device {

class MqttRelay {
 public:
  struct Options {
    std::string host = "127.0.0.1";  // of the broker
    int port = 1883;
    std::string listen = "127.0.0.1";  // an address in digits; "0.0.0.0" is all of them
    int listen_port = 0;               // 0 picks one
  };
  static constexpr std::size_t kMostConnections = 256;

  MqttRelay(const Options& options, std::shared_ptr<WireJournal> journal);
  ~MqttRelay();
  MqttRelay(const MqttRelay&) = delete;
  MqttRelay& operator=(const MqttRelay&) = delete;

  int Port() const { return port_; }                   // 0: it could not listen
  const std::string& Error() const { return error_; }  // why

 private:
  // One direction of a connection.
  struct Pipe {
    std::string bytes{};  // read and not yet written
    bool ended = false;   // nothing more is to be read
    bool shut = false;    // and the other end has been told
  };
  struct Connection {
    int number = 0;
    Descriptor modem, broker;
    Pipe up{}, down{};
    bool joined = false;  // to the broker
    bool over = false, told = false;
    MqttTap tap{};
  };

  void Listen(const Options& options);
  void Serve(const std::stop_token& stop);
  void Accept(std::list<Connection>& connections);
  void Step(Connection& connection, short modem, short broker);
  void Read(Connection& connection, bool up);
  void Write(Connection& connection, bool up);
  void Tell(Connection& connection, WireEvent event);
  void Close(Connection& connection, bool by_broker);

  const std::shared_ptr<WireJournal> journal_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::string address_;  // of the broker, in digits
  int broker_port_ = 0, port_ = 0;
  std::string error_;
  Descriptor listener_, wake_;
  std::jthread thread_;
};

}  // namespace assay::device

#endif  // DEVICES_MQTT_RELAY_H_
