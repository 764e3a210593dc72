#include "devices/fault_shelf.h"

#include "devices/faulty_grammar.h"

namespace assay::device {

std::shared_ptr<const FaultShelf::Set> FaultShelf::Take(const GrammarPtr& sound,
                                                        const std::vector<std::string>& ids,
                                                        std::string* error) {
  auto& kept = sets_[{sound, ids}];
  if (auto set = kept.lock()) return set;
  Set made;
  if (!ids.empty() && !derived_.contains(sound))
    derived_[sound] = DeriveFaults(sound->dialect());
  for (const std::string& id : ids) {
    const Fault* fault = FindFault(derived_[sound], id);
    if (fault == nullptr) {
      *error = "no fault " + id + " in " + sound->dialect().id + "; `assay faults --dialect " +
               sound->dialect().id + "` lists them";
      sets_.erase({sound, ids});
      return nullptr;
    }
    made.faults.push_back(*fault);
  }
  made.grammar = FaultyGrammar(sound, made.faults);
  auto set = std::make_shared<const Set>(std::move(made));
  kept = set;
  return set;
}

}  // namespace assay::device
