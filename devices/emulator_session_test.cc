// Whole conversations with the emulated BG96 and its broker.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "devices/emulator_testing.h"

namespace assay::device {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr char kModem[] = "quectel-bg96";
const std::string kOk = "\r\nOK\r\n";

// A line as the modem frames it.
std::string L(const std::string& text) { return "\r\n" + text + "\r\n"; }

struct Row {
  std::string in, out;
  Time patience = milliseconds(100);
};
using Rows = std::vector<Row>;

class Session {
 public:
  explicit Session(EmulatorOptions options = {}) : bench(kModem, std::move(options)) {
    bench.Ask("ATE0\r");
  }
  void Run(const Rows& rows) {
    for (const Row& row : rows) EXPECT_EQ(bench.Ask(row.in, row.patience), row.out) << row.in;
  }
  void Open(const std::string& socket, const std::string& host = "broker.test") {
    Run({{"AT+QMTOPEN=" + socket + ",\"" + host + "\",1883\r",
          kOk + L("+QMTOPEN: " + socket + ",0")}});
  }
  void Connect(const std::string& socket, const std::string& host = "broker.test") {
    Open(socket, host);
    Run({{"AT+QMTCONN=" + socket + ",\"modem-" + socket + "\"\r",
          kOk + L("+QMTCONN: " + socket + ",0,0")}});
  }

