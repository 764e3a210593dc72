// What a tap adds to a line: a command and its answer over a pseudo-terminal (direct), over one more
// with a loop between them that copies bytes (hop), and over one more with a tap between them that
// passes on, records and judges (tap). One after the other in each round, so that what else the machine
// does falls on all three.
//
//   bazel run -c opt //harness:tap_benchmark
//
// The time of an iteration is that of a round trip; the last lines are the medians and, of each round
// trip, what the hop and the tap add to the direct one.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "devices/descriptor.h"
#include "devices/device.h"
#include "devices/pass_through.h"
#include "devices/testing_scratch.h"
#include "harness/tap_session.h"
#include "spec/loader.h"

namespace assay::harness {
namespace {

using Clock = std::chrono::steady_clock;
using device::Descriptor;

constexpr std::string_view kCommand = "AT+QMTCFG=\"keepalive\",0\r";
constexpr std::string_view kAnswer =
    "AT+QMTCFG=\"keepalive\",0\r\r\n+QMTCFG: \"keepalive\",120\r\n\r\nOK\r\n";

// Both ends of a pseudo-terminal that changes no byte.
struct Terminal {
  Terminal() : master(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    if (!master || grantpt(master.get()) != 0 || unlockpt(master.get()) != 0)
      throw std::runtime_error("no pseudo-terminal");
    path = ptsname(master.get());
    slave.Reset(open(path.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
    termios raw{};
    tcgetattr(slave.get(), &raw);
    cfmakeraw(&raw);
    tcsetattr(slave.get(), TCSANOW, &raw);
  }
  Descriptor master, slave;
  std::string path;
};

// Runs until its end.
class Worker {
 public:
  template <typename Work>
  explicit Worker(Work work)
      : stop_(eventfd(0, EFD_CLOEXEC)), thread_([this, work] { work(stop_.get()); }) {}
  ~Worker() {
    const std::uint64_t one = 1;
    if (write(stop_.get(), &one, sizeof one) == sizeof one) thread_.join();
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

 private:
  const Descriptor stop_;
  std::thread thread_;
};

// Answers every command at once, in one write.
void Respond(int fd, int stop) {
  std::array<char, 4096> buffer;
  while (true) {
    std::array<pollfd, 2> entries{{{fd, POLLIN, 0}, {stop, POLLIN, 0}}};
    poll(entries.data(), entries.size(), -1);
    if (entries[1].revents != 0) return;
    const ssize_t got = read(fd, buffer.data(), buffer.size());
    const std::string_view came(buffer.data(), got < 0 ? 0 : static_cast<std::size_t>(got));
    for (auto left = std::count(came.begin(), came.end(), '\r'); left > 0; --left) {
      if (write(fd, kAnswer.data(), kAnswer.size()) < 0) return;
    }
  }
}

// As little as can stand between two terminals.
void Copy(int a, int b, int stop) {
  std::array<char, 4096> buffer;
  while (true) {
    std::array<pollfd, 3> entries{{{a, POLLIN, 0}, {b, POLLIN, 0}, {stop, POLLIN, 0}}};
    poll(entries.data(), entries.size(), -1);
    if (entries[2].revents != 0) return;
    for (int i = 0; i < 2; ++i) {
      if ((entries[static_cast<std::size_t>(i)].revents & POLLIN) == 0) continue;
      const ssize_t got = read(i == 0 ? a : b, buffer.data(), buffer.size());
      if (got > 0 && write(i == 0 ? b : a, buffer.data(), static_cast<std::size_t>(got)) < 0) return;
    }
  }
}

// From the command to the last byte of its answer.
double RoundTrip(int host) {
  const Clock::time_point start = Clock::now();
  if (write(host, kCommand.data(), kCommand.size()) < 0) throw std::runtime_error("write");
  std::array<char, 4096> buffer;
  std::string got;
  while (got.size() < kAnswer.size()) {
    pollfd entry{host, POLLIN, 0};
    if (poll(&entry, 1, 5'000) <= 0) throw std::runtime_error("no answer: " + got);
    const ssize_t some = read(host, buffer.data(), buffer.size());
    if (some > 0) got.append(buffer.data(), static_cast<std::size_t>(some));
  }
  if (got != kAnswer) throw std::runtime_error("another answer: " + got);
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double Median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::vector<double> g_direct, g_hop, g_tap;

void RoundTrips(benchmark::State& state, const dialect::Grammar& grammar) {
  const device::Scratch scratch;
  const Terminal direct, behind_hop, before_hop, behind_tap;
  const Worker one([&](int stop) { Respond(direct.slave.get(), stop); });
  const Worker two([&](int stop) { Respond(behind_hop.slave.get(), stop); });
  const Worker three([&](int stop) { Respond(behind_tap.master.get(), stop); });
  const Worker hop([&](int stop) { Copy(before_hop.slave.get(), behind_hop.master.get(), stop); });

  TapSessionOptions options;
  options.recording = scratch.Path("recording.at");
  TapSession session(grammar, options);
  device::OpenResult modem = device::OpenDevice(behind_tap.path, Time{5'000'000});
  if (modem.device == nullptr) throw std::runtime_error(modem.error);
  const std::string link = scratch.Path("host");
  device::PassThrough line("pty:" + link, *modem.device, session);
  if (!line.error().empty()) throw std::runtime_error(line.error());
  session.Begin("benchmark", "");
  {
    const Worker tap([&](int stop) { line.Run(stop); });
    const Descriptor host(open(link.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
    for (auto _ : state) {
      g_direct.push_back(RoundTrip(direct.master.get()));
      g_hop.push_back(RoundTrip(before_hop.master.get()));
      g_tap.push_back(RoundTrip(host.get()));
      state.SetIterationTime(g_tap.back());
    }
  }
  const VerifyResult result = session.Finish();
  if (!session.trouble().empty() || result.outcome.verdict != report::Verdict::kPass)
    throw std::runtime_error("the tap does not say that all is well: " + result.outcome.reason);
}

int Run(int argc, char** argv) {
  std::int64_t rounds = 20'000;
  const std::string_view option = argc > 1 ? argv[1] : "";
  constexpr std::string_view kRounds = "--rounds=";
  if (option.starts_with(kRounds)) {
    rounds = std::atoll(argv[1] + kRounds.size());
    std::swap(argv[1], argv[0]);
    ++argv, --argc;
  }
  const spec::LoadResult loaded = spec::LoadDialect("spec/quectel-bg96", {});
  if (loaded.dialect == nullptr) throw std::runtime_error(spec::Print(loaded.diagnostics));
  const dialect::Grammar grammar(loaded.dialect, "");
  benchmark::RegisterBenchmark("tap", [&](benchmark::State& state) { RoundTrips(state, grammar); })
      ->UseManualTime()
      ->Iterations(rounds)
      ->Unit(benchmark::kMicrosecond);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  const double direct = Median(g_direct), hop = Median(g_hop), tap = Median(g_tap);
  std::printf("p50 of a round trip: direct %.1f us, one bare hop more %.1f us, a tap %.1f us\n",
              direct * 1e6, hop * 1e6, tap * 1e6);
  std::printf("what the tap adds, of what a bare hop adds: %.2f; in all: %.2f of the bare hop's time\n",
              (tap - direct) / (hop - direct), tap / hop);
  return 0;
}

}  // namespace
}  // namespace assay::harness

int main(int argc, char** argv) { return assay::harness::Run(argc, argv); }
