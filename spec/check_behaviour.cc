#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "spec/check.h"
#include "spec/scope.h"
#include "spec/uniqueness.h"
#include "spec/vocabulary.h"

namespace assay::spec {
namespace {

// Whoever follows a machine keeps the state of every instance.
constexpr std::int64_t kLastInstance = 255;

class Behaviour {
 public:
  explicit Behaviour(const Checking& checking)
      : c_(checking),
        dialect_(checking.dialect),
        places_(checking.places),
        complaints_(checking.complaints) {}

  void Run() {
    complete_ = std::none_of(dialect_.commands.begin(), dialect_.commands.end(),
                             [this](const Command& command) { return places_.IsBroken(&command); });
    for (const Machine& machine : dialect_.machines) CheckMachine(machine);
    for (const ResetStep& step : dialect_.reset) CheckReset(step);
    for (const Transition& transition : dialect_.transitions) CheckTransition(transition);
  }

 private:
  void CheckMachine(const Machine& machine) {
    Unique(c_, machine.states, "state", [](const std::string& state) { return state; });
    Unique(c_, machine.variables, "variable",
           [](const Variable& variable) { return variable.name; });
    if (!machine.initial.empty()) State(machine, machine.initial);
    Scope own("what an emulator starts with");
    own.Add(kSeedName);
    for (const Variable& variable : machine.variables) {
      if (!variable.emulator_own) continue;
      const json::Place place = places_.Of(&variable.emulator_own);
      CheckExpression(c_, place, variable.emulator_own->root, own);
      if (variable.known || !variable.emulator.empty()) {
        complaints_.Error(place, "a variable has one of \"initial\", \"emulator\" and \"emulator_own\"");
      }
    }
    if (machine.first > machine.last) {
      complaints_.Error(places_.Of(&machine.last, &machine.first),
                        "the range " + std::to_string(machine.first) + ".." +
                            std::to_string(machine.last) + " is empty");
    }
    for (const std::int64_t* number : {&machine.first, &machine.last}) {
      if (*number >= 0 && *number <= kLastInstance) continue;
      complaints_.Error(places_.Of(number),
                        "instances are numbered 0.." + std::to_string(kLastInstance));
    }
    if (machine.index.empty()) return;
    const bool known = std::any_of(
        dialect_.commands.begin(), dialect_.commands.end(), [&](const Command& command) {
          return std::any_of(
              command.parameters.begin(), command.parameters.end(),
              [&](const Parameter& parameter) { return parameter.name == machine.index; });
        });
    if (known) return;
    complaints_.Error(places_.Of(&machine.index),
                      "no command has a parameter <" + machine.index + ">");
  }

  void State(const Machine& machine, const std::string& state) {
    if (std::find(machine.states.begin(), machine.states.end(), state) != machine.states.end()) {
      return;
    }
    complaints_.Error(places_.Of(&state),
                      "machine " + Quoted(machine.id) + " has no state " + Quoted(state),
                      OneOf(state, machine.states));
  }

  const Machine* FindMachine(const std::string& id) {
    const Machine* machine = dialect_.FindMachine(id);
    if (machine == nullptr && !id.empty()) {
      std::vector<std::string> ids;
      for (const Machine& candidate : dialect_.machines) ids.push_back(candidate.id);
      complaints_.Error(places_.Of(&id), "there is no machine " + Quoted(id), OneOf(id, ids));
    }
    return machine;
  }

  void CheckReset(const ResetStep& step) {
    const Machine* machine = FindMachine(step.machine);
    for (const std::string& state : step.unless) {
      if (machine != nullptr) State(*machine, state);
    }
    const std::string name = step.send.substr(0, step.send.find_first_of("=?"));
    if (step.send.empty() || dialect_.FindCommand(name) != nullptr) return;
    // Basic commands carry their value without a sign: ATE0.
    const bool basic = std::any_of(
        dialect_.commands.begin(), dialect_.commands.end(), [&](const Command& command) {
          return command.name.find('+') == std::string::npos && name.starts_with(command.name);
        });
    if (!basic) complaints_.Error(places_.Of(&step.send), "there is no command " + Quoted(name));
  }

  // What an event names. `command` is null for what happens outside, and for an unknown event.
  struct Event {
    const Command* command = nullptr;
    std::string key;
    const EventWord* outside = nullptr;
    std::vector<const Form*> forms;  // whose responses may be given
  };

