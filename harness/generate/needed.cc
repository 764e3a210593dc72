#include "harness/generate/needed.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "dialects/value.h"
#include "harness/generate/codes.h"
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
  const auto beyond = [](char c) { return static_cast<unsigned char>(c) > 0x7f; };
  if (std::any_of(bytes.begin(), bytes.end(), beyond)) out += " beyond ASCII";
  return out;
}

// The arguments of a line that is wrong.
std::string ShapeOf(const dialect::ParsedCommand& parsed) {
  std::string out;
  for (const dialect::Argument& argument : parsed.arguments) {
    out += argument.parameter == nullptr
               ? " another"
               : " <" + argument.parameter->name + "> " +
                     KindOfValue(*argument.parameter, argument.value);
    if (argument.quoted) out += " (quoted)";
  }
  return out;
}

// What a command line tries of its form and of its parameters.
std::set<std::string> Tried(const dialect::ParsedCommand& parsed) {
  if (parsed.command == nullptr) return {"tries a command that nobody has"};
  std::set<std::string> out;
  std::string form = parsed.command->name + "/";
  form += parsed.form != nullptr ? spec::FormName(*parsed.form) : std::string(Name(parsed.kind));
  std::string wrong;
  for (const CommandProblem& problem : parsed.problems) {
    wrong += wrong.empty() ? " " : ", ";
    if (problem.parameter != nullptr) wrong += "<" + problem.parameter->name + "> ";
    for (const dialect::Argument& argument : parsed.arguments) {
      if (problem.parameter != nullptr && argument.parameter == problem.parameter)
        wrong += KindOfValue(*argument.parameter, argument.value) + " ";
    }
    wrong += Word(problem.kind);
  }
  if (!wrong.empty()) out.insert("tries " + form + wrong + " among" + ShapeOf(parsed));
  if (!parsed.Valid(true)) return out;
  out.insert("tries " + form);
  out.insert("tries " + form + " with " + std::to_string(parsed.arguments.size()) + " arguments");
  for (const dialect::Argument& argument : parsed.arguments) {
    if (argument.parameter != nullptr)
      out.insert("tries " + form + " <" + argument.parameter->name + "> " +
                 KindOfValue(*argument.parameter, argument.value));
  }
  return out;
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
  if (!parameter.values.empty() && !range.min && !range.max) {
    std::optional<std::int64_t> least, most;
    for (const spec::Value& one : parameter.values) {
      const auto listed = dialect::ParseInteger(one.value);
      if (!listed) continue;
      least = std::min(least.value_or(*listed), *listed);
      most = std::max(most.value_or(*listed), *listed);
    }
    if (least && *number < *least) return *number == *least - 1 ? "below" : "far below";
    if (most && *number > *most) return *number == *most + 1 ? "above" : "far above";
  }
  if (range.min && *number <= *range.min) return *number == *range.min ? "min" : "below";
  if (range.max && *number >= *range.max) return *number == *range.max ? "max" : "above";
  return "number";
}

namespace {

// What a module must have that takes this command: it, and its setting.
std::string ClaimIn(const transcript::Exchange& exchange, const dialect::Grammar& grammar) {
  const std::string line = transcript::Bind(exchange.line, {}, nullptr).value_or("");
  const dialect::ParsedCommand parsed = grammar.ParseCommand(line);
  if (parsed.command == nullptr) return "";
  return parsed.command->name +
         (parsed.form == nullptr || parsed.form->key.empty() ? "" : ":" + parsed.form->key);
}

// Reads a case from its first command to its last, and notes what it shows.
class Witness {
 public:
  Witness(const dialect::Grammar& grammar, const Taken& taken, std::set<std::string>& out)
      : grammar_(grammar), pairs_(grammar.dialect()), last_(pairs_.None()), next_(taken.begin()),
        end_(taken.end()), out_(out) {}

  void Read(const transcript::Exchange& exchange) {
    using Send = transcript::Exchange::Send;
    if (exchange.send == Send::kNone) return;
    // What happens before the purpose decides nothing: if it goes wrong, the case is inconclusive.
    counts_ = !exchange.setup && !exchange.cleanup;
    valid_ = false;
    std::set<std::string> tried;
    if (exchange.send == Send::kCommand)
      tried = Command(transcript::Bind(exchange.line, {}, nullptr).value_or(""));
    if (exchange.send == Send::kData && before_.form != nullptr && before_.form->data)
      tried = {"tries " + before_.name + " data: " + KindOfData(exchange, *before_.form->data)};
    if (exchange.send == Send::kData) before_.listed += " with data";
    ++sends_;
    const std::string after = after_;
    const bool first = first_;
    const Brought brought = Follow();
    if (!counts_) return;
    const std::string end = brought == Brought::kRefusal ? ", refused" : "";
    for (const std::string& what : tried) {
      out_.insert(what + end);
      if (first) out_.insert(what + end + " at once");
    }
    if (!valid_ || brought != Brought::kNothing) return;
    out_.insert("asks " + before_.name + " after " + after);
    for (const std::string& kind : earlier_.kinds) {
      out_.insert("asks " + before_.name + before_.All() + " behind " + earlier_.name + kind);
    }
  }

