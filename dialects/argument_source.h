// Where a manual says what goes into an argument of an effect: the fact that a packet with another
// value breaks.
//
//   // "keepalive=<keep-alive time>" of the CONNECT: the setting's own clause
//   spec::Source source = SourceOfArgument(dialect, &command, transition, argument);
#ifndef DIALECTS_ARGUMENT_SOURCE_H_
#define DIALECTS_ARGUMENT_SOURCE_H_

#include "spec/model.h"

namespace assay::dialect {

// `command` brings the effect about: its own parameter; else what writes the variable. Of a value
// that no command gives, the transition, and at most inferred: what a host cannot choose is how an
// emulator does it. Open if the manual leaves open whether there is such a packet at all.
spec::Source SourceOfArgument(const spec::Dialect& dialect, const spec::Command* command,
                              const spec::Transition& transition,
                              const spec::EffectArgument& argument);

}  // namespace assay::dialect

#endif  // DIALECTS_ARGUMENT_SOURCE_H_
