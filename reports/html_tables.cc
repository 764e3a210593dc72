#include "reports/html_tables.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "reports/digest.h"
#include "reports/html_parts.h"
#include "reports/html_text.h"

namespace assay::report {
namespace {

using Anchor = std::function<std::string(const Outcome&)>;

constexpr std::size_t kFewCases = 5;  // named in one cell

std::string Links(const std::vector<const Outcome*>& outcomes, const Anchor& anchor) {
  std::string html;
  const std::size_t shown = std::min(outcomes.size(), kFewCases);
  for (std::size_t i = 0; i < shown; ++i) {
    html +=
        "<li><a href=\"#" + anchor(*outcomes[i]) + "\">" + HtmlLine(outcomes[i]->id) + "</a></li>";
  }
  if (shown < outcomes.size()) {
    html += "<li>and " + std::to_string(outcomes.size() - shown) + " more</li>";
  }
  return "<ul class=\"ids\">" + html + "</ul>";
}

HtmlTable DeviationTable(const Report& report, const Anchor& anchor) {
  std::string html =
      "<p>What differs from something that the manual only shows or implies. It does not make a "
      "case fail.</p>\n" +
      HtmlTableBegin("deviations", {"Clause", "Class", "Deviation", "Times", "Cases"});
  for (const DeviationGroup& group : Deviations(report)) {
    const Finding& finding = *group.finding;
    html += "<tr>" + HtmlCell("Clause", HtmlLine(finding.clause)) +
            HtmlCell("Class", std::string(Name(finding.finding_class))) +
            HtmlCell("Deviation", "<div>" + HtmlText(finding.message) + " <span class=\"note\">" +
                                      std::string(spec::Name(finding.basis)) + "</span></div>") +
            HtmlCell("Times", std::to_string(group.count)) +
            HtmlCell("Cases", Links(group.outcomes, anchor)) + "</tr>\n";
  }
  return {"deviations", "Deviations (" + std::to_string(report.summary.deviations) + ")",
          html + std::string(kHtmlTableEnd)};
}

HtmlTable SkipTable(const std::vector<SkipGroup>& groups) {
  std::string html = HtmlTableBegin("skips", {"Reason", "Cases"});
  std::size_t count = 0;
  for (const SkipGroup& group : groups) {
    count += group.outcomes.size();
    std::string ids;
    for (const Outcome* outcome : group.outcomes) ids += "<li>" + HtmlLine(outcome->id) + "</li>";
    html += "<tr>" + HtmlCell("Reason", HtmlLine(group.reason)) +
            HtmlCell("Cases", "<details><summary>" + CountOf(group.outcomes.size(), "case") +
                                  "</summary><ul class=\"ids\">" + ids + "</ul></details>") +
            "</tr>\n";
  }
  return {"skipped", "Not run (" + std::to_string(count) + ")", html + std::string(kHtmlTableEnd)};
}

HtmlTable SetUpTable(const std::vector<SetUpGroup>& groups, const Anchor& anchor) {
  std::string html =
      "<p>Cases that say nothing of the modem, because what they stand on did not come about.</p>\n" +
      HtmlTableBegin("set-ups", {"Set-up", "Inconclusive", "Cases"});
  std::size_t count = 0;
  for (const SetUpGroup& group : groups) {
    count += group.outcomes.size();
    html += "<tr>" + HtmlCell("Set-up", HtmlLine(group.cause)) +
            HtmlCell("Inconclusive", std::to_string(group.outcomes.size())) +
            HtmlCell("Cases", Links(group.outcomes, anchor)) + "</tr>\n";
  }
  return {"set-ups", "Not set up (" + std::to_string(count) + ")",
          html + std::string(kHtmlTableEnd)};
}

HtmlTable ErrataTable(const Report& report) {
  std::string html = "<p>Known defects of the manual that were met, in the " +
                     HtmlLine(report.reading) + " reading.</p>\n<ul class=\"ids\">";
  for (const std::string& id : report.errata_met) html += "<li>" + HtmlLine(id) + "</li>";
  return {"errata", "Errata met (" + std::to_string(report.errata_met.size()) + ")",
          html + "</ul>\n"};
}

HtmlTable CoverageTable(const Report& report) {
  std::size_t covered = 0;
  std::string html =
      HtmlTableBegin("coverage", {"Clause", "Positive cases", "Negative cases", "Why not"});
  for (const ClauseCoverage& clause : report.coverage) {
    const bool none = clause.positive + clause.negative == 0;
    covered += none ? 0 : 1;
    html += std::string("<tr") + (none ? " class=\"uncovered\"" : "") + "><th scope=\"row\">" +
            HtmlLine(clause.clause) + "</th>" +
            HtmlCell("Positive cases", std::to_string(clause.positive)) +
            HtmlCell("Negative cases", std::to_string(clause.negative)) +
            HtmlCell("Why not",
                     none && clause.reason.empty() ? "no reason given" : HtmlLine(clause.reason)) +
            "</tr>\n";
  }
  return {"coverage",
          "Coverage (" + std::to_string(covered) + " of " +
              CountOf(report.coverage.size(), "clause") + ")",
          html + std::string(kHtmlTableEnd)};
}

HtmlTable ReviewTable(const Report& report) {
  std::size_t wrong = 0;
  std::string html =
      "<p>What the module claims, what its test forms answer, and what it was seen to do.</p>\n" +
      HtmlTableBegin("review", {"Claim", "Clause", "Claimed", "Test form", "Taken", "Refused",
                                "Contradiction"});
  for (const ReviewRow& row : report.review) {
    wrong += row.contradiction.empty() ? 0 : 1;
    html += std::string("<tr") + (row.contradiction.empty() ? "" : " class=\"uncovered\"") +
            "><th scope=\"row\">" + HtmlLine(row.claim) + "</th>" +
            HtmlCell("Clause", HtmlLine(row.clause)) +
            HtmlCell("Claimed", row.claimed ? "yes" : "no") +
            HtmlCell("Test form", HtmlLine(row.test_form.empty() ? "not asked" : row.test_form)) +
            HtmlCell("Taken", std::to_string(row.taken)) +
            HtmlCell("Refused", std::to_string(row.refused)) +
            HtmlCell("Contradiction", HtmlLine(row.contradiction)) + "</tr>\n";
  }
  return {"review",
          "Static conformance review (" + CountOf(wrong, "contradiction") + " in " +
              CountOf(report.review.size(), "claim") + ")",
          html + std::string(kHtmlTableEnd)};
}

}  // namespace

std::vector<HtmlTable> HtmlTables(const Report& report, const Anchor& anchor) {
  std::vector<HtmlTable> tables;
  if (report.summary.deviations > 0) tables.push_back(DeviationTable(report, anchor));
  const std::vector<SkipGroup> skips = Skips(report);
  if (!skips.empty()) tables.push_back(SkipTable(skips));
  const std::vector<SetUpGroup> set_ups = SetUpFailures(report);
  if (!set_ups.empty()) tables.push_back(SetUpTable(set_ups, anchor));
  if (!report.errata_met.empty()) tables.push_back(ErrataTable(report));
  if (!report.review.empty()) tables.push_back(ReviewTable(report));
  if (!report.coverage.empty()) tables.push_back(CoverageTable(report));
  return tables;
}

}  // namespace assay::report
