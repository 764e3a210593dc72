// The static conformance review: what the module claims, what its test forms (`=?`) answer, and what
// it was seen to do, held against each other.
//
//   report.review = Review(report.outcomes, grammar, &pics);
//
// Pure; a row for each claim of a command or a setting that was seen or is denied.
#ifndef HARNESS_REVIEW_H_
#define HARNESS_REVIEW_H_

#include <string_view>
#include <vector>

#include "dialects/grammar.h"
#include "harness/pics.h"
#include "reports/result.h"

namespace assay::harness {

// `pics` null: the module claims what the manual gives it.
std::vector<report::ReviewRow> Review(const std::vector<report::Outcome>& outcomes,
                                      const dialect::Grammar& grammar, const Pics* pics);

// Values that a test form lists, by position: "(0-5),(1,3),<topic>" as 0-5; 1 and 3; anything.
struct ListedValues {
  bool any = true;
  std::vector<std::pair<std::int64_t, std::int64_t>> ranges;
  bool Has(std::int64_t value) const;
};
std::vector<ListedValues> ParseListed(std::string_view text);

}  // namespace assay::harness

#endif  // HARNESS_REVIEW_H_
