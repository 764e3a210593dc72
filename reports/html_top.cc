#include "reports/html_top.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "reports/case_place.h"
#include "reports/html_text.h"

namespace assay::report {
namespace {

constexpr std::size_t kNamed = 3;  // of many, the most frequent

using Frequency = std::map<std::string, std::size_t>;

std::vector<std::pair<std::string, std::size_t>> MostFirst(const Frequency& counts) {
  std::vector<std::pair<std::string, std::size_t>> out(counts.begin(), counts.end());
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  return out;
}

// "AT+QMTOPEN (3), AT+QMTCFG (2) and 4 more"
std::string Named(const Frequency& counts) {
  const auto most = MostFirst(counts);
  if (most.size() == 1) return most.front().first;
  std::string text;
  const std::size_t shown = most.size() <= kNamed + 1 ? most.size() : kNamed;
  for (std::size_t i = 0; i < shown; ++i) {
    const bool last = i + 1 == most.size();
    text += (i == 0 ? "" : last ? " and " : ", ") + most[i].first + " (" +
            std::to_string(most[i].second) + ")";
  }
  if (shown < most.size()) text += " and " + std::to_string(most.size() - shown) + " more";
  return text;
}

std::string Failures(const Report& report) {
  const std::map<std::string, std::string> names = CommandNames(report);
  Frequency commands, clauses;
  std::size_t failed = 0;
  for (const Outcome& outcome : report.outcomes) {
    if (StandingOf(report, outcome) != Standing::kFail) continue;
    ++failed;
    const std::string command = CommandIn(outcome.id);
    ++commands[names.contains(command) ? names.at(command) : command];
    if (!outcome.clause.empty()) ++clauses[ClauseIn(report, outcome)];
  }
  if (failed == 0) return "";
  std::string text = "What fails is in " + Named(commands);
  if (!clauses.empty())
    text += ", " + std::string(clauses.size() == 1 ? "clause " : "clauses ") + Named(clauses);
  return text + ".";
}

std::string LeftOut(const Report& report) {
  const std::vector<SkipGroup> groups = Skips(report);
  if (groups.empty()) return "";
  std::size_t count = 0;
  const SkipGroup* most = &groups.front();
  for (const SkipGroup& group : groups) {
    count += group.outcomes.size();
    if (group.outcomes.size() > most->outcomes.size()) most = &group;
  }
  return CountOf(count, "case") + (count == 1 ? " was" : " were") + " not run" +
         (groups.size() == 1 ? ": " : ", " + std::to_string(most->outcomes.size()) + " of them: ") +
         most->reason + ".";
}

// The share of each standing, as a bar; what is rare stays wide enough to be seen.
std::string Bar(const Report& report, const std::map<Standing, std::size_t>& tally) {
  std::string parts;
  std::size_t at = 0;
  for (const auto& [standing, count] : tally) {
    const std::size_t width = std::max<std::size_t>(count * 100, report.outcomes.size());
    parts += "<rect class=\"" + std::string(ClassOf(standing)) + "\" x=\"" + std::to_string(at) +
             "\" width=\"" + std::to_string(width) + "\" height=\"1\"/>";
    at += width;
  }
  if (parts.empty()) return "";
  return "<svg class=\"bar\" viewBox=\"0 0 " + std::to_string(at) +
         " 1\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"" +
         HtmlLine(Counts(report)) + "\">" + parts + "</svg>\n";
}

std::string Tiles(const Report& report, const std::map<Standing, std::size_t>& tally) {
  std::string html = "<dl class=\"tiles\">\n";
  const auto tile = [&](std::string_view look, const std::string& name, const std::string& text) {
    html += "<div class=\"" + std::string(look) + "\"><dt>" + name + "</dt><dd>" + text +
            "</dd></div>\n";
  };
  tile("", report.outcomes.size() == 1 ? "case" : "cases", std::to_string(report.outcomes.size()));
  for (const auto& [standing, count] : tally)
    tile(ClassOf(standing), std::string(Words(standing)), std::to_string(count));
  tile("", report.summary.deviations == 1 ? "deviation" : "deviations",
       std::to_string(report.summary.deviations));
  tile("", "taken", DurationWords(report.duration));
  return html + "</dl>\n";
}

}  // namespace

std::string Explained(const Report& report) {
  std::string text;
  for (const std::string& sentence : {Failures(report), LeftOut(report)})
    if (!sentence.empty()) text += (text.empty() ? "" : " ") + sentence;
  return text;
}

std::string HtmlTop(const Report& report, const std::map<Standing, std::size_t>& tally) {
  std::string about = HtmlLine(report.dialect);
  if (!report.model.empty()) about += " \u00b7 " + HtmlLine(report.model);
  if (!report.document.empty()) about += " \u00b7 " + HtmlLine(report.document);
  std::string html = "<header class=\"" + std::string(Name(VerdictOf(report))) +
                     "\">\n<p class=\"about\">Conformance of " + about + "</p>\n<h1>" +
                     HtmlLine(Headline(report)) + "</h1>\n";
  const auto line = [&](const std::string& text) {
    if (!text.empty()) html += "<p class=\"lede\">" + HtmlLine(text) + "</p>\n";
  };
  if (!report.diagnosis.empty()) line(report.diagnosis + ".");
  if (const std::string changes = ChangeWords(report); !changes.empty())
    line("Against the baseline: " + changes + ".");
  if (const std::string went = WentWords(report); !went.empty())
    line("The device went away: " + went + ".");
  if (report.log_verdict) line("Log verdict: " + LogVerdictWords(*report.log_verdict) + ".");
  line(Explained(report));
  return html + Bar(report, tally) + Tiles(report, tally) + "</header>\n";
}

}  // namespace assay::report
