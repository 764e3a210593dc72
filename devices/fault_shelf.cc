#include "devices/fault_shelf.h"

#include "devices/faulty_grammar.h"

namespace assay::device {

std::optional<Fault> FaultShelf::Find(const GrammarPtr& sound, const std::string& id,
                                      std::string* error) {
  if (find_) return find_(*sound, id, error);
  auto& derived = derived_[sound];
  if (derived.empty()) derived = DeriveFaults(sound->dialect());
  if (const Fault* fault = FindFault(derived, id)) return *fault;
  *error = "no fault " + id + " in " + sound->dialect().id + "; `assay faults --dialect " +
           sound->dialect().id + "` lists them";
  return std::nullopt;
}

std::shared_ptr<const FaultShelf::Set> FaultShelf::Take(const GrammarPtr& sound,
                                                        const std::vector<std::string>& ids,
                                                        std::string* error) {
  auto& kept = sets_[{sound, ids}];
  if (auto set = kept.lock()) return set;
  Set made;
  for (const std::string& id : ids) {
    auto fault = Find(sound, id, error);
    if (!fault) {
      sets_.erase({sound, ids});
      return nullptr;
    }
    made.faults.push_back(std::move(*fault));
  }
  made.grammar = FaultyGrammar(sound, made.faults);
  auto set = std::make_shared<const Set>(std::move(made));
  kept = set;
  return set;
}

}  // namespace assay::device
