#include "harness/needed.h"

#include <algorithm>
#include <map>
#include <utility>

#include "dialects/value.h"
#include "harness/generate/pairs.h"

namespace assay::harness {
namespace {

using dialect::CommandProblem;

// A word for each way to be wrong.
std::string_view Word(CommandProblem::Kind kind) {
  switch (kind) {
    case CommandProblem::Kind::kUnknownCommand:
      return "unknown command";
    case CommandProblem::Kind::kUnknownForm:
      return "unknown form";
    case CommandProblem::Kind::kNotOnModel:
      return "not on this model";
    case CommandProblem::Kind::kUnknownKey:
      return "unknown key";
    case CommandProblem::Kind::kMissing:
      return "missing";
    case CommandProblem::Kind::kSurplus:
      return "surplus";
    case CommandProblem::Kind::kEmpty:
      return "empty";
    case CommandProblem::Kind::kType:
      return "of another type";
    case CommandProblem::Kind::kRange:
      return "out of range";
    case CommandProblem::Kind::kTooLong:
      return "too long";
    case CommandProblem::Kind::kUnquoted:
      return "unquoted";
    case CommandProblem::Kind::kUnterminated:
      return "unterminated";
    case CommandProblem::Kind::kQuotedInteger:
      return "a quoted number";
    case CommandProblem::Kind::kSpace:
      return "space";
    case CommandProblem::Kind::kKeyCase:
      return "case of the key";
    case CommandProblem::Kind::kTypographicQuote:
      return "typographic quote";
  }
  return "";
}

// Of data: how many, and of which kind.
std::string KindOfData(const transcript::Exchange& data, const spec::DataPhase& phase) {
  std::string bytes = data.generated > 0 ? std::string(data.generated, 'x') : "";
  for (const transcript::Piece& piece : data.line) bytes += piece.text;
  const auto size = static_cast<std::int64_t>(bytes.size());
  std::string out = data.ending == transcript::DataEnding::kEscape ? "cancelled"
                    : phase.max && size > *phase.max              ? "longer"
                    : phase.max && size == *phase.max             ? "longest"
                    : size == std::max<std::int64_t>(phase.min, 1) ? "shortest"
                                                                   : "data";
  const auto control = [](char c) { return static_cast<unsigned char>(c) < ' '; };
  if (std::any_of(bytes.begin(), bytes.end(), control)) out += " with line ends";
  if (bytes.find('\0') != std::string::npos) out += " and zeros";
  return out;
}

// What a command line tries of its form and of its parameters.
void AddTried(const dialect::ParsedCommand& parsed, std::set<std::string>& out) {
  if (parsed.command == nullptr) {
    out.insert("tries a command that nobody has");
    return;
  }
  std::string form = parsed.command->name + "/";
  form += parsed.form != nullptr ? spec::FormName(*parsed.form) : std::string(Name(parsed.kind));
  for (const CommandProblem& problem : parsed.problems) {
    std::string what = "tries " + form;
    if (problem.parameter != nullptr) {
      what += " <" + problem.parameter->name + ">";
      for (const dialect::Argument& argument : parsed.arguments) {
        if (argument.parameter == problem.parameter)
          what += " " + KindOfValue(*argument.parameter, argument.value);
      }
    }
    const bool counts = problem.kind == CommandProblem::Kind::kMissing ||
                        problem.kind == CommandProblem::Kind::kSurplus;
    if (counts) what += " behind " + std::to_string(parsed.arguments.size()) + " others";
    out.insert(what + " " + std::string(Word(problem.kind)));
  }
  if (!parsed.Valid(true)) return;
  out.insert("tries " + form);
  out.insert("tries " + form + " with " + std::to_string(parsed.arguments.size()) + " arguments");
  for (const dialect::Argument& argument : parsed.arguments) {
    if (argument.parameter != nullptr)
      out.insert("tries " + form + " <" + argument.parameter->name + "> " +
                 KindOfValue(*argument.parameter, argument.value));
  }
}

}  // namespace

std::string KindOfValue(const spec::Parameter& parameter, std::string_view value) {
  for (const spec::Value& one : parameter.values) {
    if (one.value == value) return std::string(value);
  }
  const spec::Range& range = parameter.range;
  if (parameter.type == spec::Type::kString) {
    const auto size = static_cast<std::int64_t>(value.size());
    if (size == 0) return "empty";
    if (range.min_length && size <= *range.min_length)
      return size == *range.min_length ? "shortest" : "shorter";
    if (range.max_length && size >= *range.max_length)
      return size == *range.max_length ? "longest" : "longer";
    return "text";
  }
  const auto number = dialect::ParseInteger(value);
  if (!number) return "no number " + std::string(value);
  if (range.min && *number <= *range.min) return *number == *range.min ? "min" : "below";
  if (range.max && *number >= *range.max) return *number == *range.max ? "max" : "above";
  return "number";
}

Shown ShownBy(const transcript::Plan& plan, const CaseResult& result, const Taken& taken,
              const dialect::Grammar& grammar) {
  constexpr Time kLong{3'000'000};
  const spec::Dialect& dialect = grammar.dialect();
  Shown shown{plan.id, {}, {plan.needs.begin(), plan.needs.end()}};
  if (plan.waits > kLong) shown.needs.insert("time");
  std::set<std::string>& out = shown.what;
  out.insert("clause " + plan.clause + (result.seen.refused ? " negative" : " positive"));
  for (const spec::ErrorCode* error : result.seen.errors)
    out.insert("error " + error->format + " " + error->code);
  for (const spec::Command& command : dialect.commands) {
    for (const spec::Form& form : command.forms) {
      if (result.seen.urcs.contains(&form)) out.insert("URC " + command.name);
    }
  }
  // What happens before the purpose decides nothing: if it goes wrong, the case is inconclusive.
  const Pairs pairs(dialect);
  Pairs::Last last = pairs.None();
  std::map<std::string_view, std::string_view> states;  // of machines that have left their first
  std::size_t sends = 0;
  const spec::Form* said = nullptr;
  std::string name_of_said;
  bool first = true;  // of what counts
  auto next = taken.begin();
  const auto follow = [&](bool counts) {
    for (; next != taken.end() && next->first <= sends; ++next) {
      const spec::Transition& one = *next->second;
      const auto pair = pairs.Take(one, last);
      if (!one.to.empty()) states[one.machine] = one.to;
      if (!counts) continue;
      out.insert("transition " + one.id);
      if (std::exchange(first, false)) out.insert("transition " + one.id + " at once");
      if (pair)
        out.insert("transition " + one.id + " after " + dialect.transitions[pair->first].id);
      if (!one.to.empty()) out.insert("state " + one.machine + " " + one.to);
    }
  };
  for (const transcript::Exchange& exchange : plan.exchanges) {
    if (exchange.send == transcript::Exchange::Send::kNone) continue;
    const bool counts = !exchange.setup && !exchange.cleanup;
    if (counts && exchange.send == transcript::Exchange::Send::kCommand) {
      const std::string line = transcript::Bind(exchange.line, {}, nullptr).value_or("");
      const dialect::ParsedCommand parsed = grammar.ParseCommand(line);
      AddTried(parsed, out);
      if (parsed.form != nullptr && parsed.Valid(true)) {
        said = parsed.form;
        name_of_said = parsed.command->name + "/" + spec::FormName(*said);
        for (const auto& [machine, state] : states) {
          std::string what = "says " + name_of_said + " in " + std::string(machine) + " ";
          what += state;
          out.insert(what);
          if (first) out.insert(what + " at once");
        }
      }
    }
    if (counts && exchange.send == transcript::Exchange::Send::kData && said != nullptr &&
        said->data)
      out.insert("tries " + name_of_said + " data: " + KindOfData(exchange, *said->data));
    ++sends;
    follow(counts);
  }
  // Answers are documented for a form: it has said it, then.
  for (const spec::Command& command : dialect.commands) {
    for (const spec::Form& form : command.forms) {
      const std::string name = command.name + "/" + spec::FormName(form);
      for (const spec::Response& response : form.responses) {
        if (result.seen.responses.contains(&response) && out.contains("tries " + name))
          out.insert("answer " + name + "/" + response.id);
      }
    }
  }
  return shown;
}

std::vector<std::string> NotNeeded(const std::vector<Shown>& cases) {
  std::map<std::string_view, std::vector<const Shown*>> by;
  for (const Shown& one : cases) {
    for (const std::string& what : one.what) by[what].push_back(&one);
  }
  std::vector<const Shown*> order;
  for (const Shown& one : cases) order.push_back(&one);
  std::stable_sort(order.begin(), order.end(), [](const Shown* a, const Shown* b) {
    return a->what.size() > b->what.size();
  });
  std::vector<std::string> out;
  for (const Shown* one : order) {
    const auto instead = [&](const Shown* other) {
      return other != one && std::includes(one->needs.begin(), one->needs.end(),
                                           other->needs.begin(), other->needs.end());
    };
    const bool alone =
        std::any_of(one->what.begin(), one->what.end(), [&](const std::string& what) {
          return std::none_of(by[what].begin(), by[what].end(), instead);
        });
    if (alone) continue;
    for (const std::string& what : one->what) std::erase(by[what], one);
    out.push_back(one->id);
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace assay::harness
