// Applies faults to lines on their way out of the emulator.
//
//   Distort(options.faults, lines, withheld);   // one line lost, another one late
#ifndef DEVICES_FAULT_OUTPUT_H_
#define DEVICES_FAULT_OUTPUT_H_

#include <string>
#include <string_view>
#include <vector>

#include "devices/fault.h"
#include "dialects/time.h"

namespace assay::device {

// A line that is about to leave, and where it comes from.
struct ModemLine {
  OutputSpot spot;
  std::string lead, text, end;
  Time delay{0};
  Time limit{0};          // the documented time by which it has to come
  bool can_wait = false;  // a result or a URC
};

// `withheld`: what has to wait for the next lines, and leaves behind the first of them.
void Distort(const std::vector<Fault>& faults, std::vector<ModemLine>& lines,
             std::vector<ModemLine>& withheld);

// The echo of a whole command line.
std::string DistortEcho(const std::vector<Fault>& faults, std::string echo);
bool DistortsEcho(const std::vector<Fault>& faults);

}  // namespace assay::device

#endif  // DEVICES_FAULT_OUTPUT_H_
