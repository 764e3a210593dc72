// What LocalMqttService and MosquittoService (against a real mosquitto) have in common.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "devices/bench_broker.h"
#include "devices/local_mqtt_broker.h"
#include "devices/mqtt_service.h"
#include "devices/mqtt_service_testing.h"

namespace assay::device {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr Time kSilence = milliseconds(200);

class MqttServiceContract : public ::testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (!GetParam()) return;
    mosquitto_ = std::make_unique<BenchBroker>(BenchBroker::Options{});
    ASSERT_EQ(mosquitto_->Error(), "");
  }

  ServiceDriver Modem() {
    if (!GetParam()) return {MakeLocalMqttService(local_, milliseconds(5)), false};
    return {MakeMosquittoService({.host = "localhost", .port = mosquitto_->Port()}), true};
  }

  static void Start(ServiceDriver& modem, const ConnectRequest& request, int link = 0) {
    const std::string index = std::to_string(link);
    modem->Open(link, {.host = "broker.example", .port = 1883}, modem.Now());
    ASSERT_THAT(modem.Next(1), ElementsAre(index + " opened"));
    modem->Connect(link, request, modem.Now());
    ASSERT_THAT(modem.Next(1), ElementsAre(index + " connack 0"));
  }
  static void Subscribe(ServiceDriver& modem, const std::string& filter, int qos) {
    modem->Subscribe(0, 900, 1, {{filter, qos}}, modem.Now());
    ASSERT_THAT(modem.Next(1), ElementsAre("0 suback #900 " + std::to_string(qos)));
  }
  static void Publish(ServiceDriver& modem, std::uint64_t token, const std::string& topic,
                      const std::string& payload, int qos, bool retain = false) {
    modem->Publish(0, token, 1, topic, payload, qos, retain, modem.Now());
  }

 private:
  std::shared_ptr<LocalBroker> local_ = MakeLocalBroker();
  std::unique_ptr<BenchBroker> mosquitto_;
};

TEST_P(MqttServiceContract, PublishesAndReceivesAtEveryQos) {
  for (const int version : {3, 4}) {
    ServiceDriver modem = Modem();
    Start(modem, {.version = version, .client_id = "m"});
    Subscribe(modem, "a/+", 2);
    for (const int qos : {0, 1, 2}) {
      const std::string payload("\0\x1a\r\n\xff", 5);
      Publish(modem, 1, "a/b", payload, qos);
      EXPECT_THAT(modem.Next(2),
                  UnorderedElementsAre("0 published #1", "0 message a/b=" + payload + " q" +
                                                             std::to_string(qos) + " m" +
                                                             std::to_string(qos)));
    }
    modem->Disconnect(0, modem.Now());
    EXPECT_THAT(modem.Next(1), ElementsAre("0 disconnected"));
  }
}

TEST_P(MqttServiceContract, SubscribesSeveralFiltersAtTheirOwnQos) {
  ServiceDriver modem = Modem();
  Start(modem, {.client_id = "m"});
  modem->Subscribe(0, 1, 1, {{"a", 2}, {"b", 0}, {"c/#/d", 1}, {"e", 1}, {"f", 2}}, modem.Now());
  EXPECT_THAT(modem.Next(1), ElementsAre("0 suback #1 2 0 128 1 2"));
  modem->Subscribe(0, 2, 1, {{"#/x", 1}}, modem.Now());
  EXPECT_THAT(modem.Next(1), ElementsAre("0 suback #2 128"));
  modem->Unsubscribe(0, 3, 1, {"a", "b"}, modem.Now());
  EXPECT_THAT(modem.Next(1), ElementsAre("0 unsuback #3"));
  Publish(modem, 4, "a", "x", 0);
  EXPECT_THAT(modem.Just(1), ElementsAre("0 published #4"));
}

TEST_P(MqttServiceContract, KeepsRetainedMessages) {
  ServiceDriver modem = Modem();
  Start(modem, {.client_id = "m"});
  Publish(modem, 1, "r/1", "kept", 1, true);
  EXPECT_THAT(modem.Next(1), ElementsAre("0 published #1"));
  Publish(modem, 2, "r/2", "gone", 1, true);
  EXPECT_THAT(modem.Next(1), ElementsAre("0 published #2"));
  Publish(modem, 3, "r/2", "", 1, true);
  EXPECT_THAT(modem.Next(1), ElementsAre("0 published #3"));
  Subscribe(modem, "r/#", 0);
  EXPECT_THAT(modem.Just(1), ElementsAre("0 message r/1=kept q0 m0 retained"));
}

