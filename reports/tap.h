// TAP, the Test Anything Protocol: a line a case, with YAML of what is red or was found.
//
//   ok 1 - quectel-bg96/qmtopen/write/opens
//   not ok 2 - quectel-bg96/qmtopen/write/range-low
//   ok 3 - quectel-bg96/qmtcfg/write/ssl # SKIP needs PIXIT tls_broker
//   not ok 4 - quectel-bg96/qmtuns/write/unknown-topic # TODO known failure: result 1
//
// Readers of TAP 13 and of TAP 14 take the same text but for its first line: those of 13 (Perl's
// among them) refuse a version that they do not know, those of 14 take 13. What is inconclusive, or
// passes unexpectedly, is `not ok` without a directive, so that a harness fails exactly if the run
// did not pass.
#ifndef REPORTS_TAP_H_
#define REPORTS_TAP_H_

#include <string>

#include "reports/result.h"

namespace assay::report {

enum class TapVersion { k13, k14 };
std::string WriteTap(const Report& report, TapVersion version = TapVersion::k13);

}  // namespace assay::report

#endif  // REPORTS_TAP_H_
