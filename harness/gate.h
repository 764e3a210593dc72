// Holds a report against a baseline: what became of each case, and of what the baseline lists.
//
//   HoldAgainst(report, baseline, {.today = "2026-11-22", .there = {}});
//   report.outcomes[3].change    // kRegression
//   report.missing               // listed, and not there any more
//   report::ExitStatus(report)
//
// Pure: the day, and which cases there are beside those of the report, come as arguments. A case is
// known by its id and its findings by their fingerprints, so that no rewording matters.
#ifndef HARNESS_GATE_H_
#define HARNESS_GATE_H_

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/baseline.h"
#include "reports/result.h"

namespace assay::harness {

struct GateOptions {
  std::string today;     // 2026-11-22
  std::string firmware;  // of all devices; empty: what the report says that they have
  // Cases that are there but were not chosen; absent: what the report says of its selection.
  std::optional<std::set<std::string>> there;
};
void HoldAgainst(report::Report& report, const Baseline& baseline, const GateOptions& options);

// "a/b" of "a/b#2", its second time.
std::string_view CaseOf(std::string_view id);

// The fingerprints of what makes it fail, as they stand in a baseline; "none" if it fails without.
std::set<std::string> FailsFor(const report::Outcome& outcome, bool fail_on_deviation);

// The firmware that the device of this case says it has; empty: it is not known.
std::string FirmwareOf(const report::Report& report, const report::Outcome& outcome);

// One entry of a baseline that is about a case.
struct Listed {
  const BaselineBlock* block = nullptr;
  const BaselineCase* one = nullptr;
  InRange applies = InRange::kYes;
};
// The entries of a baseline, found by case. Lives no longer than the baseline.
class Listing {
 public:
  explicit Listing(const Baseline& baseline);
  // Those about this outcome, but for those of other firmware and other devices.
  std::vector<Listed> For(const report::Outcome& outcome, const std::string& firmware) const;
  bool Knows(const report::Outcome& outcome) const;  // of whatever device and firmware

 private:
  std::multimap<std::string, Listed, std::less<>> entries_;
};

// Does it say which cases pass? Then another one is new.
bool KnowsPasses(const Baseline& baseline);

}  // namespace assay::harness

#endif  // HARNESS_GATE_H_
