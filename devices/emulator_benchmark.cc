// The emulator in process, in virtual time: bytes of a host in, bytes of a modem out.
//
//   bazel run -c opt //devices:emulator_benchmark
#include <benchmark/benchmark.h>

#include <chrono>
#include <string>
#include <string_view>

#include "devices/emulator_testing.h"

namespace assay::device {
namespace {

using std::chrono::seconds;

// Aborts the benchmark unless the answer ends like this.
void Exchange(benchmark::State& state, Bench& bench, std::string_view bytes, std::string_view end) {
  const std::string answer = bench.Ask(bytes);
  if (!answer.ends_with(end)) state.SkipWithError(("unexpected answer: " + answer).c_str());
}

void Connect(Bench& bench) {
  bench.Ask("AT+QMTOPEN=0,\"broker.example\",1883\r", seconds(1));
  bench.Ask("AT+QMTCONN=0,\"bench\"\r", seconds(1));
}

void At(benchmark::State& state) {
  Bench bench("quectel-bg96");
  for (auto _ : state) Exchange(state, bench, "AT\r", "\r\nOK\r\n");
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(At);

void ReadSetting(benchmark::State& state) {
  Bench bench("quectel-bg96");
  for (auto _ : state) Exchange(state, bench, "AT+QMTCFG=\"keepalive\",0\r", "\r\nOK\r\n");
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(ReadSetting);

// Command, prompt, data, result; two exchanges.
void Publish(benchmark::State& state) {
  Bench bench("quectel-bg96");
  Connect(bench);
  const std::string payload(static_cast<std::size_t>(state.range(0)), 'x');
  for (auto _ : state) {
    Exchange(state, bench, "AT+QMTPUB=0,0,0,0,\"bench\"\r", "> ");
    Exchange(state, bench, payload + "\x1A", "\r\n+QMTPUB: 0,0,0\r\n");
  }
  state.SetItemsProcessed(state.iterations() * 2);
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(Publish)->Arg(16)->Arg(1024);

}  // namespace
}  // namespace assay::device
