// Follows a conversation through the machines of a spec: which states can the modem be in, so what
// may it answer, and which lines may come by themselves?
//
//   Tracker tracker(grammar, Tracker::Start::kInitial);
//   Fate fate = tracker.Expect(command);         // refuse: the socket is closed
//   tracker.Accepted(command);                   // it answered OK all the same
//   LineFate line = tracker.Line("+QMTSTAT: 0,1");
//
// Each instance of a machine has a set of possible states; what is seen narrows it. After something
// that the spec rules out, the tracker believes its eyes and goes on from there.
#ifndef DIALECTS_TRACKER_H_
#define DIALECTS_TRACKER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dialects/expression.h"
#include "dialects/grammar.h"
#include "dialects/seen.h"

namespace assay::dialect {

struct Fate {
  enum class Kind { kSilent, kAccept, kRefuse };
  Kind kind = Kind::kSilent;
  const spec::Transition* why = nullptr;
  bool only = true;  // no other transition could be why
};

struct LineFate {
  enum class Kind {
    kUnmodelled,  // no transition sends such a line
    kPermitted,
    kForbidden,  // one does, but not in any state that is possible
  };
  Kind kind = Kind::kUnmodelled;
  const spec::Transition* why = nullptr;
};

// What an effect asks of the world outside ("mqtt.publish"), as far as it is known.
struct Ask {
  const spec::Transition* transition = nullptr;
  const spec::Effect* effect = nullptr;
  std::int64_t link = 0;  // the instance it concerns
  std::map<std::string, Datum, std::less<>> arguments{};  // those that are known
  spec::Basis basis = spec::Basis::kStated;  // the weakest of the facts that may lead to it
};
struct Asks {
  std::vector<Ask> asks{};
  bool surely = true;  // false: it may be something else that is asked, or nothing
};

class Tracker {
 public:
  // A fresh modem is in its initial states; of one that was there before us nothing is known.
  enum class Start { kInitial, kUnknown };
  Tracker(const Grammar& grammar, Start start);

  Fate Expect(const ParsedCommand& command) const;
  void Accepted(const ParsedCommand& command, const spec::Response* response);
  // The data phase of `command` ended (or was cancelled) and was answered with success.
  // `data`: what the modem takes of it, if it is known.
  void DataAccepted(const ParsedCommand& command, bool cancelled,
                    const spec::Response* response = nullptr,
                    std::optional<std::string_view> data = std::nullopt);
  // What the command asks of the network if it is accepted now; of one with data, once they end
  // (`data`) or are cancelled.
  enum class Stage { kCommand, kData, kCancel };
  Asks AskedBy(const ParsedCommand& command, Stage stage, const spec::Response* response,
               std::optional<std::string_view> data) const;
  // What the event asks that answers the command ("net.opened"), on this instance of the machine.
  Asks AskedBy(std::string_view event, std::string_view machine, std::int64_t link,
               const ParsedCommand& command) const;
  // What the line would mean, without believing it yet.
  LineFate Look(std::string_view line) const;
  LineFate Line(std::string_view line);
  // An information line of a query tells the variables that it names. Returns the first whose
  // known value differs: what was expected, by whom.
  struct Contradiction {
    std::string_view name, got;
    std::string expected;
    const spec::Variable* variable = nullptr;
  };
  std::optional<Contradiction> Information(const ParsedCommand& command, const LineMatch& match);

  // A line that an instance sends when this happens to it, whatever else is possible.
  struct Due {
    const spec::Transition* why = nullptr;  // one of those that may send it
    std::int64_t index = 0;
  };
  // Of each instance that surely is in a state in which it does, as stated.
  std::vector<Due> DueAt(std::string_view event) const;
  // May the line be that one, with whatever values?
  bool IsDue(std::string_view line, const Due& due) const;

  // For a line that comes once for each instance in one of `states`.
  enum class Listed { kMust, kMay, kMustNot };
  Listed MustList(std::string_view machine, std::int64_t index,
                  const std::vector<std::string>& states) const;

  // Times and conditions over the arguments of a command and what is known of its instance.
  Truth Holds(const spec::ParsedExpression& expression, const ParsedCommand& command) const;
  std::optional<Time> Limit(const spec::ParsedExpression& expression,
                            const ParsedCommand& command) const;

  // The instance is in one of these states, whatever was known before.
  void Believe(std::string_view machine, std::int64_t index,
               const std::vector<std::string>& states);