  std::optional<Event> ParseEvent(const Transition& transition) {
    const std::string& text = transition.event;
    if (text.empty()) return std::nullopt;
    const json::Place place = places_.Of(&text);
    const std::size_t space = text.find(' ');
    if (space == text.npos) {
      const EventWord* outside = FindWord(Events(), text);
      if (outside != nullptr) return Event{.outside = outside};
      complaints_.Error(place, "unknown event " + Quoted(text), OneOf(text, WordNames(Events())));
      return std::nullopt;
    }
    const std::string first = text.substr(0, space);
    const std::string rest = text.substr(space + 1);
    const bool data = first == "data" || first == "cancel";
    Event event{.command = dialect_.FindCommand(data ? rest : first)};
    if (event.command == nullptr) {
      std::vector<std::string> names;
      for (const Command& command : dialect_.commands) names.push_back(command.name);
      complaints_.Error(place, "there is no command " + Quoted(data ? rest : first),
                        DidYouMean(data ? rest : first, names));
      return std::nullopt;
    }
    if (data) {
      bool cancels = false;
      for (const Form& form : event.command->forms) {
        if (!form.data) continue;
        event.forms.push_back(&form);
        cancels = cancels || form.data->cancel.has_value();
      }
      if (event.forms.empty()) {
        complaints_.Error(place, "no form of " + rest + " has a data phase");
      } else if (first == "cancel" && !cancels) {
        complaints_.Error(place, "the data phase of " + rest + " has no \"cancel\"");
      }
      return event;
    }
    FindEventForm(rest, place, &event);
    return event;
  }

  void FindEventForm(const std::string& text, json::Place place, Event* event) {
    std::vector<std::string> known;
    for (const Form& form : event->command->forms) {
      known.push_back(FormName(form));
      if (IsEventOf(event->command->name + " " + text, *event->command, form)) {
        event->forms.push_back(&form);
        event->key = form.key;
      }
    }
    if (!event->forms.empty()) return;
    complaints_.Error(place, event->command->name + " has no form " + Quoted(text),
                      OneOf(text, known));
  }

  Scope ScopeOf(const Transition& transition, const Event& event) {
    Scope scope("the event " + Quoted(transition.event));
    if (event.command != nullptr) scope.AddParameters(*event.command, event.key);
    if (transition.event.starts_with("data ")) scope.Add(kDataName);
    if (event.outside != nullptr) {
      for (const std::string_view name : event.outside->brings) scope.Add(name);
      if (event.outside->command_arguments) scope.AddParameters(dialect_);
    }
    scope.AddVariables(dialect_, transition.machine.empty() ? "-" : transition.machine);
    scope.AddDialectWide(dialect_);
    return scope;
  }

  void CheckTransition(const Transition& transition) {
    const Machine* machine = FindMachine(transition.machine);
    if (machine != nullptr) {
      for (const std::string& state : transition.from) State(*machine, state);
      if (!transition.to.empty()) State(*machine, transition.to);
    }
    const std::optional<Event> event = ParseEvent(transition);
    if (!event) return;
    const Scope scope = ScopeOf(transition, *event);
    for (const Template& line : transition.respond) {
      CheckTemplate(c_, places_.Of(&line), line, scope);
      Documented(line, *event);
    }
    for (const Template& line : transition.send) {
      CheckTemplate(c_, places_.Of(&line), line, scope);
      DocumentedAnywhere(line);
    }
    CheckRefusal(transition, *event);
    if (event->outside != nullptr && !transition.respond.empty()) {
      complaints_.Error(places_.Of(&transition.respond.front()),
                        "nobody asked: only a command is answered", "expected \"send\"");
    }
    if (transition.guard) {
      CheckExpression(c_, places_.Of(&transition.guard), transition.guard->root, scope);
    }
    for (const Effect& effect : transition.effects) CheckEffect(effect, machine, scope);
  }

  // The alternative is a failure of every form that the event is of.
  void CheckRefusal(const Transition& transition, const Event& event) {
    const Source& code = transition.refuse_source;
    if (c_.places.Knows(&code) && transition.refuse.empty()) {
      complaints_.Error(places_.Of(&code), "\"refuse_source\" needs \"refuse\"");
    }
    const std::string& id = transition.refuse_as;
    if (id.empty()) return;
    if (transition.refuse.empty()) {
      complaints_.Error(places_.Of(&id), "\"refuse_as\" needs \"refuse\"");
    }
    for (const Form* form : event.forms) {
      const Response* response = FindResponse(*form, id);
      if (response != nullptr && response->outcome == Outcome::kFailure) continue;
      std::vector<std::string> ids;
      for (const Response& other : form->responses) {
        if (other.outcome == Outcome::kFailure) ids.push_back(other.id);
      }
      complaints_.Error(places_.Of(&id),
                        event.command->name + " " + FormName(*form) + " has no failure " + Quoted(id),
                        OneOf(id, ids));
    }
  }

  void Documented(const Template& line, const Event& event) {
    for (const Form* form : event.forms) {
      for (const Response& response : form->responses) {
        for (const ResponseLine& documented : response.lines) {
          if (Akin(line, documented.text)) return;
        }
      }
    }
    if (event.forms.empty() || line.text.empty() || !complete_) return;
    complaints_.Error(places_.Of(&line), "no response of " + event.command->name +
                                             " has a line like " + Quoted(line.text));
  }

  void DocumentedAnywhere(const Template& line) {
    for (const Command& command : dialect_.commands) {
      for (const Form& form : command.forms) {
        if (form.form == FormKind::kUrc && Akin(line, form.syntax)) return;
        for (const Response& response : form.responses) {
          for (const ResponseLine& documented : response.lines) {
            if (Akin(line, documented.text)) return;
          }
        }
      }
    }
    if (line.text.empty() || !complete_) return;
    complaints_.Error(places_.Of(&line),
                      "no URC and no response has a line like " + Quoted(line.text));
  }

