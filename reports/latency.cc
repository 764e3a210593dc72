#include "reports/latency.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace assay::report {
namespace {

constexpr double kChance = 0.01;
constexpr double kTenth = 0.1;
constexpr Time kNoticed{1000};

// Between the neighbours, as most programs for statistics have it.
Time Quantile(const std::vector<Time>& sorted, std::size_t quarter) {
  const std::size_t scaled = (sorted.size() - 1) * quarter;
  const std::size_t at = scaled / 4, rest = scaled % 4;
  if (rest == 0) return sorted[at];
  const auto step = (sorted[at + 1] - sorted[at]).count();
  return sorted[at] + Time{step * static_cast<std::int64_t>(rest) / 4};
}

}  // namespace

Spread SpreadOf(std::vector<Time> times) {
  if (times.empty()) return {};
  std::sort(times.begin(), times.end());
  return {times.size(),        times.front(),       Quantile(times, 1),
          Quantile(times, 2), Quantile(times, 3), times.back()};
}

double RankSum(const std::vector<Time>& one, const std::vector<Time>& other) {
  std::vector<std::pair<Time, bool>> all;
  for (const Time time : one) all.emplace_back(time, true);
  for (const Time time : other) all.emplace_back(time, false);
  if (one.empty() || other.empty()) return 1;
  std::sort(all.begin(), all.end());
  const auto n1 = static_cast<double>(one.size()), n2 = static_cast<double>(other.size());
  const double n = n1 + n2;
  double ranks = 0, ties = 0;
  for (std::size_t i = 0; i < all.size();) {
    std::size_t end = i;
    while (end < all.size() && all[end].first == all[i].first) ++end;
    const auto tied = static_cast<double>(end - i);
    const double rank = static_cast<double>(i + end + 1) / 2;
    for (std::size_t k = i; k < end; ++k) ranks += all[k].second ? rank : 0;
    ties += tied * tied * tied - tied;
    i = end;
  }
  const double u = ranks - n1 * (n1 + 1) / 2;
  const double variance = n1 * n2 / 12 * (n + 1 - ties / (n * (n - 1)));
  if (variance <= 0) return 1;
  const double z = std::max(0.0, std::abs(u - n1 * n2 / 2) - 0.5) / std::sqrt(variance);
  return std::erfc(z / std::sqrt(2.0));
}

Shift ShiftOf(const std::vector<Time>& one, const std::vector<Time>& other, double* p) {
  *p = 1;
  if (one.empty() || other.empty()) return Shift::kNone;
  const Time before = SpreadOf(one).median, after = SpreadOf(other).median;
  const Time moved = after > before ? after - before : before - after;
  const bool far = moved > kNoticed && static_cast<double>(moved.count()) >
                                           kTenth * static_cast<double>(before.count());
  if (!far) return Shift::kNone;
  if (std::min(one.size(), other.size()) < kEnoughTimes) return Shift::kFewTimes;
  *p = RankSum(one, other);
  if (*p >= kChance) return Shift::kNone;
  return after > before ? Shift::kSlower : Shift::kFaster;
}

bool LatencyRow::Shifted() const {
  return std::any_of(against.begin(), against.end(),
                     [](const Against& one) { return one.shift != Shift::kNone; });
}

}  // namespace assay::report
