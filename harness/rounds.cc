#include "harness/rounds.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace assay::harness {
namespace {

constexpr std::size_t kMostStops = 256, kMostLines = 4096, kLongestRest = 4096;

// "12.345678" at the start of `text`; 0 if there is none, else its length.
std::size_t ReadTime(std::string_view text, Time& time) {
  constexpr std::size_t kFraction = 6, kMostSeconds = 12;
  std::int64_t value = 0;
  std::size_t i = 0;
  const auto digit = [&] { return i < text.size() && text[i] >= '0' && text[i] <= '9'; };
  for (; digit() && i < kMostSeconds; ++i) value = value * 10 + (text[i] - '0');
  if (i == 0 || i == text.size() || text[i] != '.') return 0;
  const std::size_t end = ++i + kFraction;
  for (; digit() && i < end; ++i) value = value * 10 + (text[i] - '0');
  if (i != end) return 0;
  time = Time(value);
  return end;
}

Rounds::Counts Difference(const Rounds::Counts& after, const Rounds::Counts& before) {
  return {after.exchanges - before.exchanges, after.of_dialect - before.of_dialect,
          after.records - before.records, after.lines - before.lines,
          after.complaints - before.complaints};
}

}  // namespace

bool Rounds::Resting() {
  if (resting_ == 0) return false;
  --resting_;
  return true;
}

void Rounds::Rest() {
  hearing_ = false;
  streak_ = 0;
  resting_ = rest_;
  rest_ = std::min(rest_ * 2, kLongestRest);
}

bool Rounds::Arrive(std::string_view state, const Counts& counts) {
  if (hearing_ && !heard_.lines.empty()) {
    if (state != anchor_) {
      // Elsewhere: the round goes on, unless it is no round at all.
      if (++stops_ > kMostStops || !heard_.usable) Rest();
      return false;
    }
    heard_.counts = Difference(counts, began_);
    if (!heard_.usable || heard_.counts.complaints > 0) {
      Rest();
      return false;
    }
    hearing_ = false;
    const bool first = known_.lines.empty();
    const bool again = !first && heard_.lines == known_.lines;
    streak_ = again ? streak_ + 1 : 1;
    if (!again) std::swap(known_, heard_);
    if (!again && !first) Rest();
  }
  return streak_ >= (known_.publishes ? kMessages : 1) && state == anchor_;
}

void Rounds::Depart(std::string_view state, const Counts& counts) {
  if (resting_ > 0 || (hearing_ && !heard_.lines.empty())) return;
  if (state != anchor_) {
    streak_ = 0;
    anchor_ = state;
  }
  heard_.lines.clear();
  heard_.times.clear();
  heard_.limits.clear();
  heard_.publishes = false;
  heard_.usable = true;
  stops_ = 0;
  began_ = counts;
  hearing_ = true;
}

void Rounds::Judged(std::string_view line, std::vector<Wait>& waits, bool publishes) {
  if (!hearing_ || !heard_.usable) return waits.clear();
  const std::size_t open = line.find("[@");
  Time time{0};
  const std::size_t size =
      open == std::string_view::npos || open > 4 ? 0 : ReadTime(line.substr(open + 2), time);
  const bool backwards = !heard_.times.empty() && time < heard_.times.back();
  heard_.usable =
      size > 0 && !backwards && line.ends_with('\n') && heard_.lines.size() < kMostLines;
  if (!heard_.usable) return waits.clear();
  heard_.lines.push_back(
      {std::string(line.substr(0, open + 2)), std::string(line.substr(open + 2 + size))});
  heard_.times.push_back(time);
  heard_.publishes = heard_.publishes || publishes;
  for (const Wait& wait : waits) {
    // Of several lines at one time the first: then no time is thought shorter than it was.
    const auto from = std::lower_bound(heard_.times.begin(), heard_.times.end(), time - wait.took);
    if (wait.took > wait.at_most || *from != time - wait.took) {
      heard_.usable = false;
      break;
    }
    heard_.limits.push_back({static_cast<std::size_t>(from - heard_.times.begin()),
                             heard_.times.size() - 1, wait.at_most});
  }
  waits.clear();
}

Rounds::Fit Rounds::Match(std::string_view text, std::size_t& size) {
  constexpr std::size_t kLongestTime = 20;
  times_.clear();
  std::size_t at = 0;
  for (const Line& line : known_.lines) {
    const std::string_view rest = text.substr(at);
    if (rest.size() < line.before.size() + kLongestTime + line.after.size() &&
        rest.find('\n') == std::string_view::npos)
      return Fit::kMore;
    if (!rest.starts_with(line.before)) return Fit::kOther;
    Time time{0};
    const std::size_t digits = ReadTime(rest.substr(line.before.size()), time);
    const std::size_t behind = line.before.size() + digits;
    if (digits == 0 || !rest.substr(behind).starts_with(line.after)) return Fit::kOther;
    if (!times_.empty() && time < times_.back()) return Fit::kOther;
    times_.push_back(time);
    at += behind + line.after.size();
  }
  for (const Limit& limit : known_.limits) {
    if (times_[limit.to] - times_[limit.from] > limit.at_most) return Fit::kOther;
  }
  size = at;
  rest_ = 1;
  return Fit::kRound;
}

}  // namespace assay::harness
