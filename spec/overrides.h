// A parameter as one model has it.
#ifndef SPEC_OVERRIDES_H_
#define SPEC_OVERRIDES_H_

#include <string_view>

#include "spec/model.h"

namespace assay::spec {

// With the overrides of the model in place of what they give, and without values of other models.
Parameter ForModel(const Parameter& parameter, std::string_view model);

// With one override.
Parameter Overridden(const Parameter& parameter, const ParameterOverride& change);

}  // namespace assay::spec

#endif  // SPEC_OVERRIDES_H_
