// A line that lists instances (spec::Each), as an emulator prints it and as a judge reads it.
//
//   PrintListing(line, {1, 101})                 "+OPEN: 1,101"; none at all: "+OPEN: 0"
//   FindListingProblem(grammar, tracker, each, match)   client 2 is free and is not listed
#ifndef DIALECTS_LISTING_H_
#define DIALECTS_LISTING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dialects/grammar.h"
#include "dialects/line_pattern.h"
#include "dialects/tracker.h"
#include "spec/model.h"

namespace assay::dialect {

// Nothing if no line comes.
std::optional<std::string> PrintListing(const spec::ResponseLine& line,
                                        const std::vector<std::int64_t>& instances);

// The line says that there are none.
bool ListsNone(const spec::Each& each, const LineMatch& match);

struct ListingProblem {
  enum class Kind { kTwice, kMustNot, kMissing };
  Kind kind = Kind::kTwice;
  std::string instance;  // "client 1"; "7" if no machine has that one
};
// What is wrong with the instances that `match` lists, by what is known of their states. Without a
// match the line has not come.
std::optional<ListingProblem> FindListingProblem(const Grammar& grammar, const Tracker& tracker,
                                                 const spec::Each& each, const LineMatch* match);

}  // namespace assay::dialect

#endif  // DIALECTS_LISTING_H_
