// What two runs of one case say otherwise, and which finding says what of it. A part of compare.h.
#ifndef REPORTS_COMPARE_CASE_H_
#define REPORTS_COMPARE_CASE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "reports/compare.h"
#include "reports/compare_align.h"

namespace assay::report {

// A difference of one case, and what the findings say of it.
struct Judgement {
  Difference difference;
  std::string command;
  Judged judged = Judged::kChange;
  const Finding* finding = nullptr;
};

struct CaseComparison {
  std::vector<Judgement> found;
  std::size_t followed = 0;  // differences that follow from a violation before them
  // Of turns that answered alike.
  struct Times {
    std::string command, what;
    Time one{0}, other{0};
  };
  std::vector<Times> times;
};

// The findings in it live as long as the outcomes.
CaseComparison CompareCase(const Outcome& one, const Outcome& other,
                           const dialect::Grammar* grammar);

}  // namespace assay::report

#endif  // REPORTS_COMPARE_CASE_H_
