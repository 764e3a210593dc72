// The suites of all dialects, end to end: each of them in virtual time, two emulators side by side;
// and all of them in real time, on pseudo-terminals with emulated modems in processes of their own,
// eight side by side. Each run is the program itself, with its start, and must pass.
//
//   bazel run -c opt //harness:suite_benchmark                    virtual and real, long waits left out
//   bazel run -c opt //harness:suite_benchmark -- --only=long     the long waits alone, in real time
//
// The last lines are shares of the time that each may take.
#include <benchmark/benchmark.h>
#include <fcntl.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "devices/descriptor.h"
#include "devices/process.h"
#include "devices/testing_scratch.h"
#include "reports/json.h"
#include "reports/result.h"

namespace assay::harness {
namespace {

namespace fs = std::filesystem;

constexpr double kVirtualAim = 60, kRealAim = 600;  // seconds
constexpr Time kPatience{3'600'000'000};

struct Options {
  std::string assay = "harness/assay";  // in the runfiles, where bazel starts us
  std::string only;                     // virtual, real, long; empty: the first two
  std::string suite = "all";            // of virtual time
};

// What a run took, and how many of its cases were played.
struct Taken {
  double seconds = 0;
  std::size_t cases = 0, left_out = 0;
};

// The progress of its cases is nobody's business here.
double Seconds(const std::vector<std::string>& command) {
  const device::Descriptor nowhere(open("/dev/null", O_WRONLY | O_CLOEXEC));
  const auto start = std::chrono::steady_clock::now();
  const device::StartResult started = device::Start(command, {.error = nowhere.get()});
  if (started.process == nullptr) throw std::runtime_error(started.error);
  const std::string ended = started.process->WaitForExit(kPatience);
  if (ended != "exit status 0")
    throw std::runtime_error(command[1] + ": " + (ended.empty() ? "does not end" : ended));
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

Taken Play(std::vector<std::string> command, const std::string& folder) {
  command.insert(command.end(), {"--report", folder});
  Taken out{Seconds(command)};
  std::ifstream file(folder + "/result.json", std::ios::binary);
  const report::ReadReport read =
      report::ReadJson(std::string(std::istreambuf_iterator<char>(file), {}));
  if (!read.report) throw std::runtime_error(folder + "/result.json: " + read.error);
  out.cases = read.report->summary.pass;
  out.left_out = read.report->summary.skipped;
  if (out.cases == 0) throw std::runtime_error("no case was played");
  return out;
}

std::vector<std::string> Dialects() {
  std::vector<std::string> out;
  for (const fs::directory_entry& entry : fs::directory_iterator("spec")) {
    if (fs::exists(entry.path() / "dialect.json")) out.push_back(entry.path().filename().string());
  }
  return out;
}

bool Read(int& argc, char** argv, Options& options) {
  int kept = 1;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const std::string value(word.substr(std::min(word.find('=') + 1, word.size())));
    if (word.starts_with("--assay=")) {
      options.assay = value;
    } else if (word.starts_with("--only=")) {
      options.only = value;
    } else if (word.starts_with("--suite=")) {
      options.suite = value;
    } else {
      argv[kept++] = argv[i];
    }
  }
  argc = kept;
  return options.only.empty() || options.only == "virtual" || options.only == "real" ||
         options.only == "long";
}

void Print(const char* what, const Taken& taken, const char* more, double aim) {
  std::printf("%s: %zu cases in %.1f s%s, %zu left out; x %.2f of the %.0f s that it may take\n",
              what, taken.cases, taken.seconds, more, taken.left_out, taken.seconds / aim, aim);
}

int Main(int argc, char** argv) {
  Options options;
  if (!Read(argc, argv, options)) {
    std::fprintf(stderr, "--only=%s: expected virtual, real, long\n", options.only.c_str());
    return 2;
  }
  const device::Scratch scratch;
  std::map<std::string, Taken> taken;
  const auto add = [&](const std::string& name, const std::vector<std::string>& command) {
    benchmark::RegisterBenchmark(name.c_str(),
                                 [&, name, command](benchmark::State& state) {
                                   for (auto _ : state) {
                                     try {
                                       taken[name] = Play(command, scratch.Path("report"));
                                       state.SetIterationTime(taken[name].seconds);
                                       state.counters["cases"] =
                                           static_cast<double>(taken[name].cases);
                                     } catch (const std::exception& failure) {
                                       state.SkipWithError(failure.what());
                                       return;
                                     }
                                   }
                                 })
        ->UseManualTime()
        ->Iterations(1)
        ->Unit(benchmark::kMillisecond);
  };
  const bool all = options.only.empty();
  std::vector<std::string> dialects;
  if (all || options.only == "virtual") dialects = Dialects();
  for (const std::string& dialect : dialects) {
    add("virtual, " + dialect, {options.assay, "run", "--dialect", dialect, "--device",
                                "emulator:" + dialect, "--suite", options.suite, "--jobs", "2"});
  }
  if (all || options.only == "real") add("real", {options.assay, "quickstart", "--modems", "8"});
  if (options.only == "long")
    add("long", {options.assay, "quickstart", "--modems", "8", "--line", "stdio", "--long-waits",
                 "only"});
  const std::size_t jobs = dialects.size() + (all ? 1 : dialects.empty() ? 1 : 0);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  if (taken.size() != jobs) return 1;  // one has failed, and has told why
  Taken whole;
  double deriving = 0;
  for (const std::string& dialect : dialects) {
    const Taken& one = taken.at("virtual, " + dialect);
    whole.seconds += one.seconds;
    whole.cases += one.cases;
    whole.left_out += one.left_out;
    if (options.suite != "manual")
      deriving += Seconds({options.assay, "generate", "--dialect", dialect, "--list"});
  }
  if (!dialects.empty()) {
    char more[64];
    std::snprintf(more, sizeof more, ", of which %.1f s derive them", deriving);
    Print("virtual time, 2 emulators side by side", whole, deriving > 0 ? more : "", kVirtualAim);
  }
  if (taken.contains("real"))
    Print("real time on pseudo-terminals, 8 emulators side by side", taken.at("real"), "", kRealAim);
  if (taken.contains("long"))
    Print("long waits in real time, 8 emulators side by side", taken.at("long"), "", kRealAim);
  return 0;
}

}  // namespace
}  // namespace assay::harness

int main(int argc, char** argv) { return assay::harness::Main(argc, argv); }