  // "socket 0: connected", for messages.
  std::string Describe(const ParsedCommand& command) const;
  // Is every instance of the machine surely in one of these states?
  bool Surely(std::string_view machine, std::int64_t index,
              const std::vector<std::string>& states) const;
  std::optional<std::string> Value(std::string_view name, std::int64_t index) const;
  // From now on what is seen is noted there; null: no longer.
  void NoteSeen(Seen* seen) { seen_ = seen; }
  // All that is known: two trackers of one grammar that append the same go on alike.
  void AppendState(std::string& out) const;

 private:
  using States = std::uint64_t;  // bit i: machine.states[i]
  struct Instance {
    States states = 0;  // that are possible
    // Those before something had it start anew, and which event that was: what else the event has it
    // say may come behind that, for the order of the two is not stated.
    States left = 0;
    std::string_view left_by{};
    std::vector<std::optional<std::string>> values;
  };
  struct Region {
    const spec::Machine* machine = nullptr;
    std::vector<Instance> instances;
  };
  // A transition, with names resolved.
  struct Move {
    std::size_t region = 0;
    States from = 0, to = 0;  // no `to`: the state stays
  };
  class CommandScope;
  class DataScope;
  class LineScope;

  // All of its states if none is named.
  static States Mask(const spec::Machine& machine, const std::vector<std::string>& states);
  const Move& Resolve(const spec::Transition& transition) const;
  const Region* Find(std::string_view machine) const;
  // The instance of `region` that a field or argument of its index names; nothing if none does.
  static std::optional<std::size_t> InstanceAt(const Region& region, std::string_view value);
  static std::optional<std::size_t> IndexOf(const Region& region, const ParsedCommand& command);
  static std::optional<std::size_t> IndexOf(const Region& region, const LineMatch& match);
  // The instance whose settings count for `command`.
  CommandScope ScopeOf(const ParsedCommand& command) const;
  bool Concerns(const std::vector<const spec::Transition*>& transitions, std::size_t region) const;
  // `response`: which of the documented answers was seen; may be null.
  void Follow(const std::vector<const spec::Transition*>& transitions, const ParsedCommand& command,
              const spec::Response* response,
              std::optional<std::string_view> data = std::nullopt);
  void Collect(const std::vector<const spec::Transition*>& transitions, const Region& region,
               std::size_t index, const Scope& scope, const spec::Response* response,
               Asks& out) const;
  // `surely`: it is the only explanation of what was seen.
  void Apply(const spec::Transition& transition, Region& region, std::size_t index,
             const Scope& scope, bool surely);
  void Become(std::string_view machine, std::string_view state, const Region& from,
              std::size_t index, bool surely);
  void Restart(std::string_view machine, std::string_view event, bool surely);
  // The instance of `other` that goes with one of `region`: the only one, or that of the same
  // number.
  static std::optional<std::size_t> Counterpart(const Region& other, const Region* region,
                                                std::size_t index);
  Truth IsIn(std::string_view machine, const std::vector<std::string_view>& states,
             const Region* region, std::size_t index) const;
  // Where a variable of this name lives, seen from `region`: there, in a machine without index, or
  // ("user.name", which becomes "name") in the machine named.
  Region& HomeOf(std::string_view& name, Region& region, std::size_t& index);
  static void Store(Region& region, std::size_t index, std::string_view name,
                    std::optional<std::string> value);
  static void Reset(Region& region, std::size_t index, std::size_t variable);
  // Null if unknown.
  const std::string* Read(std::string_view name, const Region* region, std::size_t index) const;
  LineFate Match(std::string_view line, std::vector<const SentLine*>* hits) const;
  // Does the transition begin where the instance was before it had to start anew?
  static bool Late(const spec::Transition& transition, const Move& move, const Instance& instance);
  void SeeState(const Region& region, std::size_t index) const;
  void SeeTransition(const spec::Transition& transition, bool surely) const;

  const Grammar& grammar_;
  std::vector<Region> regions_;
  std::vector<Move> moves_;  // as dialect.transitions
  Seen* seen_ = nullptr;
  // Kept only for their memory: every line of a log passes here.
  std::vector<const SentLine*> hits_;
  std::vector<const spec::Transition*> taken_;
  std::vector<std::pair<Instance*, States>> after_;
};

}  // namespace assay::dialect

#endif  // DIALECTS_TRACKER_H_
