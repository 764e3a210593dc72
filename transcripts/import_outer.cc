#include "transcripts/import_outer.h"

#include <algorithm>

#include "transcripts/import_anchor.h"
#include "transcripts/import_prefix.h"

namespace assay::transcript {
namespace {

constexpr std::size_t kMost = 120;  // bytes that a prefix may have

// The longest start of `shape` behind which something else may begin: brackets closed, a blank or a
// mark at its end.
std::string_view UpToBoundary(std::string_view shape) {
  std::size_t good = 0;
  int depth = 0;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] == '[' || shape[i] == '(') ++depth;
    if (shape[i] == ']' || shape[i] == ')') --depth;
    if (depth == 0 && (shape[i] == ' ' || shape[i] == '|' || shape[i] == '\t')) good = i + 1;
  }
  return shape.substr(0, good);
}

}  // namespace

void OuterPrefix::Observe(std::string_view line) {
  line = TrimRight(line);
  if (line.empty()) return;
  std::size_t indent = 0;
  while (indent < line.size() && IsBlank(line[indent])) ++indent;
  indent_ = std::min(indent_, indent);
  starts_.emplace_back(line.substr(0, kMost));
}

void OuterPrefix::Decide(const dialect::Grammar& grammar) {
  if (indent_ == static_cast<std::size_t>(-1)) indent_ = 0;
  std::vector<std::string> starts;
  starts.swap(starts_);
  if (starts.size() < 2) return;
  std::vector<std::string> shapes;
  for (const std::string& start : starts) shapes.push_back(Generalise(start, false));
  // A line that is nothing but the prefix is a blank one.
  std::sort(shapes.begin(), shapes.end(),
            [](const auto& a, const auto& b) { return a.size() > b.size(); });
  std::string common = shapes.front();
  for (const std::string& shape : shapes) {
    if (common.starts_with(shape)) continue;
    common.resize(static_cast<std::size_t>(
        std::mismatch(common.begin(), common.end(), shape.begin(), shape.end()).first -
        common.begin()));
  }
  common = UpToBoundary(common);
  const std::string_view text = Trim(common);
  if (text.empty() || !NameOfLine(text).empty() || Classify(text, grammar) != Content::kText)
    return;
  if (std::all_of(text.begin(), text.end(), IsLetter)) return;
  shape_ = common;
  // It must uncover something.
  const bool uncovers = std::any_of(starts.begin(), starts.end(), [&](const std::string& start) {
    return static_cast<bool>(FindAnchor(std::string_view(start).substr(Size(start)), grammar));
  });
  if (!uncovers) shape_.clear();
}

std::size_t OuterPrefix::Size(std::string_view line) const {
  if (shape_.empty()) return Trim(line).empty() ? 0 : std::min(indent_, line.size());
  return PrefixSize(line.substr(0, kMost), shape_);
}

}  // namespace assay::transcript
