// One case of the page: a line that opens to its findings and to what went over the wire.
#ifndef REPORTS_HTML_CASE_H_
#define REPORTS_HTML_CASE_H_

#include <string>
#include <string_view>

#include "reports/digest.h"
#include "reports/result.h"

namespace assay::report {

// `anchor` is the target of links to it, unique on the page.
std::string HtmlCase(const Outcome& outcome, Standing standing, std::string_view anchor, bool open);

}  // namespace assay::report

#endif  // REPORTS_HTML_CASE_H_
