// What page.css and page.js say, for html.cc; the values are made by page_embed.sh.
#ifndef REPORTS_PAGE_H_
#define REPORTS_PAGE_H_

#include <string_view>

namespace assay::report {

extern const std::string_view kPageStyle;
extern const std::string_view kPageScript;

// "sha256-...", as a Content-Security-Policy names what it allows.
extern const std::string_view kPageStyleHash;
extern const std::string_view kPageScriptHash;

}  // namespace assay::report

#endif  // REPORTS_PAGE_H_
