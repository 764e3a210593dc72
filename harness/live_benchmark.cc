// What the Runner adds to a live exchange: its loop, from one command to the next, against a bare
// epoll loop that writes the same command and reads the same answer from the same responder, a
// thread that answers at once. Over a PTY and over TCP on loopback; on the PTY, pexpect has the same
// conversation (live_pexpect.py, Debian's python3-pexpect).
//
//   bazel run -c opt //harness:live_benchmark
//
// The time of an iteration is the median over its exchanges. The last lines are ratios.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "devices/descriptor.h"
#include "devices/pty.h"
#include "devices/tcp.h"
#include "devices/testing_scratch.h"
#include "harness/run.h"
#include "spec/loader.h"
#include "transcripts/plan.h"
#include "transcripts/transcript.h"

namespace assay::harness {
namespace {

using Clock = std::chrono::steady_clock;
using device::Descriptor;
using device::Device;
using device::OpenResult;

constexpr std::string_view kCommand = "AT+QMTCFG=\"keepalive\",0";
constexpr std::string_view kAnswer = "\r\n+QMTCFG: \"keepalive\",120\r\n\r\nOK\r\n";
constexpr std::string_view kGolden =
    "> AT+QMTCFG=\"keepalive\",0\n< +QMTCFG: \"keepalive\",<keep-alive time>\n< OK\n";

// Answers every command line at once: its echo, then what is known; in one write.
class Responder {
 public:
  // `fd` must live as long as this.
  explicit Responder(int fd) : stop_(eventfd(0, EFD_CLOEXEC)), thread_([this, fd] { Serve(fd); }) {}
  ~Responder() {
    const std::uint64_t one = 1;
    if (write(stop_.get(), &one, sizeof one) == sizeof one) thread_.join();
  }
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;

 private:
  void Serve(int fd) const {
    std::array<char, 4096> buffer;
    std::string line, answer;
    while (true) {
      std::array<pollfd, 2> entries{{{fd, POLLIN, 0}, {stop_.get(), POLLIN, 0}}};
      poll(entries.data(), entries.size(), -1);
      if (entries[1].revents != 0) return;
      const ssize_t got = read(fd, buffer.data(), buffer.size());
      if (got <= 0) {
        if (got < 0 && errno == EAGAIN) continue;
        return;
      }
      for (const char c : std::string_view(buffer.data(), static_cast<std::size_t>(got))) {
        line += c;
        if (c != '\r') continue;
        answer = line;
        answer +=
            std::string_view(line).substr(0, line.size() - 1) == kCommand ? kAnswer : "\r\nOK\r\n";
        if (write(fd, answer.data(), answer.size()) < 0) return;
        line.clear();
      }
    }
  }

  const Descriptor stop_;
  std::thread thread_;
};

// A device whose other end a responder holds.
struct Pair {
  std::unique_ptr<Device> ours, theirs;  // `theirs`: of TCP
  Descriptor slave;                      // of a PTY
  std::unique_ptr<Responder> responder;

