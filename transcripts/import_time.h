// The time stamps of a log, of whatever kind: dates, times of the day, seconds since 1970,
// counters.
//
//   LogClock clock;
//   clock.Read("[2023-08-14 09:30:32:246_S:] ");   // 0: the first one
//   clock.Read("[2023-08-14 09:30:32:277_R:] ");   // 31 ms
//
// A clock that was set (back, or by more than a day) stands still at that line.
#ifndef TRANSCRIPTS_IMPORT_TIME_H_
#define TRANSCRIPTS_IMPORT_TIME_H_

#include <optional>
#include <string_view>

#include "dialects/time.h"

namespace assay::transcript {

// The stamp in what stands before the text of a line, as the writer's own clock has it.
std::optional<Time> ReadStamp(std::string_view prefix);

class LogClock {
 public:
  std::optional<Time> Read(std::string_view prefix);

 private:
  std::optional<Time> last_;  // stamp
  Time now_{0};
};

}  // namespace assay::transcript

#endif  // TRANSCRIPTS_IMPORT_TIME_H_
