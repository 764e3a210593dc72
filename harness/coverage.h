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

  // What a case has shown in numbers, for a journal: `covers` are places in the facts of Finish().
  struct Numbers {
    std::vector<std::size_t> covers, seen, possible;
  };
  Numbers NumbersOf(const report::Outcome& outcome, const dialect::Seen& seen) const;
  // And back, with the same spec.
  dialect::Seen SeenOf(const std::vector<std::size_t>& seen,
                       const std::vector<std::size_t>& possible, bool refused) const;

 private:
  // A fact of the spec: what it is, and of a machine which of its states, from 1.
  using Fact = std::pair<const void*, std::size_t>;
  using Places = std::map<Fact, std::size_t>;
  struct Known {
    const spec::Response* response = nullptr;
    const spec::Form* urc = nullptr;
    const spec::ErrorCode* error = nullptr;
    const spec::Transition* transition = nullptr;
    const spec::Machine* machine = nullptr;
    std::size_t state = 0;
  };
  void Enumerate();
  bool Meant(const report::Outcome& outcome, const spec::Transition* transition) const;
  enum class Aimed { kNever, kNotSelected, kNotJudged, kJudged };
  // `places`, if anybody wants to know: where the facts stand.
  void AddResponses(report::Coverage& out, Places* places) const;
  void AddErrors(report::Coverage& out, Places* places) const;
  void AddStates(report::Coverage& out, Places* places) const;
  void AddTransitions(report::Coverage& out, Places* places) const;
  report::Coverage Finish(Places* places) const;
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
  std::vector<Known> known_;  // all facts of the spec
  Places numbers_, places_;   // of these, and in Finish()
};

}  // namespace assay::harness

#endif  // HARNESS_COVERAGE_H_
