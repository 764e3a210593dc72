// The messages of a case as a sequence chart: host, modem, and broker where it saw packets.
//
//   html += HtmlChart(WireLog(outcome));   // <svg class="chart" ...>; "" without a message
//
// page.js draws the same where a page leaves charts out (html_case.h); the browser test holds the
// two against each other.
#ifndef REPORTS_HTML_CHART_H_
#define REPORTS_HTML_CHART_H_

#include <string>
#include <vector>

#include "reports/wire_log.h"

namespace assay::report {

std::string HtmlChart(const std::vector<WireLine>& log);

}  // namespace assay::report

#endif  // REPORTS_HTML_CHART_H_
