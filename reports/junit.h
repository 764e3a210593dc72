// JUnit XML, for CI servers: testsuites > testsuite > testcase.
//
// A fail is a failure; an error of the bench and an inconclusive case are errors (inconclusive is
// never a pass); an unexpected pass is a failure; known failures and cases that were not run are
// skipped, with the reason. So a CI server and the exit status agree. Names are unique, bytes that
// XML 1.0 forbids are made visible, and properties stand on the suite alone.
#ifndef REPORTS_JUNIT_H_
#define REPORTS_JUNIT_H_

#include <string>

#include "reports/result.h"

namespace assay::report {

std::string WriteJunit(const Report& report);

}  // namespace assay::report

#endif  // REPORTS_JUNIT_H_
