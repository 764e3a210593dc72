// The compliance report, after ISO/IEC 9646-5: a system conformance test report (SCTR), and for
// each implementation under test a protocol conformance test report (PCTR), as a page that prints,
// as Markdown, and as JSON (`assay.compliance.v1`).
//
//   std::ofstream("compliance.html") << WriteComplianceHtml(report);
//
// A function of the result alone: the same result gives the same bytes, and two runs that found out
// the same differ in their dates only. A known failure of a baseline is a failure here.
#ifndef REPORTS_COMPLIANCE_H_
#define REPORTS_COMPLIANCE_H_

#include <string>

#include "reports/result.h"

namespace assay::report {

std::string WriteComplianceHtml(const Report& report);
std::string WriteComplianceMarkdown(const Report& report);
std::string WriteComplianceJson(const Report& report);

}  // namespace assay::report

#endif  // REPORTS_COMPLIANCE_H_
