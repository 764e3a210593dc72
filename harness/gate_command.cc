#include "harness/gate_command.h"

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <utility>

#include "harness/baseline_update.h"
#include "harness/output.h"
#include "harness/suite.h"
#include "harness/text_diff.h"
#include "harness/workplace.h"

namespace assay::harness {

int ReadGate(std::string_view command, const BaselineOptions& options, GateFile& gate) {
  if (!options.today.empty() && !IsDay(options.today))
    return Usage(command, "--today " + options.today + ": expected a day as 2027-01-31");
  gate.options.today = options.today.empty() ? NowUtc().substr(0, 10) : options.today;
  gate.options.firmware = options.firmware;
  if (options.file.empty()) {
    if (!options.firmware.empty())
      return Usage(command, "--firmware is for entries of a baseline: --baseline FILE is missing");
    return kPassed;
  }
  std::string error;
  std::error_code ignored;
  if (options.update && !std::filesystem::exists(options.file, ignored)) {
    gate.baseline = Baseline{.file = options.file, .lines = {}, .blocks = {}};
    return kPassed;
  }
  const auto text = ReadFile(options.file, &error);
  if (!text) return Usage(command, "--baseline: " + error);
  BaselineResult read = ParseBaseline(options.file, *text);
  std::cerr << spec::Print(read.diagnostics);
  if (!read.baseline) return kUsage;
  gate.baseline = std::move(read.baseline);
  return kPassed;
}

void Hold(report::Report& report, const GateFile& gate) {
  if (gate.baseline) HoldAgainst(report, *gate.baseline, gate.options);
}

int CheckUpdate(std::string_view command, const BaselineOptions& options, bool chosen,
                PendingPath& place) {
  if (options.file.empty())
    return Usage(command, "--update-baseline: --baseline FILE is missing, the file to be updated");
  if (!chosen)
    return Usage(command, "--update-baseline: say which cases, with --filter GLOB or by naming transcripts");
  place = PlaceToUpdate(options.file, [](const char* name) { return std::getenv(name); });
  if (!place.refused.empty()) return Usage(command, "--update-baseline: " + place.refused);
  if (const std::string failed = CannotWrite(place.path); !failed.empty())
    return Usage(command, "--update-baseline: " + failed);
  return kPassed;
}

int UpdateFile(std::string_view command, const report::Report& report, const GateFile& gate,
               const PendingPath& place, bool drop_missing) {
  const Baseline& baseline = *gate.baseline;
  const BaselineUpdate update =
      UpdateBaseline(baseline, report, {gate.options.firmware, drop_missing});
  for (const std::string& left : update.left) std::cerr << "left as it is: " << left << "\n";
  const std::string diff = UnifiedDiff(baseline.file, Print(baseline), update.text);
  if (diff.empty()) {
    std::cerr << baseline.file << ": nothing to update\n";
    return kPassed;
  }
  std::cerr << diff;
  std::string error;
  if (!WriteFile(place.path, update.text, &error)) return Broken(command, error);
  std::cerr << (place.pending ? "pending: " : "updated: ") << place.path << "\n";
  if (place.pending) std::cerr << "take it: cp " << place.path << " " << baseline.file << "\n";
  return kPassed;
}

}  // namespace assay::harness
