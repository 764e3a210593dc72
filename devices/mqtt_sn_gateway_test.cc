#include "devices/mqtt_sn_gateway.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "devices/local_mqtt_broker.h"
#include "devices/mqtt_sn_packet.h"

namespace assay::device::sn {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Kind = Topic::Kind;

class MqttSnGateway : public ::testing::Test {
 protected:
  void Say(const Packet& packet, const std::string& peer = "a") {
    gateway_.Receive(peer, Encode(packet), now_);
  }
  // What it has been told until `patience` later.
  std::vector<Packet> Heard(const std::string& peer = "a", Time patience = milliseconds(200)) {
    const Time end = now_ + patience;
    for (; now_ <= end; now_ = std::max(now_, gateway_.NextEvent())) {
      gateway_.Advance(now_);
      while (const auto out = gateway_.Take())
        told_[out->peer].push_back(Decode(out->datagram).value());
      if (gateway_.NextEvent() > end) break;
    }
    now_ = end;
    return std::exchange(told_[peer], {});
  }
  void Connected(const std::string& peer = "a", std::uint16_t duration_s = 0) {
    Say(Connect{.clean_session = true, .duration_s = duration_s, .client_id = "client-" + peer},
        peer);
    ASSERT_THAT(Heard(peer), ElementsAre(Packet{Connack{}}));
  }
  void Subscribed(const std::string& topic, int qos) {
    Say(Subscribe{.qos = qos, .message_id = 1, .topic = {.name = topic}});
    Heard();
  }
  std::vector<BrokerMessage> Published() const {
    std::vector<BrokerMessage> out;
    for (const BrokerPacket& packet : broker_->Log()) {
      if (packet.type == BrokerPacket::Type::kPublish)
        out.push_back({packet.topic, packet.payload, packet.qos, packet.retain});
    }
    return out;
  }

