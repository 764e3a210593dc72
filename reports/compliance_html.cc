#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

#include "reports/compliance.h"
#include "reports/compliance_parts.h"
#include "reports/html_text.h"
#include "reports/visible.h"
#include "spec/sha256.h"

namespace assay::report {
namespace {

// Made for paper first: no scripts, nothing folded, heads of tables again on each sheet.
constexpr std::string_view kStyle = R"css(
:root { color-scheme: light dark; --paper: #fff; --ink: #1a1c20; --soft: #50555e; --line: #c9c6be;
  --well: #f4f3ef; --link: #1f4f9e; --pass: #17663b; --fail: #9b1622; --open: #6d4400; }
@media (prefers-color-scheme: dark) { :root { --paper: #15171b; --ink: #e6e5e1; --soft: #a7acb5;
  --line: #3b4048; --well: #1f2228; --link: #8db8ff; --pass: #61cc93; --fail: #ff8a8c;
  --open: #f2b754; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem clamp(0.9rem, 4vw, 3rem) 4rem; max-width: 68rem;
  background: var(--paper); color: var(--ink); overflow-wrap: anywhere;
  font: 1rem/1.5 "Source Serif 4", "Noto Serif", "DejaVu Serif", Georgia, serif; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -200vw; }
.skip:focus { left: 1rem; top: 1rem; padding: 0.5rem 1rem; background: var(--well); }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0.5rem 0; }
h2 { font-size: 1.4rem; margin: 3rem 0 0.5rem;
  padding-top: 0.75rem; border-top: 3px solid var(--ink); }
h3 { font-size: 1.1rem; margin: 2rem 0 0.5rem; }
p { max-width: 46rem; margin: 0.6rem 0; }
.about, caption, .blank { color: var(--soft); }
.status { font-size: 1.2rem; font-weight: 700; }
.status.conforms { color: var(--pass); } .status.fails { color: var(--fail); }
.status.open { color: var(--open); }
nav ul { list-style: none; margin: 0.3rem 0; padding: 0; }
nav ul ul { padding-left: 1.5rem; }
nav li { padding: 0.15rem 0; }
dl { margin: 0.6rem 0; display: grid; gap: 0.3rem; }
dl > div { display: grid; grid-template-columns: 17rem minmax(0, 1fr); gap: 0 1rem; }
dt { color: var(--soft); }
dd { margin: 0; }
.blank { border-bottom: 1px solid var(--soft); min-height: 1.6rem; font-size: 0.875rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: 0.8rem 0; font-size: 0.9rem; }
caption { text-align: left; padding-bottom: 0.3rem; font-size: 0.875rem; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.7rem 0.3rem 0;
  border-top: 1px solid var(--line); font-weight: 400; }
thead th { color: var(--soft); border-top: 0; font-weight: 600; overflow-wrap: normal; }
tbody th { font-weight: 600; }
.short { white-space: nowrap; }
.pass { color: var(--pass); } .fail { color: var(--fail); font-weight: 700; }
.unsure { color: var(--open); font-weight: 700; }
tr:target { background: var(--well); }
@media (max-width: 44rem) { dl > div { grid-template-columns: minmax(0, 1fr); } }
@page { margin: 16mm 14mm; }
@media print {
  :root { --paper: #fff; --ink: #000; --soft: #333; --line: #999; --well: #eee; --link: #000;
    --pass: #000; --fail: #000; --open: #000; }
  body { padding: 0; max-width: none; font-size: 9.5pt; }
  .skip { display: none; }
  a { text-decoration: none; }
  .scroll { overflow: visible; }
  table { font-size: 8pt; }
  th, td { padding: 0.15rem 0.5rem 0.15rem 0; }
  thead { display: table-header-group; }
  tr, dl > div { break-inside: avoid; }
  h2 { break-before: page; }
  h2, h3, caption { break-after: avoid; }
}
)css";

// Of a Content-Security-Policy.
std::string Base64(std::string_view bytes) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t three = 0;
    const std::size_t have = std::min<std::size_t>(3, bytes.size() - at);
    for (std::size_t i = 0; i < 3; ++i)
      three = three << 8 | (i < have ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    for (std::size_t i = 0; i < 4; ++i)
      out += i <= have ? kLetters[three >> (18 - 6 * i) & 63] : '=';
  }
  return out;
}

std::string Head(const ComplianceDocument& document) {
  const std::string hash = Base64(FromHex(spec::Sha256Hex(kStyle)).value_or(""));
  return "<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" "
         "content=\"default-src 'none'; style-src 'sha256-" + hash +
         "'; base-uri 'none'; form-action 'none'\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta name=\"color-scheme\" content=\"light dark\">\n"
         "<meta name=\"referrer\" content=\"no-referrer\">\n<title>" +
         HtmlLine(document.title) + "</title>\n<style>" + std::string(kStyle) +
         "</style>\n</head>\n";
}

std::string_view LookOf(std::string_view status) {
  if (status.starts_with("not shown")) return "conforms";
  return status.starts_with("shown") ? "fails" : "open";
}

// The words of a verdict say it; the colour only helps. A number or a word is never broken.
std::string CellClass(std::string_view key, std::string_view text) {
  constexpr std::size_t kShort = 13;
  std::string out;
  if (text.size() <= kShort && text.find_first_of(" /") == text.npos) out = "short";
  if (key == "verdict" && text != "none") {
    const bool known = text == "pass" || text == "fail";
    out += (out.empty() ? "" : " ") + (known ? std::string(text) : std::string("unsure"));
  }
  return out.empty() || text.empty() ? "" : " class=\"" + out + "\"";
}

// "O3, O7" as links to the rows of that part's observations.
std::string Links(std::string_view text, const std::string& part) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(", "), text.size());
    const std::string one(text.substr(0, end));
    out += (out.empty() ? "" : ", ") + ("<a href=\"#" + part + "-" + one + "\">" + one + "</a>");
    text.remove_prefix(std::min(end + 2, text.size()));
  }
  return out;
}

