#include "transcripts/escape.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "transcripts/transcript.h"

namespace assay::transcript {
namespace {

constexpr unsigned char kBackslash = 32;
constexpr unsigned char kUnseen = 64;   // a control byte
constexpr unsigned char kBeyond = 128;  // not ASCII

constexpr std::array<unsigned char, 256> Classes() {
  std::array<unsigned char, 256> classes{};
  for (unsigned byte = 0; byte < 0x20; ++byte) classes[byte] = kUnseen;
  classes[0x7F] = kUnseen;
  for (unsigned byte = 0x80; byte < 0x100; ++byte) classes[byte] = kBeyond;
  classes['\\'] = kBackslash;
  classes['"'] = kQuote;
  classes['<'] = kField;
  classes['$'] = kValue;
  classes['>'] = kGreater;
  classes['='] = kEqual;
  return classes;
}
constexpr std::array<unsigned char, 256> kClasses = Classes();

unsigned char Class(char byte) { return kClasses[static_cast<unsigned char>(byte)]; }

// Characters that leave no mark or look like a space, ordered.
struct CodeRange {
  std::uint32_t first, last;
};
constexpr CodeRange kInvisible[] = {
    {0x80, 0xA0},        // C1 controls, no-break space
    {0xAD, 0xAD},        // soft hyphen
    {0x34F, 0x34F},      // grapheme joiner
    {0x61C, 0x61C},      // Arabic letter mark
    {0x115F, 0x1160},    // Hangul fillers
    {0x1680, 0x1680},    // Ogham space
    {0x17B4, 0x17B5},    // Khmer inherent vowels
    {0x180B, 0x180F},    // Mongolian selectors and vowel separator
    {0x2000, 0x200F},    // spaces, zero-width characters, direction marks
    {0x2028, 0x202F},    // line and paragraph separators, direction overrides, narrow space
    {0x205F, 0x206F},    // mathematical space, invisible operators, direction isolates
    {0x2800, 0x2800},    // blank Braille pattern
    {0x3000, 0x3000},    // ideographic space
    {0x3164, 0x3164},    // Hangul filler
    {0xFE00, 0xFE0F},    // variation selectors
    {0xFEFF, 0xFEFF},    // byte order mark
    {0xFFA0, 0xFFA0},    // Hangul filler
    {0xFFF0, 0xFFFB},    // interlinear annotation
    {0x1D173, 0x1D17A},  // musical controls
    {0xE0000, 0xE0FFF},  // tags, more variation selectors
};

// Length of the character at `at` if it is a whole one beyond ASCII that can be seen, else 0.
std::size_t SeenLength(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> std::uint32_t {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0;
  };
  const std::uint32_t lead = byte(0);
  if (lead < 0xC2 || lead > 0xF4) return 0;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  std::uint32_t code = lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
    code = code << 6 | (byte(i) & 0x3F);
  }
  constexpr std::uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < kSmallest[length] || code > 0x10FFFF || surrogate) return 0;
  for (const CodeRange& range : kInvisible) {
    if (code < range.first) return length;
    if (code <= range.last) return 0;
  }
  return length;
}

void AppendHex(char byte, std::string& text) {
  constexpr char kHex[] = "0123456789ABCDEF";
  const auto value = static_cast<unsigned char>(byte);
  text += {'\\', 'x', kHex[value >> 4], kHex[value & 15]};
}