  Bench bench;
};

TEST(EmulatorSessionTest, OpensConnectsTalksAndCloses) {
  Session session;
  session.Run({
      {"AT+QMTOPEN?\r", kOk},
      {"AT+QMTOPEN=0,\"broker.test\",1883\r", kOk + L("+QMTOPEN: 0,0")},
      {"AT+QMTOPEN?\r", L("+QMTOPEN: 0,\"broker.test\",1883") + kOk},
      {"AT+QMTCONN?\r", L("+QMTCONN: 0,1") + kOk},
      {"AT+QMTCONN=0,\"me\",\"user\",\"pass\"\r", kOk + L("+QMTCONN: 0,0,0")},
      {"AT+QMTCONN?\r", L("+QMTCONN: 0,3") + kOk},
      {"AT+QMTSUB=0,1,\"a\",1,\"b/#\",2\r", kOk + L("+QMTSUB: 0,1,0,1,2")},
      {"AT+QMTPUB=0,2,1,0,\"a\"\r", "\r\n> "},
      {"one\x1A", kOk + L("+QMTPUB: 0,2,0") + L("+QMTRECV: 0,1,\"a\",one")},
      {"AT+QMTPUB=0,3,2,1,\"b/c\"\r", "\r\n> "},
      {"two, \"2\"\x1A", kOk + L("+QMTPUB: 0,3,0") + L("+QMTRECV: 0,2,\"b/c\",two, \"2\"")},
      {"AT+QMTUNS=0,4,\"a\",\"b/#\"\r", kOk + L("+QMTUNS: 0,4,0")},
      {"AT+QMTPUB=0,0,0,0,\"a\"\r", "\r\n> "},
      {"three\x1A", kOk + L("+QMTPUB: 0,0,0")},
      {"AT+QMTDISC=0\r", kOk + L("+QMTDISC: 0,0")},
      {"AT+QMTCONN?\r", kOk},
      {"AT+QMTOPEN=0,\"broker.test\",1883\r", kOk + L("+QMTOPEN: 0,0")},
      {"AT+QMTCLOSE=0\r", kOk + L("+QMTCLOSE: 0,0")},
      {"AT+QMTCLOSE=0\r", L("+CME ERROR: 3")},
  });
}

TEST(EmulatorSessionTest, TellsWhyItCouldNotOpen) {
  Session().Run({
      {"AT+QMTOPEN=0,\"nowhere.invalid\",1883\r", kOk + L("+QMTOPEN: 0,4")},
      {"AT+QMTOPEN=0,\"refused.test\",1883\r", kOk + L("+QMTOPEN: 0,-1")},
      {"AT+QMTOPEN=0,\"unreachable.test\",1883\r", kOk, milliseconds(74'999)},
      {"", L("+QMTOPEN: 0,-1"), milliseconds(1)},
      {"AT+QMTOPEN=0,\"broker.test\",1883\r", kOk + L("+QMTOPEN: 0,0")},
      {"AT+QMTOPEN=0,\"broker.test\",1883\r", kOk + L("+QMTOPEN: 0,2")},
  });
}

TEST(EmulatorSessionTest, TellsEachReasonForWhichAServerRefuses) {
  for (const std::string code : {"1", "2", "3", "4", "5"}) {
    Session session;
    session.Open("0", "connack-" + code + ".test");
    session.Run({{"AT+QMTCONN=0,\"me\"\r", kOk + L("+QMTCONN: 0,0," + code)},
                 {"AT+QMTSUB=0,1,\"a\",0\r", L("+CME ERROR: 3")}});
  }
}

TEST(EmulatorSessionTest, RefusesWhatTheStateForbids) {
  Session session;
  const std::string refused = L("+CME ERROR: 3");
  const Rows early = {{"AT+QMTCONN=0,\"me\"\r", refused},
                      {"AT+QMTDISC=0\r", refused},
                      {"AT+QMTSUB=0,1,\"a\",0\r", refused},
                      {"AT+QMTUNS=0,1,\"a\"\r", refused},
                      {"AT+QMTPUB=0,1,1,0,\"a\"\r", refused}};
  session.Run(early);
  session.Open("0");
  session.Run(Rows(early.begin() + 1, early.end()));
  session.Run({{"AT+QMTCONN=0,\"me\"\r", kOk + L("+QMTCONN: 0,0,0")},
               {"AT+QMTCONN=0,\"me\"\r", refused},
               {"AT+QMTPUB=0,0,1,0,\"a\"\r", L("+CME ERROR: 21")}});
}

// The first failure that tells a code, unless the spec names another.
TEST(EmulatorSessionTest, RefusesInTheWordsThatTheSpecNames) {
  Bench bench("simcom-sim7672x");
  bench.Ask("ATE0\rAT+CMQTTSTART\r", std::chrono::seconds(20));
  EXPECT_EQ(bench.Ask("AT+CMQTTCONNECT=0,\"tcp://broker\",60,1\r"),
            "\r\nERROR\r\n\r\n+CMQTTCONNECT: 0,20\r\n");
  EXPECT_EQ(bench.Ask("AT+CMQTTACCQ=0,\"me\"\r"), "\r\nOK\r\n");
  EXPECT_EQ(bench.Ask("AT+CMQTTCONNECT=0,\"udp://broker\",60,1\r"),
            "\r\n+CMQTTCONNECT: 0,12\r\n\r\nERROR\r\n");
}

TEST(EmulatorSessionTest, RetriesAndSaysSoIfAsked) {
  Session session;
  session.Run({{"AT+QMTCFG=\"timeout\",0,2,2,1\r", kOk}});
  session.Connect("0", "mute.test");
  session.Run({{"AT+QMTSUB=0,7,\"a\",0\r", kOk, milliseconds(1999)},
               {"", L("+QMTSUB: 0,7,1,1"), seconds(1)},
               {"", "", milliseconds(1000)},
               {"", L("+QMTSUB: 0,7,1,2") + L("+QMTSUB: 0,7,2"), milliseconds(1)},
               {"", "", seconds(10)}});
}

TEST(EmulatorSessionTest, RetriesInSilenceIfNotAsked) {
  Session session;
  session.Run({{"AT+QMTCFG=\"timeout\",0,2,2,0\r", kOk}});
  session.Connect("0", "mute.test");
  session.Run({{"AT+QMTPUB=0,7,1,0,\"a\"\r", "\r\n> "},
               {"x\x1A", kOk, milliseconds(3999)},
               {"", L("+QMTPUB: 0,7,2"), milliseconds(1)},
               {"", "", seconds(10)},
               {"AT+QMTPUB=0,7,1,0,\"a\"\r", "\r\n> "},  // the message id is free again
               {"x\x1A", kOk, milliseconds(3999)}});
}

// pkt_timeout*retry_times is no time at all (E-QT-47): the packet itself still has its own.
TEST(EmulatorSessionTest, WaitsForThePacketTimeoutWithoutRetries) {
  Session session;
  session.Run({{"AT+QMTCFG=\"timeout\",0,2,0,1\r", kOk}});
  session.Connect("0", "mute.test");
  session.Run({{"AT+QMTSUB=0,7,\"a\",0\r", kOk, milliseconds(1999)},
               {"", L("+QMTSUB: 0,7,2"), milliseconds(1)}});
}

TEST(EmulatorSessionTest, KeepsAtMostFivePacketsInFlight) {
  Session session;
  session.Run({{"AT+QMTCFG=\"timeout\",0,60,1,0\r", kOk}});
  session.Connect("0", "mute.test");
  for (const std::string id : {"1", "2", "3", "4", "5"}) {
    session.Run({{"AT+QMTPUB=0," + id + ",1,0,\"a\"\r", "\r\n> "}, {"x\x1A", kOk}});
  }
  session.Run({{"AT+QMTPUB=0,6,1,0,\"a\"\r", L("+CME ERROR: 3")}});
}

TEST(EmulatorSessionTest, TakesNoMessageIdTwiceWhileItIsInFlight) {
  Session session;
  session.Connect("0", "mute.test");
  session.Run({{"AT+QMTSUB=0,7,\"a\",0\r", kOk},
               {"AT+QMTSUB=0,7,\"b\",0\r", L("+CME ERROR: 3")},
               {"AT+QMTUNS=0,7,\"a\"\r", L("+CME ERROR: 3")},
               {"AT+QMTUNS=0,8,\"a\"\r", kOk}});
}

TEST(EmulatorSessionTest, KeepsSocketsApart) {
  Session session;
  session.Connect("0");
  session.Connect("5");
  session.Open("3", "connack-5.test");
  session.Run({
      {"AT+QMTOPEN?\r",
       L("+QMTOPEN: 0,\"broker.test\",1883\r\n+QMTOPEN: 3,\"connack-5.test\",1883\r\n"
         "+QMTOPEN: 5,\"broker.test\",1883") +
           kOk},
      {"AT+QMTCONN?\r", L("+QMTCONN: 0,3\r\n+QMTCONN: 3,1\r\n+QMTCONN: 5,3") + kOk},
      {"AT+QMTSUB=0,1,\"a\",0\r", kOk + L("+QMTSUB: 0,1,0,0")},
      {"AT+QMTSUB=5,1,\"a\",0\r", kOk + L("+QMTSUB: 5,1,0,0")},
      {"AT+QMTPUB=5,0,0,0,\"a\"\r", "\r\n> "},
      {"x\x1A",
       kOk + L("+QMTPUB: 5,0,0") + L("+QMTRECV: 0,0,\"a\",x") + L("+QMTRECV: 5,0,\"a\",x")},
      {"AT+QMTCLOSE=0\r", kOk + L("+QMTCLOSE: 0,0")},
      {"AT+QMTCONN?\r", L("+QMTCONN: 3,1\r\n+QMTCONN: 5,3") + kOk},
      {"AT+QMTCFG=\"keepalive\",5,7;+QMTCFG=\"keepalive\",4\r",
       L("+QMTCFG: \"keepalive\",120") + kOk},
  });
}

TEST(EmulatorSessionTest, SaysWhenTheLinkGoes) {
  Session session;
  session.Connect("0");
  session.bench.broker().CloseLink("modem-0", session.bench.now());
  session.Run({{"", L("+QMTSTAT: 0,1")}, {"AT+QMTCONN?\r", kOk}});
  session.Connect("0");
  session.bench.broker().LoseNetwork(session.bench.now());
  session.Run({{"", L("+QMTSTAT: 0,7")}, {"AT+QMTCONN?\r", kOk}});
}

TEST(EmulatorSessionTest, SaysWhenTheServerNoLongerAnswersPings) {
  Session session;
  session.Run({{"AT+QMTCFG=\"keepalive\",0,10\r", kOk}});
  session.Connect("0", "mute.test");
  EXPECT_EQ(session.bench.Wait(seconds(60)), L("+QMTSTAT: 0,2"));
}

TEST(EmulatorSessionTest, LeavesItsWill) {
  Session session;
  session.Run({{"AT+QMTCFG=\"will\",0,1,1,0,\"w\",\"gone\"\r", kOk},
               {"AT+QMTCFG=\"will\",0\r", L("+QMTCFG: \"will\",1,1,0,\"w\",\"gone\"") + kOk}});
  session.Connect("0");
  session.Connect("1");
  session.Run({{"AT+QMTSUB=1,1,\"w\",0\r", kOk + L("+QMTSUB: 1,1,0,0")}});
  session.bench.broker().CloseLink("modem-0", session.bench.now());
  const std::string heard = session.bench.Wait(seconds(1));
  EXPECT_NE(heard.find(L("+QMTRECV: 1,0,\"w\",gone")), std::string::npos) << heard;
}

TEST(EmulatorSessionTest, UsesTheFilesOfItsTlsContext) {
  Session session;
  session.Run({
      {"AT+QFUPL=\"ca.pem\",3\r", L("CONNECT")},
      {"pem", L("+QFUPL: 3,1d65") + kOk},
      {"AT+QSSLCFG=\"cacert\",2,\"ca.pem\"\r", kOk},
      {"AT+QSSLCFG=\"seclevel\",2,1\r", kOk},
      {"AT+QMTCFG=\"ssl\",0,1,2\r", kOk},
      {"AT+QMTOPEN=0,\"untrusted.test\",8883\r", kOk + L("+QMTOPEN: 0,-1")},
      {"AT+QSSLCFG=\"seclevel\",2,0\r", kOk},
      {"AT+QMTOPEN=0,\"untrusted.test\",8883\r", kOk + L("+QMTOPEN: 0,0")},
  });
}

// What no two modems share follows from the seed; also what the modem is called by default.
TEST(EmulatorSessionTest, HasASerialNumberOfItsOwn) {
  for (const auto& [seed, imei] : {std::pair(0, "004999010640000"), {7, "004999010640075"}}) {
    EmulatorOptions options;
    options.seed = seed;
    Bench bench("fibocom-v1.2.6", options);
    EXPECT_EQ(bench.Ask("ATE0\rAT+CGSN\r"), "ATE0\r" + kOk + L(imei) + kOk);
    bench.Ask("AT+MQTTOPEN=1,\"broker.test\",1883,1,60\r", std::chrono::seconds(1));
    EXPECT_EQ(bench.broker().Log().back().client_id, imei);
  }
}

// SIMCom's mode 3 shows the client's certificate and does not look at the server's.
TEST(EmulatorSessionTest, MayVerifyTheClientAlone) {
  for (const auto& [mode, result] : {std::pair("1", "32"), {"2", "32"}, {"3", "0"}, {"0", "0"}}) {
    Bench bench("simcom-sim7672x");
    bench.Ask("ATE0\rAT+CMQTTSTART\r", std::chrono::seconds(20));
    bench.Ask(std::string("AT+CSSLCFG=\"authmode\",0,") + mode + "\r");
    bench.Ask("AT+CMQTTACCQ=0,\"me\",1\r");
    const std::string said =
        bench.Ask("AT+CMQTTCONNECT=0,\"tcp://untrusted.test:8883\",60,1\r", std::chrono::seconds(5));
    EXPECT_EQ(said, kOk + L(std::string("+CMQTTCONNECT: 0,") + result)) << mode;
  }
}

// However the bytes are cut up on their way in, what comes out is the same.
TEST(EmulatorSessionTest, DoesNotCareHowItsInputIsCut) {
  std::vector<std::string> heard;
  for (const std::size_t chunk : {0, 1, 2, 3, 7}) {
    Session session;
    session.bench.set_chunk(chunk);
    std::string all;
    for (const std::string& line :
         {std::string("ATE1\r\n"), std::string("AT+QMTOPEN=0,\"broker.test\",1883\r\n"),
          std::string("AT+QMTCONN=0,\"me\"\r\n"), std::string("AT+QMTSUB=0,1,\"a\",1\r\n"),
          std::string("AT+QMTPUB=0,2,1,0,\"a\"\r\n"), std::string("\r\nhello\r\nOK\r\n\x1A"),
          std::string("AT+QFUPL=\"f\",4\r\n"), std::string("\r\n12\r\n"),
          std::string("AT+CMEE=2;+QMTCONN?;+NOSUCH\r\n"), std::string("AX\bT\rA/")}) {
      all += session.bench.Ask(line, milliseconds(200));
    }
    heard.push_back(all);
  }
  for (const std::string& all : heard) EXPECT_EQ(all, heard[0]);
}

}  // namespace
}  // namespace assay::device
