// How the emulated BG96 takes and gives bytes: rows of "bytes in, bytes out".
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "devices/emulator_testing.h"

namespace assay::device {
namespace {

struct Row {
  std::string in, out;
};
using Rows = std::vector<Row>;

constexpr char kModem[] = "quectel-bg96";

void Check(Bench& bench, const Rows& rows) {
  for (const Row& row : rows) EXPECT_EQ(bench.Ask(row.in), row.out) << row.in;
}

void Check(const Rows& rows, EmulatorOptions options = {}) {
  for (const std::size_t chunk : {0, 1}) {
    Bench bench(kModem, options);
    bench.set_chunk(chunk);
    Check(bench, rows);
  }
}

const std::string kOk = "\r\nOK\r\n";

// With QoS 0 nothing is waited for.
const std::string kSent = "\r\n+QMTPUB: 0,0,0\r\n";

// A connected client on socket 0, without echo.
const Rows kConnected = {
    {"ATE0\r", "ATE0\r" + kOk},      {"AT+QMTOPEN=0,\"broker.test\",1883\r", kOk},
    {"", "\r\n+QMTOPEN: 0,0\r\n"},   {"AT+QMTCONN=0,\"me\"\r", kOk},
    {"", "\r\n+QMTCONN: 0,0,0\r\n"},
};

Rows Connected(const Rows& then) {
  Rows rows = kConnected;
  rows.insert(rows.end(), then.begin(), then.end());
  return rows;
}

TEST(EmulatorLineTest, EchoesUntilToldNotTo) {
  Check({{"AT\r", "AT\r" + kOk},
         {"A", "A"},
         {"T", "T"},
         {"E0", "E0"},
         {"\r", "\r" + kOk},
         {"AT\r", kOk},
         {"ATE1\r", kOk},
         {"AT\r\n", "AT\r" + kOk},
         {"ATE\r", "ATE\r" + kOk},
         {"AT\r", kOk}});
}

TEST(EmulatorLineTest, AnswersNothingToWhatIsNoCommand) {
  Check({{"ATE0\r", "ATE0\r" + kOk},
         {"\r", ""},
         {"\r\n", ""},
         {"\n", ""},
         {"hello\r", ""},
         {std::string("\0\x7f\x1a\x1b\r", 5), ""},
         {"AT\r", kOk}});
}

TEST(EmulatorLineTest, RefusesWhatItDoesNotKnow) {
  Check({{"ATE0\r", "ATE0\r" + kOk},
         {"AT+NOSUCH\r", "\r\nERROR\r\n"},
         {"AT+NOSUCH=1\r", "\r\nERROR\r\n"},
         {"AT+QMTOPENX=?\r", "\r\nERROR\r\n"},
         {"AT=1\r", "\r\n+CME ERROR: 4\r\n"},
         {"AT+QMTCONN\r", "\r\n+CME ERROR: 4\r\n"},
         {"AT+QMTCFG=\"nokey\",0\r", "\r\n+CME ERROR: 4\r\n"},
         {"AT+QMTOPEN=6,\"h\",1\r", "\r\n+CME ERROR: 21\r\n"},
         {"AT+QMTOPEN=0,\"h\",0\r", "\r\n+CME ERROR: 21\r\n"},
         {"AT+QMTOPEN=0,\"h\"\r", "\r\n+CME ERROR: 4\r\n"},
         {"AT+QMTOPEN=0,\"h\",1,2\r", "\r\n+CME ERROR: 4\r\n"},
         {"AT+QMTOPEN=0,\"h,1\r", "\r\n+CME ERROR: 4\r\n"},
         {"AT+QMTOPEN=0,\"" + std::string(101, 'h') + "\",1\r", "\r\n+CME ERROR: 24\r\n"},
         {"AT+QMTCLOSE=0\r", "\r\n+CME ERROR: 3\r\n"},
         {"AT" + std::string(8191, ' ') + "\r", "\r\n+CME ERROR: 24\r\n"},
         {"AT\r", kOk}});
}

TEST(EmulatorLineTest, RunsSeveralCommandsWithOneFinalCode) {
  Check({{"ATE0V1\r", "ATE0V1\r" + kOk},
         {"AT+CMEE=1;+QMTCONN?\r", kOk},
         {"AT+QMTDISC=?;+QMTCLOSE=?\r", "\r\n+QMTDISC: (0-5)\r\n\r\n+QMTCLOSE: (0-5)\r\n" + kOk},
         {"AT+QMTCLOSE=0;+QMTDISC=?\r", "\r\n+CME ERROR: 3\r\n"},
         {"AT+QMTDISC=?;+NOSUCH;+QMTCLOSE=?\r", "\r\n+QMTDISC: (0-5)\r\n\r\nERROR\r\n"},
         {"AT+QMTCFG=\"session\",1,0;+QMTCFG=\"session\",1\r",
          "\r\n+QMTCFG: \"session\",0\r\n" + kOk},
         {"AT+QMTCFG=\"session\",1,1;\r", kOk},
         {"A/", kOk}});
}

TEST(EmulatorLineTest, RepeatsTheLastLine) {
  Check({{"ATE0\r", "ATE0\r" + kOk},
         {"AT+QMTDISC=?\r", "\r\n+QMTDISC: (0-5)\r\n" + kOk},
         {"A/", "\r\n+QMTDISC: (0-5)\r\n" + kOk},
         {"a/A/", "\r\n+QMTDISC: (0-5)\r\n" + kOk + "\r\n+QMTDISC: (0-5)\r\n" + kOk}});
}

TEST(EmulatorLineTest, EditsWithBackspace) {
  Check({{"ATE1X\b\b0\r", "ATE1X\b \b\b \b0\r" + kOk}, {"AU\bT\r", kOk}});
}

TEST(EmulatorLineTest, SaysErrorsAsCmeeTells) {
  Check({{"ATE0\r", "ATE0\r" + kOk},
         {"AT+CMEE=0\r", kOk},
         {"AT+QMTCLOSE=0\r", "\r\nERROR\r\n"},
         {"AT+CMEE=1\r", kOk},
         {"AT+QMTCLOSE=0\r", "\r\n+CME ERROR: 3\r\n"},
         {"AT+CMEE=2\r", kOk},
         {"AT+QMTCLOSE=0\r", "\r\n+CME ERROR: Operation not allowed\r\n"},
         {"AT+CMEE=3\r", "\r\n+CME ERROR: Invalid index\r\n"},
         {"AT+NOSUCH\r", "\r\nERROR\r\n"}});
}

TEST(EmulatorLineTest, SaysDigitsWithoutVerbose) {
  Check({{"ATE0V0\r", "ATE0V0\r0\r"},
         {"AT\r", "0\r"},
         {"AT+NOSUCH\r", "4\r"},
         {"AT+QMTCLOSE=0\r", "+CME ERROR: 3\r"},
         {"AT+QMTDISC=?\r", "+QMTDISC: (0-5)\r\n0\r"},
         {"ATV1\r", kOk}});
}

TEST(EmulatorLineTest, SaysNoCodesWhenQuiet) {
  Check({{"ATE0\r", "ATE0\r" + kOk},
         {"ATQ1\r", ""},
         {"AT\r", ""},
         {"AT+NOSUCH\r", ""},
         {"AT+QMTDISC=?\r", "\r\n+QMTDISC: (0-5)\r\n"},
         {"ATQ0\r", kOk}});
}

TEST(EmulatorLineTest, ComesBackFromSettingsByReset) {
  Check({{"ATE0Q1\r", "ATE0Q1\r"}, {"ATZ\r", kOk}, {"AT\r", "AT\r" + kOk}});
}

TEST(EmulatorLineTest, JoinsTheLinesOfOneAnswer) {
  Bench bench(kModem);
  bench.Ask("ATE0\r");
  EXPECT_EQ(bench.Ask("AT+QMTCFG=?\r"),
            "\r\n+QMTCFG: \"version\",(0-5),(3,4)\r\n"
            "+QMTCFG: \"pdpcid\",(0-5),(1-16)\r\n"
            "+QMTCFG: \"ssl\",(0-5),(0,1),(0-5)\r\n"
            "+QMTCFG: \"keepalive\",(0-5),(0-3600)\r\n"
            "+QMTCFG: \"session\",(0-5),(0,1)\r\n"
            "+QMTCFG: \"timeout\",(0-5),(1-60),(1-10),(0,1)\r\n"
            "+QMTCFG: \"will\",(0-5),(0,1),(0-2),(0,1),\"willtopic\",\"willmessage\"\r\n"
            "+QMTCFG: \"aliauth\",(0-5),\"productkey\",\"devicename\",\"devicesecret\"\r\n" +
                kOk);
}

TEST(EmulatorLineTest, TellsRangesToTestCommands) {
  Check({{"ATE0\r", "ATE0\r" + kOk},
         {"AT+QMTOPEN=?\r", "\r\n+QMTOPEN: (0-5),\"<host_name>\",(1-65535)\r\n" + kOk},
         {"AT+QMTCONN=?\r",
          "\r\n+QMTCONN: (0-5),\"<clientID>\"[,\"<username>\"[,\"<password>\"]]\r\n" + kOk},
         {"AT+QMTSUB=?\r", "\r\n+QMTSUB: (0-5),(1-65535),\"<topic>\",(0,1,2)\r\n" + kOk},
         {"AT+QMTUNS=?\r", "\r\n+QMTUNS: (0-5),(1-65535),\"<topic>\"\r\n" + kOk},
         {"AT+QMTPUB=?\r",
          "\r\n+QMTPUB: (0-5),(0-65535),(0,1,2),(0,1),\"<topic>\",\"<msg>\"\r\n" + kOk}});
}

TEST(EmulatorLineTest, TakesWhatTheReadingTolerates) {
  const Rows tolerated = {
      {"AT+QMTCFG=\"version\", 0, 4\r", kOk},
      {"AT+QMTCFG=\"VERSION\",0,3\r", kOk},
      {"AT+QMTCFG=\"version\",\"0\"\r", "\r\n+QMTCFG: \"version\",3\r\n" + kOk}};
  Rows refused = tolerated;
  for (Row& row : refused) row.out = "\r\n+CME ERROR: 4\r\n";
  for (const bool tolerant : {true, false}) {
    Bench bench(kModem, {.tolerant = tolerant});
    bench.Ask("ATE0\r");
    Check(bench, tolerant ? tolerated : refused);
  }
}

TEST(EmulatorLineTest, EndsADataPhaseWithCtrlZ) {
  Check(Connected({{"AT+QMTPUB=0,1,1,0,\"t\"\r", "\r\n> "},
                   {"hello", ""},
                   {"\x1A", kOk},
                   {"", "\r\n+QMTPUB: 0,1,0\r\n"}}));
}

TEST(EmulatorLineTest, EchoesDataAsItDoesCommands) {
  Check(Connected({{"ATE1\r", kOk},
                   {"AT+QMTPUB=0,1,1,0,\"t\"\r", "AT+QMTPUB=0,1,1,0,\"t\"\r\r\n> "},
                   {"he\r\nllo", "he\r\nllo"},
                   {"\x1A", kOk}}));
}

TEST(EmulatorLineTest, CancelsADataPhaseWithEsc) {
  Bench bench(kModem);
  Check(bench,
        Connected({{"AT+QMTPUB=0,1,1,0,\"t\"\r", "\r\n> "}, {"hello\x1B", kOk}, {"AT\r", kOk}}));
  EXPECT_EQ(bench.Wait(Time(1'000'000)), "");
  for (const BrokerPacket& packet : bench.broker().Log()) {
    EXPECT_NE(packet.type, BrokerPacket::Type::kPublish);
  }
}

// What the broker was given, by payload.
std::string Published(Bench& bench, std::string_view typed) {
  bench.Ask("AT+QMTPUB=0,0,0,0,\"t\"\r");
  bench.broker().ClearLog();
  EXPECT_EQ(bench.Ask(std::string(typed) + "\x1A"), kOk + kSent);
  bench.Wait(Time(100'000));
  for (const BrokerPacket& packet : bench.broker().Log()) {
    if (packet.type == BrokerPacket::Type::kPublish) return packet.payload;
  }
  ADD_FAILURE() << "nothing was published";
  return {};
}

TEST(EmulatorLineTest, PublishesEveryByteThatTheDataPhaseDoesNotReserve) {
  Bench bench(kModem);
  Check(bench, kConnected);
  std::string bytes;
  for (int i = 0; i < 256; ++i) {
    if (i != 0x1A && i != 0x1B) bytes += static_cast<char>(i);
  }
  for (const std::string& payload : {bytes, std::string("\r\nOK\r\n"), std::string("\n"),
                                     std::string("> AT\r"), std::string()}) {
    EXPECT_EQ(Published(bench, payload), payload);
  }
}

TEST(EmulatorLineTest, CutsDataAtItsMaximum) {
  Bench bench(kModem);
  Check(bench, kConnected);
  EXPECT_EQ(Published(bench, std::string(1547, 'x')).size(), 1547u);
  EXPECT_EQ(Published(bench, std::string(1548, 'x')).size(), 1548u);
  EXPECT_EQ(Published(bench, std::string(1549, 'x')).size(), 1548u);
  EXPECT_EQ(Published(bench, std::string(5000, 'x')).size(), 1548u);
}

TEST(EmulatorLineTest, TakesTheLineFeedOfTheCommandForNoData) {
  for (const std::size_t chunk : {0, 1}) {
    Bench bench(kModem);
    bench.set_chunk(chunk);
    Check(bench, kConnected);
    EXPECT_EQ(bench.Ask("AT+QMTPUB=0,0,0,0,\"t\"\r\n"), "\r\n> ");
    bench.Ask("\nx\x1A");
    EXPECT_EQ(bench.broker().Log().back().payload, "\nx");
    // A host that does not wait for the prompt is understood all the same.
    EXPECT_EQ(bench.Ask("AT+QMTPUB=0,0,0,0,\"t\"\r\n\nx\x1A"), "\r\n> " + kOk + kSent);
    EXPECT_EQ(bench.broker().Log().back().payload, "\nx");
  }
}

TEST(EmulatorLineTest, EndsADataPhaseAtItsLength) {
  Check({{"ATE0\r", "ATE0\r" + kOk},
         {"AT+QFUPL=\"ca.pem\",5\r", "\r\nCONNECT\r\n"},
         {"\x1A\x1B"
          "123\r\n",
          "\r\n+QFUPL: 5,1829\r\n" + kOk},
         {"AT+QFUPL=\"ca.pem\",1\r\n", "\r\nCONNECT\r\n"},
         {"\n\r\nAT\r", "\r\n+QFUPL: 1,a00\r\n" + kOk + kOk},
         {"AT+QFUPL=\"ca.pem\",2\r\n\r\n\r\nAT\r",
          "\r\nCONNECT\r\n\r\n+QFUPL: 2,d0a\r\n" + kOk + kOk}});
}

TEST(EmulatorLineTest, KeepsUrcsOutOfDataPhases) {
  Bench bench(kModem);
  Check(bench, kConnected);
  bench.Ask("AT+QMTSUB=0,1,\"a\",0\r", Time(100'000));
  const std::string urc = "\r\n+QMTRECV: 0,0,\"a\",hi\r\n";
  EXPECT_EQ(bench.Ask("AT+QMTPUB=0,0,0,0,\"t\"\r"), "\r\n> ");
  bench.broker().Publish({.topic = "a", .payload = "hi"}, bench.now());
  EXPECT_EQ(bench.Ask("x", Time(10'000'000)), "");
  EXPECT_EQ(bench.Ask("\x1A"), kOk + urc + kSent);
}

TEST(EmulatorLineTest, KeepsUrcsOutOfALineThatIsBeingTyped) {
  Bench bench(kModem);
  Check(bench, kConnected);
  bench.Ask("AT+QMTSUB=0,1,\"a\",0\r", Time(100'000));
  const std::string urc = "\r\n+QMTRECV: 0,0,\"a\",hi\r\n";
  bench.broker().Publish({.topic = "a", .payload = "hi"}, bench.now());
  EXPECT_EQ(bench.Ask("A", Time(100'000)), "");
  EXPECT_EQ(bench.Ask("T\r"), urc + kOk);
  bench.broker().Publish({.topic = "a", .payload = "hi"}, bench.now());
  EXPECT_EQ(bench.Ask("A", Time(10'000'000)), urc);  // nobody types that slowly
}

}  // namespace
}  // namespace assay::device
