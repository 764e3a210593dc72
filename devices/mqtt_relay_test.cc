// A relay before a real broker: what passes through is what a broker and a client would say to each
// other without it, and what is written down is what they said.
#include "devices/mqtt_relay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "devices/bench_broker.h"
#include "devices/device.h"
#include "devices/mqtt_service.h"
#include "devices/mqtt_service_testing.h"
#include "devices/tcp.h"

namespace assay::device {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::EndsWith;

std::vector<std::string> Told(const WireJournal& journal) {
  std::vector<std::string> out;
  for (const WireEvent& event : journal.Since(0)) out.push_back(ToText(event));
  return out;
}

// Until so many have been written down, or patience ends.
std::vector<std::string> Await(const WireJournal& journal, std::size_t count) {
  for (int i = 0; i < 500 && journal.Count() < count; ++i) usleep(10'000);
  return Told(journal);
}

TEST(MqttRelay, LetsASessionThroughAndWritesItDown) {
  const BenchBroker broker({});
  ASSERT_EQ(broker.Error(), "");
  const auto journal = std::make_shared<WireJournal>();
  const MqttRelay relay({.port = broker.Port()}, journal);
  ASSERT_EQ(relay.Error(), "");
  ServiceDriver modem{MakeMosquittoService({.host = "127.0.0.1", .port = relay.Port()}), true};
  modem->Open(0, {.host = "broker.example", .port = 1}, modem.Now());
  ASSERT_THAT(modem.Next(1), ElementsAre("0 opened"));
  modem->Connect(0,
                 {.client_id = "me",
                  .will = Will{.topic = "w", .payload = "gone", .qos = 1, .retain = true},
                  .keep_alive_s = 60},
                 modem.Now());
  ASSERT_THAT(modem.Next(1), ElementsAre("0 connack 0"));
  modem->Subscribe(0, 1, 1, {{.topic = "a/#", .qos = 1}}, modem.Now());
  ASSERT_THAT(modem.Next(1), ElementsAre("0 suback #1 1"));
  const std::string payload(200'000, 'x');
  modem->Publish(0, 2, 2, "a/b", payload, 1, false, modem.Now());
  EXPECT_EQ(modem.Next(2).size(), 2u);
  modem->Disconnect(0, modem.Now());
  ASSERT_THAT(modem.Next(1), ElementsAre("0 disconnected"));
  // Before its own connection a modem of this kind tries whether somebody is there.
  EXPECT_THAT(Await(*journal, 10),
              ElementsAre("connection", "closed", "connection",
                          "CONNECT client \"me\" clean keep-alive 60 s will \"w\" qos 1 retain: "
                          "\"gone\"",
                          "<- CONNACK 0", "SUBSCRIBE \"a/#\" qos 1",
                          EndsWith("... (200000 bytes)"), EndsWith("... (200000 bytes)"),
                          "DISCONNECT", EndsWith("closed")));
}

TEST(MqttRelay, LetsBytesThroughThatAreNoMqtt) {
  const ListenResult listening = Listen("127.0.0.1", 0);
  ASSERT_NE(listening.listener, nullptr) << listening.error;
  const auto journal = std::make_shared<WireJournal>();
  const MqttRelay relay({.port = listening.listener->port()}, journal);
  const OpenResult modem =
      OpenTcp("127.0.0.1", static_cast<std::uint16_t>(relay.Port()), seconds(5));
  ASSERT_NE(modem.device, nullptr) << modem.error;
  const OpenResult server = listening.listener->Accept(seconds(5));
  ASSERT_NE(server.device, nullptr) << server.error;
  const auto passes = [](Device& from, Device& to, std::string_view bytes) {
    from.Write(bytes, from.Now() + seconds(5));
    std::string got;
    std::array<char, 4096> buffer;
    while (got.size() < bytes.size()) {
      const ReadResult read = to.Read(buffer, to.Now() + seconds(5));
      if (read.bytes == 0) break;
      got.append(buffer.data(), read.bytes);
    }
    return got == bytes;
  };
  EXPECT_TRUE(passes(*modem.device, *server.device, "\x16\x03\x01 hello"));
  EXPECT_TRUE(passes(*server.device, *modem.device, std::string(100'000, 'y')));
  EXPECT_TRUE(passes(*modem.device, *server.device, std::string(100'000, 'z')));
  EXPECT_THAT(Told(*journal), ElementsAre("connection", "TLS"));
}

TEST(MqttRelay, ClosesWhatNobodyAnswers) {
  const auto journal = std::make_shared<WireJournal>();
  std::unique_ptr<MqttRelay> relay;
  {
    const ListenResult once = Listen("127.0.0.1", 0);
    relay = std::make_unique<MqttRelay>(MqttRelay::Options{.port = once.listener->port()}, journal);
  }
  const OpenResult modem =
      OpenTcp("127.0.0.1", static_cast<std::uint16_t>(relay->Port()), seconds(5));
  ASSERT_NE(modem.device, nullptr) << modem.error;
  std::array<char, 16> buffer;
  const ReadResult read = modem.device->Read(buffer, modem.device->Now() + seconds(5));
  EXPECT_NE(read.ending, Ending::kNone);
  EXPECT_THAT(Await(*journal, 2), ElementsAre("connection", "<- closed"));
}

TEST(MqttRelay, SaysWhyItCannotListen) {
  const auto journal = std::make_shared<WireJournal>();
  const MqttRelay first({}, journal);
  ASSERT_EQ(first.Error(), "");
  const MqttRelay second({.listen_port = first.Port()}, journal);
  EXPECT_EQ(second.Error(),
            "listen on 127.0.0.1:" + std::to_string(first.Port()) + ": Address already in use");
  EXPECT_EQ(second.Port(), 0);
  EXPECT_EQ(MqttRelay({.listen = "bench7"}, journal).Error(), "listen on bench7:0: not an address");
}

}  // namespace
}  // namespace assay::device
