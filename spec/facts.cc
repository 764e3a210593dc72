#include "spec/facts.h"

#include <algorithm>
#include <array>
#include <utility>

namespace assay::spec {
namespace {

std::string_view TypeName(Type type) {
  switch (type) {
    case Type::kInteger:
      return "integer";
    case Type::kString:
      return "string";
    case Type::kList:
      return "list";
  }
  return "";
}

std::string Hex(std::string_view bytes) {
  std::string hex;
  for (const char c : bytes) {
    hex += "0123456789ABCDEF"[static_cast<unsigned char>(c) >> 4];
    hex += "0123456789ABCDEF"[static_cast<unsigned char>(c) & 15];
  }
  return hex;
}

// As printed: `\<` stands for a printed `<`. Quotes inside of the angle brackets stand around them,
// so that the two ways of printing a quoted name are one: <"Topic"> is "<Topic>".
std::string Unescaped(const std::string& text) {
  std::string result;
  bool inside = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      result += text[++i];
    } else if (text.compare(i, 2, "<\"") == 0) {
      result += "\"<";
      inside = true;
      ++i;
    } else if (inside && text.compare(i, 2, "\">") == 0) {
      result += ">\"";
      inside = false;
      ++i;
    } else if (text[i] == '\r' || text[i] == '\n') {
      result += text[i] == '\r' ? "\\r" : "\\n";  // a fact is one line
    } else {
      result += text[i];
    }
  }
  return result;
}

// What tells a form apart in its command: the kind, the sub-command's key, and, where the manual
// prints several syntaxes of one form, which of them in printed order: AT+X/write/2.
std::string FormSubject(const Command& command, const Form& form) {
  std::string subject = command.name + "/" + std::string(Name(form.form));
  if (!form.key.empty()) subject += ":" + form.key;
  int alike = 0;
  int number = 0;
  for (const Form& other : command.forms) {
    if (other.form != form.form || other.key != form.key) continue;
    ++alike;
    if (&other == &form) number = alike;
  }
  return alike > 1 ? subject + "/" + std::to_string(number) : subject;
}

std::string ParameterSubject(const Command& command, const Parameter& parameter) {
  const std::string key = parameter.key.empty() ? "" : ":" + parameter.key;
  return command.name + key + "/" + parameter.name;
}

bool Holds(const std::vector<Value>& values, std::string_view value) {
  return std::any_of(values.begin(), values.end(),
                     [&](const Value& other) { return other.value == value; });
}

class Deriving {
 public:
  explicit Deriving(const Dialect& dialect) : dialect_(dialect) {}

  std::vector<Fact> Run() {
    for (const Command& command : dialect_.commands) {
      if (!command.documented_elsewhere) OfCommand(command);
    }
    for (const ErrorCode& error : dialect_.errors) {
      Add("error", error.format.substr(0, error.format.find(':')), error.code, "-", error.source);
    }
    for (const Rule& rule : dialect_.rules) Add("rule", rule.id, "-", rule.text, rule.source);
    // Where there is one, it is what the manual is about.
    if (dialect_.models.size() > 1) {
      for (const Model& model : dialect_.models) OfModel(model);
    }
    return std::move(facts_);
  }

 private:
  void Add(std::string_view kind, std::string subject, std::string attribute, std::string value,
           const Source& source) {
    facts_.push_back({.kind = std::string(kind),
                      .subject = std::move(subject),
                      .attribute = std::move(attribute),
                      .value = std::move(value),
                      .clause = source.clause,
                      .basis = std::string(Name(source.basis))});
  }

  void OfCommand(const Command& command) {
    Add("command", command.name, "kind", command.kind == CommandKind::kUrc ? "urc" : "command",
        command.source);
    for (const Form& form : command.forms) OfForm(command, form);
    for (const Parameter& parameter : command.parameters) {
      // One printed for either of two is those two.
      if (parameter.either.empty()) OfParameter(command, parameter);
    }
    for (const auto& [name, value] : command.attributes) {
      Add("limit", command.name, name, value, command.attributes_source);
    }
  }

