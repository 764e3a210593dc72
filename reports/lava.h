// Signals of LAVA, as lava-test-set and lava-test-case print them: a set for each command.
//
//   <LAVA_SIGNAL_TESTSET START quectel-bg96.qmtopen>
//   <LAVA_SIGNAL_TESTCASE TEST_CASE_ID=quectel-bg96.qmtopen.write.opens RESULT=pass>
//   <LAVA_SIGNAL_TESTSET STOP>
//
// A fail, and a pass that was not expected, is `fail`; what is inconclusive and what broke in the
// harness or the bench is `unknown`; a known failure and what was not run is `skip`. For those who
// count nothing but `fail`, a last case, `assay.verdict`, is `pass` exactly if the run passed. An
// id is a letter, digit, dot, dash or underscore each; what else stands in a case's name becomes
// one.
#ifndef REPORTS_LAVA_H_
#define REPORTS_LAVA_H_

#include <string>

#include "reports/result.h"

namespace assay::report {

std::string WriteLava(const Report& report);

}  // namespace assay::report

#endif  // REPORTS_LAVA_H_
