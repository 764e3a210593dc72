// Completion of the command line by shells. What depends on the dialects that are there (their ids,
// models, faults) is asked of the program itself, `assay help --values KIND`, when it is needed.
//
//   std::cout << BashCompletion(all);          // source it, or put it where bash-completion looks
#ifndef HARNESS_HELP_COMPLETION_H_
#define HARNESS_HELP_COMPLETION_H_

#include <string>

#include "harness/help_tree.h"

namespace assay::harness {

std::string BashCompletion(const CommandHelp& top);
std::string ZshCompletion(const CommandHelp& top);
std::string FishCompletion(const CommandHelp& top);

// "dialects" for Offer::kDialects: what --values is asked; empty for what it does not answer.
std::string_view ValuesName(Offer offer);

}  // namespace assay::harness

#endif  // HARNESS_HELP_COMPLETION_H_
