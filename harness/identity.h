// Who a modem says it is: the commands of the spec that ask for it (attribute `identifies`), and
// what their answers tell.
//
//   for (const Identifier& ask : Identifiers(grammar))       // {"revision", "AT+CGMR"}
//     identity[ask.what] = ToldBy(ask, received);            // "BG96MAR02A07M1G"
//
// What is asked for is the spec's: `manufacturer`, `model`, `revision`, `firmware`, `imei`.
#ifndef HARNESS_IDENTITY_H_
#define HARNESS_IDENTITY_H_

#include <string>
#include <vector>

#include "dialects/grammar.h"

namespace assay::harness {

struct Identifier {
  std::string what;  // a key of Report::identity
  std::string line;  // the command line
};

// Those that the model has, in the order of the spec.
std::vector<Identifier> Identifiers(const dialect::Grammar& grammar);

// The information text of the answer; empty if it was refused, or told nothing. Lines that came by
// themselves are left out.
std::string ToldBy(const Identifier& ask, const std::vector<std::string>& received);

}  // namespace assay::harness

#endif  // HARNESS_IDENTITY_H_
