// MQTT-SN of an emulated modem, where the goldens do not get: hosts that misbehave, and what the
// broker sees of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>

#include "devices/emulator_testing.h"

namespace assay::device {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class EmulatorSn : public ::testing::Test {
 protected:
  EmulatorSn() { bench_.Ask("ATE0\r"); }
  std::string Open(const std::string& host, Time patience = seconds(1)) {
    return bench_.Ask("AT+MQTTOPEN=101,\"" + host + "\",1885,1,60\r", patience);
  }
  // The last thing that some client of the broker published there.
  std::string Published() {
    const auto& log = bench_.broker().Log();
    const auto last = std::find_if(log.rbegin(), log.rend(), [](const BrokerPacket& packet) {
      return packet.type == BrokerPacket::Type::kPublish;
    });
    return last == log.rend() ? "" : last->client_id + " " + last->topic + "=" + last->payload;
  }

  Bench bench_{"fibocom-v1.3"};
};

TEST_F(EmulatorSn, DoesNotOpenWhereNoGatewayIs) {
  EXPECT_EQ(Open("gateway.invalid"), "\r\nOK\r\n\r\n+MQTTOPEN: 101,0\r\n");
  EXPECT_EQ(Open("refused.test"), "\r\nOK\r\n\r\n+MQTTOPEN: 101,0\r\n");
  EXPECT_EQ(Open("connack-3.test"), "\r\nOK\r\n\r\n+MQTTOPEN: 101,0\r\n");
  EXPECT_EQ(Open("silent.test", milliseconds(4990)), "\r\nOK\r\n");
  EXPECT_EQ(bench_.Wait(milliseconds(20)), "\r\n+MQTTOPEN: 101,0\r\n");
}

TEST_F(EmulatorSn, GivesUpInTheTimeOfTheCommand) {
  EXPECT_EQ(Open("mute.test"), "\r\nOK\r\n\r\n+MQTTOPEN: 101,1\r\n");
  EXPECT_EQ(bench_.Ask("AT+MQTTSNREG=101,\"a/b\"\r", milliseconds(2990)), "\r\nOK\r\n");
  EXPECT_EQ(bench_.Wait(milliseconds(20)), "\r\n+MQTTSNREG: 101,0\r\n");
  EXPECT_EQ(bench_.Ask("AT+MQTTWMSGUD=101,\"x\"\r", seconds(4)),
            "\r\nOK\r\n\r\n+MQTTWMSGUD: 101,0\r\n");
}

TEST_F(EmulatorSn, TellsThatTheGatewayHasGone) {
  EXPECT_EQ(Open("closing.test"), "\r\nOK\r\n\r\n+MQTTOPEN: 101,1\r\n");
  EXPECT_EQ(bench_.Ask("AT+MQTTSNREG=101,\"a/b\"\r", seconds(1)),
            "\r\nOK\r\n\r\n+MQTTBREAK: 101,1\r\n");
}

TEST_F(EmulatorSn, TellsWhyItsLinkIsGoneAndOpensAgainOnceItIsBack) {
  using transcript::BenchAct;
  const std::string opened = "\r\nOK\r\n\r\n+MQTTOPEN: 101,1\r\n";
  EXPECT_EQ(Open("gateway.example"), opened);
  EXPECT_TRUE(bench_.modem().Do(BenchAct::kNetworkOff, bench_.now()));
  EXPECT_EQ(bench_.Wait(milliseconds(20)), "\r\n+MQTTBREAK: 101,2\r\n");
  EXPECT_EQ(bench_.Wait(seconds(300)), "");
  EXPECT_EQ(Open("gateway.example", seconds(10)), "\r\nOK\r\n\r\n+MQTTOPEN: 101,0\r\n");
  EXPECT_TRUE(bench_.modem().Do(BenchAct::kNetworkOn, bench_.now()));
  EXPECT_EQ(Open("gateway.example"), opened);
  EXPECT_TRUE(bench_.modem().Do(BenchAct::kSimOut, bench_.now()));
  EXPECT_EQ(bench_.Wait(milliseconds(20)), "\r\n+MQTTBREAK: 101,3\r\n");
  // Both have to be there.
  EXPECT_TRUE(bench_.modem().Do(BenchAct::kNetworkOff, bench_.now()));
  EXPECT_TRUE(bench_.modem().Do(BenchAct::kSimIn, bench_.now()));
  EXPECT_EQ(Open("gateway.example", seconds(10)), "\r\nOK\r\n\r\n+MQTTOPEN: 101,0\r\n");
  EXPECT_TRUE(bench_.modem().Do(BenchAct::kNetworkOn, bench_.now()));
  EXPECT_EQ(Open("gateway.example"), opened);
  EXPECT_FALSE(bench_.modem().Do(BenchAct::kPower, bench_.now()));
}

TEST_F(EmulatorSn, TellsOfANameThatTheGatewayRegisters) {
  Open("gateway.example");
  bench_.Ask("AT+MQTTSUB=101,\"a/#\",0\r", seconds(1));
  bench_.broker().Publish({.topic = "a/b", .payload = "hello"}, bench_.now());
  EXPECT_EQ(bench_.Wait(seconds(1)),
            "\r\n+MQTTSNREG: 101,2,1,\"a/b\"\r\n\r\n+MQTTMSG: 101,0,1,\"hello\"\r\n");
  EXPECT_EQ(bench_.Ask("AT+MQTTPUB=101,1,0,0,\"back\"\r", seconds(1)),
            "\r\nOK\r\n\r\n+MQTTPUB: 101,1\r\n\r\n+MQTTMSG: 101,0,1,\"back\"\r\n");
}

TEST_F(EmulatorSn, PublishesToANameAsItIs) {
  bench_.Ask("AT+MQTTSNCID=101,\"me\"\r");
  Open("gateway.example");
  EXPECT_EQ(bench_.Ask("AT+MQTTPUB=101,\"a/long/name\",2,0,\"hello\"\r", seconds(1)),
            "\r\nOK\r\n\r\n+MQTTPUB: 101,1\r\n");
  EXPECT_EQ(Published(), "me a/long/name=hello");
}

TEST_F(EmulatorSn, LeavesItsNewWillWhenItIsRestarted) {
  bench_.Ask("AT+MQTTSNCID=101,\"me\"\r");
  bench_.Ask("AT+MQTTWILL=101,\"old\",0,0,\"gone\"\r");
  Open("gateway.example");
  bench_.Ask("AT+MQTTWTOPICUD=101,0,0,\"new\"\r", seconds(1));
  EXPECT_EQ(bench_.Ask("AT+CFUN=1,1\r"), "\r\nOK\r\n");
  bench_.Wait(seconds(80));
  EXPECT_EQ(Published(), "");
  bench_.Wait(seconds(20));  // one and a half of its 60 s
  EXPECT_EQ(Published(), "me new=gone");
}

}  // namespace
}  // namespace assay::device
