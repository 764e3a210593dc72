// One case of the page: a line that opens to what the case is about, its findings, and what was
// said as a sequence chart beside the bytes.
#ifndef REPORTS_HTML_CASE_H_
#define REPORTS_HTML_CASE_H_

#include <string>

#include "reports/digest.h"
#include "reports/result.h"

namespace assay::report {

struct CaseView {
  Standing standing = Standing::kNotJudged;
  std::string anchor;  // the target of links to it, unique on the page
  bool open = false;
  // Of a page with thousands of cases, page.js draws most when they are opened. The bytes are there
  // without it.
  bool chart = true;
  bool repro = true;  // no, where the page says once how to repeat any case
};
std::string HtmlCase(const Outcome& outcome, const CaseView& view);

// What names it to a person: its title, else its purpose, else its id. Neither is empty.
const std::string& TitleOf(const Outcome& outcome);
const std::string& NameOf(const Outcome& outcome);

}  // namespace assay::report

#endif  // REPORTS_HTML_CASE_H_
