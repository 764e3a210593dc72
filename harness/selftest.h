// Is the tester able to find what is wrong? Each fault is put alone into an emulated modem, and
// the cases are played against it.
//
//   Selftest test(grammar, plans, {.jobs = 2});
//   if (!test.alarms().empty()) ...           // a case that fails against a sound modem
//   Trial trial = test.Try(fault);
//   // trial.fate == Fate::kKilled; trial.killed_by: {"quectel-bg96/qmtopen/write/port-above"}
//
// A fault acts in an exchange if what the modem says there, to the host or to the broker, is not what
// it says there in the same case without the fault: other bytes, or at other times. So the first exchange in which it acts is
// the first in which it could be seen at all, however long the modem has been in a wrong state. It
// is killed by a case that fails with a finding of the class and of a clause that it predicts, told
// of an exchange in which it acts or of the one behind. What the tolerant reading overlooks, the strict
// one has to find: it is asked second, with the cases that a sound modem passes under it.
#ifndef HARNESS_SELFTEST_H_
#define HARNESS_SELFTEST_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "devices/fault.h"
#include "dialects/grammar.h"
#include "harness/generate/needed.h"
#include "reports/result.h"
#include "transcripts/plan.h"

namespace assay::harness {

enum class Fate {
  kKilled,
  kUnreached,  // it acts in no case: there is none that would show it
  kUnnoticed,  // it acts, and no case fails: the judge is blind
  kMisjudged,  // cases fail, but not with what it predicts where it acts
};
std::string_view Name(Fate fate);

struct Trial {
  Fate fate = Fate::kUnreached;
  std::vector<std::string> killed_by;  // ids of cases
  std::size_t acted = 0;               // cases in which it did
  bool strict = false;                 // killed under the strict reading alone
  std::string why;
};

struct SelftestOptions {
  bool tolerant = true;
  bool first_kill = false;  // further cases that kill the same fault are not looked for
  std::size_t jobs = 1;     // threads
};

class Selftest {
 public:
  // Plays all plans against a sound modem. The plans outlive the object.
  Selftest(std::shared_ptr<const dialect::Grammar> grammar,
           const std::vector<transcript::Plan>& plans, SelftestOptions options);
  ~Selftest();
  Selftest(const Selftest&) = delete;
  Selftest& operator=(const Selftest&) = delete;

  // What a sound modem does not pass: then no kill means anything.
  const std::vector<report::Outcome>& alarms() const { return alarms_; }
  std::size_t cases() const;  // that can be run
  // What each of them has shown, but for the faults that it kills.
  std::vector<Shown> shown() const;

  Trial Try(const device::Fault& fault) const;
  // In the order of the faults; `watcher` hears of one at a time, in that order.
  using Watcher = std::function<void(const device::Fault&, const Trial&)>;
  std::vector<Trial> TryAll(const std::vector<device::Fault>& faults, const Watcher& watcher) const;

 private:
  struct Sound;
  struct Bed;
  struct Reading;
  std::vector<report::Outcome> PlaySound(const std::vector<transcript::Plan>& plans,
                                         Reading& reading) const;
  Trial TryUnder(const Reading& reading, const device::Fault& fault) const;

  const std::shared_ptr<const dialect::Grammar> grammar_;
  const SelftestOptions options_;
  const std::unique_ptr<Reading> asked_, strict_;
  std::vector<report::Outcome> alarms_;
};

}  // namespace assay::harness

#endif  // HARNESS_SELFTEST_H_
