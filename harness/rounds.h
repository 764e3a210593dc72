// A recording often plays one round again and again. Once a round has been judged and nothing was
// found, the same lines from the same state are right again as long as every time that was compared
// holds; then they need not be judged line by line.
//
//   Rounds rounds;
//   at rest, before a command:  if (rounds.Arrive(state, counts)) ...rounds.Match(text, size)...
//                               rounds.Depart(state, counts);
//   each line, judged:          rounds.Judged(line, waits, publishes);
//
// "At rest" nothing is owed by the modem, and `state` is all that what follows can depend on (and
// the command that comes next, so that a round ends where it began), apart from the last messages
// published (Reader::KnowMessage): a round that publishes must have been played kMessages times
// without a break, so that no other is remembered. No I/O, no clock.
#ifndef HARNESS_ROUNDS_H_
#define HARNESS_ROUNDS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/time.h"
#include "harness/oracle.h"

namespace assay::harness {

class Rounds {
 public:
  // At least as many as Reader remembers.
  static constexpr std::size_t kMessages = 64;

  // What has been counted so far.
  struct Counts {
    std::size_t exchanges = 0, of_dialect = 0, records = 0, lines = 0;
    std::size_t complaints = 0;  // findings and diagnostics
  };

  // Not worth the while now: the last attempts found nothing that repeats.
  bool Resting();
  // A round may have ended here. True if what follows may be another one, to be asked of Match.
  bool Arrive(std::string_view state, const Counts& counts);
  // What follows is judged line by line, from here on.
  void Depart(std::string_view state, const Counts& counts);
  // One line, its line end included, and the times that were compared for it; `waits` is cleared.
  // `publishes`: by it a message is known to have been published.
  void Judged(std::string_view line, std::vector<Wait>& waits, bool publishes);

  enum class Fit { kRound, kMore, kOther };
  // Does `text` begin with the round, in time? Then it is `size` bytes long. kMore: it may, but
  // does not end.
  Fit Match(std::string_view text, std::size_t& size);
  // What one round counts.
  const Counts& counts() const { return known_.counts; }

 private:
  // ">", the time, "] AT\n".
  struct Line {
    std::string before, after;
    bool operator==(const Line&) const = default;
  };
  // Line `to` must come at most so long after line `from`.
  struct Limit {
    std::size_t from = 0, to = 0;
    Time at_most{0};
  };
  struct Round {
    std::vector<Line> lines;
    std::vector<Time> times;
    std::vector<Limit> limits;
    Counts counts;
    bool publishes = false, usable = true;
  };
  void Rest();

  std::string anchor_;      // the state in which rounds begin
  Round known_, heard_;     // the one that repeats; the one that is being judged
  std::size_t streak_ = 0;  // how often the known one was judged without another in between
  std::size_t stops_ = 0;   // at rest since the round began
  std::size_t resting_ = 0, rest_ = 1;
  bool hearing_ = false;
  Counts began_;
  std::vector<Time> times_;  // of Match
};

}  // namespace assay::harness

#endif  // HARNESS_ROUNDS_H_
