// What a run may do to a module that somebody owns: which commands that wear, cost or lock it are
// allowed, and how long and how often it may publish.
//
//   bench.allowed = Allowed{"flash"};                       // of the words of spec::Cares()
//   bench.bounds = std::make_shared<Bounds>(30min, 3);
//   NotAllowed(plan, grammar, *bench.allowed)               // "needs --allow lock (AT+CPIN)"
//
// Which commands they are, and which publish, stands in the spec.
#ifndef HARNESS_CARE_H_
#define HARNESS_CARE_H_

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/grammar.h"
#include "transcripts/plan.h"

namespace assay::harness {

using Allowed = std::set<std::string, std::less<>>;

// "flash,lock", "all"; nothing, and the error, if a word is none.
std::optional<Allowed> ParseAllowed(std::string_view text, std::string* error);

// Every command line that the plan sends, one by one, also of those that stand in one line.
std::vector<std::string> CommandsOf(const transcript::Plan& plan);

// Why the plan is not to be played; empty: it may be.
std::string NotAllowed(const transcript::Plan& plan, const dialect::Grammar& grammar,
                       const Allowed& allowed);

// How many messages it may publish, if all that it sends is taken.
std::size_t PublishesOf(const transcript::Plan& plan, const dialect::Grammar& grammar);

// Shared by all devices of a run.
class Bounds {
 public:
  // Absent: no bound. The time runs from here.
  Bounds(std::optional<std::chrono::milliseconds> duration, std::string duration_text,
         std::optional<std::size_t> publishes);

  // May a case with so many publications be played? Then they are counted. Else the reason.
  std::string Refuses(std::size_t publishes);
  // The time is over: what is being played is only cleaned up.
  bool Over() const;
  std::string OverWords() const { return "--max-duration " + duration_text_ + " is over"; }

 private:
  const std::optional<std::chrono::steady_clock::time_point> end_;
  const std::string duration_text_;
  const std::optional<std::size_t> most_;
  std::mutex mutex_;
  std::size_t published_ = 0;
};

}  // namespace assay::harness

#endif  // HARNESS_CARE_H_
