// What a dialect's structs hold beyond what its JSON says: derived kinds, names and sources, and
// the overrides of a model.
#ifndef SPEC_FINISH_H_
#define SPEC_FINISH_H_

#include <string_view>

#include "spec/complaints.h"
#include "spec/model.h"

namespace assay::spec {

// Fills in what follows from the rest: kinds of lines, ids of responses, sources that were not
// given. Adds and removes nothing, so places stay valid.
void Derive(const Places& places, Dialect* dialect);

// Lets the overrides for `model` replace what they give, and drops values of other models.
void ApplyModel(std::string_view model, Dialect* dialect);

}  // namespace assay::spec

#endif  // SPEC_FINISH_H_
