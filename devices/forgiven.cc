#include "devices/forgiven.h"

#include <algorithm>
#include <deque>
#include <memory>
#include <string>

namespace assay::device {
namespace {

using dialect::Argument;
using dialect::CommandProblem;
using dialect::OwnedCommand;
using dialect::ParsedCommand;

// Its views point into the line of the original and into `values`.
struct Mended : OwnedCommand {
  dialect::CommandPtr original;
  std::deque<std::string> values;
};

std::string AnyValue(const spec::Parameter& parameter) {
  if (parameter.default_value) return *parameter.default_value;
  for (const spec::Value& value : parameter.values) {
    if (!value.value.empty()) return value.value;
  }
  if (parameter.type == spec::Type::kInteger)
    return std::to_string(parameter.range.min.value_or(0));
  const auto length = std::max<std::int64_t>(parameter.range.min_length.value_or(1), 1);
  return std::string(static_cast<std::size_t>(length), 'x');
}

bool Lacks(const CommandProblem& problem) {
  using Kind = CommandProblem::Kind;
  return problem.parameter != nullptr &&
         (problem.kind == Kind::kMissing || problem.kind == Kind::kEmpty ||
          problem.kind == Kind::kType);
}

void Set(Mended& command, const spec::Parameter& parameter) {
  command.values.push_back(AnyValue(parameter));
  for (Argument& argument : command.parsed.arguments) {
    if (argument.name != parameter.name) continue;
    argument.value = command.values.back();
    return;
  }
  command.parsed.arguments.push_back(
      {&parameter, parameter.name, command.values.back(), false, command.line.size()});
}

}  // namespace

dialect::CommandPtr Forgiven(const std::vector<Fault>& faults, const dialect::CommandPtr& command) {
  const ParsedCommand& parsed = command->parsed;
  const auto forgiven = [&](const CommandProblem& problem) {
    return Lacks(problem) && std::any_of(faults.begin(), faults.end(), [&](const Fault& fault) {
             return fault.forgives && fault.forgives(parsed, problem);
           });
  };
  if (parsed.form == nullptr ||
      std::none_of(parsed.problems.begin(), parsed.problems.end(), forgiven))
    return command;
  const auto out = std::make_shared<Mended>();
  out->original = command;
  out->line = command->line;
  out->parsed = parsed;
  for (const CommandProblem& problem : parsed.problems) {
    if (forgiven(problem)) Set(*out, *problem.parameter);
  }
  // Behind one that is missing, all are.
  for (const spec::TemplatePart& part : parsed.form->syntax.parts) {
    if (part.kind != spec::TemplatePart::Kind::kField || out->parsed.Find(part.text) != nullptr)
      continue;
    if (const auto* parameter = parsed.command->FindParameter(part.text, parsed.form->key))
      Set(*out, *parameter);
  }
  return out;
}

}  // namespace assay::device
