// A fault that somebody wrote: an overlay of the spec (spec/SCHEMA.md) with which an emulated modem
// does wrong what a module was seen to do wrong, or what no operator of fault.h can come upon.
//
//   // leak.json: {"fault": {"what": "the fifth open fails, however many were closed",
//   //                       "found": [{"class": "result-failure", "clause": "3.2.2"}]},
//   //             "overlay": {"document": "...", "clause": "3.2.2", "reason": "..."},
//   //             "transitions": [...]}
//   std::string error;
//   const auto fault = ReadWrittenFault("leak.json", {.folder = "spec/quectel-bg96"}, &error);
//
// Its id is "written/leak". It says as what it is found, with the clauses: class and clause of the
// first are the fault's own. As an overlay of a run, the same file is a spec like any other.
#ifndef DEVICES_WRITTEN_FAULT_H_
#define DEVICES_WRITTEN_FAULT_H_

#include <optional>
#include <string>
#include <vector>

#include "devices/fault.h"

namespace assay::device {

// What it is laid over.
struct WrittenFaultBase {
  std::string folder;                   // of the dialect
  std::string model{};                  // the one that the sound modem is of
  std::vector<std::string> overlays{};  // that the sound modem has, too
};

// Nothing and no error: it is of other models. Nothing and an error with its place: it cannot be
// read, or what it makes of the dialect cannot be loaded.
std::optional<Fault> ReadWrittenFault(const std::string& file, const WrittenFaultBase& base,
                                      std::string* error);

}  // namespace assay::device

#endif  // DEVICES_WRITTEN_FAULT_H_
