#include "devices/device.h"

namespace assay::device {

std::string_view Name(Ending ending) {
  switch (ending) {
    case Ending::kNone:
      return "none";
    case Ending::kVanished:
      return "vanished";
    case Ending::kClosed:
      return "closed";
    case Ending::kStalled:
      return "stalled";
    case Ending::kBroken:
      return "broken";
  }
  return "";
}

}  // namespace assay::device
