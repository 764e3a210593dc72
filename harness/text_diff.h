// What changes in a text, as `diff -u` shows it.
//
//   UnifiedDiff("known.baseline", before, after)    // empty: nothing
#ifndef HARNESS_TEXT_DIFF_H_
#define HARNESS_TEXT_DIFF_H_

#include <string>
#include <string_view>

namespace assay::harness {

std::string UnifiedDiff(const std::string& file, std::string_view before, std::string_view after);

}  // namespace assay::harness

#endif  // HARNESS_TEXT_DIFF_H_
