#include "transcripts/import_blocks.h"

#include <algorithm>

namespace assay::transcript {
namespace {

constexpr std::size_t kMostHeaders = 256;

// "==================": one character again and again.
bool IsRule(std::string_view text) {
  return text.size() >= 4 &&
         std::string_view("=-*_~+").find(text.front()) != std::string_view::npos &&
         text.find_first_not_of(text.front()) == std::string_view::npos;
}

// "=== SENT@6090 ===", "> 2024/01/01 10:00:00.1  length=14 from=0 to=13", "TX (14 bytes):".
bool MayBeHeader(std::string_view text) {
  if (text.size() < 3 || text.size() > 120 || IsRule(text)) return false;
  if (std::string_view("=-*~").find(text[0]) != std::string_view::npos && text[1] == text[0])
    return true;
  if ((text[0] == '<' || text[0] == '>') && text.find("length=") != std::string_view::npos)
    return true;
  return text.back() == ':' && text.size() <= 40;
}

std::string Key(std::string_view text) { return Generalise(Trim(text), false); }

}  // namespace

void BlockTable::Observe(std::string_view line, const Anchor& anchor) {
  const std::string_view text = Trim(line);
  if (text.empty()) return;
  if (IsRule(text)) {
    if (rules_.size() < kMostHeaders) ++rules_[std::string(text)];
    open_.clear();
  } else if (!anchor && MayBeHeader(text)) {
    if (headers_.size() < kMostHeaders) open_ = Key(text);
  } else if (anchor && anchor.content != Content::kBlank && !open_.empty()) {
    Stats& stats = headers_[open_];
    if (anchor.content == Content::kCommand) {
      const bool echo = anchor.text == last_command_;
      ++stats.commands;
      stats.echoes += echo ? 1 : 0;
      last_command_.assign(anchor.text);
      // The block goes on behind an echo.
      if (!echo) open_.clear();
    } else {
      ++stats.answers;
      open_.clear();
    }
  }
}

void BlockTable::Decide() {
  bool hosts = false, modems = false;
  for (auto& [key, stats] : headers_) {
    if (stats.answers > 0 && stats.commands <= stats.echoes)
      stats.side = Side::kModem;
    else if (stats.commands > 0 && stats.answers == 0)
      stats.side = Side::kHost;
    hosts = hosts || (stats.side == Side::kHost && stats.commands > 1);
    modems = modems || (stats.side == Side::kModem && stats.answers > 1);
  }
  used_ = hosts && modems;
  std::size_t most = 1;
  for (const auto& [text, count] : rules_) {
    if (count > most) most = count, rule_ = text;
  }
}

BlockTable::Line BlockTable::Follow(std::string_view line) {
  const std::string_view text = Trim(line);
  if (!rule_.empty() && text == rule_) {
    inside_ = false;
    return {Part::kClose, side_, {}, false};
  }
  if (MayBeHeader(text)) {
    if (const auto known = headers_.find(Key(text));
        known != headers_.end() && known->second.side != Side::kUnknown) {
      inside_ = true;
      side_ = known->second.side;
      return {Part::kHeader, side_, text, false};
    }
  }
  if (!inside_) return {Part::kOutside, Side::kUnknown, text, true};
  if (!rule_.empty() && line.size() > rule_.size() && line.ends_with(rule_)) {
    inside_ = false;
    line.remove_suffix(rule_.size());
    return {Part::kBytes, side_, line, false};
  }
  return {Part::kBytes, side_, line, true};
}

}  // namespace assay::transcript
