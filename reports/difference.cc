#include "reports/difference.h"

#include <algorithm>
#include <cstdint>

#include "reports/visible.h"

namespace assay::report {
namespace {

constexpr std::size_t kMostTokens = 600;  // of each side; beyond, the middle is marked as one

bool Continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

bool WordLike(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

std::size_t CommonBeginning(std::string_view a, std::string_view b) {
  std::size_t same = 0;
  while (same < std::min(a.size(), b.size())) {
    const std::size_t length = CharacterLength(a, same);
    if (a.substr(same, length) != b.substr(same, length)) break;
    same += length;
  }
  return same;
}

std::size_t CommonEnd(std::string_view a, std::string_view b) {
  std::size_t same = 0;
  while (same < std::min(a.size(), b.size()) && a[a.size() - same - 1] == b[b.size() - same - 1])
    ++same;
  while (same > 0 && Continues(a[a.size() - same])) --same;
  return same;
}

// What an escape as \x1B takes.
std::size_t EscapeLength(std::string_view text) {
  return text.size() > 3 && text[1] == 'x' ? 4 : std::min<std::size_t>(2, text.size());
}

// The end of the escape that goes over `at`, or `at` itself; and likewise where it begins.
Span Around(std::string_view text, std::size_t at) {
  for (std::size_t i = 0; i < at;) {
    const std::size_t length =
        text[i] == '\\' ? EscapeLength(text.substr(i)) : CharacterLength(text, i);
    if (i + length > at) return {i, i + length};
    i += length;
  }
  return {at, at};
}

// Words, escapes, and single characters.
std::vector<std::string_view> Tokens(std::string_view text) {
  std::vector<std::string_view> tokens;
  while (!text.empty()) {
    std::size_t length = CharacterLength(text, 0);
    if (text[0] == '\\' && text.size() > 1) {
      length = EscapeLength(text);
    } else if (WordLike(text[0])) {
      while (length < text.size() && WordLike(text[length])) ++length;
    }
    tokens.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return tokens;
}

// Of the tokens of `a`, those that a longest common sequence leaves out.
std::vector<bool> LeftOut(const std::vector<std::string_view>& a,
                          const std::vector<std::string_view>& b) {
  const std::size_t width = b.size() + 1;
  std::vector<std::uint16_t> longest((a.size() + 1) * width, 0);
  for (std::size_t i = a.size(); i-- > 0;) {
    for (std::size_t j = b.size(); j-- > 0;) {
      longest[i * width + j] =
          a[i] == b[j] ? static_cast<std::uint16_t>(longest[(i + 1) * width + j + 1] + 1)
                       : std::max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
    }
  }
  std::vector<bool> out(a.size(), true);
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i] == b[j]) {
      out[i++] = false;
      ++j;
    } else if (longest[(i + 1) * width + j] >= longest[i * width + j + 1]) {
      ++i;
    } else {
      ++j;
    }
  }
  return out;
}

}  // namespace

std::vector<Span> Differences(std::string_view text, std::string_view other) {
  std::size_t begin = CommonBeginning(text, other);
  begin = std::min(Around(text, begin).begin, Around(other, begin).begin);
  std::size_t end = CommonEnd(text.substr(begin), other.substr(begin));
  end = std::min(text.size() - Around(text, text.size() - end).end,
                 other.size() - Around(other, other.size() - end).end);
  const std::string_view middle = text.substr(begin, text.size() - begin - end);
  const std::string_view its = other.substr(begin, other.size() - begin - end);
  if (middle.empty()) return {};
  const std::vector<std::string_view> a = Tokens(middle), b = Tokens(its);
  std::vector<bool> differs(a.size(), true);
  if (a.size() <= kMostTokens && b.size() <= kMostTokens) differs = LeftOut(a, b);
  const bool all = std::find(differs.begin(), differs.end(), false) == differs.end();
  if (begin + end == 0 && all) return {};
  std::vector<Span> spans;
  std::size_t at = begin;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (differs[i]) {
      if (!spans.empty() && spans.back().end == at) {
        spans.back().end += a[i].size();
      } else {
        spans.push_back({at, at + a[i].size()});
      }
    }
    at += a[i].size();
  }
  return spans;
}

}  // namespace assay::report