TEST_P(MqttServiceContract, PublishesTheWillOfALinkThatIsClosed) {
  ServiceDriver observer = Modem(), modem = Modem();
  Start(observer, {.client_id = "observer"});
  Subscribe(observer, "will/#", 1);
  const ConnectRequest request{.client_id = "m",
                               .will = Will{.topic = "will/m", .payload = "gone", .qos = 1}};
  Start(modem, request);
  modem->Disconnect(0, modem.Now());
  EXPECT_THAT(modem.Next(1), ElementsAre("0 disconnected"));
  EXPECT_THAT(observer.Next(1, kSilence), IsEmpty());
  Start(modem, request);
  modem->Close(0, modem.Now());
  EXPECT_THAT(observer.Next(1), ElementsAre("0 message will/m=gone q1 m1"));
  Start(modem, request);
  modem.Destroy();
  EXPECT_THAT(observer.Next(1), ElementsAre("0 message will/m=gone q1 m2"));
}

TEST_P(MqttServiceContract, TheOlderOfTwoWithOneNameIsClosed) {
  ServiceDriver older = Modem(), newer = Modem();
  Start(older, {.client_id = "m"});
  Start(newer, {.client_id = "m"});
  EXPECT_THAT(older.Next(1), ElementsAre("0 closed by peer"));
  Publish(newer, 1, "t", "x", 1);
  EXPECT_THAT(newer.Next(1), ElementsAre("0 published #1"));
}

TEST_P(MqttServiceContract, APersistentSessionKeepsMessages) {
  ServiceDriver modem = Modem(), other = Modem();
  const ConnectRequest request{.client_id = "m", .clean_session = false};
  Start(modem, request);
  Subscribe(modem, "t", 1);
  modem->Disconnect(0, modem.Now());
  EXPECT_THAT(modem.Next(1), ElementsAre("0 disconnected"));
  Start(other, {.client_id = "other"});
  Publish(other, 1, "t", "kept", 1);
  EXPECT_THAT(other.Next(1), ElementsAre("0 published #1"));
  modem->Open(0, {.host = "broker.example", .port = 1883}, modem.Now());
  EXPECT_THAT(modem.Next(1), ElementsAre("0 opened"));
  modem->Connect(0, request, modem.Now());
  EXPECT_THAT(modem.Next(2), ElementsAre("0 connack 0", "0 message t=kept q1 m1"));
}

TEST_P(MqttServiceContract, RunsSeveralLinks) {
  ServiceDriver modem = Modem();
  Start(modem, {.client_id = "a"}, 0);
  Start(modem, {.client_id = "b"}, 5);
  Subscribe(modem, "t", 0);
  modem->Publish(5, 1, 1, "t", "x", 0, false, modem.Now());
  EXPECT_THAT(modem.Next(2), ElementsAre("5 published #1", "0 message t=x q0 m0"));
}

TEST_P(MqttServiceContract, RefusesWhatABrokerMustRefuse) {
  for (const ConnectRequest& request :
       {ConnectRequest{.client_id = "", .clean_session = false},
        ConnectRequest{.version = 3, .client_id = "", .clean_session = true}}) {
    ServiceDriver modem = Modem();
    modem->Open(0, {.host = "broker.example", .port = 1883}, modem.Now());
    EXPECT_THAT(modem.Next(1), ElementsAre("0 opened"));
    modem->Connect(0, request, modem.Now());
    EXPECT_THAT(modem.Just(1), ElementsAre("0 connack 2"));
  }
}

TEST_P(MqttServiceContract, ClosesTheLinkOfAClientThatBreaksTheProtocol) {
  ServiceDriver modem = Modem();
  Start(modem, {.client_id = "m"});
  modem->Connect(0, {.client_id = "m"}, modem.Now());
  EXPECT_THAT(modem.Just(1), ElementsAre("0 closed by peer"));
  Start(modem, {.client_id = "m"});
  Publish(modem, 1, "a/#", "x", 1);
  EXPECT_THAT(modem.Just(1), ElementsAre("0 closed by peer"));
}

TEST_P(MqttServiceContract, AnswersRequestsThatComeAtTheWrongMoment) {
  ServiceDriver modem = Modem();
  Publish(modem, 1, "t", "x", 0);
  modem->Subscribe(0, 2, 1, {{"t", 0}}, modem.Now());
  modem->Unsubscribe(0, 3, 1, {"t"}, modem.Now());
  EXPECT_THAT(modem.Next(3), ElementsAre("0 gave up #1", "0 gave up #2", "0 gave up #3"));
  modem->Connect(0, {.client_id = "m"}, modem.Now());
  EXPECT_THAT(modem.Next(1), ElementsAre("0 connect failed: unreachable"));
  modem->Disconnect(0, modem.Now());
  EXPECT_THAT(modem.Next(1), ElementsAre("0 disconnected"));
}

TEST_P(MqttServiceContract, ResolvesNoInvalidName) {
  ServiceDriver modem = Modem();
  modem->Open(0, {.host = "Nowhere.INVALID", .port = 1883}, modem.Now());
  EXPECT_THAT(modem.Just(1), ElementsAre("0 open failed: dns"));
}

INSTANTIATE_TEST_SUITE_P(Both, MqttServiceContract, ::testing::Bool(), [](const auto& param) {
  return std::string(param.param ? "Mosquitto" : "Local");
});

}  // namespace
}  // namespace assay::device
