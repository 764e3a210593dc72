#include "devices/tcp.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace assay::device {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(HostPort, Parses) {
  struct Row {
    std::string text;
    std::optional<HostPort> parsed;
  };
  const std::vector<Row> rows = {
      {"bench7:4001", HostPort{"bench7", 4001}},
      {"127.0.0.1:0", HostPort{"127.0.0.1", 0}},
      {"[::1]:65535", HostPort{"::1", 65535}},
      {"::1:4001", std::nullopt},
      {"[]:4001", std::nullopt},
      {":4001", std::nullopt},
      {"bench7", std::nullopt},
      {"bench7:", std::nullopt},
      {"bench7:65536", std::nullopt},
      {"bench7:-1", std::nullopt},
      {"bench7:4001/", std::nullopt},
      {"", std::nullopt},
  };
  for (const Row& row : rows) EXPECT_EQ(ParseHostPort(row.text), row.parsed) << row.text;
}

TEST(Listener, TellsThePortItPicked) {
  const ListenResult listening = Listen("127.0.0.1", 0);
  ASSERT_NE(listening.listener, nullptr) << listening.error;
  EXPECT_NE(listening.listener->port(), 0);
  EXPECT_EQ(listening.listener->Address(),
            "tcp://127.0.0.1:" + std::to_string(listening.listener->port()));
}

TEST(Listener, ReturnsWithNothingWhenNobodyComes) {
  const ListenResult listening = Listen("127.0.0.1", 0);
  ASSERT_NE(listening.listener, nullptr) << listening.error;
  const OpenResult accepted = listening.listener->Accept(milliseconds(10));
  EXPECT_EQ(accepted.device, nullptr);
  EXPECT_EQ(accepted.error, "");
}

TEST(Listener, ServesOneAfterTheOther) {
  const ListenResult listening = Listen("127.0.0.1", 0);
  ASSERT_NE(listening.listener, nullptr) << listening.error;
  const OpenResult first = OpenTcp("127.0.0.1", listening.listener->port(), seconds(60));
  const OpenResult second = OpenTcp("127.0.0.1", listening.listener->port(), seconds(60));
  for (const OpenResult* client : {&first, &second}) {
    ASSERT_NE(client->device, nullptr) << client->error;
    const OpenResult accepted = listening.listener->Accept(seconds(60));
    ASSERT_NE(accepted.device, nullptr) << accepted.error;
    client->device->Write("AT\r", kNever);
    std::array<char, 4> buffer;
    EXPECT_EQ(accepted.device->Read(buffer, seconds(60)).bytes, 3u);
  }
}

TEST(Listener, SaysThatAPortIsTaken) {
  const ListenResult first = Listen("127.0.0.1", 0);
  ASSERT_NE(first.listener, nullptr) << first.error;
  const std::uint16_t port = first.listener->port();
  EXPECT_EQ(Listen("127.0.0.1", port).error,
            "listen on tcp://127.0.0.1:" + std::to_string(port) + ": Address already in use");
}

TEST(Tcp, SpeaksIpv6) {
  const ListenResult listening = Listen("::1", 0);
  if (!listening.listener) GTEST_SKIP() << "no IPv6 here: " << listening.error;
  const OpenResult client = OpenTcp("::1", listening.listener->port(), seconds(60));
  ASSERT_NE(client.device, nullptr) << client.error;
  EXPECT_EQ(client.device->Address(), "tcp://[::1]:" + std::to_string(listening.listener->port()));
}

TEST(Tcp, ResolvesNames) {
  const ListenResult listening = Listen("127.0.0.1", 0);
  ASSERT_NE(listening.listener, nullptr) << listening.error;
  const OpenResult client = OpenTcp("localhost", listening.listener->port(), seconds(60));
  EXPECT_NE(client.device, nullptr) << client.error;
}

TEST(Tcp, SaysThatNobodyListens) {
  ListenResult listening = Listen("127.0.0.1", 0);
  ASSERT_NE(listening.listener, nullptr) << listening.error;
  const std::uint16_t port = listening.listener->port();
  listening.listener.reset();
  const OpenResult client = OpenTcp("127.0.0.1", port, seconds(60));
  EXPECT_EQ(client.device, nullptr);
  EXPECT_EQ(client.error, "tcp://127.0.0.1:" + std::to_string(port) + ": Connection refused");
  EXPECT_FALSE(client.usage);
}

TEST(Tcp, GivesUpAtTheTimeOut) {
  const ListenResult listening = Listen("127.0.0.1", 0);
  ASSERT_NE(listening.listener, nullptr) << listening.error;
  const std::uint16_t port = listening.listener->port();
  // Nobody accepts: once the queue is full, the kernel answers no more.
  std::vector<std::unique_ptr<Device>> queued;
  std::string error;
  for (int i = 0; i < 100 && error.empty(); ++i) {
    OpenResult client = OpenTcp("127.0.0.1", port, milliseconds(100));
    queued.push_back(std::move(client.device));
    error = client.error;
  }
  EXPECT_EQ(error, "tcp://127.0.0.1:" + std::to_string(port) + ": Connection timed out");
}

TEST(Tcp, SaysThatANameIsUnknown) {
  const OpenResult client = OpenTcp("bench7.invalid", 4001, milliseconds(200));
  EXPECT_EQ(client.device, nullptr);
  // What follows is the resolver's, and differs without a network.
  EXPECT_TRUE(client.error.starts_with("tcp://bench7.invalid:4001: ")) << client.error;
}

}  // namespace
}  // namespace assay::device
