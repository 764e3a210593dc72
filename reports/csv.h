// A case a line, for a spreadsheet or a database (RFC 4180): comma, double quotes, CR LF.
//
// The first line has the names of the columns. `counts_as` is `pass`, `fail` or `skip`: the run
// passed exactly if none is `fail`. A cell that a spreadsheet would take for a formula begins with
// an apostrophe. Bytes that are no text are made visible.
#ifndef REPORTS_CSV_H_
#define REPORTS_CSV_H_

#include <string>

#include "reports/result.h"

namespace assay::report {

std::string WriteCsv(const Report& report);

}  // namespace assay::report

#endif  // REPORTS_CSV_H_
