// The page of one command, without what stands elsewhere in its dialect.
#ifndef SPEC_SHOW_COMMAND_H_
#define SPEC_SHOW_COMMAND_H_

#include <string>
#include <string_view>

#include "spec/model.h"

namespace assay::spec {

// As printed for all models, with what differs on each; for `model` alone if there is one.
std::string ShowCommand(const Command& command, std::string_view model);

}  // namespace assay::spec

#endif  // SPEC_SHOW_COMMAND_H_
