// Faults of what a modem remembers and does: settings, states, guards, data phases.
#include <algorithm>

#include "devices/fault_derive.h"

namespace assay::device {
namespace {

std::string Id(const std::string& op, const spec::Command& command, const spec::Form& form,
               const std::string& detail) {
  return op + "/" + command.name + "/" + FormName(form) + "/" + detail;
}

spec::Transition& TransitionOf(spec::Dialect& dialect, const std::string& id) {
  return *std::find_if(dialect.transitions.begin(), dialect.transitions.end(),
                       [&](const spec::Transition& transition) { return transition.id == id; });
}

// The answer that reads back what the form sets.
const spec::Response* Query(const spec::Form& form) {
  for (const spec::Response& response : form.responses) {
    if (response.outcome == spec::Outcome::kQuery && Stated(response.source)) return &response;
  }
  return nullptr;
}

bool Sets(const spec::Effect& effect, const std::string& variable) {
  return effect.verb == "set" && !effect.args.empty() && effect.args[0].value.text == variable;
}

void Settings(const spec::Command& command, const spec::Form& form, Faults& out) {
  const spec::Response* query = Query(form);
  if (query == nullptr) return;
  Fault fault;
  fault.clause = query->source.clause;
  fault.predicted = FaultClass::kState;
  fault.command = command.name;
  for (const std::string& variable : form.stores) {
    fault.op = "set-forgotten";
    fault.id = Id(fault.op, command, form, variable);
    fault.what = "does not keep <" + variable + ">";
    fault.patch = [name = command.name, form = FormName(form), variable](spec::Dialect& copy) {
      spec::Form& patched = FormOf(copy, name, form);
      std::erase(patched.stores, variable);
      for (spec::Transition& transition : copy.transitions) {
        if (!spec::IsEventOf(transition.event, CommandOf(copy, name), patched)) continue;
        std::erase_if(transition.effects,
                      [&](const spec::Effect& effect) { return Sets(effect, variable); });
      }
    };
    out.push_back(fault);
  }
}

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
          if (line.per != machine || !Stated(response.source) ||
              in(line.per_states) == Has(line.per_states, due))
            continue;
          add(FaultClass::kState, response.source.clause);
          if (Has(line.per_states, due)) add(FaultClass::kMissing, response.source.clause);
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
                                    const std::vector<std::string>& stale,
                                    const std::string& due) {
  std::vector<Prediction> out;
  for (const std::string& state : Onwards(dialect, machine, due)) {
    if (!Has(stale, state)) WrongState(dialect, machine, stale, state, out);
  }
  return out;
}

// The first prediction names the clause of the fault.
void Add(Fault fault, std::vector<Prediction> predictions, Faults& out) {
  if (predictions.empty()) return;
  fault.predicted = predictions[0].predicted;
  fault.clause = predictions[0].clause;
  predictions.erase(predictions.begin());
  fault.also = std::move(predictions);
  out.push_back(std::move(fault));
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
    for (std::size_t at = 0; at < names.size(); ++at) {
      fault.op = writes ? "value-stale" : "reset-forgotten";
      fault.id = fault.op + place + "/" + names[at];
      fault.what = "keeps <" + names[at] + "> as it was after " + when;
      fault.patch = [id = transition.id, i, at, writes](spec::Dialect& copy) {
        auto& effects = TransitionOf(copy, id).effects;
        auto& args = effects[i].args;
        if (writes || args.size() == 1) {
          effects.erase(effects.begin() + static_cast<std::ptrdiff_t>(i));
        } else {
          args.erase(args.begin() + static_cast<std::ptrdiff_t>(at));
        }
      };
      Add(fault, ReadBack(dialect, names[at]), out);
    }
  }
}

