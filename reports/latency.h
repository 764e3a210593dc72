// Response times of two or more sides: how they are spread, and whether a shift is more than chance.
//
//   Spread s = SpreadOf(times);                    // median, quartiles
//   double p = RankSum(before, after);             // two-sided Mann-Whitney
//
// Of few times nothing is claimed.
#ifndef REPORTS_LATENCY_H_
#define REPORTS_LATENCY_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "dialects/time.h"

namespace assay::report {

struct Spread {
  std::size_t count = 0;
  Time least{0}, lower{0}, median{0}, upper{0}, most{0};
};
Spread SpreadOf(std::vector<Time> times);

// With fewer times than this on a side nothing is said of chance.
inline constexpr std::size_t kEnoughTimes = 8;

// How probable so large a difference of ranks is if both sides are alike: the normal approximation
// of Mann and Whitney's test, corrected for ties and continuity. 1 if all are equal.
double RankSum(const std::vector<Time>& one, const std::vector<Time>& other);

enum class Shift { kNone, kFewTimes, kFaster, kSlower };
// Slower or faster only if p < 0.01 and the median moved by more than a tenth and by a millisecond.
Shift ShiftOf(const std::vector<Time>& one, const std::vector<Time>& other, double* p);

// Of one kind of answer of one command.
struct LatencyRow {
  std::string command, what;  // "AT+QMTOPEN write", "result"
  std::vector<Spread> spreads;
  struct Against {
    Shift shift = Shift::kNone;
    double p = 1;
  };
  std::vector<Against> against;  // the first side; of each other side
  bool Shifted() const;
};

}  // namespace assay::report

#endif  // REPORTS_LATENCY_H_
