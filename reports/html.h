// A report as one page that needs nothing else: no network, no file beside it, no script.
//
//   std::ofstream("report.html", std::ios::binary) << WriteHtml(report);
//
// The page's own style and script are allowed by their hashes and nothing else is, so that a byte
// of a device can never run. result.json stands in it as <script type="application/json"
// id="result">. The look is in page.css, the filter box and the opening for print in page.js.
#ifndef REPORTS_HTML_H_
#define REPORTS_HTML_H_

#include <string>

#include "reports/result.h"

namespace assay::report {

std::string WriteHtml(const Report& report);

}  // namespace assay::report

#endif  // REPORTS_HTML_H_
