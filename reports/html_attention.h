// What somebody has to look at, on top of the page: each failure once, with the cases that met it.
#ifndef REPORTS_HTML_ATTENTION_H_
#define REPORTS_HTML_ATTENTION_H_

#include <cstddef>
#include <string>

#include "reports/html_matrix.h"
#include "reports/result.h"

namespace assay::report {

// Empty if there is nothing to look at; else `count` is of the cases.
std::string HtmlAttention(const Report& report, const Anchor& anchor, std::size_t* count);

}  // namespace assay::report

#endif  // REPORTS_HTML_ATTENTION_H_
