#include "spec/show_command.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

#include "spec/columns.h"

namespace assay::spec {
namespace {

constexpr std::size_t kLabel = 12;

std::string Join(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) joined += (joined.empty() ? "" : ", ") + text;
  return joined;
}

std::string Range(const std::optional<std::int64_t>& min, const std::optional<std::int64_t>& max) {
  if (min && max) return std::to_string(*min) + ".." + std::to_string(*max);
  if (min) return "from " + std::to_string(*min);
  return "up to " + std::to_string(*max);
}

std::string Kind(const Parameter& parameter) {
  std::string text;
  if (parameter.either.size() == 2) {
    return "either <" + parameter.either[0] + "> or <" + parameter.either[1] + ">";
  }
  switch (parameter.type) {
    case Type::kInteger:
      text = "integer";
      break;
    case Type::kString:
      text = "string";
      break;
    case Type::kList:
      text = "list";
      break;
  }
  const struct Range& range = parameter.range;
  if (range.min || range.max) text += " " + Range(range.min, range.max);
  if (range.min_length || range.max_length) {
    text += " of " + Range(range.min_length, range.max_length) + " bytes";
  } else if (!parameter.unit.empty()) {
    text += " " + parameter.unit;
  }
  if (range.min || range.max || range.min_length || range.max_length) {
    text += Remark(parameter.range_source, parameter.source);
  }
  if (!parameter.length.empty()) text += ", as long as <" + parameter.length + "> says";
  if (!parameter.charset.empty()) text += ", " + parameter.charset;
  if (!parameter.models.empty()) text += ", only on " + Join(parameter.models);
  if (parameter.default_value) {
    text += ", default " + *parameter.default_value +
            Remark(parameter.default_source, parameter.source);
  }
  return text;
}

void ShowParameter(const Parameter& parameter, const Source& around, std::size_t width,
                   std::string* out) {
  std::string text = Kind(parameter);
  if (!parameter.description.empty()) text += ": " + parameter.description;
  text += Remark(parameter.source, around);
  Wrap("  " + Padded("<" + parameter.name + ">", width), text, out);
  for (const Value& value : parameter.values) {
    Wrap("  " + Padded("", width) + Padded(value.value, 7),
         value.meaning + Remark(value.source, parameter.source), out);
  }
  if (!parameter.values.empty() && !parameter.values_closed) {
    Wrap("  " + Padded("", width), "other values are possible", out);
  }
}

std::string Visible(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7F) {
      text += c;
    } else {
      text += std::string("\\x") + "0123456789ABCDEF"[byte >> 4] + "0123456789ABCDEF"[byte & 15];
    }
  }
  return text;
}

std::optional<std::int64_t> Positive(std::int64_t number) {
  return number > 0 ? std::optional(number) : std::nullopt;
}

void ShowData(const DataPhase& data, const Source& around, std::string* out) {
  std::string text = "after " + Visible(data.prompt) + ", ";
  text += data.ends == DataEnd::kCtrlZ ? "up to Ctrl+Z" : "<" + data.length_parameter + "> bytes";
  if (data.max) text += ", " + Range(Positive(data.min), data.max) + " bytes";
  if (!data.overflow.empty()) text += ", more: " + data.overflow;
  if (data.cancel) text += ", ESC cancels";
  if (!data.encoding.empty()) text += ", " + data.encoding;
  Wrap("  " + Padded("data", kLabel), text + Remark(data.source, around), out);
}

void ShowTiming(const Timing& timing, const Source& around, std::string* out) {
  std::string text;
  const auto add = [&](std::string_view what, const std::optional<ParsedExpression>& time) {
    if (!time) return;
    text += (text.empty() ? "" : ", ") + std::string(what) + " " + time->text;
    if (time->root.op == Expression::Op::kNumber) text += " ms";
  };
  add("final result code", timing.final_ms);
  add("result", timing.result_ms);
  add("grace", timing.grace_ms);
  if (text.empty()) return;
  Wrap("  " + Padded("within", kLabel), text + Remark(timing.source, around), out);
}

