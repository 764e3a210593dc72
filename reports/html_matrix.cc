#include "reports/html_matrix.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "reports/case_place.h"
#include "reports/digest.h"
#include "reports/html_parts.h"
#include "reports/html_text.h"

namespace assay::report {
namespace {

using Tally = std::map<Standing, std::size_t>;

// What a cell is coloured and signed by: the worst, and a skip only where nothing ran.
Standing WorstOf(const Tally& tally) {
  for (const Standing standing : {Standing::kError, Standing::kFail, Standing::kUnexpectedPass,
                                  Standing::kInconc, Standing::kKnownFailure, Standing::kFlaky,
                                  Standing::kPass, Standing::kNotJudged})
    if (tally.contains(standing)) return standing;
  return Standing::kSkipped;
}

std::string InWords(const Tally& tally) {
  std::string words;
  for (const auto& [standing, count] : tally)
    words += (words.empty() ? "" : ", ") + std::to_string(count) + " " +
             std::string(Words(standing));
  return words;
}

std::string HtmlCount(const Tally& tally) {
  const Standing worst = WorstOf(tally);
  std::size_t all = 0;
  for (const auto& [standing, count] : tally) all += count;
  const std::size_t ran =
      all - (tally.contains(Standing::kSkipped) ? tally.at(Standing::kSkipped) : 0);
  std::string text = std::to_string(tally.at(worst));
  if (worst != Standing::kPass && worst != Standing::kSkipped && ran > tally.at(worst))
    text += "<small>/" + std::to_string(ran) + "</small>";
  return "<span aria-hidden=\"true\"><b>" + std::string(SignOf(worst)) + "</b>&#8201;" + text +
         "</span>";
}

class CommandMatrix {
 public:
  CommandMatrix(const Report& report, const Anchor& anchor)
      : report_(report), anchor_(anchor), matrix_(MatrixOf(report)), names_(CommandNames(report)) {
    several_ = !matrix_.rows.empty() && matrix_.rows.front().dialect != matrix_.rows.back().dialect;
  }

  std::string Write() {
    if (matrix_.rows.empty()) return "";
    std::string html =
        "<p class=\"note\">A cell leads to its cases. It tells how many ended worst, and of how "
        "many that ran; a dash, that none of them was run.</p>\n"
        "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"Matrix of commands by "
        "kinds of check\"><table class=\"matrix\"><thead><tr><th scope=\"col\">Command</th>";
    for (const std::string& kind : matrix_.kinds)
      html += "<th scope=\"col\">" + HtmlLine(kind) + "</th>";
    html += "<th scope=\"col\">All</th></tr></thead>\n";
    std::string dialect;
    html += "<tbody>\n";
    for (const Matrix::Row& row : matrix_.rows) {
      if (several_ && (row.dialect != dialect || &row == &matrix_.rows.front())) {
        dialect = row.dialect;
        html += "</tbody><tbody><tr class=\"dialect\"><th scope=\"rowgroup\" colspan=\"" +
                std::to_string(matrix_.kinds.size() + 2) + "\">" + HtmlLine(dialect) +
                "</th></tr>\n";
      }
      html += Row(row);
    }
    return html + "</tbody></table></div>\n";
  }

 private:
  std::string Cell(const std::vector<const Outcome*>& cases, const Matrix::Row& row,
                   const std::string& kind) const {
    const std::string& command = row.command;
    Tally tally;
    for (const Outcome* outcome : cases) ++tally[StandingOf(report_, *outcome)];
    const Standing worst = WorstOf(tally);
    const auto first = std::find_if(cases.begin(), cases.end(), [&](const Outcome* outcome) {
      return StandingOf(report_, *outcome) == worst;
    });
    std::string name = names_.contains(command) ? names_.at(command) : command;
    name += kind.empty() ? "" : ", " + kind;
    const std::string label = HtmlLine(name + ": " + InWords(tally));
    const std::string look = "<td class=\"" + std::string(ClassOf(worst)) + "\">";
    // What was not run has no place among the cases.
    if (worst == Standing::kSkipped)
      return look + "<a href=\"#skipped\" aria-label=\"" + label + "\">" + HtmlCount(tally) +
             "</a></td>";
    return look + "<a href=\"#" + anchor_(**first) + "\" data-command=\"" + HtmlLine(command) +
           "\"" + (several_ ? " data-dialect=\"" + HtmlLine(row.dialect) + "\"" : "") +
           (kind.empty() ? "" : " data-kind=\"" + HtmlLine(kind) + "\"") +
           " aria-label=\"" + label + "\">" + HtmlCount(tally) + "</a></td>";
  }

