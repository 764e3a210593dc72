// Response times of the commands against the times that are documented for them, as plots.
#ifndef REPORTS_HTML_TIMES_H_
#define REPORTS_HTML_TIMES_H_

#include <string>

#include "reports/html_matrix.h"
#include "reports/result.h"

namespace assay::report {

// A table with a plot in each row, nearest to its limit first. Nothing where nothing was measured.
std::string HtmlTimes(const Report& report, const Anchor& anchor);

}  // namespace assay::report

#endif  // REPORTS_HTML_TIMES_H_
