// Which transition of a machine can follow which: what walks have to cover.
//
//   Pairs pairs(grammar.dialect());
//   for (const TransitionPair& pair : pairs.Possible()) ...         // what the spec allows
//   Pairs::Last last = pairs.None();
//   for (const spec::Transition* one : heard.transitions) pairs.Take(*one, last);
//
// Of each machine by itself: what others do in between does not matter. What can only come once
// it has been asked for (a result, data) follows what asks for it.
#ifndef HARNESS_GENERATE_PAIRS_H_
#define HARNESS_GENERATE_PAIRS_H_

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "spec/model.h"

namespace assay::harness {

// Their places in the dialect's transitions.
using TransitionPair = std::pair<std::size_t, std::size_t>;

class Pairs {
 public:
  explicit Pairs(const spec::Dialect& dialect);
  // Of transitions that the manual vouches for, and of its own document; sorted.
  std::vector<TransitionPair> Possible() const;

  // The last transition of each machine, where there was one.
  using Last = std::vector<std::optional<std::size_t>>;
  Last None() const { return Last(dialect_.machines.size()); }
  // The pair that it makes with the one before.
  std::optional<TransitionPair> Take(const spec::Transition& transition, Last& last) const;

 private:
  bool CanFollow(const spec::Transition& first, const spec::Transition& second) const;
  const spec::Dialect& dialect_;
  std::vector<std::size_t> machine_of_;  // of transitions
};

}  // namespace assay::harness

#endif  // HARNESS_GENERATE_PAIRS_H_
