#include "reports/html_case.h"

#include <algorithm>

#include "reports/html_chart.h"
#include "reports/html_parts.h"
#include "reports/html_text.h"
#include "reports/visible.h"
#include "reports/wire_log.h"

namespace assay::report {
namespace {

std::string SpacedHex(std::string_view bytes) {
  std::string spaced;
  for (const char c : bytes) spaced += (spaced.empty() ? "" : " ") + Hex(std::string_view(&c, 1));
  return spaced;
}

std::string Place(const Finding& finding) {
  std::string place;
  if (!finding.where.file.empty()) {
    place = HtmlLine(finding.where.file);
    if (finding.where.line > 0) place += ":" + std::to_string(finding.where.line);
    place += ", ";
  }
  return place + "exchange " + std::to_string(finding.where.exchange);
}

std::string HtmlFinding(const Finding& finding) {
  const std::string severity(Name(finding.severity));
  std::string html = "<div class=\"finding " + severity + "\">\n<p class=\"kind\"><b>" + severity +
                     "</b>, " + std::string(Name(finding.finding_class));
  if (!finding.clause.empty()) html += " \u00b7 clause " + HtmlLine(finding.clause);
  html += " (" + std::string(spec::Name(finding.basis)) + ")";
  if (finding.side != Side::kDevice) html += " \u00b7 " + std::string(Name(finding.side));
  if (!finding.erratum.empty()) html += " \u00b7 erratum " + HtmlLine(finding.erratum);
  html += " \u00b7 " + Place(finding) + "</p>\n";
  if (!finding.message.empty()) {
    html += "<p class=\"message\">" + HtmlText(finding.message) + "</p>\n";
  }
  if (!finding.expected.empty() || !finding.got.empty()) {
    const auto side = [](const std::string& text, const std::string& other) {
      if (text.empty()) return std::string("<p class=\"nothing\">nothing</p>");
      return "<pre>" + HtmlDifference(text, other) + "</pre>";
    };
    html += "<dl class=\"sides\">\n" + HtmlItem("Expected", side(finding.expected, finding.got)) +
            HtmlItem("Got", side(finding.got, finding.expected)) + "</dl>\n";
  }
  if (!finding.got_bytes.empty()) {
    html += "<details class=\"hex\"><summary>" + CountOf(finding.got_bytes.size(), "byte") +
            " in hexadecimal</summary><pre>" + SpacedHex(finding.got_bytes) + "</pre></details>\n";
  }
  return html + "</div>\n";
}

std::string HtmlMarked(const std::string& text, const std::vector<Span>& marked) {
  const std::string_view view(text);
  std::string html;
  std::size_t at = 0;
  for (const Span& span : marked) {
    html += HtmlInside(view.substr(at, span.begin - at)) + "<mark>" +
            HtmlInside(view.substr(span.begin, span.end - span.begin)) + "</mark>";
    at = span.end;
  }
  return html + HtmlInside(view.substr(at));
}

// The chart beside the bytes.
std::string HtmlTalk(const Outcome& outcome, bool with_chart) {
  if (outcome.exchanges.empty()) return "";
  const std::vector<WireLine> log = WireLog(outcome);
  std::string html = "<div class=\"talk\">";
  if (with_chart) html += HtmlChart(log);
  html += "<pre class=\"log\">";
  for (const WireLine& line : log) html += Before(line) + HtmlMarked(line.text, line.marked) + "\n";
  return html + "</pre></div>\n";
}

std::string Deviating(const Outcome& outcome) {
  const auto count = static_cast<std::size_t>(std::count_if(
      outcome.findings.begin(), outcome.findings.end(),
      [](const Finding& finding) { return finding.severity == Severity::kDeviation; }));
  return count == 0 ? "" : " <span class=\"note\">" + CountOf(count, "deviation") + "</span>";
}

// What the case is about, and on what grounds.
std::string Facts(const Outcome& outcome, bool with_reason) {
  std::string items;
  if (&TitleOf(outcome) != &outcome.purpose)
    items += HtmlItem("Purpose", HtmlText(outcome.purpose));
  items += HtmlItem("Requirement", HtmlLine(outcome.requirement));
  if (with_reason) items += HtmlItem("Reason", HtmlLine(outcome.reason));
  items += HtmlItem("Clause", HtmlLine(outcome.clause)) + HtmlItem("Kind", HtmlLine(outcome.kind));
  return items.empty() ? "" : "<dl class=\"facts\">" + items + "</dl>\n";
}

std::string Attempts(const Outcome& outcome) {
  if (outcome.attempts.empty()) return "";
  const auto item = [](const Outcome& one) {
    return "<li>" + std::string(Name(one.verdict)) + ": " + HtmlLine(one.reason) + "</li>";
  };
  std::string html = "<p>Tried " + CountOf(outcome.attempts.size() + 1, "time") + ":</p>\n<ol>";
  for (const Outcome& attempt : outcome.attempts) html += item(attempt);
  return html + item(outcome) + "</ol>\n";
}

// How to come by it again.
std::string Again(const Outcome& outcome, bool with_repro) {
  std::string items;
  if (with_repro && !outcome.repro.empty()) {
    items += HtmlItem("Repeat", "<code class=\"repro\">" + HtmlLine(outcome.repro) + "</code>");
  }
  if (outcome.shrunk && !outcome.shrunk->file.empty()) {
    items += HtmlItem("Shortest", "<code class=\"repro\">" + HtmlLine(outcome.shrunk->repro) +
                                      "</code> (" + std::to_string(outcome.shrunk->exchanges) +
                                      " of " + CountOf(outcome.shrunk->of, "exchange") + ")");
  } else if (outcome.shrunk) {
    items += HtmlItem("Shortest", "the failure did not come again");
  }
  if (!outcome.recording.empty()) items += HtmlItem("Recording", HtmlPath(outcome.recording));
  return items.empty() ? "" : "<dl class=\"facts\">" + items + "</dl>\n";
}

}  // namespace

const std::string& NameOf(const Outcome& outcome) {
  static const std::string kNameless = "a case without a name";
  return outcome.id.empty() ? kNameless : outcome.id;
}

const std::string& TitleOf(const Outcome& outcome) {
  if (!outcome.title.empty()) return outcome.title;
  return outcome.purpose.empty() ? NameOf(outcome) : outcome.purpose;
}

std::string HtmlCase(const Outcome& outcome, const CaseView& view) {
  const Standing standing = view.standing;
  const std::string& title = TitleOf(outcome);
  std::string html = "<details class=\"case " + std::string(ClassOf(standing)) + "\"";
  if (!outcome.kind.empty()) html += " data-kind=\"" + HtmlLine(outcome.kind) + "\"";
  if (!outcome.device.empty()) html += " data-device=\"" + HtmlLine(outcome.device) + "\"";
  html += std::string(view.open ? " open" : "") + "><summary>" + Badge(standing) +
          "<span class=\"what\"><span class=\"title\">" + HtmlLine(title) + "</span>" +
          Deviating(outcome);
  if (&title != &outcome.id && !outcome.id.empty())
    html += " <code class=\"id\">" + HtmlLine(outcome.id) + "</code>";
  if (!outcome.device.empty())
    html += " <span class=\"note\">on " + HtmlLine(outcome.device) + "</span>";
  const bool passed = standing == Standing::kPass;
  if (!outcome.reason.empty() && !passed)
    html += " <span class=\"reason\">" + HtmlLine(outcome.reason) + "</span>";
  html += "</span><span class=\"time\">" + DurationWords(outcome.duration) +
          "</span></summary><div class=\"body\" id=\"" + std::string(view.anchor) + "\">\n";
  html += Facts(outcome, passed);
  if (!outcome.held.empty()) {
    html += "<p>Against the baseline: " + std::string(Name(outcome.change)) + "; " +
            HtmlLine(outcome.held) + ".</p>\n";
  } else if (standing == Standing::kUnexpectedPass) {
    html += "<p>The baseline lists this case as failing, and it passes.</p>\n";
  }
  html += Attempts(outcome);
  if (!outcome.recovery.empty()) {
    html += "<p>The device did not answer before this case:</p>\n<ol>";
    for (const std::string& step : outcome.recovery) html += "<li>" + HtmlLine(step) + "</li>";
    html += "</ol>\n";
  }
  for (const Finding& finding : outcome.findings) html += HtmlFinding(finding);
  html += HtmlTalk(outcome, view.chart) + Again(outcome, view.repro);
  return html + "</div></details>\n";
}

}  // namespace assay::report
