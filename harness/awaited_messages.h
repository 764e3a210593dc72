// The messages of several lines (spec::Block) that a golden lists, and those that come: which of
// these is which of those? One line does not tell, since every message ends alike. So a message is
// the golden's if all of its lines are; another one is a message that may come by itself, or the
// golden's altered, if none comes that is the golden's.
//
//   AwaitedMessages awaited(grammar, exchange.expected, matcher, oracle.MessagesBegun());
//   Hit hit = awaited.Line("+RXSTART: 0,5,3", ruling, line);    // kNone: of another message
//   for (const AwaitedMessages::Unmet& unmet : awaited.Close()) ...
//
// Lines of a message whose start the golden does not list are met by those of any message.
#ifndef HARNESS_AWAITED_MESSAGES_H_
#define HARNESS_AWAITED_MESSAGES_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dialects/grammar.h"
#include "harness/oracle.h"
#include "transcripts/matcher.h"

namespace assay::harness {

class AwaitedMessages {
 public:
  // An expectation that no line has met.
  struct Unmet {
    enum class Why {
      kMissing,  // the line never came
      kAltered,  // `text` came instead
      kTold,     // what is wrong with it is told elsewhere
    };
    std::size_t index = 0;
    Why why = Why::kMissing;
    std::string text{};
    std::size_t where = 0;
  };

  // `begun`: so many messages had begun before, which are none of these.
  AwaitedMessages(const dialect::Grammar& grammar,
                  const std::vector<transcript::Expectation>& expected,
                  transcript::Matcher& matcher, std::size_t begun);

  // The expectation is of a message, and met by nothing else.
  bool Holds(std::size_t index) const { return of_[index] != kNone; }
  // A line of the message `ruling.message`, `where` in its file.
  transcript::Hit Line(std::string_view text, const Ruling& ruling, std::size_t where);
  // A message in which something is wrong has come, probably instead of this expectation's.
  bool Altered(std::size_t index) const;
  // What of the golden's messages has not come, once nothing more can.
  std::vector<Unmet> Close() const;

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  using Indices = std::vector<std::size_t>;
  // What the golden lists of one message, its start first.
  struct Awaited {
    const dialect::CompiledBlock* block = nullptr;
    std::string instance;
    Indices indices;
    bool ended = false;  // its end is among them
  };
  struct CameLine {
    std::string text;
    std::size_t where = 0;
    bool faulty = false;
  };
  struct Came {
    std::size_t message = 0;
    const dialect::CompiledBlock* block = nullptr;
    std::vector<CameLine> lines;
    std::size_t awaited = kNone;  // the one that it is, by all that has come of it
    Indices taken;                // what it has met of that
    std::vector<std::string> explained;
    bool begun = false;  // by a start in which nothing is wrong
    bool ended = false;
    bool faulty = false;  // something is wrong with it, or with a line of it
  };
  // Lines of a message, and the expectations that they are equal to.
  using Pairs = std::vector<std::pair<std::size_t, const CameLine*>>;

  void List(std::size_t index, const transcript::Values& none);
  Came& Of(std::size_t message, const dialect::CompiledBlock* block);
  void Tell(const Ruling& ruling);
  transcript::Hit Member(std::string_view text, Came& came);
  transcript::Hit Join(Came& came);
  void Leave(Came& came);
  bool Repeats(const Came& came) const;
  bool Mandatory(std::size_t index) const;
  bool Repeatable(std::size_t index) const;
  bool IsPart(std::size_t index) const;
  bool Equal(std::size_t index, std::string_view text) const;
  bool Alike(std::size_t index, std::string_view text) const;
  Pairs Equals(const Indices& indices, const Came& came) const;
  bool Contradicts(const Indices& indices, const Pairs& pairs, const Came& came) const;
  const Came* Owner(std::size_t awaited) const;
  std::vector<Indices> Due() const;
  std::optional<std::size_t> Distance(const Indices& due, const Came& came) const;
  static bool Explained(const Came& came, const transcript::Expectation& expectation);
  void Lost(const Indices& due, std::vector<Unmet>& out) const;
  void CutShort(const Came& came, const Indices& due, std::vector<Unmet>& out) const;
  void Instead(const Came& came, const Indices& due, std::vector<Unmet>& out) const;

  const dialect::Grammar& grammar_;
  const std::vector<transcript::Expectation>& expected_;
  transcript::Matcher& matcher_;
  const std::size_t begun_;
  std::vector<Awaited> awaited_;
  Indices of_;  // of an expectation: which of `awaited_`
  std::vector<Came> came_;
};

}  // namespace assay::harness

#endif  // HARNESS_AWAITED_MESSAGES_H_
