#include "reports/html_coverage.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "reports/digest.h"
#include "reports/html_parts.h"
#include "reports/html_text.h"

namespace assay::report {
namespace {

std::string OfTotal(const Share& share) {
  return std::to_string(share.covered) + " of " + std::to_string(share.total);
}

// Whole per cents, and never all of it where something lacks.
std::size_t Percent(const Share& share) {
  return share.total == 0 ? 100 : share.covered * 100 / share.total;
}

std::string Meter(const Share& share, std::optional<double> minimum) {
  std::string svg = "<svg class=\"meter\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" "
                    "aria-hidden=\"true\"><rect class=\"all\" width=\"100\" height=\"8\"/>"
                    "<rect class=\"part\" width=\"" +
                    std::to_string(Percent(share)) + "\" height=\"8\"/>";
  if (minimum)
    svg += "<path class=\"limit\" d=\"M" + std::to_string(std::lround(*minimum)) + " 0V8\"/>";
  return svg + "</svg>";
}

HtmlTable ShareTable(const Coverage& coverage) {
  std::string html = HtmlTableBegin("shares", {"Of the manual's", "Shown", "Share", "Asked for"});
  for (const CoverageKind kind : kCoverageKinds) {
    const Share share = ShareOf(coverage, kind);
    if (share.total == 0) continue;
    const auto asked = coverage.minimum.find(kind);
    const std::optional<double> minimum =
        asked == coverage.minimum.end() ? std::nullopt : std::optional(asked->second);
    const long tenths = std::lround(minimum.value_or(0) * 10);
    const std::string wanted =
        minimum ? std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %" : "";
    const std::string section =
        kind == CoverageKind::kClauses ? "coverage" : "coverage-" + std::string(Name(kind));
    html += "<tr><th scope=\"row\"><a href=\"#" + section + "\">" + std::string(Name(kind)) +
            "</a></th>" + HtmlCell("Shown", OfTotal(share)) +
            HtmlCell("Share", "<span class=\"share\">" + Meter(share, minimum) + "<span>" +
                                  std::to_string(Percent(share)) + " %</span></span>") +
            HtmlCell("Asked for", wanted) + "</tr>\n";
  }
  return {"shares", "Coverage", html + std::string(kHtmlTableEnd)};
}

HtmlTable ClauseTable(const Coverage& coverage, const ClauseAnchor& anchor) {
  std::string html =
      HtmlTableBegin("coverage", {"Clause", "Positive cases", "Negative cases", "Why not"});
  for (const ClauseCoverage& clause : coverage.clauses) {
    const bool none = clause.positive + clause.negative == 0;
    const std::string at = anchor(clause.clause), name = HtmlLine(clause.clause);
    const std::string why = clause.reason.empty() ? "no reason given" : HtmlLine(clause.reason);
    html += std::string("<tr") + (none ? " class=\"lacking\"" : "") + "><th scope=\"row\">" +
            (at.empty() ? name : "<a href=\"#" + at + "\">" + name + "</a>") + "</th>" +
            HtmlCell("Positive cases", std::to_string(clause.positive)) +
            HtmlCell("Negative cases", std::to_string(clause.negative)) +
            HtmlCell("Why not", none ? "\u2717 not covered: " + why : "") + "</tr>\n";
  }
  return {"coverage",
          "Coverage of clauses (" + OfTotal(ShareOf(coverage, CoverageKind::kClauses)) + ")",
          html + std::string(kHtmlTableEnd)};
}

// What is lacking stands open, the rest is folded.
HtmlTable FactTable(const Coverage& coverage, CoverageKind kind) {
  std::string lacking = HtmlTableBegin("facts-lacking", {"What", "Clause", "Why not"});
  std::string covered = HtmlTableBegin("facts-shown", {"What", "Clause", "Cases"});
  std::size_t lack = 0, have = 0;
  for (const FactCoverage& fact : coverage.facts) {
    if (fact.kind != kind) continue;
    const std::string head = "<tr><th scope=\"row\">" + HtmlLine(fact.what) + "</th>" +
                             HtmlCell("Clause", HtmlLine(fact.clause));
    if (fact.cases == 0) {
      ++lack;
      lacking += head + HtmlCell("Why not", std::string(fact.reason ? Name(*fact.reason)
                                                                    : "no reason given")) +
                 "</tr>\n";
    } else {
      ++have;
      covered += head + HtmlCell("Cases", std::to_string(fact.cases)) + "</tr>\n";
    }
  }
  std::string html;
  if (lack > 0)
    html += "<h3>Not covered <span class=\"note\">" + std::to_string(lack) + "</span></h3>\n" +
            lacking + std::string(kHtmlTableEnd);
  if (have > 0)
    html += "<details><summary>" + std::to_string(have) + " covered</summary>\n" + covered +
            std::string(kHtmlTableEnd) + "</details>\n";
  return {"coverage-" + std::string(Name(kind)),
          "Coverage of " + std::string(Name(kind)) + " (" + OfTotal(ShareOf(coverage, kind)) + ")",
          html};
}

HtmlTable GateTable(const std::vector<FailedGate>& gates) {
  std::string html = "<p>Less was covered than was asked for.</p>\n<ul class=\"ids\">";
  for (const FailedGate& gate : gates) html += "<li>" + HtmlLine(Words(gate)) + "</li>";
  return {"gates", "Coverage that is lacking (" + std::to_string(gates.size()) + ")",
          html + "</ul>\n"};
}

HtmlTable PurposeTable(const std::vector<PurposeRow>& rows) {
  std::string html =
      HtmlTableBegin("purposes", {"Kind", "Dialect", "Selected", "Pass", "Fail", "Inconclusive",
                                  "Error", "Left out", "Why"});
  for (const PurposeRow& row : rows) {
    std::string reasons;
    for (const auto& [reason, count] : row.reasons)
      reasons += "<li>" + std::to_string(count) + ": " + HtmlLine(reason) + "</li>";
    if (row.reasons.size() > 3)
      reasons = "<details><summary>" + CountOf(row.reasons.size(), "reason") +
                "</summary><ul class=\"plain\">" + reasons + "</ul></details>";
    else if (!reasons.empty())
      reasons = "<ul class=\"plain\">" + reasons + "</ul>";
    html += "<tr><th scope=\"row\">" + HtmlLine(row.kind) + "</th>" +
            HtmlCell("Dialect", HtmlLine(row.dialect)) +
            HtmlCell("Selected", std::to_string(row.selected)) +
            HtmlCell("Pass", std::to_string(row.passed)) +
            HtmlCell("Fail", std::to_string(row.failed)) +
            HtmlCell("Inconclusive", std::to_string(row.inconclusive)) +
            HtmlCell("Error", std::to_string(row.errors)) +
            HtmlCell("Left out", std::to_string(row.left_out)) + HtmlCell("Why", reasons) +
            "</tr>\n";
  }
  return {"purposes", "Test purposes by kind (" + std::to_string(rows.size()) + ")",
          html + std::string(kHtmlTableEnd)};
}

}  // namespace

std::vector<HtmlTable> HtmlCoverage(const Report& report, const ClauseAnchor& anchor) {
  const Coverage& coverage = report.coverage;
  std::vector<HtmlTable> tables;
  const auto any = [&](CoverageKind kind) {
    return std::any_of(coverage.facts.begin(), coverage.facts.end(),
                       [&](const FactCoverage& fact) { return fact.kind == kind; });
  };
  if (!coverage.clauses.empty() && !coverage.facts.empty()) tables.push_back(ShareTable(coverage));
  if (const auto gates = FailedGates(coverage); !gates.empty()) tables.push_back(GateTable(gates));
  if (!coverage.clauses.empty()) tables.push_back(ClauseTable(coverage, anchor));
  for (const CoverageKind kind : kCoverageKinds)
    if (any(kind)) tables.push_back(FactTable(coverage, kind));
  if (const auto purposes = Purposes(report); !purposes.empty())
    tables.push_back(PurposeTable(purposes));
  return tables;
}

std::string HtmlWhyLeft(const Coverage& coverage) {
  std::map<WhyLeft, std::map<CoverageKind, std::size_t>> left;
  for (const FactCoverage& fact : coverage.facts)
    if (fact.cases == 0 && fact.reason) ++left[*fact.reason][fact.kind];
  if (left.empty()) return "";
  std::string html =
      "<h3>What the manual has and no case has shown</h3>\n" +
      HtmlTableBegin("why-left", {"Reason", "Responses", "Errors", "States", "Transitions"});
  for (auto& [reason, counts] : left) {
    html += "<tr><th scope=\"row\">" + std::string(Name(reason)) + "</th>";
    for (const auto& [kind, column] : {std::pair{CoverageKind::kResponses, "Responses"},
                                       {CoverageKind::kErrors, "Errors"},
                                       {CoverageKind::kStates, "States"},
                                       {CoverageKind::kTransitions, "Transitions"}})
      html += HtmlCell(column, counts.contains(kind) ? std::to_string(counts[kind]) : "");
    html += "</tr>\n";
  }
  return html + std::string(kHtmlTableEnd);
}

}  // namespace assay::report
