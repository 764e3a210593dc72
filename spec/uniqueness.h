// Items of a list that must differ in what names them.
#ifndef SPEC_UNIQUENESS_H_
#define SPEC_UNIQUENESS_H_

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "spec/check.h"

namespace assay::spec {

inline void Duplicate(const Checking& checking, const void* second, const void* first,
                      std::string_view what, std::string_view name) {
  checking.complaints.Error(
      checking.places.Of(second), "duplicate " + std::string(what) + " " + Quoted(name),
      "the first one is at " + checking.complaints.Describe(checking.places.Of(first)));
}

// `name_of` gives a string. An empty one is not a name: its absence is told elsewhere.
template <typename T, typename NameOf>
void Unique(const Checking& checking, const std::vector<T>& list, std::string_view what,
            NameOf name_of) {
  std::unordered_map<std::string, const T*> seen;
  for (const T& item : list) {
    std::string name(name_of(item));
    if (name.empty()) continue;
    const auto [first, added] = seen.emplace(name, &item);
    if (!added) Duplicate(checking, &item, first->second, what, name);
  }
}

}  // namespace assay::spec

#endif  // SPEC_UNIQUENESS_H_
