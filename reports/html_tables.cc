#include "reports/html_tables.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "reports/digest.h"
#include "reports/html_case.h"
#include "reports/html_coverage.h"
#include "reports/html_parts.h"
#include "reports/html_text.h"

namespace assay::report {
namespace {

constexpr std::size_t kFewCases = 5;  // named in one cell

std::string Links(const std::vector<const Outcome*>& outcomes, const Anchor& anchor) {
  std::string html;
  const std::size_t shown = std::min(outcomes.size(), kFewCases);
  for (std::size_t i = 0; i < shown; ++i) {
    html += "<li><a href=\"#" + anchor(*outcomes[i]) + "\">" + HtmlLine(NameOf(*outcomes[i])) +
            "</a></li>";
  }
  if (shown < outcomes.size()) {
    html += "<li>and " + std::to_string(outcomes.size() - shown) + " more</li>";
  }
  return "<ul class=\"ids\">" + html + "</ul>";
}

// How the run stands to the reviewed list of what is known to fail.
HtmlTable BaselineTable(const Report& report, const Anchor& anchor) {
  std::string html = HtmlTableBegin("baseline", {"Change", "Case", "What the baseline says"});
  const auto row = [&](Change change, const std::string& id, const std::string& device,
                       const std::string& held) {
    html += "<tr>" + HtmlCell("Change", std::string(Name(change))) +
            HtmlCell("Case", id + (device.empty() ? "" : " on " + HtmlLine(device))) +
            HtmlCell("What the baseline says", "<div>" + HtmlText(held) + "</div>") + "</tr>\n";
  };
  for (const Outcome* outcome : Changed(report)) {
    row(outcome->change,
        "<a href=\"#" + anchor(*outcome) + "\">" + HtmlLine(NameOf(*outcome)) + "</a>",
        outcome->device, outcome->held);
  }
  for (const MissingCase& one : report.missing)
    row(Change::kMissing, HtmlLine(one.id), one.device, one.held);
  return {"baseline", "Against the baseline " + HtmlLine(report.baseline),
          html + std::string(kHtmlTableEnd)};
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

HtmlTable HostTable(const Report& report) {
  std::string html =
      "<p>What the host did that the manual does not allow. None of it is held against the "
      "modem.</p>\n" +
      HtmlTableBegin("host", {"Clause", "Class", "Misuse", "Sent", "Times", "Line"});
  for (const DeviationGroup& group : HostMisuse(report)) {
    const Finding& finding = *group.finding;
    html += "<tr>" + HtmlCell("Clause", HtmlLine(finding.clause)) +
            HtmlCell("Class", std::string(Name(finding.finding_class))) +
            HtmlCell("Misuse", "<div>" + HtmlText(finding.message) + "</div>") +
            HtmlCell("Sent", "<code>" + HtmlText(finding.got) + "</code>") +
            HtmlCell("Times", std::to_string(group.count)) +
            HtmlCell("Line", std::to_string(finding.where.line)) + "</tr>\n";
  }
  return {"host", "Against the host (" + std::to_string(report.summary.host) + ")",
          html + std::string(kHtmlTableEnd)};
}

HtmlTable SkipTable(const Report& report, const std::vector<SkipGroup>& groups) {
  std::string html;
  std::size_t count = 0;
  if (!groups.empty()) html = HtmlTableBegin("skips", {"Reason", "Cases"});
  for (const SkipGroup& group : groups) {
    count += group.outcomes.size();
    std::string ids;
    for (const Outcome* outcome : group.outcomes) ids += "<li>" + HtmlLine(outcome->id) + "</li>";
    html += "<tr><th scope=\"row\">" + HtmlLine(group.reason) + "</th>" +
            HtmlCell("Cases", "<details><summary>" + CountOf(group.outcomes.size(), "case") +
                                  "</summary><ul class=\"ids\">" + ids + "</ul></details>") +
            "</tr>\n";
  }
  if (!groups.empty()) html += kHtmlTableEnd;
  return {"skipped",
          "Not tested, and why" + (count == 0 ? "" : " (" + std::to_string(count) + ")"),
          html + HtmlWhyLeft(report.coverage)};
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

// With the cases in which something was found that is one side of it.
HtmlTable ErrataTable(const Report& report, const Anchor& anchor) {
  std::map<std::string, DeviationGroup> met;
  for (const std::string& id : report.errata_met) met[id];
  for (const Outcome& outcome : report.outcomes) {
    for (const Finding& finding : outcome.findings) {
      if (finding.erratum.empty()) continue;
      DeviationGroup& group = met[finding.erratum];
      if (group.finding == nullptr) group.finding = &finding;
      if (group.outcomes.empty() || group.outcomes.back() != &outcome)
        group.outcomes.push_back(&outcome);
    }
  }
  std::string html = "<p>Known defects of the manual that were met, in the " +
                     HtmlLine(report.reading) + " reading.</p>\n" +
                     HtmlTableBegin("errata", {"Erratum", "Clause", "Found", "Cases"});
  for (const auto& [id, group] : met) {
    const bool found = group.finding != nullptr;
    html += "<tr><th scope=\"row\">" + HtmlLine(id) + "</th>" +
            HtmlCell("Clause", found ? HtmlLine(group.finding->clause) : "") +
            HtmlCell("Found", found ? "<div>" + HtmlText(group.finding->message) + "</div>"
                                    : "<span class=\"note\">nothing against it</span>") +
            HtmlCell("Cases", found ? Links(group.outcomes, anchor) : "") + "</tr>\n";
  }
  return {"errata", "Errata met (" + std::to_string(met.size()) + ")",
          html + std::string(kHtmlTableEnd)};
}

HtmlTable DeviceTable(const std::vector<DeviceRow>& rows) {
  std::string html =
      HtmlTableBegin("devices", {"Device", "Dialect", "Model", "Address", "Cases"});
  for (const DeviceRow& row : rows) {
    html += "<tr><th scope=\"row\">" + HtmlLine(row.device->name) + "</th>" +
            HtmlCell("Dialect", HtmlLine(row.device->dialect)) +
            HtmlCell("Model", HtmlLine(row.device->model)) +
            HtmlCell("Address", HtmlLine(row.device->address)) +
            HtmlCell("Cases", HtmlLine(row.counts)) + "</tr>\n";
  }
  return {"devices", "Devices (" + std::to_string(rows.size()) + ")",
          html + std::string(kHtmlTableEnd)};
}

HtmlTable SettingTable(const Report& report) {
  std::string html =
      "<p>Settings of the module that the cases may have changed: what they were before the run, and "
      "what became of them.</p>\n" +
      HtmlTableBegin("settings", {"Setting", "Before", "After the cases", "At the end"});
  std::size_t lost = 0;
  for (const SettingRow& row : report.settings) {
    lost += row.as_before ? 0 : 1;
    html += std::string("<tr") + (row.as_before ? "" : " class=\"lacking\"") +
            "><th scope=\"row\"><code>" + HtmlLine(row.what) + "</code>" +
            (row.device.empty() ? "" : " on " + HtmlLine(row.device)) + "</th>" +
            HtmlCell("Before", HtmlLine(row.before)) +
            HtmlCell("After the cases", HtmlLine(row.after)) +
            HtmlCell("At the end", row.put_back    ? "put back"
                                   : row.as_before ? "as before"
                                                   : "not put back: " + HtmlLine(row.why)) +
            "</tr>\n";
  }
  return {"settings", "Settings (" + std::to_string(lost) + " not put back)",
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
    html += std::string("<tr") + (row.contradiction.empty() ? "" : " class=\"lacking\"") +
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
  if (const auto devices = Devices(report); !devices.empty())
    tables.push_back(DeviceTable(devices));
  if (!report.missing.empty() || !Changed(report).empty())
    tables.push_back(BaselineTable(report, anchor));
  if (report.summary.deviations > 0) tables.push_back(DeviationTable(report, anchor));
  if (report.summary.host > 0) tables.push_back(HostTable(report));
  HtmlTable skips = SkipTable(report, Skips(report));
  if (!skips.html.empty()) tables.push_back(std::move(skips));
  const std::vector<SetUpGroup> set_ups = SetUpFailures(report);
  if (!set_ups.empty()) tables.push_back(SetUpTable(set_ups, anchor));
  if (!report.settings.empty()) tables.push_back(SettingTable(report));
  if (!report.errata_met.empty()) tables.push_back(ErrataTable(report, anchor));
  if (!report.review.empty()) tables.push_back(ReviewTable(report));
  return tables;
}

}  // namespace assay::report
