// A manual's facts as flat lines, and the comparison of two readings of it: the JSON, and the list
// of somebody who read the manual without seeing the JSON.
//
//   std::vector<Fact> ours = FactsOf(dialect);
//   ParsedFacts theirs = ParseFacts(text);           // spec/testdata/<dialect>.facts
//   for (const Difference& difference : Compare(dialect, ours, theirs.facts)) ...
//
// Six columns: kind, subject, attribute, value, clause, basis. Kinds: command, form, response,
// data, parameter, value, timing, error, limit, rule, example; and, of a manual for several models:
//   model     L61x                       -           -     a model, series or sub-series
//   lacks     LG61x                      AT+SNCID    -     it has no such command, form, parameter
//   override  AT+USER/Username@LG61x     max_length  1024  a parameter is otherwise: min, max,
//             AT+OPEN/Usetls@NL668-AM    without     2     lengths, default; values with or without
#ifndef SPEC_FACTS_H_
#define SPEC_FACTS_H_

#include <compare>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "spec/model.h"

namespace assay::spec {

struct Fact {
  std::string kind, subject, attribute, value, clause, basis;
  auto operator<=>(const Fact&) const = default;
};

// Tab separated.
std::string Print(const Fact& fact);

// Of every command that the manual itself documents: what RequirementsOf says and readers list. A
// dialect that was loaded for a model has only what holds for it; one as printed has all.
std::vector<Fact> FactsOf(const Dialect& dialect);

struct ParsedFacts {
  std::vector<Fact> facts;
  std::vector<Diagnostic> diagnostics;
};
// Lines that are empty or begin with # say nothing.
ParsedFacts ParseFacts(std::string_view file, std::string_view text);

enum class Side { kSpec, kReader };
// A fact that one side has and the other has not, or has otherwise.
struct Difference {
  Side side = Side::kSpec;
  Fact fact;
  auto operator<=>(const Difference&) const = default;
};
std::string Print(const Difference& difference);  // "spec" or "reader", a tab, the fact

// What is left after what both may choose freely (see the rules in the source), in order.
std::vector<Difference> Compare(const Dialect& dialect, std::vector<Fact> spec,
                                std::vector<Fact> reader);

// A difference that somebody has looked up in the manual: as printed, a tab, and the reason.
struct Reviewed {
  Difference difference;
  std::string reason;
};
struct ParsedReview {
  std::vector<Reviewed> entries;
  std::vector<Diagnostic> diagnostics;
};
ParsedReview ParseReview(std::string_view file, std::string_view text);

}  // namespace assay::spec

#endif  // SPEC_FACTS_H_
