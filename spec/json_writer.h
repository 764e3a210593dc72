// RapidJSON's writer with keys and values in one call; absent values leave no key behind.
//
//   JsonWriter json;
//   json.Object([&] {
//     json.Put("name", "BG96");
//     json.PutIfAny("unit", parameter.unit);
//     json.PutObjects("models", models, [&](const Model& model) { json.Put("id", model.id); });
//   });
//   std::string text = json.Text();
#ifndef SPEC_JSON_WRITER_H_
#define SPEC_JSON_WRITER_H_

#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::spec {

class JsonWriter {
 public:
  JsonWriter() : writer_(buffer_) { writer_.SetIndent(' ', 2); }

  std::string Text() const { return std::string(buffer_.GetString(), buffer_.GetSize()) + "\n"; }

  void Value(std::string_view text) { writer_.String(text.data(), Size(text)); }
  void Value(const std::string& text) { Value(std::string_view(text)); }
  void Value(const char* text) { Value(std::string_view(text)); }
  void Value(std::int64_t number) { writer_.Int64(number); }
  void Value(bool boolean) { writer_.Bool(boolean); }
  void Null() { writer_.Null(); }
  void Value(const std::vector<std::string>& list) {
    List(list, [this](const std::string& item) { Value(item); });
  }

  void Key(std::string_view key) { writer_.Key(key.data(), Size(key)); }

  template <typename T>
  void Put(std::string_view key, const T& value) {
    Key(key);
    Value(value);
  }
  template <typename T>
  void PutIf(std::string_view key, const std::optional<T>& value) {
    if (value) Put(key, *value);
  }
  // Nothing for an empty string or list.
  template <typename T>
  void PutIfAny(std::string_view key, const T& value) {
    if (!value.empty()) Put(key, value);
  }

  template <typename Members>
  void Object(Members members) {
    writer_.StartObject();
    members();
    writer_.EndObject();
  }
  template <typename Members>
  void PutObject(std::string_view key, Members members) {
    Key(key);
    Object(members);
  }
  void StartList() { writer_.StartArray(); }
  void EndList() { writer_.EndArray(); }
  template <typename T, typename Item>
  void List(const std::vector<T>& list, Item item) {
    writer_.StartArray();
    for (const T& each : list) item(each);
    writer_.EndArray();
  }
  // A list of objects.
  template <typename T, typename Members>
  void PutObjects(std::string_view key, const std::vector<T>& list, Members members) {
    Key(key);
    List(list, [&](const T& each) { Object([&] { members(each); }); });
  }

 private:
  static rapidjson::SizeType Size(std::string_view text) {
    return static_cast<rapidjson::SizeType>(text.size());
  }

  rapidjson::StringBuffer buffer_;
  rapidjson::PrettyWriter<rapidjson::StringBuffer> writer_;
};

}  // namespace assay::spec

#endif  // SPEC_JSON_WRITER_H_
