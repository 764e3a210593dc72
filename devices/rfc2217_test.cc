// RFC 2217 against a server of the tests' own; the real ser2net is in device_contract_test.cc.
#include "devices/rfc2217.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <future>
#include <string>
#include <utility>
#include <vector>

#include "devices/rfc2217_testing.h"
#include "devices/tcp.h"

namespace assay::device {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Conversation {
  std::unique_ptr<Server> server;
  OpenResult opened;
};

// Opens a port at a server of those manners, which answers until it is open or given up.
Conversation Converse(ServerManners manners, com_port::Options options = {},
                      Time timeout = seconds(5)) {
  ListenResult listening = Listen("127.0.0.1", 0);
  const std::uint16_t port = listening.listener->port();
  std::future<OpenResult> opening = std::async(std::launch::async, [&] {
    return OpenRfc2217("127.0.0.1", port, options, timeout);
  });
  Conversation out;
  out.server = MakeServer(listening.listener->Accept(seconds(30)).device, std::move(manners));
  while (opening.wait_for(Time{0}) != std::future_status::ready) {
    char none;
    out.server->Read({&none, 1}, out.server->Now() + milliseconds(5));
  }
  out.opened = opening.get();
  return out;
}

std::string Tail(const std::string& error) { return error.substr(error.find(": ") + 2); }

TEST(Rfc2217, SetsThePortAndSaysSoInItsAddress) {
  const Conversation talk =
      Converse({}, {.line = {.baud = 9600, .flow = Flow::kRtsCts, .dtr = true}});
  ASSERT_NE(talk.opened.device, nullptr) << talk.opened.error;
  EXPECT_TRUE(talk.opened.device->Address().ends_with("?baud=9600&flow=rtscts&dtr=on"))
      << talk.opened.device->Address();
  const std::vector<std::string> expected = {"1 00 00 25 80", "2 08", "3 01",  "4 01", "5 03",
                                             "5 08",          "11 FF", "10 1E", "12 01"};
  EXPECT_EQ(talk.server->Asked(), expected);
}

TEST(Rfc2217, SaysWhyAServerWillNotDo) {
  struct Row {
    ServerManners manners;
    std::string why;
  };
  for (const Row& row : std::vector<Row>{
           {{.agree = false},
            "the server speaks telnet, but will not have its port set (it refuses RFC 2217); with "
            "ser2net, `accepter: telnet(rfc2217),tcp,...`"},
           {{.binary = false},
            "the server refuses to pass all bytes on (telnet's binary transmission)"},
           {{.acknowledge_control = false},
            "the server does not acknowledge the flow control; `ign_set_control` does without"},
           {{.acknowledge = false},
            "the server does not acknowledge the baud rate, the data bits, the parity, the stop "
            "bits"},
           {{.answers = {{1, std::string("\0\0\x25\x80", 4)}}},
            "the server's port cannot do 115200 baud, it has 9600"},
           {{.answers = {{2, "eight"}}},
            "the server's answer about the data bits makes no sense: 5 bytes"},
       }) {
    const Conversation talk = Converse(row.manners, {}, milliseconds(300));
    EXPECT_EQ(talk.opened.device, nullptr);
    EXPECT_TRUE(talk.opened.error.starts_with("rfc2217://127.0.0.1:")) << talk.opened.error;
    EXPECT_EQ(Tail(talk.opened.error), row.why);
    EXPECT_FALSE(talk.opened.usage);
  }
}

TEST(Rfc2217, SaysThatAServerIsNone) {
  ListenResult listening = Listen("127.0.0.1", 0);
  const std::uint16_t port = listening.listener->port();
  std::future<OpenResult> opening = std::async(std::launch::async, [&] {
    return OpenRfc2217("127.0.0.1", port, {}, milliseconds(300));
  });
  const OpenResult accepted = listening.listener->Accept(seconds(30));
  accepted.device->Write("SSH-2.0-x\r\n", seconds(30));
  EXPECT_EQ(Tail(opening.get().error),
            "the server speaks no telnet: \"SSH-2.0-x\\r\\n\" came instead; if its port is raw TCP, "
            "take tcp://HOST:PORT");
}

TEST(Rfc2217, SaysThatAServerHungUp) {
  ListenResult listening = Listen("127.0.0.1", 0);
  const std::uint16_t port = listening.listener->port();
  std::future<OpenResult> opening =
      std::async(std::launch::async, [&] { return OpenRfc2217("127.0.0.1", port, {}, seconds(5)); });
  OpenResult accepted = listening.listener->Accept(seconds(30));
  listening.listener.reset();  // who comes again is refused
  accepted.device.reset();
  const std::string error = opening.get().error;
  EXPECT_NE(error.find("before the port was ready: is somebody else on it?"), std::string::npos)
      << error;
}

TEST(Rfc2217, WaitsWhileTheServerHoldsItOffAndLosesNothing) {
  Conversation talk = Converse({});
  ASSERT_NE(talk.opened.device, nullptr) << talk.opened.error;
  Device& device = *talk.opened.device;
  const std::string suspend = "\xFF\xFA,\x6C\xFF\xF0", resume = "\xFF\xFA,\x6D\xFF\xF0";
  talk.server->SendRaw(suspend);
  talk.server->Write("RDY", seconds(30));
  std::future<WriteResult> writing = std::async(
      std::launch::async, [&] { return device.Write("AT\r", device.Now() + seconds(30)); });
  EXPECT_EQ(writing.wait_for(milliseconds(50)), std::future_status::timeout);
  talk.server->SendRaw(resume);
  EXPECT_EQ(writing.get().ending, Ending::kNone);
  std::array<char, 8> buffer;
  EXPECT_EQ(device.Read(buffer, device.Now() + seconds(30)).bytes, 3u);
  talk.server->SendRaw(suspend);
  // The byte behind it tells when it has been seen.
  talk.server->Write("x", seconds(30));
  EXPECT_EQ(device.Read(buffer, device.Now() + seconds(30)).bytes, 1u);
  const WriteResult held = device.Write("AT\r", device.Now() + milliseconds(20));
  EXPECT_EQ(held.ending, Ending::kStalled);
  EXPECT_EQ(held.detail, "write: the server holds us off (FLOWCONTROL-SUSPEND)");
}

TEST(Rfc2217, ABreakIsSentOnlyWhereItIsAllowed) {
  Conversation without = Converse({});
  ASSERT_NE(without.opened.device, nullptr) << without.opened.error;
  EXPECT_FALSE(without.opened.device->Break());
  Conversation with = Converse({}, {.line = {.break_wakes = true}});
  ASSERT_NE(with.opened.device, nullptr) << with.opened.error;
  EXPECT_TRUE(with.opened.device->Break());
  char none;
  with.server->Read({&none, 1}, with.server->Now() + milliseconds(200));
  const std::vector<std::string> asked = with.server->Asked();
  ASSERT_GE(asked.size(), 2u);
  EXPECT_EQ(asked[asked.size() - 2], "5 05");
  EXPECT_EQ(asked.back(), "5 06");
}

TEST(Rfc2217, AServerThatBreaksTheProtocolLaterIsTheBenchsFault) {
  Conversation talk = Converse({});
  ASSERT_NE(talk.opened.device, nullptr) << talk.opened.error;
  talk.server->SendRaw("OK\xFF\xFE,\xFF\xFC,");
  std::array<char, 8> buffer;
  Device& device = *talk.opened.device;
  EXPECT_EQ(device.Read(buffer, device.Now() + seconds(30)).bytes, 2u);
  const ReadResult got = device.Read(buffer, device.Now() + seconds(30));
  EXPECT_EQ(got.ending, Ending::kBroken);
  EXPECT_TRUE(got.detail.starts_with("the server speaks telnet, but will not")) << got.detail;
}

TEST(Rfc2217, TellsWhatTheModemLinesDid) {
  Conversation talk = Converse({});
  ASSERT_NE(talk.opened.device, nullptr) << talk.opened.error;
  talk.server->SendRaw("\xFF\xFA,\x6B\xB0\xFF\xF0\xFF\xFA,\x6B\x30\xFF\xF0");
  talk.server->Write("x", seconds(30));
  std::array<char, 8> buffer;
  EXPECT_EQ(talk.opened.device->Read(buffer, talk.opened.device->Now() + seconds(30)).bytes, 1u);
  EXPECT_EQ(talk.opened.device->LineNotes(), "carrier (DCD) went off");
}

}  // namespace
}  // namespace assay::device