  const std::shared_ptr<LocalBroker> broker_ = MakeLocalBroker();
  Gateway gateway_{MakeLocalMqttService(broker_, milliseconds(20))};
  Time now_{0};
  std::map<std::string, std::vector<Packet>> told_;
};

TEST_F(MqttSnGateway, GivesEachClientAConnectionToTheBroker) {
  Connected("a");
  Connected("b");
  ASSERT_EQ(broker_->Log().size(), 2U);
  EXPECT_EQ(broker_->Log()[0].client_id, "client-a");
  EXPECT_EQ(broker_->Log()[1].client_id, "client-b");
}

TEST_F(MqttSnGateway, AsksForTheWillBeforeItConnects) {
  Say(Connect{.will = true, .clean_session = true, .client_id = "me"});
  EXPECT_THAT(Heard(), ElementsAre(Packet{WillTopicRequest{}}));
  Say(WillTopic{.topic = "w", .qos = 1, .retain = true});
  EXPECT_THAT(Heard(), ElementsAre(Packet{WillMessageRequest{}}));
  Say(WillMessage{.payload = "gone"});
  EXPECT_THAT(Heard(), ElementsAre(Packet{Connack{}}));
}

TEST_F(MqttSnGateway, RefusesWhatItDoesNotSupport) {
  Say(Connect{.clean_session = true, .client_id = "me", .protocol_id = 2});
  EXPECT_THAT(Heard(), ElementsAre(Packet{Connack{.code = kNotSupported}}));
  Say(Connect{.clean_session = true});
  EXPECT_THAT(Heard(), ElementsAre(Packet{Connack{.code = kNotSupported}}));
}

TEST_F(MqttSnGateway, TellsWhenThereIsNoBroker) {
  broker_->LoseNetwork(now_);
  Say(Connect{.clean_session = true, .client_id = "me"});
  EXPECT_THAT(Heard(), ElementsAre(Packet{Connack{.code = kCongestion}}));
}

TEST_F(MqttSnGateway, TakesACertainNumberOfClients) {
  for (std::size_t i = 0; i < Gateway::kMostPeers; ++i) Connected("p" + std::to_string(i));
  Say(Connect{.client_id = "more"}, "more");
  EXPECT_THAT(Heard("more"), ElementsAre(Packet{Connack{.code = kCongestion}}));
  Say(Disconnect{}, "p3");
  Heard();
  Connected("more");
}

TEST_F(MqttSnGateway, RegistersTheSameNameUnderTheSameId) {
  Connected();
  Say(Register{.message_id = 3, .topic = "a/b"});
  Say(Register{.message_id = 4, .topic = "a/c"});
  Say(Register{.message_id = 5, .topic = "a/b"});
  Say(Register{.message_id = 6, .topic = "a/+"});
  EXPECT_THAT(Heard(), ElementsAre(Packet{Regack{.topic_id = 1, .message_id = 3}},
                                   Packet{Regack{.topic_id = 2, .message_id = 4}},
                                   Packet{Regack{.topic_id = 1, .message_id = 5}},
                                   Packet{Regack{.message_id = 6, .code = kNotSupported}}));
}

TEST_F(MqttSnGateway, PublishesAtEveryLevel) {
  Connected();
  Say(Register{.message_id = 3, .topic = "a/b"});
  Heard();
  const Topic two{.kind = Kind::kShort, .name = "ab"};
  Say(Publish{.retain = true, .topic = two, .payload = "zero"});
  EXPECT_THAT(Heard(), IsEmpty());
  Say(Publish{.qos = 1, .topic = {.id = 1}, .message_id = 7, .payload = "one"});
  EXPECT_THAT(Heard(), ElementsAre(Packet{Puback{.topic_id = 1, .message_id = 7}}));
  Say(Publish{.qos = 2, .topic = {.id = 1}, .message_id = 8, .payload = "two"});
  Say(Publish{.duplicate = true, .qos = 2, .topic = {.id = 1}, .message_id = 8});
  Say(Pubrel{.message_id = 8});
  Say(Pubrel{.message_id = 8});
  EXPECT_THAT(Heard(), ElementsAre(Packet{Pubrec{.message_id = 8}}, Packet{Pubrec{.message_id = 8}},
                                   Packet{Pubcomp{.message_id = 8}}));
  EXPECT_THAT(Published(),
              ElementsAre(BrokerMessage{"ab", "zero", 0, true}, BrokerMessage{"a/b", "one", 1},
                          BrokerMessage{"a/b", "two", 2}));
}

TEST_F(MqttSnGateway, SaysOfAnIdThatItDoesNotKnowIt) {
  Connected();
  Say(Publish{.topic = {.id = 9}});
  Say(Publish{.qos = 2, .topic = {.kind = Kind::kPredefined, .id = 9}, .message_id = 4});
  Say(Subscribe{.message_id = 5, .topic = {.kind = Kind::kPredefined, .id = 9}});
  EXPECT_THAT(Heard(),
              ElementsAre(Packet{Puback{.topic_id = 9, .code = kInvalidTopicId}},
                          Packet{Puback{.topic_id = 9, .message_id = 4, .code = kInvalidTopicId}},
                          Packet{Suback{.message_id = 5, .code = kInvalidTopicId}}));
}

TEST_F(MqttSnGateway, PassesOnWhatIsSubscribedTo) {
  Connected();
  Say(Subscribe{.qos = 1, .message_id = 2, .topic = {.name = "a/b"}});
  EXPECT_THAT(Heard(), ElementsAre(Packet{Suback{.qos = 1, .topic_id = 1, .message_id = 2}}));
  broker_->Publish({.topic = "a/b", .payload = "hello"}, now_);
  EXPECT_THAT(Heard(), ElementsAre(Packet{Publish{.topic = {.id = 1}, .payload = "hello"}}));
  Say(Unsubscribe{.message_id = 3, .topic = {.name = "a/b"}});
  EXPECT_THAT(Heard(), ElementsAre(Packet{Unsuback{.message_id = 3}}));
  broker_->Publish({.topic = "a/b", .payload = "hello"}, now_);
  EXPECT_THAT(Heard(), IsEmpty());
}

TEST_F(MqttSnGateway, RegistersANameThatAPatternHasMatched) {
  Connected();
  Say(Subscribe{.message_id = 2, .topic = {.name = "a/#"}});
  EXPECT_THAT(Heard(), ElementsAre(Packet{Suback{.message_id = 2}}));
  broker_->Publish({.topic = "a/b", .payload = "1"}, now_);
  broker_->Publish({.topic = "a/b", .payload = "2"}, now_);
  EXPECT_THAT(Heard(),
              ElementsAre(Packet{Register{.topic_id = 1, .message_id = 1, .topic = "a/b"}}));
  Say(Regack{.topic_id = 1, .message_id = 1});
  EXPECT_THAT(Heard(), ElementsAre(Packet{Publish{.topic = {.id = 1}, .payload = "1"}},
                                   Packet{Publish{.topic = {.id = 1}, .payload = "2"}}));
}

TEST_F(MqttSnGateway, DropsWhatTheClientHasNoRoomFor) {
  Connected();
  Subscribed("#", 0);
  broker_->Publish({.topic = "a/b", .payload = "1"}, now_);
  Heard();
  Say(Regack{.topic_id = 1, .message_id = 1, .code = kCongestion});
  broker_->Publish({.topic = "ab", .payload = "2"}, now_);
  const Topic two{.kind = Kind::kShort, .name = "ab"};
  EXPECT_THAT(Heard(), ElementsAre(Packet{Publish{.topic = two, .payload = "2"}}));
}

TEST_F(MqttSnGateway, DeliversOneAfterTheOtherUntilEachIsAcknowledged) {
  Connected();
  Subscribed("a/b", 2);
  broker_->Publish({.topic = "a/b", .payload = "1", .qos = 1}, now_);
  broker_->Publish({.topic = "a/b", .payload = "2", .qos = 2}, now_);
  EXPECT_THAT(
      Heard(),
      ElementsAre(Packet{Publish{.qos = 1, .topic = {.id = 1}, .message_id = 1, .payload = "1"}}));
  Say(Puback{.topic_id = 1, .message_id = 1});
  EXPECT_THAT(
      Heard(),
      ElementsAre(Packet{Publish{.qos = 2, .topic = {.id = 1}, .message_id = 2, .payload = "2"}}));
  Say(Pubrec{.message_id = 2});
  EXPECT_THAT(Heard(), ElementsAre(Packet{Pubrel{.message_id = 2}}));
  Say(Pubcomp{.message_id = 2});
  EXPECT_THAT(Heard("a", seconds(100)), IsEmpty());
}

TEST_F(MqttSnGateway, RegistersOnceMoreWhatTheClientHasForgotten) {
  Connected();
  Subscribed("a/b", 1);
  broker_->Publish({.topic = "a/b", .payload = "1", .qos = 1}, now_);
  Heard();
  Say(Puback{.topic_id = 1, .message_id = 1, .code = kInvalidTopicId});
  EXPECT_THAT(Heard(),
              ElementsAre(Packet{Register{.topic_id = 1, .message_id = 2, .topic = "a/b"}}));
  Say(Regack{.topic_id = 1, .message_id = 2});
  const Packet again = Publish{.qos = 1, .topic = {.id = 1}, .message_id = 3, .payload = "1"};
  EXPECT_THAT(Heard(), ElementsAre(again));
  Say(Puback{.topic_id = 1, .message_id = 3, .code = kInvalidTopicId});
  EXPECT_THAT(Heard("a", seconds(100)), IsEmpty());
}

TEST_F(MqttSnGateway, PublishesTheWillOfAClientThatDoesNotAnswer) {
  Say(Connect{.will = true, .clean_session = true, .client_id = "me"});
  Say(WillTopic{.topic = "w", .qos = 1});
  Say(WillMessage{.payload = "gone"});
  Heard();
  Subscribed("a/b", 1);
  broker_->Publish({.topic = "a/b", .qos = 1}, now_);
  const std::vector<Packet> heard = Heard("a", seconds(100));
  ASSERT_EQ(heard.size(), 5U);  // PUBLISH, three times again, DISCONNECT
  EXPECT_TRUE(std::get<Publish>(heard[3]).duplicate);
  EXPECT_EQ(heard[4], Packet{Disconnect{}});
  EXPECT_THAT(Published(), ElementsAre(BrokerMessage{"w", "gone", 1}));
}

TEST_F(MqttSnGateway, PublishesTheNewWillOfAClientThatIsSilent) {
  Connected("a", 60);
  Say(WillMessageUpdate{.payload = "too early"});
  Say(WillTopicUpdate{.topic = "w", .retain = true});
  Say(WillMessageUpdate{.payload = "gone"});
  EXPECT_THAT(Heard(), ElementsAre(Packet{WillMessageResponse{.code = kNotSupported}},
                                   Packet{WillTopicResponse{}}, Packet{WillMessageResponse{}}));
  EXPECT_THAT(Heard("a", seconds(88)), IsEmpty());
  Say(PingRequest{});
  EXPECT_THAT(Heard("a", seconds(88)), ElementsAre(Packet{PingResponse{}}));
  EXPECT_THAT(Heard("a", seconds(3)), ElementsAre(Packet{Disconnect{}}));
  EXPECT_THAT(Published(), ElementsAre(BrokerMessage{"w", "gone", 0, true}));
}

TEST_F(MqttSnGateway, PublishesNoWillAfterADisconnect) {
  Connected("a", 60);
  Say(WillTopicUpdate{.topic = "w"});
  Heard();
  Say(Disconnect{});
  EXPECT_THAT(Heard("a", seconds(100)), ElementsAre(Packet{Disconnect{}}));
  EXPECT_THAT(Published(), IsEmpty());
}

TEST_F(MqttSnGateway, KeepsTheWillOfASessionThatIsKept) {
  const Packet kept = Connect{.duration_s = 60, .client_id = "me"};
  Say(kept);
  Heard();
  Say(WillTopicUpdate{.topic = "w"});
  Say(Disconnect{});
  Heard();
  Say(kept);
  EXPECT_THAT(Heard("a", seconds(91)), ElementsAre(Packet{Connack{}}, Packet{Disconnect{}}));
  EXPECT_THAT(Published(), ElementsAre(BrokerMessage{"w", "", 0}));
}

TEST_F(MqttSnGateway, DisconnectsTheClientWithItsConnection) {
  Connected();
  EXPECT_TRUE(broker_->CloseLink("client-a", now_));
  EXPECT_THAT(Heard(), ElementsAre(Packet{Disconnect{}}));
  Say(PingRequest{});  // it is not connected any more
  EXPECT_THAT(Heard(), ElementsAre(Packet{Disconnect{}}));
}

TEST_F(MqttSnGateway, BeginsAnewWithASecondConnect) {
  Connected();
  Say(Register{.message_id = 3, .topic = "a/b"});
  Heard();
  Connected();
  Say(Publish{.topic = {.id = 1}});
  EXPECT_THAT(Heard(), ElementsAre(Packet{Puback{.topic_id = 1, .code = kInvalidTopicId}}));
}

TEST_F(MqttSnGateway, IsFound) {
  Say(SearchGateway{});
  EXPECT_THAT(Heard(), ElementsAre(Packet{GatewayInfo{.gateway_id = 1}}));
}

TEST_F(MqttSnGateway, HearsNothingThatIsNoPacketOrWithoutAConnection) {
  gateway_.Receive("a", "\x02\x03", now_);
  Say(Publish{.qos = kQosWithoutConnection, .topic = {.kind = Kind::kShort, .name = "ab"}});
  EXPECT_THAT(Heard(), IsEmpty());
  Connected();
  Say(Connack{});
  Say(Regack{.message_id = 1});
  Say(Pubcomp{.message_id = 1});
  EXPECT_THAT(Heard(), IsEmpty());
}

}  // namespace
}  // namespace assay::device::sn
