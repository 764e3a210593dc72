// Header lines: a closed list of keys, some with a closed list of values.

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "spec/diagnostic.h"
#include "transcripts/escape.h"
#include "transcripts/line.h"
#include "transcripts/pieces.h"
#include "transcripts/when.h"

namespace assay::transcript {
namespace {

constexpr std::array<std::string_view, 16> kKeys = {
    "dialect", "title",   "clause",   "purpose", "reason", "models", "requires", "waits", "state",
    "reading", "erratum", "document", "source",  "kind",   "recorded", "device"};
constexpr std::array<std::string_view, 3> kReadings = {"strict", "tolerant", "any"};
constexpr std::array<std::string_view, 3> kKinds = {"golden", "recording", "generated"};
constexpr std::string_view kPixit = "pixit.";

bool Contains(std::span<const std::string_view> words, std::string_view word) {
  for (std::string_view each : words) {
    if (each == word) return true;
  }
  return false;
}

std::string OneOf(std::span<const std::string_view> words) {
  std::string text = "expected one of: ";
  for (std::string_view word : words) text.append(word).append(", ");
  text.resize(text.size() - 2);
  return text;
}

std::string Advice(std::string_view word, std::span<const std::string_view> words) {
  const std::string_view nearest = spec::Nearest(word, words);
  if (!nearest.empty()) return "did you mean \"" + std::string(nearest) + "\"?";
  return OneOf(words);
}

bool CheckKey(Cursor& cursor, std::string_view key) {
  if (Contains(kKeys, key)) return true;
  if (key.starts_with(kPixit)) {
    const std::string_view name = key.substr(kPixit.size());
    if (!name.empty() && ValueNameLength(name) == name.size()) return true;
    return cursor.Fail("\"" + std::string(name) + "\" cannot be the name of a value",
                       "expected pixit. and a letter, then letters, digits, \"_\", \"-\", \".\"");
  }
  std::string expected = Advice(key, kKeys);
  if (!expected.starts_with("did")) expected += ", pixit.NAME";
  return cursor.Fail("unknown header key \"" + std::string(key) + "\"", std::move(expected));
}

bool CheckValue(Cursor& cursor, std::size_t begin, const HeaderEntry& entry) {
  const std::string& key = entry.first;
  const std::string& value = entry.second;
  if (value.empty() && !key.starts_with(kPixit)) {
    return cursor.FailAt(begin, "\"" + key + "\" without a value", "leave the line out, or say it");
  }
  const auto one_of = [&](std::span<const std::string_view> words) {
    return Contains(words, value) ||
           cursor.FailAt(begin, "unknown " + key + " \"" + value + "\"", Advice(value, words));
  };
  if (key == "reading") return one_of(kReadings);
  if (key == "kind") return one_of(kKinds);
  if (key == "waits") {
    Cursor duration{value};
    Time time{0};
    return (ReadDuration(duration, time) && duration.at == value.size()) ||
           cursor.FailAt(begin, "\"" + value + "\" is no time", "expected 500ms, 20s");
  }
  return true;
}

bool ReadHeader(Cursor& cursor, HeaderEntry& entry) {
  const std::size_t colon = cursor.line.find(':');
  if (colon == std::string_view::npos) {
    return cursor.Fail("this is no header line",
                       "expected \"key: value\", or the blank line that ends the header");
  }
  const std::string_view key = cursor.line.substr(0, colon);
  if (!CheckKey(cursor, key)) return false;
  // A value has no spaces around it; one that begins or ends with a space has it escaped.
  cursor.line = cursor.line.substr(0, cursor.line.find_last_not_of(' ') + 1);
  cursor.at = colon + 1;
  while (cursor.Skip(" ")) {
  }
  const std::size_t begin = cursor.at;
  entry.first = key;
  entry.second.clear();
  return ReadLiteral(cursor, kNoStops, entry.second) && CheckValue(cursor, begin, entry);
}

}  // namespace

std::optional<LineError> ParseHeaderLine(std::string_view line, HeaderEntry& entry) {
  Cursor cursor{line};
  ReadHeader(cursor, entry);
  return std::move(cursor.error);
}

}  // namespace assay::transcript
