// Texts and bytes as HTML: safe in an element and in a double-quoted attribute.
#ifndef REPORTS_HTML_TEXT_H_
#define REPORTS_HTML_TEXT_H_

#include <string>
#include <string_view>

#include "reports/digest.h"

namespace assay::report {

std::string HtmlLine(std::string_view text);    // controls made visible
std::string HtmlText(std::string_view text);    // the same, line feeds stay
// Bytes made visible already, in an element only: quotes stay what they are.
std::string HtmlInside(std::string_view visible);

// A text already made visible; what differs from `other` is marked as <mark>.
std::string HtmlDifference(std::string_view text, std::string_view other);

// JSON that can stand in a script element: without a < nothing ends or reopens it.
std::string HtmlJson(std::string_view json);

// The target of a link: letters, digits, "_", "." and single "-" only.
std::string Slug(std::string_view text);

// A link to a file beside the page, never anywhere else.
std::string HtmlPath(std::string_view path);

// The word, with a sign, so that colour is not needed to see it.
std::string Badge(Standing standing);
std::string_view SignOf(Standing standing);
std::string_view ClassOf(Standing standing);  // "pass", "fail", ... of page.css

}  // namespace assay::report

#endif  // REPORTS_HTML_TEXT_H_