  void OfForm(const Command& command, const Form& form) {
    const std::string subject = FormSubject(command, form);
    Add("form", subject, "syntax", Unescaped(form.syntax.text), form.source);
    for (const Response& response : form.responses) {
      std::string lines;
      for (const ResponseLine& line : response.lines) {
        if (!lines.empty()) lines += " | ";
        const std::string text = Unescaped(line.text.text);
        lines += line.optional ? "[" + text + "]" : text;
      }
      Add("response", subject, std::string(Name(response.outcome)), lines, response.source);
    }
    if (form.data) OfData(subject, *form.data);
    // Printed once for a command, so it stands at the form that is written.
    if (form.form == FormKind::kWrite || form.form == FormKind::kExecute) {
      OfTiming(subject, form.timing);
    }
  }

  // Manuals that print one maximum time do not say whether it covers the result; that is the spec's
  // choice.
  void OfTiming(const std::string& subject, const Timing& timing) {
    const auto& response = timing.final_ms ? timing.final_ms : timing.result_ms;
    if (response) Add("timing", subject, "max_response", response->text, timing.source);
    if (timing.final_ms && timing.result_ms) {
      Add("timing", subject, "max_result", timing.result_ms->text, timing.source);
    }
  }

  void OfData(const std::string& subject, const DataPhase& data) {
    Add("data", subject, "prompt_hex", Hex(data.prompt), data.source);
    Add("data", subject, "ends", data.ends == DataEnd::kCtrlZ ? "ctrl-z" : "length", data.source);
    if (data.cancel) Add("data", subject, "cancel", "esc", data.source);
    if (data.min > 0) Add("data", subject, "min", std::to_string(data.min), data.source);
    if (data.max) Add("data", subject, "max", std::to_string(*data.max), data.source);
    if (!data.encoding.empty()) Add("data", subject, "encoding", data.encoding, data.source);
    if (!data.overflow.empty()) Add("data", subject, "overflow", data.overflow, data.source);
  }

  void OfParameter(const Command& command, const Parameter& parameter) {
    const std::string subject = ParameterSubject(command, parameter);
    Add("parameter", subject, "type", std::string(TypeName(parameter.type)), parameter.source);
    const Range& range = parameter.range;
    OfRange("parameter", subject, range, parameter.range_source);
    if (parameter.default_value) {
      Add("parameter", subject, "default", *parameter.default_value, parameter.default_source);
    }
    // A length without a unit is one in bytes; the unit of a string says nothing more. A unit
    // stands beside the range (1s to 300s), so it has the range's source.
    const bool length = range.min_length || range.max_length;
    if (!parameter.unit.empty() && !(length && !range.max_length)) {
      const bool bounded = length || range.min || range.max;
      Add("parameter", subject, "unit", parameter.unit,
          bounded ? parameter.range_source : parameter.source);
    }
    for (const Value& value : parameter.values) {
      Add("value", subject, value.value, "-", value.source);
    }
    for (const Model& model : dialect_.models) OfOverrides(subject, parameter, model.id);
  }

  void OfRange(std::string_view kind, const std::string& subject, const Range& range,
               const Source& source) {
    for (const auto& [name, bound] : {std::pair{"min", &range.min},
                                      {"max", &range.max},
                                      {"min_length", &range.min_length},
                                      {"max_length", &range.max_length}}) {
      if (*bound) Add(kind, subject, name, std::to_string(**bound), source);
    }
  }

  // Each model for itself, so that it does not matter how the spec groups them.
  void OfOverrides(const std::string& parameter_subject, const Parameter& parameter,
                   const std::string& model) {
    const std::string subject = parameter_subject + "@" + model;
    for (const ParameterOverride& change : parameter.overrides) {
      if (!AppliesTo(change.models, {}, model)) continue;
      OfRange("override", subject, change.range, change.source);
      if (change.default_value) {
        Add("override", subject, "default", *change.default_value, change.source);
      }
      if (!change.values.empty()) OfValues(subject, parameter.values, change);
    }
    for (const Value& value : parameter.values) {
      if (AppliesTo(value.models, {}, model)) continue;
      Add("override", subject, "without", value.value, value.source);
    }
  }

  void OfValues(const std::string& subject, const std::vector<Value>& printed,
                const ParameterOverride& change) {
    for (const Value& value : printed) {
      if (Holds(change.values, value.value)) continue;
      Add("override", subject, "without", value.value, change.source);
    }
    for (const Value& value : change.values) {
      if (!Holds(printed, value.value)) Add("override", subject, "with", value.value, value.source);
    }
  }

