#include "reports/visible.h"

#include <cstdint>

namespace assay::report {
namespace {

constexpr std::string_view kDigits = "0123456789ABCDEF";

struct Character {
  char32_t code = 0;
  std::size_t length = 0;  // 0: no UTF-8 here
};

// Well-formed sequences only (Unicode, table 3-7): no overlong forms, surrogates or codes too
// large.
Character Decode(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> char32_t { return static_cast<unsigned char>(text[i]); };
  const char32_t first = byte(at);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xC2 && first <= 0xDF   ? 2
                             : first >= 0xE0 && first <= 0xEF ? 3
                             : first >= 0xF0 && first <= 0xF4 ? 4
                                                              : 0;
  if (length == 0 || at + length > text.size()) return {};
  char32_t code = first & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return {};
    code = (code << 6) | (byte(at + i) & 0x3F);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (overlong || surrogate || code > 0x10FFFF) return {};
  return {code, length};
}

// Characters that show nothing, or change how their neighbours are shown.
bool Hidden(char32_t code) {
  struct Range {
    char32_t first, last;
  };
  static constexpr Range kRanges[] = {
      {0x00, 0x1F},     {0x7F, 0xA0},     {0xAD, 0xAD},     {0x34F, 0x34F},      {0x61C, 0x61C},
      {0x115F, 0x1160}, {0x17B4, 0x17B5}, {0x180B, 0x180F}, {0x2000, 0x200F},    {0x2028, 0x202F},
      {0x205F, 0x206F}, {0x3164, 0x3164}, {0xE000, 0xF8FF}, {0xFDD0, 0xFDEF},    {0xFE00, 0xFE0F},
      {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB}, {0xE0000, 0x10FFFF},
  };
  if ((code & 0xFFFE) == 0xFFFE) return true;
  for (const Range& range : kRanges) {
    if (code >= range.first && code <= range.last) return true;
  }
  return false;
}

void AppendEscape(std::string& out, std::string_view bytes) {
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\r') {
      out += "\\r";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\\') {
      out += "\\\\";
    } else {
      out += "\\x";
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    }
  }
}

enum class Keep { kNothing, kBackslash, kBackslashAndLines, kAllUtf8 };

bool MustEscape(const Character& character, Keep keep) {
  if (character.length == 0) return true;
  if (keep == Keep::kAllUtf8) return false;
  if (character.code == '\\') return keep == Keep::kNothing;
  if (character.code == '\n') return keep != Keep::kBackslashAndLines;
  return Hidden(character.code);
}

// Calls sink(span, escape) for each longest span of one sort.
template <typename Sink>
void Split(std::string_view text, Keep keep, Sink sink) {
  std::size_t start = 0;
  bool escape = false;
  for (std::size_t at = 0; at < text.size();) {
    const Character character = Decode(text, at);
    const bool now = MustEscape(character, keep);
    if (now != escape && at > start) {
      sink(text.substr(start, at - start), escape);
      start = at;
    }
    escape = now;
    at += character.length == 0 ? 1 : character.length;
  }
  if (start < text.size()) sink(text.substr(start), escape);
}

std::string Escaped(std::string_view text, Keep keep) {
  std::string out;
  out.reserve(text.size());
  Split(text, keep, [&](std::string_view span, bool escape) {
    if (escape) {
      AppendEscape(out, span);
    } else {
      out += span;
    }
  });
  return out;
}

}  // namespace

std::string Visible(std::string_view bytes) { return Escaped(bytes, Keep::kNothing); }

std::vector<VisiblePiece> VisiblePieces(std::string_view bytes) {
  std::vector<VisiblePiece> pieces;
  Split(bytes, Keep::kNothing, [&](std::string_view span, bool escape) {
    VisiblePiece& piece = pieces.emplace_back();
    piece.escape = escape;
    if (escape) {
      AppendEscape(piece.text, span);
    } else {
      piece.text = span;
    }
  });
  return pieces;
}

std::string VisibleText(std::string_view text) { return Escaped(text, Keep::kBackslashAndLines); }
std::string VisibleLine(std::string_view text) { return Escaped(text, Keep::kBackslash); }
std::string ToUtf8(std::string_view bytes) { return Escaped(bytes, Keep::kAllUtf8); }

bool IsUtf8(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const Character character = Decode(bytes, at);
    if (character.length == 0) return false;
    at += character.length;
  }
  return true;
}

std::string Hex(std::string_view bytes) {
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

std::optional<std::string> FromHex(std::string_view hex) {
  if (hex.size() % 2 != 0) return std::nullopt;
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
  };
  std::string bytes;
  bytes.reserve(hex.size() / 2);
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = digit(hex[i]);
    const int low = digit(hex[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

std::size_t CharacterLength(std::string_view text, std::size_t at) {
  const std::size_t length = Decode(text, at).length;
  return length == 0 ? 1 : length;
}

}  // namespace assay::report
