// Faults of what a modem remembers: states, variables, defaults, and with what it refuses.
#include <algorithm>
#include <optional>
#include <set>

#include "devices/fault_derive.h"

namespace assay::device {
namespace {

// Where a variable can be read: as what a wrong value of it is found.
std::vector<Prediction> ReadBack(const spec::Dialect& dialect, const std::string& variable) {
  std::vector<Prediction> out;
  for (const spec::Command& command : dialect.commands) {
    if (command.kind != spec::CommandKind::kCommand || !Tested(dialect, command)) continue;
    for (const spec::Form& form : command.forms) {
      if (!Stated(form.source) || form.form == spec::FormKind::kTest) continue;
      for (const spec::Response& response : form.responses) {
        for (const spec::ResponseLine& line : response.lines) {
          const auto fields = Fields(line.text);
          const bool told = line.kind == spec::LineKind::kInformation && Stated(response.source) &&
                            std::any_of(fields.begin(), fields.end(), [&](const FieldPlace& field) {
                              return field.name == variable;
                            });
          if (!told) continue;
          // Another value; or a line that is lacking, or too much, as nothing is set.
          for (const FaultClass as :
               {FaultClass::kState, FaultClass::kMissing, FaultClass::kUnexpected})
            out.push_back({as, response.source.clause});
        }
      }
    }
  }
  return out;
}

// The variables that have a value wherever the template tells `variable`: those that stand in the
// optional groups around it. Nothing if it does not tell it.
std::optional<std::set<std::string>> ToldWith(const std::vector<spec::TemplatePart>& parts,
                                              const std::string& variable, bool grouped = false) {
  std::set<std::string> own;
  std::optional<std::set<std::string>> out;
  for (const spec::TemplatePart& part : parts) {
    if (part.kind == spec::TemplatePart::Kind::kField) own.insert(part.text);
    if (auto inner = ToldWith(part.parts, variable, true)) out = std::move(inner);
  }
  if (!out && !own.contains(variable)) return std::nullopt;
  if (!out) out.emplace();
  if (grouped) out->insert(own.begin(), own.end());
  out->insert(variable);
  return out;
}

// Who keeps `variable` shows it only if it keeps these, too, of what is put back together.
std::set<std::string> KeptWith(const spec::Dialect& dialect, const std::string& variable) {
  for (const spec::Command& command : dialect.commands) {
    for (const spec::Form& form : command.forms) {
      for (const spec::Response& response : form.responses) {
        for (const spec::ResponseLine& line : response.lines) {
          if (line.kind != spec::LineKind::kInformation) continue;
          if (auto told = ToldWith(line.text.parts, variable)) return *told;
        }
      }
    }
  }
  return {variable};
}

bool Has(const std::vector<std::string>& states, const std::string& state) {
  return std::find(states.begin(), states.end(), state) != states.end();
}

// "AT+QMTOPEN/write" of "AT+QMTOPEN write", "net.opened/event".
std::string PlaceOf(const std::string& event) {
  const std::size_t space = event.find(' ');
  if (space == std::string::npos) return event + "/event";
  if (!event.starts_with("AT")) return event.substr(space + 1) + "/" + event.substr(0, space);
  return event.substr(0, space) + "/" + event.substr(space + 1);
}

// The state, and those that it leads to without a command.
std::vector<std::string> Onwards(const spec::Dialect& dialect, const std::string& machine,
                                 const std::string& state) {
  std::vector<std::string> out = {state};
  for (std::size_t i = 0; i < out.size(); ++i) {
    for (const spec::Transition& transition : dialect.transitions) {
      if (transition.machine == machine && !transition.to.empty() &&
          PlaceOf(transition.event).ends_with("/event") && Has(transition.from, out[i]) &&
          !Has(out, transition.to))
        out.push_back(transition.to);
    }
  }
  return out;
}

// Has its answer lines before the final code?
bool Informs(const spec::Transition& transition) { return transition.respond.size() > 1; }

// As what it is found that an instance is in one of `stale` although it should be in `due`: in a
// list of instances, by the first command that the one allows and the other does not, or by a line
// that only the one sends.
void WrongState(const spec::Dialect& dialect, const std::string& machine,
                const std::vector<std::string>& stale, const std::string& due,
                std::vector<Prediction>& out) {
  const auto in = [&](const std::vector<std::string>& states) {
    return std::any_of(stale.begin(), stale.end(),
                       [&](const std::string& state) { return Has(states, state); });
  };
  const auto add = [&](FaultClass as, const std::string& clause) {
    const Prediction found{as, clause};
    if (std::find(out.begin(), out.end(), found) == out.end()) out.push_back(found);
  };
  for (const spec::Command& command : dialect.commands) {
    if (command.kind != spec::CommandKind::kCommand || !Tested(dialect, command)) continue;
    for (const spec::Form& form : command.forms) {
      for (const spec::Response& response : form.responses) {
        for (const spec::ResponseLine& line : response.lines) {
          const bool all = line.each && Has(line.each->machines, machine);
          const std::vector<std::string>& states = all ? line.each->states : line.per_states;
          if ((line.per != machine && !all) || !Stated(response.source) ||
              in(states) == Has(states, due))
            continue;
          add(FaultClass::kState, response.source.clause);
          if (Has(states, due)) add(FaultClass::kMissing, response.source.clause);
        }
      }
      for (const spec::Transition& transition : dialect.transitions) {
        if (transition.machine != machine || transition.from.empty() ||
            !spec::IsEventOf(transition.event, command, form) || !Stated(transition.source) ||
            in(transition.from) == Has(transition.from, due))
          continue;
        if (transition.refuse.empty() == in(transition.from)) {
          add(FaultClass::kState, transition.source.clause);
        } else {
          add(FaultClass::kResultFailure, form.source.clause);
        }
        // It answers, and with other lines than it should.
        if (Informs(transition)) {
          for (const FaultClass as :
               {FaultClass::kPayload, FaultClass::kMissing, FaultClass::kUnexpected})
            add(as, form.source.clause);
        }
      }
    }
  }
  for (const SentFact& fact : SentFacts(dialect)) {
    const std::vector<std::string>& from = fact.transition->from;
    if (fact.transition->machine != machine || from.empty() || in(from) == Has(from, due)) continue;
    add(Has(from, due) ? FaultClass::kMissing : FaultClass::kState, fact.source().clause);
  }
}

std::vector<Prediction> WrongStates(const spec::Dialect& dialect, const std::string& machine,
                                    const std::vector<std::string>& stale, const std::string& due) {
  std::vector<Prediction> out;
  for (const std::string& state : Onwards(dialect, machine, due)) {
    if (!Has(stale, state)) WrongState(dialect, machine, stale, state, out);
  }
  return out;
}

// What a transition leaves undone: the state that it leads to, each variable that it sets, each
// that it puts back.
void Undone(const spec::Dialect& dialect, const spec::Transition& transition, Faults& out) {
  Fault fault;
  const std::string place = "/" + PlaceOf(transition.event) + "/" + transition.id;
  const std::string when = transition.id + " (" + transition.event + ")";
  if (transition.event.starts_with("AT"))
    fault.command = transition.event.substr(0, transition.event.find(' '));
  if (!transition.to.empty() && !Has(transition.from, transition.to)) {
    std::vector<std::string> stale = transition.from;
    if (stale.empty()) {
      for (const std::string& state : dialect.FindMachine(transition.machine)->states) {
        if (state != transition.to) stale.push_back(state);
      }
    }
    fault.op = "state-stale";
    fault.id = fault.op + place;
    fault.what = "stays as it was after " + when;
    fault.patch = [id = transition.id](spec::Dialect& copy) { TransitionOf(copy, id).to.clear(); };
    Add(fault, WrongStates(dialect, transition.machine, stale, transition.to), out);
  }
  for (std::size_t i = 0; i < transition.effects.size(); ++i) {
    const spec::Effect& effect = transition.effects[i];
    const bool writes = effect.verb == "set" || effect.verb == "append" || effect.verb == "remove";
    std::vector<std::string> names;
    for (const spec::EffectArgument& argument : effect.args) {
      if (names.empty() || effect.verb == "reset") names.push_back(argument.value.text);
    }
    if (effect.verb == "become" && effect.args.size() == 2) {
      const spec::Machine* machine = dialect.FindMachine(names[0]);
      if (machine == nullptr) continue;
      std::vector<std::string> stale = machine->states;
      std::erase(stale, effect.args[1].value.text);
      fault.op = "state-stale";
      fault.id = fault.op + place + "/" + names[0];
      fault.what = "leaves " + names[0] + " as it was after " + when;
      fault.patch = [id = transition.id, i](spec::Dialect& copy) {
        auto& effects = TransitionOf(copy, id).effects;
        effects.erase(effects.begin() + static_cast<std::ptrdiff_t>(i));
      };
      Add(fault, WrongStates(dialect, names[0], stale, effect.args[1].value.text), out);
      continue;
    }
    if (!writes && effect.verb != "reset") continue;
    std::set<std::set<std::string>> done;  // of those that are told together, one stands for all
    for (std::size_t at = 0; at < names.size(); ++at) {
      fault.op = writes ? "value-stale" : "reset-forgotten";
      fault.id = fault.op + place + "/" + names[at];
      fault.what = "keeps <" + names[at] + "> as it was after " + when;
      std::set<std::string> kept;
      if (!writes) {
        kept = KeptWith(dialect, names[at]);
        std::erase_if(kept, [&](const std::string& name) { return !Has(names, name); });
        if (!done.insert(kept).second) continue;
      }
      fault.patch = [id = transition.id, i, kept](spec::Dialect& copy) {
        auto& effects = TransitionOf(copy, id).effects;
        auto& args = effects[i].args;
        std::erase_if(args, [&](const spec::EffectArgument& argument) {
          return kept.contains(argument.value.text);
        });
        if (kept.empty() || args.empty())
          effects.erase(effects.begin() + static_cast<std::ptrdiff_t>(i));
      };
      Add(fault, ReadBack(dialect, names[at]), out);
    }
  }
}

// Another machine has all of this one start anew, whenever that happens: nobody can see what it has
// left undone.
bool StartsAnew(const spec::Dialect& dialect, const spec::Transition& transition) {
  return std::any_of(
      dialect.transitions.begin(), dialect.transitions.end(), [&](const spec::Transition& other) {
        return other.event == transition.event && other.machine != transition.machine &&
               !other.guard &&
               std::any_of(other.effects.begin(), other.effects.end(),
                           [&](const spec::Effect& effect) {
                             return effect.verb == "restart" &&
                                    effect.args[0].value.text == transition.machine;
                           });
      });
}

// Another code than the manual gives the refusal.
void RefusalCodes(const spec::Dialect& dialect, const spec::Transition& transition, Faults& out) {
  const spec::Source& source = transition.refuse_source;
  if (source.clause.empty() || !Stated(source)) return;
  const auto known =
      std::find_if(dialect.errors.begin(), dialect.errors.end(),
                   [&](const spec::ErrorCode& error) { return error.code == transition.refuse; });
  if (known == dialect.errors.end() || dialect.errors.size() < 2) return;
  const std::string other =
      (known + 1 == dialect.errors.end() ? dialect.errors.front() : *(known + 1)).code;
  Fault fault;
  fault.op = "refusal-code";
  fault.id = fault.op + "/" + PlaceOf(transition.event) + "/" + transition.id;
  fault.what = "refuses with " + other + " in place of " + transition.refuse;
  if (transition.event.starts_with("AT"))
    fault.command = transition.event.substr(0, transition.event.find(' '));
  fault.patch = [id = transition.id, other](spec::Dialect& copy) {
    TransitionOf(copy, id).refuse = other;
  };
  Add(fault, {{FaultClass::kState, source.clause}}, out);
}

// Is it for data that no form of the model takes?
bool WithoutData(const spec::Dialect& dialect, const spec::Transition& transition) {
  const std::string_view data = "data ";
  if (!transition.event.starts_with(data)) return false;
  const spec::Command* command = dialect.FindCommand(transition.event.substr(data.size()));
  return command != nullptr && std::none_of(command->forms.begin(), command->forms.end(),
                                            [&](const spec::Form& form) {
                                              return TakesData(dialect, *command, form);
                                            });
}

// Does another one always come before it? Two that the manual leaves the modem to choose from: the
// emulator takes the first.
bool Shadowed(const spec::Dialect& dialect, const spec::Transition& transition) {
  for (const spec::Transition& earlier : dialect.transitions) {
    if (&earlier == &transition) return false;
    const bool covers =
        earlier.from.empty() ||
        (!transition.from.empty() &&
         std::all_of(transition.from.begin(), transition.from.end(),
                     [&](const std::string& state) { return Has(earlier.from, state); }));
    if (covers && earlier.machine == transition.machine && earlier.event == transition.event &&
        !earlier.guard && earlier.refuse.empty() == transition.refuse.empty() &&
        spec::AppliesTo(earlier.models, earlier.not_models, dialect.model))
      return true;
  }
  return false;
}

void Transitions(const spec::Dialect& dialect, Faults& out) {
  for (const spec::Transition& transition : dialect.transitions) {
    if (!Stated(transition.source) || !transition.source.document.empty() ||
        transition.event == "elsewhere" || WithoutData(dialect, transition) ||
        Shadowed(dialect, transition) ||
        !spec::AppliesTo(transition.models, transition.not_models, dialect.model))
      continue;
    if (!StartsAnew(dialect, transition)) Undone(dialect, transition, out);
    RefusalCodes(dialect, transition, out);
  }
}

// Documented defaults that can be read back, and are not those of a form that sets them (Settings).
void Defaults(const spec::Dialect& dialect, Faults& out) {
  for (const spec::Machine& machine : dialect.machines) {
    for (const spec::Variable& variable : machine.variables) {
      if (!variable.known || variable.initial.empty() || !Stated(variable.source) ||
          !variable.source.document.empty())
        continue;
      const spec::Parameter* parameter = nullptr;
      for (const spec::Command& command : dialect.commands) {
        if (!Tested(dialect, command)) continue;
        for (const spec::Parameter& candidate : command.parameters) {
          if (parameter == nullptr && candidate.name == variable.name) parameter = &candidate;
        }
      }
      if (parameter == nullptr) continue;
      const std::string other = OtherValue(*parameter, variable.initial);
      Fault fault;
      fault.op = "default-changed";
      fault.id = fault.op + "/" + machine.id + "/initial/" + variable.name;
      fault.what =
          "starts with <" + variable.name + "> " + other + ", documented is " + variable.initial;
      fault.patch = [id = machine.id, name = variable.name, other](spec::Dialect& copy) {
        for (spec::Machine& patched : copy.machines) {
          for (spec::Variable& candidate : patched.variables) {
            if (patched.id == id && candidate.name == name) candidate.initial = other;
          }
        }
      };
      Add(fault, ReadBack(dialect, variable.name), out);
    }
  }
}

}  // namespace

void DeriveStateFaults(const spec::Dialect& dialect, Faults& out) {
  Transitions(dialect, out);
  Defaults(dialect, out);
}

}  // namespace assay::device
