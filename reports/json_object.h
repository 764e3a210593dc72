// Reads the members of a parsed JSON object by name and type, and remembers the first thing wrong
// with its path, so that a reader is a list of members and checks once at the end.
//
//   std::string error;
//   JsonObject object(value, "outcomes[3]", error);
//   outcome.id = object.Text("id");
//   if (!error.empty()) ...                     // "outcomes[3].id: missing"
//
// Keeps references: value and error must outlive it.
#ifndef REPORTS_JSON_OBJECT_H_
#define REPORTS_JSON_OBJECT_H_

#include <rapidjson/document.h>

#include <cmath>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "dialects/time.h"
#include "reports/visible.h"

namespace assay::report {

class JsonObject {
 public:
  JsonObject(const rapidjson::Value& value, std::string path, std::string& error)
      : value_(value), path_(std::move(path)), error_(error) {
    if (!value.IsObject()) {
      Fail(path_, "must be an object");
      return;
    }
    // RapidJSON keeps both of two equal keys; which one counts would depend on the reader.
    std::set<std::string_view> seen;
    for (const auto& member : value.GetObject()) {
      if (!seen.insert(View(member.name)).second) Fail(Path(View(member.name)), "given twice");
    }
  }

  static std::string_view View(const rapidjson::Value& string) {
    return {string.GetString(), string.GetStringLength()};
  }

  // The member, or null if there is none.
  const rapidjson::Value* Find(std::string_view key) const {
    if (!value_.IsObject()) return nullptr;
    const rapidjson::Value name(
        rapidjson::StringRef(key.data(), static_cast<rapidjson::SizeType>(key.size())));
    const auto member = value_.FindMember(name);
    return member == value_.MemberEnd() ? nullptr : &member->value;
  }

  const rapidjson::Value* Need(std::string_view key) const {
    const rapidjson::Value* member = Find(key);
    if (member == nullptr) Fail(Path(key), "missing");
    return member;
  }

  std::string Text(std::string_view key) const { return TextOf(Need(key), key); }
  std::string TextIfAny(std::string_view key) const { return TextOf(Find(key), key); }

  std::uint64_t Count(std::string_view key) const {
    const rapidjson::Value* member = Need(key);
    if (member == nullptr) return 0;
    if (member->IsUint64()) return member->GetUint64();
    Fail(Path(key), "must be a whole number from 0");
    return 0;
  }

  std::uint64_t CountIfAny(std::string_view key) const {
    return Find(key) == nullptr ? 0 : Count(key);
  }

  bool Bool(std::string_view key) const {
    const rapidjson::Value* member = Need(key);
    if (member == nullptr) return false;
    if (!member->IsBool()) Fail(Path(key), "must be true or false");
    return member->IsBool() && member->GetBool();
  }

  bool BoolIfAny(std::string_view key) const { return Find(key) != nullptr && Bool(key); }

  double Number(std::string_view key) const {
    const rapidjson::Value* member = Need(key);
    if (member == nullptr) return 0;
    if (!member->IsNumber()) Fail(Path(key), "must be a number");
    return member->IsNumber() ? member->GetDouble() : 0;
  }

  Time Milliseconds(std::string_view key) const {
    const rapidjson::Value* member = Need(key);
    if (member == nullptr) return Time{0};
    if (!member->IsNumber()) {
      Fail(Path(key), "must be a number");
      return Time{0};
    }
    const double micros = member->GetDouble() * 1000;
    constexpr double kLimit = 9.2e18;  // below it a double always fits
    if (micros >= kLimit) return kNever;
    if (micros <= -kLimit) return Time::min();
    return Time{std::llround(micros)};
  }

  // Bytes that stand in hexadecimal.
  std::string FromHexText(std::string_view key) const {
    std::optional<std::string> bytes = FromHex(Text(key));
    if (!bytes) Fail(Path(key), "must be pairs of hexadecimal digits");
    return bytes.value_or("");
  }

  // A text, or the bytes that stand beside it where the text lost some.
  std::string Bytes(std::string_view key, std::string_view hex_key) const {
    return Find(hex_key) != nullptr ? FromHexText(hex_key) : Text(key);
  }

  // One of `names` (each with its value), a closed set.
  template <typename Enum, std::size_t N>
  Enum OneOf(std::string_view key, const Enum (&values)[N]) const {
    const std::string text = Text(key);
    std::string names;
    for (const Enum value : values) {
      if (Name(value) == text) return value;
      names += names.empty() ? "" : ", ";
      names += Name(value);
    }
    Fail(Path(key), "\"" + VisibleLine(text) + "\" is none of " + names);
    return values[0];
  }

  // Calls read(element, path) for each element of an array.
  template <typename Function>
  void Each(std::string_view key, Function read) const {
    const rapidjson::Value* array = Need(key);
    if (array == nullptr) return;
    if (!array->IsArray()) return Fail(Path(key), "must be an array");
    std::size_t index = 0;
    for (const rapidjson::Value& element : array->GetArray()) {
      read(element, Path(key) + "[" + std::to_string(index++) + "]");
    }
  }

  JsonObject Object(std::string_view key) const {
    static const rapidjson::Value kEmpty(rapidjson::kObjectType);
    const rapidjson::Value* member = Need(key);
    return {member == nullptr ? kEmpty : *member, Path(key), error_};
  }

  std::string ElementText(const rapidjson::Value& element, const std::string& path) const {
    if (element.IsString()) return std::string(View(element));
    Fail(path, "must be a string");
    return {};
  }

  std::string Path(std::string_view key) const {
    return (path_.empty() ? "" : path_ + ".") + VisibleLine(key);
  }

  void Fail(const std::string& path, const std::string& what) const {
    if (error_.empty()) error_ = (path.empty() ? "" : path + ": ") + what;
  }

 private:
  std::string TextOf(const rapidjson::Value* member, std::string_view key) const {
    if (member == nullptr) return {};
    return ElementText(*member, Path(key));
  }

  const rapidjson::Value& value_;
  std::string path_;
  std::string& error_;
};

}  // namespace assay::report

#endif  // REPORTS_JSON_OBJECT_H_
