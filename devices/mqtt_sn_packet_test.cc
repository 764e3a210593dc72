#include "devices/mqtt_sn_packet.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace assay::device::sn {
namespace {

using Kind = Topic::Kind;

std::string Bytes(const std::string& hex) {
  std::string out;
  for (std::size_t i = 0; i < hex.size(); i += 3) {
    out += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return out;
}

std::string Hex(const std::string& bytes) {
  std::string out;
  for (const unsigned char byte : bytes) {
    char text[4];
    std::snprintf(text, sizeof text, "%02X ", byte);
    out += text;
  }
  if (!out.empty()) out.pop_back();
  return out;
}

// Written out by hand from clauses 5.2 to 5.4 of the MQTT-SN 1.2 specification. Statements, since
// one initialiser of so many packets takes the compiler minutes and gigabytes.
struct Row {
  Packet packet;
  std::string hex;
};
class Rows {
 public:
  Rows() {
    Gateways();
    Connections();
    Publications();
    Subscriptions();
    Wills();
  }
  auto begin() const { return rows_.begin(); }
  auto end() const { return rows_.end(); }

 private:
  void Gateways() {
    Add(Advertise{.gateway_id = 1, .duration_s = 900}, "05 00 01 03 84");
    Add(SearchGateway{.radius = 2}, "03 01 02");
    Add(GatewayInfo{.gateway_id = 1}, "03 02 01");
    Add(GatewayInfo{.gateway_id = 1, .address = "\x7F"}, "04 02 01 7F");
  }
  void Connections() {
    Add(Connect{.duration_s = 60, .client_id = "ab"}, "08 04 00 01 00 3C 61 62");
    Add(Connect{.will = true, .clean_session = true, .duration_s = 258, .client_id = "a"},
        "07 04 0C 01 01 02 61");
    Add(Connect{.clean_session = true, .client_id = "a", .protocol_id = 2}, "07 04 04 02 00 00 61");
    Add(Connack{.code = 0}, "03 05 00");
    Add(Connack{.code = kNotSupported}, "03 05 03");
    Add(PingRequest{}, "02 16");
    Add(PingRequest{.client_id = "ab"}, "04 16 61 62");
    Add(PingResponse{}, "02 17");
    Add(Disconnect{}, "02 18");
    Add(Disconnect{.duration_s = 300}, "04 18 01 2C");
  }
  void Publications() {
    Add(Register{.topic_id = 0, .message_id = 7, .topic = "a/b"}, "09 0A 00 00 00 07 61 2F 62");
    Add(Regack{.topic_id = 0x1234, .message_id = 7, .code = 0}, "07 0B 12 34 00 07 00");
    Add(Publish{.topic = {.id = 5}, .payload = "hi"}, "09 0C 00 00 05 00 00 68 69");
    Add(Publish{.duplicate = true, .retain = true, .qos = 2, .topic = {.id = 5}, .message_id = 9},
        "07 0C D0 00 05 00 09");
    Add(Publish{.qos = 1, .topic = {.kind = Kind::kPredefined, .id = 3}, .message_id = 1},
        "07 0C 21 00 03 00 01");
    Add(Publish{.topic = {.kind = Kind::kShort, .name = "ab"}, .payload = "x"},
        "08 0C 02 61 62 00 00 78");
    Add(Publish{.qos = -1, .topic = {.kind = Kind::kPredefined, .id = 3}, .payload = "x"},
        "08 0C 61 00 03 00 00 78");
    Add(Puback{.topic_id = 5, .message_id = 9, .code = kInvalidTopicId}, "07 0D 00 05 00 09 02");
    Add(Pubcomp{.message_id = 9}, "04 0E 00 09");
    Add(Pubrec{.message_id = 9}, "04 0F 00 09");
    Add(Pubrel{.message_id = 9}, "04 10 00 09");
  }
  void Subscriptions() {
    Add(Subscribe{.qos = 1, .message_id = 4, .topic = {.name = "a/#"}}, "08 12 20 00 04 61 2F 23");
    Add(Subscribe{.duplicate = true, .qos = 2, .message_id = 4, .topic = {Kind::kPredefined, 6}},
        "07 12 C1 00 04 00 06");
    Add(Subscribe{.message_id = 4, .topic = {.kind = Kind::kShort, .name = "ab"}},
        "07 12 02 00 04 61 62");
    Add(Suback{.qos = 1, .topic_id = 5, .message_id = 4, .code = 0}, "08 13 20 00 05 00 04 00");
    Add(Unsubscribe{.message_id = 4, .topic = {.name = "abc"}}, "08 14 00 00 04 61 62 63");
    Add(Unsubscribe{.message_id = 4, .topic = {Kind::kPredefined, 6}}, "07 14 01 00 04 00 06");
    Add(Unsuback{.message_id = 4}, "04 15 00 04");
  }
  void Wills() {
    Add(WillTopicRequest{}, "02 06");
    Add(WillTopic{}, "02 07");
    Add(WillTopic{.topic = "w", .qos = 1, .retain = true}, "04 07 30 77");
    Add(WillMessageRequest{}, "02 08");
    Add(WillMessage{.payload = "bye"}, "05 09 62 79 65");
    Add(WillMessage{}, "02 09");
    Add(WillTopicUpdate{.topic = "w", .qos = 2}, "04 1A 40 77");
    Add(WillTopicUpdate{}, "02 1A");
    Add(WillTopicResponse{.code = 0}, "03 1B 00");
    Add(WillMessageUpdate{.payload = "x"}, "03 1C 78");
    Add(WillMessageResponse{.code = kCongestion}, "03 1D 01");
  }
  void Add(Packet packet, const char* hex) { rows_.push_back({std::move(packet), hex}); }

  std::vector<Row> rows_;
};

TEST(MqttSnPacket, IsWrittenAsTheSpecificationHasIt) {
  for (const Row& row : Rows()) EXPECT_EQ(Hex(Encode(row.packet)), row.hex);
}

TEST(MqttSnPacket, IsReadAsTheSpecificationHasIt) {
  for (const Row& row : Rows()) EXPECT_EQ(Decode(Bytes(row.hex)), row.packet) << row.hex;
}

TEST(MqttSnPacket, HasThreeBytesOfLengthFrom256On) {
  const Packet longest_short = WillMessage{.payload = std::string(253, 'x')};
  EXPECT_EQ(Hex(Encode(longest_short).substr(0, 2)), "FF 09");
  EXPECT_EQ(Decode(Encode(longest_short)), longest_short);
  const Packet shortest_long = WillMessage{.payload = std::string(254, 'x')};
  EXPECT_EQ(Encode(shortest_long).size(), 258U);
  EXPECT_EQ(Hex(Encode(shortest_long).substr(0, 4)), "01 01 02 09");
  EXPECT_EQ(Decode(Encode(shortest_long)), shortest_long);
  // The long form may be used for any length (5.2.1).
  EXPECT_EQ(Decode(Bytes("01 00 05 05 03")), Packet{Connack{.code = 3}});
}

TEST(MqttSnPacket, IsCutWhereItsLengthCannotBeWritten) {
  const std::string bytes = Encode(WillMessage{.payload = std::string(70'000, 'x')});
  EXPECT_EQ(bytes.size(), kLongestPacket);
  EXPECT_EQ(Decode(bytes), Packet{WillMessage{.payload = std::string(kLongestPacket - 4, 'x')}});
}

TEST(MqttSnPacket, FillsUpOrCutsAShortName) {
  const Publish publish{.topic = {.kind = Kind::kShort, .name = "a"}};
  EXPECT_EQ(Hex(Encode(publish)), "07 0C 02 61 00 00 00");
  const Subscribe subscribe{.topic = {.kind = Kind::kShort, .name = "abc"}};
  EXPECT_EQ(Hex(Encode(subscribe)), "07 12 02 00 00 61 62");
}

TEST(MqttSnPacket, IsRefusedIfItIsNotWhole) {
  for (const Row& row : Rows()) {
    const std::string bytes = Bytes(row.hex);
    EXPECT_EQ(Decode(bytes + "x"), std::nullopt) << "a byte more than " << row.hex;
    EXPECT_EQ(Decode(bytes.substr(0, bytes.size() - 1)), std::nullopt) << "less than " << row.hex;
  }
}

TEST(MqttSnPacket, IsRefusedIfItIsMalformed) {
  for (const char* hex : {
           "02 03",                    // reserved type
           "02 11",                    // reserved type
           "03 FE 00",                 // encapsulation
           "01 00",                    // long form without its length
           "00 05",                    // length 0
           "03 07 00",                 // will topic flags without a topic
           "04 07 60 77",              // will QoS -1
           "06 0A 00 00 00 07",        // nothing to register
           "07 0C 03 00 05 00 00",     // reserved kind of topic
           "08 12 60 00 04 61 62 63",  // subscription with QoS -1
           "05 12 00 00 04",           // subscription to nothing
           "06 12 01 00 04 00",        // half a topic id
           "03 18 01",                 // half a duration
       }) {
    EXPECT_EQ(Decode(Bytes(hex)), std::nullopt) << hex;
  }
}

}  // namespace
}  // namespace assay::device::sn
