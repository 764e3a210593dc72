// The command line as a page of the manual, assay(1), in the macros of man(7).
#ifndef HARNESS_HELP_MAN_H_
#define HARNESS_HELP_MAN_H_

#include <string>

#include "harness/help_tree.h"

namespace assay::harness {

std::string ManPage(const CommandHelp& top);

}  // namespace assay::harness

#endif  // HARNESS_HELP_MAN_H_
