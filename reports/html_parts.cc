#include "reports/html_parts.h"

#include "reports/page.h"

namespace assay::report {

std::string HtmlHead(const std::string& title) {
  return "<head>\n<meta charset=\"utf-8\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '" +
         std::string(kPageStyleHash) + "'; script-src '" + std::string(kPageScriptHash) +
         "'; base-uri 'none'; form-action 'none'\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta name=\"color-scheme\" content=\"light dark\">\n"
         "<meta name=\"referrer\" content=\"no-referrer\">\n<title>" +
         title + "</title>\n<style>" + std::string(kPageStyle) + "</style>\n</head>\n";
}

std::string HtmlScript() { return "<script>" + std::string(kPageScript) + "</script>\n"; }

std::string HtmlSection(std::string_view id, const std::string& title, const std::string& html) {
  return "<section id=\"" + std::string(id) + "\">\n<h2>" + title + "</h2>\n" + html +
         "</section>\n";
}

std::string HtmlItem(std::string_view name, const std::string& html) {
  if (html.empty()) return "";
  return "<div><dt>" + std::string(name) + "</dt><dd>" + html + "</dd></div>\n";
}

std::string HtmlContents(const std::vector<std::pair<std::string, std::string>>& sections) {
  std::string html = "<nav aria-label=\"Contents\"><ul>\n";
  for (const auto& [id, title] : sections) {
    html += "<li><a href=\"#" + id + "\">" + title + "</a></li>\n";
  }
  return html + "</ul></nav>\n";
}

std::string HtmlTableBegin(std::string_view look, std::initializer_list<std::string_view> columns) {
  std::string html = "<table class=\"list " + std::string(look) + "\"><thead><tr>";
  for (const std::string_view column : columns) {
    html += "<th scope=\"col\">" + std::string(column) + "</th>";
  }
  return html + "</tr></thead>\n<tbody>\n";
}

std::string HtmlCell(std::string_view column, const std::string& html) {
  return "<td data-column=\"" + std::string(column) + "\">" + html + "</td>";
}

}  // namespace assay::report
