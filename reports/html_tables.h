// The tables that follow the cases: deviations, what was not run, errata, coverage.
#ifndef REPORTS_HTML_TABLES_H_
#define REPORTS_HTML_TABLES_H_

#include <functional>
#include <string>
#include <vector>

#include "reports/result.h"

namespace assay::report {

struct HtmlTable {
  std::string id, title, html;
};

// Those that have something in them. `anchor` tells where a case stands on the page.
std::vector<HtmlTable> HtmlTables(const Report& report,
                                  const std::function<std::string(const Outcome&)>& anchor);

}  // namespace assay::report

#endif  // REPORTS_HTML_TABLES_H_
