// Is every case needed? What each one shows, and those that can be left out, all at once, with
// nothing lost.
//
//   std::vector<Shown> shown = ...;
//   for (const std::string& id : NotNeeded(shown)) std::cout << id << "\n";
//
// A case shows, in what it is about, what it was seen to do of the spec (its clause, answers, codes,
// states, transitions and pairs of them), which commands it says in which states, which kinds of
// values it tries of each parameter and how it is wrong, what it asks after which changes, and what
// both sides were told before one of them does something by itself. To show a transition, a value or
// a command in a state at once, before anything else may have gone wrong, is more than to show it on
// a walk. What another case shows as well makes it needless only if that one needs no more of the
// bench and of the module: neither servers nor time, nor commands that the module may not have.
#ifndef HARNESS_GENERATE_NEEDED_H_
#define HARNESS_GENERATE_NEEDED_H_

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dialects/grammar.h"
#include "harness/run.h"
#include "transcripts/plan.h"

namespace assay::harness {

struct Shown {
  std::string id;
  std::set<std::string> what;   // "transition T2", "kills lost/AT+QMTOPEN/write/OK"
  std::set<std::string> needs;  // "broker", "time", "has AT+QMTCFG:ssl"
};

// The transitions that the emulated modem took when so many commands and data had been sent.
using Taken = std::vector<std::pair<std::size_t, const spec::Transition*>>;
Shown ShownBy(const transcript::Plan& plan, const CaseResult& result, const Taken& taken,
              const dialect::Grammar& grammar);

// Of what kind a value of its parameter is: "min", "number", "longer", a listed one as it is.
std::string KindOfValue(const spec::Parameter& parameter, std::string_view value);

// Each is asked for in the given order: of two that show the same, the first goes.
std::vector<std::string> NotNeeded(const std::vector<Shown>& cases);

}  // namespace assay::harness

#endif  // HARNESS_GENERATE_NEEDED_H_
