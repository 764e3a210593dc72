// The cases of a report as CI servers count them: the one place that decides what is red, so that
// every format and the exit status agree.
//
//   for (const CiCase& one : CiCases(report))
//     std::cout << one.name << (one.red ? " failed" : " ok");
//
// Some case is red exactly if the run did not pass: where no case of its own says so (nothing ran,
// less was covered than was asked for, the run was interrupted or had a bound), one is added that
// does.
#ifndef REPORTS_CI_CASES_H_
#define REPORTS_CI_CASES_H_

#include <string>
#include <vector>

#include "reports/digest.h"
#include "reports/result.h"

namespace assay::report {

struct CiCase {
  std::string name;   // no two of one device are alike; made visible
  std::string group;  // "quectel-bg96.qmtopen", behind its device's name where there are several
  Standing standing = Standing::kPass;
  bool red = false;
  std::string type;  // of what is red: "timing", "unexpected-pass", "flaky", "inconc", "coverage"
  std::string message;  // one sentence
  std::string details;  // lines: how it stands to the baseline, tries, findings, how to repeat it
  bool telling = false;  // there is more in the details than how to repeat it
  Time duration{0};
  const Outcome* outcome = nullptr;  // null: the run as a whole; lives as long as the report
};
std::vector<CiCase> CiCases(const Report& report);

}  // namespace assay::report

#endif  // REPORTS_CI_CASES_H_
