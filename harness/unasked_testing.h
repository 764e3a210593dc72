// What a modem may say unasked, and where: for tests that put it there.
//
//   for (const Boundary& boundary : Boundaries("quectel-bg96", grammar, recorded, pieces))
//     Replay(plan, grammar, Inserted(session, boundary.place, "\r\n" + boundary.permitted[0] + ...
#ifndef HARNESS_UNASKED_TESTING_H_
#define HARNESS_UNASKED_TESTING_H_

#include <string>
#include <string_view>
#include <vector>

#include "harness/session_testing.h"

namespace assay::harness {

// A boundary between lines, and what the spec lets the modem say there.
struct Boundary {
  Place place;
  std::vector<std::string> permitted, forbidden;  // URCs
};

// Neither in data phases nor between the lines of one message.
std::vector<Boundary> Boundaries(std::string_view dialect, const dialect::Grammar& grammar,
                                 const Recorded& recorded, const std::vector<Piece>& pieces);

}  // namespace assay::harness

#endif  // HARNESS_UNASKED_TESTING_H_
