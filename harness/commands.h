// The commands of the command line, each a function of its options that returns an exit status
// (design, section 4). main.cc reads the options; nothing else knows CLI11.
#ifndef HARNESS_COMMANDS_H_
#define HARNESS_COMMANDS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace assay::harness {

// The status of a command line that cannot be understood.
inline constexpr int kUsageStatus = 2;

struct CommonOptions {
  std::vector<std::string> spec_folders, overlays;
  std::string dialect, model, reading = "tolerant";
  std::optional<std::string> json;  // --json [FILE]; "" is standard output
  std::vector<std::string> secrets;  // NAME=VALUE, or NAME of a value of the bench
  bool show_secrets = false;
};

// The reviewed list of what is known to fail (baseline.h).
struct BaselineOptions {
  std::string file;
  std::string today;     // 2027-01-31; empty: the day that it is
  std::string firmware;  // of the device; empty: what it says
  bool update = false;   // of `run`: write it as the run has it
};

struct RunOptions {
  CommonOptions common;
  BaselineOptions gate;
  std::vector<std::string> transcripts;
  std::string device, suite = "conformance", pics, pixit, report, clock, fail_on;
  std::vector<std::string> filters, excludes;
  std::string shard;
  std::string resume;  // folder of a report that a killed run has left; empty: it begins anew
  std::string bench;  // a file of several devices (bench_file.h), instead of `device`
  std::size_t repeat = 1;
  std::size_t jobs = 0;  // side by side; 0: one emulator, all devices of a bench
  std::string observe;   // mqtt://HOST:PORT; empty: the broker's side is not looked at
  std::string max_wait;  // seconds; empty: no limit
  std::string long_waits = "leave-out";  // leave-out, last, only
  std::string min_coverage;              // per cent, or "clauses=90,states=100"; empty: not asked
  std::string link_latency;              // auto, or milliseconds; empty: not regarded
  std::uint64_t seed = 1;
  std::string allow;         // flash, money, lock, all; of a device that is no emulator
  std::string max_duration;  // 30m; empty: no bound
  std::optional<std::size_t> max_publishes;
  double replug = 30;  // seconds that a device which went away is waited for
  std::size_t retries = 0;  // so often a case that does not pass is tried again
  std::string flaky = "pass";  // what becomes of a run with cases that passed only so: pass, fail
  bool until_failure = false;
  bool dry_run = false, shrink = false;
  bool bazel_test = false;  // what Bazel says of a test stands in the environment (bazel_test.h)
};
int RunCommand(const RunOptions& options);

struct GenerateCommandOptions {
  CommonOptions common;
  std::optional<std::string> pics_template, pixit_template;  // "" is standard output
  std::string out;                                           // folder; empty: none is written
  std::uint64_t seed = 1;
  bool list = false;
};
int GenerateCommand(const GenerateCommandOptions& options);

struct QuickstartOptions {
  std::string report = "assay-report";
  std::size_t modems = 18;  // side by side, so that cases that wait wait together; of all dialects
  // A first look should not take minutes: cases that wait longer are listed instead.
  std::string max_wait = "3", long_waits = "leave-out";
  std::string line = "pty";  // or stdio: a fresh modem for each case
};
int QuickstartCommand(const QuickstartOptions& options);

struct VerifyCommandOptions {
  CommonOptions common;
  std::vector<std::string> logs;
  BaselineOptions gate;
  std::string golden, format = "auto", report, fail_on;
};
int VerifyCommand(const VerifyCommandOptions& options);

struct ImportOptions {
  CommonOptions common;
  std::string log, format = "auto", out;
};
int ImportCommand(const ImportOptions& options);

struct TapOptions {
  CommonOptions common;
  std::string host;    // pty:LINK or tcp:HOST:PORT
  std::string device;
  std::string record;  // file; empty: in the report's folder, if there is one
  std::string report, fail_on;
};
int TapCommand(const TapOptions& options);

struct RecordOptions {
  CommonOptions common;
  std::string script, device, pixit, allow;
  std::string from;  // a recording, instead of script and device
  std::string out;   // empty: standard output
  std::size_t times = 1;
  bool accept = false;
};
int RecordCommand(const RecordOptions& options);

struct EmulateOptions {
  CommonOptions common;
  std::string listen, broker, gateway;
  std::vector<std::string> faults;
  std::uint64_t seed = 1;
  std::size_t count = 1;
  std::string control, script, log;
  std::vector<std::string> latencies;
};
int EmulateCommand(const EmulateOptions& options);

struct ControlOptions {
  std::string address;
  std::vector<std::string> words;  // empty: lines of standard input
};
int ControlCommand(const ControlOptions& options);

struct SpecOptions {
  CommonOptions common;
  std::string what;  // of show: a command or a model
  std::optional<std::string> html;  // of show: a page; "" is standard output
  bool models = false;
  std::optional<std::string> csv;  // of export: requirements as CSV; "" is standard output
};
int SpecExportCommand(const SpecOptions& options);
int SpecShowCommand(const SpecOptions& options);
int SpecListCommand(const SpecOptions& options);

struct SpecDiffOptions {
  CommonOptions common;
  std::vector<std::string> sides;  // DIALECT, DIALECT@MODEL, a folder, or @MODEL of the dialect
  std::vector<std::string> filters, excludes;  // globs of ids
};
// 0 if both say the same, 1 if not.
int SpecDiffCommand(const SpecDiffOptions& options);

struct LintOptions {
  CommonOptions common;
  std::vector<std::string> paths;
  bool manual_examples = false;
};
int LintCommand(const LintOptions& options);

struct FaultOptions {
  CommonOptions common;
  std::vector<std::string> filters;
  std::vector<std::string> files;  // of written faults, and folders of such files
  std::string suite = "all";  // whose cases: manual, conformance, all
  std::string survivors;      // a list of those that nobody has to kill
  std::size_t jobs = 1;
  bool first_kill = false;  // do not look for further cases that find the same fault
  bool needed = false;      // list cases without which nothing is lost
};
int FaultsCommand(const FaultOptions& options);
int SelftestCommand(const FaultOptions& options);

struct CommandHelp;
struct HelpOptions {
  CommonOptions common;
  std::vector<std::string> command;  // "spec", "show"; empty: all
  std::string format;                // man, bash, zsh, fish; empty: as --help
  std::string values;                // what a shell asks: dialects, models, faults, ...
};
int HelpCommand(const HelpOptions& options, const CommandHelp& all);

struct CompareOptions {
  CommonOptions common;
  std::vector<std::string> inputs, labels;
  std::string format = "auto";          // of logs
  std::optional<std::string> markdown;  // "" is standard output
};
// 0: nothing changed, or nothing that matters; 1: a violation is new; 3: what was judged is not any
// more; 4: a case broke.
int CompareCommand(const CompareOptions& options);

struct HistoryOptions {
  CommonOptions common;
  std::vector<std::string> paths;
  std::optional<std::string> markdown;
};
int HistoryCommand(const HistoryOptions& options);

struct DoctorOptions {
  CommonOptions common;  // json and secrets of it
  std::string device;    // to be tried, too; empty: none
};
// 0: nothing stands in the way, or the device answers; 1: some port cannot be used as things are;
// 4: the device does not answer, or cannot be opened.
int DoctorCommand(const DoctorOptions& options);

struct ReportOptions {
  std::vector<std::string> from;  // several: shards of a run, or devices, as one
  std::string format = "html", out, min_coverage;
  BaselineOptions gate;
};
int ReportCommand(const ReportOptions& options);

}  // namespace assay::harness

#endif  // HARNESS_COMMANDS_H_
