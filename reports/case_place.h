// Where a case belongs: the command that its id names, and the kind of check that it is.
//
//   CommandIn("quectel-bg96/qmtopen/write/port-above") == "qmtopen"
//   CommandNames(report).at("qmtopen") == "AT+QMTOPEN"    as it was sent; what was not is not there
#ifndef REPORTS_CASE_PLACE_H_
#define REPORTS_CASE_PLACE_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "reports/digest.h"
#include "reports/result.h"

namespace assay::report {

std::string CommandIn(std::string_view case_id);
std::string KindIn(const Outcome& outcome);  // "transcript", where nobody said
std::map<std::string, std::string> CommandNames(const Report& report);

// The command that an exchange is about, as it was sent: that of a data phase came before it.
// Empty: none.
class CommandReader {
 public:
  std::string Read(const ExchangeRecord& exchange);

 private:
  std::string last_;
};

// The commands of each dialect by the kinds of check, and the cases of each pair.
struct Matrix {
  struct Row {
    std::string dialect, command;
    std::map<std::string, std::vector<const Outcome*>> cells;  // by kind; of the report
  };
  std::vector<std::string> kinds;
  std::vector<Row> rows;
};
Matrix MatrixOf(const Report& report);

}  // namespace assay::report

#endif  // REPORTS_CASE_PLACE_H_
