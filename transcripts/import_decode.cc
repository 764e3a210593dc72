#include "transcripts/import_decode.h"

#include <array>
#include <optional>

#include "transcripts/import_content.h"

namespace assay::transcript {
namespace {

struct Token {
  std::string_view text;  // lower case
  char byte;
};
constexpr std::array<Token, 28> kTokens = {{
    {"<cr>", '\r'},       {"<lf>", '\n'},       {"<ln>", '\n'},         {"<nl>", '\n'},
    {"<0d>", '\r'},       {"<0a>", '\n'},       {"<0x0d>", '\r'},       {"<0x0a>", '\n'},
    {"<1a>", '\x1A'},     {"<0x1a>", '\x1A'},   {"<sub>", '\x1A'},      {"<esc>", '\x1B'},
    {"<ctrl-z>", '\x1A'}, {"<ctrl+z>", '\x1A'}, {"<1b>", '\x1B'},       {"[cr]", '\r'},
    {"[lf]", '\n'},       {"{cr}", '\r'},       {"{lf}", '\n'},         {"[0d]", '\r'},
    {"[0a]", '\n'},       {"[0x0d]", '\r'},     {"[0x0a]", '\n'},       {"^m", '\r'},
    {"^j", '\n'},         {"^z", '\x1A'},       {"\xE2\x90\x8D", '\r'}, {"\xE2\x90\x8A", '\n'},
}};

char Lower(char c) { return IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

bool StartsLike(std::string_view text, std::string_view lower) {
  if (text.size() < lower.size()) return false;
  for (std::size_t i = 0; i < lower.size(); ++i) {
    if (Lower(text[i]) != lower[i]) return false;
  }
  return true;
}

const Token* TokenAt(std::string_view text) {
  const char c = text.front();
  if (c != '<' && c != '[' && c != '{' && c != '^' && c != '\xE2') return nullptr;
  for (const Token& token : kTokens) {
    if (StartsLike(text, token.text)) return &token;
  }
  return nullptr;
}

std::optional<int> HexDigit(char c) {
  if (IsDigit(c)) return c - '0';
  const char lower = Lower(c);
  if (lower >= 'a' && lower <= 'f') return lower - 'a' + 10;
  return std::nullopt;
}

// The byte of "\r", "\n", "\t", "\x1A", "\"", "\\" at the start of `text` and its length.
struct Escaped {
  char byte = 0;
  std::size_t size = 0;
};
Escaped ReadEscape(std::string_view text) {
  if (text.size() < 2 || text[0] != '\\') return {};
  switch (text[1]) {
    case 'r':
      return {'\r', 2};
    case 'n':
      return {'\n', 2};
    case 't':
      return {'\t', 2};
    case '"':
      return {'"', 2};
    case '\'':
      return {'\'', 2};
    case '\\':
      return {'\\', 2};
    case 'x':
      if (text.size() >= 4 && HexDigit(text[2]) && HexDigit(text[3])) {
        return {static_cast<char>(*HexDigit(text[2]) * 16 + *HexDigit(text[3])), 4};
      }
      return {};
    default:
      return {};
  }
}

bool HasAnyToken(std::string_view line) {
  for (std::size_t at = line.find_first_of("<[{^\xE2"); at != std::string_view::npos;
       at = line.find_first_of("<[{^\xE2", at + 1)) {
    if (TokenAt(line.substr(at)) != nullptr) return true;
  }
  return false;
}

bool HasToken(std::string_view line) {
  for (std::size_t at = line.find_first_of("<[{^\xE2"); at != std::string_view::npos;
       at = line.find_first_of("<[{^\xE2", at + 1)) {
    const Token* token = TokenAt(line.substr(at));
    if (token != nullptr && (token->byte == '\r' || token->byte == '\n')) return true;
  }
  return false;
}

bool EndsEscaped(std::string_view line) {
  line = TrimRight(line);
  while (!line.empty() && std::string_view("\"'").find(line.back()) != std::string_view::npos)
    line.remove_suffix(1);
  return line.ends_with("\\r") || line.ends_with("\\n");
}

bool HasDots(std::string_view line) {
  return line.find("OK..") != std::string_view::npos ||
         line.find("ERROR..") != std::string_view::npos;
}

void DecodeDots(std::string_view line, std::string& out) {
  bool quoted = false;
  for (std::size_t at = 0; at < line.size();) {
    if (line[at] == '"') quoted = !quoted;
    std::size_t end = at;
    while (end < line.size() && line[end] == '.') ++end;
    const bool last = end == line.size();
    if (end - at < 2 || (quoted && !last)) {
      out += line[at++];
      continue;
    }
    // "..." behind an echo is CR CR LF.
    if ((end - at) % 2 == 1) out += '\r';
    for (std::size_t i = at + 1; i < end; i += 2) out += "\r\n";
    at = end;
  }
}

void DecodeEscapes(std::string_view line, bool tokens, std::string& out) {
  for (std::size_t at = 0; at < line.size();) {
    const Token* token = tokens ? TokenAt(line.substr(at)) : nullptr;
    const Escaped escaped = tokens ? Escaped{} : ReadEscape(line.substr(at));
    if (token != nullptr) {
      out += token->byte;
      at += token->text.size();
    } else if (escaped.size > 0) {
      out += escaped.byte;
      at += escaped.size;
    } else {
      out += line[at++];
    }
  }
}

// Colours and cursor movements of a terminal: ESC [ ... letter.
void WithoutColours(std::string_view line, std::string& out) {
  for (std::size_t at = 0; at < line.size();) {
    if (line[at] == '\x1B' && at + 1 < line.size() && line[at + 1] == '[') {
      at += 2;
      while (at < line.size() && !IsLetter(line[at])) ++at;
      if (at < line.size()) ++at;
    } else {
      out += line[at++];
    }
  }
}

bool IsMarkdownEscape(std::string_view text) {
  return text.size() > 1 && text[0] == '\\' &&
         std::string_view("_>*#[]()~`+-!|{}").find(text[1]) != std::string_view::npos;
}

}  // namespace

HexText ReadHex(std::string_view line, std::size_t least) {
  HexText out;
  line = TrimRight(line);
  // Pairs from the first place behind which nothing but pairs, or the dump's text column, follows.
  int tries = 0;
  for (std::size_t at = 0; at + 1 < line.size() && tries < 12; ++at) {
    const bool starts =
        at == 0 || std::string_view(" \t:>]),|").find(line[at - 1]) != std::string_view::npos;
    if (!starts || !HexDigit(line[at])) continue;
    ++tries;
    std::string bytes;
    std::size_t i = at, groups = 0;
    bool good = true;
    while (good && i < line.size()) {
      const std::size_t group = i;
      if (line.substr(i).starts_with("0x")) i += 2;
      while (i + 1 < line.size() && HexDigit(line[i]) && HexDigit(line[i + 1])) {
        bytes += static_cast<char>(*HexDigit(line[i]) * 16 + *HexDigit(line[i + 1]));
        i += 2;
      }
      if (i == group || (i < line.size() && line[i] != ' ' && line[i] != ',')) good = false;
      if (++groups == 1 && i - group >= 6 && i - group <= 8 && line.substr(i).starts_with(" ") &&
          i + 1 < line.size())
        good = false;  // an offset
      std::size_t blanks = 0;
      while (i < line.size() && (line[i] == ' ' || line[i] == ',')) ++i, ++blanks;
      if (good && blanks >= 2 && i < line.size() &&
          !(HexDigit(line[i]) && i + 1 < line.size() && HexDigit(line[i + 1])))
        break;
      if (good && i < line.size() && line[i] == '|') break;
    }
    if (good && bytes.size() >= least) return {at, std::move(bytes)};
    // Behind the next blank.
    while (at + 1 < line.size() && line[at + 1] != ' ' && line[at + 1] != ':') ++at;
  }
  return out;
}

void Decoder::Observe(std::string_view line) {
  if (Trim(line).empty()) return;
  ++lines_;
  if (HasToken(line)) ++tokens_;
  if (EndsEscaped(line)) ++escapes_;
  if (HasDots(line)) ++dots_;
  for (std::size_t at = line.find('\\'); at != std::string_view::npos;
       at = line.find('\\', at + 1)) {
    if (!IsMarkdownEscape(line.substr(at))) continue;
    ++markdown_;
    break;
  }
  const HexText hex = ReadHex(line.substr(0, 400));
  if (hex.bytes.empty()) return;
  ++hex_;
  if (hex.bytes.find("AT") != std::string::npos || hex.bytes.find("OK") != std::string::npos ||
      hex.bytes.find("\r\n") != std::string::npos)
    ++hex_at_;
}

void Decoder::Decide() {
  unescape_markdown_ = markdown_ > 0 && escapes_ == 0;
  if (hex_at_ > 0 && hex_ * 3 >= lines_)
    style_ = Style::kHex;
  else if (tokens_ > 0 && tokens_ * 10 >= lines_)
    style_ = Style::kTokens;
  else if (dots_ > 0 && dots_ * 4 >= lines_)
    style_ = Style::kDots;
  else if (escapes_ > 0 && escapes_ * 4 >= lines_)
    style_ = Style::kEscapes;
}

Decoder::Line Decoder::Decode(std::string_view line) {
  buffer_.clear();
  if (line.find("\x1B[") != std::string_view::npos) {
    colourless_.clear();
    WithoutColours(line, colourless_);
    line = colourless_;
  }
  switch (style_) {
    case Style::kNone:
      break;
    case Style::kTokens:
      if (!HasAnyToken(line)) return {line, false};
      DecodeEscapes(line, true, buffer_);
      return {buffer_, true};
    case Style::kEscapes:
      if (line.find('\\') == std::string_view::npos) return {line, false};
      DecodeEscapes(line, false, buffer_);
      return {buffer_, true};
    case Style::kDots:
      if (line.find("..") == std::string_view::npos) return {line, false};
      DecodeDots(line, buffer_);
      return {buffer_, true};
    case Style::kHex: {
      const HexText hex = ReadHex(line, 1);
      if (hex.bytes.empty()) return {line, false};
      buffer_.assign(line.substr(0, hex.at));
      buffer_ += hex.bytes;
      return {buffer_, true, hex.at};
    }
  }
  if (!unescape_markdown_ || line.find('\\') == std::string_view::npos) return {line, false};
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (IsMarkdownEscape(line.substr(at))) ++at;
    buffer_ += line[at];
  }
  return {buffer_, false};
}

}  // namespace assay::transcript
