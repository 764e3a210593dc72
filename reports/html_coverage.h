// What of the manual was shown, and what was not, and why: the tables of coverage.
#ifndef REPORTS_HTML_COVERAGE_H_
#define REPORTS_HTML_COVERAGE_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/html_tables.h"
#include "reports/result.h"

namespace assay::report {

// Where the cases of a clause stand on the page; empty: it has none.
using ClauseAnchor = std::function<std::string(std::string_view clause)>;

std::vector<HtmlTable> HtmlCoverage(const Report& report, const ClauseAnchor& anchor);

// Of what the manual has and no case has shown, how much for which reason. Empty if all was shown.
std::string HtmlWhyLeft(const Coverage& coverage);

}  // namespace assay::report

#endif  // REPORTS_HTML_COVERAGE_H_
