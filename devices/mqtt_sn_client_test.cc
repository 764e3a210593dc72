#include "devices/mqtt_sn_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "devices/mqtt_sn_testing.h"

namespace assay::device::sn {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Ask = Request::Kind;

class MqttSnClient : public ::testing::Test {
 protected:
  std::vector<Packet> Sent() {
    std::vector<Packet> out;
    while (const auto packet = client_.TakePacket()) out.push_back(Decode(*packet).value());
    return out;
  }
  std::vector<std::string> Told() {
    std::vector<std::string> out;
    while (const auto event = client_.TakeEvent()) out.push_back(Text(*event));
    return out;
  }
  void Hear(const Packet& packet) { client_.Receive(Encode(packet), now_); }
  // Everything that happens until then without an answer: "10 sent", "40 gave up #1".
  std::vector<std::string> Until(Time end) {
    std::vector<std::string> out;
    while (client_.NextEvent() <= end) {
      now_ = client_.NextEvent();
      client_.Advance(now_);
      const std::string at = std::to_string(now_ / seconds(1)) + " ";
      for (std::size_t i = Sent().size(); i > 0; --i) out.push_back(at + "sent");
      for (const std::string& text : Told()) out.push_back(at + text);
    }
    now_ = end;
    return out;
  }
  void Open() {
    client_.Connect({.client_id = "a", .keep_alive_s = 0}, kNever, now_);
    Hear(Connack{});
    Sent();
    Told();
  }
  void Publish(std::uint64_t token, const std::string& topic, int qos) {
    client_.Ask({.kind = Ask::kPublish, .token = token, .topic = topic, .payload = "x", .qos = qos},
                now_);
  }
  void Knows(std::uint16_t id, const std::string& topic) {
    Hear(Register{.topic_id = id, .message_id = 1, .topic = topic});
    Sent();
    Told();
  }

