// The client's side of RFC 2217, without I/O.
#include "devices/com_port.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace assay::device::com_port {
namespace {

using Phase = Client::Phase;

std::string Say(std::uint8_t verb, std::uint8_t option) {
  return Encode({.verb = verb, .option = option});
}

std::string Message(std::string body) {
  return Encode({.verb = kSubnegotiation, .option = kComPort, .body = std::move(body)});
}

const std::string kAgreed =
    Say(kDo, kBinary) + Say(kWill, kBinary) + Say(kDo, kSuppressGoAhead) + Say(kDo, kComPort);
const std::string kPort = Message(std::string("\x65\x00\x01\xC2\x00", 5)) + Message("\x66\x08") +
                          Message("\x67\x01") + Message("\x68\x01");
const std::string kNoFlow = Message("\x69\x01");

Client Ready(Options options = {}) {
  Client client(std::move(options));
  client.Received(kAgreed + kPort + kNoFlow);
  client.TakeOutput();
  return client;
}

TEST(ComPortDecoder, TakesDataAndCommandsApartWhereverTheyAreCut) {
  const std::string stream = "a" + Say(kDo, 39) + "\xFF\xFF" + Message("\x65\xFF") + "b";
  const std::vector<Command> expected = {
      {.body = "a"},
      {.verb = kDo, .option = 39},
      {.body = "\xFF"},
      {.verb = kSubnegotiation, .option = kComPort, .body = "\x65\xFF"},
      {.body = "b"}};
  EXPECT_EQ(Decoder().Feed(stream), expected);
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    Decoder decoder;
    std::vector<Command> commands = decoder.Feed(stream.substr(0, cut));
    for (Command& command : decoder.Feed(stream.substr(cut))) commands.push_back(command);
    EXPECT_EQ(commands, expected) << cut;
  }
}

TEST(ComPortDecoder, WritesWhatItReads) {
  for (const Command& command :
       std::vector<Command>{{.verb = kWill, .option = 1},
                            {.verb = 241},
                            {.body = "x\xFFy"},
                            {.verb = kSubnegotiation, .option = 44, .body = "\xFF\xFF"}})
    EXPECT_EQ(Decoder().Feed(Encode(command)), std::vector<Command>{command});
}

TEST(ComPortDecoder, GivesUpOnAMessageWithoutAnEnd) {
  Decoder decoder;
  decoder.Feed("\xFF\xFA,k" + std::string(Decoder::kLongest, 'x'));
  EXPECT_TRUE(decoder.Broken());
  EXPECT_EQ(decoder.Feed("abc"), std::vector<Command>{});
}

TEST(ComPortClient, AsksForBinaryBothWaysAndTheOption) {
  EXPECT_EQ(Client({}).TakeOutput(), Say(kWill, kBinary) + Say(kDo, kBinary) +
                                         Say(kWill, kSuppressGoAhead) + Say(kDo, kSuppressGoAhead) +
                                         Say(kWill, kComPort));
}

TEST(ComPortClient, SetsThePortOnceTheServerAgrees) {
  Client client({.line = {.baud = 9600,
                          .flow = Flow::kRtsCts,
                          .bits = 7,
                          .parity = Parity::kEven,
                          .stop = 2,
                          .dtr = false,
                          .rts = true}});
  client.TakeOutput();
  client.Received(kAgreed);
  EXPECT_EQ(client.phase(), Phase::kSetting);
  EXPECT_EQ(client.TakeOutput(),
            Message(std::string("\x01\x00\x00\x25\x80", 5)) + Message("\x02\x07") +
                Message("\x03\x03") + Message("\x04\x02") + Message("\x05\x03") +
                Message("\x05\x09") + Message("\x05\x0B") + Message("\x0B\xFF") +
                Message("\x0A\x1E") + Message("\x0C\x01"));
}

TEST(ComPortClient, IsReadyWhenAllIsAcknowledged) {
  Client client({});
  client.Received(kAgreed + kPort);
  EXPECT_EQ(client.phase(), Phase::kSetting);
  EXPECT_EQ(client.Missing(),
            "the server does not acknowledge the flow control; `ign_set_control` does without");
  client.Received(kNoFlow);
  EXPECT_EQ(client.phase(), Phase::kReady);
}

TEST(ComPortClient, DoesWithoutAcknowledgementsOfControlsWhereToldSo) {
  Client client({.line = {.dtr = true}, .ignore_control = true});
  client.Received(kAgreed + kPort);
  EXPECT_EQ(client.phase(), Phase::kReady);
}

