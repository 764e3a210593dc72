#include "dialects/listing.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "dialects/value.h"

namespace assay::dialect {
namespace {

using Kind = spec::TemplatePart::Kind;

// The field takes the next number; a repeated group comes as long as there are some.
void Print(const std::vector<spec::TemplatePart>& parts, const std::vector<std::string>& numbers,
           std::size_t& next, std::string& out) {
  for (const spec::TemplatePart& part : parts) {
    switch (part.kind) {
      case Kind::kLiteral:
        out += part.text;
        break;
      case Kind::kField:
      case Kind::kListOf:
        if (next < numbers.size()) out += numbers[next++];
        break;
      case Kind::kOptional:
        if (next < numbers.size()) Print(part.parts, numbers, next, out);
        break;
      case Kind::kRepeat:
        while (next < numbers.size()) {
          const std::size_t before = next;
          Print(part.parts, numbers, next, out);
          if (next == before) break;
        }
        break;
    }
  }
}

// Whether it has to be listed, by the one machine that has it.
std::optional<ListingProblem> Judge(const Grammar& grammar, const Tracker& tracker,
                                    const spec::Each& each, std::int64_t number, bool listed) {
  for (const std::string& id : each.machines) {
    const spec::Machine* machine = grammar.dialect().FindMachine(id);
    if (machine == nullptr || number < machine->first || number > machine->last) continue;
    const Tracker::Listed must = tracker.MustList(id, number, each.states);
    const std::string instance = id + " " + std::to_string(number);
    if (listed && must == Tracker::Listed::kMustNot)
      return ListingProblem{ListingProblem::Kind::kMustNot, instance};
    if (!listed && must == Tracker::Listed::kMust)
      return ListingProblem{ListingProblem::Kind::kMissing, instance};
    return std::nullopt;
  }
  if (!listed) return std::nullopt;
  return ListingProblem{ListingProblem::Kind::kMustNot, std::to_string(number)};
}

}  // namespace

std::optional<std::string> PrintListing(const spec::ResponseLine& line,
                                        const std::vector<std::int64_t>& instances) {
  std::vector<std::string> numbers;
  for (const std::int64_t instance : instances) numbers.push_back(std::to_string(instance));
  if (numbers.empty() && !line.each->none) return std::nullopt;
  if (numbers.empty()) numbers.push_back(*line.each->none);
  std::string out;
  std::size_t next = 0;
  Print(line.text.parts, numbers, next, out);
  return out;
}

bool ListsNone(const spec::Each& each, const LineMatch& match) {
  return each.none && match.count == 1 && match.fields[0].value == *each.none;
}

std::optional<ListingProblem> FindListingProblem(const Grammar& grammar, const Tracker& tracker,
                                                 const spec::Each& each, const LineMatch* match) {
  std::vector<std::int64_t> listed;
  if (match != nullptr && !ListsNone(each, *match)) {
    for (std::size_t i = 0; i < match->count; ++i) {
      const auto number = ParseInteger(match->fields[i].value);
      if (match->fields[i].name != each.name || !number) continue;
      if (std::find(listed.begin(), listed.end(), *number) != listed.end())
        return ListingProblem{ListingProblem::Kind::kTwice, std::to_string(*number)};
      listed.push_back(*number);
      if (auto problem = Judge(grammar, tracker, each, *number, true)) return problem;
    }
  }
  for (const std::string& id : each.machines) {
    const spec::Machine* machine = grammar.dialect().FindMachine(id);
    if (machine == nullptr) continue;
    for (std::int64_t number = machine->first; number <= machine->last; ++number) {
      if (std::find(listed.begin(), listed.end(), number) != listed.end()) continue;
      if (auto problem = Judge(grammar, tracker, each, number, false)) return problem;
    }
  }
  return std::nullopt;
}

}  // namespace assay::dialect
