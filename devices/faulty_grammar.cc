#include "devices/faulty_grammar.h"

#include <algorithm>
#include <utility>

namespace assay::device {

std::shared_ptr<const dialect::Grammar> FaultyGrammar(
    std::shared_ptr<const dialect::Grammar> grammar, const std::vector<Fault>& faults) {
  const bool none =
      std::none_of(faults.begin(), faults.end(), [](const Fault& fault) { return fault.patch; });
  if (none) return grammar;
  auto broken = std::make_shared<spec::Dialect>(grammar->dialect());
  for (const Fault& fault : faults) {
    if (fault.patch) fault.patch(*broken);
  }
  return std::make_shared<const dialect::Grammar>(std::move(broken), grammar->model());
}

}  // namespace assay::device
