// assay control: words to the modems of an `assay emulate --control`.
#include <iostream>
#include <string>
#include <vector>

#include "devices/control_order.h"
#include "harness/commands.h"
#include "harness/control_client.h"
#include "harness/output.h"

namespace assay::harness {
namespace {

constexpr int kError = 1;

// What the shell has made one word stays one.
std::string Joined(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) {
    if (!line.empty()) line += ' ';
    const bool whole = word.size() >= 2 && word.front() == '"' && word.back() == '"';
    const bool plain = !word.empty() && word.find_first_of(" \t\r\n\"#\\") == std::string::npos;
    line += whole || plain ? word : device::Quoted(word);
  }
  return line;
}

// Prints what it tells.
int Carry(ControlClient& control, const ControlOptions& options, const std::string& line) {
  const ControlAnswer answer = control.Ask(line);
  if (!answer.came)
    return Broken("control", options.address + " has not answered to: " + line);
  for (const std::string& told : answer.lines) std::cout << told << "\n";
  std::cout.flush();
  if (answer.error.empty()) return 0;
  std::cerr << "assay control: " << answer.error << "\n";
  return kError;
}

}  // namespace

int ControlCommand(const ControlOptions& options) {
  std::vector<std::string> lines;
  if (!options.words.empty()) {
    lines.push_back(Joined(options.words));
  } else {
    for (std::string line; std::getline(std::cin, line);) {
      std::string ignored;
      if (device::NextWord(line, 0, &ignored) || !ignored.empty()) lines.push_back(line);
    }
  }
  for (const std::string& line : lines) {
    const device::ParsedOrder parsed = device::ParseOrder(line);
    if (!parsed.order) {
      return Usage("control", line + ": column " + std::to_string(parsed.column) + ": " +
                                  parsed.error);
    }
  }
  ControlClient control(options.address);
  if (control.Usage()) return Usage("control", control.Error());
  if (!control.Error().empty()) {
    return Broken("control",
                  control.Error() + "; is an `assay emulate --control` running there?");
  }
  for (const std::string& line : lines) {
    if (const int status = Carry(control, options, line); status != 0) return status;
  }
  return 0;
}

}  // namespace assay::harness
