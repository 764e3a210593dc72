// Which answers of a command nothing leads to. Refusals are found as an emulator finds them
// (spec/BEHAVIOUR.md, "What happens to a command line").
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "spec/check.h"
#include "spec/scope.h"

namespace assay::spec {
namespace {

// A template as one text: each field is kField, what is optional is there.
constexpr char kField = '\x01';

std::string Flat(const std::vector<TemplatePart>& parts) {
  std::string text;
  for (const TemplatePart& part : parts) {
    const std::string quote = part.quoted ? "\"" : "";
    switch (part.kind) {
      case TemplatePart::Kind::kLiteral:
        text += part.text;
        break;
      case TemplatePart::Kind::kField:
      case TemplatePart::Kind::kListOf:
        text += quote + kField + quote;
        break;
      case TemplatePart::Kind::kOptional:
      case TemplatePart::Kind::kRepeat:
        text += Flat(part.parts);
        break;
    }
  }
  return text;
}

// Is the flat `text` a print of the line from its part `at` on? A field may be printed as a value,
// and in quotes.
bool IsPrint(const std::vector<TemplatePart>& line, std::size_t at, std::string_view text) {
  if (at == line.size()) return text.empty();
  const TemplatePart& part = line[at];
  const auto go_on = [&](std::size_t from) { return IsPrint(line, at + 1, text.substr(from)); };
  switch (part.kind) {
    case TemplatePart::Kind::kLiteral:
      return text.starts_with(part.text) && go_on(part.text.size());
    case TemplatePart::Kind::kField:
    case TemplatePart::Kind::kListOf: {
      const std::size_t quote = text.starts_with('"') ? 1 : 0;
      if (part.quoted && quote == 0) return false;
      const std::size_t end = std::min(text.find_first_of(",\"\r\n", quote), text.size());
      if (end == quote || (quote == 1 && (end == text.size() || text[end] != '"'))) return false;
      return go_on(end + quote);
    }
    case TemplatePart::Kind::kOptional:
    case TemplatePart::Kind::kRepeat: {
      if (go_on(0)) return true;
      std::vector<TemplatePart> whole = part.parts;
      whole.insert(whole.end(), line.begin() + static_cast<std::ptrdiff_t>(at) + 1, line.end());
      return IsPrint(whole, 0, text);
    }
  }
  return false;
}

bool Prints(const Template& said, const Template& line) {
  return IsPrint(line.parts, 0, Flat(said.parts));
}

// One without a final code is told of already.
bool Ends(const Response& response) {
  return std::any_of(response.lines.begin(), response.lines.end(),
                     [](const ResponseLine& line) { return line.kind == LineKind::kFinal; });
}

bool IsAccepted(const Response& response) {
  return response.outcome == Outcome::kSuccess || response.outcome == Outcome::kQuery;
}

class Answers {
 public:
  Answers(const Checking& checking, const Command& command, const Form& form)
      : dialect_(checking.dialect), c_(checking), command_(command), form_(form) {
    for (const Transition& transition : dialect_.transitions) {
      const bool at_once = IsEventOf(transition.event, command, form);
      const bool behind = form.data && transition.event == "data " + command.name;
      if (!at_once && !behind) continue;
      (at_once ? events_ : data_).push_back(&transition);
    }
  }

  void Run() {
    for (const Response& response : form_.responses) {
      const bool comes = Comes(response) || !Ends(response);
      const json::Place place = c_.places.Of(&response.lines.front().text, &response);
      if (response.wording_of.empty() && !comes && !IsElsewhere(response)) {
        c_.complaints.Warning(place, "no transition leads to the answer " + Quoted(response.id),
                              "expected one, or \"wording_of\" if it is another print of an answer "
                              "that is given");
      }
      if (!response.wording_of.empty()) continue;
      for (const ResponseLine& line : response.lines) {
        if (!IsOwed(response, line) || IsSent(line.text)) continue;
        c_.complaints.Warning(c_.places.Of(&line.text),
                              "no transition sends a line like " + Quoted(line.text.text));
      }
    }
  }

 private:
  using Transitions = std::vector<const Transition*>;

  // Commands that other documents describe are as much as examples need; those do not fail.
  bool IsElsewhere(const Response& response) const {
    return command_.documented_elsewhere && response.outcome == Outcome::kFailure;
  }

  // A result that transitions send. A list is printed with the answer, and a refusal has its
  // lines about it.
  bool IsOwed(const Response& response, const ResponseLine& line) const {
    if (line.kind != LineKind::kResult || !line.per.empty() || line.each) return false;
    if (response.outcome == Outcome::kFailure) return AcceptsFirst(response);
    return response.outcome == Outcome::kSuccess && !(events_.empty() && data_.empty());
  }

  bool IsSent(const Template& line) const {
    return std::any_of(
        dialect_.transitions.begin(), dialect_.transitions.end(), [&](const Transition& one) {
          return std::any_of(one.send.begin(), one.send.end(),
                             [&](const Template& sent) { return Prints(sent, line); });
        });
  }

