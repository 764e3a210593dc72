// What a command prints, and where: `--json [FILE]`, messages for people on standard error when
// standard output carries a result.
#ifndef HARNESS_OUTPUT_H_
#define HARNESS_OUTPUT_H_

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/console.h"

namespace assay::harness {

// Writes `text` to FILE of --json, or to standard output; an exit status.
int Deliver(std::string_view text, const std::optional<std::string>& file);
// "assay run: message" on standard error; returns the usage status.
int Usage(std::string_view command, std::string_view message);
// "there is no format x": the message for --format.
std::string NoSuchFormat(std::string_view format, const std::vector<std::string>& formats);
int Broken(std::string_view command, std::string_view message);

// Width and colour of standard output (NO_COLOR, TERM=dumb, COLUMNS).
report::ConsoleOptions Terminal(int descriptor = 1);

// A terminal on which a line can be written over.
bool IsLive(int descriptor);

// From here on SIGINT and SIGTERM set a flag instead of ending the program.
void WatchInterrupts();
bool Interrupted();

}  // namespace assay::harness

#endif  // HARNESS_OUTPUT_H_