 private:
  struct Line {
    const spec::Form* form = nullptr;
    std::string name;
    std::vector<std::string> kinds;  // of its values: " <qos> 1"
    std::string listed;              // those of them that its list has
    std::string All() const {
      return std::accumulate(kinds.begin(), kinds.end(), std::string());
    }
  };
  enum class Brought { kNothing, kChange, kRefusal };

  std::set<std::string> Command(const std::string& line) {
    const dialect::ParsedCommand parsed = grammar_.ParseCommand(line);
    std::set<std::string> tried = Tried(parsed);
    if (parsed.form == nullptr || !parsed.Valid(true)) return tried;
    valid_ = true;
    earliest_ = std::move(earlier_.listed);
    earlier_ = std::move(before_);
    before_ = {parsed.form, parsed.command->name + "/" + spec::FormName(*parsed.form), {}, {}};
    before_.listed = " " + std::to_string(parsed.arguments.size());
    for (const dialect::Argument& argument : parsed.arguments) {
      if (argument.parameter == nullptr) continue;
      const std::string kind = KindOfValue(*argument.parameter, argument.value);
      before_.kinds.push_back(" <" + argument.parameter->name + "> " + kind);
      if (kind == argument.value) before_.listed += before_.kinds.back();
    }
    for (const auto& [machine, state] : states_) {
      const std::string what = "says " + before_.name + " in " + std::string(machine) + " ";
      if (counts_) out_.insert(what + std::string(state));
      if (counts_ && first_) out_.insert(what + std::string(state) + " at once");
    }
    return tried;
  }

  // The transitions that it brought.
  Brought Follow() {
    Brought brought = Brought::kNothing;
    for (; next_ != end_ && next_->first <= sends_; ++next_) {
      const spec::Transition& one = *next_->second;
      const auto pair = pairs_.Take(one, last_);
      if (!one.refuse.empty()) brought = Brought::kRefusal;
      if (!one.to.empty() || !one.effects.empty()) {
        brought = std::max(brought, Brought::kChange);
        after_ = after_.substr(after_.rfind(' ') + 1) + " and " + one.id;
      }
      if (!one.to.empty()) states_[one.machine] = one.to;
      if (!counts_) continue;
      out_.insert("transition " + one.id);
      if (std::exchange(first_, false)) out_.insert("transition " + one.id + " at once");
      if (pair)
        out_.insert("transition " + one.id + " after " +
                    grammar_.dialect().transitions[pair->first].id);
      if (!one.to.empty()) out_.insert("state " + one.machine + " " + one.to);
      // What the other side does depends on what both of them were told.
      if (one.event.find(' ') == std::string::npos)
        out_.insert("transition " + one.id + " after" + earliest_ + " and" + earlier_.listed +
                    " and" + before_.listed);
    }
    return brought;
  }

  const dialect::Grammar& grammar_;
  const Pairs pairs_;
  Pairs::Last last_;
  Taken::const_iterator next_, end_;
  std::set<std::string>& out_;
  std::map<std::string_view, std::string_view> states_;  // of machines that have left their first
  std::size_t sends_ = 0;
  bool counts_ = false;
  bool first_ = true;  // of what counts
  std::string after_;  // the last two changes
  Line before_, earlier_;  // the last two lines that were right
  std::string earliest_;   // of the third last, what is listed
  bool valid_ = false;     // the command that was said
};

}  // namespace

Shown ShownBy(const transcript::Plan& plan, const CaseResult& result, const Taken& taken,
              const dialect::Grammar& grammar) {
  constexpr Time kLong{3'000'000};
  const spec::Dialect& dialect = grammar.dialect();
  Shown shown{plan.id, {}, {plan.needs.begin(), plan.needs.end()}};
  if (plan.waits > kLong) shown.needs.insert("time");
  for (const transcript::Exchange& exchange : plan.exchanges) {
    if (exchange.send == transcript::Exchange::Send::kCommand)
      shown.needs.insert("has " + ClaimIn(exchange, grammar));
  }
  std::set<std::string>& out = shown.what;
  out.insert("clause " + plan.clause + (result.seen.refused ? " negative" : " positive"));
  for (const report::ExchangeRecord& exchange : result.outcome.exchanges) {
    for (const std::string& line : exchange.received) {
      for (const std::string& code : CodesIn(grammar, line)) out.insert("code " + code);
    }
  }
  Witness witness(grammar, taken, out);
  for (const transcript::Exchange& exchange : plan.exchanges) witness.Read(exchange);
  // Answers are documented for a form: it has said it, then.
  for (const spec::Command& command : dialect.commands) {
    for (const spec::Form& form : command.forms) {
      if (result.seen.urcs.contains(&form)) out.insert("URC " + command.name);
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
  std::vector<std::string> out;
  for (const Shown& one : cases) {
    const auto instead = [&](const Shown* other) {
      return other != &one && std::includes(one.needs.begin(), one.needs.end(),
                                           other->needs.begin(), other->needs.end());
    };
    const bool alone =
        std::any_of(one.what.begin(), one.what.end(), [&](const std::string& what) {
          return std::none_of(by[what].begin(), by[what].end(), instead);
        });
    if (alone) continue;
    for (const std::string& what : one.what) std::erase(by[what], &one);
    out.push_back(one.id);
  }
  return out;
}

}  // namespace assay::harness
