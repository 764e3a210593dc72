#include "devices/replay.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "transcripts/transcript.h"

namespace assay::device {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view kRecording =
    "dialect: quectel-bg96\n"
    "kind: recording\n"
    "\n"
    "<[@0.500000] RDY\n"
    ">[@1.000000] AT+QMTPUB=0,0,0,0,\"t\"\n"
    "<=[@1.250000] \"\\r\\n> \"\n"
    "data[@2.000000] \"hello\" ctrl-z\n"
    "<[@2.100000] OK\n"
    "<[@3.500000] +QMTPUB: 0,0,0\n";

std::unique_ptr<Device> Open(std::string_view text) {
  OpenResult opened = ReplayText("session.at", text);
  EXPECT_NE(opened.device, nullptr) << opened.error;
  return std::move(opened.device);
}

std::string Read(Device& device, Time deadline) {
  std::array<char, 256> buffer;
  return std::string(buffer.data(), device.Read(buffer, deadline).bytes);
}

TEST(Replay, AnswersAsRecordedAndWhenRecorded) {
  const auto device = Open(kRecording);
  EXPECT_EQ(device->Address(), "replay:session.at");
  EXPECT_EQ(Read(*device, seconds(1)), "\r\nRDY\r\n");
  EXPECT_EQ(device->Now(), milliseconds(500));
  device->Write("AT+QMTPUB=0,0,0,0,\"t\"\r", kNever);
  EXPECT_EQ(device->Now(), seconds(1));
  EXPECT_EQ(Read(*device, seconds(2)), "\r\n> ");
  EXPECT_EQ(device->Now(), milliseconds(1250));
  device->Write("hello\x1A", kNever);
  EXPECT_EQ(Read(*device, seconds(3)), "\r\nOK\r\n");
  EXPECT_EQ(Read(*device, seconds(3)), "");
  EXPECT_EQ(device->Now(), seconds(3));
  EXPECT_EQ(Read(*device, seconds(5)), "\r\n+QMTPUB: 0,0,0\r\n");
  EXPECT_EQ(device->Now(), milliseconds(3500));
}

TEST(Replay, IsAsLateAsTheRunIs) {
  const auto device = Open(kRecording);
  Read(*device, seconds(1));
  EXPECT_EQ(Read(*device, seconds(10)), "");
  device->Write("AT+QMTPUB=0,0,0,0,\"t\"\r", kNever);
  EXPECT_EQ(Read(*device, seconds(11)), "\r\n> ");
  EXPECT_EQ(device->Now(), milliseconds(10'250));
}

TEST(Replay, DeliversWhatCameBeforeAnEarlySend) {
  const auto device = Open(kRecording);
  device->Write("AT+QMTPUB=0,0,0,0,\"t\"\r", kNever);
  EXPECT_EQ(device->Now(), seconds(1));
  EXPECT_EQ(Read(*device, seconds(1)), "\r\nRDY\r\n");
}

TEST(Replay, EndsAtASendThatWasNotRecorded) {
  const auto device = Open(kRecording);
  device->Write("AT+QMT", kNever);
  const WriteResult result = device->Write("CLOSE=0\r", kNever);
  EXPECT_EQ(result.ending, Ending::kClosed);
  EXPECT_EQ(result.detail,
            "session.at: line 5: recorded is the send \"AT+QMTPUB=0,0,0,0,\"t\"\\r\", got "
            "\"AT+QMTCLOSE=0\\r\"");
  EXPECT_EQ(Read(*device, seconds(9)), "\r\nRDY\r\n");
  std::array<char, 8> buffer;
  EXPECT_EQ(device->Read(buffer, seconds(9)).ending, Ending::kClosed);
}

constexpr std::string_view kWithBench = R"(dialect: quectel-bg96
kind: recording

<[@0.500000] RDY
bench[@2.000000] network.off
<[@2.250000] +QMTSTAT: 0,7
)";

TEST(Replay, TellsWhatCameOfWhatTheBenchDid) {
  const auto device = Open(kWithBench);
  EXPECT_EQ(Read(*device, seconds(1)), "\r\nRDY\r\n");
  EXPECT_TRUE(device->Do(transcript::BenchAct::kNetworkOff));
  EXPECT_EQ(device->Now(), seconds(2));
  EXPECT_EQ(Read(*device, seconds(9)), "\r\n+QMTSTAT: 0,7\r\n");
  EXPECT_EQ(device->Now(), milliseconds(2250));
}

TEST(Replay, EndsWhereTheBenchDidSomethingElse) {
  const auto device = Open(kWithBench);
  EXPECT_TRUE(device->Do(transcript::BenchAct::kSimOut));
  EXPECT_EQ(device->Write("AT\r", kNever).detail,
            "session.at: line 5: recorded is bench network.off, got bench sim.out");
  const auto other = Open(kWithBench);
  EXPECT_EQ(other->Write("AT\r", kNever).detail,
            "session.at: line 5: recorded is bench network.off, got \"AT\\r\"");
  const auto plain = Open(kRecording);
  EXPECT_TRUE(plain->Do(transcript::BenchAct::kNetworkOff));
  EXPECT_EQ(plain->Write("AT\r", kNever).ending, Ending::kClosed);
}

TEST(Replay, EndsAtASendBehindTheLastOne) {
  const auto device = Open("dialect: quectel-bg96\nkind: recording\n\n> AT\n< OK\n");
  device->Write("AT\r", kNever);
  const WriteResult result = device->Write(std::string(100, 'x'), kNever);
  EXPECT_EQ(result.ending, Ending::kClosed);
  EXPECT_EQ(result.detail,
            "session.at: the recording ends; got \"" + std::string(80, 'x') + "\"... (100 bytes)");
}

TEST(Replay, IsSilentAfterTheLastByteButDoesNotWaitForEver) {
  const auto device = Open("dialect: quectel-bg96\nkind: recording\n\n< RDY\n");
  std::array<char, 8> buffer;
  EXPECT_EQ(device->Read(buffer, seconds(1)).bytes, 7u);
  EXPECT_EQ(device->Read(buffer, seconds(1)).ending, Ending::kNone);
  const ReadResult result = device->Read(buffer, kNever);
  EXPECT_EQ(result.ending, Ending::kClosed);
  EXPECT_EQ(result.detail, "session.at: the recording ends");
}

TEST(Replay, RefusesExpectationsThatDoNotSayWhatCame) {
  for (const std::string_view step : {"<? OK", "< +QMTOPEN: 0,<result>", "prompt",
                                      "data 10 bytes ctrl-z", "> AT+QMTOPEN=0,\"${host}\""}) {
    const OpenResult opened =
        ReplayText("golden.at", "dialect: quectel-bg96\n\n> AT\n" + std::string(step) + "\n");
    EXPECT_EQ(opened.device, nullptr) << step;
    EXPECT_EQ(opened.error,
              "golden.at:4: not a recording: this step does not say which bytes passed");
    EXPECT_TRUE(opened.usage);
  }
}

TEST(Replay, SaysThatTheFileIsMissing) {
  const OpenResult opened = OpenReplay("/no/such/session.at");
  EXPECT_EQ(opened.error, "/no/such/session.at: No such file or directory");
  EXPECT_TRUE(opened.usage);
}

}  // namespace
}  // namespace assay::device
