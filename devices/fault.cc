#include "devices/fault.h"

#include <algorithm>

namespace assay::device {

std::string_view Name(FaultClass predicted) {
  switch (predicted) {
    case FaultClass::kSyntax:
      return "syntax";
    case FaultClass::kRange:
      return "range";
    case FaultClass::kOrder:
      return "order";
    case FaultClass::kMissing:
      return "missing";
    case FaultClass::kUnexpected:
      return "unexpected";
    case FaultClass::kUndocumented:
      return "undocumented";
    case FaultClass::kState:
      return "state";
    case FaultClass::kTiming:
      return "timing";
    case FaultClass::kFraming:
      return "framing";
    case FaultClass::kPayload:
      return "payload";
    case FaultClass::kResultFailure:
      return "result-failure";
  }
  return "";
}

const Fault* FindFault(const std::vector<Fault>& faults, std::string_view id) {
  const auto found = std::find_if(faults.begin(), faults.end(),
                                  [&](const Fault& fault) { return fault.id == id; });
  return found == faults.end() ? nullptr : &*found;
}

std::string ToText(const Fault& fault) {
  return fault.id + " (" + fault.clause + ", " + std::string(Name(fault.predicted)) +
         "): " + fault.what;
}

}  // namespace assay::device
