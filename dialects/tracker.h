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

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/expression.h"
#include "dialects/grammar.h"

namespace assay::dialect {

struct Fate {
  enum class Kind { kSilent, kAccept, kRefuse };
  Kind kind = Kind::kSilent;
  const spec::Transition* why = nullptr;
};

struct LineFate {
  enum class Kind {
    kUnmodelled,  // no transition sends such a line
    kPermitted,
    kForbidden,   // one does, but not in any state that is possible
  };
  Kind kind = Kind::kUnmodelled;
  const spec::Transition* why = nullptr;
};

class Tracker {
 public:
  // A fresh modem is in its initial states; of one that was there before us nothing is known.
  enum class Start { kInitial, kUnknown };
  Tracker(const Grammar& grammar, Start start);

  Fate Expect(const ParsedCommand& command) const;
  void Accepted(const ParsedCommand& command, const spec::Response* response);
  // The data phase of `command` ended (or was cancelled) and was answered with success.
  void DataAccepted(const ParsedCommand& command, bool cancelled);
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

  // For a line that comes once for each instance in one of `states`.
  enum class Listed { kMust, kMay, kMustNot };
  Listed MustList(std::string_view machine, std::int64_t index, const std::vector<std::string>& states) const;

  // Times and conditions over the arguments of a command and what is known of its instance.
  Truth Holds(const spec::ParsedExpression& expression, const ParsedCommand& command) const;
  std::optional<Time> Limit(const spec::ParsedExpression& expression, const ParsedCommand& command) const;

  // The instance is in one of these states, whatever was known before.
  void Believe(std::string_view machine, std::int64_t index, const std::vector<std::string>& states);

  // "socket 0: connected", for messages.
  std::string Describe(const ParsedCommand& command) const;
  // Is every instance of the machine surely in one of these states?
  bool Surely(std::string_view machine, std::int64_t index, const std::vector<std::string>& states) const;
  std::optional<std::string> Value(std::string_view name, std::int64_t index) const;

 private:
  struct Instance {
    std::uint64_t states = 0;  // bit i: machine.states[i] is possible
    std::vector<std::optional<std::string>> values;
  };
  struct Region {
    const spec::Machine* machine = nullptr;
    std::vector<Instance> instances;
  };
  class CommandScope;
  class LineScope;

  const Region* Find(std::string_view machine) const;
  std::uint64_t Mask(const spec::Machine& machine, const std::vector<std::string>& states) const;
  std::size_t IndexOf(const Region& region, const ParsedCommand& command) const;
  const spec::Transition* First(const std::vector<const spec::Transition*>& transitions, const Region& region,
                                std::size_t index, std::uint64_t state, const Scope& scope) const;
  void Follow(const std::vector<const spec::Transition*>& transitions, const ParsedCommand& command);
  void Apply(const spec::Transition& transition, Region& region, std::size_t index, const Scope& scope);
  void Store(Region& region, std::size_t index, std::string_view name, std::optional<std::string> value);
  std::optional<std::string> Read(std::string_view name, const Region* region, std::size_t index) const;
  LineFate Match(std::string_view line, std::vector<std::pair<const SentLine*, LineMatch>>* hits) const;

  const Grammar& grammar_;
  std::vector<Region> regions_;
};

}  // namespace assay::dialect

#endif  // DIALECTS_TRACKER_H_