  Client client_;
  Time now_{0};
};

TEST_F(MqttSnClient, Connects) {
  client_.Connect({.client_id = "me", .clean_session = true, .keep_alive_s = 60}, kNever, now_);
  EXPECT_THAT(
      Sent(),
      ElementsAre(Packet{Connect{.clean_session = true, .duration_s = 60, .client_id = "me"}}));
  EXPECT_THAT(Told(), IsEmpty());
  Hear(Connack{});
  EXPECT_THAT(Told(), ElementsAre("connack 0"));
}

TEST_F(MqttSnClient, TellsItsWillWhenAsked) {
  const Will will{.topic = "w", .payload = "gone", .qos = 1, .retain = true};
  client_.Connect({.client_id = "me", .keep_alive_s = 0, .will = will}, kNever, now_);
  EXPECT_THAT(Sent(),
              ElementsAre(Packet{Connect{.will = true, .clean_session = true, .client_id = "me"}}));
  Hear(WillTopicRequest{});
  EXPECT_THAT(Sent(), ElementsAre(Packet{WillTopic{.topic = "w", .qos = 1, .retain = true}}));
  Hear(WillMessageRequest{});
  EXPECT_THAT(Sent(), ElementsAre(Packet{WillMessage{.payload = "gone"}}));
  Hear(Connack{});
  EXPECT_THAT(Told(), ElementsAre("connack 0"));
}

TEST_F(MqttSnClient, IsClosedAfterARefusal) {
  client_.Connect({.client_id = "me"}, kNever, now_);
  Hear(Connack{.code = kCongestion});
  EXPECT_THAT(Told(), ElementsAre("connack 1"));
  Publish(1, "ab", 0);
  EXPECT_THAT(Told(), ElementsAre("gave up #1"));
}

TEST_F(MqttSnClient, SendsAgainAndGivesUp) {
  client_.Connect({.client_id = "me"}, kNever, now_);
  Sent();
  EXPECT_THAT(Until(seconds(100)),
              ElementsAre("10 sent", "20 sent", "30 sent", "40 connect failed"));
}

TEST_F(MqttSnClient, SendsAgainWithinTheTimeThatItHas) {
  Open();
  client_.Ask({.kind = Ask::kRegister, .token = 1, .topic = "a/b", .until = seconds(4)}, now_);
  Sent();
  EXPECT_THAT(Until(seconds(100)), ElementsAre("1 sent", "2 sent", "3 sent", "4 gave up #1"));
}

TEST_F(MqttSnClient, FailsAtOnceWhereNobodyListens) {
  client_.Connect({.client_id = "me"}, kNever, now_);
  client_.Refused();
  EXPECT_THAT(Told(), ElementsAre("connect failed"));
  EXPECT_EQ(client_.NextEvent(), kNever);
}

TEST_F(MqttSnClient, GivesUpWhatNamesNoTopic) {
  Open();
  client_.Ask({.kind = Ask::kRegister, .token = 1, .topic_id = 7}, now_);
  client_.Ask({.kind = Ask::kSubscribe, .token = 2}, now_);
  EXPECT_THAT(Told(), ElementsAre("gave up #1", "gave up #2"));
  EXPECT_THAT(Sent(), IsEmpty());
}

TEST_F(MqttSnClient, Registers) {
  Open();
  client_.Ask({.kind = Ask::kRegister, .token = 3, .topic = "a/b"}, now_);
  EXPECT_THAT(Sent(), ElementsAre(Packet{Register{.message_id = 1, .topic = "a/b"}}));
  Hear(Regack{.topic_id = 9, .message_id = 2});  // of something else
  EXPECT_THAT(Told(), IsEmpty());
  Hear(Regack{.topic_id = 7, .message_id = 1});
  EXPECT_THAT(Told(), ElementsAre("regack #3 0 id 7"));
}

TEST_F(MqttSnClient, PublishesByWhatItKnows) {
  Open();
  Knows(7, "a/b");
  Publish(1, "a/b", 0);
  Publish(2, "ab", 0);
  client_.Ask({.kind = Ask::kPublish, .token = 3, .topic_id = 7}, now_);
  client_.Ask({.kind = Ask::kPublish, .token = 4, .topic_id = 8}, now_);
  const Topic two{.kind = Topic::Kind::kShort, .name = "ab"};
  const Topic predefined{.kind = Topic::Kind::kPredefined, .id = 8};
  EXPECT_THAT(Sent(), ElementsAre(Packet{sn::Publish{.topic = {.id = 7}, .payload = "x"}},
                                  Packet{sn::Publish{.topic = two, .payload = "x"}},
                                  Packet{sn::Publish{.topic = {.id = 7}}},
                                  Packet{sn::Publish{.topic = predefined}}));
  EXPECT_THAT(Told(),
              ElementsAre("published #1 0", "published #2 0", "published #3 0", "published #4 0"));
}

TEST_F(MqttSnClient, RegistersANameBeforeItPublishesToIt) {
  Open();
  Publish(1, "a/b", 1);
  EXPECT_THAT(Sent(), ElementsAre(Packet{Register{.message_id = 1, .topic = "a/b"}}));
  Hear(Regack{.topic_id = 7, .message_id = 1});
  EXPECT_THAT(Sent(), ElementsAre(Packet{sn::Publish{
                          .qos = 1, .topic = {.id = 7}, .message_id = 2, .payload = "x"}}));
  EXPECT_THAT(Told(), IsEmpty());
  Hear(Puback{.topic_id = 7, .message_id = 2});
  EXPECT_THAT(Told(), ElementsAre("published #1 0"));
}

TEST_F(MqttSnClient, TellsThatANameItPublishesToWasRefused) {
  Open();
  Publish(1, "a/b", 0);
  Hear(Regack{.message_id = 1, .code = kNotSupported});
  EXPECT_THAT(Told(), ElementsAre("published #1 3"));
}

TEST_F(MqttSnClient, PublishesExactlyOnce) {
  Open();
  Publish(1, "ab", 2);
  Sent();
  EXPECT_THAT(Until(seconds(10)), ElementsAre("10 sent"));
  Hear(Pubrec{.message_id = 1});
  EXPECT_THAT(Sent(), ElementsAre(Packet{Pubrel{.message_id = 1}}));
  EXPECT_THAT(Told(), IsEmpty());
  Hear(Pubcomp{.message_id = 1});
  EXPECT_THAT(Told(), ElementsAre("published #1 0"));
}

TEST_F(MqttSnClient, MarksWhatItSendsAgain) {
  Open();
  Publish(1, "ab", 1);
  Sent();
  now_ = seconds(10);
  client_.Advance(now_);
  const std::vector<Packet> again = Sent();
  ASSERT_THAT(again, SizeIs(1));
  EXPECT_TRUE(std::get<sn::Publish>(again[0]).duplicate);
}

TEST_F(MqttSnClient, RegistersAgainWhatTheGatewayHasForgotten) {
  Open();
  Knows(7, "a/b");
  Publish(1, "a/b", 1);
  Hear(Puback{.topic_id = 7, .message_id = 1, .code = kInvalidTopicId});
  EXPECT_THAT(Told(), ElementsAre("published #1 2"));
  Sent();
  Publish(2, "a/b", 1);
  EXPECT_THAT(Sent(), ElementsAre(Packet{Register{.message_id = 2, .topic = "a/b"}}));
}

TEST_F(MqttSnClient, SubscribesAndUnsubscribes) {
  Open();
  client_.Ask({.kind = Ask::kSubscribe, .token = 1, .topic = "a/b", .qos = 1}, now_);
  EXPECT_THAT(Sent(),
              ElementsAre(Packet{Subscribe{.qos = 1, .message_id = 1, .topic = {.name = "a/b"}}}));
  Hear(Suback{.qos = 1, .topic_id = 4, .message_id = 1});
  EXPECT_THAT(Told(), ElementsAre("suback #1 0 id 4 q1"));
  Hear(sn::Publish{.topic = {.id = 4}, .payload = "hello"});
  EXPECT_THAT(Told(), ElementsAre("message id 4 a/b=hello q0"));
  client_.Ask({.kind = Ask::kUnsubscribe, .token = 2, .topic_id = 4}, now_);
  EXPECT_THAT(Sent(), ElementsAre(Packet{Unsubscribe{.message_id = 2, .topic = {.name = "a/b"}}}));
  Hear(Unsuback{.message_id = 2});
  EXPECT_THAT(Told(), ElementsAre("unsuback #2"));
}

TEST_F(MqttSnClient, WritesTwoCharactersAsAShortTopicUnlessTheyAreAPattern) {
  Open();
  client_.Ask({.kind = Ask::kSubscribe, .topic = "/#"}, now_);
  EXPECT_THAT(Sent(), ElementsAre(Packet{Subscribe{.message_id = 1, .topic = {.name = "/#"}}}));
  Hear(Suback{.message_id = 1});
  client_.Ask({.kind = Ask::kSubscribe, .topic = "ab"}, now_);
  const Topic two{.kind = Topic::Kind::kShort, .name = "ab"};
  EXPECT_THAT(Sent(), ElementsAre(Packet{Subscribe{.message_id = 2, .topic = two}}));
}

TEST_F(MqttSnClient, UpdatesItsWill) {
  Open();
  client_.Ask({.kind = Ask::kWillTopic, .token = 1, .topic = "w", .qos = 1, .retain = true}, now_);
  client_.Ask({.kind = Ask::kWillMessage, .token = 2, .payload = "gone"}, now_);
  EXPECT_THAT(Sent(), ElementsAre(Packet{WillTopicUpdate{.topic = "w", .qos = 1, .retain = true}}));
  Hear(WillTopicResponse{});
  EXPECT_THAT(Sent(), ElementsAre(Packet{WillMessageUpdate{.payload = "gone"}}));
  Hear(WillMessageResponse{.code = kNotSupported});
  EXPECT_THAT(Told(), ElementsAre("will topic #1 0", "will message #2 3"));
}

TEST_F(MqttSnClient, DoesOneThingAtATime) {
  Open();
  client_.Ask({.kind = Ask::kRegister, .token = 1, .topic = "one"}, now_);
  client_.Ask({.kind = Ask::kRegister, .token = 2, .topic = "two", .until = seconds(5)}, now_);
  client_.Ask({.kind = Ask::kRegister, .token = 3, .topic = "three"}, now_);
  EXPECT_THAT(Sent(), ElementsAre(Packet{Register{.message_id = 1, .topic = "one"}}));
  EXPECT_THAT(Until(seconds(6)), ElementsAre("5 gave up #2"));
  Hear(Regack{.topic_id = 1, .message_id = 1});
  EXPECT_THAT(Sent(), ElementsAre(Packet{Register{.message_id = 2, .topic = "three"}}));
}

TEST_F(MqttSnClient, TakesMessagesOfEveryQos) {
  Open();
  Knows(4, "a/b");
  Hear(sn::Publish{.qos = 1, .topic = {.id = 4}, .message_id = 30, .payload = "one"});
  EXPECT_THAT(Sent(), ElementsAre(Packet{Puback{.topic_id = 4, .message_id = 30}}));
  const sn::Publish twice{.qos = 2, .topic = {.id = 4}, .message_id = 31, .payload = "two"};
  Hear(twice);
  Hear(twice);
  Hear(Pubrel{.message_id = 31});
  EXPECT_THAT(Sent(),
              ElementsAre(Packet{Pubrec{.message_id = 31}}, Packet{Pubrec{.message_id = 31}},
                          Packet{Pubcomp{.message_id = 31}}));
  EXPECT_THAT(Told(), ElementsAre("message id 4 a/b=one q1", "message id 4 a/b=two q2"));
  const Topic two{.kind = Topic::Kind::kShort, .name = "ab"};
  Hear(sn::Publish{.retain = true, .qos = 1, .topic = two, .message_id = 32});
  EXPECT_THAT(Sent(), ElementsAre(Packet{Puback{.topic_id = 0x6162, .message_id = 32}}));
  EXPECT_THAT(Told(), ElementsAre("message id 0 ab= q1 retained"));
}

TEST_F(MqttSnClient, RefusesAMessageToAnIdThatItDoesNotKnow) {
  Open();
  Hear(sn::Publish{.qos = 1, .topic = {.id = 4}, .message_id = 30});
  EXPECT_THAT(
      Sent(),
      ElementsAre(Packet{Puback{.topic_id = 4, .message_id = 30, .code = kInvalidTopicId}}));
  EXPECT_THAT(Told(), IsEmpty());
}

TEST_F(MqttSnClient, TellsOnceOfANameThatTheGatewayRegisters) {
  Open();
  for (int i = 0; i < 2; ++i) Hear(Register{.topic_id = 4, .message_id = 8, .topic = "a/b"});
  const Packet answer = Regack{.topic_id = 4, .message_id = 8};
  EXPECT_THAT(Sent(), ElementsAre(answer, answer));
  EXPECT_THAT(Told(), ElementsAre("register id 4 a/b"));
}

TEST_F(MqttSnClient, HoldsALimitedNumberOfTopicsAndRequests) {
  Open();
  for (std::size_t i = 1; i <= Client::kMostTopics + 1; ++i) {
    Hear(Register{.topic_id = static_cast<std::uint16_t>(i), .topic = "t" + std::to_string(i)});
  }
  const std::vector<Packet> answers = Sent();
  EXPECT_EQ(std::get<Regack>(answers[Client::kMostTopics - 1]).code, kAccepted);
  EXPECT_EQ(std::get<Regack>(answers[Client::kMostTopics]).code, kCongestion);
  Told();
  for (std::size_t i = 0; i <= Client::kMostWaiting; ++i) Publish(i, "ab", 1);
  EXPECT_THAT(Told(), ElementsAre("gave up #" + std::to_string(Client::kMostWaiting)));
}

TEST_F(MqttSnClient, PingsWhatItHasNotSpokenToAndLosesIt) {
  client_.Connect({.client_id = "a", .keep_alive_s = 60}, kNever, now_);
  Hear(Connack{});
  Told();
  Sent();
  EXPECT_THAT(Until(seconds(60)), ElementsAre("60 sent"));
  Hear(PingResponse{});
  now_ = seconds(90);
  Publish(1, "ab", 0);
  Sent();
  Told();
  EXPECT_THAT(Until(seconds(200)),
              ElementsAre("150 sent", "160 sent", "170 sent", "180 sent", "190 ping timeout"));
}

TEST_F(MqttSnClient, DisconnectsWhenTheGatewayHasSaidSo) {
  Open();
  client_.Ask({.kind = Ask::kRegister, .token = 1, .topic = "one"}, now_);
  Sent();
  client_.Disconnect(kNever, now_);
  EXPECT_THAT(Sent(), ElementsAre(Packet{Disconnect{}}));
  EXPECT_THAT(Told(), IsEmpty());
  Hear(Disconnect{});
  EXPECT_THAT(Told(), ElementsAre("disconnected"));
  EXPECT_EQ(client_.NextEvent(), kNever);
}

TEST_F(MqttSnClient, IsLostIfTheGatewayDoesNotSaySo) {
  Open();
  client_.Disconnect(seconds(8), now_);
  Sent();
  EXPECT_THAT(Until(seconds(100)), ElementsAre("2 sent", "4 sent", "6 sent", "8 lost"));
}

TEST_F(MqttSnClient, EndsWhenTheGatewayDisconnects) {
  Open();
  client_.Ask({.kind = Ask::kRegister, .token = 1, .topic = "one"}, now_);
  Hear(Disconnect{});
  EXPECT_THAT(Told(), ElementsAre("disconnected"));
  EXPECT_THAT(Until(seconds(100)), IsEmpty());
}

TEST_F(MqttSnClient, HearsNothingThatIsNoPacketOrNotForAClient) {
  Open();
  client_.Receive("", now_);
  client_.Receive("\x02\x03", now_);
  Hear(Subscribe{.topic = {.name = "x"}});
  Hear(Connack{.code = kCongestion});
  Hear(Pubcomp{.message_id = 1});
  Hear(WillTopicResponse{});
  EXPECT_THAT(Told(), IsEmpty());
  EXPECT_THAT(Sent(), IsEmpty());
}

}  // namespace
}  // namespace assay::device::sn
