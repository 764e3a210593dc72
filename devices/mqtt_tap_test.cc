// MQTT read off a connection: packets whole and in pieces, and what is none.
#include "devices/mqtt_tap.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace assay::device {
namespace {

using namespace std::string_literals;

std::string Text(std::string_view text) {
  return std::string{static_cast<char>(text.size() / 256), static_cast<char>(text.size() % 256)} +
         std::string(text);
}
std::string Packet(int head, const std::string& body) {
  std::string out(1, static_cast<char>(head));
  std::size_t left = body.size();
  do {
    const std::size_t digit = left % 128;
    left /= 128;
    out += static_cast<char>(digit | (left > 0 ? 0x80 : 0));
  } while (left > 0);
  return out + body;
}

const std::string kConnect = Packet(0x10, Text("MQTT") + "\x04\xEE\x00\x3C"s + Text("me") +
                                              Text("w") + Text("gone") + Text("u") + Text("p"));
const std::string kPlain = Packet(0x10, Text("MQTT") + "\x04\x02\x00\x3C"s + Text("me"));

std::string Told(MqttTap& tap) {
  std::string out;
  while (const auto event = tap.Next()) out += ToText(*event) + "\n";
  return out;
}

TEST(MqttTap, ReadsWhatBothSidesSay) {
  MqttTap tap;
  tap.FromModem(kConnect);
  tap.FromBroker("\x20\x02\x00\x00"s);
  tap.FromModem(Packet(0x82, "\x00\x01"s + Text("a/#") + "\x01"s + Text("b") + "\x00"s));
  tap.FromBroker("\x90\x04\x00\x01\x01\x00"s);
  tap.FromModem(Packet(0x33, Text("a/b") + "\x00\x02"s + "hi"));
  tap.FromModem(Packet(0x3B, Text("a/b") + "\x00\x02"s + "hi"));
  tap.FromBroker(Packet(0x30, Text("a/b") + "hi"));
  tap.FromModem(Packet(0xA2, "\x00\x03"s + Text("b")));
  tap.FromModem("\xC0\x00\xE0\x00"s);
  EXPECT_EQ(Told(tap),
            "CONNECT client \"me\" clean keep-alive 60 s user \"u\" password of 1 bytes will \"w\" "
            "qos 1 retain: \"gone\"\n"
            "<- CONNACK 0\n"
            "SUBSCRIBE \"a/#\" qos 1 \"b\" qos 0\n"
            "PUBLISH \"a/b\" qos 1 retain: \"hi\"\n"
            "PUBLISH \"a/b\" qos 1 retain again: \"hi\"\n"
            "<- PUBLISH \"a/b\" qos 0: \"hi\"\n"
            "UNSUBSCRIBE \"b\"\n"
            "PINGREQ\n"
            "DISCONNECT\n");
}

TEST(MqttTap, ReadsTheSameInPiecesOfAnySize) {
  const std::string payload(300, 'x');
  const std::string all = kConnect + Packet(0x30, Text("t") + payload) + "\xE0\x00"s;
  MqttTap whole;
  whole.FromModem(all);
  const std::string told = Told(whole);
  EXPECT_NE(told.find("(300 bytes)"), std::string::npos);
  for (std::size_t size = 1; size < 20; ++size) {
    MqttTap tap;
    for (std::size_t at = 0; at < all.size(); at += size) tap.FromModem(all.substr(at, size));
    EXPECT_EQ(Told(tap), told) << size;
  }
}

TEST(MqttTap, KnowsARepeatedSubscriptionByItsUnansweredIdentifier) {
  const std::string subscribe = Packet(0x82, "\x00\x01"s + Text("a") + "\x01"s);
  MqttTap tap;
  tap.FromModem(kPlain + subscribe + subscribe);
  tap.FromBroker("\x20\x02\x00\x00\x90\x03\x00\x01\x01"s);
  tap.FromModem(subscribe);
  EXPECT_EQ(Told(tap),
            "CONNECT client \"me\" clean keep-alive 60 s\n"
            "SUBSCRIBE \"a\" qos 1\n"
            "SUBSCRIBE \"a\" qos 1 again\n"
            "<- CONNACK 0\n"
            "SUBSCRIBE \"a\" qos 1\n");
}

struct Bad {
  std::string bytes, told;
};

TEST(MqttTap, TellsOnceWhatIsNoMqtt) {
  const std::string connected = "CONNECT client \"me\" clean keep-alive 60 s\n";
  for (const Bad& bad : {
           Bad{"\x16\x03\x01\x02\x00"s, "TLS\n"},
           Bad{"GET / HTTP/1.1\r\n"s + std::string(100, 'x'),
               "no MQTT: the first packet is of type 4\n"},
           Bad{Packet(0x30, Text("t")), "no MQTT: the first packet is of type 3\n"},
           Bad{Packet(0x10, Text("HTTP") + "\x04\x02\x00\x3C"s + Text("me")),
               "no MQTT: a CONNECT that is none\n"},
           Bad{Packet(0x10, Text("MQTT") + "\x04\x02\x00\x3C\x00\x09me"s),
               "no MQTT: a CONNECT that is none\n"},
           Bad{kPlain + "\x30\xFF\xFF\xFF\xFF\x01"s,
               connected + "no MQTT: a length of more than four bytes\n"},
           Bad{kPlain + "\x30\xFF\xFF\xFF\x7F"s,
               connected + "no MQTT: a packet of 268435455 bytes\n"},
           Bad{kPlain + Packet(0x36, Text("t") + "\x00\x01"s),
               connected + "no MQTT: a PUBLISH that is none\n"},
           Bad{kPlain + Packet(0x30, "\x00\x09t"s), connected + "no MQTT: a PUBLISH that is none\n"},
           Bad{kPlain + Packet(0x82, "\x00\x01"s),
               connected + "no MQTT: a SUBSCRIBE or UNSUBSCRIBE that is none\n"},
       }) {
    MqttTap tap;
    tap.FromModem(bad.bytes);
    tap.FromModem(kPlain);
    tap.FromBroker("\x20\x02\x00\x00"s);
    EXPECT_EQ(Told(tap), bad.told);
  }
}

TEST(MqttTap, ShowsBytesThatAreNoTextAsDigits) {
  MqttTap tap;
  tap.FromModem(kPlain + Packet(0x30, Text("t") + "\x00\"\xFF"s));
  EXPECT_TRUE(Told(tap).ends_with("PUBLISH \"t\" qos 0: \"\\x00\\\"\\xff\"\n"));
}

}  // namespace
}  // namespace assay::device
