#include "devices/broker_script.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace assay::device {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kConnect[] = "\x10\x0d\0\4MQTT\4\2\0\x3c\0\1m";
constexpr std::size_t kConnectSize = 15;
const std::string kPublish = "\x32\x06\0\1t\0\x07x"s;             // QoS 1, id 7
const std::string kPublishTwice = "\x34\x06\0\1t\0\x08x"s;        // QoS 2, id 8
const std::string kSubscribe = "\x82\x0a\0\x09\0\1a\2\0\1b\0"s;  // a with QoS 2, b with 0

std::string Hex(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    constexpr char kDigits[] = "0123456789abcdef";
    out += kDigits[static_cast<unsigned char>(c) >> 4];
    out += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

std::vector<std::string> Words(const std::vector<BrokerStep>& steps) {
  std::vector<std::string> out;
  for (const BrokerStep& step : steps) {
    switch (step.kind) {
      case BrokerStep::Kind::kSend:
        out.push_back(Hex(step.bytes));
        break;
      case BrokerStep::Kind::kWait:
        out.push_back("wait " + std::to_string(step.wait.count()));
        break;
      case BrokerStep::Kind::kClose:
        out.push_back("close");
        break;
      case BrokerStep::Kind::kReset:
        out.push_back("reset");
        break;
      case BrokerStep::Kind::kStall:
        out.push_back("stall");
        break;
      case BrokerStep::Kind::kAnswer:
      case BrokerStep::Kind::kSuback:
        out.push_back("unresolved");
    }
  }
  return out;
}

BrokerScript Script(std::string_view text) {
  BrokerScriptResult read = ParseBrokerScript("t", text);
  EXPECT_TRUE(read.script.has_value()) << spec::Print(read.errors);
  return read.script.value_or(BrokerScript{});
}

TEST(BrokerScript, AnEmptyOneAnswersEverything) {
  const BrokerScript script = Script("# nothing special\n\n");
  ScriptedPeer peer(script);
  EXPECT_THAT(peer.Accepted(), IsEmpty());
  EXPECT_THAT(Words(peer.Heard({kConnect, kConnectSize})), ElementsAre("20020000"));
  EXPECT_THAT(Words(peer.Heard(kPublish)), ElementsAre("40020007"));
  EXPECT_THAT(Words(peer.Heard(kPublishTwice)), ElementsAre("50020008"));
  EXPECT_THAT(Words(peer.Heard("\x62\2\0\x08"s)), ElementsAre("70020008"));
  EXPECT_THAT(Words(peer.Heard(kSubscribe)), ElementsAre("900400090200"));
  EXPECT_THAT(Words(peer.Heard("\xa2\5\0\x0a\0\1a"s)), ElementsAre("b002000a"));
  EXPECT_THAT(Words(peer.Heard("\xc0\0"s)), ElementsAre("d000"));
  EXPECT_THAT(peer.Heard("\xe0\0"s), IsEmpty());
}

TEST(BrokerScript, ReadsPacketsInPiecesAndTogether) {
  const BrokerScript script = Script("");
  ScriptedPeer peer(script);
  std::vector<std::string> told;
  for (const char byte : kPublish) {
    for (std::string& one : Words(peer.Heard({&byte, 1}))) told.push_back(std::move(one));
  }
  EXPECT_THAT(told, ElementsAre("40020007"));
  EXPECT_THAT(Words(peer.Heard(kPublish + kPublishTwice)), ElementsAre("40020007", "50020008"));
}

TEST(BrokerScript, TheRuleThatSaysMostHolds) {
  const BrokerScript script = Script(
      "any: nothing\n"
      "connect: connack 5, close\n"
      "publish: wait 250ms, ok\n"
      "publish 2: ok, cut 2, reset\n"
      "subscribe: suback 128\n"
      "pingreq: hex c0 FFee, publish \"a\" \"b, c\"\n"
      "accept: stall\n");
  ScriptedPeer peer(script);
  EXPECT_THAT(Words(peer.Accepted()), ElementsAre("stall"));
  EXPECT_THAT(Words(peer.Heard({kConnect, kConnectSize})), ElementsAre("20020005", "close"));
  EXPECT_THAT(Words(peer.Heard(kPublish)), ElementsAre("wait 250000", "40020007"));
  EXPECT_THAT(Words(peer.Heard(kPublish)), ElementsAre("4002", "reset"));
  EXPECT_THAT(Words(peer.Heard(kPublish)), ElementsAre("wait 250000", "40020007"));
  EXPECT_THAT(Words(peer.Heard(kSubscribe)), ElementsAre("900400098080"));
  EXPECT_THAT(Words(peer.Heard("\xc0\0"s)), ElementsAre("c0ffee", "3007000161622c2063"));
  EXPECT_THAT(peer.Heard("\xe0\0"s), IsEmpty());
}

TEST(BrokerScript, WhatIsNoMqttIsCutOff) {
  const BrokerScript script = Script("");
  const BrokerScript silent = Script("any: nothing");
  for (const std::string& bytes : {"\x16\3\1\2\0\1\0\1"s, "\0\0"s, "\x30\xff\xff\xff\xff\xff"s}) {
    ScriptedPeer peer(script);
    EXPECT_THAT(Words(peer.Heard(bytes)), ::testing::Contains("close")) << Hex(bytes);
    EXPECT_THAT(peer.Heard(bytes), IsEmpty());
    ScriptedPeer other(silent);
    EXPECT_THAT(other.Heard(bytes), IsEmpty());
  }
}

TEST(BrokerScript, TellsWhatIsWrongWhere) {
  const struct {
    const char* text;
    const char* error;
  } kRows[] = {
      {"connect connack 0", "t:1:1: error: a rule without a colon"},
      {"\nconnekt: ok", "t:2:1: error: unknown event \"connekt\""},
      {"publish 0: ok", "t:1:9: error: \"0\" is no number of a packet"},
      {"publish: ok, explode", "t:1:14: error: unknown step"},
      {"connect: connack", "t:1:10: error: a code is missing"},
      {"connect: connack 256", "t:1:10: error: a code is missing"},
      {"connect: cut 2", "t:1:10: error: a cut of nothing"},
      {"connect: close, cut 2", "t:1:17: error: a cut of nothing"},
      {"connect: wait", "t:1:10: error: no time"},
      {"connect: wait 5", "t:1:10: error: no time"},
      {"connect: hex 2", "t:1:10: error: no bytes"},
      {"connect: hex 20 zz", "t:1:10: error: no bytes"},
      {"connect: publish \"a\"", "t:1:10: error: no message"},
      {"connect: ok ok", "t:1:13: error: nothing may stand here"},
      {"connect: ,", "t:1:1: error: unknown step"},
  };
  for (const auto& row : kRows) {
    const BrokerScriptResult read = ParseBrokerScript("t", row.text);
    ASSERT_EQ(read.errors.size(), 1u) << row.text;
    EXPECT_THAT(spec::Print(read.errors[0]), ::testing::StartsWith(row.error)) << row.text;
    EXPECT_FALSE(read.script.has_value());
  }
}

}  // namespace
}  // namespace assay::device
