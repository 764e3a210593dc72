#include "reports/html.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "reports/digest.h"
#include "reports/html_case.h"
#include "reports/html_parts.h"
#include "reports/html_tables.h"
#include "reports/html_text.h"
#include "reports/json.h"

namespace assay::report {
namespace {

constexpr std::size_t kOpenCases = 10;  // of those that need attention
constexpr std::size_t kMany = 300;      // cases, from which page.css saves work

struct Case {
  const Outcome* outcome = nullptr;
  Standing standing = Standing::kNotJudged;
  std::string anchor;
};

class Page {
 public:
  explicit Page(const Report& report) : report_(report) {
    std::set<std::string> taken;
    for (const Outcome& outcome : report.outcomes) {
      const std::string slug = "case-" + Slug(outcome.id);
      std::string anchor = slug;
      // The position keeps cases apart that were repeated or whose names are alike.
      if (!taken.insert(anchor).second) anchor += "--" + std::to_string(cases_.size());
      taken.insert(anchor);
      cases_.push_back({&outcome, StandingOf(report, outcome), anchor});
    }
    for (const Case& one : cases_) anchors_[one.outcome] = one.anchor;
  }

  std::string Write() {
    // In this order, for each adds itself to the contents.
    std::string sections = Attention();
    sections += Identification();
    sections += Cases();
    sections += Tables();
    return "<!doctype html>\n<html lang=\"en\">\n" + HtmlHead(Title()) +
           "<body>\n<a class=\"skip\" href=\"#cases\">Skip to the cases</a>\n" + Header() +
           "<div class=\"columns\">\n" + HtmlContents(contents_) + "<main" +
           (cases_.size() > kMany ? " class=\"many\"" : "") + ">\n" + sections +
           "</main>\n</div>\n" + Footer() + "<script type=\"application/json\" id=\"result\">" +
           HtmlJson(WriteJson(report_)) + "</script>\n" + HtmlScript() + "</body>\n</html>\n";
  }

 private:
  std::string Title() const {
    return HtmlLine(Headline(report_)) + " \u2013 " + HtmlLine(report_.dialect) + " \u2013 Assay";
  }

  // The share of each standing, as a bar; what is rare stays wide enough to be seen.
  std::string Bar() const {
    std::map<Standing, std::size_t> tally;
    for (const Case& one : cases_) ++tally[one.standing];
    std::string parts;
    std::size_t at = 0;
    for (const auto& [standing, count] : tally) {
      const std::size_t width = std::max<std::size_t>(count * 100, cases_.size());
      parts += "<rect class=\"" + std::string(ClassOf(standing)) + "\" x=\"" + std::to_string(at) +
               "\" width=\"" + std::to_string(width) + "\" height=\"1\"/>";
      at += width;
    }
    if (parts.empty()) return "";
    return "<svg class=\"bar\" viewBox=\"0 0 " + std::to_string(at) +
           " 1\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"" +
           HtmlLine(Counts(report_)) + "\">" + parts + "</svg>\n";
  }

  std::string Tiles() const {
    std::map<Standing, std::size_t> tally;
    for (const Case& one : cases_) ++tally[one.standing];
    std::string html = "<dl class=\"tiles\">\n";
    const auto tile = [&](std::string_view look, const std::string& name, const std::string& text) {
      html += "<div class=\"" + std::string(look) + "\"><dt>" + name + "</dt><dd>" + text +
              "</dd></div>\n";
    };
    tile("", "cases", std::to_string(cases_.size()));
    for (const auto& [standing, count] : tally) {
      tile(ClassOf(standing), std::string(Words(standing)), std::to_string(count));
    }
    tile("", report_.summary.deviations == 1 ? "deviation" : "deviations",
         std::to_string(report_.summary.deviations));
    tile("", "taken", DurationWords(report_.duration));
    return html + "</dl>\n";
  }

  std::string Header() const {
    const std::string verdict(Name(VerdictOf(report_)));
    std::string about = HtmlLine(report_.dialect);
    if (!report_.model.empty()) about += " \u00b7 " + HtmlLine(report_.model);
    if (!report_.document.empty()) about += " \u00b7 " + HtmlLine(report_.document);
    std::string html = "<header class=\"" + verdict + "\">\n<p class=\"about\">Conformance of " +
                       about + "</p>\n<h1>" + HtmlLine(Headline(report_)) + "</h1>\n";
    if (!report_.diagnosis.empty())
      html += "<p class=\"log\">" + HtmlLine(report_.diagnosis) + ".</p>\n";
    if (const std::string changes = ChangeWords(report_); !changes.empty())
      html += "<p class=\"log\">Against the baseline: " + HtmlLine(changes) + ".</p>\n";
    if (const std::string went = WentWords(report_); !went.empty())
      html += "<p class=\"log\">The device went away: " + HtmlLine(went) + ".</p>\n";
    if (report_.log_verdict) {
      html += "<p class=\"log\">Log verdict: " + HtmlLine(LogVerdictWords(*report_.log_verdict)) +
              ".</p>\n";
    }
    return html + Bar() + Tiles() + "</header>\n";
  }

