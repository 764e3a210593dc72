// Faults of what a command may say: ranges, values, lengths, arguments.
#include <algorithm>
#include <set>

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

using Change = std::function<void(spec::Parameter&)>;

Fault Make(const Place& place, std::string op, FaultClass predicted, std::string what,
           Change change) {
  Fault fault;
  fault.id =
      op + "/" + place.command->name + "/" + FormName(*place.form) + "/" + place.parameter->name;
  fault.op = std::move(op);
  // A value that is refused shows in the command's answer, one that is taken in the value.
  fault.clause =
      predicted == FaultClass::kResultFailure ? place.form->source.clause : place.range().clause;
  fault.predicted = predicted;
  fault.what = std::move(what);
  fault.patch = [command = place.command->name, name = place.parameter->name,
                 key = place.parameter->key, change](spec::Dialect& dialect) {
    change(ParameterOf(dialect, command, name, key));
  };
  return fault;
}

// An instance more, as far as the machines go.
void Widen(Fault& fault, const Place& place, std::int64_t below, std::int64_t above) {
  if (!place.index()) return;
  fault.patch = [patch = fault.patch, index = place.machine()->index, below,
                 above](spec::Dialect& dialect) {
    patch(dialect);
    for (spec::Machine& machine : dialect.machines) {
      if (machine.index != index) continue;
      machine.first -= below;
      machine.last += above;
    }
  };
}

