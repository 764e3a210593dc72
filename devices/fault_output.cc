#include "devices/fault_output.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace assay::device {
namespace {

using Act = OutputFault::Act;

std::string WithoutCr(std::string framing) {
  std::erase(framing, '\r');
  return framing;
}

// Returns the index of the line that follows in the unchanged answer.
std::size_t Apply(const OutputFault& fault, std::size_t at, std::vector<ModemLine>& lines,
                  std::vector<ModemLine>& withheld) {
  const auto here = lines.begin() + static_cast<std::ptrdiff_t>(at);
  switch (fault.act) {
    case Act::kLose:
      lines.erase(here);
      return at;
    case Act::kDouble:
      lines.insert(here, *here);
      return at + 2;
    case Act::kDelay:
      here->delay += here->limit + fault.delay;
      return at + 1;
    case Act::kSwap:
      if (at + 1 == lines.size()) {
        withheld.push_back(*here);
        lines.erase(here);
        return at;
      }
      std::swap(lines[at], lines[at + 1]);
      return at + 2;
    case Act::kEdit:
      here->text = fault.edit(here->text);
      return at + 1;
    case Act::kLeadLf:
      here->lead = WithoutCr(here->lead);
      return at + 1;
    case Act::kEndLf:
      here->end = WithoutCr(here->end);
      return at + 1;
    case Act::kBlankBefore:
      here->lead = here->end + here->lead;
      return at + 1;
    case Act::kInsertAfter: {
      ModemLine line = *here;
      line.text = fault.insert;
      line.can_wait = true;
      if (line.lead.empty()) line.lead = line.end;
      lines.insert(here + 1, std::move(line));
      return at + 2;
    }
  }
  return at + 1;
}

}  // namespace

void Distort(const std::vector<Fault>& faults, std::vector<ModemLine>& lines,
             std::vector<ModemLine>& withheld) {
  if (!lines.empty() && !withheld.empty()) {
    lines.insert(lines.begin() + 1, withheld.begin(), withheld.end());
    withheld.clear();
    return;
  }
  for (const Fault& fault : faults) {
    if (!fault.output) continue;
    for (std::size_t at = 0; at < lines.size();) {
      at =
          lines[at].spot == fault.output->spot ? Apply(*fault.output, at, lines, withheld) : at + 1;
    }
  }
}

bool DistortsEcho(const std::vector<Fault>& faults) {
  return std::any_of(faults.begin(), faults.end(), [](const Fault& fault) {
    return fault.output && fault.output->spot.kind == OutputSpot::Kind::kEcho;
  });
}

std::string DistortEcho(const std::vector<Fault>& faults, std::string echo) {
  for (const Fault& fault : faults) {
    if (!fault.output || fault.output->spot.kind != OutputSpot::Kind::kEcho ||
        !echo.starts_with(fault.output->spot.command)) {
      continue;
    }
    if (fault.output->act == Act::kLose) echo.clear();
    if (fault.output->act == Act::kDouble) echo += echo;
    if (fault.output->act == Act::kEdit) echo = fault.output->edit(echo);
  }
  return echo;
}

}  // namespace assay::device
