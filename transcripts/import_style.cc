#include "transcripts/import_style.h"

#include <algorithm>
#include <array>

namespace assay::transcript {
namespace {

struct Named {
  std::string_view name;
  Decoder::Style style;
};
constexpr std::array<Named, 7> kNames = {{{"terminal", Decoder::Style::kNone},
                                          {"marks", Decoder::Style::kNone},
                                          {"blocks", Decoder::Style::kNone},
                                          {"tokens", Decoder::Style::kTokens},
                                          {"escapes", Decoder::Style::kEscapes},
                                          {"dots", Decoder::Style::kDots},
                                          {"hex", Decoder::Style::kHex}}};

}  // namespace

std::vector<std::string> LogStyle::Names() {
  std::vector<std::string> out = {"auto"};
  for (const Named& named : kNames) out.emplace_back(named.name);
  return out;
}

LogStyle::LogStyle(const dialect::Grammar& grammar, std::string_view format,
                   const std::vector<LogLine>& first) {
  for (const LogLine& line : first) outer_.Observe(line.text);
  outer_.Decide(grammar);
  for (const LogLine& line : first)
    decoder_.Observe(std::string_view(line.text).substr(outer_.Size(line.text)));
  decoder_.Decide();
  const auto named =
      std::find_if(kNames.begin(), kNames.end(), [&](const Named& n) { return n.name == format; });
  if (named != kNames.end()) decoder_.Force(named->style);
  for (const LogLine& line : first) {
    const Decoder::Line decoded = Decode(line.text).decoded;
    const Anchor anchor = FindAnchor(decoded.text, grammar, decoded.at);
    if (format != "terminal") marks_.Observe(decoded.text, anchor);
    if (format == "auto" || format == "blocks") blocks_.Observe(decoded.text, anchor);
    width_ = std::max(width_, decoded.text.size());
  }
  marks_.Decide();
  blocks_.Decide();
  LearnWrapping(grammar, first);
}

void LogStyle::LearnWrapping(const dialect::Grammar& grammar, const std::vector<LogLine>& first) {
  if (!marks_.marked() || bytes() != Decoder::Style::kNone) return;
  std::size_t before = 0, marked = 0, continued = 0, others = 0;
  for (const LogLine& line : first) {
    const std::string_view text = Decode(line.text).decoded.text;
    const Anchor anchor = FindAnchor(text, grammar);
    const bool bare = marks_.Find(text, anchor).trust == Prefix::Trust::kBare;
    if (!bare) ++marked;
    if (bare && !anchor && !Trim(text).empty()) {
      if (MayContinue(before, text))
        ++continued;
      else if (Trim(text).front() != '[')
        ++others;
    }
    before = Trim(text).empty() ? 0 : text.size();
  }
  // Else the logger's own lines have no marks, and one of them stands behind the widest line.
  wraps_ = continued > 0 && others * 2 <= continued && marked > 1;
}

bool LogStyle::MayContinue(std::size_t size, std::string_view text) const {
  text = Trim(text);
  if (size == 0 || text.empty() || text.front() == '[') return false;
  return size + 1 + std::min(text.find(' '), text.size()) > width_;
}

LogStyle::Line LogStyle::Decode(std::string_view raw) {
  const std::size_t outer = outer_.Size(raw);
  return {raw.substr(0, outer), decoder_.Decode(raw.substr(outer))};
}

std::string LogStyle::name() const {
  for (const Named& named : kNames) {
    if (named.style == bytes() && bytes() != Decoder::Style::kNone) return std::string(named.name);
  }
  return blocks_.used() ? "blocks" : marks_.marked() ? "marks" : "terminal";
}

}  // namespace assay::transcript