int HexDigit(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

// The cursor stands at the backslash.
bool ReadEscape(Cursor& cursor, std::string& bytes) {
  constexpr std::string_view kExpected =
      "expected \\r, \\n, \\t, \\xHH, or \\ before one of \\ \" < > = $; "
      "a backslash itself is \\\\";
  const std::size_t begin = cursor.at;
  const std::string_view rest = cursor.Rest();
  if (rest.size() < 2) {
    return cursor.Fail("a backslash at the end of the line", std::string(kExpected));
  }
  cursor.at += 2;
  switch (rest[1]) {
    case 'r':
      bytes += '\r';
      return true;
    case 'n':
      bytes += '\n';
      return true;
    case 't':
      bytes += '\t';
      return true;
    case '\\':
    case '"':
    case '<':
    case '>':
    case '=':
    case '$':
      bytes += rest[1];
      return true;
    case 'x': {
      const int high = rest.size() > 2 ? HexDigit(rest[2]) : -1;
      const int low = rest.size() > 3 ? HexDigit(rest[3]) : -1;
      if (high < 0 || low < 0) {
        return cursor.FailAt(begin, "\\x without two hex digits", "expected for example \\x1A");
      }
      bytes += static_cast<char>(high << 4 | low);
      cursor.at += 2;
      return true;
    }
    default:
      // A character of several bytes is not cut in two.
      const std::size_t length = std::max<std::size_t>(SeenLength(rest, 1), 1);
      return cursor.FailAt(begin, "unknown escape " + std::string(rest.substr(0, 1 + length)),
                           std::string(kExpected));
  }
}

bool FailUnseen(Cursor& cursor) {
  // As many bytes as belong together, so that the advice can be copied.
  std::size_t length = 1;
  while (length < 4 && length < cursor.Rest().size() &&
         (static_cast<unsigned char>(cursor.Rest()[length]) & 0xC0) == 0x80) {
    ++length;
  }
  if (Class(cursor.line[cursor.at]) != kBeyond) length = 1;
  std::string written;
  AppendLiteral(cursor.Rest().substr(0, length), kNoStops, written);
  return cursor.Fail("a byte that cannot be seen", "write it as " + written);
}

}  // namespace

bool Cursor::Skip(std::string_view text) {
  if (!Rest().starts_with(text)) return false;
  at += text.size();
  return true;
}

bool Cursor::FailAt(std::size_t where, std::string message, std::string expected) {
  error = LineError{where + 1, std::move(message), std::move(expected)};
  return false;
}

bool Cursor::Fail(std::string message, std::string expected) {
  return FailAt(at, std::move(message), std::move(expected));
}

bool ReadLiteral(Cursor& cursor, Stops stops, std::string& bytes) {
  const std::string_view line = cursor.line;
  const unsigned char special = stops | kBackslash | kUnseen | kBeyond;
  std::size_t begin = cursor.at;
  const auto take = [&] { bytes.append(line, begin, cursor.at - begin); };
  while (true) {
    while (cursor.at < line.size() && (Class(line[cursor.at]) & special) == 0) ++cursor.at;
    if (cursor.AtEnd()) return take(), true;
    const unsigned char what = Class(line[cursor.at]);
    if (what == kBackslash) {
      take();
      if (!ReadEscape(cursor, bytes)) return false;
      begin = cursor.at;
    } else if (what == kUnseen) {
      return FailUnseen(cursor);
    } else if (what == kBeyond) {
      const std::size_t length = SeenLength(line, cursor.at);
      if (length == 0) return FailUnseen(cursor);
      cursor.at += length;
    } else if (what == kValue && !cursor.Rest().starts_with("${")) {
      ++cursor.at;
    } else {
      return take(), true;
    }
  }
}

void AppendLiteral(std::string_view bytes, Stops stops, std::string& text) {
  const unsigned char special = stops | kBackslash | kUnseen | kBeyond;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    const unsigned char what = Class(bytes[at]) & special;
    const std::size_t seen = what == kBeyond ? SeenLength(bytes, at) : 0;
    if (what == 0 || seen > 0 || (what == kValue && !bytes.substr(at).starts_with("${"))) {
      at += std::max<std::size_t>(seen, 1);
      continue;
    }
    text.append(bytes, begin, at - begin);
    switch (bytes[at]) {
      case '\r':
        text += "\\r";
        break;
      case '\n':
        text += "\\n";
        break;
      case '\t':
        text += "\\t";
        break;
      default:
        if ((what & (kUnseen | kBeyond)) != 0) {
          AppendHex(bytes[at], text);
        } else {
          text += {'\\', bytes[at]};
        }
    }
    begin = ++at;
  }
  text.append(bytes, begin, bytes.size() - begin);
}

void ShowLastSpace(std::string& text) {
  if (text.ends_with(' ')) text.replace(text.size() - 1, 1, "\\x20");
}

std::string Escape(std::string_view bytes) {
  std::string text;
  AppendLiteral(bytes, kNoStops, text);
  return text;
}

std::string EscapeLine(std::string_view bytes) {
  std::string text;
  AppendLiteral(bytes, kLineStops, text);
  ShowLastSpace(text);
  return text;
}

}  // namespace assay::transcript