  // The spec says neither where a model is named nor where it is denied a command.
  void OfModel(const Model& model) {
    const Source nowhere{.clause = "-"};
    Add("model", model.id, "-", "-", nowhere);
    for (const Command& command : dialect_.commands) {
      if (command.documented_elsewhere) continue;
      if (!AppliesTo(command.models, command.not_models, model.id)) {
        Add("lacks", model.id, command.name, "-", nowhere);
        continue;
      }
      for (const Form& form : command.forms) {
        if (AppliesTo(form.models, {}, model.id)) continue;
        Add("lacks", model.id, FormSubject(command, form), "-", nowhere);
      }
      for (const Parameter& parameter : command.parameters) {
        if (AppliesTo(parameter.models, {}, model.id)) continue;
        Add("lacks", model.id, ParameterSubject(command, parameter), "-", nowhere);
      }
    }
  }

  const Dialect& dialect_;
  std::vector<Fact> facts_;
};

std::vector<std::string_view> Split(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t at = text.find(by);
    parts.push_back(text.substr(0, at));
    if (at == text.npos) return parts;
    text.remove_prefix(at + 1);
  }
}

// Calls `row` with the columns of each line that says something, and its offset.
template <typename Row>
void ForEachRow(std::string_view text, Row row) {
  std::size_t offset = 0;
  for (const std::string_view line : Split(text, '\n')) {
    if (!line.empty() && line[0] != '#') row(Split(line, '\t'), offset);
    offset += line.size() + 1;
  }
}

Fact ToFact(const std::vector<std::string_view>& columns, std::size_t first) {
  const auto column = [&](std::size_t i) { return std::string(columns[first + i]); };
  return {.kind = column(0),
          .subject = column(1),
          .attribute = column(2),
          .value = column(3),
          .clause = column(4),
          .basis = column(5)};
}

}  // namespace

std::string Print(const Fact& fact) {
  return fact.kind + "\t" + fact.subject + "\t" + fact.attribute + "\t" + fact.value + "\t" +
         fact.clause + "\t" + fact.basis;
}

std::string Print(const Difference& difference) {
  return (difference.side == Side::kSpec ? "spec\t" : "reader\t") + Print(difference.fact);
}

std::vector<Fact> FactsOf(const Dialect& dialect) { return Deriving(dialect).Run(); }

ParsedFacts ParseFacts(std::string_view file, std::string_view text) {
  static constexpr std::array<std::string_view, 14> kKinds = {
      "command", "form",  "response", "data",    "parameter", "value", "timing",
      "error",   "limit", "rule",     "example", "model",     "lacks", "override"};
  ParsedFacts parsed;
  ForEachRow(text, [&](const std::vector<std::string_view>& columns, std::size_t offset) {
    if (columns.size() != 6) {
      parsed.diagnostics.push_back(
          At(file, text, offset, "the line has " + std::to_string(columns.size()) + " columns",
             "expected kind, subject, attribute, value, clause, basis; tab separated"));
    } else if (std::find(kKinds.begin(), kKinds.end(), columns[0]) == kKinds.end()) {
      parsed.diagnostics.push_back(
          At(file, text, offset, "unknown kind \"" + std::string(columns[0]) + "\""));
    } else {
      parsed.facts.push_back(ToFact(columns, 0));
    }
  });
  return parsed;
}

ParsedReview ParseReview(std::string_view file, std::string_view text) {
  ParsedReview parsed;
  ForEachRow(text, [&](const std::vector<std::string_view>& columns, std::size_t offset) {
    const bool side = columns[0] == "spec" || columns[0] == "reader";
    if (columns.size() != 8 || !side || columns[7].empty()) {
      parsed.diagnostics.push_back(At(file, text, offset, "this is no reviewed difference",
                                      "expected spec or reader, six columns of a fact, a reason"));
      return;
    }
    parsed.entries.push_back(
        {.difference = {.side = columns[0] == "spec" ? Side::kSpec : Side::kReader,
                        .fact = ToFact(columns, 1)},
         .reason = std::string(columns[7])});
  });
  return parsed;
}

}  // namespace assay::spec
