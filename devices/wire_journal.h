// What was seen of MQTT at the broker's side of a modem's connections, in order.
//
//   auto journal = std::make_shared<WireJournal>();
//   auto service = MakeLocalMqttService(broker, 20ms, journal);   // or an MqttRelay (mqtt_relay.h)
//   const std::size_t before = journal->Count();
//   ... the modem publishes ...
//   for (const WireEvent& event : journal->Since(before)) std::cout << ToText(event) << "\n";
//   // PUBLISH "a/b" qos 1: "21.5"
//
// Whoever reads it may be another thread than whoever writes it.
#ifndef DEVICES_WIRE_JOURNAL_H_
#define DEVICES_WIRE_JOURNAL_H_

#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "devices/mqtt_service.h"
#include "dialects/time.h"

namespace assay::device {

struct WireEvent {
  enum class Kind {
    kOpened,       // a connection was made
    kConnect,      // session
    kConnack,      // code
    kPublish,      // topic, payload, qos, retain, duplicate
    kSubscribe,    // filters, duplicate
    kUnsubscribe,  // filters, duplicate
    kPing,
    kDisconnect,
    kDelivered,  // to the modem: topic, payload, qos, retain, duplicate
    kClosed,     // code: 0 by the modem, 1 by the broker
    kSealed,     // what goes over this connection cannot be read: TLS
    kGarbled,    // what the modem sends is no MQTT, from here on; payload: why
  };
  Kind kind = Kind::kOpened;
  int connection = 0;
  Time at{0};
  ConnectRequest session{};
  std::vector<Subscription> filters{};
  std::string topic{}, payload{};
  int qos = 0;
  bool retain = false, duplicate = false;
  int code = 0;
};

// One line: `CONNECT client "a" clean keep-alive 60 s will "w" qos 1 retain: "gone"`. Of longer
// topics and payloads the first `most` bytes, and how many there are.
std::string ToText(const WireEvent& event, std::size_t most = 80);

class WireJournal {
 public:
  // The oldest are dropped beyond so many.
  static constexpr std::size_t kMost = 65536;

  // A number for a connection that is to be made.
  int NextConnection();
  void Add(WireEvent event);
  // How many there have been so far, those that were dropped and forgotten included.
  std::size_t Count() const;
  // Those after the first `count` of them, as far as they are still here.
  std::vector<WireEvent> Since(std::size_t count) const;
  // Nobody will ask for the first `count` any more.
  void Forget(std::size_t count);

 private:
  mutable std::mutex mutex_;
  std::deque<WireEvent> events_;
  std::size_t gone_ = 0;
  int connections_ = 0;
};

}  // namespace assay::device

#endif  // DEVICES_WIRE_JOURNAL_H_