// The same where the instances are listed: the machines that end just below have it, too.
void AddInstance(Fault& fault, const std::string& index, const std::string& value) {
  fault.patch = [patch = fault.patch, index, value](spec::Dialect& dialect) {
    patch(dialect);
    for (spec::Machine& machine : dialect.machines) {
      if (machine.index == index && std::to_string(machine.last + 1) == value) ++machine.last;
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
  if (range.max && widens) {
    out.push_back(Make(place, "range-above", FaultClass::kRange,
                       "takes " + shown + std::to_string(*range.max + 1),
                       [](spec::Parameter& parameter) { ++*parameter.range.max; }));
    Widen(out.back(), place, 0, 1);
  }
  if (range.min && widens && !Listed(*place.parameter, *range.min - 1)) {
    out.push_back(Make(place, "range-below", FaultClass::kRange,
                       "takes " + shown + std::to_string(*range.min - 1),
                       [](spec::Parameter& parameter) { --*parameter.range.min; }));
    Widen(out.back(), place, 1, 0);
  }
  if (range.max && !Listed(*place.parameter, *range.max) &&
      !Contradicted(place, "-" + std::to_string(*range.max) + ")")) {
    out.push_back(Make(place, "max-refused", FaultClass::kResultFailure,
                       "refuses " + shown + std::to_string(*range.max),
                       [](spec::Parameter& parameter) { --*parameter.range.max; }));
  }
  // Without its lowest instance hardly a session begins; that would prove nothing.
  if (range.min && !place.index() && !Listed(*place.parameter, *range.min) &&
      !Contradicted(place, "(" + std::to_string(*range.min) + "-")) {
    out.push_back(Make(place, "min-refused", FaultClass::kResultFailure,
                       "refuses " + shown + std::to_string(*range.min),
                       [](spec::Parameter& parameter) { ++*parameter.range.min; }));
  }
}

void Values(const Place& place, Faults& out) {
  const spec::Parameter& parameter = *place.parameter;
  const auto outside = ValueOutside(parameter);
  if (parameter.values.empty() || parameter.range.min || parameter.range.max || !outside) return;
  const std::string shown = "<" + parameter.name + "> ";
  if (!place.index() || TakenAtFirst(place)) {
    out.push_back(Make(place, "value-accepted", FaultClass::kRange, "takes " + shown + *outside,
                       [value = *outside](spec::Parameter& patched) {
                         patched.values.push_back({.value = value});
                       }));
    if (place.index()) AddInstance(out.back(), parameter.name, *outside);
  }
  if (!Stated(parameter.values.back().source)) return;
  out.push_back(Make(place, "value-refused", FaultClass::kResultFailure,
                     "refuses " + shown + parameter.values.back().value,
                     [](spec::Parameter& patched) { patched.values.pop_back(); }));
}

void Lengths(const Place& place, Faults& out) {
  const spec::Range& range = place.parameter->range;
  const std::string shown = " bytes of <" + place.parameter->name + ">";
  if (range.max_length) {
    out.push_back(Make(place, "length-above", FaultClass::kRange,
                       "takes " + std::to_string(*range.max_length + 1) + shown,
                       [](spec::Parameter& parameter) { ++*parameter.range.max_length; }));
    out.push_back(Make(place, "longest-refused", FaultClass::kResultFailure,
                       "refuses " + std::to_string(*range.max_length) + shown,
                       [](spec::Parameter& parameter) { --*parameter.range.max_length; }));
  }
  if (range.min_length) {
    out.push_back(Make(place, "shortest-refused", FaultClass::kResultFailure,
                       "refuses " + std::to_string(*range.min_length) + shown,
                       [](spec::Parameter& parameter) { ++*parameter.range.min_length; }));
  }
}

using SyntaxChange = std::function<void(std::vector<TemplatePart>&)>;

Fault MakeSyntax(const spec::Command& command, const spec::Form& form, std::string op,
                 std::string detail, std::string what, SyntaxChange change) {
  Fault fault;
  fault.id = op + "/" + command.name + "/" + FormName(form) + "/" + detail;
  fault.op = std::move(op);
  fault.clause = form.source.clause;
  fault.predicted = FaultClass::kSyntax;
  fault.what = std::move(what);
  fault.patch = [name = command.name, form = FormName(form), change](spec::Dialect& dialect) {
    change(FormOf(dialect, name, form).syntax.parts);
  };
  return fault;
}

// Where the last argument that must be given stands, with a comma of its own before it; 0: none.
std::size_t LastRequired(const std::vector<TemplatePart>& parts) {
  for (std::size_t i = parts.size(); i-- > 1;) {
    if (parts[i].kind == TemplatePart::Kind::kField) return parts[i - 1].text == "," ? i : 0;
  }
  return 0;
}

// Any argument more may be one more of a list.
bool EndsInAList(const std::vector<TemplatePart>& parts) {
  if (parts.empty() || parts.back().kind != TemplatePart::Kind::kRepeat) return false;
  const auto& group = parts.back().parts;
  return std::count_if(group.begin(), group.end(), [](const TemplatePart& part) {
           return part.kind == TemplatePart::Kind::kField;
         }) == 1;
}

void Arguments(const spec::Command& command, const spec::Form& form, Faults& out) {
  if (MayBeReported(form, command)) return;
  if (!EndsInAList(form.syntax.parts)) {
    const auto surplus = [](std::vector<TemplatePart>& parts) {
      TemplatePart group{.kind = TemplatePart::Kind::kOptional};
      group.parts = {{.kind = TemplatePart::Kind::kLiteral, .text = ","},
                     {.kind = TemplatePart::Kind::kField, .text = "surplus"}};
      parts.push_back(std::move(group));
    };
    out.push_back(MakeSyntax(command, form, "surplus-accepted", "end",
                             "takes one argument too many", surplus));
  }
  const std::size_t last = LastRequired(form.syntax.parts);
  if (last == 0) return;
  const std::string name = form.syntax.parts[last].text;
  // One less may be another variant; and a stated default may mean what the syntax does not say.
  const spec::Parameter* parameter = command.FindParameter(name, form.key);
  const spec::Source* said = parameter != nullptr ? &parameter->default_source : nullptr;
  const bool unclear = said != nullptr && !said->erratum.empty() && Stated(*said) &&
                       said->erratum != parameter->source.erratum;
  if (!form.variant.empty() || unclear) return;
  out.push_back(MakeSyntax(command, form, "missing-accepted", name, "does without <" + name + ">",
                           [last](std::vector<TemplatePart>& parts) {
                             const auto at = parts.begin() + static_cast<std::ptrdiff_t>(last);
                             TemplatePart group{.kind = TemplatePart::Kind::kOptional};
                             group.parts.assign(at - 1, at + 1);
                             *(at - 1) = std::move(group);
                             parts.erase(at);
                           }));
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
    std::set<const spec::Parameter*> done;
    const spec::Form* longest = Longest(command);
    for (const spec::Form& form : command.forms) {
      if (form.form != spec::FormKind::kWrite || !Stated(form.source)) continue;
      for (const FieldPlace& field : Fields(form.syntax)) {
        const spec::Parameter* parameter = command.FindParameter(field.name, form.key);
        if (parameter == nullptr || !spec::AppliesTo(parameter->models, {}, dialect.model) ||
            !done.insert(parameter).second) {
          continue;
        }
        const Place place{&dialect, &command, &form, parameter};
        if (!Stated(place.range())) continue;
        Ranges(place, out);
        Values(place, out);
        Lengths(place, out);
      }
      if (&form == longest) Arguments(command, form, out);
    }
  }
}

}  // namespace assay::device
