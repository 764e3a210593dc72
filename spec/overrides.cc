#include "spec/overrides.h"

#include <vector>

namespace assay::spec {

Parameter Overridden(const Parameter& parameter, const ParameterOverride& change) {
  Parameter result = parameter;
  const Range& range = change.range;
  if (range.min) result.range.min = range.min;
  if (range.max) result.range.max = range.max;
  if (range.min_length) result.range.min_length = range.min_length;
  if (range.max_length) result.range.max_length = range.max_length;
  if (range.min || range.max || range.min_length || range.max_length) {
    result.range_source = change.source;
  }
  if (change.default_value) {
    result.default_value = change.default_value;
    result.default_source = change.source;
  }
  if (!change.values.empty()) result.values = change.values;
  return result;
}

Parameter ForModel(const Parameter& parameter, std::string_view model) {
  Parameter result = parameter;
  for (const ParameterOverride& change : parameter.overrides) {
    if (AppliesTo(change.models, {}, model)) result = Overridden(result, change);
  }
  std::erase_if(result.values,
                [&](const Value& value) { return !AppliesTo(value.models, {}, model); });
  return result;
}

}  // namespace assay::spec
