#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "spec/requirements_of.h"

namespace assay::spec {
namespace {

using Listed = Requirement::Listed;

// As printed: `\<` stands for a printed `<`. Quotes inside of the angle brackets stand around them,
// so that the two ways of printing a quoted name are one: <"Topic"> is "<Topic>".
std::string Unescaped(const std::string& text) {
  std::string result;
  bool inside = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      result += text[++i];
    } else if (text.compare(i, 2, "<\"") == 0) {
      inside = true;
      result += "\"<";
      ++i;
    } else if (inside && text.compare(i, 2, "\">") == 0) {
      inside = false;
      result += ">\"";
      ++i;
    } else {
      result += Visible(text.substr(i, 1));  // a fact is one line
    }
  }
  return result;
}

class Saying {
 public:
  Saying(const Command& command, Statements* out)
      : command_(command), own_(!command.documented_elsewhere), out_(*out) {}

  void Run() {
    const std::string& name = command_.name;
    const Source& source = command_.source;
    const std::string kind = command_.kind == CommandKind::kUrc ? "urc" : "command";
    out_.Say(name, "kind", kind, source, In("command", name, "kind", kind));
    out_.SayIfAny(name, "title", command_.title, source);
    if (!own_) out_.Say(name, "documented elsewhere", "yes", source);
    OfModels(name, "models", command_);
    for (const Form& form : command_.forms) {
      if (Has(form.models)) OfForm(form);
    }
    for (const Parameter& parameter : command_.parameters) {
      if (Has(parameter.models)) OfParameter(parameter);
    }
    for (const auto& [attribute, value] : command_.attributes) {
      out_.Say(name, "attribute " + attribute, value, command_.attributes_source,
               In("limit", name, attribute, value));
    }
  }

 private:
  bool Has(const std::vector<std::string>& models) const {
    return out_.as_printed() || AppliesTo(models, {}, out_.dialect().model);
  }

  // Who has it, where that is not everybody, and who says so.
  template <typename T>
  void OfModels(const std::string& about, const std::string& what, const T& of) {
    if (!out_.as_printed()) return;
    std::vector<std::string> not_models;
    if constexpr (requires { of.not_models; }) not_models = of.not_models;
    out_.SayIfAny(about, what, ModelWords(of.models, not_models), of.models_source);
  }

  // Only what the manual itself documents is listed by its readers.
  std::optional<Listed> In(std::string_view kind, const std::string& subject,
                           std::string_view attribute, std::string value) const {
    if (!own_) return {};
    return Listed{std::string(kind), subject, std::string(attribute), std::move(value)};
  }

  void OfForm(const Form& form) {
    const std::string about = command_.name + "/" + FormName(form);
    const std::string subject = FormSubject(command_, form);
    out_.Say(about, "syntax", Visible(form.syntax.text), form.source,
             In("form", subject, "syntax", Unescaped(form.syntax.text)));
    for (const Response& response : form.responses) OfResponse(about, subject, response);
    if (form.data) OfData(about, subject, *form.data);
    OfTiming(about, subject, form);
    out_.SayIfAny(about, "stores", Join(form.stores), form.source);
    out_.SayIfAny(about, "care", Join(form.care), form.care_source);
    out_.SayIfAny(about, "key of", form.key_of, form.source);
    OfModels(about, "models", form);
  }

  void OfResponse(const std::string& about, const std::string& subject, const Response& response) {
    std::string words, listed;
    for (const ResponseLine& line : response.lines) {
      words += (words.empty() ? "" : " | ") + LineWords(line);
      const std::string text = Unescaped(line.text.text);
      listed += (listed.empty() ? "" : " | ") + (line.optional ? "[" + text + "]" : text);
    }
    const std::string what = "response " + response.id;
    const std::string outcome(Name(response.outcome));
    const Source& source = response.source;
    out_.Say(about, what, words, source, In("response", subject, outcome, listed));
    if (!response.id.starts_with(outcome)) out_.Say(about, what + " outcome", outcome, source);
    if (response.when) out_.Say(about, what + " if", response.when->text, source);
    if (response.intermediate) {
      out_.Say(about, what + " intermediate if", response.intermediate->text, source);
    }
    out_.SayIfAny(about, what + " wording of", response.wording_of, source);
    out_.SayIfAny(about, what + " note", response.note, source);
    OfModels(about, what + " models", response);
  }

