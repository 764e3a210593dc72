#include "reports/html.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "reports/digest.h"
#include "reports/html_attention.h"
#include "reports/html_case.h"
#include "reports/html_coverage.h"
#include "reports/html_matrix.h"
#include "reports/html_parts.h"
#include "reports/html_tables.h"
#include "reports/html_text.h"
#include "reports/html_times.h"
#include "reports/html_top.h"
#include "reports/json.h"

namespace assay::report {
namespace {

constexpr std::size_t kOpenCases = 10;   // of those that need attention
constexpr std::size_t kMany = 300;       // cases, from which work and room are saved
constexpr std::size_t kCharts = 200;     // drawn here, of many cases
constexpr std::size_t kRepeated = 20;    // cases that one way repeats, which is then told once

struct Case {
  const Outcome* outcome = nullptr;
  CaseView view;
};

// "assay run ... --filter 'ID'"; nothing if the way to repeat it does not name the case.
std::string WayToRepeat(const Outcome& outcome) {
  const std::size_t at = outcome.id.empty() ? std::string::npos : outcome.repro.find(outcome.id);
  if (at == std::string::npos) return "";
  return outcome.repro.substr(0, at) + "ID" + outcome.repro.substr(at + outcome.id.size());
}

bool Passed(const Case& one) {
  return one.view.standing == Standing::kPass && one.outcome->findings.empty();
}

class Page {
 public:
  explicit Page(const Report& report) : report_(report) {
    std::set<std::string> taken;
    std::size_t to_open = kOpenCases, charts = kCharts;
    for (const Outcome& outcome : report.outcomes) {
      Case one{&outcome, {.standing = StandingOf(report, outcome)}};
      ++tally_[one.view.standing];
      one.view.anchor = Unique(taken, "case-" + Slug(outcome.id));
      one.view.open = NeedsAttention(one.view.standing) && to_open > 0;
      if (one.view.open) --to_open;
      one.view.chart = !Many() || (!Passed(one) && charts > 0);
      if (Many() && one.view.chart) --charts;
      if (const std::string way = WayToRepeat(outcome); Many() && !way.empty()) ++ways_[way];
      cases_.push_back(std::move(one));
    }
    std::erase_if(ways_, [](const auto& way) { return way.second < kRepeated; });
    for (Case& one : cases_) {
      one.view.repro = !Passed(one) || !ways_.contains(WayToRepeat(*one.outcome));
      anchors_[one.outcome] = one.view.anchor;
      if (one.view.standing != Standing::kSkipped)
        groups_[ClauseIn(report_, *one.outcome)].push_back(&one);
    }
    for (const auto& [clause, cases] : groups_)
      clauses_[clause] = Unique(taken, "clause-" + Slug(clause));
  }

  std::string Write() {
    // In this order, for each adds itself to the contents.
    std::size_t count = 0;
    const std::string attention = HtmlAttention(report_, Anchors(), &count);
    std::string sections =
        Add("attention", "To look at (" + std::to_string(count) + ")", attention);
    sections += Add("by-device", "Where the devices differ", HtmlDeviceMatrix(report_, Anchors()));
    sections += Add("matrix", "Commands by kind of check", HtmlMatrix(report_, Anchors()));
    sections += Identification() + Cases();
    sections += Add("times", "Response times", HtmlTimes(report_, Anchors()));
    for (const HtmlTable& table : HtmlTables(report_, Anchors()))
      sections += Add(table.id, table.title, table.html);
    for (const HtmlTable& table : HtmlCoverage(report_, [this](std::string_view clause) {
           const auto at = clauses_.find(std::string(clause));
           return at == clauses_.end() ? std::string() : at->second;
         }))
      sections += Add(table.id, table.title, table.html);
    return "<!doctype html>\n<html lang=\"en\">\n" + HtmlHead(Title()) +
           "<body>\n<a class=\"skip\" href=\"#cases\">Skip to the cases</a>\n" +
           HtmlTop(report_, tally_) + "<div class=\"columns\">\n" + HtmlContents(contents_) +
           "<main" + (Many() ? " class=\"many\"" : "") + ">\n" + sections + "</main>\n</div>\n" +
           Footer() + "<script type=\"application/json\" id=\"result\">" + HtmlJson(Island()) +
           "</script>\n" + HtmlScript() + "</body>\n</html>\n";
  }

 private:
  bool Many() const { return report_.outcomes.size() > kMany; }

