#include "harness/review.h"

#include <algorithm>
#include <map>
#include <utility>

#include "dialects/value.h"

namespace assay::harness {
namespace {

using dialect::ParsedCommand;
using report::ExchangeRecord;

bool Refusal(std::string_view line) { return line.find("ERROR") != std::string_view::npos; }
bool Taken(const ExchangeRecord& exchange) {
  return exchange.final == "OK" || exchange.final == "prompt";
}

// What was seen of one command or setting.
struct Seen {
  std::size_t taken = 0, refused = 0;  // valid ones, but for the test form
  std::size_t wrongly_refused = 0;     // of these: where it had to be taken
  std::size_t tested = 0, test_refused = 0;
  bool has_test = false;  // by the manual
  std::string answer;     // of the test form
  std::vector<ListedValues> listed;
  // Values that were taken though the test form leaves them out: "2nd value 9".
  std::vector<std::string> beyond;
  // Values that were refused though the test form, unlike the manual, has them.
  std::vector<std::string> listed_in_vain;
};

// Splits at commas outside of quotes and parentheses; an optional part ends it.
std::vector<std::string_view> Fields(std::string_view text) {
  std::vector<std::string_view> out;
  std::size_t begin = 0;
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ',';
    if (c == '"') quoted = !quoted;
    if (quoted && i < text.size()) continue;
    if (c == '(') ++depth;
    if (c == ')') --depth;
    const bool ends = i == text.size() || (depth == 0 && (c == ',' || c == '['));
    if (!ends) continue;
    out.push_back(text.substr(begin, i - begin));
    if (c == '[') break;
    begin = i + 1;
  }
  return out;
}

// How many values the form has at most. What a test form lists of another variant says nothing here.
std::size_t Positions(const spec::Form& form) {
  const auto& syntax = form.syntax.text;
  return static_cast<std::size_t>(std::count(syntax.begin(), syntax.end(), '<')) +
         (form.key.empty() ? 0 : 1);
}

std::string_view Arguments(std::string_view line) {
  const std::size_t equals = line.find('=');
  return equals == std::string_view::npos ? std::string_view() : line.substr(equals + 1);
}

class Reviewer {
 public:
  Reviewer(const dialect::Grammar& grammar, const Pics* pics) : grammar_(grammar), pics_(pics) {}

  std::vector<report::ReviewRow> Run(const std::vector<report::Outcome>& outcomes) {
    // What the test forms list, before what is held against it.
    for (const bool tests : {true, false}) {
      for (const report::Outcome& outcome : outcomes) {
        for (const ExchangeRecord& exchange : outcome.exchanges) {
          if (exchange.kind != report::ExchangeKind::kCommand || !exchange.sent) continue;
          const auto at = static_cast<std::size_t>(&exchange - outcome.exchanges.data());
          const bool wrong = std::any_of(
              outcome.findings.begin(), outcome.findings.end(), [&](const report::Finding& one) {
                return one.where.exchange == at && one.got == exchange.final;
              });
          Look(exchange, tests, wrong);
        }
      }
    }
    std::vector<report::ReviewRow> rows;
    for (const Claim& claim : ClaimsOf(grammar_)) {
      const bool claimed = pics_ == nullptr || pics_->Claims(claim.key);
      const auto seen = seen_.find(claim.key);
      if (seen == seen_.end() && claimed) continue;
      rows.push_back(Row(claim, claimed, seen == seen_.end() ? Seen() : seen->second));
    }
    return rows;
  }

 private:
  // `wrong`: there is a finding on its final code.
  void Look(const ExchangeRecord& exchange, bool tests, bool wrong) {
    const ParsedCommand parsed = grammar_.ParseCommand(*exchange.sent);
    if (parsed.command == nullptr || parsed.command->documented_elsewhere) return;
    if ((parsed.kind == spec::FormKind::kTest) != tests) return;
    const std::string command = "command." + parsed.command->name;
    if (tests) return Test(exchange, *parsed.command, seen_[command]);
    const bool out_of_range =
        parsed.form != nullptr && !parsed.problems.empty() &&
        std::all_of(parsed.problems.begin(), parsed.problems.end(),
                    [](const dialect::CommandProblem& problem) {
                      return problem.kind == dialect::CommandProblem::Kind::kRange;
                    });
    if (out_of_range && Refusal(exchange.final)) CompareRefused(parsed, *exchange.sent);
    if (!parsed.Valid(true) || parsed.form == nullptr) return;
    std::vector<std::string> keys = {command};
    if (!parsed.form->key.empty())
      keys.push_back("setting." + parsed.command->name + "." + parsed.form->key);
    for (const std::string& key : keys) {
      Seen& seen = seen_[key];
      seen.taken += Taken(exchange) ? 1 : 0;
      seen.refused += Refusal(exchange.final) ? 1 : 0;
      seen.wrongly_refused += Refusal(exchange.final) && wrong ? 1 : 0;
      if (parsed.kind == spec::FormKind::kWrite && Taken(exchange) &&
          seen.listed.size() == Positions(*parsed.form))
        Compare(parsed, Arguments(*exchange.sent), seen);
    }
  }

