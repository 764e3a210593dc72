// Many emulated modems in one process: what each costs in memory, and how many exchanges the process
// gets done, against a bare Boost.Asio server that echoes the same lines on as many connections.
//
//   bazel run -c opt //devices:fleet_benchmark -- --tcp=1000 --pty=500 --rounds=20
//
// A round is one line to every modem at once, and all the answers. Each modem is in a session of its
// own with the broker in process. The last lines are ratios; memory beyond the bound is a failure.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio.hpp>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "devices/descriptor.h"
#include "devices/emulator_server.h"
#include "devices/emulator_testing.h"
#include "devices/pty.h"
#include "devices/tcp.h"
#include "devices/testing_scratch.h"

namespace assay::device {
namespace {

using Clock = std::chrono::steady_clock;
namespace asio = boost::asio;

// Under so much is what a modem may take, in kB.
constexpr double kMostMemory = 60;
constexpr std::array<std::string_view, 4> kLines = {"AT\r", "AT+QMTCONN?\r",
                                                    "AT+QMTCFG=\"keepalive\",0\r", "AT+QMTOPEN?\r"};

double ResidentKb() {
  std::ifstream file("/proc/self/statm");
  std::size_t all = 0, resident = 0;
  file >> all >> resident;
  return static_cast<double>(resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE))) / 1024;
}

