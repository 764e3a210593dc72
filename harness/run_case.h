// One case while it runs: what the parts of the runner share. Internal to run*.cc.
#ifndef HARNESS_RUN_CASE_H_
#define HARNESS_RUN_CASE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "harness/run.h"

namespace assay::harness {

// What a modem may take to answer a command of the harness itself.
inline constexpr Time kPatience{2'000'000};

struct Runner::Case {
  const transcript::Plan& plan;
  CaseResult result;
  transcript::Recorder recorder;
  transcript::Values captures;
  Time started{0};
  device::Ending ending = device::Ending::kNone;
  std::string ending_detail;
  std::size_t received = 0;            // in this exchange
  std::optional<std::string> trouble;  // what the harness could not do
  bool flooded = false;
  bool stopped = false;  // interrupted before its cleanup, which is not cut short
  bool cleaning = false;
  bool hangs = false;                  // it does not answer any more, not even AT
  std::string set_up_failed{};         // why the set-up did not come about
  std::vector<std::size_t> excused{};  // findings that only say so
  bool Over() const { return ending != device::Ending::kNone || flooded || (stopped && !cleaning); }
};

}  // namespace assay::harness

#endif  // HARNESS_RUN_CASE_H_
