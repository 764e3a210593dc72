// The page of one command, without what stands elsewhere in its dialect.
#ifndef SPEC_SHOW_COMMAND_H_
#define SPEC_SHOW_COMMAND_H_

#include <string>
#include <vector>

#include "spec/model.h"

namespace assay::spec {

std::string ShowCommand(const Command& command);

// " [example, 6.1, E-QT-19]": what a reader has to know about a fact beyond the clause in which it
// stands among others; empty for one that is stated there, or that is as the facts around it.
std::string Remark(const Source& source);
std::string Remark(const Source& source, const Source& around);

// The ids of the errata that concern the command or any of its parts, in the order of the page.
std::vector<std::string> ErrataOf(const Command& command);

}  // namespace assay::spec

#endif  // SPEC_SHOW_COMMAND_H_
