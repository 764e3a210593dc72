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

void Settings(const spec::Dialect& dialect, const spec::Command& command, const spec::Form& form,
              Faults& out) {
  const spec::Response* query = Query(form);
  if (query == nullptr) return;
  Fault fault;
  fault.clause = query->source.clause;
  fault.predicted = FaultClass::kState;
  if (!form.stores.empty()) {
    const std::string variable = form.stores.front();
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
  for (const spec::Transition& transition : dialect.transitions) {
    const auto is_reset = [](const spec::Effect& effect) { return effect.verb == "reset"; };
    if (!spec::IsEventOf(transition.event, command, form) || !Stated(transition.source) ||
        std::none_of(transition.effects.begin(), transition.effects.end(), is_reset)) {
      continue;
    }
    fault.op = "reset-forgotten";
    fault.id = Id(fault.op, command, form, transition.id);
    fault.what = "keeps what " + transition.id + " sets back";
    fault.patch = [id = transition.id, is_reset](spec::Dialect& copy) {
      std::erase_if(TransitionOf(copy, id).effects, is_reset);
    };
    out.push_back(fault);
  }
  for (const spec::Machine& machine : dialect.machines) {
    for (const spec::Variable& variable : machine.variables) {
      const bool kept =
          std::find(form.stores.begin(), form.stores.end(), variable.name) != form.stores.end();
      const spec::Parameter* parameter = command.FindParameter(variable.name, form.key);
      if (!kept || parameter == nullptr || !variable.known || variable.initial.empty() ||
          !Stated(variable.source)) {
        continue;
      }
      const std::string other = OtherValue(*parameter, variable.initial);
      fault.op = "default-changed";
      fault.id = Id(fault.op, command, form, variable.name);
      fault.what =
          "starts with <" + variable.name + "> " + other + ", documented is " + variable.initial;
      fault.patch = [id = machine.id, name = variable.name, other](spec::Dialect& copy) {
        for (spec::Machine& patched : copy.machines) {
          for (spec::Variable& candidate : patched.variables) {
            if (patched.id == id && candidate.name == name) candidate.initial = other;
          }
        }
      };
      out.push_back(fault);
    }
  }
}

// The command that an instance begins with: its read form is where a stale one shows.
bool Begins(const spec::Dialect& dialect, const spec::Command& command, const std::string& id) {
  const spec::Machine* machine = dialect.FindMachine(id);
  return std::any_of(dialect.transitions.begin(), dialect.transitions.end(),
                     [&](const spec::Transition& transition) {
                       return transition.machine == id && transition.refuse.empty() &&
                              transition.event.starts_with(command.name + " ") &&
                              std::find(transition.from.begin(), transition.from.end(),
                                        machine->initial) != transition.from.end();
                     });
}

// A command that ends an instance leaves it in a read command's list.
void StaleStates(const spec::Dialect& dialect, const spec::Command& command, const spec::Form& form,
                 Faults& out) {
  for (const spec::Response& response : form.responses) {
    for (const spec::ResponseLine& line : response.lines) {
      if (line.per.empty() || !Stated(response.source) || !Begins(dialect, command, line.per)) {
        continue;
      }
      for (const spec::Transition& transition : dialect.transitions) {
        const auto listed = [&](const std::string& state) {
          return std::find(line.per_states.begin(), line.per_states.end(), state) !=
                 line.per_states.end();
        };
        if (transition.machine != line.per || !Stated(transition.source) || transition.to.empty() ||
            listed(transition.to) ||
            std::none_of(transition.from.begin(), transition.from.end(), listed) ||
            !transition.event.starts_with("AT")) {
          continue;
        }
        Fault fault;
        fault.op = "state-stale";
        fault.id = Id(fault.op, command, form, transition.id);
        fault.clause = response.source.clause;
        fault.predicted = FaultClass::kState;
        fault.what = "stays as it was after " + transition.id + " (" + transition.event + ")";
        fault.patch = [id = transition.id](spec::Dialect& copy) {
          TransitionOf(copy, id).to.clear();
        };
        out.push_back(std::move(fault));
      }
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

// The broker is asked for less than the command says.
void Effects(const spec::Dialect& dialect, const spec::Command& command, const spec::Form& form,
             Faults& out) {
  for (const spec::Transition& transition : dialect.transitions) {
    if (!spec::IsEventOf(transition.event, command, form) || !Stated(transition.source)) continue;
    for (const spec::Effect& effect : transition.effects) {
      if (effect.verb != "mqtt.subscribe") continue;
      Fault fault;
      fault.op = "argument-ignored";
      fault.id = Id(fault.op, command, form, "qos");
      fault.clause = ResultTells(form) ? form.source.clause : Heard(dialect, form);
      fault.predicted = FaultClass::kPayload;
      fault.what = "subscribes with QoS 0 whatever <qos> says";
      fault.patch = [id = transition.id](spec::Dialect& copy) {
        for (spec::Effect& patched : TransitionOf(copy, id).effects) {
          std::erase_if(patched.args, [](const spec::EffectArgument& argument) {
            return argument.name == "qos";
          });
        }
      };
      out.push_back(std::move(fault));
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
  for (const spec::Command& command : dialect.commands) {
    if (command.kind != spec::CommandKind::kCommand || !Tested(dialect, command)) continue;
    for (const spec::Form& form : command.forms) {
      if (!Stated(form.source)) continue;
      Settings(dialect, command, form, out);
      StaleStates(dialect, command, form, out);
      Guards(dialect, command, form, out);
      Effects(dialect, command, form, out);
      Data(dialect, command, form, out);
    }
  }
}

}  // namespace assay::device
