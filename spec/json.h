// A JSON document whose values know where they stand, so that every complaint has a caret.
//
//   json::Parsed parsed = json::Parse(text, /*file=*/0);
//   if (!parsed.errors.empty()) ...            // spec::At(name, text, error.offset, error.message)
//   const json::Value* name = parsed.root.Find("name");
//
// Stricter than JSON: 7-bit ASCII, no duplicate keys, no control characters in strings but CR, LF
// and TAB, a bounded depth. Values own their text.
#ifndef SPEC_JSON_H_
#define SPEC_JSON_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay::spec::json {

// The byte at which something stands, in the file of that number.
struct Place {
  std::uint32_t file = 0;
  std::size_t offset = 0;
  bool operator==(const Place&) const = default;
};

struct Member;

struct Value {
  enum class Kind { kNull, kBoolean, kInteger, kReal, kString, kArray, kObject };
  Kind kind = Kind::kNull;
  Place place;  // of its first byte: the quote of a string, the brace of an object
  bool boolean = false;
  std::int64_t integer = 0;
  std::string text;  // of a string, decoded
  std::vector<Value> items;
  std::vector<Member> members;  // in the order of the file

  const Value* Find(std::string_view key) const;
  Value* Find(std::string_view key);
};

struct Member {
  std::string key;
  Place place;
  Value value;
};

// "a string", "an object": for messages.
std::string_view Name(Value::Kind kind);

struct Error {
  std::size_t offset = 0;
  std::string message;
  std::string expected;
};

struct Parsed {
  Value root;
  std::vector<Error> errors;  // if there are any, `root` is not to be used
};

// Arrays and objects nest at most this deep.
inline constexpr std::size_t kMaxDepth = 64;

Parsed Parse(std::string_view text, std::uint32_t file);

// The byte of `text` at which byte `index` of the string that opens at `offset` is written;
// differs from their sum where escapes come before.
std::size_t OffsetInString(std::string_view text, std::size_t offset, std::size_t index);

}  // namespace assay::spec::json

#endif  // SPEC_JSON_H_
