// What the pages have in common: head, script, contents, sections, tables.
#ifndef REPORTS_HTML_PARTS_H_
#define REPORTS_HTML_PARTS_H_

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assay::report {

// Everything up to <body>: allows the page its own style and script and nothing else.
// `title` is HTML.
std::string HtmlHead(const std::string& title);
std::string HtmlScript();  // the comforts of page.js

std::string HtmlSection(std::string_view id, const std::string& title, const std::string& html);

// A name and what there is of it, in a <dl>; nothing if there is nothing.
std::string HtmlItem(std::string_view name, const std::string& html);

// Ids and titles of sections, as a list of links.
std::string HtmlContents(const std::vector<std::pair<std::string, std::string>>& sections);

std::string HtmlTableBegin(std::string_view look, std::initializer_list<std::string_view> columns);
inline constexpr std::string_view kHtmlTableEnd = "</tbody></table>\n";
// On a narrow screen a row becomes a block, and each cell carries its column's name.
std::string HtmlCell(std::string_view column, const std::string& html);

}  // namespace assay::report

#endif  // REPORTS_HTML_PARTS_H_
