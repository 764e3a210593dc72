#include "reports/fold.h"

#include <algorithm>

#include "reports/visible.h"

namespace assay::report {

std::size_t Columns(std::string_view text) {
  std::size_t columns = 0;
  for (std::size_t at = 0; at < text.size(); at += CharacterLength(text, at)) ++columns;
  return columns;
}

std::size_t BytesOfColumns(std::string_view text, std::size_t columns) {
  std::size_t at = 0;
  while (at < text.size() && columns-- > 0) at += CharacterLength(text, at);
  return at;
}

std::vector<std::string> Fold(std::string_view text, std::size_t columns, Break where) {
  std::vector<std::string> lines;
  for (std::size_t cut = 0; (cut = BytesOfColumns(text, columns)) < text.size();) {
    std::size_t next = cut;
    if (where == Break::kAtSpaces) {
      const std::size_t space = text.substr(0, cut + 1).rfind(' ');
      if (space != text.npos && space > cut / 3) {
        cut = space;
        next = space + 1;
      }
    }
    lines.emplace_back(text.substr(0, cut));
    text.remove_prefix(next);
  }
  lines.emplace_back(text);
  return lines;
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    lines.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  if (lines.size() > 1 && lines.back().empty()) lines.pop_back();
  return lines;
}

}  // namespace assay::report
