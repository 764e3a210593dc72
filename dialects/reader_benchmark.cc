// The path that every line of a log takes, on one BG96 session repeated: open, connect, publish and
// hear it back, disconnect. items/s are lines.
//
//   bazel run -c opt //dialects:reader_benchmark
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "benchmark/benchmark.h"
#include "dialects/grammar_testing.h"
#include "dialects/reader.h"
#include "dialects/tracker.h"

namespace assay::dialect {
namespace {

struct Exchange {
  std::string command;  // with its CR; empty for a data phase
  std::string data;
  std::string answer;              // without echo
  std::vector<std::string> lines;  // of the answer
};

const std::vector<Exchange>& Session() {
  static const std::vector<Exchange> session = [] {
    std::vector<Exchange> out;
    const auto add = [&](std::string command, std::string data, std::vector<std::string> lines) {
      std::string answer;
      for (const std::string& line : lines) answer += "\r\n" + line + (line == ">" ? " " : "\r\n");
      out.push_back({std::move(command), std::move(data), std::move(answer), std::move(lines)});
    };
    add("AT+QMTOPEN=0,\"broker.example.com\",1883\r", "", {"OK", "+QMTOPEN: 0,0"});
    add("AT+QMTCONN=0,\"client\"\r", "", {"OK", "+QMTCONN: 0,0,0"});
    add("AT+QMTSUB=0,1,\"sensors/1\",2\r", "", {"OK", "+QMTSUB: 0,1,0,2"});
    for (int i = 0; i < 8; ++i) {
      const std::string payload = "temperature=" + std::to_string(20 + i);
      add("AT+QMTPUB=0,0,0,0,\"sensors/1\"\r", "", {">"});
      add("", payload, {"OK", "+QMTPUB: 0,0,0", "+QMTRECV: 0,0,\"sensors/1\"," + payload});
    }
    add("AT+QMTDISC=0\r", "", {"OK", "+QMTDISC: 0,0"});
    return out;
  }();
  return session;
}

std::int64_t LinesOfSession() {
  std::int64_t out = 0;
  for (const Exchange& exchange : Session())
    out += static_cast<std::int64_t>(exchange.lines.size()) + 1;
  return out;
}

void ReaderTokens(benchmark::State& state) {
  const bool messages = state.range(0) != 0;
  std::vector<const spec::Form*> forms;
  std::int64_t bytes = 0;
  for (const Exchange& exchange : Session()) {
    std::string_view line = exchange.command;
    if (!line.empty()) line.remove_suffix(1);
    forms.push_back(line.empty() ? nullptr : Bg96().ParseCommand(line).form);
    bytes += static_cast<std::int64_t>(exchange.answer.size() + exchange.command.size() +
                                       exchange.data.size());
  }
  Reader reader(Bg96());
  std::int64_t tokens = 0;
  Token token;
  for (auto _ : state) {
    for (std::size_t i = 0; i < Session().size(); ++i) {
      const Exchange& exchange = Session()[i];
      if (!exchange.command.empty()) {
        reader.Sent(exchange.command, forms[i]);
        reader.Feed(exchange.command);
      } else {
        reader.SentData(exchange.data);
        if (messages) reader.KnowMessage("sensors/1", exchange.data);
        reader.Feed(exchange.data);
      }
      reader.Feed(exchange.answer);
      while (reader.Next(token)) ++tokens;
    }
  }
  state.SetItemsProcessed(tokens);
  state.SetBytesProcessed(state.iterations() * bytes);
}
BENCHMARK(ReaderTokens)->ArgName("messages")->Arg(0)->Arg(1);

void ParseCommands(benchmark::State& state) {
  std::int64_t commands = 0;
  for (auto _ : state) {
    for (const Exchange& exchange : Session()) {
      if (exchange.command.empty()) continue;
      std::string_view line = exchange.command;
      line.remove_suffix(1);
      benchmark::DoNotOptimize(Bg96().ParseCommand(line));
      ++commands;
    }
  }
  state.SetItemsProcessed(commands);
}
BENCHMARK(ParseCommands);

void ParseKeyedCommand(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        Bg96().ParseCommand("AT+QMTCFG=\"will\",0,1,2,1,\"topic\",\"message\""));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(ParseKeyedCommand);

// Which documented lines is it, and is it a final code?
void ClassifyLines(benchmark::State& state) {
  std::int64_t lines = 0;
  LineMatch match;
  for (auto _ : state) {
    for (const Exchange& exchange : Session()) {
      for (const std::string& line : exchange.lines) {
        benchmark::DoNotOptimize(Bg96().IsFinal(line));
        for (const DocumentedLine* documented : Bg96().LinesLike(line)) {
          benchmark::DoNotOptimize(documented->pattern.Match(line, match));
        }
        ++lines;
      }
    }
  }
  state.SetItemsProcessed(lines);
}
BENCHMARK(ClassifyLines);

void TrackSession(benchmark::State& state) {
  std::vector<ParsedCommand> commands;
  for (const Exchange& exchange : Session()) {
    std::string_view line = exchange.command;
    if (!line.empty()) line.remove_suffix(1);
    commands.push_back(Bg96().ParseCommand(line));
  }
  Tracker tracker(Bg96(), Tracker::Start::kInitial);
  for (auto _ : state) {
    const ParsedCommand* last = nullptr;
    for (std::size_t i = 0; i < commands.size(); ++i) {
      const Exchange& exchange = Session()[i];
      if (exchange.command.empty()) {
        tracker.DataAccepted(*last, false);
      } else {
        last = &commands[i];
        benchmark::DoNotOptimize(tracker.Expect(*last));
        tracker.Accepted(*last, nullptr);
      }
      for (const std::string& line : exchange.lines) benchmark::DoNotOptimize(tracker.Line(line));
    }
  }
  state.SetItemsProcessed(state.iterations() * LinesOfSession());
}
BENCHMARK(TrackSession);

}  // namespace
}  // namespace assay::dialect