  // The number keeps apart what was repeated, and names that are alike.
  static std::string Unique(std::set<std::string>& taken, const std::string& wanted) {
    std::string name = wanted;
    for (std::size_t i = 2; !taken.insert(name).second; ++i)
      name = wanted + "--" + std::to_string(i);
    return name;
  }

  Anchor Anchors() const {
    return [this](const Outcome& outcome) { return anchors_.at(&outcome); };
  }

  std::string Title() const {
    return HtmlLine(Headline(report_)) + " \u2013 " + HtmlLine(report_.dialect) + " \u2013 Assay";
  }

  std::string Add(std::string_view id, const std::string& title, const std::string& html) {
    if (html.empty()) return "";
    contents_.emplace_back(id, title.substr(0, title.find(" (")));
    return HtmlSection(id, title, html);
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

  // page.js fills in the choices.
  static std::string Filter() {
    std::string html =
        "<search class=\"filter\" id=\"filter\" hidden><label>Search <input type=\"search\" "
        "id=\"filter-q\" autocomplete=\"off\" spellcheck=\"false\" "
        "aria-keyshortcuts=\"/\"></label>\n";
    for (const auto& [name, title] :
         {std::pair{"verdict", "Verdict"}, {"dialect", "Dialect"}, {"command", "Command"},
          {"kind", "Kind"}, {"clause", "Clause"}, {"device", "Device"}}) {
      html += "<label>" + std::string(title) + " <select id=\"filter-" + name +
              "\"><option value=\"\">any</option></select></label>\n";
    }
    return html +
           "<button type=\"button\" id=\"filter-clear\" disabled>Clear</button> "
           "<button type=\"button\" id=\"open-all\">Open all</button>\n"
           "<output id=\"filter-count\" aria-live=\"polite\"></output></search>\n";
  }

  std::string Cases() {
    std::size_t count = 0;
    std::string html;
    for (const auto& [way, uses] : ways_)
      html += "<p class=\"note\">To repeat a case that passed, with its name for ID: "
              "<code class=\"repro\">" +
              HtmlLine(way) + "</code></p>\n";
    html += Filter();
    for (const auto& [clause, cases] : groups_) {
      std::map<Standing, std::size_t> tally;
      for (const Case* one : cases) ++tally[one->view.standing];
      std::string counts;
      for (const auto& [standing, number] : tally) {
        counts += (counts.empty() ? "" : ", ") + std::to_string(number) + " " +
                  std::string(Words(standing));
      }
      html += "<div class=\"clause\" data-clause=\"" + HtmlLine(clause) + "\">\n<h3 id=\"" +
              clauses_.at(clause) + "\">" +
              (clause.empty() ? "No clause" : "Clause " + HtmlLine(clause)) +
              " <span class=\"note\">" + counts + "</span></h3>\n";
      for (const Case* one : cases) html += HtmlCase(*one->outcome, one->view);
      html += "</div>\n";
      count += cases.size();
    }
    if (count == 0) html = "<p>None was run.</p>\n";
    return Add("cases", "Cases by clause (" + std::to_string(count) + ")", html);
  }

  // Of many cases, what was said in those that passed stands on the page already.
  std::string Island() const {
    if (!Many()) return WriteJson(report_);
    Report lean = report_;
    for (std::size_t i = 0; i < cases_.size(); ++i)
      if (Passed(cases_[i])) lean.outcomes[i].exchanges.clear();
    return WriteJson(lean);
  }

  std::string Footer() const {
    return "<footer><p>Made by Assay " + HtmlLine(report_.tool_version) +
           ". The result stands in this page as JSON, in the element <code>script#result</code>" +
           (Many() ? "; the exchanges of cases that passed are only in <code>result.json</code>"
                   : "") +
           ".</p></footer>\n";
  }

  const Report& report_;
  std::vector<Case> cases_;
  std::map<Standing, std::size_t> tally_;
  std::map<std::string, std::size_t> ways_;
  std::map<const Outcome*, std::string> anchors_;
  std::map<std::string, std::vector<const Case*>, bool (*)(std::string_view, std::string_view)>
      groups_{ClauseBefore};
  std::map<std::string, std::string> clauses_;  // and where its cases stand
  std::vector<std::pair<std::string, std::string>> contents_;
};

}  // namespace

std::string WriteHtml(const Report& report) { return Page(report).Write(); }

}  // namespace assay::report
