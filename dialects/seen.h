// What of a spec a conversation has shown, as whoever follows it understood it: coverage is counted
// from it. It decides nothing, and nothing is judged by it.
//
//   Seen seen;
//   tracker.NoteSeen(&seen);                     // null: nobody wants to know
//   tracker.Accepted(command, response);
//   seen.transitions.count(&transition)
//
// Points into the dialect that is followed.
#ifndef DIALECTS_SEEN_H_
#define DIALECTS_SEEN_H_

#include <cstddef>
#include <set>
#include <utility>

#include "spec/model.h"

namespace assay::dialect {

struct Seen {
  std::set<const spec::Response*> responses;  // as a whole
  std::set<const spec::Form*> urcs;
  std::set<const spec::ErrorCode*> errors;
  std::set<std::pair<const spec::Machine*, std::size_t>> states;  // that an instance surely was in
  // Those that alone explain what was seen, and those that are one explanation of several.
  std::set<const spec::Transition*> transitions, possible;
  bool refused = false;  // a command was refused, or its result was a failure
};

}  // namespace assay::dialect

#endif  // DIALECTS_SEEN_H_
