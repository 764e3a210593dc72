// Where a text differs from another: what a reader of expected against got has to look at.
//
//   Differences("+A: 0,2,7", "+A: 0,0,8")    // {{6, 7}, {8, 9}}: the 2 and the 7
//
// Positions are bytes of the text, never inside a character.
#ifndef REPORTS_DIFFERENCE_H_
#define REPORTS_DIFFERENCE_H_

#include <cstddef>
#include <string_view>
#include <vector>

namespace assay::report {

struct Span {
  std::size_t begin = 0, end = 0;
  bool operator==(const Span&) const = default;
};

// None where the texts have nothing in common: to mark all of it says nothing.
std::vector<Span> Differences(std::string_view text, std::string_view other);

}  // namespace assay::report

#endif  // REPORTS_DIFFERENCE_H_
