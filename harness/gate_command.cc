#include "harness/gate_command.h"

#include <iostream>
#include <utility>

#include "harness/output.h"
#include "harness/suite.h"
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

}  // namespace assay::harness
