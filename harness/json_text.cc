#include "harness/json_text.h"

#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include <vector>

#include "reports/visible.h"

namespace assay::harness {

struct JsonText::State {
  rapidjson::StringBuffer buffer;
  rapidjson::PrettyWriter<rapidjson::StringBuffer> writer{buffer};
  std::vector<bool> objects;  // innermost last
};

JsonText::JsonText() : state_(std::make_unique<State>()) { state_->writer.SetIndent(' ', 1); }
JsonText::~JsonText() = default;

JsonText& JsonText::Object() {
  state_->writer.StartObject();
  state_->objects.push_back(true);
  return *this;
}
JsonText& JsonText::Array() {
  state_->writer.StartArray();
  state_->objects.push_back(false);
  return *this;
}
JsonText& JsonText::End() {
  if (state_->objects.back()) {
    state_->writer.EndObject();
  } else {
    state_->writer.EndArray();
  }
  state_->objects.pop_back();
  return *this;
}
JsonText& JsonText::Key(std::string_view key) {
  state_->writer.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
  return *this;
}
JsonText& JsonText::Text(std::string_view text) {
  // Bytes of a device are not always UTF-8; JSON is.
  const std::string utf8 = report::ToUtf8(text);
  state_->writer.String(utf8.data(), static_cast<rapidjson::SizeType>(utf8.size()));
  return *this;
}
JsonText& JsonText::Number(std::size_t number) {
  state_->writer.Uint64(number);
  return *this;
}
JsonText& JsonText::Bool(bool value) {
  state_->writer.Bool(value);
  return *this;
}
JsonText& JsonText::Null() {
  state_->writer.Null();
  return *this;
}
std::string JsonText::Take() {
  std::string out(state_->buffer.GetString(), state_->buffer.GetSize());
  state_->buffer.Clear();
  return out;
}
std::string JsonText::text() const {
  return std::string(state_->buffer.GetString(), state_->buffer.GetSize()) + "\n";
}

}  // namespace assay::harness
