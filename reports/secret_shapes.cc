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

void Keys(std::string_view text, std::vector<std::string>& out) {
  constexpr std::string_view kBegin = "PRIVATE KEY-----", kEnd = "-----END";
  for (std::size_t at = text.find(kBegin); at != std::string_view::npos;
       at = text.find(kBegin, at)) {
    at += kBegin.size();
    const std::size_t end = std::min(text.find(kEnd, at), text.size());
    // Line by line, for the lines may come one at a time.
    while (at < end) {
      std::size_t stop = at;
      while (stop < end && (IsAlnum(text[stop]) || text[stop] == '+' || text[stop] == '/' ||
                            text[stop] == '='))
        ++stop;
      if (stop - at >= 8) out.emplace_back(text.substr(at, stop - at));
      at = stop + 1;
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