std::string TableOf(const ComplianceTable& table, const std::string& part) {
  std::string out = "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" +
                    HtmlLine(table.caption) + "\">\n<table>\n<caption>" + HtmlLine(table.caption) +
                    "</caption>\n<thead><tr>";
  for (const auto& [key, name] : table.columns)
    out += "<th scope=\"col\">" + HtmlLine(name) + "</th>";
  out += "</tr></thead>\n<tbody>\n";
  const bool observed = table.key == "list";
  for (const std::vector<std::string>& row : table.rows) {
    out += observed ? "<tr id=\"" + part + "-" + HtmlLine(row[0]) + "\">" : "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string& key = table.columns[i].first;
      if (i == 0) {
        out += "<th scope=\"row\"" + CellClass(key, row[i]) + ">" + HtmlLine(row[i]) + "</th>";
      } else if (key == "observations") {
        out += "<td>" + Links(row[i], part) + "</td>";
      } else {
        out += "<td" + CellClass(key, row[i]) + ">" + HtmlLine(row[i]) + "</td>";
      }
    }
    out += "</tr>\n";
  }
  return out + "</tbody>\n</table>\n</div>\n";
}

std::string SectionOf(const ComplianceSection& section, const std::string& part) {
  std::string out = "<section id=\"" + part + "-" + section.key + "\">\n<h3>" + section.number +
                    " " + HtmlLine(section.title) + "</h3>\n";
  for (const std::string& text : section.text) out += "<p>" + HtmlLine(text) + "</p>\n";
  if (!section.facts.empty()) {
    out += "<dl>\n";
    for (const ComplianceFact& fact : section.facts)
      out += "<div><dt>" + HtmlLine(fact.name) + "</dt><dd" +
             (fact.value.empty() ? " class=\"blank\">(to be filled in)"
                                 : ">" + HtmlLine(fact.value)) +
             "</dd></div>\n";
    out += "</dl>\n";
  }
  for (const ComplianceTable& table : section.tables) out += TableOf(table, part);
  return out + "</section>\n";
}

}  // namespace

std::string WriteComplianceHtml(const Report& report) {
  const ComplianceDocument document = MakeCompliance(report);
  std::string contents, parts;
  for (std::size_t i = 0; i < document.parts.size(); ++i) {
    const CompliancePart& part = document.parts[i];
    const std::string id = part.key + (part.key == "pctr" ? std::to_string(i) : "");
    contents += "<li><a href=\"#" + id + "\">" + HtmlLine(part.title) + "</a>\n<ul>\n";
    parts += "<section id=\"" + id + "\">\n<h2>" + HtmlLine(part.title) +
             "</h2>\n<p class=\"status " + std::string(LookOf(part.status)) + "\">Conformance status: " + HtmlLine(part.status) +
             "</p>\n";
    for (const ComplianceSection& section : part.sections) {
      contents += "<li><a href=\"#" + id + "-" + section.key + "\">" + section.number + " " +
                  HtmlLine(section.title) + "</a></li>\n";
      parts += SectionOf(section, id);
    }
    contents += "</ul></li>\n";
    parts += "</section>\n";
  }
  return "<!doctype html>\n<html lang=\"en\">\n" + Head(document) +
         "<body>\n<a class=\"skip\" href=\"#sctr\">Skip to the report</a>\n<header>\n"
         "<p class=\"about\">After ISO/IEC 9646-5</p>\n<h1>" + HtmlLine(document.title) +
         "</h1>\n<p class=\"status " + std::string(LookOf(document.status)) +
         "\">Conformance status: " + HtmlLine(document.status) +
         "</p>\n</header>\n<nav aria-label=\"Contents\">\n<ul>\n" + contents +
         "</ul>\n</nav>\n<main>\n" + parts + "</main>\n</body>\n</html>\n";
}

}  // namespace assay::report
