// Reads a command line against the syntax that the manual prints (V.250 5.2-5.4 for the rest).
#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include "dialects/command_arguments.h"
#include "dialects/grammar.h"

namespace assay::dialect {
namespace {

using Kind = CommandProblem::Kind;

char Upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

// How far a line is from a form: too many or too few values, `off` of them, are worse than a bad
// one, and that is worse than what the tolerant reading takes. Of two, the one whose key the line
// names is meant.
std::size_t Distance(const spec::Form& form, const std::vector<CommandProblem>& problems,
                     std::size_t off) {
  std::size_t out = (problems.empty() || !form.key.empty() ? 0 : 5) + off * 100;
  for (const CommandProblem& problem : problems) {
    const bool shape = problem.kind == Kind::kMissing || problem.kind == Kind::kSurplus;
    out += shape ? 1000 : Tolerable(problem.kind) ? 1 : 10;
  }
  return out;
}

}  // namespace

bool Tolerable(Kind kind) {
  switch (kind) {
    case Kind::kQuotedInteger:
    case Kind::kSpace:
    case Kind::kKeyCase:
    case Kind::kTypographicQuote:
      return true;
    case Kind::kUnknownCommand:
    case Kind::kUnknownForm:
    case Kind::kNotOnModel:
    case Kind::kUnknownKey:
    case Kind::kMissing:
    case Kind::kSurplus:
    case Kind::kEmpty:
    case Kind::kType:
    case Kind::kRange:
    case Kind::kTooLong:
    case Kind::kUnquoted:
    case Kind::kUnterminated:
      return false;
  }
  return false;
}

const Argument* ParsedCommand::Find(std::string_view parameter) const {
  for (const Argument& argument : arguments) {
    if (argument.name == parameter) return &argument;
  }
  for (const Argument& argument : arguments) {
    if (argument.parameter != nullptr && argument.parameter->IsAlso(parameter)) return &argument;
  }
  return nullptr;
}

bool ParsedCommand::Valid(bool tolerant) const {
  return form != nullptr &&
         std::all_of(problems.begin(), problems.end(), [&](const CommandProblem& problem) {
           return tolerant && Tolerable(problem.kind);
         });
}

ParsedCommand Grammar::ParseCommand(std::string_view line) const {
  ParsedCommand out;
  out.line = line;
  std::string_view rest = line;
  bool trailing = false;
  while (rest.ends_with(' ')) rest.remove_suffix(1), trailing = true;
  std::size_t name_end = std::min(rest.find_first_of("=?"), rest.size());
  out.name = rest.substr(0, name_end);
  const std::string_view tail = rest.substr(name_end);
  out.kind = tail == "=?"            ? spec::FormKind::kTest
             : tail == "?"           ? spec::FormKind::kRead
             : tail.starts_with('=') ? spec::FormKind::kWrite
                                     : spec::FormKind::kExecute;
  std::string upper(out.name);
  std::transform(upper.begin(), upper.end(), upper.begin(), Upper);
  auto found = commands_.find(upper);
  if (found == commands_.end() && out.name.size() >= 2 &&
      out.name.find('+') == std::string_view::npos) {
    // V.250 5.3.1: a basic command's number stands right behind it.
    for (const auto& [basic, command] : basic_) {
      const std::string_view digits =
          std::string_view(upper).substr(std::min(basic.size(), upper.size()));
      if (upper.starts_with(basic) &&
          std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; })) {
        found = commands_.find(basic);
        out.name = line.substr(0, basic.size());
        name_end = basic.size();
        break;
      }
    }
  }
  if (found != commands_.end()) {
    for (const spec::Command* command : found->second) {
      if (command->kind == spec::CommandKind::kCommand) out.command = command;
    }
  }
  if (out.command == nullptr) {
    out.problems.push_back(
        {Kind::kUnknownCommand, nullptr, 0, "the manual has no such command", {}});
    return out;
  }
  if (!spec::AppliesTo(out.command->models, out.command->not_models, model_)) {
    out.problems.push_back({Kind::kNotOnModel, nullptr, 0, model_ + " does not have this command",
                            out.command->models_source});
  }
  const std::size_t args_at = name_end + (out.kind == spec::FormKind::kWrite ? 1 : 0);
  const bool takes_arguments =
      out.kind == spec::FormKind::kWrite || out.kind == spec::FormKind::kExecute;
  std::vector<FieldSpan> fields, joined;
  if (takes_arguments && args_at < rest.size()) fields = SplitFields(rest.substr(args_at), args_at);
  if (out.kind == spec::FormKind::kWrite && args_at == rest.size()) fields.push_back({{}, args_at});
  // The form whose key and number of values fit; else the one that comes closest.
  bool any_form = false;
  const spec::Form* denied = nullptr;  // of this kind, but not this model's
  std::size_t nearest = SIZE_MAX;
  ParsedCommand attempt, best;
  attempt.line = best.line = line;
  for (const spec::Form& form : out.command->forms) {
    if (form.form != out.kind) continue;
    if (!spec::AppliesTo(form.models, {}, model_)) {
      denied = &form;
      continue;
    }
    any_form = true;
    if (!takes_arguments) {
      out.form = &form;
      break;
    }
    attempt.arguments.clear();
    attempt.problems.clear();
    const CompiledForm& compiled = forms_.find(&form)->second;
    const bool raw = compiled.ends_raw && fields.size() > compiled.slots.size() &&
                     fields[compiled.slots.size() - 1].text.starts_with('"');
    if (raw) {
      joined = fields;
      joined.resize(compiled.slots.size());
      joined.back().text = rest.substr(joined.back().offset);
    }
    const auto off = AssignArguments(form, compiled.slots, raw ? joined : fields, model_, attempt);
    if (!off) continue;
    if (const std::size_t distance = Distance(form, attempt.problems, *off); distance < nearest) {
      nearest = distance;
      out.form = &form;
      std::swap(best, attempt);
    }
  }
  if (takes_arguments && out.form != nullptr) {
    out.arguments = std::move(best.arguments);
    std::move(best.problems.begin(), best.problems.end(), std::back_inserter(out.problems));
  } else if (out.form == nullptr && any_form) {
    out.problems.push_back({Kind::kUnknownKey, nullptr, args_at,
                            "the manual has no such sub-command", out.command->source});
  } else if (out.form == nullptr && denied != nullptr) {
    out.problems.push_back({Kind::kUnknownForm, nullptr, name_end,
                            model_ + " does not have this form", denied->models_source});
  } else if (out.form == nullptr) {
    out.problems.push_back({Kind::kUnknownForm, nullptr, name_end,
                            "the manual does not list this form", out.command->source});
  }
  if (trailing) {
    out.problems.push_back(
        {Kind::kSpace, nullptr, rest.size(), "a space at the end", out.command->source});
  }
  return out;
}

}  // namespace assay::dialect