  std::string Add(std::string_view id, const std::string& title, const std::string& html) {
    contents_.emplace_back(id, title);
    return HtmlSection(id, title, html);
  }

  std::string Attention() {
    std::string html;
    std::size_t count = 0;
    for (const Case& one : cases_) {
      if (!NeedsAttention(one.standing)) continue;
      ++count;
      const std::string& title = one.outcome->title.empty() ? one.outcome->id : one.outcome->title;
      html += "<li>" + Badge(one.standing) + "<span><a href=\"#" + one.anchor + "\">" +
              HtmlLine(title) + "</a> " +
              (one.outcome->device.empty()
                   ? ""
                   : "<span class=\"note\">on " + HtmlLine(one.outcome->device) + "</span> ") +
              "<span class=\"reason\">" + HtmlLine(one.outcome->reason) +
              "</span></span></li>\n";
    }
    if (count == 0) return "";
    return Add("attention", "To look at (" + std::to_string(count) + ")",
               "<ul class=\"attention\">\n" + html + "</ul>\n");
  }

  std::string Identification() {
    const auto code = [](const std::string& text) {
      return text.empty() ? "" : "<code>" + HtmlLine(text) + "</code>";
    };
    std::string html = "<dl class=\"facts\">\n";
    html += HtmlItem("Dialect", code(report_.dialect)) + HtmlItem("Model", code(report_.model)) +
            HtmlItem("Document", HtmlLine(report_.document)) +
            HtmlItem("Device", code(report_.device_address));
    for (const auto& [key, value] : report_.identity) {
      html += HtmlItem("Device: " + HtmlLine(key), HtmlLine(value));
    }
    html += HtmlItem("Specification (SHA-256)", code(report_.spec_sha256));
    for (const Overlay& overlay : report_.overlays) {
      std::string what = code(overlay.file);
      if (!overlay.document.empty()) what += " \u2013 " + HtmlLine(overlay.document);
      if (!overlay.clause.empty()) what += ", clause " + HtmlLine(overlay.clause);
      if (!overlay.reason.empty()) what += ": " + HtmlLine(overlay.reason);
      html += HtmlItem("Overlay", what + "<br>" + code(overlay.sha256));
    }
    html += HtmlItem("Reading", HtmlLine(report_.reading)) +
            HtmlItem("Seed", code(std::to_string(report_.seed))) +
            HtmlItem("Baseline", code(report_.baseline)) +
            HtmlItem("Started", HtmlLine(report_.started)) +
            HtmlItem("Assay", HtmlLine(report_.tool_version));
    return Add("identification", "What was tested", html + "</dl>\n");
  }

  std::string Cases() {
    std::map<std::string, std::vector<const Case*>, bool (*)(std::string_view, std::string_view)>
        groups(ClauseBefore);
    std::size_t count = 0;
    for (const Case& one : cases_) {
      if (one.standing == Standing::kSkipped) continue;
      groups[ClauseIn(report_, *one.outcome)].push_back(&one);
      ++count;
    }
    std::string html =
        "<div class=\"filter\" id=\"filter\" hidden><label>Filter <input type=\"search\" "
        "id=\"filter-text\" autocomplete=\"off\" spellcheck=\"false\"></label> "
        "<label>Verdict <select id=\"filter-standing\"><option value=\"\">any</option></select>"
        "</label> <button type=\"button\" id=\"open-all\">Open all</button> "
        "<output id=\"filter-count\"></output></div>\n";
    std::size_t to_open = kOpenCases;
    for (const auto& [clause, cases] : groups) {
      std::map<Standing, std::size_t> tally;
      for (const Case* one : cases) ++tally[one->standing];
      std::string counts;
      for (const auto& [standing, number] : tally) {
        counts += (counts.empty() ? "" : ", ") + std::to_string(number) + " " +
                  std::string(Words(standing));
      }
      html += "<div class=\"clause\">\n<h3>" +
              (clause.empty() ? "No clause" : "Clause " + HtmlLine(clause)) +
              " <span class=\"note\">" + counts + "</span></h3>\n";
      for (const Case* one : cases) {
        const bool open = NeedsAttention(one->standing) && to_open > 0;
        if (open) --to_open;
        html += HtmlCase(*one->outcome, one->standing, one->anchor, open);
      }
      html += "</div>\n";
    }
    if (count == 0) html = "<p>None was run.</p>\n";
    return Add("cases", "Cases by clause (" + std::to_string(count) + ")", html);
  }

  std::string Tables() {
    std::string html;
    for (const HtmlTable& table :
         HtmlTables(report_, [this](const Outcome& outcome) { return anchors_.at(&outcome); })) {
      html += Add(table.id, table.title, table.html);
    }
    return html;
  }

  std::string Footer() const {
    return "<footer><p>Made by Assay " + HtmlLine(report_.tool_version) +
           ". The whole result stands in this page as JSON, in the element "
           "<code>script#result</code>.</p></footer>\n";
  }

  const Report& report_;
  std::vector<Case> cases_;
  std::map<const Outcome*, std::string> anchors_;
  std::vector<std::pair<std::string, std::string>> contents_;
};

}  // namespace

std::string WriteHtml(const Report& report) { return Page(report).Write(); }

}  // namespace assay::report
