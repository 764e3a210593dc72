#include "devices/fault_derive.h"

#include <algorithm>
#include <cstdint>
#include <map>

namespace assay::device {
namespace {

void Collect(const std::vector<spec::TemplatePart>& parts, std::size_t& commas,
             std::vector<FieldPlace>& out) {
  using Kind = spec::TemplatePart::Kind;
  for (const spec::TemplatePart& part : parts) {
    if (part.kind == Kind::kLiteral) {
      commas += static_cast<std::size_t>(std::count(part.text.begin(), part.text.end(), ','));
    } else if (part.either.size() == 2) {
      for (const std::string& name : part.either) out.push_back({name, commas});
    } else if (part.kind == Kind::kField || part.kind == Kind::kListOf) {
      out.push_back({part.text, commas});
    }
    Collect(part.parts, commas, out);
  }
}

std::optional<std::int64_t> Number(const std::string& text) {
  if (text.empty() || text.size() > 18) return std::nullopt;
  std::size_t at = text[0] == '-' ? 1 : 0;
  if (at == text.size()) return std::nullopt;
  std::int64_t number = 0;
  for (; at < text.size(); ++at) {
    if (text[at] < '0' || text[at] > '9') return std::nullopt;
    number = number * 10 + (text[at] - '0');
  }
  return text[0] == '-' ? -number : number;
}

// "+QMTOPEN:"
std::string Head(const std::string& line) { return line.substr(0, line.find(':') + 1); }

// Neither has a number or word where the other has another one: "+X: <id>,2" is not "+X: <id>,1".
bool MayBeTheSame(std::string_view one, std::string_view other) {
  const auto next = [](std::string_view& rest) {
    const std::size_t comma = rest.find(',');
    const std::string_view field = rest.substr(0, comma);
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
    return field;
  };
  while (!one.empty() && !other.empty()) {
    const std::string_view a = next(one), b = next(other);
    const bool literal =
        a.find('<') == std::string_view::npos && b.find('<') == std::string_view::npos;
    if (literal && a != b) return false;
  }
  return true;
}

}  // namespace

bool Tested(const spec::Dialect& dialect, const spec::Command& command) {
  return !command.documented_elsewhere &&
         spec::AppliesTo(command.models, command.not_models, dialect.model);
}

std::vector<FieldPlace> Fields(const spec::Template& text) {
  std::vector<FieldPlace> fields;
  std::size_t commas = 0;
  Collect(text.parts, commas, fields);
  return fields;
}

bool IsIndex(const spec::Dialect& dialect, const std::string& parameter) {
  return std::any_of(dialect.machines.begin(), dialect.machines.end(),
                     [&](const spec::Machine& machine) { return machine.index == parameter; });
}

spec::Command& CommandOf(spec::Dialect& dialect, const std::string& name) {
  return *std::find_if(dialect.commands.begin(), dialect.commands.end(),
                       [&](const spec::Command& command) { return command.name == name; });
}

spec::Form& FormOf(spec::Dialect& dialect, const std::string& command, const std::string& form) {
  auto& forms = CommandOf(dialect, command).forms;
  return *std::find_if(forms.begin(), forms.end(),
                       [&](const spec::Form& candidate) { return FormName(candidate) == form; });
}

spec::Parameter& ParameterOf(spec::Dialect& dialect, const std::string& command,
                             const std::string& name, const std::string& key) {
  auto& parameters = CommandOf(dialect, command).parameters;
  return *std::find_if(parameters.begin(), parameters.end(), [&](const spec::Parameter& parameter) {
    return parameter.name == name && parameter.key == key;
  });
}

spec::Transition& TransitionOf(spec::Dialect& dialect, const std::string& id) {
  return *std::find_if(dialect.transitions.begin(), dialect.transitions.end(),
                       [&](const spec::Transition& transition) { return transition.id == id; });
}

void Add(Fault fault, std::vector<Prediction> predictions, Faults& out) {
  if (predictions.empty()) return;
  fault.predicted = predictions[0].predicted;
  fault.clause = predictions[0].clause;
  predictions.erase(predictions.begin());
  fault.also = std::move(predictions);
  out.push_back(std::move(fault));
}

std::string WithField(const std::string& line, std::size_t field, bool last,
                      const std::function<std::string(const std::string&)>& change) {
  const std::size_t colon = line.find(": ");
  if (colon == std::string::npos) return line;
  std::size_t begin = colon + 2;
  for (std::size_t skipped = 0;; ++skipped) {
    bool quoted = false;
    std::size_t end = begin;
    const bool rest = last && skipped == field;
    while (end < line.size() && (rest || quoted || line[end] != ',')) {
      if (line[end] == '"') quoted = !quoted;
      ++end;
    }
    if (skipped == field) {
      return line.substr(0, begin) + change(line.substr(begin, end - begin)) + line.substr(end);
    }
    if (end == line.size()) return line;
    begin = end + 1;
  }
}

std::string OtherValue(const spec::Parameter& parameter, const std::string& value) {
  if (parameter.type == spec::Type::kString) return value + "x";
  const auto& values = parameter.values;
  for (std::size_t i = 0; i < values.size() && !parameter.range.max; ++i) {
    if (values[i].value != value) continue;
    // "8-255" is no value.
    for (std::size_t ahead = 1; ahead < values.size(); ++ahead) {
      const std::string& other = values[(i + ahead) % values.size()].value;
      if (other.find('-', 1) == std::string::npos) return other;
    }
    return value;
  }
  const auto number = Number(value);
  if (!number) return value + "0";
  if (parameter.range.max && *number >= *parameter.range.max) {
    return std::to_string(parameter.range.min.value_or(0));
  }
  return std::to_string(*number + 1);
}

std::string OtherPrinted(const spec::Parameter& parameter, const std::string& printed) {
  if (printed.size() < 2 || printed.front() != '"') return OtherValue(parameter, printed);
  return '"' + OtherValue(parameter, printed.substr(1, printed.size() - 2)) + '"';
}

std::optional<std::string> ValueOutside(const spec::Parameter& parameter) {
  if (parameter.type == spec::Type::kString || !parameter.values_closed) return std::nullopt;
  std::optional<std::int64_t> low = parameter.range.min, high = parameter.range.max;
  bool reserved = false;
  for (const spec::Value& value : parameter.values) {
    const auto number = Number(value.value);
    reserved = reserved || !number;
    if (!number) continue;
    low = std::min(low.value_or(*number), *number);
    high = std::max(high.value_or(*number), *number);
  }
  if (!low || !high) return std::nullopt;
  return std::to_string(reserved ? *low - 1 : *high + 1);
}

const spec::Response& Spoken(const spec::Dialect& dialect, const spec::Form& form,
                             const spec::Response& response) {
  if (const spec::Response* print = spec::FindResponse(form, response.wording_of)) return *print;
  for (const spec::Response& other : form.responses) {
    if (&other == &response) break;
    if (other.outcome == response.outcome && !other.when && other.wording_of.empty() &&
        spec::AppliesTo(other.models, {}, dialect.model)) {
      return other;
    }
  }
  return response;
}

bool TakesData(const spec::Dialect& dialect, const spec::Command& command, const spec::Form& form) {
  if (!form.data || !Stated(form.data->source)) return false;
  const spec::Parameter* length = command.FindParameter(form.data->length_parameter, form.key);
  return length == nullptr || spec::AppliesTo(length->models, {}, dialect.model);
}

OutputSpot SentFact::spot() const {
  return {.kind = OutputSpot::Kind::kTransition, .source = transition->id, .index = index};
}

namespace {

// The documented line that a transition sends: that of the command which the event answers, else of
// the first that prints such a line behind its final code.
void FindResult(const spec::Dialect& dialect, const std::string& sent, SentFact& fact) {
  const std::string head = Head(sent);
  const auto answers = [&](const spec::Command& command, const spec::Form& form) {
    const std::string& event = fact.transition->event;
    const std::string data = "data ";
    return spec::IsEventOf(event.starts_with(data) ? event.substr(data.size()) + " write" : event,
                           command, form);
  };
  bool own = false;
  for (const spec::Command& command : dialect.commands) {
    if (command.kind != spec::CommandKind::kCommand || !Tested(dialect, command)) continue;
    for (const spec::Form& form : command.forms) {
      for (const spec::Response& response : form.responses) {
        for (const spec::ResponseLine& line : response.lines) {
          const bool fits = line.kind == spec::LineKind::kResult && Head(line.text.text) == head &&
                            MayBeTheSame(line.text.text, sent);
          if (!fits || (fact.response != nullptr && (own || !answers(command, form)))) continue;
          own = answers(command, form);
          fact.command = &command;
          fact.form = &form;
          fact.response = &response;
          fact.line = &line.text;
        }
      }
    }
  }
}

const spec::Form* FindUrc(const spec::Dialect& dialect, const std::string& sent,
                          const spec::Command*& command) {
  for (const spec::Command& candidate : dialect.commands) {
    if (candidate.kind != spec::CommandKind::kUrc || !Tested(dialect, candidate)) continue;
    for (const spec::Form& form : candidate.forms) {
      if (Head(form.syntax.text) != Head(sent) || !MayBeTheSame(form.syntax.text, sent)) continue;
      command = &candidate;
      return &form;
    }
  }
  return nullptr;
}

}  // namespace

std::vector<SentFact> SentFacts(const spec::Dialect& dialect) {
  std::vector<SentFact> out;
  for (const spec::Transition& transition : dialect.transitions) {
    if (!Stated(transition.source) || transition.event == "elsewhere" ||
        !spec::AppliesTo(transition.models, transition.not_models, dialect.model)) {
      continue;
    }
    for (std::size_t i = 0; i < transition.send.size(); ++i) {
      const std::string& sent = transition.send[i].text;
      if (Head(sent).size() < 2) continue;
      SentFact fact{.transition = &transition, .index = i};
      FindResult(dialect, sent, fact);
      const spec::Command* command = nullptr;
      const spec::Form* urc = FindUrc(dialect, sent, command);
      // Printed as a result and as a URC: it is tested as the one that is stated.
      fact.also_urc = fact.response != nullptr && urc != nullptr;
      if (urc != nullptr && (fact.response == nullptr || !Stated(fact.response->source))) {
        if (fact.response != nullptr && !Stated(urc->source)) continue;
        fact.command = command;
        fact.form = urc;
        fact.response = nullptr;
        fact.line = &urc->syntax;
      }
      if (fact.line == nullptr) continue;
      const auto commas = std::count(sent.begin(), sent.end(), ',');
      fact.fields = Fields(*fact.line);
      std::erase_if(fact.fields, [&](const FieldPlace& field) {
        return field.at > static_cast<std::size_t>(commas);
      });
      out.push_back(std::move(fact));
    }
  }
  // Of those that send a URC, the one that the manual is clearest about.
  std::map<const spec::Template*, SentFact*> clearest;
  const auto doubt = [](const SentFact& fact) {
    const spec::Source& source = fact.transition->source;
    return fact.response != nullptr ? std::pair(spec::Basis::kStated, false)
                                    : std::pair(source.basis, !source.erratum.empty());
  };
  for (SentFact& fact : out) {
    SentFact*& best = clearest[fact.line];
    if (best == nullptr || doubt(fact) < doubt(*best)) best = &fact;
  }
  for (const auto& [line, fact] : clearest) fact->first = true;
  // In the order of the manual.
  const auto place = [&](const SentFact& fact) { return fact.command - dialect.commands.data(); };
  std::stable_sort(out.begin(), out.end(),
                   [&](const SentFact& a, const SentFact& b) { return place(a) < place(b); });
  return out;
}

Faults DeriveFaults(const spec::Dialect& dialect) {
  Faults out;
  DeriveSyntaxFaults(dialect, out);
  DeriveStateFaults(dialect, out);
  DeriveBehaviourFaults(dialect, out);
  DeriveAnswerFaults(dialect, out);
  DeriveResultFaults(dialect, out);
  DeriveBlockFaults(dialect, out);
  DerivePartFaults(dialect, out);
  DeriveWireFaults(dialect, out);
  // <keep-alive time>: an id has to survive URLs and shells.
  for (Fault& fault : out) {
    std::replace_if(
        fault.id.begin(), fault.id.end(),
        [](char c) { return std::string_view(" ?&#%\"'").find(c) != std::string_view::npos; }, '-');
  }
  return out;
}

}  // namespace assay::device
