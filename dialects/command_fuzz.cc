// A command line of any bytes, against a real manual: what is said of it points into it, it is
// said the same twice, and a line without problems holds what its form asks for.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "dialects/grammar_testing.h"

namespace {

using assay::dialect::Argument;
using assay::dialect::Bg96;
using assay::dialect::CommandProblem;
using assay::dialect::ParsedCommand;

void Require(bool condition, const char* what, std::string_view line) {
  if (condition) return;
  std::fprintf(stderr, "%s:\n%.*s\n", what, static_cast<int>(line.size()), line.data());
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string line(reinterpret_cast<const char*>(data), size);
  const ParsedCommand command = Bg96().ParseCommand(line);
  Require(command.line.data() == line.data(), "another line", line);
  Require(command.form != nullptr || !command.problems.empty(), "no form, and no word why", line);
  Require(command.form == nullptr || command.command != nullptr, "a form of no command", line);
  for (const Argument& argument : command.arguments) {
    Require(argument.parameter != nullptr, "an argument without parameter", line);
    Require(argument.offset + argument.value.size() <= line.size(), "an argument outside", line);
    Require(line.substr(argument.offset, argument.value.size()) == argument.value,
            "an argument that stands elsewhere", line);
    Require(command.Find(argument.name) != nullptr, "an argument that is not found", line);
  }
  bool tolerable = true;
  for (const CommandProblem& problem : command.problems) {
    Require(problem.offset <= line.size(), "a problem outside of the line", line);
    Require(!problem.message.empty(), "a problem without a word", line);
    tolerable = tolerable && Tolerable(problem.kind);
  }
  Require(command.Valid(true) == (command.form != nullptr && tolerable), "valid, or not", line);
  Require(!command.Valid(false) || command.Valid(true), "only the strict reading takes it", line);

  const ParsedCommand again = Bg96().ParseCommand(line);
  Require(again.form == command.form && again.problems.size() == command.problems.size() &&
              again.arguments.size() == command.arguments.size(),
          "parsed differently the second time", line);
  return 0;
}
