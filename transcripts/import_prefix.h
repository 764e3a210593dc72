// What a logger writes in front of its lines, learned from the look of the whole file: no style is
// known beforehand, content decides which mark means whom.
//
//   PrefixTable table;
//   for (line : the first lines) table.Observe(line, FindAnchor(line, grammar));
//   table.Decide();
//   Prefix prefix = table.Find(line, anchor);     // prefix.size, prefix.side, prefix.trust
//
// A mark is trusted if it is made of brackets, times and arrows alone, if final codes follow it, or
// if the commands behind it are answered. Behind other text ("took it: +X: 0") a line is a quote.
#ifndef TRANSCRIPTS_IMPORT_PREFIX_H_
#define TRANSCRIPTS_IMPORT_PREFIX_H_

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "transcripts/import_anchor.h"

namespace assay::transcript {

enum class Side { kUnknown, kHost, kModem };

struct Prefix {
  enum class Trust {
    kBare,  // nothing in front
    kMark,
    kQuote,  // a sentence that ends in what somebody said
    kNone,   // no known mark and nothing unmistakable: the logger's own words
  };
  std::size_t size = 0;
  Side side = Side::kUnknown;
  Trust trust = Trust::kNone;
};

class PrefixTable {
 public:
  void Observe(std::string_view line, const Anchor& anchor);
  void Decide();
  Prefix Find(std::string_view line, const Anchor& anchor) const;

  bool marked() const { return marked_ > 0; }    // lines of the session have marks
  Side bare_side() const { return bare_side_; }  // who speaks without a mark
  bool doubled() const { return doubled_; }      // each command stands there twice: sent, and echo
  bool sided() const { return sided_; }          // marks tell host and modem apart

 private:
  struct Stats {
    std::size_t commands = 0, answered = 0, finals = 0, lines = 0;
    std::size_t echoes = 0;  // of its commands: copies of one that stands before
    std::size_t echoed = 0;  // of its commands: those with a copy behind `echo_shape`
    std::string echo_shape;
    std::size_t weak = 0;  // of all: those behind a word
    bool trusted = false;
    Side side = Side::kUnknown;
    std::size_t modem() const { return finals + lines; }
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
  };
  using Table = std::unordered_map<std::string, Stats, Hash, std::equal_to<>>;
  static Side SideOf(const Stats& stats, bool hosts, bool modems);
  bool Trusted(std::string_view shape, const Stats& stats) const;
  void Count(Stats& stats, const Anchor& anchor, bool echo);

  Table full_, shapes_, tails_;
  std::set<std::size_t, std::greater<>> sizes_;  // of trusted shapes, longest first
  std::string last_full_, last_shape_, last_tail_, last_command_;
  Content last_ = Content::kText;
  std::size_t marked_ = 0, commands_ = 0, pairs_ = 0;
  bool doubled_ = false, sided_ = false;
  Side bare_side_ = Side::kUnknown;
};

// `text` with what changes from line to line taken out: "[00:00:00.0] <- " for any time.
// `collapse`: also words in brackets, which may be tags.
std::string Generalise(std::string_view text, bool collapse);
// How many bytes of `text` have `shape`, not collapsed, in front; 0 if it starts otherwise. All of
// a text that is a beginning of the shape.
std::size_t PrefixSize(std::string_view text, std::string_view shape);

}  // namespace assay::transcript

#endif  // TRANSCRIPTS_IMPORT_PREFIX_H_
