#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "devices/local_mqtt_broker.h"
#include "devices/mqtt_service.h"
#include "devices/mqtt_service_testing.h"

namespace assay::device {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Rows = std::vector<std::string>;

constexpr Time kLatency = milliseconds(10);

// A modem's service with a clock: every expectation is "<milliseconds> <event>".
struct Modem {
  explicit Modem(std::shared_ptr<LocalBroker> to, Time latency = kLatency)
      : broker(std::move(to)), service(MakeLocalMqttService(broker, latency)) {}

  Rows Until(Time end) {
    Rows rows;
    while (service->NextEvent() <= end) {
      now = std::max(now, service->NextEvent());
      while (const auto event = service->Poll(now)) {
        EXPECT_LE(event->at, now);
        rows.push_back(std::to_string(event->at.count() / 1000) + " " + Text(*event));
      }
    }
    now = std::max(now, end);
    return rows;
  }
  Rows For(Time span) { return Until(now + span); }

  void Open(const std::string& host, int link = 0) {
    service->Open(link, {.host = host, .port = 1883}, now);
  }
  Rows Start(ConnectRequest request, const std::string& host = "broker.example", int link = 0) {
    Open(host, link);
    For(kLatency);
    service->Connect(link, request, now);
    return For(kLatency);
  }
  void Subscribe(const std::string& topic, int qos, int link = 0) {
    service->Subscribe(link, 100, 1, {{topic, qos}}, now);
  }
  void Publish(std::uint64_t token, const std::string& topic, const std::string& payload, int qos,
               bool retain = false, int link = 0) {
    service->Publish(link, token, 1, topic, payload, qos, retain, now);
  }