  bool Comes(const Response& response) const {
    if (IsResponded(response)) return true;
    switch (response.outcome) {
      case Outcome::kSuccess:
      case Outcome::kQuery:
        return IsChosen(response);
      case Outcome::kCancelled:
        return Cancels() && !IsShadowed(response);
      case Outcome::kFailure:
        return AcceptsFirst(response) ? Accepts(events_) && Accepts(data_) : IsRefusal(response);
      case Outcome::kIntermediate:
        return Accepts(events_);
    }
    return true;
  }

  static bool Accepts(const Transitions& transitions) {
    return transitions.empty() ||
           std::any_of(transitions.begin(), transitions.end(),
                       [](const Transition* one) { return one->refuse.empty(); });
  }

  // The form's own responses answer what a transition that accepts has no lines for.
  bool IsChosen(const Response& response) const {
    const bool prompts = form_.data && !form_.data->when;
    const auto leaves = [](const Transitions& transitions) {
      return transitions.empty() ||
             std::any_of(transitions.begin(), transitions.end(), [](const Transition* one) {
               return one->refuse.empty() && one->respond.empty();
             });
    };
    const bool left = form_.data && leaves(data_) && Accepts(events_);
    return (left || (!prompts && leaves(events_))) && !IsShadowed(response);
  }

  // An earlier one always fits where this does.
  bool IsShadowed(const Response& response) const {
    for (const Response& earlier : form_.responses) {
      if (&earlier == &response) return false;
      const bool alike = earlier.outcome == response.outcome ||
                         (IsAccepted(earlier) && IsAccepted(response));
      const bool whenever = !earlier.when || (response.when && *earlier.when == *response.when);
      const bool everywhere = earlier.models.empty() || earlier.models == response.models;
      if (alike && whenever && everywhere && earlier.wording_of.empty()) return true;
    }
    return false;
  }

  // The lines up to the final code are those of some transition.
  bool IsResponded(const Response& response) const {
    std::vector<const Template*> lines;
    for (const ResponseLine& line : response.lines) {
      if (line.kind != LineKind::kResult) lines.push_back(&line.text);
    }
    const auto says = [&](const Transition* one) {
      return one->respond.size() == lines.size() &&
             std::equal(lines.begin(), lines.end(), one->respond.begin(),
                        [](const Template* line, const Template& said) {
                          return Prints(said, *line);
                        });
    };
    return std::any_of(events_.begin(), events_.end(), says) ||
           std::any_of(data_.begin(), data_.end(), says);
  }

  bool Cancels() const {
    return (form_.data && form_.data->cancel) ||
           std::any_of(dialect_.transitions.begin(), dialect_.transitions.end(),
                       [&](const Transition& one) { return one.event == "cancel " + command_.name; });
  }

  bool IsCode(const std::string& refusal) const {
    return std::find(dialect_.finals.begin(), dialect_.finals.end(), refusal) ==
           dialect_.finals.end();
  }

  // What a command of this form may be refused with.
  std::vector<std::string> Refusals() const {
    std::vector<std::string> all;
    for (const Transitions* transitions : {&events_, &data_}) {
      for (const Transition* one : *transitions) {
        if (one->refuse_as.empty()) all.push_back(one->refuse);
      }
      if (!transitions->empty() && !IsCovered(*transitions)) all.push_back(dialect_.refusals.state);
    }
    if (!FieldNames(form_.syntax.parts).empty()) {
      all.push_back(dialect_.refusals.syntax);
      all.push_back(dialect_.refusals.range);
      all.push_back(dialect_.refusals.too_long);
    }
    if (!command_.models.empty() || !command_.not_models.empty() || !form_.models.empty()) {
      all.push_back(dialect_.refusals.unknown);
    }
    std::erase(all, "");
    return all;
  }

  // Some transition fits in every state.
  bool IsCovered(const Transitions& transitions) const {
    return std::any_of(
        dialect_.machines.begin(), dialect_.machines.end(), [&](const Machine& machine) {
          return !machine.states.empty() &&
                 std::all_of(
                     machine.states.begin(), machine.states.end(), [&](const std::string& state) {
                       return std::any_of(
                           transitions.begin(), transitions.end(), [&](const Transition* one) {
                             const auto& from = one->from;
                             return one->machine == machine.id && !one->guard &&
                                    (from.empty() ||
                                     std::find(from.begin(), from.end(), state) != from.end());
                           });
                     });
        });
  }

  // A refusal has the lines of the first failure that tells a code, if there is one to tell.
  bool IsRefusal(const Response& response) const {
    for (const Transitions* transitions : {&events_, &data_}) {
      for (const Transition* one : *transitions) {
        if (one->refuse_as == response.id) return true;
      }
    }
    for (const std::string& refusal : Refusals()) {
      if (!IsCode(refusal)) {
        if (response.lines.size() == 1 && response.lines[0].text.text == refusal) return true;
        continue;
      }
      if (RefusalOf(form_, dialect_.error_field, true) == &response) return true;
    }
    return false;
  }

  const Dialect& dialect_;
  const Checking& c_;
  const Command& command_;
  const Form& form_;
  Transitions events_, data_;  // that the command, and its data, bring about
};

}  // namespace

void CheckAnswers(const Checking& checking) {
  for (const Command& command : checking.dialect.commands) {
    for (const Form& form : command.forms) Answers(checking, command, form).Run();
  }
}

}  // namespace assay::spec