  std::string Row(const Matrix::Row& row) const {
    std::string html = "<tr><th scope=\"row\">";
    html += names_.contains(row.command) ? "<code>" + HtmlLine(names_.at(row.command)) + "</code>"
                                         : HtmlLine(row.command);
    html += "</th>";
    std::vector<const Outcome*> all;
    for (const std::string& kind : matrix_.kinds) {
      const auto cell = row.cells.find(kind);
      if (cell == row.cells.end()) {
        html += "<td></td>";
        continue;
      }
      html += Cell(cell->second, row, kind);
      all.insert(all.end(), cell->second.begin(), cell->second.end());
    }
    return html + Cell(all, row, "") + "</tr>\n";
  }

  const Report& report_;
  const Anchor& anchor_;
  const Matrix matrix_;
  const std::map<std::string, std::string> names_;
  bool several_ = false;  // dialects
};

// How a case ended on each device that has it; on one that repeated it, the worst.
struct Ends {
  std::string id;
  std::map<std::string, const Outcome*> on;
};

std::vector<Ends> EndsOf(const Report& report) {
  std::vector<Ends> all;
  std::map<std::string, std::size_t> index;
  for (const Outcome& outcome : report.outcomes) {
    const auto [entry, added] = index.emplace(outcome.id, all.size());
    if (added) all.push_back({outcome.id, {}});
    const Outcome*& kept = all[entry->second].on[outcome.device];
    if (kept == nullptr || kept->verdict < outcome.verdict) kept = &outcome;
  }
  return all;
}

// What was found, whatever words it was told in.
std::set<std::string> FoundIn(const Outcome& outcome) {
  std::set<std::string> found;
  for (const Finding& finding : outcome.findings)
    if (finding.severity != Severity::kInfo) found.insert(finding.fingerprint);
  return found;
}

std::string Because(const Outcome& outcome, Standing standing) {
  if (!NeedsAttention(standing) && standing != Standing::kKnownFailure) return "";
  return " <span class=\"reason\">" + HtmlLine(outcome.reason) + "</span>";
}

}  // namespace

std::string HtmlMatrix(const Report& report, const Anchor& anchor) {
  return CommandMatrix(report, anchor).Write();
}

std::string HtmlDeviceMatrix(const Report& report, const Anchor& anchor) {
  if (report.devices.size() < 2) return "";
  const std::vector<Ends> all = EndsOf(report);
  std::map<Standing, std::size_t> alike;
  std::string rows;
  std::size_t differ = 0, alone = 0;
  for (const Ends& one : all) {
    std::set<std::pair<Standing, std::set<std::string>>> ends;
    std::string cells;
    std::size_t could = 0;  // devices that speak the case's dialect
    for (const DeviceEntry& device : report.devices) {
      const auto on = one.on.find(device.name);
      if (on == one.on.end()) {
        const bool speaks = one.id.starts_with(device.dialect + "/");
        could += speaks ? 1 : 0;
        if (speaks) ends.insert({Standing::kNotJudged, {}});
        cells += HtmlCell(HtmlLine(device.name), speaks ? "not among its cases" : "");
        continue;
      }
      ++could;
      const Standing standing = StandingOf(report, *on->second);
      ends.insert({standing, FoundIn(*on->second)});
      const std::string link = standing == Standing::kSkipped ? "skipped" : anchor(*on->second);
      cells += HtmlCell(HtmlLine(device.name), "<a href=\"#" + link + "\">" + Badge(standing) +
                                                   "</a>" + Because(*on->second, standing));
    }
    if (could < 2) {
      ++alone;
    } else if (ends.size() == 1) {
      ++alike[ends.begin()->first];
    } else {
      ++differ;
      rows += "<tr><th scope=\"row\"><code class=\"id\">" + HtmlLine(one.id) + "</code></th>" +
              cells + "</tr>\n";
    }
  }
  std::string html = "<p>" + CountOf(differ, "case") +
                     " did not end alike on all devices that have it.";
  std::size_t agree = 0;
  for (const auto& [standing, count] : alike) agree += count;
  if (agree > 0) html += " " + CountOf(agree, "case") + " ended alike: " + InWords(alike) + ".";
  if (alone > 0)
    html += " " + CountOf(alone, "case") + (alone == 1 ? " is" : " are") + " of one device alone.";
  html += "</p>\n";
  if (differ == 0) return html;
  html +=
      "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"Matrix of cases by "
      "devices\"><table class=\"list by-device\"><thead><tr><th scope=\"col\">Case</th>";
  for (const DeviceEntry& device : report.devices)
    html += "<th scope=\"col\">" + HtmlLine(device.name) + "</th>";
  return html + "</tr></thead>\n<tbody>\n" + rows + std::string(kHtmlTableEnd) + "</div>\n";
}

}  // namespace assay::report