  // The manual does not have the value, and the module refuses it; so its test form must not list it.
  void CompareRefused(const ParsedCommand& parsed, const std::string& sent) {
    std::string key = "command." + parsed.command->name;
    if (!parsed.form->key.empty())
      key = "setting." + parsed.command->name + "." + parsed.form->key;
    Seen& seen = seen_[key];
    if (seen.listed.size() != Positions(*parsed.form)) return;
    const std::string_view arguments = Arguments(sent);
    const std::vector<std::string_view> values = Fields(arguments);
    for (const dialect::CommandProblem& problem : parsed.problems) {
      for (std::size_t i = 0; i < std::min(values.size(), seen.listed.size()); ++i) {
        const auto at = static_cast<std::size_t>(values[i].data() - sent.data());
        const auto value = dialect::ParseInteger(values[i]);
        const bool this_one = at <= problem.offset && problem.offset < at + values[i].size();
        if (!this_one || !value || seen.listed[i].any || !seen.listed[i].Has(*value)) continue;
        if (seen.listed_in_vain.size() < 3)
          seen.listed_in_vain.push_back("value " + std::to_string(i + 1) + " of " +
                                        std::string(arguments));
      }
    }
  }

  void Test(const ExchangeRecord& exchange, const spec::Command& command, Seen& seen) {
    seen.has_test = command.FindForm(spec::FormKind::kTest) != nullptr;
    ++seen.tested;
    seen.test_refused += Refusal(exchange.final) ? 1 : 0;
    for (const std::string& line : exchange.received) {
      const std::size_t colon = line.find(": ");
      if (line == exchange.final || colon == std::string::npos) continue;
      const std::string_view values = std::string_view(line).substr(colon + 2);
      // Keyed: a line for each setting.
      const std::vector<std::string_view> fields = Fields(values);
      Seen* of = &seen;
      if (!fields.empty() && fields[0].size() > 2 && fields[0].starts_with('"')) {
        const std::string key(fields[0].substr(1, fields[0].size() - 2));
        const bool known = std::any_of(command.forms.begin(), command.forms.end(),
                                       [&](const spec::Form& form) { return form.key == key; });
        if (known) of = &seen_["setting." + command.name + "." + key];
      }
      of->answer = line;
      of->listed = ParseListed(values);
    }
  }

  // A bound that the manual itself prints in two ways is no contradiction of the module's.
  static bool OfErratum(const ParsedCommand& parsed, std::string_view value) {
    return std::any_of(parsed.arguments.begin(), parsed.arguments.end(),
                       [&](const dialect::Argument& argument) {
                         return argument.value.data() == value.data() &&
                                argument.parameter != nullptr &&
                                !argument.parameter->range_source.erratum.empty();
                       });
  }

  static void Compare(const ParsedCommand& parsed, std::string_view arguments, Seen& seen) {
    const std::vector<std::string_view> values = Fields(arguments);
    for (std::size_t i = 0; i < std::min(values.size(), seen.listed.size()); ++i) {
      const auto value = dialect::ParseInteger(values[i]);
      if (!value || seen.listed[i].Has(*value) || OfErratum(parsed, values[i])) continue;
      std::string what = "value " + std::to_string(i + 1) + " of " + std::string(arguments);
      if (seen.beyond.size() < 3) seen.beyond.push_back(std::move(what));
    }
  }

  static report::ReviewRow Row(const Claim& claim, bool claimed, const Seen& seen) {
    report::ReviewRow row;
    row.claim = claim.key;
    row.clause = claim.clause;
    row.claimed = claimed;
    row.test_form = !seen.answer.empty()                ? seen.answer
                    : seen.tested == 0                  ? ""
                    : seen.test_refused == seen.tested  ? "refused"
                                                        : "OK";
    row.taken = seen.taken;
    row.refused = seen.refused;
    const bool has = seen.taken > 0 || seen.tested > seen.test_refused;
    if (claimed && seen.has_test && seen.tested > 0 && seen.test_refused == seen.tested) {
      row.contradiction = "claimed, but its test form is refused";
    } else if (claimed && seen.taken == 0 && seen.wrongly_refused > 0) {
      row.contradiction = "claimed, but each valid command is refused, also where it may not be";
    } else if (!claimed && has) {
      row.contradiction = "not claimed, but the module has it";
    } else if (!seen.beyond.empty()) {
      row.contradiction = "taken, though its test form does not list it:";
      for (const std::string& what : seen.beyond)
        row.contradiction += (&what == &seen.beyond[0] ? " " : "; ") + what;
    } else if (!seen.listed_in_vain.empty()) {
      row.contradiction = "refused, though its test form lists it:";
      for (const std::string& what : seen.listed_in_vain)
        row.contradiction += (&what == &seen.listed_in_vain[0] ? " " : "; ") + what;
    }
    return row;
  }

  const dialect::Grammar& grammar_;
  const Pics* pics_;
  std::map<std::string, Seen> seen_;
};

}  // namespace

bool ListedValues::Has(std::int64_t value) const {
  return any || std::any_of(ranges.begin(), ranges.end(), [&](const auto& range) {
           return range.first <= value && value <= range.second;
         });
}

std::vector<ListedValues> ParseListed(std::string_view text) {
  std::vector<ListedValues> out;
  for (std::string_view field : Fields(text)) {
    ListedValues& listed = out.emplace_back();
    if (!field.starts_with('(') || !field.ends_with(')')) continue;
    listed.any = false;
    for (const std::string_view one : Fields(field.substr(1, field.size() - 2))) {
      const std::size_t dash = one.find('-', 1);
      const auto low = dialect::ParseInteger(one.substr(0, dash));
      const auto high =
          dash == std::string_view::npos ? low : dialect::ParseInteger(one.substr(dash + 1));
      if (!low || !high) {
        listed.any = true;  // words: nothing that can be counted
        break;
      }
      listed.ranges.emplace_back(*low, *high);
    }
  }
  return out;
}

std::vector<report::ReviewRow> Review(const std::vector<report::Outcome>& outcomes,
                                      const dialect::Grammar& grammar, const Pics* pics) {
  return Reviewer(grammar, pics).Run(outcomes);
}

}  // namespace assay::harness
