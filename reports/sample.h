// Reports for tests and for looking at: one as a run leaves it, one made to break a writer.
#ifndef REPORTS_SAMPLE_H_
#define REPORTS_SAMPLE_H_

#include <cstddef>
#include <string>

#include "reports/result.h"

namespace assay::report {

// Passes, each kind of failure, deviations, skips, errata, an overlay, coverage.
Report SampleReport();

// All 256 byte values in every text, and texts that would close an element, a comment or a script.
Report HostileReport();

// `cases` passed cases with exchanges, and one failure.
Report LargeReport(std::size_t cases);

std::string AllBytes();

}  // namespace assay::report

#endif  // REPORTS_SAMPLE_H_
