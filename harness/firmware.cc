#include "harness/firmware.h"

namespace assay::harness {
namespace {

constexpr std::string_view kTo = "..";

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char Upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

// A number, a word, or one other character.
std::string_view Token(std::string_view text) {
  std::size_t size = 1;
  if (IsDigit(text[0])) {
    while (size < text.size() && IsDigit(text[size])) ++size;
  } else if (IsLetter(text[0])) {
    while (size < text.size() && IsLetter(text[size])) ++size;
  }
  return text.substr(0, size);
}

std::partial_ordering CompareNumbers(std::string_view a, std::string_view b) {
  const auto value = [](std::string_view text) {
    const std::size_t begin = text.find_first_not_of('0');
    return begin == std::string_view::npos ? std::string_view() : text.substr(begin);
  };
  a = value(a), b = value(b);
  if (a.size() != b.size()) return a.size() <=> b.size();
  return a.compare(b) <=> 0;
}

std::partial_ordering CompareTokens(std::string_view a, std::string_view b) {
  if (IsDigit(a[0]) && IsDigit(b[0])) return CompareNumbers(a, b);
  if (a.size() == 1 && b.size() == 1 && IsLetter(a[0]) && IsLetter(b[0]))
    return Upper(a[0]) <=> Upper(b[0]);
  if (a.size() != b.size()) return std::partial_ordering::unordered;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (Upper(a[i]) != Upper(b[i])) return std::partial_ordering::unordered;
  }
  return std::partial_ordering::equivalent;
}

}  // namespace

std::partial_ordering CompareFirmware(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    const std::string_view one = Token(a), other = Token(b);
    if (const auto order = CompareTokens(one, other); order != std::partial_ordering::equivalent)
      return order;
    a.remove_prefix(one.size());
    b.remove_prefix(other.size());
  }
  return a.size() <=> b.size();
}

std::optional<FirmwareRange> ParseFirmwareRange(std::string_view text) {
  const std::size_t at = text.find(kTo);
  if (at == std::string_view::npos)
    return text.empty() ? std::nullopt
                        : std::optional(FirmwareRange{std::string(text), std::string(text)});
  FirmwareRange out{std::string(text.substr(0, at)), std::string(text.substr(at + kTo.size()))};
  if (out.from.empty() && out.to.empty()) return std::nullopt;
  if (out.to.find(kTo) != std::string::npos || out.to.starts_with('.')) return std::nullopt;
  if (out.from.empty() || out.to.empty()) return out;
  const auto order = CompareFirmware(out.from, out.to);
  if (order == std::partial_ordering::unordered || order > 0) return std::nullopt;
  return out;
}

std::string Print(const FirmwareRange& range) {
  return range.from == range.to ? range.from : range.from + std::string(kTo) + range.to;
}

InRange Holds(const FirmwareRange& range, std::string_view revision) {
  if (revision.empty()) return InRange::kUnknown;
  if (range.from == range.to) return revision == range.from ? InRange::kYes : InRange::kNo;
  InRange out = InRange::kYes;
  for (const auto& [end, wrong] : {std::pair{std::string_view(range.from), -1},
                                   {std::string_view(range.to), 1}}) {
    if (end.empty()) continue;
    const auto order = CompareFirmware(revision, end);
    if (order == std::partial_ordering::unordered) {
      out = InRange::kUnknown;
    } else if (wrong < 0 ? order < 0 : order > 0) {
      return InRange::kNo;
    }
  }
  return out;
}

}  // namespace assay::harness
