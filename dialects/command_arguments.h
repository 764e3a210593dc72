// The arguments of one command form: fields between commas, put into the places of its syntax.
// Private to the grammar.
#ifndef DIALECTS_COMMAND_ARGUMENTS_H_
#define DIALECTS_COMMAND_ARGUMENTS_H_

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "dialects/grammar.h"

namespace assay::dialect {

// What the syntax of a form wants of its arguments. Points into the spec.
std::vector<CommandSlot> CommandSlots(const spec::Command& command, const spec::Form& form);

// Is every value but the last one always there, and the last one raw?
bool EndsRaw(const std::vector<CommandSlot>& slots);

// Adds the arguments of the form and what is wrong with them to `out`, whose line the fields are
// of, on that model. Returns how many values found no place; nothing, and nothing is added, if the line does not
// name the form's key.
std::optional<std::size_t> AssignArguments(const spec::Form& form, const std::vector<CommandSlot>& slots,
                     const std::vector<FieldSpan>& fields, std::string_view model,
                     ParsedCommand& out);

}  // namespace assay::dialect

#endif  // DIALECTS_COMMAND_ARGUMENTS_H_
