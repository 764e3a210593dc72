// Faults that only a part of a modem has: it does wrong in one state, with one number of arguments,
// for messages of one kind, for instances of one class.
#include <algorithm>
#include <set>

#include "devices/fault_derive.h"

namespace assay::device {
namespace {

using spec::TemplatePart;

bool Has(const std::vector<std::string>& list, const std::string& one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

std::size_t FieldsOutsideGroups(const std::vector<TemplatePart>& parts) {
  return static_cast<std::size_t>(
      std::count_if(parts.begin(), parts.end(), [](const TemplatePart& part) {
        return part.kind == TemplatePart::Kind::kField;
      }));
}

// With how many arguments a line may be over before its last optional group.
std::set<std::size_t> ShortCounts(const std::vector<TemplatePart>& parts, std::size_t before) {
  const std::size_t here = before + FieldsOutsideGroups(parts);
  std::set<std::size_t> out;
  std::size_t count = here;
  for (const TemplatePart& part : parts) {
    if (part.kind != TemplatePart::Kind::kOptional || Fields({.parts = {part}}).empty()) continue;
    out.insert(count);
    out.merge(ShortCounts(part.parts, count));
    count += Fields({.parts = {part}}).size();
  }
  return out;
}

// A line that leaves out what it may.
void Demanded(const spec::Command& command, const spec::Form& form, Faults& out) {
  for (const std::size_t count : ShortCounts(form.syntax.parts, 0)) {
    Fault fault;
    fault.op = "optional-demanded";
    fault.id = fault.op + "/" + command.name + "/" + FormName(form) + "/" + std::to_string(count);
    fault.clause = form.source.clause;
    fault.predicted = FaultClass::kResultFailure;
    fault.what = "refuses the line with " + std::to_string(count) + " arguments";
    fault.command = command.name;
    fault.rejects = [name = command.name, form = FormName(form),
                     count](const dialect::ParsedCommand& parsed) {
      return parsed.form != nullptr && parsed.command->name == name &&
             FormName(*parsed.form) == form && parsed.arguments.size() == count;
    };
    out.push_back(std::move(fault));
  }
}

// What one of the states allows, it refuses there; another one it allows still.
void RefusedInState(const spec::Dialect& dialect, const spec::Command& command,
                    const spec::Form& form, Faults& out) {
  for (const spec::Transition& transition : dialect.transitions) {
    if (!spec::IsEventOf(transition.event, command, form) || !Stated(transition.source) ||
        !transition.refuse.empty() || transition.from.size() < 2 ||
        !spec::AppliesTo(transition.models, transition.not_models, dialect.model))
      continue;
    for (const std::string& state : transition.from) {
      Fault fault;
      fault.op = "refused-in-state";
      fault.id = fault.op + "/" + command.name + "/" + FormName(form) + "/" + transition.id + "/" +
                 state;
      fault.clause = form.source.clause;
      fault.predicted = FaultClass::kResultFailure;
      fault.what = "refuses in the state " + state + " what " + transition.id + " takes";
      fault.command = command.name;
      fault.patch = [id = transition.id, state](spec::Dialect& copy) {
        auto& all = copy.transitions;
        const auto at = std::find_if(all.begin(), all.end(), [&](const spec::Transition& one) {
          return one.id == id;
        });
        spec::Transition refuses = *at;
        refuses.id += "-not-" + state;
        refuses.from = {state};
        refuses.respond.clear();
        refuses.send.clear();
        refuses.effects.clear();
        refuses.to.clear();
        refuses.refuse = copy.refusals.state;
        all.insert(at, std::move(refuses));
      };
      out.push_back(std::move(fault));
    }
  }
}

// A list of instances that leaves out those that are in one of the states.
void Untold(const spec::Dialect& dialect, const spec::Command& command, const spec::Form& form,
            Faults& out) {
  for (std::size_t r = 0; r < form.responses.size(); ++r) {
    const spec::Response& response = form.responses[r];
    if (!Stated(response.source) || &Spoken(dialect, form, response) != &response) continue;
    for (std::size_t l = 0; l < response.lines.size(); ++l) {
      const spec::ResponseLine& line = response.lines[l];
      const std::vector<std::string>& states = line.each ? line.each->states : line.per_states;
      if (states.size() < 2) continue;
      for (const std::string& state : states) {
        Fault fault;
        fault.op = "state-untold";
        fault.id = fault.op + "/" + command.name + "/" + FormName(form) + "/" + response.id + "/" +
                   state;
        fault.what = "does not tell of what is in the state " + state;
        fault.command = command.name;
        fault.patch = [name = command.name, form = FormName(form), r, l,
                       state](spec::Dialect& copy) {
          spec::ResponseLine& patched = FormOf(copy, name, form).responses[r].lines[l];
          std::erase(patched.per_states, state);
          if (patched.each) std::erase(patched.each->states, state);
        };
        Add(std::move(fault),
            {{FaultClass::kMissing, response.source.clause},
             {FaultClass::kState, response.source.clause},
             {FaultClass::kUnexpected, response.source.clause}},
            out);
      }
    }
  }
}

// Where it says of an event what it says: its URCs, or its message of several lines.
std::vector<Prediction> Silence(const spec::Dialect& dialect, const spec::Transition& transition) {
  std::vector<Prediction> out;
  for (const SentFact& fact : SentFacts(dialect)) {
    if (fact.transition->id == transition.id && Stated(fact.source()))
      out.push_back({FaultClass::kMissing, fact.source().clause});
  }
  for (const spec::Effect& effect : transition.effects) {
    if (effect.verb != "block.send") continue;
    const spec::Block* block = dialect.FindBlock(effect.args[0].value.text);
    if (block != nullptr && Stated(block->source))
      out.push_back({FaultClass::kMissing, block->source.clause});
  }
  return out;
}

// Messages of one QoS, or the retained ones, that it keeps to itself.
void Withheld(const spec::Dialect& dialect, Faults& out) {
  struct Kind {
    const char* name;
    std::int64_t value;
  };
  for (const spec::Transition& transition : dialect.transitions) {
    if (!transition.event.ends_with(".message") || !Stated(transition.source) ||
        !spec::AppliesTo(transition.models, transition.not_models, dialect.model))
      continue;
    const std::vector<Prediction> found = Silence(dialect, transition);
    for (const Kind& kind : {Kind{"qos", 0}, Kind{"qos", 1}, Kind{"qos", 2}}) {
      Fault fault;
      fault.op = "message-withheld";
      fault.id = fault.op + "/" + transition.event + "/" + transition.id + "/" + kind.name + "-" +
                 std::to_string(kind.value);
      fault.what = "does not tell messages of " + std::string(kind.name) + " " +
                   std::to_string(kind.value);
      fault.patch = [id = transition.id, kind](spec::Dialect& copy) {
        using Op = spec::Expression::Op;
        spec::Expression other{.op = Op::kNe,
                               .args = {{.op = Op::kName, .text = kind.name},
                                        {.op = Op::kNumber, .number = kind.value}}};
        spec::Transition& patched = TransitionOf(copy, id);
        if (patched.guard) {
          patched.guard->root = {.op = Op::kAnd, .args = {patched.guard->root, other}};
        } else {
          patched.guard = spec::ParsedExpression{.text = "", .root = other};
        }
      };
      Add(std::move(fault), found, out);
    }
  }
}

// The variable's machine is told by its name: an instance's own becomes one of all.
void Shared(const spec::Dialect& dialect, const spec::Command& command, const spec::Form& form,
            Faults& out) {
  const spec::Response* query = nullptr;
  for (const spec::Response& response : form.responses) {
    if (response.outcome == spec::Outcome::kQuery && Stated(response.source)) query = &response;
  }
  const auto common =
      std::find_if(dialect.machines.begin(), dialect.machines.end(),
                   [](const spec::Machine& machine) { return machine.index.empty(); });
  if (query == nullptr || common == dialect.machines.end()) return;
  for (const spec::Machine& machine : dialect.machines) {
    if (machine.index.empty() || machine.first == machine.last) continue;
    const auto own = std::find_if(machine.variables.begin(), machine.variables.end(),
                                  [&](const spec::Variable& variable) {
                                    return Has(form.stores, variable.name);
                                  });
    if (own == machine.variables.end()) continue;
    Fault fault;
    fault.op = "setting-shared";
    fault.id = fault.op + "/" + command.name + "/" + FormName(form) + "/" + machine.id;
    fault.clause = query->source.clause;
    fault.predicted = FaultClass::kState;
    fault.what = "keeps one setting for all instances";
    fault.command = command.name;
    fault.also = {{FaultClass::kUnexpected, query->source.clause}};
    fault.patch = [stores = form.stores, machine = machine.id,
                   common = common->id](spec::Dialect& copy) {
      std::vector<spec::Variable> moved;
      for (spec::Machine& one : copy.machines) {
        if (one.id != machine) continue;
        for (const spec::Variable& variable : one.variables) {
          if (Has(stores, variable.name)) moved.push_back(variable);
        }
        std::erase_if(one.variables, [&](const spec::Variable& variable) {
          return Has(stores, variable.name);
        });
      }
      for (spec::Machine& one : copy.machines) {
        if (one.id == common) one.variables.insert(one.variables.end(), moved.begin(), moved.end());
      }
    };
    out.push_back(std::move(fault));
  }
}

}  // namespace

void DerivePartFaults(const spec::Dialect& dialect, Faults& out) {
  for (const spec::Command& command : dialect.commands) {
    if (command.kind != spec::CommandKind::kCommand || !Tested(dialect, command)) continue;
    for (const spec::Form& form : command.forms) {
      if (!Stated(form.source)) continue;
      if (form.form == spec::FormKind::kWrite && form.variant.empty()) Demanded(command, form, out);
      RefusedInState(dialect, command, form, out);
      Untold(dialect, command, form, out);
      Shared(dialect, command, form, out);
    }
  }
  Withheld(dialect, out);
}

}  // namespace assay::device
