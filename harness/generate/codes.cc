#include "harness/generate/codes.h"

#include <algorithm>
#include <map>

#include "harness/generate/stimuli.h"
#include "spec/requirements.h"

namespace assay::harness {
namespace {

std::string NameOf(const spec::ErrorCode& error) {
  constexpr std::string_view kAbout = "error/";
  return spec::AboutError(error).substr(kAbout.size());
}

std::string NameOf(const dialect::DocumentedLine& line, std::string_view parameter,
                   std::string_view value) {
  return line.command->name + " <" + std::string(parameter) + "> " + std::string(value);
}

// Of a line that tells what became of a command, or comes by itself.
bool Tells(const dialect::DocumentedLine& line) {
  return line.command->kind == spec::CommandKind::kUrc ||
         (line.line != nullptr && line.line->kind == spec::LineKind::kResult);
}

bool OfTable(const spec::ErrorCode& error, std::string_view line,
             const dialect::LineMatch* match) {
  const std::string_view format = error.format;
  const std::size_t open = format.find('<'), close = format.find('>');
  if (open == std::string_view::npos || close == std::string_view::npos ||
      !line.starts_with(format.substr(0, open)))
    return false;
  if (open > 0) return line.substr(open) == error.code;
  const dialect::LineField* field =
      match == nullptr ? nullptr : match->Find(format.substr(open + 1, close - open - 1));
  return field != nullptr && field->value == error.code;
}

bool Lists(const spec::Parameter& parameter, std::string_view value) {
  return std::any_of(parameter.values.begin(), parameter.values.end(),
                     [&](const spec::Value& one) { return one.value == value; });
}

// Tells it what became of the command, and not what the command said itself?
bool IsCode(const spec::Dialect& dialect, const spec::Form& form,
            const spec::Parameter& parameter) {
  const bool urc = form.form == spec::FormKind::kUrc;
  if (!urc && form.syntax.text.find('<' + parameter.name + '>') != std::string::npos) return false;
  return std::none_of(dialect.machines.begin(), dialect.machines.end(),
                      [&](const spec::Machine& machine) {
                        return machine.index == parameter.name || parameter.IsAlso(machine.index);
                      });
}

// A line as a modem would say it, with fields that are no code's.
std::string Sample(const std::vector<spec::TemplatePart>& parts) {
  std::string out;
  for (const spec::TemplatePart& part : parts) {
    if (part.kind == spec::TemplatePart::Kind::kLiteral) out += part.text;
    if (part.kind == spec::TemplatePart::Kind::kField) out += part.quoted ? "\"7777\"" : "7777";
  }
  return out;
}

void Fields(const std::vector<spec::TemplatePart>& parts, std::set<std::string>& out) {
  for (const spec::TemplatePart& part : parts) {
    if (part.kind == spec::TemplatePart::Kind::kField) out.insert(part.text);
    Fields(part.parts, out);
  }
}

}  // namespace

std::set<std::string> CodesIn(const dialect::Grammar& grammar, std::string_view text) {
  const spec::Dialect& dialect = grammar.dialect();
  std::set<std::string> out;
  const auto look = [&](const dialect::LineMatch* match) {
    for (const spec::ErrorCode& error : dialect.errors) {
      if (OfTable(error, text, match)) out.insert(NameOf(error));
    }
  };
  look(nullptr);
  for (const dialect::DocumentedLine* line : grammar.LinesLike(text)) {
    dialect::LineMatch match;
    if (line->pattern.Match(text, match) != dialect::LineFit::kMatch) continue;
    look(&match);
    for (std::size_t i = 0; Tells(*line) && i < match.count; ++i) {
      const dialect::LineField& field = match.fields[i];
      if (field.parameter != nullptr && Lists(*field.parameter, field.value) &&
          IsCode(dialect, *line->form, *field.parameter))
        out.insert(NameOf(*line, field.name, field.value));
    }
  }
  return out;
}

std::vector<Code> CodesOf(const dialect::Grammar& grammar) {
  const spec::Dialect& dialect = grammar.dialect();
  std::vector<Code> out;
  for (const spec::ErrorCode& error : dialect.errors) {
    if (error.source.document.empty()) out.push_back({NameOf(error), &error.source});
  }
  const auto add = [&](const spec::Command& command, const spec::Form& form,
                       const spec::Template& line) {
    std::set<std::string> fields;
    Fields(line.parts, fields);
    for (const spec::Parameter& parameter : command.parameters) {
      if (!fields.contains(parameter.name) || !IsCode(dialect, form, parameter)) continue;
      if (!parameter.key.empty() && parameter.key != form.key) continue;
      for (const spec::Value& value : parameter.values) {
        const std::string name = command.name + " <" + parameter.name + "> " + value.value;
        const bool range = value.value.find('-', 1) != std::string::npos;
        const bool here = spec::AppliesTo(value.models, {}, dialect.model);
        const bool known = std::any_of(out.begin(), out.end(),
                                       [&](const Code& code) { return code.name == name; });
        if (!range && here && !known) out.push_back({name, &value.source});
      }
    }
  };
  for (const spec::Command& command : dialect.commands) {
    const bool here = spec::AppliesTo(command.models, command.not_models, dialect.model);
    if (!here || command.documented_elsewhere || !command.source.document.empty()) continue;
    for (const spec::Form& form : command.forms) {
      if (!spec::AppliesTo(form.models, {}, dialect.model)) continue;
      if (command.kind == spec::CommandKind::kUrc) add(command, form, form.syntax);
      for (const spec::Response& response : form.responses) {
        for (const spec::ResponseLine& line : response.lines) {
          if (line.kind == spec::LineKind::kResult) add(command, form, line.text);
        }
      }
    }
  }
  std::map<std::string_view, Code*> by_name;
  for (Code& code : out) by_name[code.name] = &code;
  const auto give = [&](const spec::Transition& transition, const std::string& text) {
    for (const std::string& name : CodesIn(grammar, text)) {
      if (const auto code = by_name.find(name); code != by_name.end())
        code->second->givers.push_back(&transition);
    }
  };
  // A field that is no literal may be any of its codes.
  const auto perhaps = [&](const spec::Transition& transition, const std::string& text) {
    for (const dialect::DocumentedLine* line : grammar.LinesLike(text)) {
      dialect::LineMatch match;
      if (line->pattern.Match(text, match) != dialect::LineFit::kMatch || !Tells(*line)) continue;
      for (std::size_t i = 0; i < match.count; ++i) {
        if (match.fields[i].value != "7777") continue;
        const std::string head = NameOf(*line, match.fields[i].name, "");
        for (Code& code : out) {
          if (code.name.starts_with(head)) code.perhaps.push_back(&transition);
        }
      }
    }
  };
  for (const spec::Transition& transition : dialect.transitions) {
    for (const auto* lines : {&transition.respond, &transition.send}) {
      for (const spec::Template& line : *lines) {
        const std::string text = Sample(line.parts);
        give(transition, text);
        perhaps(transition, text);
      }
    }
    if (transition.refuse.empty()) continue;
    const std::string& failure = dialect.failure;
    const std::size_t field = failure.find('<');
    if (field != std::string::npos) give(transition, failure.substr(0, field) + transition.refuse);
  }
  return out;
}

}  // namespace assay::harness
