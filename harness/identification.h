// What identifies a run beside its cases: the program, its machine, and the files that were given.
//
//   report.tool_sha256 = ProgramHash();
//   suite.inputs.push_back(*InputOf("pixit", "bench.pixit"));
#ifndef HARNESS_IDENTIFICATION_H_
#define HARNESS_IDENTIFICATION_H_

#include <optional>
#include <string>

#include "reports/result.h"

namespace assay::harness {

// SHA-256 of the program's own file, as sha256sum has it; empty if it cannot be read. Found out
// once.
const std::string& ProgramHash();
// "Linux 6.1.0-26-amd64 x86_64"
std::string HostWords();

// A file and its hash; nothing if none was given, or it cannot be read.
std::optional<report::InputFile> InputOf(const std::string& what, const std::string& file);

}  // namespace assay::harness

#endif  // HARNESS_IDENTIFICATION_H_
