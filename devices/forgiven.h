// A command line that a fault takes although something in it is wrong, as the modem then reads it:
// with a value where one is missing, or is none of its type. Only so is it really taken.
//
//   model.Command(Forgiven(faults, command));      // "AT+QMTCLOSE=x" closes 0
#ifndef DEVICES_FORGIVEN_H_
#define DEVICES_FORGIVEN_H_

#include <vector>

#include "devices/fault.h"
#include "dialects/model.h"

namespace assay::device {

// `command` itself if no fault forgives it anything of that kind.
dialect::CommandPtr Forgiven(const std::vector<Fault>& faults, const dialect::CommandPtr& command);

}  // namespace assay::device

#endif  // DEVICES_FORGIVEN_H_
