// Commands of the bench: programs that switch the modem's power, its network or its SIM.
//
//   BenchCommand power{"bench-power", {"usbrelay", "R1=0"}, 30s};
//   BenchResult result = RunBenchCommand(power, [] { return Interrupted(); });
//   if (!result.ok) ...   // "usbrelay: exit status 1"
//
// Each has a time-out, after which it is stopped; none hangs a run.
#ifndef HARNESS_BENCH_COMMAND_H_
#define HARNESS_BENCH_COMMAND_H_

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "dialects/time.h"
#include "transcripts/plan.h"

namespace assay::harness {

struct BenchCommand {
  std::string name;     // "bench.power"
  std::string command;  // split into words as a shell would; no shell runs it
  Time timeout{30'000'000};
};

struct BenchResult {
  bool ok = false;
  std::string told;  // "exit status 0 after 2.1 s", "did not end within 30.0 s and was stopped"
};

// `stop` is asked several times a second: end it now?
BenchResult RunBenchCommand(const BenchCommand& command, const std::function<bool()>& stop = {});

// What the bench can do, by the PIXIT: `bench.power: COMMAND`, `bench.power.timeout: 30s`, and
// `bench.boot: 40s`, how long the modem may need to answer after its power came.
struct BenchAbilities {
  std::map<std::string, BenchCommand, std::less<>> commands;  // by name
  Time boot{30'000'000};
  // Where the module reaches a port of this machine, behind which its broker stands.
  struct Place {
    std::string host;
    int port = 0;
  };
  std::optional<Place> observe{};
  std::set<std::string> secrets{};  // names of other values that nothing may show
  const BenchCommand* Find(std::string_view name) const;
  const BenchCommand* Find(transcript::BenchAct act) const;
  std::set<transcript::BenchAct> Acts() const;
};

// Takes the values that begin with "bench." out of `values`; nothing and the error if one of them
// is unknown or no time.
std::optional<BenchAbilities> TakeBenchAbilities(transcript::Values& values, std::string* error);

}  // namespace assay::harness

#endif  // HARNESS_BENCH_COMMAND_H_