  ~Pair() {
    responder.reset();
    slave.Reset();
  }
};

std::unique_ptr<Pair> Connect(OpenResult (*open)(Pair&, const device::Scratch&),
                              const device::Scratch& scratch) {
  auto pair = std::make_unique<Pair>();
  OpenResult opened = open(*pair, scratch);
  if (opened.device == nullptr) throw std::runtime_error(opened.error);
  pair->ours = std::move(opened.device);
  pair->responder =
      std::make_unique<Responder>(pair->slave ? pair->slave.get() : pair->theirs->PollFd());
  return pair;
}

OpenResult Pty(Pair& pair, const device::Scratch& scratch) {
  OpenResult opened = device::OpenPty(scratch.Path("modem"));
  pair.slave.Reset(open(scratch.Path("modem").c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
  return opened;
}

OpenResult Tcp(Pair& pair, const device::Scratch&) {
  const device::ListenResult listening = device::Listen("127.0.0.1", 0);
  if (listening.listener == nullptr) return {.error = listening.error};
  OpenResult opened =
      device::OpenTcp("127.0.0.1", listening.listener->port(), std::chrono::seconds(5));
  pair.theirs = listening.listener->Accept(std::chrono::seconds(5)).device;
  return opened;
}

double Median(std::vector<double>& values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Notes when each command went out.
class Stopwatch final : public Device {
 public:
  Stopwatch(Device& inner, std::vector<Clock::time_point>& sent) : inner_(inner), sent_(sent) {}
  device::WriteResult Write(std::string_view bytes, Time deadline) override {
    sent_.push_back(Clock::now());
    return inner_.Write(bytes, deadline);
  }
  device::ReadResult Read(std::span<char> buffer, Time deadline) override {
    return inner_.Read(buffer, deadline);
  }
  Time Now() override { return inner_.Now(); }
  std::string Address() const override { return inner_.Address(); }
  bool Fresh() const override { return true; }  // nothing to put back to rest

 private:
  Device& inner_;
  std::vector<Clock::time_point>& sent_;
};

double MedianGap(const std::vector<Clock::time_point>& sent) {
  std::vector<double> gaps;
  for (std::size_t i = 1; i < sent.size(); ++i)
    gaps.push_back(std::chrono::duration<double>(sent[i] - sent[i - 1]).count());
  return Median(gaps);
}

struct Loaded {
  std::shared_ptr<const dialect::Grammar> grammar;
  transcript::Plan plan;
};

Loaded Load(std::size_t exchanges) {
  Loaded out;
  const spec::LoadResult loaded = spec::LoadDialect("spec/quectel-bg96", {});
  if (loaded.dialect == nullptr) throw std::runtime_error(spec::Print(loaded.diagnostics));
  out.grammar = std::make_shared<const dialect::Grammar>(loaded.dialect, "");
  std::string text = "dialect: quectel-bg96\n\n";
  for (std::size_t i = 0; i < exchanges; ++i) text += kGolden;
  out.plan =
      transcript::MakePlan(*transcript::Parse("live.at", text).transcript, *out.grammar, {}).plan;
  return out;
}

double RunnerGap(const Loaded& loaded, Device& device) {
  std::vector<Clock::time_point> sent;
  Bench bench{
      .grammar = *loaded.grammar,
      .open = [&] { return OpenResult{.device = std::make_unique<Stopwatch>(device, sent)}; },
      .tolerance = kRealTolerance};
  Runner runner(std::move(bench));
  const CaseResult result = runner.Run(loaded.plan);
  if (result.outcome.verdict != report::Verdict::kPass)
    throw std::runtime_error(result.outcome.reason);
  return MedianGap(sent);
}

double BareGap(std::size_t exchanges, int fd) {
  const Descriptor poller(epoll_create1(EPOLL_CLOEXEC));
  epoll_event event{.events = EPOLLIN, .data = {}};
  epoll_ctl(poller.get(), EPOLL_CTL_ADD, fd, &event);
  const std::string command = std::string(kCommand) + "\r";
  std::array<char, 4096> buffer;
  std::string answer;
  std::vector<Clock::time_point> sent;
  for (std::size_t i = 0; i < exchanges; ++i) {
    sent.push_back(Clock::now());
    if (write(fd, command.data(), command.size()) < 0)
      throw std::runtime_error(device::ErrorText("write", errno));
    answer.clear();
    while (!answer.ends_with("\r\nOK\r\n")) {
      if (epoll_wait(poller.get(), &event, 1, 5000) <= 0) throw std::runtime_error("no answer");
      const ssize_t got = read(fd, buffer.data(), buffer.size());
      if (got > 0) answer.append(buffer.data(), static_cast<std::size_t>(got));
    }
  }
  return MedianGap(sent);
}

double PexpectGap(std::size_t exchanges, int fd) {
  const Descriptor inherited(fcntl(fd, F_DUPFD, 3));
  const std::string command = "/usr/bin/python3 harness/live_pexpect.py " +
                              std::to_string(inherited.get()) + " " + std::to_string(exchanges);
  const std::unique_ptr<FILE, int (*)(FILE*)> program(popen(command.c_str(), "r"), pclose);
  double gap = 0;
  if (program == nullptr || std::fscanf(program.get(), "%lf", &gap) != 1)
    throw std::runtime_error("no pexpect: harness/install_deps test");
  return gap;
}

enum class Side { kBare, kRunner, kPexpect };
constexpr Side kSides[] = {Side::kBare, Side::kRunner, Side::kPexpect};

std::string NameOf(Side side, const char* transport) {
  const char* name = side == Side::kBare     ? "bare epoll loop, "
                     : side == Side::kRunner ? "runner, "
                                             : "pexpect, ";
  return std::string(name) + transport;
}

double Gap(Side side, const Loaded& loaded, std::size_t exchanges, Device& device) {
  switch (side) {
    case Side::kBare:
      return BareGap(exchanges, device.PollFd());
    case Side::kRunner:
      return RunnerGap(loaded, device);
    case Side::kPexpect:
      return PexpectGap(std::max<std::size_t>(exchanges / 5, 10), device.PollFd());
  }
  return 0;
}

int Main(int argc, char** argv) {
  std::size_t exchanges = 5000;
  if (argc > 1 && std::string_view(argv[1]).starts_with("--exchanges=")) {
    const std::string_view value = std::string_view(argv[1]).substr(12);
    std::from_chars(value.data(), value.data() + value.size(), exchanges);
    std::swap(argv[1], argv[0]);
    ++argv, --argc;
  }
  const Loaded loaded = Load(exchanges);
  const device::Scratch scratch;
  std::map<std::string, std::vector<double>> medians;
  const std::pair<const char*, OpenResult (*)(Pair&, const device::Scratch&)> transports[] = {
      {"PTY", Pty}, {"TCP", Tcp}};
  for (const auto& [transport, open] : transports) {
    for (const Side side : kSides) {
      if (side == Side::kPexpect && std::string_view(transport) != "PTY") continue;
      const std::string name = NameOf(side, transport);
      benchmark::RegisterBenchmark(name.c_str(),
                                   [&, name, side, open = open](benchmark::State& state) {
                                     for (auto _ : state) {
                                       try {
                                         const std::unique_ptr<Pair> pair = Connect(open, scratch);
                                         const double gap =
                                             Gap(side, loaded, exchanges, *pair->ours);
                                         state.SetIterationTime(gap);
                                         medians[name].push_back(gap);
                                       } catch (const std::exception& failure) {
                                         state.SkipWithError(failure.what());
                                         return;
                                       }
                                     }
                                   })
          ->UseManualTime()
          ->Iterations(1)
          ->Repetitions(9)
          ->ReportAggregatesOnly()
          ->Unit(benchmark::kMicrosecond);
    }
  }
  // In turns, so that what else the machine does meets all alike.
  std::vector<char*> arguments(argv, argv + argc);
  std::string interleave = "--benchmark_enable_random_interleaving=true";
  arguments.insert(arguments.begin() + 1, interleave.data());
  argc = static_cast<int>(arguments.size());
  arguments.push_back(nullptr);
  argv = arguments.data();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  for (const auto& [transport, open] : transports) {
    auto &bare = medians[NameOf(Side::kBare, transport)],
         &runner = medians[NameOf(Side::kRunner, transport)],
         &pexpect = medians[NameOf(Side::kPexpect, transport)];
    if (bare.empty() || runner.empty()) return 1;
    const double base = Median(bare), ours = Median(runner);
    std::printf("%s: one exchange takes the bare loop %.1f us, the runner %.1f us: x %.2f\n",
                transport, base * 1e6, ours * 1e6, ours / base);
    if (!pexpect.empty()) {
      const double theirs = Median(pexpect);
      std::printf("%s: pexpect %.1f us: the runner is %.1f times faster\n", transport, theirs * 1e6,
                  theirs / ours);
    }
  }
  return 0;
}

}  // namespace
}  // namespace assay::harness

int main(int argc, char** argv) { return assay::harness::Main(argc, argv); }
