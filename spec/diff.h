// What two dialects say otherwise: two versions of a manual, two models, a dialect and itself under
// an overlay. Made of the requirements of both, so it sees whatever these hold.
//
//   std::vector<Change> changes = ChangesOf(*older, *newer);
//   std::cout << ChangesText(*older, *newer, changes);
//
// Dialects as printed are compared with what they say of each model; of a model with what holds for
// it. Where only one of the two is of a model, what the other says of models is left out.
#ifndef SPEC_DIFF_H_
#define SPEC_DIFF_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "spec/model.h"
#include "spec/requirements.h"

namespace assay::spec {

enum class ChangeKind {
  kRemoved,
  kAdded,
  kChanged,
  kSource,  // says the same, but from another clause or document, with another basis or erratum
};
std::string_view Name(ChangeKind kind);  // "removed", "added", "changed", "source"

struct Change {
  ChangeKind kind = ChangeKind::kChanged;
  std::optional<Requirement> a, b;  // one is absent if removed or added

  // Of the first dialect, if it has it; the id of a requirement likewise.
  const Requirement& Either() const { return a ? *a : *b; }
};

// Command by command in the order of the first dialect, then those of the second; in a command, as
// they are printed; last, what is documented elsewhere. A parameter that is spelled otherwise is the same one if it is an alias or has
// the same letters and digits; a transition if machine, event, states and guard are the same; an error
// if its code and commands are.
std::vector<Change> ChangesOf(const Dialect& a, const Dialect& b);

// For a terminal; "no difference" in words if there is none.
std::string ChangesText(const Dialect& a, const Dialect& b, const std::vector<Change>& changes);

// {"schema":"assay.spec.diff.v1","a":{"dialect","model"?,"document":{..},"sha256"},"b":{..},
//  "summary":{"removed","added","changed","source"},
//  "changes":[{"change","id","about","what","a":{"text","basis","clause"?,..}|null,"b":..}]}
std::string ChangesJson(const Dialect& a, const Dialect& b, const std::vector<Change>& changes);

}  // namespace assay::spec

#endif  // SPEC_DIFF_H_
