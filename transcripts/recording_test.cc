#include "transcripts/recording.h"

#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gtest/gtest.h"
#include "spec/diagnostic.h"
#include "transcripts/transcript.h"

namespace assay::transcript {
namespace {

std::string Bytes(const Pieces& pieces) {
  std::string out;
  for (const Piece& piece : pieces) {
    EXPECT_EQ(piece.kind, Piece::Kind::kLiteral);
    out += piece.text;
  }
  return out;
}

// The wire as FORMAT.md, "Recordings", reads it: "host|" and "modem|" where the speaker changes.
std::string Wire(const Transcript& transcript) {
  std::string out;
  bool host = false, begun = false;
  const auto say = [&](bool by_host, std::string_view bytes) {
    if (bytes.empty()) return;
    if (!begun || by_host != host) out += by_host ? "host|" : "modem|";
    begun = true;
    host = by_host;
    out += bytes;
  };
  for (const Step& step : transcript.steps) {
    if (const auto* send = std::get_if<Send>(&step.what)) {
      say(true, Bytes(send->line) + "\r");
    } else if (const auto* raw = std::get_if<SendRaw>(&step.what)) {
      say(true, raw->bytes);
    } else if (const auto* data = std::get_if<Data>(&step.what)) {
      say(true, Bytes(data->payload) + std::string(EndingBytes(data->ending)));
    } else if (const auto* line = std::get_if<ExpectLine>(&step.what)) {
      say(false, "\r\n" + Bytes(line->line) + "\r\n");
    } else if (const auto* bytes = std::get_if<ExpectRaw>(&step.what)) {
      say(false, bytes->bytes);
    }
  }
  return out;
}

// Prints and parses, which must give the same.
Transcript Again(const Recorder& recorder) {
  const std::string text = Print(recorder.transcript());
  const ParseResult parsed = Parse("r.at", text);
  EXPECT_TRUE(parsed.transcript.has_value()) << spec::Print(parsed.diagnostics) << text;
  if (!parsed.transcript) return {};
  EXPECT_TRUE(parsed.diagnostics.empty()) << spec::Print(parsed.diagnostics) << text;
  EXPECT_EQ(*parsed.transcript, recorder.transcript()) << text;
  EXPECT_EQ(Print(*parsed.transcript), text);
  return *parsed.transcript;
}

TEST(Recorder, WritesWhatFormatMdShows) {
  Recorder recorder("quectel-bg96", "pty:/tmp/modem");
  recorder.SentCommand("AT+QMTPUB=0,0,0,0,\"t\"", "\r", Time(0));
  recorder.Received("AT+QMTPUB=0,0,0,0,\"t\"\r", Time(4210));
  recorder.Received("\r\n> ", Time(13377));
  recorder.SentData("hello", DataEnding::kCtrlZ, Time(13900));
  recorder.Received("\r\nOK\r\n", Time(101244));
  recorder.Note("the broker answers late");
  recorder.Received("\r\n+QMTPUB: 0,0,0\r\n", Time(1870031));
  recorder.SentRaw("AT", Time(2000000));
  EXPECT_EQ(Print(recorder.transcript()),
            "dialect: quectel-bg96\n"
            "kind: recording\n"
            "device: pty:/tmp/modem\n"
            "\n"
            ">[@0.000000] AT+QMTPUB=0,0,0,0,\"t\"\n"
            "<=[@0.004210] \"AT+QMTPUB=0,0,0,0,\\\"t\\\"\\r\"\n"
            "<=[@0.013377] \"\\r\\n> \"\n"
            "data[@0.013900] \"hello\" ctrl-z\n"
            "<[@0.101244] OK\n"
            "# the broker answers late\n"
            "<[@1.870031] +QMTPUB: 0,0,0\n"
            ">=[@2.000000] \"AT\"\n");
  Again(recorder);
}

TEST(Recorder, WritesWhatAReadBroughtAsLinesWhereItCan) {
  struct Row {
    std::string bytes;
    std::vector<std::string> steps;
  };
  const std::vector<Row> rows = {
      {"\r\nOK\r\n", {"< OK"}},
      {"\r\nA\r\n\r\nOK\r\n", {"< A", "< OK"}},
      {"AT\r\r\nOK\r\n", {"<= \"AT\\r\"", "< OK"}},
      {"\r\nA\r\nB\r\n", {"< A", "<= \"B\\r\\n\""}},
      {"\r\nOK\n", {"<= \"\\r\\nOK\\n\""}},
      {"\nOK\r\n", {"<= \"\\nOK\\r\\n\""}},
      {"\r\n", {"<= \"\\r\\n\""}},
      {"\r\n\r\n", {"<= \"\\r\\n\\r\\n\""}},
      {"\r\n\r\nOK\r\n", {"<= \"\\r\\n\"", "< OK"}},
      {"\r\nOK\r\r\n", {"<= \"\\r\\nOK\\r\\r\\n\""}},
      {"\r\n> ", {"<= \"\\r\\n> \""}},
      {"", {}},
  };
  for (const Row& row : rows) {
    Recorder recorder("d", "");
    recorder.Received(row.bytes, Time(0));
    std::vector<std::string> steps;
    for (const Step& step : recorder.transcript().steps) {
      std::string text = Print(step);
      text.pop_back();
      text.erase(text.find('['), text.find(']') - text.find('[') + 1);
      steps.push_back(text);
    }
    EXPECT_EQ(steps, row.steps) << Escape(row.bytes);
    EXPECT_EQ(Wire(Again(recorder)), row.bytes.empty() ? "" : "modem|" + row.bytes);
  }
}

TEST(Recorder, KeepsHowACommandEnded) {
  Recorder recorder("d", "");
  recorder.SentCommand("AT", "\r", Time(0));
  recorder.SentCommand("AT", "\r\n", Time(0));
  recorder.SentCommand("AT", "", Time(0));
  recorder.SentCommand("", "\r", Time(0));
  recorder.SentData("", DataEnding::kEscape, Time(0));
  recorder.SentData("x", DataEnding::kLength, Time(0));
  recorder.SentData("y", DataEnding::kNothing, Time(0));
  EXPECT_EQ(Wire(Again(recorder)), "host|AT\rAT\r\nAT\r\x1Bxy");
}

TEST(Recorder, SaysWhenTheBenchDidSomething) {
  Recorder recorder("d", "");
  recorder.SentCommand("AT", "\r", std::chrono::seconds(1));
  recorder.BenchDid(BenchAct::kSimOut, std::chrono::milliseconds(2500));
  recorder.Received("\r\n+GONE\r\n", std::chrono::seconds(3));
  const Transcript again = Again(recorder);
  EXPECT_EQ(Print(again),
            "dialect: d\nkind: recording\n\n"
            ">[@1.000000] AT\nbench[@2.500000] sim.out\n<[@3.000000] +GONE\n");
  EXPECT_EQ(Wire(again), "host|AT\rmodem|\r\n+GONE\r\n");
}

TEST(EndingBytes, EndTheDataPhase) {
  EXPECT_EQ(EndingBytes(DataEnding::kCtrlZ), "\x1A");
  EXPECT_EQ(EndingBytes(DataEnding::kEscape), "\x1B");
  EXPECT_EQ(EndingBytes(DataEnding::kLength), "");
  EXPECT_EQ(EndingBytes(DataEnding::kNothing), "");
}

// Any bytes, in pieces of any size, come back in their order.
TEST(Recorder, GivesBackEveryByte) {
  constexpr std::string_view kLikely = "\r\n\r\n\r\n>OK +\"\\<$#\t \x1A\x1B";
  std::mt19937 random(20240301);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  for (int round = 0; round < 2000; ++round) {
    Recorder recorder("d", "");
    std::string wire;
    bool host = false, begun = false;
    for (std::size_t steps = 1 + below(6); steps > 0; --steps) {
      std::string bytes;
      for (std::size_t size = below(12); size > 0; --size) {
        bytes += below(8) == 0 ? static_cast<char>(below(256)) : kLikely[below(kLikely.size())];
      }
      const std::size_t what = below(5);
      const bool by_host = what < 3;
      std::string sent = bytes;
      const Time at(static_cast<std::int64_t>(below(1'000'000)));
      if (what == 0) {
        const std::string end = below(2) == 0 ? "\r" : "\r\n";
        recorder.SentCommand(bytes, end, at);
        sent += end;
      } else if (what == 1) {
        recorder.SentRaw(bytes, at);
      } else if (what == 2) {
        const auto ending = static_cast<DataEnding>(below(4));
        recorder.SentData(bytes, ending, at);
        sent += EndingBytes(ending);
      } else {
        recorder.Received(bytes, at);
      }
      if (sent.empty()) continue;
      if (!begun || by_host != host) wire += by_host ? "host|" : "modem|";
      begun = true;
      host = by_host;
      wire += sent;
    }
    const Transcript again = Again(recorder);
    ASSERT_EQ(Escape(Wire(again)), Escape(wire));
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace assay::transcript
