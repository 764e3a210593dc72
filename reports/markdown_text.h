// Texts as Markdown (GitHub's, CommonMark): whatever a device sent reads as itself, in a paragraph,
// a list and a cell of a table.
#ifndef REPORTS_MARKDOWN_TEXT_H_
#define REPORTS_MARKDOWN_TEXT_H_

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace assay::report {

// On one line: controls made visible, all that Markdown or HTML would read otherwise escaped. No
// address in it becomes a link, no name a mention.
std::string MarkdownLine(std::string_view text);

// A row of a table, of cells that are Markdown already.
std::string MarkdownRow(const std::vector<std::string>& cells);
// Its head, with the line below it.
std::string MarkdownHead(const std::vector<std::string>& columns);

}  // namespace assay::report

#endif  // REPORTS_MARKDOWN_TEXT_H_
