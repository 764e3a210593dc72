// What one value may be: its range and the values that the manual lists.
//
//   OutOfRange(parameter, "7");   // "0-5"; empty if it is allowed
#ifndef DIALECTS_VALUE_H_
#define DIALECTS_VALUE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "spec/model.h"

namespace assay::dialect {

// Is `value` allowed for the parameter? Empty if so, else what is: "0-5", "one of -1, 0, 1".
std::optional<std::string> OutOfRange(const spec::Parameter& parameter, std::string_view value);

// "0-5", "one of 0, 1, 2", "up to 100 bytes": what a value may be, for messages.
std::string AllowedValues(const spec::Parameter& parameter);

// The whole of `text` as a decimal integer with optional minus.
std::optional<std::int64_t> ParseInteger(std::string_view text);

}  // namespace assay::dialect

#endif  // DIALECTS_VALUE_H_
