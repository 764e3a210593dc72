// What a run says while it goes: on a terminal one line that stays where it is, elsewhere (a log of
// CI, TERM=dumb) a line now and then; each case that somebody has to look at on a line of its own.
//
//   Progress progress(cases, {.live = isatty(2)});
//   std::cerr << progress.Add(outcome, now, Terminal(2));   // as each case ends
//   std::cerr << progress.Finish();
//
//   [ 34/340] 33 pass, 1 fail, about 2 min left  quectel-bg96/qmtpub/write/qos-1
//
// What is left is estimated from what cases of the same command and form took by the clock on the
// wall, and from what the others are known to wait. Does no output and reads no clock.
#ifndef HARNESS_PROGRESS_H_
#define HARNESS_PROGRESS_H_

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dialects/time.h"
#include "reports/console.h"
#include "reports/result.h"

namespace assay::harness {

// A case that is to be played.
struct AwaitedCase {
  std::string id;
  Time wait{0};  // that it waits on purpose, where time is real
  bool skipped = false;
};

struct ProgressOptions {
  bool live = false;  // a terminal on which a line can be written over
  bool quiet = false;
};

class Progress {
 public:
  Progress(const std::vector<AwaitedCase>& cases, ProgressOptions options);

  // What to write; mostly nothing. `now` counts from the beginning of the run.
  std::string Add(const report::Outcome& outcome, Time now, const report::ConsoleOptions& console);
  // Takes the line that stays away.
  std::string Finish();

 private:
  // What the cases of a kind took, and how many of them are awaited yet.
  struct Kind {
    Time took{0}, waits{0};
    std::size_t done = 0, left = 0;
  };

  std::optional<Time> Left(Time now) const;
  std::string Status(const report::Outcome& outcome, Time now,
                     const report::ConsoleOptions& console) const;

  const ProgressOptions options_;
  const std::size_t total_;
  std::map<std::string, Kind> kinds_;
  std::map<std::string, Time> waits_;  // by id
  std::size_t pass_ = 0, fail_ = 0, other_ = 0, skipped_ = 0, index_ = 0;
  std::size_t told_ = 0;  // tenths
  Time before_{0}, written_{0};
  bool line_stands_ = false;
};

// "about 40 s left": no more exact than it is.
std::string LeftWords(Time left);

}  // namespace assay::harness

#endif  // HARNESS_PROGRESS_H_
