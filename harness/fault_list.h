// The faults that a modem of a dialect can be given: those derived from its spec, and those that
// somebody wrote, in the folder `faults` beside it or in files named by the user.
//
//   FaultList list(place);
//   const auto all = list.Of(grammar, &error);                        // of `assay faults`
//   const auto one = list.Find(grammar, "written/leak", &error);      // of the folder
//   const auto own = list.Find(grammar, "our-bugs/late.json", &error);  // a file
#ifndef HARNESS_FAULT_LIST_H_
#define HARNESS_FAULT_LIST_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "devices/fault.h"
#include "dialects/grammar.h"
#include "harness/workplace.h"

namespace assay::harness {

class FaultList {
 public:
  // The place outlives the list.
  explicit FaultList(const Workplace& place) : place_(place) {}

  // With those of `files` and of the folders among them; nothing and the error if one is not right.
  std::optional<std::vector<device::Fault>> Of(const dialect::Grammar& grammar, std::string* error,
                                               const std::vector<std::string>& files = {}) const;
  // Of an id, or of a file (".json"). Nothing and the error if there is no such fault.
  std::optional<device::Fault> Find(const dialect::Grammar& grammar, const std::string& id,
                                    std::string* error) const;

 private:
  // Null and no error: it is of other models.
  std::optional<device::Fault> Read(const dialect::Grammar& grammar, const std::string& file,
                                    std::string* error) const;
  std::string FolderOf(const dialect::Grammar& grammar) const;

  const Workplace& place_;
};

}  // namespace assay::harness

#endif  // HARNESS_FAULT_LIST_H_
