// What stands above everything: the verdict in words, what it comes from, and the counts.
#ifndef REPORTS_HTML_TOP_H_
#define REPORTS_HTML_TOP_H_

#include <map>
#include <string>

#include "reports/digest.h"
#include "reports/result.h"

namespace assay::report {

std::string HtmlTop(const Report& report, const std::map<Standing, std::size_t>& tally);

// The verdict explained: what failed and in which commands, what was not run and why. Plain text.
std::string Explained(const Report& report);

}  // namespace assay::report

#endif  // REPORTS_HTML_TOP_H_
