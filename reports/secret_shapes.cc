#include "reports/secret_shapes.h"

#include <algorithm>

namespace assay::report {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsAlnum(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Filling, as tests and examples have it.
bool IsFilling(std::string_view digits) {
  return digits.find_first_not_of(digits[0], 1) == std::string_view::npos;
}

// Is there nothing else in the line of text[from, to), but quotes and what comes before a colon?
bool Alone(std::string_view text, std::size_t from, std::size_t to) {
  std::size_t begin = from, end = to;
  while (end < text.size() && (text[end] == '"' || text[end] == ' ' || text[end] == 'F')) ++end;
  if (end < text.size() && text[end] != '\r' && text[end] != '\n') return false;
  while (begin > 0 && (text[begin - 1] == '"' || text[begin - 1] == ' ')) --begin;
  return begin == 0 || text[begin - 1] == '\n' || text[begin - 1] == '\r' ||
         text[begin - 1] == ':';
}

// Information texts with telephone numbers: TS 27.007, 7.1, 7.6, 7.11, 7.12, 7.18; TS 27.005, 3.1,
// 3.4 and 4.
bool TellsNumbers(std::string_view line) {
  static constexpr std::string_view kHeads[] = {"+CNUM:", "+CLIP:", "+CCWA:", "+CLCC:", "+COLP:",
                                                "+CSCA:", "+CMGL:", "+CMGR:", "+CMT:",  "+CDS:",
                                                "+CPBR:", "+CPBF:", "+CBM:"};
  return std::any_of(std::begin(kHeads), std::end(kHeads),
                     [&](std::string_view head) { return line.starts_with(head); });
}

std::string_view LineAround(std::string_view text, std::size_t at) {
  const std::size_t before = text.find_last_of("\r\n", at);
  const std::size_t from = before == std::string_view::npos ? 0 : before + 1;
  return text.substr(from, std::min(text.find_first_of("\r\n", at), text.size()) - from);
}

void Numbers(std::string_view text, std::vector<std::string>& out) {
  constexpr std::size_t kIdentity = 15, kLeast = 14, kMost = 22, kCard = 18, kPhone = 7;
  for (std::size_t at = 0; at < text.size();) {
    if (!IsDigit(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && IsDigit(text[end])) ++end;
    const std::string_view digits = text.substr(at, end - at);
    const std::size_t size = digits.size();
    const bool card = size >= kCard && size <= kMost && digits.starts_with("89");
    if (size >= kPhone && size <= kMost && !IsFilling(digits)) {
      const char before = at > 0 ? text[at - 1] : '\0';
      const bool quoted = at > 1 && before == '+' && text[at - 2] == '"';
      const bool phone = size <= kIdentity &&
                         ((quoted && end < text.size() && text[end] == '"') ||
                          ((before == '"' || before == '+') && TellsNumbers(LineAround(text, at))));
      if (size == kIdentity || card || phone || (size >= kLeast && Alone(text, at, end)))
        out.emplace_back(digits);
    }
    at = end;
  }
}

void Urls(std::string_view text, std::vector<std::string>& out) {
  for (std::size_t at = text.find("://"); at != std::string_view::npos; at = text.find("://", at)) {
    at += 3;
    const std::size_t end = std::min(text.find_first_of("/ \"'\r\n?", at), text.size());
    const std::size_t host = text.substr(0, end).rfind('@');
    const std::size_t colon = text.find(':', at);
    if (host == std::string_view::npos || host < at || colon > host) continue;
    out.emplace_back(text.substr(colon + 1, host - colon - 1));
  }
}

// Behind a line end, as it is or written as an escape.
std::size_t NextLine(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    const bool escaped = text[at] == '\\' && at + 1 < text.size() &&
                         (text[at + 1] == 'n' || text[at + 1] == 'r');
    if (!escaped && text[at] != '\r' && text[at] != '\n' && text[at] != ' ') break;
    at += escaped ? 2 : 1;
  }
  return at;
}

// The lines of a private key, one by one, for they may come one at a time. One that was cut off
// ends with its last full line: what comes behind it may be anything.
void Keys(std::string_view text, std::vector<std::string>& out) {
  constexpr std::string_view kBegin = "PRIVATE KEY-----";
  constexpr std::size_t kLeast = 8, kFull = 40;  // PEM has 64 bytes in a line, some have 76
  for (std::size_t at = text.find(kBegin); at != std::string_view::npos;
       at = text.find(kBegin, at)) {
    const std::size_t mark = text.substr(0, at).rfind("-----");
    at = NextLine(text, at + kBegin.size());
    // The line that ends a key has these words, too.
    if (mark != std::string_view::npos && !text.substr(mark).starts_with("-----BEGIN")) continue;
    // "Proc-Type: 4,ENCRYPTED"
    for (std::size_t end; (end = text.find_first_of("\r\n\\", at)) != std::string_view::npos;) {
      if (text.substr(at, end - at).find(": ") == std::string_view::npos) break;
      at = NextLine(text, end);
    }
    const std::size_t over = text.find("-----END", at);
    const std::string_view body = text.substr(at, over == std::string_view::npos ? 0 : over - at);
    const bool whole = !body.empty() && std::all_of(body.begin(), body.end(), [](char c) {
      return IsAlnum(c) || std::string_view("+/=\r\n\\ ").find(c) != std::string_view::npos;
    });
    for (bool first = true; at < text.size(); first = false) {
      std::size_t stop = at;
      while (stop < text.size() && (IsAlnum(text[stop]) || text[stop] == '+' ||
                                    text[stop] == '/' || text[stop] == '='))
        ++stop;
      const std::string_view line = text.substr(at, stop - at);
      if (line.size() < kLeast || (!first && line.starts_with("AT"))) break;
      out.emplace_back(line);
      at = NextLine(text, stop);
      if ((line.size() < kFull && !whole) || at == stop) break;
    }
  }
}

}  // namespace

std::vector<std::string> SecretShapes(std::string_view text) {
  std::vector<std::string> out;
  Numbers(text, out);
  Urls(text, out);
  Keys(text, out);
  return out;
}

}  // namespace assay::report
