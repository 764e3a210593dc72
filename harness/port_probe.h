// Why a device on a serial line does not answer, as far as its port can tell.
//
//   WhySilent("serial:/dev/ttyUSB2", dialect)   // "answers at 9600 baud, not at 115200: ..."
#ifndef HARNESS_PORT_PROBE_H_
#define HARNESS_PORT_PROBE_H_

#include <string>

#include "spec/model.h"

namespace assay::harness {

// The command of the spec that changes the rate of the line (attribute `sets`: `line rate`), as it
// is written without a value; empty: it has none.
std::string RateCommand(const spec::Dialect& dialect);

// Opens the device at one rate after the other; it must not be open. Empty: it cannot be told, or
// there is no rate to be wrong.
std::string WhySilent(const std::string& url, const std::string& rate_command);

}  // namespace assay::harness

#endif  // HARNESS_PORT_PROBE_H_
