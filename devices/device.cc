#include "devices/device.h"

#include <utility>

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

TakenResult Device::WriteSome(std::string_view bytes) {
  constexpr Time kPatience{2'000'000};
  WriteResult written = Write(bytes, Now() + kPatience);
  const bool all = written.ending == Ending::kNone;
  return {all ? bytes.size() : 0, written.ending, std::move(written.detail)};
}

}  // namespace assay::device
