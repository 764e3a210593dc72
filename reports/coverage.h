// How much of a manual the cases of a run have shown: its clauses, and of its spec the documented
// answers, error codes, states and transitions; and of what was not shown, why not.
//
//   Coverage coverage = ...;                      // counted by harness/coverage.h
//   Share share = ShareOf(coverage, CoverageKind::kTransitions);
//   std::cout << share.covered << " of " << share.total;
//   for (const FailedGate& gate : FailedGates(coverage)) std::cerr << Words(gate);
//
// Counts are of cases with the verdict pass or fail: what was planned, or shown on the way to an
// inconclusive end, covers nothing.
#ifndef REPORTS_COVERAGE_H_
#define REPORTS_COVERAGE_H_

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::report {

enum class CoverageKind { kClauses, kResponses, kErrors, kStates, kTransitions };
inline constexpr CoverageKind kCoverageKinds[] = {
    CoverageKind::kClauses, CoverageKind::kResponses, CoverageKind::kErrors, CoverageKind::kStates,
    CoverageKind::kTransitions};
std::string_view Name(CoverageKind kind);  // "clauses", ...

// Why something that the manual has is not tried, or was not shown.
enum class WhyLeft {
  kOpen,       // the manual leaves it open: whatever comes is right
  kElsewhere,  // the manual says that it may come, and not what brings it about
  kNetwork,    // the bench would have to take the network away in that very moment
  kPeer,       // no server of the bench behaves so
  kHidden,     // another answer always comes first
  kSilent,     // no line tells that it happened
  kUntold,     // what was seen has other explanations, too
  kSelection,  // by a filter, a shard, the choice of the suite
  kNotJudged,  // its cases were left out, or ended without a verdict on the modem
  kNoCase,
  kModel,      // another model has it
  kClaim,      // the module does not claim it (PICS)
};
inline constexpr WhyLeft kWhyLeft[] = {
    WhyLeft::kOpen,      WhyLeft::kElsewhere, WhyLeft::kNetwork, WhyLeft::kPeer,
    WhyLeft::kHidden,    WhyLeft::kSilent,    WhyLeft::kUntold,  WhyLeft::kSelection,
    WhyLeft::kNotJudged, WhyLeft::kNoCase,    WhyLeft::kModel,   WhyLeft::kClaim};
std::string_view Name(WhyLeft reason);  // a phrase

struct ClauseCoverage {
  std::string clause;
  std::size_t positive = 0, negative = 0;
  std::string reason;  // why it is not covered
  bool operator==(const ClauseCoverage&) const = default;
};

struct FactCoverage {
  CoverageKind kind = CoverageKind::kResponses;  // never kClauses
  std::string what;    // "AT+QMTOPEN/write/success", "+CME ERROR 3", "socket open", "T12"
  std::string clause;
  std::size_t cases = 0;          // that have shown it
  std::optional<WhyLeft> reason;  // why none has
  bool operator==(const FactCoverage&) const = default;
};

struct Coverage {
  std::vector<ClauseCoverage> clauses;
  std::vector<FactCoverage> facts;         // by kind, and as the spec has them
  std::map<CoverageKind, double> minimum;  // per cent that were asked for
  bool operator==(const Coverage&) const = default;
};

// What the module does not have, or does not claim to have, does not count.
struct Share {
  std::size_t covered = 0, total = 0;
};
Share ShareOf(const Coverage& coverage, CoverageKind kind);

// "90" is asked of every kind, "clauses=95,transitions=90.5" of these. Nothing, and the error, if it
// says neither.
std::optional<std::map<CoverageKind, double>> ParseMinimum(std::string_view text,
                                                           std::string* error);

// A share that is less than was asked for.
struct FailedGate {
  CoverageKind kind = CoverageKind::kClauses;
  Share share;
  double minimum = 0;
  std::vector<std::string> lacking;  // "T12 (3.2.5): no server of the bench behaves so"
};
std::vector<FailedGate> FailedGates(const Coverage& coverage);
// "58 of 93 transitions covered (62.3 %), less than 90 %"
std::string Words(const FailedGate& gate);

// Adds what another part of the run, or another device, has shown. Names stay what they are.
void Add(Coverage& coverage, const Coverage& other);

}  // namespace assay::report

#endif  // REPORTS_COVERAGE_H_
