// What an overlay says of the fault that it describes (its key "fault", SCHEMA.md), and which items
// of the dialect it touches.
//
//   std::vector<Diagnostic> wrong;
//   const auto fault = ReadOverlayFault({"leak.json", text}, {{"state", "timing"}}, &wrong);
#ifndef SPEC_OVERLAY_FAULT_H_
#define SPEC_OVERLAY_FAULT_H_

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "spec/complaints.h"

namespace assay::spec {

struct OverlayFault {
  struct Found {
    std::string as;  // a finding class (design, section 4)
    std::string clause;
  };
  std::string what;
  std::string command;              // that has to be sent before it can act; empty: any or none
  std::vector<std::string> models;  // that have it; none: all
  std::vector<Found> found;         // never empty
  // "transitions" to ids, "commands" to names, ...: in the order of the file.
  std::map<std::string, std::vector<std::string>> touched;
};

// Nothing, and what is wrong with places, if it describes none or describes it badly. `classes`: the
// finding classes that there are. The rest of the overlay is the loader's.
std::optional<OverlayFault> ReadOverlayFault(const NamedText& text,
                                             std::span<const std::string_view> classes,
                                             std::vector<Diagnostic>* wrong);

}  // namespace assay::spec

#endif  // SPEC_OVERLAY_FAULT_H_
