#include "spec/wording.h"

namespace assay::spec {
namespace {

// What a line repeats for; empty if it comes once.
std::string Repetition(const ResponseLine& line) {
  std::string text;
  if (!line.per.empty()) {
    text = "for each " + line.per;
    if (!line.per_values.empty()) text += " and each of its " + line.per_values;
    if (!line.per_states.empty()) text += " in " + Join(line.per_states);
  } else if (line.each) {
    text = "all of " + Join(line.each->machines);
    if (!line.each->states.empty()) text += " in " + Join(line.each->states);
    if (line.each->none) text += "; " + *line.each->none + " if there are none";
  } else if (line.repeated) {
    text = "repeated";
  }
  return text;
}

}  // namespace

std::string_view Name(Type type) {
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

std::string_view Name(DataEnd end) {
  switch (end) {
    case DataEnd::kLength:
      return "length";
    case DataEnd::kCtrlZ:
      return "ctrl-z";
  }
  return "";
}

std::string Join(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) joined += (joined.empty() ? "" : ", ") + text;
  return joined;
}

std::string Visible(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7F) {
      text += c;
    } else if (c == '\r' || c == '\n') {
      text += c == '\r' ? "\\r" : "\\n";
    } else {
      text += "\\x" + HexOf(std::string_view(&c, 1));
    }
  }
  return text;
}

std::string HexOf(std::string_view bytes) {
  std::string hex;
  for (const char c : bytes) {
    hex += "0123456789ABCDEF"[static_cast<unsigned char>(c) >> 4];
    hex += "0123456789ABCDEF"[static_cast<unsigned char>(c) & 15];
  }
  return hex;
}

std::string Between(const std::optional<std::int64_t>& min,
                    const std::optional<std::int64_t>& max) {
  if (min && max) return std::to_string(*min) + ".." + std::to_string(*max);
  if (min) return "from " + std::to_string(*min);
  if (max) return "up to " + std::to_string(*max);
  return "";
}

std::string LineWords(const ResponseLine& line) {
  const std::string text = Visible(line.text.text);
  const std::string repetition = Repetition(line);
  return (line.optional ? "[" + text + "]" : text) +
         (repetition.empty() ? "" : "   (" + repetition + ")");
}

std::string OverrideWords(const ParameterOverride& change) {
  std::vector<std::string> words;
  const auto add = [&](std::string_view name, const std::optional<std::int64_t>& bound) {
    if (bound) words.push_back(std::string(name) + " " + std::to_string(*bound));
  };
  add("min", change.range.min);
  add("max", change.range.max);
  if (change.range.min_length || change.range.max_length) {
    words.push_back(Between(change.range.min_length, change.range.max_length) + " bytes");
  }
  if (change.default_value) words.push_back("default " + *change.default_value);
  if (!change.values.empty()) {
    std::string values = "values";
    for (const Value& value : change.values) {
      values += (values == "values" ? " " : ", ") + value.value;
    }
    words.push_back(values);
  }
  return Join(words) + (change.note.empty() ? "" : " (" + change.note + ")");
}

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

std::string ModelWords(const std::vector<std::string>& models,
                       const std::vector<std::string>& not_models) {
  std::string text;
  if (!models.empty()) text = "only " + Join(models);
  if (!not_models.empty()) text += (text.empty() ? "not " : ", not ") + Join(not_models);
  return text;
}

}  // namespace assay::spec