  void CheckEffect(const Effect& effect, const Machine* machine, const Scope& scope) {
    if (effect.verb.empty()) return;
    const json::Place place = places_.Of(&effect);
    const VerbWord* verb = FindWord(Verbs(), effect.verb);
    if (verb == nullptr) {
      complaints_.Error(place, "unknown effect " + Quoted(effect.verb),
                        OneOf(effect.verb, WordNames(Verbs())));
      return;
    }
    std::size_t positional = 0;
    for (const EffectArgument& argument : effect.args) {
      if (argument.name.empty()) {
        ++positional;
      } else if (std::find(verb->arguments.begin(), verb->arguments.end(), argument.name) ==
                 verb->arguments.end()) {
        complaints_.ErrorAtText(place, argument.name,
                                Quoted(effect.verb) + " has no argument " + Quoted(argument.name),
                                OneOf(argument.name, verb->arguments));
      }
      CheckArgument(*verb, argument.name.empty() ? positional : 0, effect, argument, machine, place,
                    scope);
    }
    if (positional < verb->min_positional || positional > verb->max_positional) {
      complaints_.Error(place, "wrong number of arguments for " + Quoted(effect.verb),
                        verb->max_positional == 0 ? OneOf("", verb->arguments) : "");
    }
  }

  // `position` counts the unnamed ones from 1; 0 is a named one.
  void CheckArgument(const VerbWord& verb, std::size_t position, const Effect& effect,
                     const EffectArgument& argument, const Machine* machine, json::Place place,
                     const Scope& scope) {
    const Expression& value = argument.value;
    const bool first = position == 1;
    if (position > 0 && verb.target == Target::kVariables)
      return CheckTarget(value, machine, place);
    if (first && verb.target == Target::kVariable) return CheckTarget(value, machine, place);
    const bool of_machine = verb.target == Target::kMachine || verb.target == Target::kState;
    if (first && of_machine) {
      if (dialect_.FindMachine(value.text) == nullptr)
        complaints_.ErrorAtText(place, value.text, "there is no machine " + Quoted(value.text));
      return;
    }
    if (first && verb.target == Target::kBlock) {
      return CheckSentBlock(value.text, effect.args.size() - 1, machine, place);
    }
    if (position == 2 && verb.target == Target::kState) {
      const Machine* target = dialect_.FindMachine(effect.args[0].value.text);
      if (target != nullptr && std::find(target->states.begin(), target->states.end(),
                                         value.text) == target->states.end()) {
        complaints_.ErrorAtText(
            place, value.text,
            "machine " + Quoted(target->id) + " has no state " + Quoted(value.text),
            OneOf(value.text, target->states));
      }
      return;
    }
    CheckExpression(c_, place, value, scope);
  }

  void CheckSentBlock(const std::string& id, std::size_t contents, const Machine* machine,
                      json::Place place) {
    const Block* block = dialect_.FindBlock(id);
    if (block == nullptr) {
      std::vector<std::string> ids;
      for (const Block& candidate : dialect_.blocks) ids.push_back(candidate.id);
      complaints_.ErrorAtText(place, id, "there is no block " + Quoted(id), OneOf(id, ids));
      return;
    }
    if (contents != block->parts.size()) {
      complaints_.Error(place, "block " + Quoted(id) + " has " +
                                   std::to_string(block->parts.size()) + " contents, not " +
                                   std::to_string(contents));
    }
    if (machine != nullptr && machine->index != block->index) {
      complaints_.ErrorAtText(
          place, id,
          "block " + Quoted(id) + " tells of another instance than machine " + Quoted(machine->id),
          "its \"index\" is " + Quoted(block->index) + ", the machine's is " +
              Quoted(machine->index));
    }
  }

  // A written variable need not be in reach of expressions, but must be this machine's, or that of
  // a machine without index.
  void CheckTarget(const Expression& target, const Machine* machine, json::Place place) {
    if (machine == nullptr) return;
    std::vector<std::string> names;
    for (const Machine& candidate : dialect_.machines) {
      const bool own = candidate.id == machine->id || candidate.index.empty();
      for (const auto& variable : candidate.variables)
        names.push_back(own ? variable.name : candidate.id + "." + variable.name);
    }
    if (target.op == Expression::Op::kName &&
        std::find(names.begin(), names.end(), target.text) != names.end()) {
      return;
    }
    complaints_.ErrorAtText(
        place, target.text,
        "machine " + Quoted(machine->id) + " has no variable " + Quoted(target.text),
        OneOf(target.text, names));
  }

  const Checking& c_;
  const Dialect& dialect_;
  const Places& places_;
  Complaints& complaints_;
  bool complete_ = true;  // every command could be read
};

}  // namespace

void CheckBehaviour(const Checking& checking) { Behaviour(checking).Run(); }

}  // namespace assay::spec
