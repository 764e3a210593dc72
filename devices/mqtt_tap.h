// MQTT 3.1 and 3.1.1 read off a connection that somebody else holds: the bytes of both sides in as
// they come, what they mean out. Sans I/O and clock.
//
//   MqttTap tap;
//   tap.FromModem(bytes);
//   while (auto event = tap.Next()) journal.Add(*event);
//
// What is no MQTT is told once (kGarbled, kSealed), and nothing more is read. Acknowledgements, but
// for CONNACK, say nothing here and are passed over.
#ifndef DEVICES_MQTT_TAP_H_
#define DEVICES_MQTT_TAP_H_

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "devices/wire_journal.h"

namespace assay::device {

class MqttTap {
 public:
  // What is longer is not kept: it is told as kGarbled.
  static constexpr std::size_t kLongestPacket = std::size_t{1} << 24;

  void FromModem(std::string_view bytes);
  void FromBroker(std::string_view bytes);
  // Without connection and time.
  std::optional<WireEvent> Next();

 private:
  struct Direction {
    std::string bytes{};  // of a packet that has not come whole
    bool first = true;    // no packet has come yet
  };
  void Feed(Direction& from, std::string_view bytes);
  void TakeFromModem(unsigned char head, std::string_view body, bool first);
  void TakeFromBroker(unsigned char head, std::string_view bytes, bool first);
  void TakeMessage(WireEvent::Kind kind, unsigned char head, std::string_view bytes);
  void TakeFilters(WireEvent event, std::string_view bytes);
  void Garbled(std::string why);
  void End(WireEvent event);

  Direction modem_, broker_;
  std::deque<WireEvent> events_;
  bool over_ = false;
  // SUBSCRIBE and UNSUBSCRIBE that are not answered, by their identifiers.
  std::map<unsigned, std::string> asked_;
};

}  // namespace assay::device

#endif  // DEVICES_MQTT_TAP_H_
