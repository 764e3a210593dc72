#include "harness/log_lines.h"

#include <algorithm>

namespace assay::harness {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 16;

std::string Joined(const std::vector<std::string>& lines, std::string_view by) {
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) out.append(i > 0 ? by : "").append(lines[i]);
  return out;
}

}  // namespace

bool LogLines::Begin(std::string_view text, std::size_t line, std::size_t exchange) {
  const auto& spanning = grammar_.SpanningLines();
  if (spanning.empty() || grammar_.LinesLike(text).empty()) return false;
  const std::string started = std::string(text) + "\r\n";
  dialect::LineMatch match;
  const bool open =
      std::any_of(spanning.begin(), spanning.end(), [&](const dialect::DocumentedLine* one) {
        return one->pattern.Measure(started, match).kind == dialect::LineExtent::Kind::kOpen;
      });
  if (!open) return false;
  whole_ = Whole{std::string(text), line, exchange, true};
  return true;
}

bool LogLines::Fits(std::string_view text) const {
  const auto& spanning = grammar_.SpanningLines();
  dialect::LineMatch match;
  return std::any_of(spanning.begin(), spanning.end(), [&](const dialect::DocumentedLine* one) {
    return one->pattern.Match(text, match) == dialect::LineFit::kMatch;
  });
}

// How the lines of a log may have ended on the wire: a log does not tell.
std::optional<std::string> LogLines::Fitting() const {
  for (const std::string_view first : {"\r\n", "\n"}) {
    for (const std::string_view by : {"\r\n", "\n"}) {
      std::string text = whole_->text + std::string(first) + Joined(content_, by);
      if (Fits(text)) return text;
    }
  }
  return std::nullopt;
}

bool LogLines::Continue(std::string_view text) {
  if (!whole_ || complete_ || bytes_ > kMostBytes || grammar_.HasLinesLike(text)) return false;
  content_.emplace_back(text);
  bytes_ += text.size() + 2;
  complete_ = Fitting().has_value();
  return true;
}

std::optional<LogLines::Whole> LogLines::Take() {
  if (!whole_) return std::nullopt;
  Whole out = *whole_;
  out.shown = !content_.empty();
  if (out.shown) out.text = Fitting().value_or(out.text + "\r\n" + Joined(content_, "\r\n"));
  whole_.reset();
  content_.clear();
  bytes_ = 0;
  complete_ = false;
  return out;
}

}  // namespace assay::harness
