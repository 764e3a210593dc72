// The faults that modems can be given while they run. Modems with the same ones share what they run
// on.
//
//   FaultShelf shelf;
//   std::string error;
//   if (const auto set = shelf.Take(grammar, {"final-lost/AT+QMTOPEN/write/OK"}, &error))
//     modem.SetFaults(set->faults, set->grammar);
#ifndef DEVICES_FAULT_SHELF_H_
#define DEVICES_FAULT_SHELF_H_

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "devices/fault.h"
#include "dialects/grammar.h"

namespace assay::device {

class FaultShelf {
 public:
  using GrammarPtr = std::shared_ptr<const dialect::Grammar>;
  // What an id means; nothing and the error if there is no such fault.
  using Finder = std::function<std::optional<Fault>(const dialect::Grammar& sound,
                                                    const std::string& id, std::string* error)>;
  // Without one it knows those that are derived from the spec.
  explicit FaultShelf(Finder find = {}) : find_(std::move(find)) {}

  struct Set {
    std::vector<Fault> faults;
    GrammarPtr grammar;  // with their patches
  };
  // `sound` without faults. Null: no such fault; `error` says which.
  std::shared_ptr<const Set> Take(const GrammarPtr& sound, const std::vector<std::string>& ids,
                                  std::string* error);

 private:
  std::optional<Fault> Find(const GrammarPtr& sound, const std::string& id, std::string* error);

  Finder find_;
  std::map<GrammarPtr, std::vector<Fault>> derived_;
  std::map<std::pair<GrammarPtr, std::vector<std::string>>, std::weak_ptr<const Set>> sets_;
};

}  // namespace assay::device

#endif  // DEVICES_FAULT_SHELF_H_
