#include "reports/html_attention.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "reports/digest.h"
#include "reports/html_case.h"
#include "reports/html_parts.h"
#include "reports/html_text.h"

namespace assay::report {
namespace {

constexpr std::size_t kNamed = 4;  // cases of one reason, before the rest is folded

struct Group {
  Standing standing = Standing::kFail;
  std::string reason;
  std::vector<const Outcome*> cases;
};

// How urgent: what failed first, then what could not be told.
int Rank(Standing standing) {
  return standing == Standing::kFail ? 0 : standing == Standing::kUnexpectedPass ? 1
         : standing == Standing::kError                                          ? 2
                                                                                 : 3;
}

std::vector<Group> GroupsOf(const Report& report) {
  std::vector<Group> groups;
  std::map<std::pair<Standing, std::string>, std::size_t> index;
  for (const Outcome& outcome : report.outcomes) {
    const Standing standing = StandingOf(report, outcome);
    if (!NeedsAttention(standing)) continue;
    const auto [entry, added] = index.emplace(std::pair(standing, outcome.reason), groups.size());
    if (added) groups.push_back({standing, outcome.reason, {}});
    groups[entry->second].cases.push_back(&outcome);
  }
  std::stable_sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
    return Rank(a.standing) < Rank(b.standing);
  });
  return groups;
}

std::string Link(const Outcome& outcome, const Anchor& anchor) {
  return "<a href=\"#" + anchor(outcome) + "\">" + HtmlLine(TitleOf(outcome)) + "</a>" +
         (outcome.device.empty()
              ? ""
              : " <span class=\"note\">on " + HtmlLine(outcome.device) + "</span>");
}

std::string Item(const Group& group, const Anchor& anchor) {
  const std::string reason = "<span class=\"reason\">" + HtmlLine(group.reason) + "</span>";
  if (group.cases.size() == 1)
    return "<li>" + Badge(group.standing) + "<div>" + Link(*group.cases.front(), anchor) + " " +
           reason + "</div></li>\n";
  std::string shown, folded;
  for (std::size_t i = 0; i < group.cases.size(); ++i)
    (i < kNamed ? shown : folded) += "<li>" + Link(*group.cases[i], anchor) + "</li>";
  std::string html = "<li>" + Badge(group.standing) + "<div><b>" +
                     CountOf(group.cases.size(), "case") + "</b> " + reason +
                     "<ul class=\"plain\">" + shown + "</ul>";
  if (!folded.empty())
    html += "<details><summary>" + std::to_string(group.cases.size() - kNamed) +
            " more</summary><ul class=\"plain\">" + folded + "</ul></details>";
  return html + "</div></li>\n";
}

}  // namespace

std::string HtmlAttention(const Report& report, const Anchor& anchor, std::size_t* count) {
  std::string html;
  for (const Group& group : GroupsOf(report)) {
    *count += group.cases.size();
    html += Item(group, anchor);
  }
  return html.empty() ? "" : "<ul class=\"attention\">\n" + html + "</ul>\n";
}

}  // namespace assay::report
