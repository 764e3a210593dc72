// The matrices of the page: commands by kinds of check, and devices by the cases in which they
// differ.
#ifndef REPORTS_HTML_MATRIX_H_
#define REPORTS_HTML_MATRIX_H_

#include <functional>
#include <string>

#include "reports/result.h"

namespace assay::report {

using Anchor = std::function<std::string(const Outcome&)>;  // where a case stands on the page

// A cell leads to the first of its cases that somebody has to look at, and page.js makes a filter
// of it. Nothing of a report without cases.
std::string HtmlMatrix(const Report& report, const Anchor& anchor);

// The cases that did not end alike on all devices that have them, and how many did. Nothing of a
// report of one device.
std::string HtmlDeviceMatrix(const Report& report, const Anchor& anchor);

}  // namespace assay::report

#endif  // REPORTS_HTML_MATRIX_H_