void ShowForm(const Form& form, const Source& around, std::string* out) {
  *out += "\n";
  Wrap("", FormName(form) + Remark(form.source, around), out);
  Wrap("  ", form.syntax.text, out);
  if (!form.models.empty()) Wrap("  " + Padded("only on", kLabel), Join(form.models), out);
  if (form.data) ShowData(*form.data, form.source, out);
  for (const Response& response : form.responses) {
    std::vector<std::string> lines;
    for (const ResponseLine& line : response.lines) {
      std::string text = line.optional ? "[" + line.text.text + "]" : line.text.text;
      if (!line.per.empty()) {
        text += "   (for each " + line.per;
        if (!line.per_values.empty()) text = text + " and each of its " + line.per_values;
        if (!line.per_states.empty()) text += " in " + Join(line.per_states);
        text += ")";
      } else if (line.each) {
        text += "   (all of " + Join(line.each->machines);
        if (!line.each->states.empty()) text += " in " + Join(line.each->states);
        if (line.each->none) text += "; " + *line.each->none + " if there are none";
        text += ")";
      } else if (line.repeated) {
        text += "   (repeated)";
      }
      lines.push_back(std::move(text));
    }
    std::string about;
    if (response.when) about += " if " + response.when->text;
    about += Remark(response.source, form.source);
    if (!about.empty()) lines.push_back(about.substr(1));
    if (!response.note.empty()) lines.push_back("(" + response.note + ")");
    WrapLines("  " + Padded(Name(response.outcome), kLabel), lines, out);
  }
  ShowTiming(form.timing, form.source, out);
}

}  // namespace

std::string Remark(const Source& source) {
  return Remark(source, {.clause = source.clause,
                         .basis = Basis::kStated,
                         .document = source.document,
                         .erratum = {}});
}

std::string Remark(const Source& source, const Source& around) {
  std::vector<std::string> remarks;
  if (source.basis != around.basis) remarks.emplace_back(Name(source.basis));
  if (source.document != around.document && !source.document.empty()) {
    remarks.push_back(source.document);
  }
  if (source.clause != around.clause || source.document != around.document) {
    remarks.push_back(source.clause);
  }
  if (!source.erratum.empty() && source.erratum != around.erratum) {
    remarks.push_back(source.erratum);
  }
  return remarks.empty() ? std::string() : " [" + Join(remarks) + "]";
}

std::string ShowCommand(const Command& command) {
  std::string out;
  std::string head = command.name + "  " + command.title + "  (" +
                     (command.source.document.empty() ? "" : command.source.document + ", ") +
                     command.source.clause + ")";
  Wrap("", head + Remark(command.source), &out);
  if (!command.models.empty()) Wrap("", "Only on " + Join(command.models) + ".", &out);
  if (!command.not_models.empty()) Wrap("", "Not on " + Join(command.not_models) + ".", &out);
  if (command.documented_elsewhere) Wrap("", "Documented elsewhere; never judged.", &out);
  for (const Form& form : command.forms) ShowForm(form, command.source, &out);
  if (command.parameters.empty()) return out;
  std::size_t width = 0;
  for (const Parameter& parameter : command.parameters) {
    width = std::max(width, parameter.name.size() + 4);
  }
  out += "\nParameters\n";
  std::vector<std::string> keys = {""};  // those that belong to every form come first
  for (const Parameter& parameter : command.parameters) {
    if (std::find(keys.begin(), keys.end(), parameter.key) == keys.end()) {
      keys.push_back(parameter.key);
    }
  }
  for (const std::string& key : keys) {
    if (!key.empty()) out += "  of \"" + key + "\":\n";
    for (const Parameter& parameter : command.parameters) {
      if (parameter.key == key) ShowParameter(parameter, command.source, width, &out);
    }
  }
  return out;
}

std::vector<std::string> ErrataOf(const Command& command) {
  std::vector<std::string> ids;
  const auto add = [&](const Source& source) {
    if (source.erratum.empty()) return;
    if (std::find(ids.begin(), ids.end(), source.erratum) == ids.end()) {
      ids.push_back(source.erratum);
    }
  };
  add(command.source);
  add(command.attributes_source);
  for (const Form& form : command.forms) {
    add(form.source);
    if (form.data) add(form.data->source);
    for (const Response& response : form.responses) add(response.source);
    add(form.timing.source);
  }
  for (const Parameter& parameter : command.parameters) {
    add(parameter.source);
    add(parameter.range_source);
    add(parameter.default_source);
    for (const Value& value : parameter.values) add(value.source);
  }
  return ids;
}

}  // namespace assay::spec
