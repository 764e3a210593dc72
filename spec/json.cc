#include "spec/json.h"

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace assay::spec::json {
namespace {

constexpr std::size_t kMaxErrors = 100;

std::string Hex(unsigned char byte) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  return {'0', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
}

// Builds the tree from RapidJSON's events. The reader tells where an event ends, not where it
// began; but between two events stand only white space, commas and colons.
class Builder : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Builder> {
 public:
  Builder(std::string_view text, std::uint32_t file, const rapidjson::MemoryStream& stream)
      : text_(text), file_(file), stream_(stream) {}

  Value root;
  std::vector<Error> errors;

  bool Null() { return Add(Scalar(Value::Kind::kNull)); }
  bool Bool(bool boolean) {
    Value value = Scalar(Value::Kind::kBoolean);
    value.boolean = boolean;
    return Add(std::move(value));
  }
  bool Int(int number) { return Int64(number); }
  bool Uint(unsigned number) { return Int64(number); }
  bool Int64(std::int64_t number) {
    Value value = Scalar(Value::Kind::kInteger);
    value.integer = number;
    return Add(std::move(value));
  }
  bool Uint64(std::uint64_t number) {
    if (number <= std::uint64_t{std::numeric_limits<std::int64_t>::max()}) {
      return Int64(static_cast<std::int64_t>(number));
    }
    return Add(Scalar(Value::Kind::kReal));
  }
  // No fact of a manual is that large or has a fraction; the place that wants a number says so.
  bool Double(double) { return Add(Scalar(Value::Kind::kReal)); }
  bool String(const char* bytes, rapidjson::SizeType size, bool) {
    Value value = Scalar(Value::Kind::kString);
    value.text.assign(bytes, size);
    CheckString(value.text, value.place.offset);
    return Add(std::move(value));
  }
  bool Key(const char* bytes, rapidjson::SizeType size, bool) {
    const std::size_t offset = Start();
    end_ = stream_.Tell();
    key_ = {.key = std::string(bytes, size), .place = {file_, offset}, .value = {}};
    CheckString(key_.key, offset);
    return errors.size() < kMaxErrors;
  }
  bool StartObject() { return Open(Value::Kind::kObject); }
  bool StartArray() { return Open(Value::Kind::kArray); }
  bool EndObject(rapidjson::SizeType) {
    CheckDuplicates(open_.back().value);
    return Close();
  }
  bool EndArray(rapidjson::SizeType) { return Close(); }

 private:
  std::size_t Start() const {
    const std::size_t start = text_.find_first_not_of(" \t\r\n,:", end_);
    return start == text_.npos ? text_.size() : start;
  }

  Value Scalar(Value::Kind kind) {
    Value value;
    value.kind = kind;
    value.place = {file_, Start()};
    end_ = stream_.Tell();
    return value;
  }

  bool Open(Value::Kind kind) {
    const std::size_t start = Start();
    if (open_.size() == kMaxDepth) {
      errors.push_back({start, "nested more than " + std::to_string(kMaxDepth) + " deep", ""});
      return false;
    }
    end_ = start + 1;
    Member member = std::move(key_);
    member.value.kind = kind;
    member.value.place = {file_, start};
    open_.push_back(std::move(member));
    return true;
  }

  bool Close() {
    end_ = Start() + 1;
    Member member = std::move(open_.back());
    open_.pop_back();
    key_.key = std::move(member.key);
    key_.place = member.place;
    return Add(std::move(member.value));
  }

  bool Add(Value value) {
    if (open_.empty()) {
      root = std::move(value);
    } else if (open_.back().value.kind == Value::Kind::kObject) {
      key_.value = std::move(value);
      open_.back().value.members.push_back(std::move(key_));
      key_ = {};
    } else {
      open_.back().value.items.push_back(std::move(value));
    }
    return errors.size() < kMaxErrors;
  }

  void CheckString(const std::string& decoded, std::size_t offset) {
    for (const char c : decoded) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte >= 0x80) {
        errors.push_back({offset, "the string holds a character that is not ASCII", ""});
        return;
      }
      if ((byte < 0x20 && c != '\r' && c != '\n' && c != '\t') || byte == 0x7F) {
        errors.push_back({offset, "the string holds the control character " + Hex(byte), ""});
        return;
      }
    }
  }

  void CheckDuplicates(const Value& object) {
    std::vector<const Member*> sorted;
    for (const Member& member : object.members) sorted.push_back(&member);
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const Member* a, const Member* b) { return a->key < b->key; });
    for (std::size_t i = 1; i < sorted.size() && errors.size() < kMaxErrors; ++i) {
      if (sorted[i]->key != sorted[i - 1]->key) continue;
      errors.push_back({sorted[i]->place.offset, "duplicate key \"" + sorted[i]->key + "\"", ""});
    }
  }

  std::string_view text_;
  std::uint32_t file_;
  const rapidjson::MemoryStream& stream_;
  std::size_t end_ = 0;  // of the event before
  Member key_;           // waits for its value
  std::vector<Member> open_;
};

// Said before parsing: a byte order mark or a Cyrillic letter in a key would only confuse it.
bool AllAscii(std::string_view text, std::vector<Error>* errors) {
  for (std::size_t i = 0; i < text.size() && errors->size() < kMaxErrors; ++i) {
    if (static_cast<unsigned char>(text[i]) < 0x80) continue;
    errors->push_back({i, "byte " + Hex(static_cast<unsigned char>(text[i])) + " is not ASCII",
                       "expected 7-bit ASCII; look-alikes come with text copied from a PDF"});
    // One complaint for the whole character, or run of them.
    while (i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) >= 0x80) ++i;
  }
  return errors->empty();
}

}  // namespace

const Value* Value::Find(std::string_view key) const {
  for (const Member& member : members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

Value* Value::Find(std::string_view key) {
  return const_cast<Value*>(std::as_const(*this).Find(key));
}

std::string_view Name(Value::Kind kind) {
  switch (kind) {
    case Value::Kind::kNull:
      return "null";
    case Value::Kind::kBoolean:
      return "true or false";
    case Value::Kind::kInteger:
      return "a whole number";
    case Value::Kind::kReal:
      return "a number with a fraction, or too large";
    case Value::Kind::kString:
      return "a string";
    case Value::Kind::kArray:
      return "a list";
    case Value::Kind::kObject:
      return "an object";
  }
  return "";
}

Parsed Parse(std::string_view text, std::uint32_t file) {
  Parsed parsed;
  if (!AllAscii(text, &parsed.errors)) return parsed;
  rapidjson::MemoryStream stream(text.data(), text.size());
  Builder builder(text, file, stream);
  rapidjson::Reader reader;
  const rapidjson::ParseResult result =
      reader.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(stream,
                                                                                           builder);
  parsed.errors = std::move(builder.errors);
  parsed.root = std::move(builder.root);
  if (result.IsError() && result.Code() != rapidjson::kParseErrorTermination) {
    parsed.errors.push_back(
        {result.Offset(), rapidjson::GetParseError_En(result.Code()), ""});
  }
  return parsed;
}

std::size_t OffsetInString(std::string_view text, std::size_t offset, std::size_t index) {
  std::size_t at = offset + 1;
  // ASCII only, so one decoded byte is one byte, a two-byte escape or \u00XX.
  for (; index > 0 && at < text.size() && text[at] != '"'; --index) {
    if (text[at] != '\\') {
      ++at;
    } else {
      at += at + 1 < text.size() && text[at + 1] == 'u' ? 6 : 2;
    }
  }
  return std::min(at, text.size());
}

}  // namespace assay::spec::json