// Another code than the manual gives the refusal.
void RefusalCodes(const spec::Dialect& dialect, const spec::Transition& transition, Faults& out) {
  if (transition.refuse.empty()) return;
  const auto known = std::find_if(
      dialect.errors.begin(), dialect.errors.end(),
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
  // It is refused, as it should be, but that is not the answer: by which rule nobody can say.
  Add(fault,
      {{FaultClass::kUnexpected, transition.source.clause},
       {FaultClass::kState, transition.source.clause},
       {FaultClass::kResultFailure, transition.source.clause}},
      out);
}

void Transitions(const spec::Dialect& dialect, Faults& out) {
  for (const spec::Transition& transition : dialect.transitions) {
    if (!Stated(transition.source) || !transition.source.document.empty() ||
        transition.event == "elsewhere" ||
        !spec::AppliesTo(transition.models, transition.not_models, dialect.model))
      continue;
    Undone(dialect, transition, out);
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

// "in_flight() < 5" anywhere in a guard.
spec::Expression* Window(spec::Expression& expression) {
  if (expression.op == spec::Expression::Op::kLt && expression.args.size() == 2 &&
      expression.args[0].op == spec::Expression::Op::kCall &&
      expression.args[0].text == "in_flight" &&
      expression.args[1].op == spec::Expression::Op::kNumber) {
    return &expression.args[1];
  }
  for (spec::Expression& part : expression.args) {
    if (spec::Expression* found = Window(part)) return found;
  }
  return nullptr;
}

// Its refusal is a code, and the manual has an answer that tells it behind a success.
bool MayBeRefusedLater(const spec::Dialect& dialect, const spec::Form& form,
                       const spec::Transition& transition) {
  return std::find(dialect.finals.begin(), dialect.finals.end(), transition.refuse) ==
             dialect.finals.end() &&
         std::any_of(form.responses.begin(), form.responses.end(),
                     [](const spec::Response& response) {
                       return response.outcome == spec::Outcome::kFailure && response.async;
                     });
}

void Guards(const spec::Dialect& dialect, const spec::Command& command, const spec::Form& form,
            Faults& out) {
  for (const spec::Transition& transition : dialect.transitions) {
    if (!spec::IsEventOf(transition.event, command, form) || !Stated(transition.source)) continue;
    Fault fault;
    const bool later = MayBeRefusedLater(dialect, form, transition);
    const bool timed = form.timing.result_ms.has_value();
    if (!transition.refuse.empty() && (!later || timed || transition.guard)) {
      fault.op = "refusal-forgotten";
      fault.id = Id(fault.op, command, form, transition.id);
      fault.clause = transition.source.clause;
      fault.predicted = later && timed ? FaultClass::kMissing : FaultClass::kState;
      fault.what = "accepts what " + transition.id + " refuses";
      fault.patch = [id = transition.id, gone = later && !timed](spec::Dialect& copy) {
        TransitionOf(copy, id).refuse.clear();
        // Only the result would show it: let another transition give that.
        if (gone) {
          std::erase_if(copy.transitions,
                        [&](const spec::Transition& candidate) { return candidate.id == id; });
        }
      };
      out.push_back(fault);
    }
    spec::Expression guard = transition.guard ? transition.guard->root : spec::Expression{};
    if (const spec::Expression* window = Window(guard)) {
      fault.op = "window-narrowed";
      fault.id = Id(fault.op, command, form, transition.id);
      fault.clause = form.source.clause;
      fault.predicted = FaultClass::kResultFailure;
      fault.what = "refuses number " + std::to_string(window->number) + " of " +
                   std::to_string(window->number) + " packets in flight";
      fault.patch = [id = transition.id](spec::Dialect& copy) {
        --Window(TransitionOf(copy, id).guard->root)->number;
      };
      out.push_back(fault);
    }
  }
}

// Where it shows what a broker was told: only who receives a message can tell.
std::string Heard(const spec::Dialect& dialect, const spec::Form& form) {
  for (const spec::Transition& transition : dialect.transitions) {
    if (transition.event == "mqtt.message" && Stated(transition.source))
      return transition.source.clause;
  }
  return form.source.clause;
}

// A result of the command that repeats the argument or what was granted in its place.
bool ResultTells(const spec::Form& form) {
  for (const spec::Response& response : form.responses) {
    for (const spec::ResponseLine& line : response.lines) {
      if (line.kind == spec::LineKind::kResult && Fields(line.text).size() > 2) return true;
    }
  }
  return false;
}

// What is told of a message that never comes, or of one that comes as another.
std::vector<Prediction> AtReceiver(const spec::Dialect& dialect, const spec::Form& form,
                                   FaultClass first) {
  std::vector<Prediction> out = {{first, Heard(dialect, form)}};
  if (first == FaultClass::kPayload && ResultTells(form))
    out.insert(out.begin(), {first, form.source.clause});
  for (const spec::Transition& transition : dialect.transitions) {
    const Prediction here{first, transition.source.clause};
    if (transition.event.ends_with(".message") && Stated(transition.source) &&
        std::find(out.begin(), out.end(), here) == out.end())
      out.push_back(here);
  }
  return out;
}

// What the broker is told is not what the command says: an argument is left out, or another.
void Effects(const spec::Dialect& dialect, const spec::Command& command, const spec::Form& form,
             Faults& out) {
  for (const spec::Transition& transition : dialect.transitions) {
    const bool data = transition.event == "data " + command.name && form.data;
    if ((!data && !spec::IsEventOf(transition.event, command, form)) || !Stated(transition.source))
      continue;
    for (std::size_t i = 0; i < transition.effects.size(); ++i) {
      const spec::Effect& effect = transition.effects[i];
      const bool publishes = effect.verb.ends_with(".publish");
      const bool subscribes = effect.verb.ends_with(".subscribe");
      const bool connects = effect.verb.ends_with(".connect");
      if (!publishes && !subscribes && !connects) continue;
      for (const spec::EffectArgument& argument : effect.args) {
        const std::string& name = argument.name;
        Fault fault;
        fault.command = command.name;
        const std::string id =
            "/" + command.name + "/" + FormName(form) + "/" + transition.id + "/" + name;
        const bool text = name == "payload" || name == "topic" || name == "will_message" ||
                          name == "will_topic";
        const bool qos = name == "qos" || name == "will_qos";
        const bool kept = name == "retain" || name == "will_retain" || name == "will";
        const bool who = name == "username" || name == "password";
        if (text && !subscribes) {
          fault.op = "argument-altered";
          fault.id = fault.op + id;
          fault.what = "adds a byte to " + name + " for the broker";
          fault.patch = [t = transition.id, i, name](spec::Dialect& copy) {
            for (spec::EffectArgument& patched : TransitionOf(copy, t).effects[i].args) {
              if (patched.name != name) continue;
              spec::Expression more;
              more.op = spec::Expression::Op::kCall;
              more.text = "concat";
              spec::Expression byte;
              byte.op = spec::Expression::Op::kString;
              byte.text = "x";
              more.args = {patched.value, byte};
              patched.value = more;
            }
          };
          // Nobody subscribed to the other topic.
          Add(fault,
              AtReceiver(dialect, form,
                         name.ends_with("topic") ? FaultClass::kMissing : FaultClass::kPayload),
              out);
        }
        if (qos || kept || who) {
          fault.op = "argument-ignored";
          fault.id = fault.op + id;
          fault.what = "tells the broker nothing of " + name;
          fault.patch = [t = transition.id, i, name](spec::Dialect& copy) {
            std::erase_if(TransitionOf(copy, t).effects[i].args,
                          [&](const spec::EffectArgument& patched) { return patched.name == name; });
          };
          if (who) {
            // A broker that asks for it refuses.
            Add(fault, {{FaultClass::kResultFailure, form.source.clause}}, out);
          } else {
            auto found =
                AtReceiver(dialect, form, kept ? FaultClass::kMissing : FaultClass::kPayload);
            // What is not acknowledged is not sent again.
            if (qos && publishes) found.push_back({FaultClass::kMissing, form.source.clause});
            Add(fault, std::move(found), out);
          }
        }
      }
    }
  }
}

void Data(const spec::Dialect& dialect, const spec::Command& command, const spec::Form& form,
          Faults& out) {
  if (!TakesData(dialect, command, form)) return;
  const std::string heard = Heard(dialect, form);
  const auto add = [&](const std::string& op, FaultClass predicted, const std::string& clause,
                       const std::string& what,
                       const std::function<void(spec::DataPhase&)>& change) {
    Fault fault;
    fault.op = op;
    fault.id = Id(op, command, form, "data");
    fault.clause = clause;
    fault.predicted = predicted;
    fault.what = what;
    fault.patch = [name = command.name, form = FormName(form), change](spec::Dialect& copy) {
      change(*FormOf(copy, name, form).data);
    };
    out.push_back(std::move(fault));
  };
  if (form.data->ends == spec::DataEnd::kLength) {
    for (const int more : {1, -1}) {
      Fault fault;
      fault.op = more > 0 ? "data-waits" : "data-ends-early";
      fault.id = Id(fault.op, command, form, "data");
      fault.what = more > 0 ? "waits for one byte of data more than it was told"
                            : "takes one byte of data less than it was told";
      fault.command = command.name;
      fault.data = OffsetData{FormName(form), more};
      std::vector<Prediction> found = {{FaultClass::kMissing, form.source.clause}};
      // It answers before it has all, and keeps less.
      if (more < 0) found = {{FaultClass::kPayload, heard},
                             {FaultClass::kUnexpected, form.source.clause}};
      Add(std::move(fault), std::move(found), out);
    }
  }
  if (form.data->max && !form.data->overflow.empty() && form.data->source.erratum.empty()) {
    const bool rejects = form.data->overflow == "reject";
    add("overflow-other", rejects ? FaultClass::kRange : FaultClass::kResultFailure,
        form.source.clause, rejects ? "cuts data that are too long" : "refuses data that are too long",
        [rejects](spec::DataPhase& data) { data.overflow = rejects ? "truncate" : "reject"; });
  }
  if (form.data->cancel) {
    add("cancel-ignored", FaultClass::kMissing, form.source.clause,
        "takes the byte that cancels for data", [](spec::DataPhase& data) { data.cancel.reset(); });
  }
  if (form.data->max && form.data->ends == spec::DataEnd::kLength) {
    // It waits for the last byte for ever.
    add("data-cut-short", FaultClass::kMissing, form.source.clause,
        "takes " + std::to_string(*form.data->max - 1) + " bytes of data",
        [](spec::DataPhase& data) { --*data.max; });
  } else if (form.data->max) {
    add("data-cut-short", FaultClass::kPayload, heard,
        "keeps " + std::to_string(*form.data->max - 1) + " bytes of data",
        [](spec::DataPhase& data) { --*data.max; });
    // What becomes of the rest is another fact, and not always a certain one.
    if (form.data->source.erratum.empty()) {
      add("data-cut-late", FaultClass::kPayload, heard,
          "keeps " + std::to_string(*form.data->max + 1) + " bytes of data",
          [](spec::DataPhase& data) { ++*data.max; });
    }
  }
}

}  // namespace

void DeriveBehaviourFaults(const spec::Dialect& dialect, Faults& out) {
  Transitions(dialect, out);
  Defaults(dialect, out);
  for (const spec::Command& command : dialect.commands) {
    if (command.kind != spec::CommandKind::kCommand || !Tested(dialect, command)) continue;
    for (const spec::Form& form : command.forms) {
      if (!Stated(form.source)) continue;
      Settings(command, form, out);
      Guards(dialect, command, form, out);
      Effects(dialect, command, form, out);
      Data(dialect, command, form, out);
    }
  }
}

}  // namespace assay::device
