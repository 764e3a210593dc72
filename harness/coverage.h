// Counts how much of a spec the cases of a run have shown, and says of the rest why it was not.
//
//   CoverageCount count(grammar, &aims);
//   count.Add(outcome, seen);                   // each case, as it ends
//   report.coverage = count.Finish();
//
// A case with the verdict pass or fail counts for all that it was seen to do; any other for nothing.
#ifndef HARNESS_COVERAGE_H_
#define HARNESS_COVERAGE_H_

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dialects/grammar.h"
#include "dialects/seen.h"
#include "harness/pics.h"
#include "reports/result.h"

namespace assay::harness {

// What is known of a suite before it runs: what its cases are for, and what none of them tries.
struct Aim {
  std::string kind;    // "value", "state", ..., "worked example"
  std::string clause;  // empty: not known
  std::vector<const spec::Transition*> transitions;
  std::vector<const spec::Response*> responses;
};
struct Aims {
  std::map<std::string, Aim, std::less<>> cases;           // by id, selected or not
  std::map<std::string, report::WhyLeft, std::less<>> left;  // by id of the transition
  const Aim* Find(std::string_view id) const;  // "x/y#2" is x/y for the second time
};

class CoverageCount {
 public:
  // Both may be null: nothing is known of the suite; the module claims all that the manual gives it.
  CoverageCount(const dialect::Grammar& grammar, const Aims* aims, const Pics* pics = nullptr);
  void Add(const report::Outcome& outcome, const dialect::Seen& seen);
  report::Coverage Finish() const;

 private:
  enum class Aimed { kNever, kNotSelected, kNotJudged, kJudged };
  void AddResponses(report::Coverage& out) const;
  void AddErrors(report::Coverage& out) const;
  void AddStates(report::Coverage& out) const;
  void AddTransitions(report::Coverage& out) const;
  std::size_t CasesOf(const void* fact) const;
  report::WhyLeft WhyNot(const spec::Transition& transition) const;
  report::WhyLeft WhyNot(const void* fact) const;
  // Nothing if the module has the form.
  std::optional<report::WhyLeft> Lacks(const spec::Command& command, const spec::Form& form) const;
  bool Claimed(const spec::Transition& transition) const;

  const dialect::Grammar& grammar_;
  const Aims* aims_;
  const Pics* pics_;
  std::map<std::string, report::ClauseCoverage> clauses_;
  std::map<const void*, std::size_t> cases_;  // responses, forms of URCs, errors, transitions
  std::map<std::pair<const spec::Machine*, std::size_t>, std::size_t> states_;
  std::set<const void*> possible_;
  std::map<const void*, Aimed> aimed_;
};

}  // namespace assay::harness

#endif  // HARNESS_COVERAGE_H_
