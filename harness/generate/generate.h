// The conformance suite of a dialect, derived from its spec: ordinary transcripts, each with a
// stable id, a test purpose, its clause and why it expects what it expects.
//
//   GeneratedSuite suite = Generate(grammar, {.seed = 1});
//   for (const GeneratedCase& one : suite.cases) Print(one.transcript);
//   for (const Untried& one : suite.left) std::cout << one.what << ": " << Name(one.reason);
//
// Same spec, model and seed: same bytes. What the manual leaves open is not asserted.
#ifndef HARNESS_GENERATE_GENERATE_H_
#define HARNESS_GENERATE_GENERATE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/generate/case.h"
#include "reports/coverage.h"

namespace assay::harness {

struct GenerateOptions {
  std::uint64_t seed = 1;
};

// Why something that the spec has is not tried.
using report::WhyLeft;

struct Untried {
  std::string what;  // "transition T21", "AT+QMTPUB/write/response cancelled"
  std::string clause;
  WhyLeft reason = WhyLeft::kOpen;
};

struct GeneratedSuite {
  std::vector<GeneratedCase> cases;  // by id
  std::vector<Untried> left;
  // Drafts that the modem of the spec contradicts: mistakes of ours, and why. None in a sound spec.
  std::vector<std::string> contradictions;
};
GeneratedSuite Generate(const std::shared_ptr<const dialect::Grammar>& grammar,
                        const GenerateOptions& options);

}  // namespace assay::harness

#endif  // HARNESS_GENERATE_GENERATE_H_
