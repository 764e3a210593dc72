// Reads JSON objects into structs by tables, so that a struct's keys stand in one place and every
// unknown key, wrong type and missing key is told in the same words.
//
//   const Field<Model> kModelFields[] = {
//       {"id", Into<&Model::id>, Need::kRequired},
//       {"name", Into<&Model::name>},
//   };
//   reader.Object(value, Table<Model>{"model", kModelFields}, &model);
//
// Never stops at an error: what cannot be read keeps its default.
#ifndef SPEC_READER_H_
#define SPEC_READER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "spec/complaints.h"
#include "spec/json.h"
#include "spec/model.h"

namespace assay::spec {

class Reader;

enum class Need { kOptional, kRequired };

template <typename T>
struct Field {
  std::string_view key;
  void (*read)(Reader& reader, const json::Value& value, T& object);
  Need need = Need::kOptional;
};

template <typename T>
struct Table {
  std::string_view what;  // "parameter"
  std::span<const Field<T>> fields;
};

class Reader {
 public:
  // Both must outlive this.
  Reader(Complaints& complaints, Places& places) : complaints_(complaints), places_(places) {}

  void Read(const json::Value& value, std::string* out);
  void Read(const json::Value& value, std::optional<std::string>* out);
  void Read(const json::Value& value, bool* out);
  void Read(const json::Value& value, std::int64_t* out);
  void Read(const json::Value& value, std::optional<std::int64_t>* out);
  void Read(const json::Value& value, std::vector<std::string>* out);
  void Read(const json::Value& value, std::map<std::string, std::string>* out);
  void Read(const json::Value& value, Basis* out);
  void Read(const json::Value& value, Template* out);
  void Read(const json::Value& value, std::vector<Template>* out);
  void Read(const json::Value& value, std::optional<ParsedExpression>* out);
  void Read(const json::Value& value, std::vector<Effect>* out);

  // Bytes from hexadecimal digits.
  void Hex(const json::Value& value, std::string* out);

  // One word of a closed list.
  template <typename Enum>
  void Choice(const json::Value& value, std::span<const std::pair<std::string_view, Enum>> choices,
              Enum* out);

  // Facts inherit the source of the object around them: while an object is read, `source()` is its
  // own. The erratum of an object is not that of its parts.
  template <typename T>
  void Object(const json::Value& value, const Table<T>& table, T* out);
  template <typename T>
  void List(const json::Value& value, const Table<T>& table, std::vector<T>* out);

  // Source keys only: {"clause", "basis", "document", "erratum"}.
  void SourceObject(const json::Value& value, Source* out);

  Complaints& complaints() { return complaints_; }
  Places& places() { return places_; }

 private:
  template <typename T>
  void ObjectMembers(const json::Value& value, const Table<T>& table, T* out);
  bool Is(const json::Value& value, json::Value::Kind kind);
  static bool IsSourceKey(std::string_view key);
  // What the object around says, replaced by what `value` says itself.
  void ReadSource(const json::Value& value, Source* out);
  void UnknownChoice(const json::Value& value, std::span<const std::string_view> choices);
  void UnknownKey(const json::Member& member, std::vector<std::string_view> keys, bool sourced);
  void Missing(const json::Value& value, std::string_view what, std::string_view key);

  Complaints& complaints_;
  Places& places_;
  Source source_;
};

template <auto kMember, typename T>
void Into(Reader& reader, const json::Value& value, T& object) {
  reader.Read(value, &(object.*kMember));
}
template <auto kMember, typename T>
void IntoSource(Reader& reader, const json::Value& value, T& object) {
  reader.SourceObject(value, &(object.*kMember));
}

template <typename Enum>
void Reader::Choice(const json::Value& value,
                    std::span<const std::pair<std::string_view, Enum>> choices, Enum* out) {
  std::vector<std::string_view> words;
  for (const auto& [word, choice] : choices) {
    words.push_back(word);
    if (value.kind == json::Value::Kind::kString && value.text == word) {
      places_.Record(out, value.place);
      *out = choice;
      return;
    }
  }
  UnknownChoice(value, words);
}

template <typename T>
void Reader::Object(const json::Value& value, const Table<T>& table, T* out) {
  places_.Record(out, value.place);
  const std::size_t errors = complaints_.errors();
  ObjectMembers(value, table, out);
  if (complaints_.errors() > errors) places_.MarkBroken(out);
}

template <typename T>
void Reader::ObjectMembers(const json::Value& value, const Table<T>& table, T* out) {
  if (!Is(value, json::Value::Kind::kObject)) return;
  constexpr bool kSourced = requires { out->source; };
  const Source around = source_;
  if constexpr (kSourced) {
    ReadSource(value, &out->source);
    source_ = out->source;
  }
  for (const json::Member& member : value.members) {
    const Field<T>* field = nullptr;
    for (const Field<T>& candidate : table.fields) {
      if (candidate.key == member.key) field = &candidate;
    }
    if (field != nullptr) {
      field->read(*this, member.value, *out);
      if (field->need == Need::kRequired && member.value.kind == json::Value::Kind::kString &&
          member.value.text.empty()) {
        complaints_.Error(member.value.place, Quoted(member.key) + " is empty");
      }
      continue;
    }
    if (kSourced && IsSourceKey(member.key)) continue;
    std::vector<std::string_view> keys;
    for (const Field<T>& candidate : table.fields) keys.push_back(candidate.key);
    UnknownKey(member, std::move(keys), kSourced);
  }
  for (const Field<T>& field : table.fields) {
    if (field.need == Need::kRequired && value.Find(field.key) == nullptr) {
      Missing(value, table.what, field.key);
    }
  }
  source_ = around;
}

template <typename T>
void Reader::List(const json::Value& value, const Table<T>& table, std::vector<T>* out) {
  if (!Is(value, json::Value::Kind::kArray)) return;
  // Sized once: the places of the items are keyed by their addresses.
  *out = std::vector<T>(value.items.size());
  for (std::size_t i = 0; i < value.items.size(); ++i) Object(value.items[i], table, &(*out)[i]);
}

}  // namespace assay::spec

#endif  // SPEC_READER_H_
