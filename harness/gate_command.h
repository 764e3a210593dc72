// What --baseline asks of a command: the file is read, and each slip in it told, before anything
// runs; a report is held against it when it is made.
//
//   GateFile gate;
//   if (const int status = ReadGate("run", options.gate, gate); status != kPassed) return status;
//   ...
//   Hold(report, gate);
#ifndef HARNESS_GATE_COMMAND_H_
#define HARNESS_GATE_COMMAND_H_

#include <optional>
#include <string_view>

#include "harness/commands.h"
#include "harness/gate.h"
#include "harness/pending.h"

namespace assay::harness {

struct GateFile {
  std::optional<Baseline> baseline;  // none: nobody asked for it
  GateOptions options;
};
// An exit status.
int ReadGate(std::string_view command, const BaselineOptions& options, GateFile& gate);

void Hold(report::Report& report, const GateFile& gate);

// --update-baseline: may it be, and where? `chosen`: somebody said which cases.
int CheckUpdate(std::string_view command, const BaselineOptions& options, bool chosen,
                PendingPath& place);
// Writes the baseline as the report has it, which was held against it; shows what changes.
int UpdateFile(std::string_view command, const report::Report& report, const GateFile& gate,
               const PendingPath& place, bool drop_missing);

}  // namespace assay::harness

#endif  // HARNESS_GATE_COMMAND_H_
