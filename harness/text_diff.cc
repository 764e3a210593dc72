#include "harness/text_diff.h"

#include <algorithm>
#include <vector>

namespace assay::harness {
namespace {

constexpr std::size_t kContext = 3;
constexpr std::size_t kMostLines = 6000;  // that are held against each other

std::vector<std::string_view> LinesOf(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

struct Edit {
  char what;  // ' ', '-', '+'
  std::string_view line;
};

// Myers, "An O(ND) Difference Algorithm" (1986): the rows are kept to find the way back.
std::vector<Edit> Edits(const std::vector<std::string_view>& a,
                        const std::vector<std::string_view>& b) {
  // Nothing to be found; or so much that nobody would read it line by line.
  if (a.empty() || b.empty() || a.size() + b.size() > kMostLines) {
    std::vector<Edit> all;
    for (const std::string_view line : a) all.push_back({'-', line});
    for (const std::string_view line : b) all.push_back({'+', line});
    return all;
  }
  const auto n = static_cast<std::ptrdiff_t>(a.size()), m = static_cast<std::ptrdiff_t>(b.size());
  std::vector<std::vector<std::ptrdiff_t>> rows;
  std::vector<std::ptrdiff_t> best(static_cast<std::size_t>(2 * (n + m) + 3), 0);
  const auto at = [&](std::vector<std::ptrdiff_t>& row, std::ptrdiff_t k) -> std::ptrdiff_t& {
    return row[static_cast<std::size_t>(k + n + m + 1)];
  };
  const auto down = [&](std::vector<std::ptrdiff_t>& row, std::ptrdiff_t k, std::ptrdiff_t d) {
    return k == -d || (k != d && at(row, k - 1) < at(row, k + 1));
  };
  for (std::ptrdiff_t d = 0; d <= n + m; ++d) {
    rows.push_back(best);
    for (std::ptrdiff_t k = -d; k <= d; k += 2) {
      std::ptrdiff_t x = down(best, k, d) ? at(best, k + 1) : at(best, k - 1) + 1;
      while (x < n && x - k < m && a[static_cast<std::size_t>(x)] == b[static_cast<std::size_t>(x - k)]) ++x;
      at(best, k) = x;
      if (x < n || x - k < m) continue;
      std::vector<Edit> out;
      std::ptrdiff_t y = m;
      x = n;
      for (std::ptrdiff_t left = d; left > 0; --left) {
        std::vector<std::ptrdiff_t>& row = rows[static_cast<std::size_t>(left)];
        const std::ptrdiff_t here = x - y;
        const bool added = down(row, here, left);
        const std::ptrdiff_t from = added ? here + 1 : here - 1;
        const std::ptrdiff_t to_x = at(row, from), to_y = to_x - from;
        while (x > (added ? to_x : to_x + 1)) out.push_back({' ', a[static_cast<std::size_t>(--x)]}), --y;
        out.push_back(added ? Edit{'+', b[static_cast<std::size_t>(to_y)]}
                            : Edit{'-', a[static_cast<std::size_t>(to_x)]});
        x = to_x;
        y = to_y;
      }
      while (x > 0) out.push_back({' ', a[static_cast<std::size_t>(--x)]});
      std::reverse(out.begin(), out.end());
      return out;
    }
  }
  return {};
}

std::string Place(std::size_t line, std::size_t count) {
  return std::to_string(count == 0 ? line : line + 1) + (count == 1 ? "" : "," + std::to_string(count));
}

}  // namespace

std::string UnifiedDiff(const std::string& file, std::string_view before, std::string_view after) {
  if (before == after) return {};
  std::vector<std::string_view> a = LinesOf(before), b = LinesOf(after);
  // What both begin with need not be searched; it is most of a file.
  std::size_t same = 0;
  while (same < std::min(a.size(), b.size()) && a[same] == b[same]) ++same;
  std::size_t tail = 0;
  while (tail < std::min(a.size(), b.size()) - same &&
         a[a.size() - tail - 1] == b[b.size() - tail - 1])
    ++tail;
  std::vector<Edit> edits;
  for (std::size_t i = 0; i < same; ++i) edits.push_back({' ', a[i]});
  const auto middle = [&](std::vector<std::string_view>& lines) {
    return std::vector<std::string_view>(lines.begin() + static_cast<std::ptrdiff_t>(same),
                                         lines.end() - static_cast<std::ptrdiff_t>(tail));
  };
  for (const Edit& edit : Edits(middle(a), middle(b))) edits.push_back(edit);
  for (std::size_t i = a.size() - tail; i < a.size(); ++i) edits.push_back({' ', a[i]});
  std::string out = "--- " + file + "\n+++ " + file + "\n";
  std::size_t old_line = 0, new_line = 0;
  for (std::size_t i = 0; i < edits.size();) {
    std::size_t first = i;
    while (first < edits.size() && edits[first].what == ' ') ++first;
    if (first == edits.size()) break;
    const std::size_t skipped = std::max(first - i, kContext) - kContext;
    old_line += skipped, new_line += skipped, i += skipped;
    // As far as two changes share their context.
    std::size_t end = first;
    for (std::size_t j = first; j < edits.size() && j <= end + 2 * kContext; ++j)
      if (edits[j].what != ' ') end = j;
    end = std::min(end + 1 + kContext, edits.size());
    std::size_t removed = 0, added = 0;
    std::string hunk;
    for (; i < end; ++i) {
      removed += edits[i].what != '+' ? 1 : 0;
      added += edits[i].what != '-' ? 1 : 0;
      hunk += std::string(1, edits[i].what) + std::string(edits[i].line) + "\n";
    }
    out += "@@ -" + Place(old_line, removed) + " +" + Place(new_line, added) + " @@\n" + hunk;
    old_line += removed, new_line += added;
  }
  return out;
}

}  // namespace assay::harness
