// `assay verify` on a long recording, beside what a person would reach for instead: grep -E with
// one template for each shape of line, and FileCheck with the golden as CHECK lines.
//
//   bazel run -c opt //harness:verify_benchmark -- --exchanges=1000000
//
// Each is a process of its own on the same file, so that processor time and peak memory are the
// kernel's account of it. Every run must give the right answer. The last lines are ratios of
// medians.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "devices/testing_scratch.h"

namespace assay::harness {
namespace {

// The golden is played again and again, as `assay run --repeat` does.
constexpr std::string_view kGolden = R"(dialect: quectel-bg96
clause: 3.2
purpose: a sensor subscribes, publishes with and without acknowledgement, hears itself, unsubscribes

> AT+QMTSUB=0,1,"assay/bench",0
< OK
< +QMTSUB: 0,1,<result:0>,<value:0>
> AT+QMTPUB=0,2,1,0,"assay/bench"
prompt
data "{\"celsius\":21.5,\"volts\":3.71}" ctrl-z
< OK
< +QMTPUB: 0,2,<result:0>
< +QMTRECV: 0,<msgID>,"assay/bench",{"celsius":21.5,"volts":3.71}
> AT+QMTPUB=0,0,0,0,"assay/other"
prompt
data "off to bed" ctrl-z
< OK
< +QMTPUB: 0,0,<result:0>
> AT+QMTCONN?
< +QMTCONN: 0,<state:3>
< OK
> AT+QMTUNS=0,3,"assay/bench"
< OK
< +QMTUNS: 0,3,<result:0>
)";

struct Line {
  std::string_view mark, text;
  int after_us;
  bool begins = false;  // an exchange
};

// Before the first round. What stands here is judged by the spec alone.
constexpr Line kOpening[] = {
    {">", R"(AT+QMTOPEN=0,"broker.example",1883)", 3000, true},
    {"<=", R"("AT+QMTOPEN=0,\"broker.example\",1883\r")", 4210},
    {"<", "OK", 9167},
    {"<", "+QMTOPEN: 0,0", 470'031},
    {">", R"(AT+QMTCONN=0,"assay-bench")", 3000, true},
    {"<=", R"("AT+QMTCONN=0,\"assay-bench\"\r")", 4210},
    {"<", "OK", 9167},
    {"<", "+QMTCONN: 0,0,0", 520'448},
};

// One round, as `assay run` records it.
constexpr Line kRound[] = {
    {">", R"(AT+QMTSUB=0,1,"assay/bench",0)", 3000, true},
    {"<=", R"("AT+QMTSUB=0,1,\"assay/bench\",0\r")", 4210},
    {"<", "OK", 9167},
    {"<", "+QMTSUB: 0,1,0,0", 370'031},
    {">", R"(AT+QMTPUB=0,2,1,0,"assay/bench")", 3000, true},
    {"<=", R"("AT+QMTPUB=0,2,1,0,\"assay/bench\"\r")", 4210},
    {"<=", R"("\r\n> ")", 5000},
    {"data", R"("{\"celsius\":21.5,\"volts\":3.71}" ctrl-z)", 2000, true},
    {"<=", R"("{\"celsius\":21.5,\"volts\":3.71}")", 5000},
    {"<", "OK", 9167},
    {"<", "+QMTPUB: 0,2,0", 410'377},
    {"<", R"(+QMTRECV: 0,ID,"assay/bench",{"celsius":21.5,"volts":3.71})", 200'512},
    {">", R"(AT+QMTPUB=0,0,0,0,"assay/other")", 3000, true},
    {"<=", R"("AT+QMTPUB=0,0,0,0,\"assay/other\"\r")", 4210},
    {"<=", R"("\r\n> ")", 5000},
    {"data", R"("off to bed" ctrl-z)", 2000, true},
    {"<=", R"("off to bed")", 3100},
    {"<", "OK", 9167},
    {"<", "+QMTPUB: 0,0,0", 911},
    {">", "AT+QMTCONN?", 3000, true},
    {"<=", R"("AT+QMTCONN?\r")", 4210},
    {"<", "+QMTCONN: 0,3", 9167},
    {"<", "OK", 12},
    {">", R"(AT+QMTUNS=0,3,"assay/bench")", 3000, true},
    {"<=", R"("AT+QMTUNS=0,3,\"assay/bench\"\r")", 4210},
    {"<", "OK", 9167},
    {"<", "+QMTUNS: 0,3,0", 390'071},
};

// The session's line templates: one for each shape of line, values as the manual restricts them.
constexpr std::string_view kTemplates[] = {
    R"(> AT\+QMTOPEN=[0-5],"[^"]*",[0-9]+)",
    R"(> AT\+QMTCONN=[0-5],"[^"]*")",
    R"(> AT\+QMTCONN\?)",
    R"(> AT\+QMTSUB=[0-5],[0-9]+,"[^"]*",[0-2])",
    R"(> AT\+QMTPUB=[0-5],[0-9]+,[0-2],[01],"[^"]*")",
    R"(> AT\+QMTUNS=[0-5],[0-9]+,"[^"]*")",
    R"(data ".*" ctrl-z)",
    R"(<= ".*")",
    R"(< OK)",
    R"(< \+QMTOPEN: [0-5],(-1|[0-5]))",
    R"(< \+QMTCONN: [0-5],[0-4](,[0-5])?)",
    R"(< \+QMTSUB: [0-5],[0-9]+,[0-2](,[0-9]+)?)",
    R"(< \+QMTPUB: [0-5],[0-9]+,[0-2](,[0-9]+)?)",
    R"(< \+QMTRECV: [0-5],[0-9]+,"[^"]*",.*)",
    R"(< \+QMTUNS: [0-5],[0-9]+,[0-2](,[0-9]+)?)",
};

struct Options {
  std::size_t exchanges = 1'000'000;
  std::size_t file_check_exchanges = 100'000;
  int repetitions = 5;
  std::string assay = "harness/assay";  // in the runfiles, where bazel starts us
};

struct Recording {
  std::string path;
  std::size_t exchanges = 0, lines = 0, rounds = 0;
};

// `varied`: no round is like another, because message ids go up and times vary.
Recording WriteRecording(const std::string& path, std::size_t exchanges, bool varied) {
  Recording out{path, 0, 0, 0};
  std::ofstream file(path, std::ios::binary);
  std::int64_t now = 0;
  std::string buffer = "dialect: quectel-bg96\nkind: recording\n\n";
  const auto write = [&](const Line& line) {
    now += line.after_us + (varied ? static_cast<int>(out.lines * 7919 % 1000) : 0);
    std::array<char, 48> time;
    std::snprintf(time.data(), time.size(), "[@%lld.%06lld] ",
                  static_cast<long long>(now / 1'000'000), static_cast<long long>(now % 1'000'000));
    const std::size_t id = line.text.find("ID");
    buffer.append(line.mark).append(time.data()).append(line.text.substr(0, id));
    if (id != std::string_view::npos) {
      buffer.append(varied ? std::to_string(out.rounds % 65535 + 1) : "0")
          .append(line.text.substr(id + 2));
    }
    buffer += '\n';
    ++out.lines;
    out.exchanges += line.begins ? 1 : 0;
    if (buffer.size() > 1 << 16) file << buffer, buffer.clear();
  };
  for (const Line& line : kOpening) write(line);
  while (out.exchanges < exchanges) {
    for (const Line& line : kRound) write(line);
    ++out.rounds;
  }
  file << buffer;
  if (!file.flush()) throw std::runtime_error(device::ErrorText(path, errno));
  return out;
}

void WriteTemplates(const std::string& path) {
  std::ofstream file(path);
  for (const std::string_view text : kTemplates) {
    const std::size_t space = text.find(' ');
    file << '^' << text.substr(0, space) << R"(\[@[0-9]+\.[0-9]{6}\])" << text.substr(space)
         << "$\n";
  }
}

// The golden's lines, its fields as the values that this session has.
void WriteChecks(const std::string& path, std::size_t rounds) {
  std::string round;
  for (const Line& line : kRound) {
    if (line.mark == "<=" && !line.text.starts_with(R"("\r\n)")) continue;  // echo: not in a golden
    std::string text(line.text);
    if (const std::size_t id = text.find("ID"); id != std::string::npos)
      text.replace(id, 2, "{{[0-9]+}}");
    round.append("CHECK: {{^}}")
        .append(line.mark)
        .append(R"([@{{[0-9]+\.[0-9]+}}] )")
        .append(text)
        .append("{{$}}\n");
  }
  std::ofstream file(path);
  for (std::size_t i = 0; i < rounds; ++i) file << round;
}

struct Sample {
  double wall = 0, processor = 0;  // seconds
  double peak_mib = 0;
  int status = -1;
  std::string output;
};

Sample Measure(const std::vector<std::string>& command, const char* locale) {
  std::vector<char*> argv;
  for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  int out[2];
  if (pipe2(out, O_CLOEXEC) != 0) throw std::runtime_error(device::ErrorText("pipe", errno));
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child == 0) {
    dup2(out[1], STDOUT_FILENO);
    if (locale != nullptr) setenv("LC_ALL", locale, 1);
    execvp(argv[0], argv.data());
    _exit(127);
  }
  close(out[1]);
  Sample sample;
  std::array<char, 4096> buffer;
  ssize_t got = 0;
  while ((got = read(out[0], buffer.data(), buffer.size())) > 0)
    sample.output.append(buffer.data(), static_cast<std::size_t>(got));
  close(out[0]);
  int status = 0;
  rusage usage{};
  wait4(child, &status, 0, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  sample.wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  sample.processor = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  sample.peak_mib = static_cast<double>(usage.ru_maxrss) / 1024;
  sample.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  return sample;
}

struct Contender {
  std::string name;
  std::vector<std::string> command;
  const char* locale = nullptr;  // nullptr: the user's
  const Recording* recording = nullptr;
  std::function<bool(const Sample&)> right;
  std::vector<Sample> samples{};
};

void Race(benchmark::State& state, Contender& contender) {
  for (auto _ : state) {
    Sample sample = Measure(contender.command, contender.locale);
    if (!contender.right(sample)) {
      state.SkipWithError(("wrong answer, exit status " + std::to_string(sample.status) + ": " +
                           sample.output.substr(0, 200))
                              .c_str());
      return;
    }
    state.SetIterationTime(sample.wall);
    state.counters["processor_s"] = sample.processor;
    state.counters["peak_MiB"] = sample.peak_mib;
    state.counters["ns/exchange"] =
        sample.processor * 1e9 / static_cast<double>(contender.recording->exchanges);
    contender.samples.push_back(std::move(sample));
  }
}

struct Spread {
  double low = 0, median = 0, high = 0;
};
Spread Of(const Contender& contender, double Sample::*what) {
  std::vector<double> values;
  for (const Sample& sample : contender.samples) values.push_back(sample.*what);
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  return {values.front(), values[values.size() / 2], values.back()};
}

void PrintRatios(const std::vector<Contender>& contenders) {
  std::printf(
      "\nprocessor time, ns per exchange: median (lowest .. highest); as a multiple of verify on "
      "the same recording; peak\n");
  for (const Contender& contender : contenders) {
    if (contender.samples.empty()) continue;
    const double scale = 1e9 / static_cast<double>(contender.recording->exchanges);
    const Spread time = Of(contender, &Sample::processor);
    double base = 0;
    for (const Contender& other : contenders) {
      if (base == 0 && other.recording == contender.recording && other.name.starts_with("verify"))
        base = Of(other, &Sample::processor).median;
    }
    std::printf("  %-44s %8.0f (%.0f .. %.0f)  x %.2f  %.1f MiB\n", contender.name.c_str(),
                time.median * scale, time.low * scale, time.high * scale,
                base > 0 ? time.median / base : 0.0, Of(contender, &Sample::peak_mib).high);
  }
}

// "--exchanges=5" of ours is taken out of argv; the rest is Google Benchmark's.
Options TakeOptions(int& argc, char** argv) {
  Options out;
  int kept = 1;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const std::size_t equals = word.find('=');
    const std::string_view value =
        equals == std::string_view::npos ? std::string_view() : word.substr(equals + 1);
    const auto number = [&](auto& into) {
      std::from_chars(value.data(), value.data() + value.size(), into);
    };
    if (word.starts_with("--exchanges=")) {
      number(out.exchanges);
    } else if (word.starts_with("--filecheck_exchanges=")) {
      number(out.file_check_exchanges);
    } else if (word.starts_with("--repetitions=")) {
      number(out.repetitions);
    } else if (word.starts_with("--assay=")) {
      out.assay = value;
    } else {
      argv[kept++] = argv[i];
    }
  }
  argc = kept;
  return out;
}

// "" if there is none.
std::string FindFileCheck() {
  for (const char* name : {"FileCheck", "FileCheck-16", "FileCheck-15", "FileCheck-14"}) {
    if (Measure({"sh", "-c", std::string("command -v ") + name}, nullptr).status == 0) return name;
  }
  return "";
}

int Main(int argc, char** argv) {
  const Options options = TakeOptions(argc, argv);
  const device::Scratch scratch;
  const Recording same = WriteRecording(scratch.Path("same.at"), options.exchanges, false);
  const Recording varied = WriteRecording(scratch.Path("varied.at"), options.exchanges, true);
  const std::size_t few = std::min(options.exchanges, options.file_check_exchanges);
  const Recording few_same = WriteRecording(scratch.Path("few_same.at"), few, false);
  const Recording few_varied = WriteRecording(scratch.Path("few_varied.at"), few, true);
  std::ofstream(scratch.Path("golden.at")) << kGolden;
  WriteTemplates(scratch.Path("templates"));
  WriteChecks(scratch.Path("checks"), few_same.rounds);

  const auto verify = [&](const std::string& name, const Recording& recording, bool golden) {
    std::vector<std::string> command = {options.assay, "verify", recording.path, "--dialect",
                                        "quectel-bg96"};
    if (golden) command.insert(command.end(), {"--golden", scratch.Path("golden.at")});
    return Contender{name, command, nullptr, &recording, [](const Sample& sample) {
                       return sample.status == 0 && sample.output.ends_with("log: conforms\n");
                     }};
  };
  const auto grep = [&](const std::string& name, const Recording& recording, const char* locale) {
    return Contender{name,
                     {"grep", "-E", "-c", "-f", scratch.Path("templates"), recording.path},
                     locale,
                     &recording,
                     [&recording](const Sample& sample) {
                       return sample.output == std::to_string(recording.lines) + "\n";
                     }};
  };
  std::vector<Contender> contenders = {
      verify("verify, golden and spec", same, true),
      verify("verify, spec alone", same, false),
      grep("grep -E, LC_ALL=C", same, "C"),
      grep("grep -E, LC_ALL=C.UTF-8", same, "C.UTF-8"),
      verify("verify, golden and spec, no round alike", varied, true),
      grep("grep -E, LC_ALL=C, no round alike", varied, "C"),
      grep("grep -E, LC_ALL=C.UTF-8, no round alike", varied, "C.UTF-8"),
  };
  if (const std::string name = FindFileCheck(); !name.empty()) {
    const auto file_check = [&](const std::string& note, const Recording& recording) {
      return Contender{name + note,
                       {name, "--input-file", recording.path, scratch.Path("checks")},
                       nullptr,
                       &recording,
                       [](const Sample& sample) { return sample.status == 0; }};
    };
    contenders.push_back(verify("verify, golden and spec, fewer exchanges", few_same, true));
    contenders.push_back(file_check(", golden as CHECK lines", few_same));
    contenders.push_back(verify("verify, fewer exchanges, no round alike", few_varied, true));
    contenders.push_back(file_check(", no round alike", few_varied));
  } else {
    std::cout << "FileCheck is not installed (apt-get install llvm-16-tools): not compared\n";
  }
  std::cout << same.exchanges << " exchanges, " << same.lines << " lines, "
            << std::filesystem::file_size(same.path) / 1'000'000 << " MB; for FileCheck "
            << few_same.exchanges << " exchanges\n";
  for (Contender& contender : contenders) {
    benchmark::RegisterBenchmark(contender.name.c_str(),
                                 [&](benchmark::State& state) { Race(state, contender); })
        ->UseManualTime()
        ->Iterations(1)
        ->Repetitions(options.repetitions)
        ->Unit(benchmark::kMillisecond);
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
  PrintRatios(contenders);
  return std::any_of(contenders.begin(), contenders.end(),
                     [](const Contender& contender) { return contender.samples.empty(); })
             ? 1
             : 0;
}

}  // namespace
}  // namespace assay::harness

int main(int argc, char** argv) { return assay::harness::Main(argc, argv); }
