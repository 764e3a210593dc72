// Faults of what a modem does with a command: settings, guards, data phases.
#include <algorithm>

#include "devices/fault_derive.h"

namespace assay::device {
namespace {

std::string Id(const std::string& op, const spec::Command& command, const spec::Form& form,
               const std::string& detail) {
  return op + "/" + command.name + "/" + FormName(form) + "/" + detail;
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
      if (more < 0)
        found = {{FaultClass::kPayload, heard}, {FaultClass::kUnexpected, form.source.clause}};
      Add(std::move(fault), std::move(found), out);
    }
  }
  if (form.data->max && !form.data->overflow.empty() && form.data->source.erratum.empty()) {
    const bool rejects = form.data->overflow == "reject";
    add("overflow-other", rejects ? FaultClass::kRange : FaultClass::kResultFailure,
        form.source.clause,
        rejects ? "cuts data that are too long" : "refuses data that are too long",
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
  for (const spec::Command& command : dialect.commands) {
    if (command.kind != spec::CommandKind::kCommand || !Tested(dialect, command)) continue;
    for (const spec::Form& form : command.forms) {
      if (!Stated(form.source)) continue;
      Settings(command, form, out);
      Guards(dialect, command, form, out);
      DeriveBrokerFaults(dialect, command, form, out);
      Data(dialect, command, form, out);
    }
  }
}

}  // namespace assay::device