// The hosts of all modems, in one loop.
class Hosts {
 public:
  Hosts() : poller_(epoll_create1(EPOLL_CLOEXEC)) {}
  void Add(Descriptor line) {
    epoll_event event{.events = EPOLLIN, .data = {.u64 = lines_.size()}};
    epoll_ctl(poller_.get(), EPOLL_CTL_ADD, line.get(), &event);
    lines_.push_back(std::move(line));
    heard_.emplace_back();
  }
  std::size_t size() const { return lines_.size(); }
  // Every host says its line, and hears until `end` has come.
  void Ask(const std::function<std::string(std::size_t)>& line, std::string_view end) {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const std::string bytes = line(i);
      heard_[i].clear();
      if (write(lines_[i].get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
        throw std::runtime_error(ErrorText("write", errno));
    }
    std::array<epoll_event, 256> events;
    std::array<char, 4096> buffer;
    for (std::size_t left = lines_.size(); left > 0;) {
      const int count = epoll_wait(poller_.get(), events.data(), 256, 20'000);
      if (count <= 0) throw std::runtime_error("no answer");
      for (int i = 0; i < count; ++i) {
        const std::size_t who = events[static_cast<std::size_t>(i)].data.u64;
        const ssize_t got = read(lines_[who].get(), buffer.data(), buffer.size());
        if (got <= 0) throw std::runtime_error("a modem is gone");
        const bool whole = heard_[who].ends_with(end);
        heard_[who].append(buffer.data(), static_cast<std::size_t>(got));
        if (!whole && heard_[who].ends_with(end)) --left;
      }
    }
  }

 private:
  const Descriptor poller_;
  std::vector<Descriptor> lines_;
  std::vector<std::string> heard_;
};

Descriptor Dial(const std::string& url) {
  if (url.starts_with("pty:")) return Descriptor(open(url.c_str() + 4, O_RDWR | O_NOCTTY | O_CLOEXEC));
  const auto where = ParseHostPort(std::string_view(url).substr(6));
  const OpenResult opened = OpenTcp(where->host, where->port, std::chrono::seconds(10));
  if (opened.device == nullptr) throw std::runtime_error(opened.error);
  // Ours to read and write without a Device around it; it is no longer non-blocking.
  Descriptor line(fcntl(opened.device->PollFd(), F_DUPFD_CLOEXEC, 0));
  fcntl(line.get(), F_SETFL, 0);
  return line;
}

class Emulators {
 public:
  Emulators(std::size_t tcp, std::size_t pty, const Scratch& scratch) {
    const auto broker = MakeLocalBroker();
    ServeOptions options{.stop_fd = stop_.get()};
    for (std::size_t i = 0; i < tcp + pty; ++i) {
      const std::string link = "pty:" + scratch.Path("m" + std::to_string(i));
      options.modems.push_back(
          {i < tcp ? "tcp:127.0.0.1:0" : link, [broker, i](News news) {
             EmulatorOptions own;
             own.seed = static_cast<std::int64_t>(i);
             return std::make_unique<Emulator>(
                 CommittedGrammar("quectel-bg96"),
                 MakeLocalMqttService(broker, std::chrono::milliseconds(1), nullptr,
                                      std::move(news)),
                 std::move(own));
           }});
    }
    options.ready = [this] { eventfd_write(ready_.get(), 1); };
    thread_ = std::thread([this, options = std::move(options)] { Serve(options, out_, log_); });
    eventfd_t one = 0;
    eventfd_read(ready_.get(), &one);
    std::istringstream lines(out_.str());
    for (std::string line; std::getline(lines, line);) hosts_.Add(Dial(line.substr(10)));
  }
  ~Emulators() {
    eventfd_write(stop_.get(), 1);
    thread_.join();
  }
  Emulators(const Emulators&) = delete;
  Emulators& operator=(const Emulators&) = delete;

  Hosts& hosts() { return hosts_; }
  void Connect() {
    const auto all = [](std::string_view line) {
      return [line](std::size_t) { return std::string(line); };
    };
    hosts_.Ask(all("ATE0\r"), "OK\r\n");
    hosts_.Ask(all("AT+QMTOPEN=0,\"broker.example\",1883\r"), "+QMTOPEN: 0,0\r\n");
    hosts_.Ask([](std::size_t i) { return "AT+QMTCONN=0,\"m" + std::to_string(i) + "\"\r"; },
               "+QMTCONN: 0,0,0\r\n");
    hosts_.Ask([](std::size_t i) { return "AT+QMTSUB=0,1,\"m/" + std::to_string(i) + "\",1\r"; },
               "+QMTSUB: 0,1,0,1\r\n");
    hosts_.Ask([](std::size_t i) { return "AT+QMTPUB=0,1,1,0,\"m/" + std::to_string(i) + "\"\r"; },
               "> ");
    hosts_.Ask(all("hello\x1A"), ",hello\r\n");
  }

 private:
  const Descriptor stop_{eventfd(0, EFD_CLOEXEC)}, ready_{eventfd(0, EFD_CLOEXEC)};
  std::ostringstream out_, log_;
  std::thread thread_;
  Hosts hosts_;
};

// Says every byte again.
template <class Stream>
class Echo : public std::enable_shared_from_this<Echo<Stream>> {
 public:
  explicit Echo(Stream stream) : stream_(std::move(stream)) {}
  void Listen() {
    stream_.async_read_some(asio::buffer(buffer_), [self = this->shared_from_this()](
                                                       auto error, std::size_t count) {
      if (!error) self->Say(count);
    });
  }

 private:
  void Say(std::size_t count) {
    asio::async_write(stream_, asio::buffer(buffer_.data(), count),
                      [self = this->shared_from_this()](auto error, std::size_t) {
                        if (!error) self->Listen();
                      });
  }
  Stream stream_;
  std::array<char, 4096> buffer_;
};

class Echoes {
 public:
  Echoes(std::size_t tcp, std::size_t pty, const Scratch& scratch) {
    using Tcp = asio::ip::tcp;
    Tcp::acceptor acceptor(context_, {asio::ip::address_v4::loopback(), 0});
    const std::string url =
        "tcp://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port());
    for (std::size_t i = 0; i < tcp; ++i) {
      hosts_.Add(Dial(url));
      Tcp::socket socket = acceptor.accept();
      socket.set_option(Tcp::no_delay(true));
      std::make_shared<Echo<Tcp::socket>>(std::move(socket))->Listen();
    }
    for (std::size_t i = 0; i < pty; ++i) {
      const std::string link = scratch.Path("e" + std::to_string(i));
      PtyEnds ends = MakePty(link);
      if (!ends.master) throw std::runtime_error(ends.error);
      hosts_.Add(Dial("pty:" + link));
      RemovePtyLink(link, ends.slave_name);
      asio::posix::stream_descriptor master(context_, fcntl(ends.master.get(), F_DUPFD_CLOEXEC, 0));
      std::make_shared<Echo<asio::posix::stream_descriptor>>(std::move(master))->Listen();
      slaves_.push_back(std::move(ends.slave));
    }
    thread_ = std::thread([this] { context_.run(); });
  }
  ~Echoes() {
    context_.stop();
    thread_.join();
  }
  Echoes(const Echoes&) = delete;
  Echoes& operator=(const Echoes&) = delete;
  Hosts& hosts() { return hosts_; }

 private:
  asio::io_context context_{1};
  std::thread thread_;
  std::vector<Descriptor> slaves_;
  Hosts hosts_;
};

// Exchanges in a second.
double Rate(Hosts& hosts, std::size_t rounds, bool echoes) {
  const auto before = Clock::now();
  for (std::size_t i = 0; i < rounds; ++i) {
    const std::string line(kLines[i % kLines.size()]);
    hosts.Ask([&](std::size_t) { return line; }, echoes ? "\r" : "OK\r\n");
  }
  return static_cast<double>(rounds * hosts.size()) /
         std::chrono::duration<double>(Clock::now() - before).count();
}

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

std::size_t Option(std::string_view name, std::size_t otherwise, int& argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (!word.starts_with(name)) continue;
    std::from_chars(word.data() + name.size(), word.data() + word.size(), otherwise);
    std::copy(argv + i + 1, argv + argc, argv + i);
    --argc;
    break;
  }
  return otherwise;
}

int Main(int argc, char** argv) {
  const std::size_t tcp = Option("--tcp=", 1000, argc, argv);
  const std::size_t pty = Option("--pty=", 500, argc, argv);
  const std::size_t rounds = Option("--rounds=", 20, argc, argv);
  if (const std::string wrong = AllowDescriptors((tcp + pty) * 6 + 100); !wrong.empty())
    throw std::runtime_error(wrong);
  const Scratch scratch;
  CommittedGrammar("quectel-bg96");
  const double before = ResidentKb();
  Emulators emulators(tcp, pty, scratch);
  emulators.Connect();
  const double each = (ResidentKb() - before) / static_cast<double>(tcp + pty);
  Echoes echoes(tcp, pty, scratch);
  std::map<bool, std::vector<double>> rates;
  for (const bool echo : {false, true}) {
    benchmark::RegisterBenchmark(echo ? "Boost.Asio echo" : "emulated modems",
                                 [&, echo](benchmark::State& state) {
                                   Hosts& hosts = echo ? echoes.hosts() : emulators.hosts();
                                   for (auto _ : state) {
                                     rates[echo].push_back(Rate(hosts, rounds, echo));
                                     state.SetIterationTime(1 / rates[echo].back());
                                   }
                                 })
        ->UseManualTime()
        ->Iterations(1)
        ->Repetitions(9)
        ->ReportAggregatesOnly()
        ->Unit(benchmark::kMicrosecond);
  }
  std::vector<char*> arguments(argv, argv + argc);
  std::string interleave = "--benchmark_enable_random_interleaving=true";
  arguments.insert(arguments.begin() + 1, interleave.data());
  argc = static_cast<int>(arguments.size());
  arguments.push_back(nullptr);
  benchmark::Initialize(&argc, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(argc, arguments.data())) return 2;
  benchmark::RunSpecifiedBenchmarks();
  const double ours = Median(rates[false]), theirs = Median(rates[true]);
  std::printf("%zu modems on TCP and %zu on pseudo-terminals, each in a session: %.1f kB each\n",
              tcp, pty, each);
  std::printf("exchanges in a second: modems %.0f, Boost.Asio echo %.0f: x %.2f\n", ours, theirs,
              theirs / ours);
  if (each < kMostMemory) return 0;
  std::printf("that is more than %.0f kB\n", kMostMemory);
  return 1;
}

}  // namespace
}  // namespace assay::device

int main(int argc, char** argv) {
  try {
    return assay::device::Main(argc, argv);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "%s\n", failure.what());
    return 1;
  }
}
