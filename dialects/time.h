// Time as all protocol logic sees it: handed in, never read from a clock.
#ifndef DIALECTS_TIME_H_
#define DIALECTS_TIME_H_

#include <chrono>

namespace assay {

// Microseconds; a point in time counts from the start of its session.
using Time = std::chrono::microseconds;

inline constexpr Time kNever = Time::max();

}  // namespace assay

#endif  // DIALECTS_TIME_H_
