// Executes the machines of a spec: what a modem that behaves as the manual says answers to a
// command, to data and to what happens outside. No I/O, no clock, no bytes; the emulator around it
// has those.
//
//   Model model(grammar, {.tolerant = true});
//   Answer answer = model.Command(OwnedCommand::Parse(grammar, "AT+QMTCLOSE=0"));
//   // answer.lines: "+CME ERROR: 3"; answer.later: result lines; answer.calls: effects for outside
//
// spec/BEHAVIOUR.md says what happens in which order.
#ifndef DIALECTS_MODEL_H_
#define DIALECTS_MODEL_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dialects/expression.h"
#include "dialects/grammar.h"

namespace assay::dialect {

// A parsed command that keeps its line alive.
struct OwnedCommand {
  std::string line;
  ParsedCommand parsed;
  static std::shared_ptr<const OwnedCommand> Parse(const Grammar& grammar, std::string line);
};
using CommandPtr = std::shared_ptr<const OwnedCommand>;

// A line to send, and which fact of the spec it comes from.
struct OutLine {
  std::string text;
  spec::LineKind kind = spec::LineKind::kInformation;
  const spec::Form* form = nullptr;  // of the command that it answers; null for URCs
  const spec::Response* response = nullptr;
  const spec::Transition* transition = nullptr;
  std::size_t index = 0;               // in response->lines, transition->respond or ->send
  const spec::Block* block = nullptr;  // of which it is a line: 0 the start, then parts, the end
};

// An effect for the world outside: "net.open" with its arguments by name.
struct ServiceCall {
  std::string verb;
  std::int64_t link = 0;  // the instance it concerns
  std::map<std::string, Datum, std::less<>> arguments;
  CommandPtr command;  // whose doing it is; null if an event's
};

struct Answer {
  std::vector<OutLine> lines;  // synchronous: information and the final code
  std::vector<OutLine> later;  // results and URCs that follow
  std::vector<ServiceCall> calls;
  const spec::DataPhase* data = nullptr;  // a prompt comes instead of lines
  bool failed = false;
};

using EventValues = std::map<std::string, Datum, std::less<>>;

struct ModelOptions {
  bool tolerant = true;
  std::int64_t seed = 0;  // what is each modem's own follows from it
  // For modems that are to be wrong: is a command taken although this is wrong with it, or refused
  // as out of range although nothing is?
  std::function<bool(const ParsedCommand&, const CommandProblem&)> forgives{};
  std::function<bool(const ParsedCommand&)> rejects{};
  // Told of every transition that is taken, those that refuse included.
  std::function<void(const spec::Transition&)> watch{};
};

class Model {
 public:
  Model(const Grammar& grammar, ModelOptions options);

  Answer Command(const CommandPtr& command);
  Answer Data(const CommandPtr& command, std::string_view data);
  Answer Cancel(const CommandPtr& command);
  // Something happened on `link`; `command` is the one that it answers, if any.
  Answer Happened(std::string_view event, std::int64_t link, const EventValues& values,
                  const CommandPtr& command);

  // What a command is answered that is made to fail with that code, whatever it is: refused, or,
  // if it is the `result` that tells the failure, accepted and failed later. Nothing if the form has
  // no such result. Its transitions are not taken.
  std::optional<Answer> Fail(const CommandPtr& command, const std::string& code, bool result);
  // States, values and packets in flight of a model of the same dialect, or of one that differs in
  // some facts.
  void TakeOver(const Model& other);
  // What a command is answered that never got as far as the spec's forms.
  Answer Refused(const std::string& code) const;
  // A time of the command's form (spec::Timing); nothing if a value in it is unknown.
  std::optional<Time> Limit(const spec::ParsedExpression& limit, const CommandPtr& command);

  // Packets that are sent and not acknowledged; the emulator tells.
  void Sent(std::int64_t link, std::int64_t message_id) { in_flight_[link].insert(message_id); }
  void Acknowledged(std::int64_t link, std::int64_t message_id);

  // A variable of a machine without index ("echo" of port); nothing if there is none.
  std::optional<std::string> Setting(std::string_view name) const;
  std::string_view StateOf(std::string_view machine, std::int64_t index) const;
  // Of an instance; nothing if it has none.
  std::optional<std::string> Value(std::string_view machine, std::int64_t index,
                                   std::string_view variable) const;

 private:
  struct Instance {
    std::size_t state = 0;
    std::vector<std::optional<std::string>> values;
  };
  struct Region {
    const spec::Machine* machine;
    std::vector<Instance> instances;
  };
  struct Place {
    Region* region = nullptr;
    std::size_t index = 0;
  };
  class Surroundings;

  const Region* Find(std::string_view machine) const;
  // The instance of `region` that goes with `place`: the only one, or the one of the same number.
  static std::optional<std::size_t> Counterpart(const Region& region, Place place);
  Place PlaceOf(const spec::Transition& transition, const ParsedCommand* command,
                std::int64_t link);
  const spec::Transition* Choose(const std::vector<const spec::Transition*>& transitions,
                                 const ParsedCommand* command, std::int64_t link,
                                 const EventValues& values, Place& place);
  // A code or a final line, and which failure alternative has it, if the spec says which.
  struct Refusal {
    std::string code, as;
  };
  std::optional<Refusal> RefusalBy(const std::vector<const spec::Transition*>& transitions,
                                   const spec::Transition* chosen) const;
  void Take(const spec::Transition& transition, Place place, const CommandPtr& command,
            const EventValues& values, Answer& answer);
  // `scope` fills the failure response of the form; null: a command that no form knows.
  void Refuse(const Refusal& refusal, const spec::Form* form, const Scope* scope,
              Answer& answer) const;
  std::string FailureText(const std::string& code, const std::string& line) const;
  // The instance that the command names, for forms without a transition.
  Place Named(const ParsedCommand& command);
  void RespondToTest(const CompiledForm& form, const spec::Response& response, OutLine like,
                     Answer& answer) const;
  void Respond(const CompiledForm& form, const CommandPtr& command, const EventValues& values,
               const spec::Transition* transition, Place place, Answer& answer,
               spec::Outcome wanted);
  // What the form stores, from the arguments that were given.
  void Keep(const CompiledForm& form, const ParsedCommand& command, Place place);
  void Carry(const spec::Effect& effect, Place place, const Scope& scope, const CommandPtr& command,
             Answer& answer);
  void Remove(const spec::Effect& effect, Place place, const Scope& scope);
  void Append(const spec::Effect& effect, Place place, const Scope& scope);
  void Become(std::string_view machine, std::string_view state, Place place);
  void SendBlock(const spec::Effect& effect, const spec::Transition& transition, const Scope& scope,
                 Answer& answer) const;
  void Restart(std::string_view machine, Answer& answer);
  std::optional<std::string> Read(std::string_view name, Place place) const;
  void Store(std::string_view name, std::optional<std::string> value, Place place);
  std::optional<std::string> Initial(const spec::Variable& variable) const;
  bool Overlooks(const ParsedCommand& command, const CommandProblem& problem) const;
  const std::string& RefusalFor(const ParsedCommand& command) const;
  std::vector<std::int64_t> InStates(const spec::Each& each) const;
  bool ListLine(const spec::ResponseLine& line, const OutLine& like, std::vector<OutLine>& lines,
                const CommandPtr& command);

  const Grammar& grammar_;
  ModelOptions options_;
  std::vector<Region> regions_;
  std::map<std::int64_t, std::multiset<std::int64_t>> in_flight_;
};

}  // namespace assay::dialect

#endif  // DIALECTS_MODEL_H_