TEST(ComPortClient, KeepsTheModemsBytesAndDropsTheServersGreeting) {
  Client client({});
  EXPECT_EQ(client.Received("welcome to ttyS1\r\n" + kAgreed + "RDY" + kPort + "\xFF\xFF"),
            "RDY\xFF");
}

TEST(ComPortClient, RefusesOffersItDoesNotKnowAndNotForEver) {
  Client client = Ready();
  client.Received(Say(kDo, 39) + Say(kWill, 200));
  EXPECT_EQ(client.TakeOutput(), Say(kWont, 39) + Say(kDont, 200));
  for (int i = 0; i < 1000; ++i) client.Received(Say(kDo, 39));
  EXPECT_LT(client.TakeOutput().size(), 200u);
}

TEST(ComPortClient, SaysWhatIsWrongWithAServer) {
  struct Row {
    std::string bytes, why;
  };
  const std::string ser2net =
      "the server speaks telnet, but will not have its port set (it refuses RFC 2217); with "
      "ser2net, `accepter: telnet(rfc2217),tcp,...`";
  for (const Row& row : std::vector<Row>{
           {Say(kDo, kBinary) + Say(kDont, kComPort), ser2net},
           {Say(kDont, kBinary),
            "the server refuses to pass all bytes on (telnet's binary transmission)"},
           {kAgreed + Message(std::string("\x65\x00\x00\x25\x80", 5)),
            "the server's port cannot do 115200 baud, it has 9600"},
           {kAgreed + Message("\x65"),
            "the server's answer about the baud rate makes no sense: 0 bytes"},
           {kAgreed + Message("\x67\x02"),
            "the server does not set the parity: asked for 1, it has 2"},
           {kAgreed + Message("\x69\x03"),
            "the server does not set the flow control: asked for 1, it has 3; `ign_set_control` "
            "does without"},
           {kAgreed + kPort + kNoFlow + Say(kWont, kBinary),
            "the server refuses to pass all bytes on (telnet's binary transmission)"},
           {"\xFF\xFA,k" + std::string(600, 'x'),
            "the server sends telnet without an end: this is no RFC 2217"},
       }) {
    Client client({});
    client.Received(row.bytes);
    EXPECT_EQ(client.phase(), Phase::kRefused);
    EXPECT_EQ(client.Refusal(), row.why);
    EXPECT_EQ(client.Received("more"), "");
  }
}

TEST(ComPortClient, SaysWhatItWaitsFor) {
  struct Row {
    std::string bytes, why;
  };
  for (const Row& row : std::vector<Row>{
           {"",
            "the server says nothing at all to telnet's options; if its port is raw TCP, take "
            "tcp://HOST:PORT"},
           {"SSH-2.0\r\n",
            "the server speaks no telnet: \"SSH-2.0\\r\\n\" came instead; if its port is raw TCP, "
            "take tcp://HOST:PORT"},
           {Client({}).TakeOutput(),
            "what we send comes back: this is raw TCP, and the modem echoes; take tcp://HOST:PORT"},
           {Say(kWill, kEcho),
            "the server does not agree to RFC 2217 and binary transmission; if its port is raw TCP, "
            "take tcp://HOST:PORT"},
           {kAgreed, "the server does not acknowledge the baud rate, the data bits, the parity, "
                     "the stop bits, the flow control; `ign_set_control` does without"},
       }) {
    Client client({});
    client.Received(row.bytes);
    EXPECT_EQ(client.Missing(), row.why);
  }
}

TEST(ComPortClient, HoldsBackWhileTheServerIsSuspended) {
  Client client = Ready();
  client.Received(Message("\x6C"));
  EXPECT_TRUE(client.Suspended());
  client.Received(Message("\x6D"));
  EXPECT_FALSE(client.Suspended());
}

TEST(ComPortClient, TellsWhatTheLineDid) {
  Client client = Ready();
  client.Received(Message("\x6B\xB0"));  // how it is to begin with
  EXPECT_EQ(client.TakeNotes(), "");
  client.Received(Message("\x6B\x10") + Message("\x6A\x08") + Message("\x6A\x0C"));
  EXPECT_EQ(client.TakeNotes(),
            "carrier (DCD) went off, DSR went off, 2 framing errors, 1 parity errors");
  client.Received(Message("\x6B\x90"));
  EXPECT_EQ(client.TakeNotes(), "carrier (DCD) came");
  EXPECT_EQ(client.TakeNotes(), "");
}

TEST(ComPortClient, SendsABreak) {
  Client client = Ready();
  client.SetBreak(true);
  client.SetBreak(false);
  EXPECT_EQ(client.TakeOutput(), Message("\x05\x05") + Message("\x05\x06"));
}

}  // namespace
}  // namespace assay::device::com_port
