// A report on a terminal or in a CI log.
//
//   std::cout << WriteConsole(report, {.color = isatty(1) && !getenv("NO_COLOR"), .width = 100});
//
// Every case that someone has to look at, with expected and got under it and the command that
// repeats it; then what is counted; the verdict last, where the eye is when a run ends. Says the
// same without colour.
#ifndef REPORTS_CONSOLE_H_
#define REPORTS_CONSOLE_H_

#include <cstddef>
#include <string>

#include "reports/result.h"

namespace assay::report {

struct ConsoleOptions {
  bool color = false;    // the caller's choice: a terminal, and NO_COLOR not set
  bool verbose = false;  // passed cases too, information, whole texts, what went over the wire
  int width = 80;        // columns; 0: never wrap
};

std::string WriteConsole(const Report& report, const ConsoleOptions& options);

// "[ 12/340] PASS  quectel-bg96/qmtopen/write/ok  412 ms", without a line end and never wider than
// options.width. `index` counts from 1; `total` 0 if it is not known.
std::string ProgressLine(const Outcome& outcome, std::size_t index, std::size_t total,
                         const ConsoleOptions& options);

}  // namespace assay::report

#endif  // REPORTS_CONSOLE_H_
