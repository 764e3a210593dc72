// `assay.report.v1` (design, section 4): the file that every other report can be made from again.
//
//   std::string text = WriteJson(report);
//   ReadReport read = ReadJson(text);
//   if (!read.report) std::cerr << read.error;     // "outcomes[3].verdict: \"ok\" is none of ..."
//
// The same report gives the same bytes, one outcome a line. All strings are UTF-8: bytes that are
// not are shown as \xHH. Where a device's exact bytes matter they stand beside it in hexadecimal
// (`got_hex`, `bytes[].hex`, and `sent_hex`, `received_hex`, `result_hex` when the text lost any),
// so that reading back gives them again.
#ifndef REPORTS_JSON_H_
#define REPORTS_JSON_H_

#include <optional>
#include <string>
#include <string_view>

#include "reports/result.h"

namespace assay::report {

std::string WriteJson(const Report& report);

struct ReadReport {
  std::optional<Report> report;
  std::string error;  // with its place: "LINE:COLUMN: ..." if not JSON, else the path of the value
};
ReadReport ReadJson(std::string_view text);

// One outcome as one line, line feed included: a journal that is appended to while a run goes on.
std::string WriteOutcomeLine(const Outcome& outcome);

struct ReadOutcome {
  std::optional<Outcome> outcome;
  std::string error;
};
ReadOutcome ReadOutcomeLine(std::string_view line);

}  // namespace assay::report

#endif  // REPORTS_JSON_H_