  std::shared_ptr<LocalBroker> broker;
  std::unique_ptr<MqttService> service;
  Time now{0};
};

ConnectRequest As(const std::string& id) { return {.client_id = id, .keep_alive_s = 0}; }

ConnectRequest WithWill(const std::string& id) {
  ConnectRequest request = As(id);
  request.will = Will{.topic = "will", .payload = id, .qos = 1};
  return request;
}

TEST(LocalMqttService, OpensAsTheHostNameAsks) {
  const struct {
    std::string host;
    std::string expected;
  } kRows[] = {
      {"broker.example", "10 0 opened"},
      {"192.0.2.7", "10 0 opened"},
      {"nowhere.invalid", "10 0 open failed: dns"},
      {"NOWHERE.INVALID", "10 0 open failed: dns"},
      {"refused.test", "10 0 open failed: refused"},
      {"unreachable.test", "75000 0 open failed: timeout"},
      {"silent.test", "10 0 opened"},
      {"untrusted.test", "10 0 opened"},
      {"connack-6.test", "10 0 opened"},
  };
  for (const auto& row : kRows) {
    Modem modem(MakeLocalBroker());
    modem.Open(row.host);
    EXPECT_THAT(modem.For(seconds(80)), ElementsAre(row.expected)) << row.host;
  }
}

TEST(LocalMqttService, ADoubtfulCertificateMattersOnlyWhenVerified) {
  for (const char* host : {"untrusted.test", "misnamed.test", "expired.test"}) {
    for (const bool verify : {false, true}) {
      for (const bool ignore_time : {false, true}) {
        Modem modem(MakeLocalBroker());
        const TlsOptions tls{.enabled = true, .verify = verify, .ignore_time = ignore_time};
        modem.service->Open(0, {.host = host, .port = 8883, .tls = tls}, modem.now);
        const bool will_do = host == std::string("expired.test") && ignore_time;
        EXPECT_THAT(modem.For(seconds(1)),
                    ElementsAre(verify && !will_do ? "10 0 open failed: tls" : "10 0 opened"))
            << host;
      }
    }
  }
}

TEST(LocalMqttService, ConnectsAsTheHostNameAsks) {
  const struct {
    std::string host;
    std::string expected;
  } kRows[] = {
      {"broker.example", "20 0 connack 0"}, {"connack-1.test", "20 0 connack 1"},
      {"connack-2.test", "20 0 connack 2"}, {"connack-3.test", "20 0 connack 3"},
      {"connack-4.test", "20 0 connack 4"}, {"connack-5.test", "20 0 connack 5"},
      {"mute.test", "20 0 connack 0"},      {"silent.test", "5010 0 connect failed: timeout"},
  };
  for (const auto& row : kRows) {
    Modem modem(MakeLocalBroker());
    Rows rows = modem.Start(As("m"), row.host);
    for (std::string& late : modem.For(seconds(10))) rows.push_back(std::move(late));
    EXPECT_THAT(rows, ElementsAre(row.expected)) << row.host;
  }
}

TEST(LocalMqttService, RefusesWhatABrokerMustRefuse) {
  const struct {
    int version;
    std::string id;
    bool clean;
    int code;
  } kRows[] = {{4, "", true, 0},  {4, "", false, 2}, {3, "", true, 2},
               {3, "m", true, 0}, {5, "m", true, 1}, {4, "m", false, 0}};
  for (const auto& row : kRows) {
    Modem modem(MakeLocalBroker());
    EXPECT_THAT(modem.Start({.version = row.version,
                             .client_id = row.id,
                             .clean_session = row.clean,
                             .keep_alive_s = 0}),
                ElementsAre("20 0 connack " + std::to_string(row.code)));
  }
}

TEST(LocalMqttService, PublishesAtEveryQosAndDeliversAtTheLowerOne) {
  for (const int published : {0, 1, 2}) {
    for (const int subscribed : {0, 1, 2}) {
      Modem modem(MakeLocalBroker());
      modem.Start(As("m"));
      modem.Subscribe("a/#", subscribed);
      EXPECT_THAT(modem.For(kLatency),
                  ElementsAre("30 0 suback #100 " + std::to_string(subscribed)));
      modem.Publish(7, "a/b", "x", published);
      const int qos = std::min(published, subscribed);
      const std::string done = std::to_string(30 + 10 * published);
      const std::string told = std::to_string(published == 2 ? 50 : 40);
      EXPECT_THAT(
          modem.For(seconds(1)),
          ElementsAre(done + " 0 published #7", told + " 0 message a/b=x q" + std::to_string(qos) +
                                                    " m" + (qos > 0 ? "1" : "0")));
    }
  }
}

TEST(LocalMqttService, NumbersDeliveriesPerConnection) {
  Modem modem(MakeLocalBroker());
  for (int round = 0; round < 2; ++round) {
    modem.Start(As("m"));
    modem.Subscribe("t", 1);
    modem.For(kLatency);
    const Time at = modem.now;
    modem.broker->Publish({"t", "x", 1, false}, at);
    modem.broker->Publish({"t", "y", 0, false}, at);
    modem.broker->Publish({"t", "z", 2, false}, at);
    const std::string due = std::to_string((at + kLatency).count() / 1000);
    EXPECT_THAT(modem.For(kLatency),
                ElementsAre(due + " 0 message t=x q1 m1", due + " 0 message t=y q0 m0",
                            due + " 0 message t=z q1 m2"));
  }
}

TEST(LocalMqttService, SubscribesSeveralTopicsAndRefusesMalformedOnes) {
  Modem modem(MakeLocalBroker());
  modem.Start(As("m"));
  modem.service->Subscribe(0, 1, 1, {{"a", 2}, {"b/#/c", 1}, {"", 0}, {"+/d", 1}}, modem.now);
  EXPECT_THAT(modem.For(kLatency), ElementsAre("30 0 suback #1 2 128 128 1"));
}

TEST(LocalMqttService, DeliversOneCopyForOverlappingFilters) {
  Modem modem(MakeLocalBroker());
  modem.Start(As("m"));
  modem.service->Subscribe(0, 1, 1, {{"a/#", 0}, {"+/b", 2}}, modem.now);
  modem.For(kLatency);
  modem.broker->Publish({"a/b", "x", 2, false}, modem.now);
  EXPECT_THAT(modem.For(kLatency), ElementsAre("40 0 message a/b=x q2 m1"));
}

TEST(LocalMqttService, UnsubscribesAndHearsNoMore) {
  Modem modem(MakeLocalBroker());
  modem.Start(As("m"));
  modem.Subscribe("t", 0);
  modem.For(kLatency);
  modem.service->Unsubscribe(0, 2, 1, {"t", "never/subscribed"}, modem.now);
  EXPECT_THAT(modem.For(kLatency), ElementsAre("40 0 unsuback #2"));
  modem.broker->Publish({"t", "x", 0, false}, modem.now);
  EXPECT_THAT(modem.For(seconds(1)), IsEmpty());
}

TEST(LocalMqttService, KeepsRetainedMessagesUntilAnEmptyOneClearsThem) {
  Modem modem(MakeLocalBroker());
  modem.Start(As("m"));
  modem.Publish(1, "r/1", "old", 1, true);
  modem.Publish(2, "r/1", "new", 1, true);
  modem.Publish(3, "r/2", "two", 0, true);
  modem.Publish(4, "r/3", "gone", 0, true);
  modem.Publish(5, "r/3", "", 0, true);
  modem.For(seconds(1));
  modem.Subscribe("r/+", 2);
  EXPECT_THAT(modem.For(kLatency),
              ElementsAre("1030 0 suback #100 2", "1030 0 message r/1=new q1 m1 retained",
                          "1030 0 message r/2=two q0 m0 retained"));
  modem.Publish(6, "r/1", "live", 0, true);  // to a standing subscription, not marked (3.3.1-9)
  EXPECT_THAT(modem.For(kLatency),
              ElementsAre("1030 0 published #6", "1040 0 message r/1=live q0 m0"));
}

TEST(LocalMqttService, APersistentSessionKeepsSubscriptionsAndMessages) {
  Modem modem(MakeLocalBroker());
  ConnectRequest lasting = As("m");
  lasting.clean_session = false;
  modem.Start(lasting);
  modem.Subscribe("t", 1);
  modem.For(kLatency);
  modem.service->Disconnect(0, modem.now);
  EXPECT_THAT(modem.For(kLatency), ElementsAre("40 0 disconnected"));
  modem.broker->Publish({"t", "zero", 0, false}, modem.now);
  modem.broker->Publish({"t", "one", 1, false}, modem.now);
  modem.broker->Publish({"t", "two", 2, false}, modem.now);
  EXPECT_THAT(modem.Start(lasting), ElementsAre("60 0 connack 0", "60 0 message t=one q1 m1",
                                                "60 0 message t=two q1 m2"));
  modem.service->Disconnect(0, modem.now);
  modem.For(kLatency);
  // A clean one ends it for good.
  EXPECT_THAT(modem.Start(As("m")), ElementsAre("90 0 connack 0"));
  modem.broker->Publish({"t", "x", 1, false}, modem.now);
  EXPECT_THAT(modem.For(seconds(1)), IsEmpty());
}

TEST(LocalMqttService, PublishesTheWillUnlessDisconnected) {
  enum class End { kDisconnect, kClose, kDestroy, kClosedByPeer, kTakenOver, kReopened };
  const struct {
    End end;
    bool will;
    Rows told;
  } kRows[] = {
      {End::kDisconnect, false, {"30 0 disconnected"}},
      {End::kClose, true, {}},
      {End::kDestroy, true, {}},
      {End::kClosedByPeer, true, {"30 0 closed by peer"}},
      {End::kTakenOver, true, {"20 0 closed by peer"}},
      {End::kReopened, true, {"30 0 opened"}},
  };
  for (const auto& row : kRows) {
    auto broker = MakeLocalBroker();
    Modem observer(broker), modem(broker), thief(broker);
    observer.Start(As("observer"));
    observer.Subscribe("will", 1);
    observer.For(kLatency);
    modem.Start(WithWill("m"));
    switch (row.end) {
      case End::kDisconnect:
        modem.service->Disconnect(0, modem.now);
        break;
      case End::kClose:
        modem.service->Close(0, modem.now);
        break;
      case End::kDestroy:
        modem.service = MakeLocalMqttService(broker, kLatency);
        break;
      case End::kClosedByPeer:
        EXPECT_TRUE(broker->CloseLink("m", modem.now));
        EXPECT_FALSE(broker->CloseLink("m", modem.now));
        break;
      case End::kTakenOver:
        EXPECT_THAT(thief.Start(As("m")), ElementsAre("20 0 connack 0"));
        break;
      case End::kReopened:
        modem.Open("broker.example");
        break;
    }
    EXPECT_EQ(modem.For(seconds(1)), row.told);
    const Rows seen = observer.For(seconds(1));
    ASSERT_EQ(seen.size(), row.will ? 1u : 0u);
    if (row.will) {
      EXPECT_THAT(seen[0], ::testing::HasSubstr("0 message will=m q1 m1"));
    }
  }
}

TEST(LocalMqttService, LosesEveryLinkWithTheNetworkAndOpensAgainAfterIt) {
  auto broker = MakeLocalBroker();
  Modem modem(broker);
  ConnectRequest lasting = As("observer");
  lasting.clean_session = false;
  modem.Start(lasting, "broker.example", 1);
  modem.Subscribe("will", 1, 1);
  modem.Start(WithWill("m"));
  modem.Open("broker.example", 2);
  modem.For(kLatency);
  modem.Open("broker.example", 3);
  broker->LoseNetwork(modem.now);
  EXPECT_THAT(modem.For(seconds(1)),
              ElementsAre("60 1 link lost", "60 0 link lost", "60 2 link lost",
                          "60 3 open failed: unreachable"));
  modem.Open("broker.example");
  EXPECT_THAT(modem.For(seconds(1)), ElementsAre("1060 0 open failed: unreachable"));
  broker->RestoreNetwork();
  EXPECT_THAT(modem.Start(lasting), ElementsAre("2070 0 connack 0", "2070 0 message will=m q1 m1"));
}

// The network of one modem: another one at the same broker keeps its own, and hears the will.
TEST(LocalMqttService, LosesItsOwnNetworkAlone) {
  auto broker = MakeLocalBroker();
  Modem modem(broker), other(broker);
  other.Start(As("observer"));
  other.Subscribe("will", 1);
  other.For(kLatency);
  modem.Start(WithWill("m"));
  modem.Open("broker.example", 2);
  EXPECT_TRUE(modem.service->SetNetwork(false, Loss::kRegistration, modem.now));
  EXPECT_THAT(modem.For(seconds(1)),
              ElementsAre(::testing::HasSubstr(" 0 link lost"),
                          ::testing::HasSubstr(" 2 open failed: unreachable")));
  EXPECT_THAT(other.For(seconds(2)), ElementsAre(::testing::HasSubstr("0 message will=m q1 m1")));
  modem.Open("broker.example");
  EXPECT_THAT(modem.For(seconds(1)), ElementsAre(::testing::HasSubstr("0 open failed: unreachable")));
  other.Publish(9, "x", "y", 0);
  EXPECT_THAT(other.For(kLatency), ElementsAre(::testing::HasSubstr("0 published #9")));
  EXPECT_TRUE(modem.service->SetNetwork(true, Loss::kLink, modem.now));
  EXPECT_THAT(modem.Start(WithWill("m")), ElementsAre(::testing::HasSubstr("0 connack 0")));
}

TEST(LocalMqttService, AMuteHostIsAskedAgainAndGivenUp) {
  const struct {
    const char* what;
    int retries;
    Rows expected;
  } kRows[] = {
      {"publish", 2, {"1020 0 retry #9 1", "2020 0 retry #9 2", "3020 0 gave up #9"}},
      {"publish", 0, {"1020 0 gave up #9"}},
      {"subscribe", 1, {"1020 0 retry #9 1", "2020 0 gave up #9"}},
      {"unsubscribe", 1, {"1020 0 retry #9 1", "2020 0 gave up #9"}},
      {"publish at once", 3, {"20 0 published #9"}},
  };
  for (const auto& row : kRows) {
    Modem modem(MakeLocalBroker());
    ConnectRequest request = As("m");
    request.packet_timeout = seconds(1);
    request.retries = row.retries;
    modem.Start(request, "mute.test");
    const std::string what = row.what;
    if (what == "publish") modem.Publish(9, "t", "x", 1);
    if (what == "publish at once") modem.Publish(9, "t", "x", 0);
    if (what == "subscribe") modem.service->Subscribe(0, 9, 1, {{"t", 1}}, modem.now);
    if (what == "unsubscribe") modem.service->Unsubscribe(0, 9, 1, {"t"}, modem.now);
    EXPECT_EQ(modem.For(seconds(60)), row.expected) << what;
    int again = 0;
    for (const BrokerPacket& packet : modem.broker->Log()) again += packet.duplicate;
    EXPECT_EQ(again, what == "publish at once" ? 0 : row.retries) << what;
  }
}

TEST(LocalMqttService, AMuteHostAnswersNoPing) {
  auto broker = MakeLocalBroker();
  Modem modem(broker), observer(broker);
  observer.Start(As("observer"));
  observer.Subscribe("will", 0);
  observer.For(kLatency);
  ConnectRequest request = WithWill("m");
  request.keep_alive_s = 10;
  request.packet_timeout = seconds(2);
  request.retries = 1;
  modem.Start(request, "mute.test");
  EXPECT_THAT(modem.Until(seconds(5)), IsEmpty());
  modem.Publish(1, "t", "x", 1);  // this and its retry at 7 s put the PINGREQ off to 17 s
  EXPECT_THAT(modem.Until(seconds(60)),
              ElementsAre("7000 0 retry #1 1", "9000 0 gave up #1", "19000 0 ping timeout"));
  EXPECT_THAT(observer.Until(seconds(60)), ElementsAre("19010 0 message will=m q0 m0"));
  EXPECT_EQ(broker->Log().back(),
            (BrokerPacket{
                .type = BrokerPacket::Type::kPingRequest, .client_id = "m", .at = seconds(17)}));
}

TEST(LocalMqttService, ADenyingHostRefusesEveryFilter) {
  Modem modem(MakeLocalBroker());
  modem.Start(As("m"), "denying.test");
  modem.service->Subscribe(0, 1, 1, {{"a", 0}, {"b", 1}}, modem.now);
  EXPECT_THAT(modem.For(seconds(1)), ElementsAre("30 0 suback #1 128 128"));
  modem.Publish(2, "a", "x", 1);
  EXPECT_THAT(modem.For(seconds(1)), ElementsAre("1030 0 published #2"));
}

TEST(LocalMqttService, AWorkingHostAnswersEveryPing) {
  Modem modem(MakeLocalBroker());
  modem.Start({.client_id = "m", .keep_alive_s = 1});
  EXPECT_THAT(modem.For(std::chrono::hours(1)), IsEmpty());
}

TEST(LocalMqttService, AClosingHostClosesOnTheFirstPacket) {
  const struct {
    const char* what;
    Rows expected;
  } kRows[] = {
      {"subscribe", {"30 0 closed by peer"}},
      {"publish", {"30 0 closed by peer"}},
      {"publish at once", {"20 0 published #9", "30 0 closed by peer"}},
      {"disconnect", {"30 0 disconnected"}},
      {"idle", {"60030 0 closed by peer"}},
  };
  for (const auto& row : kRows) {
    Modem modem(MakeLocalBroker());
    EXPECT_THAT(modem.Start({.client_id = "m", .keep_alive_s = 60}, "closing.test"),
                ElementsAre("20 0 connack 0"));
    const std::string what = row.what;
    if (what == "subscribe") modem.Subscribe("t", 0);
    if (what == "publish") modem.Publish(9, "t", "x", 2);
    if (what == "publish at once") modem.Publish(9, "t", "x", 0);
    if (what == "disconnect") modem.service->Disconnect(0, modem.now);
    EXPECT_EQ(modem.For(seconds(600)), row.expected) << what;
  }
}

TEST(LocalMqttService, AnswersRequestsThatComeAtTheWrongMoment) {
  Modem modem(MakeLocalBroker());
  modem.Publish(1, "t", "x", 0);
  modem.Subscribe("t", 0);
  modem.service->Unsubscribe(0, 2, 1, {"t"}, modem.now);
  EXPECT_THAT(modem.For(kLatency),
              ElementsAre("0 0 gave up #1", "0 0 gave up #100", "0 0 gave up #2"));
  modem.service->Connect(0, As("m"), modem.now);
  EXPECT_THAT(modem.For(kLatency), ElementsAre("10 0 connect failed: unreachable"));
  modem.service->Disconnect(0, modem.now);
  EXPECT_THAT(modem.For(kLatency), ElementsAre("30 0 disconnected"));
}

TEST(LocalMqttService, ClosesTheLinkOfAClientThatBreaksTheProtocol) {
  for (const bool second_connect : {false, true}) {
    Modem modem(MakeLocalBroker());
    modem.Start(As("m"));
    if (second_connect) {
      modem.service->Connect(0, As("m"), modem.now);
    } else {
      modem.Publish(1, "t/#", "x", 1);
    }
    EXPECT_THAT(modem.For(seconds(1)), ElementsAre("30 0 closed by peer"));
  }
}

TEST(LocalMqttService, CloseForgetsWhatWasUnderWay) {
  Modem modem(MakeLocalBroker());
  modem.Start(As("m"));
  modem.Publish(1, "t", "x", 1);
  modem.service->Close(0, modem.now);
  EXPECT_EQ(modem.service->NextEvent(), kNever);
  EXPECT_TRUE(modem.service->Watches().empty());
}

TEST(LocalMqttService, RunsSeveralLinksOfOneModem) {
  Modem modem(MakeLocalBroker());
  modem.Start(As("a"), "broker.example", 0);
  modem.Start(As("b"), "broker.example", 5);
  modem.Subscribe("t", 0, 5);
  modem.For(kLatency);
  modem.Publish(1, "t", "x", 0);
  EXPECT_THAT(modem.For(kLatency), ElementsAre("50 0 published #1", "60 5 message t=x q0 m0"));
}

TEST(LocalMqttService, TheLogHoldsWhatWasSent) {
  using Type = BrokerPacket::Type;
  Modem modem(MakeLocalBroker());
  modem.Start(As("m"));
  modem.Subscribe("t", 1);
  modem.Publish(1, "t", std::string("\0\x1a\r\n", 4), 2, true);
  modem.service->Unsubscribe(0, 2, 1, {"t"}, modem.now);
  modem.service->Disconnect(0, modem.now);
  const Time at = milliseconds(20);
  EXPECT_THAT(
      modem.broker->Log(),
      ElementsAre(
          BrokerPacket{.type = Type::kConnect, .client_id = "m", .at = milliseconds(10)},
          BrokerPacket{
              .type = Type::kSubscribe, .client_id = "m", .topic = "t", .qos = 1, .at = at},
          BrokerPacket{.type = Type::kPublish,
                       .client_id = "m",
                       .topic = "t",
                       .payload = std::string("\0\x1a\r\n", 4),
                       .qos = 2,
                       .retain = true,
                       .at = at},
          BrokerPacket{.type = Type::kUnsubscribe, .client_id = "m", .topic = "t", .at = at},
          BrokerPacket{.type = Type::kDisconnect, .client_id = "m", .at = at}));
}

TEST(LocalMqttService, KeepsTheOrderWithoutLatency) {
  Modem modem(MakeLocalBroker(), Time{0});
  modem.Start(As("m"));
  modem.Publish(1, "t", "kept", 0, true);
  modem.Subscribe("t", 2);
  modem.Publish(2, "t", "x", 2);
  EXPECT_THAT(modem.For(Time{0}), ElementsAre("20 0 published #1", "20 0 suback #100 2",
                                              "20 0 message t=kept q0 m0 retained",
                                              "20 0 published #2", "20 0 message t=x q2 m1"));
}

}  // namespace
}  // namespace assay::device
