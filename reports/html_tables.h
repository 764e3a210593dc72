// The tables that follow the cases: devices, deviations, what was not tested, errata, settings.
#ifndef REPORTS_HTML_TABLES_H_
#define REPORTS_HTML_TABLES_H_

#include <string>
#include <vector>

#include "reports/html_matrix.h"
#include "reports/result.h"

namespace assay::report {

struct HtmlTable {
  std::string id, title, html;
};

// Those that have something in them. `anchor` tells where a case stands on the page.
std::vector<HtmlTable> HtmlTables(const Report& report, const Anchor& anchor);

}  // namespace assay::report

#endif  // REPORTS_HTML_TABLES_H_
