// Does a line tell that something went wrong? The spec knows by the event that
// sends it: a result that only a failure sends is one, and so is a URC.
//
//   TellsFailure(grammar, "+QMTOPEN: 0,-1", true)     // sent by net.failed
//   TellsFailure(grammar, "+QMTSTAT: 0,5", false)     // no: it follows what
//   the host asked for
#ifndef HARNESS_TOLD_FAILURE_H_
#define HARNESS_TOLD_FAILURE_H_

#include <string_view>

#include "dialects/grammar.h"

namespace assay::harness {

// `result`: the line is the last result of a command, not a URC.
bool TellsFailure(const dialect::Grammar& grammar, std::string_view line, bool result);

}  // namespace assay::harness

#endif  // HARNESS_TOLD_FAILURE_H_
