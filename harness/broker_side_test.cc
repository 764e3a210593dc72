// What a modem says it has told the broker against what was seen there: for each lie the least
// conversation that yields exactly it, and honest ones that yield nothing.
#include "harness/broker_side.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/oracle.h"
#include "transcripts/import_testing.h"

namespace assay::harness {
namespace {

using device::ConnectRequest;
using device::WireEvent;
using device::Will;
using Kind = WireEvent::Kind;
using std::chrono_literals::operator""ms;

// A line: ">AT..." is sent, ">>" and a payload is data, "<" comes, "?" is a prompt; or a packet at
// the broker.
struct Step {
  Step(const char* line) : text(line) {}
  Step(WireEvent seen) : packet(std::move(seen)) {}
  std::string text;
  std::optional<WireEvent> packet;
};
using Script = std::vector<Step>;

Script operator+(Script a, const Script& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

WireEvent Publish(const std::string& topic, const std::string& payload, int qos, bool retain,
                  int connection = 1) {
  return {.kind = Kind::kPublish,
          .connection = connection,
          .topic = topic,
          .payload = payload,
          .qos = qos,
          .retain = retain};
}
WireEvent Subscribe(std::vector<device::Subscription> filters) {
  return {.kind = Kind::kSubscribe, .connection = 1, .filters = std::move(filters)};
}
WireEvent Connect(ConnectRequest session, int connection = 1) {
  return {.kind = Kind::kConnect, .connection = connection, .session = std::move(session)};
}
WireEvent Of(Kind kind, int code = 0) { return {.kind = kind, .connection = 1, .code = code}; }
WireEvent Again(WireEvent event) {
  event.duplicate = true;
  return event;
}

const Script kOpen = {">AT+QMTOPEN=0,\"h\",1883", "<OK", "<+QMTOPEN: 0,0"};
const Script kConnected =
    kOpen + Script{">AT+QMTCONN=0,\"c\"", Connect({.client_id = "c"}), "<OK", "<+QMTCONN: 0,0,0"};
const Script kAskPublish = {">AT+QMTPUB=0,1,1,0,\"t\"", "?", ">>hi"};
const Script kPublished = {"<OK", "<+QMTPUB: 0,1,0"};
const Script kAskSubscribe = {">AT+QMTSUB=0,1,\"t\",1"};
const Script kSubscribed = {"<OK", "<+QMTSUB: 0,1,0,1"};

Script Will1() { return {">AT+QMTCFG=\"will\",0,1,1,1,\"w\",\"gone\"", "<OK"}; }
Script ConnectedAs(const ConnectRequest& session) {
  return kOpen + Script{">AT+QMTCONN=0,\"c\"", Connect(session), "<OK", "<+QMTCONN: 0,0,0"};
}

struct Case {
  std::string name;
  Script script;
  std::string told;  // "class severity clause detail", a line each
  std::string dialect = "quectel-bg96";
  Lookout lookout = {};
};
void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

struct Played {
  std::string told;
  BrokerSide side;
};

Played Play(const Case& one) {
  const dialect::Grammar& grammar = transcript::GrammarFor(one.dialect);
  device::WireJournal journal;
  journal.Add(Publish("of/an/earlier", "case", 0, false));
  ClaimBook book([&] { return journal.Count(); });
  book.NewCase();
  Oracle oracle(grammar, {});
  oracle.KeepClaims(&book);
  Time now{0};
  for (const Step& step : one.script) {
    now += 10ms;
    if (step.packet) {
      journal.Add(*step.packet);
    } else if (step.text.starts_with(">>")) {
      oracle.DataSent(step.text.substr(2), false, now);
    } else if (step.text[0] == '>') {
      oracle.Sent(step.text.substr(1), now);
    } else {
      step.text == "?" ? oracle.Prompt(now) : oracle.Line(step.text.substr(1), now);
    }
  }
  Played out{
      {}, HoldAgainst(grammar.dialect(), book, journal.Since(book.first()), one.lookout)};
  for (const Discrepancy& each : out.side.discrepancies) {
    out.told += (out.told.empty() ? "" : "\n") + std::string(report::Name(each.finding_class)) +
                " " + std::string(report::Name(report::Cap(each.source.basis))) + " " +
                each.source.clause + " " + each.detail;
  }
  return out;
}

std::string Name(const testing::TestParamInfo<Case>& tested) {
  std::string name = tested.param.name;
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
}

class Lies : public testing::TestWithParam<Case> {};

TEST_P(Lies, AreTold) { EXPECT_EQ(Play(GetParam()).told, GetParam().told); }

INSTANTIATE_TEST_SUITE_P(
    Of, Lies,
    testing::Values(
        Case{"honest", kConnected + kAskPublish + Script{Publish("t", "hi", 1, false)} + kPublished,
             ""},
        Case{"publish-unsent", kConnected + kAskPublish + kPublished,
             "state violation 3.2.8 PUBLISH"},
        Case{"publish-fails-as-told",
             kConnected + kAskPublish + Script{"<OK", "<+QMTPUB: 0,1,2"}, ""},
        Case{"payload-cut",
             kConnected + kAskPublish + Script{Publish("t", "h", 1, false)} + kPublished,
             "payload violation 3.2.8 payload"},
        Case{"other-topic",
             kConnected + kAskPublish + Script{Publish("tt", "hi", 1, false)} + kPublished,
             "payload violation 3.2.8 topic"},
        Case{"qos-lowered",
             kConnected + kAskPublish + Script{Publish("t", "hi", 0, false)} + kPublished,
             "payload violation 3.2.8 qos"},
        Case{"retain-set",
             kConnected + kAskPublish + Script{Publish("t", "hi", 1, true)} + kPublished,
             "payload violation 3.2.8 retain"},
        Case{"sent-again",
             kConnected + kAskPublish +
                 Script{Publish("t", "hi", 1, false), Again(Publish("t", "hi", 1, false))} +
                 kPublished,
             ""},
        Case{"sent-twice",
             kConnected + kAskPublish +
                 Script{Publish("t", "hi", 1, false), Publish("t", "hi", 1, false)} + kPublished,
             "state deviation 3.2.8 mqtt.publish"},
        // The second of two is the one that is missing, and the first that is altered.
        Case{"one-of-two",
             kConnected + kAskPublish + Script{Publish("t", "ho", 1, false)} + kPublished +
                 kAskPublish + Script{Publish("t", "hi", 1, false)} + kPublished,
             "payload violation 3.2.8 payload"},
        Case{"subscribe-unsent", kConnected + kAskSubscribe + kSubscribed,
             "state violation 3.2.6 SUBSCRIBE"},
        Case{"subscribe-other-level",
             kConnected + kAskSubscribe + Script{Subscribe({{"t", 0}})} + kSubscribed,
             "payload violation 3.2.6 qos"},
        Case{"subscribe-one-of-two",
             kConnected +
                 Script{">AT+QMTSUB=0,1,\"t\",1,\"u\",0", Subscribe({{"t", 1}}), "<OK",
                        "<+QMTSUB: 0,1,0,1,0"},
             "payload violation 3.2.6 topics"},
        Case{"subscribe-in-two-packets",
             kConnected +
                 Script{">AT+QMTSUB=0,1,\"t\",1,\"u\",0", Subscribe({{"u", 0}}),
                        Subscribe({{"t", 1}}), "<OK", "<+QMTSUB: 0,1,0,1,0"},
             ""},
        Case{"unsubscribe-unsent",
             kConnected + Script{">AT+QMTUNS=0,1,\"t\"", "<OK", "<+QMTUNS: 0,1,0"},
             "state violation 3.2.7 UNSUBSCRIBE"},
        Case{"disconnect-unsent",
             kConnected + Script{">AT+QMTDISC=0", Of(Kind::kClosed), "<OK", "<+QMTDISC: 0,0"},
             "state violation 3.2.5 DISCONNECT"},
        Case{"disconnected",
             kConnected + Script{">AT+QMTDISC=0", Of(Kind::kDisconnect), Of(Kind::kClosed), "<OK",
                                 "<+QMTDISC: 0,0"},
             ""},
        Case{"subscribed-as-the-broker-went",
             kConnected + kAskSubscribe +
                 Script{Subscribe({{"t", 1}}), Of(Kind::kClosed, 1), "<OK", "<+QMTSTAT: 0,1"},
             ""},
        Case{"broker-was-faster",
             kConnected + Script{Of(Kind::kClosed, 1), ">AT+QMTDISC=0", "<OK", "<+QMTDISC: 0,0"},
             ""},
        Case{"connect-unsent", kOpen + Script{">AT+QMTCONN=0,\"c\"", "<OK", "<+QMTCONN: 0,0,0"},
             "state violation 3.2.4 CONNECT"},
        Case{"other-client", ConnectedAs({.client_id = "d"}), "payload violation 3.2.4 client"},
        Case{"user-left-out",
             kOpen + Script{">AT+QMTCONN=0,\"c\",\"u\",\"p\"",
                            Connect({.client_id = "c", .password = "p"}), "<OK",
                            "<+QMTCONN: 0,0,0"},
             "payload violation 3.2.4 username"},
        Case{"refused-all-the-same",
             kOpen + Script{">AT+QMTCONN=0,\"c\",\"u\",\"p\"", Connect({.client_id = "c"}), "<OK",
                            "<+QMTCONN: 0,0,5"},
             "payload violation 3.2.4 username"},
        Case{"default-keep-alive", ConnectedAs({.client_id = "c", .keep_alive_s = 60}),
             "payload violation 3.2.1 keepalive"},
        Case{"keep-alive-as-set",
             Script{">AT+QMTCFG=\"keepalive\",0,60", "<OK"} +
                 ConnectedAs({.client_id = "c", .keep_alive_s = 60}),
             ""},
        // What it is if nothing was set, the manual does not say.
        Case{"session-not-set", ConnectedAs({.client_id = "c", .clean_session = false}), ""},
        Case{"session-as-set",
             Script{">AT+QMTCFG=\"session\",0,0", "<OK"} + ConnectedAs({.client_id = "c"}),
             "payload violation 3.2.1 clean"},
        Case{"will",
             Will1() + ConnectedAs({.client_id = "c", .will = Will{"w", "gone", 1, true}}), ""},
        Case{"will-left-out", Will1() + ConnectedAs({.client_id = "c"}),
             "payload violation 3.2.1 will"},
        Case{"will-altered",
             Will1() + ConnectedAs({.client_id = "c", .will = Will{"w", "lost", 1, true}}),
             "payload violation 3.2.1 will_message"},
        Case{"will-retain-dropped",
             Will1() + ConnectedAs({.client_id = "c", .will = Will{"w", "gone", 1, false}}),
             "payload violation 3.2.1 will_retain"},
        // Nobody knows what the modem made of a command that it should have refused.
        Case{"taken-though-wrong",
             kConnected + Script{">AT+QMTPUB=0,1,3,0,\"t\"", "?", ">>hi",
                                 Publish("t", "hi", 1, false)} + kPublished,
             ""},
        Case{"refused-and-sent",
             kConnected + Script{">AT+QMTSUB=0,1,\"t\",1", Subscribe({{"t", 1}}),
                                 "<+CME ERROR: 3"},
             "state deviation 3.2.6 mqtt.subscribe"},
        // Only what leads to where somebody looks is held against it.
        Case{"elsewhere", kConnected + kAskPublish + kPublished, "", "quectel-bg96",
             {Lookout::Place{"other", 1883}}},
        Case{"here", kConnected + kAskPublish + kPublished, "state violation 3.2.8 PUBLISH",
             "quectel-bg96", {Lookout::Place{"h", 1883}}},
        Case{"sealed",
             Script{">AT+QMTCFG=\"ssl\",0,1,0", "<OK"} + kOpen +
                 Script{">AT+QMTCONN=0,\"c\"", Of(Kind::kSealed), "<OK", "<+QMTCONN: 0,0,0"},
             "", "quectel-bg96", {Lookout::Place{"h", 1883}}}),
    Name);

// Where the packet follows an event that no line tells of, and what it says comes from elsewhere.
INSTANTIATE_TEST_SUITE_P(
    OfOthers, Lies,
    testing::Values(
        Case{"fibocom-settings",
             {">AT+MQTTUSER=1,\"u\",\"p\",\"c\"", "<OK", ">AT+MQTTOPEN=1,\"h\",1883,0,60", "<OK",
              Connect({.client_id = "c", .username = "u", .password = "p", .clean_session = false,
                       .keep_alive_s = 61}),
              "<+MQTTOPEN: 1,1"},
             "payload deviation 1.2 keepalive", "fibocom-v1.3"},
        // The first attempt led nowhere; its CONNECT is not that of the second.
        Case{"fibocom-second-attempt",
             {">AT+MQTTUSER=1,\"u\",\"p\",\"c\"", "<OK", ">AT+MQTTOPEN=1,\"x\",1883,0,60", "<OK",
              "<+MQTTOPEN: 1,0", ">AT+MQTTOPEN=1,\"h\",1883,0,60", "<OK",
              Connect({.client_id = "c", .username = "u", .password = "p", .clean_session = false,
                       .keep_alive_s = 60}),
              "<+MQTTOPEN: 1,1"},
             "", "fibocom-v1.3"},
        // The user is set while the link opens: before or behind the CONNECT, nobody knows.
        Case{"fibocom-set-meanwhile",
             {">AT+MQTTUSER=1,\"u\",\"p\",\"c\"", "<OK", ">AT+MQTTOPEN=1,\"h\",1883,0,60", "<OK",
              ">AT+MQTTUSER=1,\"v\",\"p\",\"c\"", "<OK",
              Connect({.client_id = "c", .username = "v", .password = "p", .clean_session = false,
                       .keep_alive_s = 60}),
              "<+MQTTOPEN: 1,1"},
             "", "fibocom-v1.3"},
        Case{"simcom-data-of-several-commands",
             {">AT+CMQTTSTART", "<OK", "<+CMQTTSTART: 0", ">AT+CMQTTACCQ=0,\"c\"", "<OK",
              ">AT+CMQTTCONNECT=0,\"tcp://h:1883\",60,1", "<OK",
              Connect({.version = 3, .client_id = "c", .keep_alive_s = 60}), "<+CMQTTCONNECT: 0,0",
              ">AT+CMQTTTOPIC=0,1", "?", ">>t", "<OK", ">AT+CMQTTPAYLOAD=0,2", "?", ">>hi", "<OK",
              ">AT+CMQTTPUB=0,1,60", "<OK", Publish("t", "ho", 1, false), "<+CMQTTPUB: 0,0"},
             "payload violation 2.2.11 payload", "simcom-sim7672x"}),
    Name);

TEST(BrokerSide, CountsWhatItSawAndWhatItCouldNotSee) {
  const Script script = kConnected + kAskPublish + Script{Publish("t", "hi", 1, false)} + kPublished;
  const BrokerSide here = Play({"", script, ""}).side;
  EXPECT_EQ(here.seen, 2u);
  EXPECT_EQ(here.unobserved, 0u);
  const BrokerSide elsewhere =
      Play({"", script, "", "quectel-bg96", {Lookout::Place{"other", 1883}}}).side;
  EXPECT_EQ(elsewhere.seen, 0u);
  EXPECT_EQ(elsewhere.unobserved, 2u);
}

TEST(BrokerSide, SaysWhatItExpectedAndWhatItSaw) {
  const BrokerSide side =
      Play({"", kConnected + kAskPublish + Script{Publish("t", "h", 0, false)} + kPublished, ""})
          .side;
  ASSERT_EQ(side.discrepancies.size(), 1u);
  const Discrepancy& one = side.discrepancies[0];
  EXPECT_EQ(one.expected, "qos 1");
  EXPECT_EQ(one.got, "PUBLISH \"t\" qos 0: \"h\"");
  EXPECT_EQ(one.message,
            "at the broker, qos is \"0\", and should be \"1\"; payload is \"h\", and should be "
            "\"hi\"");
}

}  // namespace
}  // namespace assay::harness
