#include "spec/reader.h"

#include <algorithm>
#include <array>
#include <variant>

namespace assay::spec {
namespace {

using Kind = json::Value::Kind;

constexpr std::array<std::pair<std::string_view, Basis>, 4> kBases = {{
    {"stated", Basis::kStated},
    {"example", Basis::kExample},
    {"inferred", Basis::kInferred},
    {"open", Basis::kOpen},
}};
constexpr std::array<std::string_view, 4> kSourceKeys = {"clause", "basis", "document", "erratum"};

int Digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

bool Reader::Is(const json::Value& value, Kind kind) {
  if (value.kind == kind) return true;
  complaints_.Error(value.place, "this is " + std::string(Name(value.kind)),
                    "expected " + std::string(Name(kind)));
  return false;
}

void Reader::Read(const json::Value& value, std::string* out) {
  places_.Record(out, value.place);
  if (Is(value, Kind::kString)) *out = value.text;
}

void Reader::Read(const json::Value& value, std::optional<std::string>* out) {
  places_.Record(out, value.place);
  if (Is(value, Kind::kString)) *out = value.text;
}

void Reader::Read(const json::Value& value, bool* out) {
  if (Is(value, Kind::kBoolean)) *out = value.boolean;
}

void Reader::Read(const json::Value& value, std::int64_t* out) {
  places_.Record(out, value.place);
  if (Is(value, Kind::kInteger)) *out = value.integer;
}

void Reader::Read(const json::Value& value, std::optional<std::int64_t>* out) {
  places_.Record(out, value.place);
  if (Is(value, Kind::kInteger)) *out = value.integer;
}

void Reader::Read(const json::Value& value, std::vector<std::string>* out) {
  if (!Is(value, Kind::kArray)) return;
  *out = std::vector<std::string>(value.items.size());
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    Read(value.items[i], &(*out)[i]);
    if (value.items[i].kind == Kind::kString && value.items[i].text.empty()) {
      complaints_.Error(value.items[i].place, "the string is empty");
    }
  }
}

void Reader::Read(const json::Value& value, std::map<std::string, std::string>* out) {
  places_.Record(out, value.place);
  if (!Is(value, Kind::kObject)) return;
  for (const json::Member& member : value.members) Read(member.value, &(*out)[member.key]);
}

void Reader::Read(const json::Value& value, Basis* out) { Choice<Basis>(value, kBases, out); }

void Reader::Read(const json::Value& value, Template* out) {
  places_.Record(out, value.place);
  if (!Is(value, Kind::kString)) return;
  std::variant<Template, TemplateError> parsed = ParseTemplate(value.text);
  if (const auto* error = std::get_if<TemplateError>(&parsed)) {
    complaints_.ErrorInString(value.place, error->offset, error->message);
    out->text = value.text;
    return;
  }
  *out = std::move(std::get<Template>(parsed));
}

void Reader::Read(const json::Value& value, std::vector<Template>* out) {
  if (!Is(value, Kind::kArray)) return;
  *out = std::vector<Template>(value.items.size());
  for (std::size_t i = 0; i < value.items.size(); ++i) Read(value.items[i], &(*out)[i]);
}

void Reader::Read(const json::Value& value, std::optional<ParsedExpression>* out) {
  places_.Record(out, value.place);
  if (!Is(value, Kind::kString)) return;
  std::variant<ParsedExpression, TemplateError> parsed = ParseExpression(value.text);
  if (const auto* error = std::get_if<TemplateError>(&parsed)) {
    complaints_.ErrorInString(value.place, error->offset, error->message);
    return;
  }
  *out = std::move(std::get<ParsedExpression>(parsed));
}

void Reader::Read(const json::Value& value, std::vector<Effect>* out) {
  if (!Is(value, Kind::kArray)) return;
  *out = std::vector<Effect>(value.items.size());
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    const json::Value& item = value.items[i];
    places_.Record(&(*out)[i], item.place);
    if (!Is(item, Kind::kString)) continue;
    std::variant<Effect, TemplateError> parsed = ParseEffect(item.text);
    if (const auto* error = std::get_if<TemplateError>(&parsed)) {
      complaints_.ErrorInString(item.place, error->offset, error->message);
      continue;
    }
    (*out)[i] = std::move(std::get<Effect>(parsed));
  }
}

void Reader::Hex(const json::Value& value, std::string* out) {
  places_.Record(out, value.place);
  if (!Is(value, Kind::kString)) return;
  for (std::size_t i = 0; i < value.text.size(); ++i) {
    if (Digit(value.text[i]) >= 0) continue;
    complaints_.ErrorInString(value.place, i, "not a hexadecimal digit");
    return;
  }
  if (value.text.size() % 2 != 0) {
    complaints_.Error(value.place, "an odd number of hexadecimal digits", "expected two a byte");
    return;
  }
  out->clear();
  for (std::size_t i = 0; i < value.text.size(); i += 2) {
    *out += static_cast<char>(Digit(value.text[i]) * 16 + Digit(value.text[i + 1]));
  }
}

bool Reader::IsSourceKey(std::string_view key) {
  return std::find(kSourceKeys.begin(), kSourceKeys.end(), key) != kSourceKeys.end();
}

void Reader::ReadSource(const json::Value& value, Source* out) {
  *out = source_;
  out->erratum.clear();
  for (const json::Member& member : value.members) {
    if (member.key == "basis") {
      Read(member.value, &out->basis);
      continue;
    }
    std::string* part = nullptr;
    if (member.key == "clause") part = &out->clause;
    if (member.key == "document") part = &out->document;
    if (member.key == "erratum") part = &out->erratum;
    if (part == nullptr) continue;
    // Recorded only here: what an object inherits is checked where it was written.
    Read(member.value, part);
    if (member.value.kind == Kind::kString && part->empty()) {
      complaints_.Error(member.value.place, Quoted(member.key) + " is empty");
    }
  }
}

void Reader::SourceObject(const json::Value& value, Source* out) {
  if (!Is(value, Kind::kObject)) return;
  ReadSource(value, out);
  places_.Record(out, value.place);
  for (const json::Member& member : value.members) {
    if (!IsSourceKey(member.key)) UnknownKey(member, {}, true);
  }
}

void Reader::UnknownChoice(const json::Value& value, std::span<const std::string_view> choices) {
  if (!Is(value, Kind::kString)) return;
  complaints_.Error(value.place, "unknown word " + Quoted(value.text), OneOf(value.text, choices));
}

void Reader::UnknownKey(const json::Member& member, std::vector<std::string_view> keys,
                        bool sourced) {
  if (sourced) keys.insert(keys.end(), kSourceKeys.begin(), kSourceKeys.end());
  complaints_.Error(member.place, "unknown key " + Quoted(member.key), OneOf(member.key, keys));
}

void Reader::Missing(const json::Value& value, std::string_view what, std::string_view key) {
  complaints_.Error(value.place, "the " + std::string(what) + " has no " + Quoted(key));
}

}  // namespace assay::spec