  void OfData(const std::string& about, const std::string& subject, const DataPhase& data) {
    const auto say = [&](std::string_view what, const std::string& text) {
      out_.SayIfAny(about, "data " + std::string(what), text, data.source,
                    In("data", subject, what, text));
    };
    const auto add = [&](std::string_view what, const std::string& text) {
      out_.SayIfAny(about, "data " + std::string(what), text, data.source);
    };
    say("prompt_hex", HexOf(data.prompt));
    say("ends", std::string(Name(data.ends)));
    if (data.cancel) say("cancel", *data.cancel == '\x1B' ? "esc" : HexOf({&*data.cancel, 1}));
    if (data.min > 0) say("min", std::to_string(data.min));
    if (data.max) say("max", std::to_string(*data.max));
    say("encoding", data.encoding);
    say("overflow", data.overflow);
    add("length", data.length_parameter.empty() ? "" : "<" + data.length_parameter + ">");
    if (data.when) add("if", data.when->text);
    Source framing = data.source;
    framing.basis = data.framing_basis;
    out_.SayIfAny(about, "data lead_hex", HexOf(data.prompt_lead), framing);
    out_.SayIfAny(about, "data trail_hex", HexOf(data.prompt_trail), framing);
  }

  // Manuals that print one maximum time do not say whether it covers the result; that is the spec's
  // choice. Printed once for a command, so it is listed with the form that is written.
  void OfTiming(const std::string& about, const std::string& subject, const Form& form) {
    const Timing& timing = form.timing;
    const bool written = form.form == FormKind::kWrite || form.form == FormKind::kExecute;
    const auto say = [&](std::string_view what, const std::optional<ParsedExpression>& time,
                         std::string_view listed) {
      if (!time) return;
      out_.Say(about, std::string(what), time->text, timing.source,
               written && !listed.empty() ? In("timing", subject, listed, time->text)
                                          : std::optional<Listed>());
    };
    say("final_ms", timing.final_ms, "max_response");
    say("result_ms", timing.result_ms, timing.final_ms ? "max_result" : "max_response");
    say("grace_ms", timing.grace_ms, "");
  }

  void OfParameter(const Parameter& parameter) {
    const std::string about = AboutParameter(command_, parameter);
    const Source& source = parameter.source;
    if (!parameter.either.empty()) {  // those two are parameters themselves
      out_.Say(about, "either", Join(parameter.either), source);
      return;
    }
    const std::string subject = ParameterSubject(command_, parameter);
    const std::string type(Name(parameter.type));
    out_.Say(about, "type", type, source, In("parameter", subject, "type", type));
    OfRange(about, subject, parameter);
    if (parameter.default_value) {
      out_.Say(about, "default", *parameter.default_value, parameter.default_source,
               In("parameter", subject, "default", *parameter.default_value));
    }
    // A length without a unit is one in bytes; the unit of a string says nothing more. A unit
    // stands beside the range (1s to 300s), so it has the range's source.
    const Range& range = parameter.range;
    const bool length = range.min_length || range.max_length;
    const bool bounded = length || range.min || range.max;
    out_.SayIfAny(about, "unit", parameter.unit, bounded ? parameter.range_source : source,
                  length && !range.max_length ? std::optional<Listed>()
                                              : In("parameter", subject, "unit", parameter.unit));
    for (const Value& value : parameter.values) {
      const std::string what = "value " + value.value + AmongAlike(parameter, value);
      out_.Say(about, what, value.meaning, value.source, In("value", subject, value.value, "-"));
      OfModels(about, what + " models", value);
    }
    if (!parameter.values.empty() && !parameter.values_closed) {
      out_.Say(about, "other values", "are possible", source);
    }
    out_.SayIfAny(about, "charset", parameter.charset, source);
    out_.SayIfAny(about, "length", parameter.length, source);
    out_.SayIfAny(about, "description", parameter.description, source);
    OfModels(about, "models", parameter);
    out_.SayIfAny(about, "also spelled", Join(parameter.aliases), source);
  }

  // One number may mean something else on another model.
  static std::string AmongAlike(const Parameter& parameter, const Value& value) {
    const auto same = [&](const Value& other) { return other.value == value.value; };
    const auto count = std::count_if(parameter.values.begin(), parameter.values.end(), same);
    return count > 1 && !value.models.empty() ? " of " + Join(value.models) : "";
  }

  void OfRange(const std::string& about, const std::string& subject, const Parameter& parameter) {
    for (const auto& [name, bound] : Bounds(parameter.range)) {
      if (!bound) continue;
      const std::string text = std::to_string(*bound);
      out_.Say(about, std::string(name), text, parameter.range_source,
               In("parameter", subject, name, text));
    }
  }

  const Command& command_;
  bool own_;
  Statements& out_;
};

}  // namespace

std::vector<std::pair<std::string_view, std::optional<std::int64_t>>> Bounds(const Range& range) {
  return {{"min", range.min},
          {"max", range.max},
          {"min_length", range.min_length},
          {"max_length", range.max_length}};
}

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

std::string AboutParameter(const Command& command, const Parameter& parameter) {
  const std::string key = parameter.key.empty() ? "" : ":" + parameter.key;
  return command.name + key + "/<" + parameter.name + ">";
}

void OfCommand(const Command& command, Statements* out) {
  const bool has =
      out->as_printed() || AppliesTo(command.models, command.not_models, out->dialect().model);
  if (has) Saying(command, out).Run();
}

}  // namespace assay::spec
