// Faults of what a command may say: ranges, values, lengths, arguments.
#include <algorithm>
#include <set>
#include <utility>

#include "devices/fault_derive.h"

namespace assay::device {
namespace {

using spec::TemplatePart;

// One parameter as an argument of one form.
struct Place {
  const spec::Dialect* dialect;
  const spec::Command* command;
  const spec::Form* form;
  const spec::Parameter* parameter;

  const spec::Source& range() const {
    return parameter->range_source.clause.empty() ? parameter->source : parameter->range_source;
  }
  bool index() const { return machine() != nullptr; }
  // The one whose instances it numbers, by this name or another.
  const spec::Machine* machine() const {
    for (const spec::Machine& each : dialect->machines) {
      if (each.index.empty()) continue;
      if (parameter->name == each.index || parameter->IsAlso(each.index)) return &each;
    }
    return nullptr;
  }
};

// The states of a modem that was just switched on, or of its instances once they can be used at
// all.
bool EarlyState(const spec::Dialect& dialect, const spec::Machine& machine,
                const std::string& state) {
  if (state == machine.initial) return true;
  for (const spec::Transition& transition : dialect.transitions) {
    for (const spec::Effect& effect : transition.effects) {
      if (effect.verb == "become" && effect.args.size() == 2 &&
          effect.args[0].value.text == machine.id && effect.args[1].value.text == state) {
        return true;
      }
    }
  }
  return false;
}

// A fresh modem takes the command: else a wrong instance is refused whatever its number.
bool TakenAtFirst(const Place& place) {
  bool any = false, taken = false;
  for (const spec::Transition& transition : place.dialect->transitions) {
    if (!spec::IsEventOf(transition.event, *place.command, *place.form)) continue;
    any = true;
    const spec::Machine& machine = *place.dialect->FindMachine(transition.machine);
    const bool at_first =
        transition.from.empty() ||
        std::any_of(transition.from.begin(), transition.from.end(), [&](const std::string& state) {
          return EarlyState(*place.dialect, machine, state);
        });
    taken = taken || (at_first && transition.refuse.empty());
  }
  return !any || taken;
}

// What the documented answer to the test command prints for the parameter: "(1-10)". Empty unless
// it prints such a list.
std::string PrintedList(const Place& place) {
  for (const FieldPlace& field : Fields(place.form->syntax)) {
    const spec::Form* test = place.command->FindForm(spec::FormKind::kTest);
    if (field.name != place.parameter->name || test == nullptr) continue;
    for (const spec::Response& response : test->responses) {
      for (const spec::ResponseLine& line : response.lines) {
        const std::string& text = line.text.text;
        if (text.find('"' + place.form->key + '"') == std::string::npos) continue;
        std::size_t at = 0, depth = 0;
        std::string item;
        for (const char c : text + ",") {
          depth += c == '(' ? 1 : 0;
          depth -= c == ')' && depth > 0 ? 1 : 0;
          if (c != ',' || depth > 0) {
            item += c;
          } else if (at++ == field.at) {
            return item;
          } else {
            item.clear();
          }
        }
      }
    }
  }
  return {};
}

// The manual gives the bound in one place and another one elsewhere: then nobody is to blame.
bool Contradicted(const Place& place, const std::string& bound) {
  const std::string list = PrintedList(place);
  return list.starts_with('(') && list.find('-') != std::string::npos &&
         list.find(bound) == std::string::npos;
}

// A wrong parameter may also be reported by a result whose use the manual leaves unclear.
bool MayBeReported(const spec::Form& form, const spec::Command& command) {
  for (const spec::Response& response : form.responses) {
    for (const spec::ResponseLine& line : response.lines) {
      if (line.kind != spec::LineKind::kResult) continue;
      for (const FieldPlace& field : Fields(line.text)) {
        const spec::Parameter* parameter = command.FindParameter(field.name, form.key);
        if (parameter == nullptr) continue;
        for (const spec::Value& value : parameter->values) {
          if (!value.source.erratum.empty() && value.source.erratum != parameter->source.erratum) {
            return true;
          }
        }
      }
    }
  }
  return false;
}

// The argument and what the test form says of it stay what they are: only what becomes of this
// value is another thing.
using Is = std::function<bool(std::string_view value)>;

Is Value(std::string value) {
  return [value = std::move(value)](std::string_view given) { return given == value; };
}
Is Length(std::int64_t bytes) {
  return
      [bytes](std::string_view given) { return static_cast<std::int64_t>(given.size()) == bytes; };
}

bool IsOf(const dialect::ParsedCommand& parsed, const std::string& command,
          const std::string& form) {
  return parsed.form != nullptr && parsed.command->name == command &&
         FormName(*parsed.form) == form;
}

Fault Make(const Place& place, std::string op, FaultClass predicted, std::string what,
           const Is& is) {
  Fault fault;
  fault.id =
      op + "/" + place.command->name + "/" + FormName(*place.form) + "/" + place.parameter->name;
  fault.op = std::move(op);
  // A value that is refused shows in the command's answer, one that is taken in the value.
  const bool refuses = predicted == FaultClass::kResultFailure;
  fault.clause = refuses ? place.form->source.clause : place.range().clause;
  fault.predicted = predicted;
  fault.what = std::move(what);
  fault.command = place.command->name;
  const auto given = [command = place.command->name, form = FormName(*place.form),
                      name = place.parameter->name,
                      is](const dialect::ParsedCommand& parsed, std::size_t offset) {
    return IsOf(parsed, command, form) &&
           std::any_of(parsed.arguments.begin(), parsed.arguments.end(),
                       [&](const dialect::Argument& argument) {
                         return argument.name == name && is(argument.value) &&
                                (offset == 0 || argument.offset == offset);
                       });
  };
  if (refuses) {
    fault.rejects = [given](const dialect::ParsedCommand& parsed) { return given(parsed, 0); };
  } else {
    fault.forgives = [given](const dialect::ParsedCommand& parsed,
                             const dialect::CommandProblem& problem) {
      using Kind = dialect::CommandProblem::Kind;
      const bool outside = problem.kind == Kind::kRange || problem.kind == Kind::kTooLong;
      return outside && given(parsed, problem.offset);
    };
  }
  return fault;
}

// The modem has the instance that it takes: the machines that end just beside it have it, too.
void AddInstance(Fault& fault, const Place& place, std::int64_t value) {
  if (!place.index()) return;
  fault.patch = [index = place.machine()->index, value](spec::Dialect& dialect) {
    for (spec::Machine& machine : dialect.machines) {
      if (machine.index != index) continue;
      if (machine.last + 1 == value) ++machine.last;
      if (machine.first - 1 == value) --machine.first;
    }
  };
}

bool Listed(const spec::Parameter& parameter, std::int64_t value) {
  return std::any_of(
      parameter.values.begin(), parameter.values.end(),
      [&](const spec::Value& known) { return known.value == std::to_string(value); });
}

void Ranges(const Place& place, Faults& out) {
  const spec::Range& range = place.parameter->range;
  const std::string shown = "<" + place.parameter->name + "> ";
  const bool widens = !place.index() || TakenAtFirst(place);
  const auto add = [&](const std::string& op, std::int64_t value) {
    const bool refuses = op.ends_with("refused");
    out.push_back(Make(place, op, refuses ? FaultClass::kResultFailure : FaultClass::kRange,
                       (refuses ? "refuses " : "takes ") + shown + std::to_string(value),
                       Value(std::to_string(value))));
    if (!refuses) AddInstance(out.back(), place, value);
  };
  if (range.max && widens && !Listed(*place.parameter, *range.max + 1))
    add("range-above", *range.max + 1);
  if (range.min && widens && !Listed(*place.parameter, *range.min - 1))
    add("range-below", *range.min - 1);
  if (range.max && !Listed(*place.parameter, *range.max) &&
      !Contradicted(place, "-" + std::to_string(*range.max) + ")"))
    add("max-refused", *range.max);
  // Without its lowest instance hardly a session begins; that would prove nothing.
  if (range.min && !place.index() && !Listed(*place.parameter, *range.min) &&
      !Contradicted(place, "(" + std::to_string(*range.min) + "-"))
    add("min-refused", *range.min);
}

// Values that are not among those which are: beyond both ends, and in between.
std::vector<std::string> Unlisted(const spec::Parameter& parameter) {
  if (!parameter.values_closed) return {};
  if (parameter.type == spec::Type::kString) {
    // That it may be empty in an answer makes no list of it.
    const std::string& last = parameter.values.back().value;
    return last.empty() ? std::vector<std::string>{} : std::vector<std::string>{last + "x"};
  }
  std::vector<std::string> out;
  if (const auto outside = ValueOutside(parameter)) out.push_back(*outside);
  std::set<std::int64_t> known;
  for (const spec::Value& value : parameter.values) {
    if (value.value.find_first_not_of("-0123456789") != std::string::npos ||
        value.value.find('-', 1) != std::string::npos)
      return out;  // a range that is reserved: what is beyond it is all that is sure
    known.insert(std::stoll(value.value));
  }
  out.push_back(std::to_string(*known.begin() - 1));
  for (const std::int64_t value : known) {
    if (value != *known.rbegin() && !known.contains(value + 1))
      out.push_back(std::to_string(value + 1));
  }
  return out;
}

void Values(const Place& place, Faults& out) {
  const spec::Parameter& parameter = *place.parameter;
  if (parameter.values.empty() || parameter.range.min || parameter.range.max) return;
  const std::string shown = "<" + parameter.name + "> ";
  if (!place.index() || TakenAtFirst(place)) {
    for (const std::string& outside : Unlisted(parameter)) {
      out.push_back(Make(place, "value-accepted", FaultClass::kRange, "takes " + shown + outside,
                         Value(outside)));
      out.back().id += "/" + outside;
      if (place.index()) AddInstance(out.back(), place, std::stoll(outside));
    }
  }
  for (const spec::Value& value : parameter.values) {
    const bool reserved = value.value.find('-', 1) != std::string::npos;
    // Without its first instance hardly a session begins; that would prove nothing.
    const bool vital = place.index() && &value == &parameter.values.front();
    if (!parameter.values_closed || reserved || vital || !Stated(value.source) ||
        !spec::AppliesTo(value.models, {}, place.dialect->model)) {
      continue;
    }
    out.push_back(Make(place, "value-refused", FaultClass::kResultFailure,
                       "refuses " + shown + value.value, Value(value.value)));
    out.back().id += "/" + value.value;
  }
}

void Lengths(const Place& place, Faults& out) {
  const spec::Range& range = place.parameter->range;
  const auto add = [&](const std::string& op, std::int64_t bytes) {
    const bool refuses = op.ends_with("refused");
    out.push_back(Make(place, op, refuses ? FaultClass::kResultFailure : FaultClass::kRange,
                       (refuses ? "refuses " : "takes ") + std::to_string(bytes) + " bytes of <" +
                           place.parameter->name + ">",
                       Length(bytes)));
  };
  if (range.max_length) add("length-above", *range.max_length + 1);
  if (range.max_length) add("longest-refused", *range.max_length);
  // Where an answer may be empty, an argument that is so is no matter of its length.
  const auto& values = place.parameter->values;
  const bool empty = std::any_of(values.begin(), values.end(),
                                 [](const spec::Value& value) { return value.value.empty(); });
  if (range.min_length && *range.min_length > (empty ? 1 : 0))
    add("length-below", *range.min_length - 1);
  if (range.min_length) add("shortest-refused", *range.min_length);
}

using Problem = dialect::CommandProblem::Kind;

// Takes what the manual's syntax does not allow.
Fault Forgiving(const spec::Command& command, const spec::Form& form, std::string op,
                const std::string& parameter, Problem kind, std::string what) {
  Fault fault;
  fault.id = op + "/" + command.name + "/" + FormName(form) + "/" +
             (parameter.empty() ? "end" : parameter);
  fault.op = std::move(op);
  fault.clause = form.source.clause;
  fault.predicted = FaultClass::kSyntax;
  fault.what = std::move(what);
  fault.command = command.name;
  fault.forgives = [name = command.name, form = FormName(form), parameter, kind](
                       const dialect::ParsedCommand& parsed,
                       const dialect::CommandProblem& problem) {
    return problem.kind == kind && IsOf(parsed, name, form) &&
           (problem.parameter == nullptr ? parameter.empty()
                                         : problem.parameter->name == parameter);
  };
  return fault;
}

bool HasField(const std::vector<TemplatePart>& parts) {
  return std::any_of(parts.begin(), parts.end(), [](const TemplatePart& part) {
    return part.kind == TemplatePart::Kind::kField || HasField(part.parts);
  });
}

// May a line be over behind this parameter, at its last place?
bool MayEndWith(const std::vector<TemplatePart>& parts, const std::string& parameter) {
  bool may = false;
  for (const TemplatePart& part : parts) {
    if (part.kind == TemplatePart::Kind::kField) {
      may = part.text == parameter;
    } else if (HasField(part.parts)) {
      // What may be left out need not follow; in it, it may stand last itself.
      may = may || MayEndWith(part.parts, parameter);
    }
  }
  return may;
}

bool Mentions(const spec::Expression& expression, const std::string& name) {
  if (expression.op == spec::Expression::Op::kName && expression.text == name) return true;
  return std::any_of(expression.args.begin(), expression.args.end(),
                     [&](const spec::Expression& part) { return Mentions(part, name); });
}

// Who does without it has nowhere to go, and says so as documented: after OK, as a failure.
bool LeadsAway(const spec::Dialect& dialect, const spec::Command& command, const spec::Form& form,
               const std::string& parameter) {
  const bool later = std::any_of(
      form.responses.begin(), form.responses.end(), [](const spec::Response& response) {
        return response.outcome == spec::Outcome::kFailure && response.async &&
               std::any_of(response.lines.begin(), response.lines.end(),
                           [](const spec::ResponseLine& line) { return line.text.text == "OK"; });
      });
  if (!later) return false;
  for (const spec::Transition& transition : dialect.transitions) {
    if (!spec::IsEventOf(transition.event, command, form)) continue;
    for (const spec::Effect& effect : transition.effects) {
      for (const spec::EffectArgument& argument : effect.args) {
        if (effect.verb == "net.open" && argument.name == "host" &&
            Mentions(argument.value, parameter))
          return true;
      }
    }
  }
  return false;
}

// One argument written otherwise than as printed.
void Writing(const spec::Dialect& dialect, const spec::Command& command, const spec::Form& form,
             const TemplatePart& part, Faults& out) {
  const spec::Parameter* parameter = command.FindParameter(part.text, form.key);
  if (parameter == nullptr || !Stated(parameter->source) || part.either.size() == 2) return;
  const std::string& name = part.text;
  const std::string shown = "<" + name + "> ";
  const std::size_t before = out.size();
  if (parameter->type == spec::Type::kInteger) {
    out.push_back(Forgiving(command, form, "letters-accepted", name, Problem::kType,
                            "takes letters for " + shown));
    out.back().clause = parameter->source.clause;
  } else if (part.quoted) {
    out.push_back(Forgiving(command, form, "unquoted-accepted", name, Problem::kUnquoted,
                            "takes " + shown + "without quotes"));
    // A string that does not end takes all that follows with it.
    if (MayEndWith(form.syntax.parts, part.text))
      out.push_back(Forgiving(command, form, "unterminated-accepted", name, Problem::kUnterminated,
                              "takes " + shown + "without its last quote"));
  }
  if (!LeadsAway(dialect, command, form, name))
    out.push_back(Forgiving(command, form, "empty-accepted", name, Problem::kEmpty,
                            "takes nothing for " + shown));
  // Taken for the first instance, it may be answered as that one's state has it.
  if (!Place{&dialect, &command, &form, parameter}.index()) return;
  for (std::size_t i = before; i < out.size(); ++i)
    out[i].also = {{FaultClass::kUnexpected, form.source.clause}};
}

void EachField(const std::vector<TemplatePart>& parts,
               const std::function<void(const TemplatePart&)>& call) {
  for (const TemplatePart& part : parts) {
    if (part.kind == TemplatePart::Kind::kField) call(part);
    EachField(part.parts, call);
  }
}

// A form or a sub-command that the manual does not have.
void Unlisted(const spec::Command& command, Faults& out) {
  if (!Stated(command.source)) return;
  const auto add = [&](const std::string& op, spec::FormKind kind, Problem problem,
                       const std::string& what) {
    Fault fault;
    fault.op = op;
    fault.id = op + "/" + command.name + "/" + std::string(Name(kind)) + "/form";
    fault.clause = command.source.clause;
    fault.predicted = FaultClass::kUndocumented;
    fault.what = what;
    fault.command = command.name;
    fault.forgives = [name = command.name, kind, problem](const dialect::ParsedCommand& parsed,
                                                          const dialect::CommandProblem& wrong) {
      return wrong.kind == problem && parsed.kind == kind && parsed.command != nullptr &&
             parsed.command->name == name;
    };
    out.push_back(std::move(fault));
  };
  bool keyed = false;
  for (const spec::FormKind kind : {spec::FormKind::kTest, spec::FormKind::kRead,
                                    spec::FormKind::kWrite, spec::FormKind::kExecute}) {
    bool any = false;
    for (const spec::Form& form : command.forms) {
      any = any || form.form == kind;
      keyed = keyed || !form.key.empty();
    }
    if (!any) {
      add("form-accepted", kind, Problem::kUnknownForm,
          "answers OK to the " + std::string(Name(kind)) + " form, which it does not have");
    }
  }
  if (keyed) {
    add("key-accepted", spec::FormKind::kWrite, Problem::kUnknownKey,
        "answers OK to a sub-command that it does not have");
  }
}

// Any argument more may be one more of a list, or the begin of one.
bool EndsInAList(const std::vector<TemplatePart>& parts) {
  return !parts.empty() && parts.back().kind == TemplatePart::Kind::kRepeat;
}

void Arguments(const spec::Dialect& dialect, const spec::Command& command, const spec::Form& form,
               bool longest, Faults& out) {
  std::set<std::string> done;  // one that repeats is printed twice
  EachField(form.syntax.parts, [&](const TemplatePart& part) {
    if (done.insert(part.text).second) Writing(dialect, command, form, part, out);
  });
  if (MayBeReported(form, command)) return;
  if (longest && !EndsInAList(form.syntax.parts)) {
    out.push_back(Forgiving(command, form, "surplus-accepted", "", Problem::kSurplus,
                            "takes one argument too many"));
  }
  // One less may be another variant; and a stated default may mean what the syntax does not say.
  if (!form.variant.empty()) return;
  bool first = true;
  for (const TemplatePart& part : form.syntax.parts) {
    if (part.kind != TemplatePart::Kind::kField || part.either.size() == 2) continue;
    if (std::exchange(first, false) && form.key.empty()) continue;  // "AT+X=" is an empty argument
    const spec::Parameter* parameter = command.FindParameter(part.text, form.key);
    const spec::Source* said = parameter != nullptr ? &parameter->default_source : nullptr;
    const bool unclear = said != nullptr && !said->erratum.empty() && Stated(*said) &&
                         said->erratum != parameter->source.erratum;
    if (parameter == nullptr || unclear || LeadsAway(dialect, command, form, part.text)) continue;
    out.push_back(Forgiving(command, form, "missing-accepted", part.text, Problem::kMissing,
                            "does without <" + part.text + ">"));
  }
}

// The first write form; of its variants the one with the most values, as one more of another may
// be one of this.
const spec::Form* Longest(const spec::Command& command) {
  const spec::Form* longest = nullptr;
  for (const spec::Form& form : command.forms) {
    if (form.form != spec::FormKind::kWrite || !Stated(form.source)) continue;
    if (longest == nullptr || (!form.variant.empty() && form.key == longest->key &&
                               Fields(form.syntax).size() > Fields(longest->syntax).size())) {
      longest = &form;
    }
  }
  return longest;
}

}  // namespace

void DeriveSyntaxFaults(const spec::Dialect& dialect, Faults& out) {
  for (const spec::Command& command : dialect.commands) {
    if (command.kind != spec::CommandKind::kCommand || !Tested(dialect, command)) continue;
    std::set<std::pair<const spec::Parameter*, std::string>> done;
    const spec::Form* longest = Longest(command);
    Unlisted(command, out);
    for (const spec::Form& form : command.forms) {
      if (form.form != spec::FormKind::kWrite || !Stated(form.source)) continue;
      for (const FieldPlace& field : Fields(form.syntax)) {
        const spec::Parameter* parameter = command.FindParameter(field.name, form.key);
        if (parameter == nullptr || !spec::AppliesTo(parameter->models, {}, dialect.model) ||
            !done.insert({parameter, form.key}).second) {
          continue;
        }
        const Place place{&dialect, &command, &form, parameter};
        if (!Stated(place.range())) continue;
        Ranges(place, out);
        Values(place, out);
        Lengths(place, out);
      }
      // Of variants only the one with the most values: one more of another may be one of this.
      Arguments(dialect, command, form, form.variant.empty() || &form == longest, out);
    }
  }
}

}  // namespace assay::device
