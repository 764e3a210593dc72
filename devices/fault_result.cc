// Faults of what comes by itself: results of commands, and URCs.
#include <algorithm>
#include <chrono>

#include "devices/fault_derive.h"

namespace assay::device {
namespace {

using Act = OutputFault::Act;
using Edit = std::function<std::string(const std::string&)>;
constexpr Time kTooLate = std::chrono::milliseconds(500);

Fault Make(const SentFact& fact, std::string op, const std::string& detail, FaultClass predicted,
           const std::string& clause, std::string what, OutputFault output) {
  Fault fault;
  fault.id = op + "/" + fact.command->name + "/" + FormName(*fact.form) + "/" + detail;
  fault.op = std::move(op);
  fault.clause = clause;
  fault.predicted = predicted;
  fault.what = std::move(what);
  if (output.spot == OutputSpot{}) output.spot = fact.spot();
  fault.output = std::move(output);
  return fault;
}

const spec::Parameter* ParameterAt(const SentFact& fact, const FieldPlace& field) {
  return fact.command->FindParameter(field.name, fact.form->key);
}

// A code that the modem chooses, not an argument that it repeats.
bool IsCode(const SentFact& fact, const FieldPlace& field) {
  const spec::Parameter* parameter = ParameterAt(fact, field);
  if (parameter == nullptr || parameter->values.empty()) return false;
  const auto arguments = Fields(fact.form->syntax);
  return fact.response == nullptr ||
         std::none_of(arguments.begin(), arguments.end(),
                      [&](const FieldPlace& argument) { return argument.name == field.name; });
}

// Without the values that the same event may be told with as well: which one it was, nobody knows
// who sees the line alone.
spec::Parameter Certain(const spec::Dialect& dialect, const SentFact& fact, const FieldPlace& field,
                        spec::Parameter parameter) {
  const auto value = [&](const spec::Template& sent) {
    std::string out;
    WithField(sent.text, field.at, false, [&](const std::string& text) { return out = text; });
    return out;
  };
  const spec::Transition& told = *fact.transition;
  const spec::Template& line = told.send[fact.index];
  for (const spec::Transition& other : dialect.transitions) {
    if (fact.response != nullptr || &other == &told || other.event != told.event ||
        other.machine != told.machine || other.from != told.from)
      continue;
    for (const spec::Template& sent : other.send) {
      if (sent.text.substr(0, sent.text.find(':')) != line.text.substr(0, line.text.find(':')) ||
          value(sent) == value(line))
        continue;
      std::erase_if(parameter.values,
                    [&](const spec::Value& one) { return one.value == value(sent); });
    }
  }
  return parameter;
}

// What happened brings the value, a message its QoS: the state says nothing of it.
bool Told(const SentFact& fact, const FieldPlace& field) {
  const auto sent = Fields(fact.transition->send[fact.index]);
  return std::any_of(sent.begin(), sent.end(),
                     [&](const FieldPlace& other) { return other.at == field.at; });
}

bool IsArgument(const SentFact& fact, const FieldPlace& field) {
  const auto arguments = Fields(fact.form->syntax);
  return fact.response != nullptr &&
         std::any_of(arguments.begin(), arguments.end(),
                     [&](const FieldPlace& argument) { return argument.name == field.name; });
}

OutputFault EditField(const FieldPlace& field, Edit change) {
  return {.act = Act::kEdit, .edit = [at = field.at, change](const std::string& text) {
            return WithField(text, at, false, change);
          }};
}

bool Quoted(const std::string& value) {
  return value.size() > 1 && value.front() == '"' && value.back() == '"';
}

// The last documented value: a failure, where the first one is success; the first, where it is not.
std::string LastOther(const spec::Parameter& parameter, const std::string& value) {
  if (parameter.values.front().value == "0" && value == "1") return "0";
  for (auto known = parameter.values.rbegin(); known != parameter.values.rend(); ++known) {
    if (known->value != value && known->value.find('-', 1) == std::string::npos)
      return known->value;
  }
  return value;
}

std::string Semicolon(const std::string& text) {
  std::string out = text + ';';
  if (const std::size_t at = text.find(','); at != std::string::npos) {
    out.pop_back();
    out[at] = ';';
  }
  return out;
}

// Another answer has the result in front of its final code.
bool MayComeFirst(const SentFact& fact, const std::string& result) {
  for (const spec::Response& response : fact.form->responses) {
    for (const spec::ResponseLine& line : response.lines) {
      if (line.kind == spec::LineKind::kInformation && line.text.text == result) return true;
    }
  }
  return false;
}

// "T9", "T9-2" of its second line.
std::string Detail(const SentFact& fact) {
  return fact.transition->id + (fact.index > 0 ? "-" + std::to_string(fact.index + 1) : "");
}

// The line ends with what may be left out, or with what may hold anything.
bool OpenEnd(const SentFact& fact) {
  using Kind = spec::TemplatePart::Kind;
  const std::vector<spec::TemplatePart>& parts = fact.line->parts;
  if (parts.empty() || parts.back().kind != Kind::kField) return true;
  const spec::Parameter* parameter = fact.command->FindParameter(parts.back().text, fact.form->key);
  return parameter == nullptr || parameter->type != spec::Type::kInteger;
}

void Common(const spec::Dialect& dialect, const SentFact& fact, const std::string& kind,
            Faults& out) {
  const std::string& clause = fact.source().clause;
  const std::string id = Detail(fact);
  const std::string& line = fact.transition->send[fact.index].text;
  out.push_back(Make(fact, kind + "-lost", id, FaultClass::kMissing, clause, "does not say " + line,
                     {.act = Act::kLose}));
  if (fact.index + 1 < fact.transition->send.size()) {
    out.push_back(Make(fact, kind + "-swapped", id, FaultClass::kOrder, clause,
                       "says " + line + " after what follows it", {.act = Act::kSwap}));
  }
  if (Stated(fact.source()) && fact.first && !OpenEnd(fact)) {
    out.push_back(Make(
        fact, kind + "-field-lost", id, FaultClass::kSyntax, clause, "leaves out the last field",
        {.act = Act::kEdit, .edit = [](const std::string& text) {
           const std::size_t comma = text.rfind(',');
           return text.substr(0, comma == std::string::npos ? text.find(':') : comma);
         }}));
    out.push_back(
        Make(fact, kind + "-field-added", id, FaultClass::kSyntax, clause, "says a field more",
             {.act = Act::kEdit, .edit = [](const std::string& text) { return text + ",0"; }}));
  }
  if (Stated(fact.source()) && fact.first) {
    out.push_back(Make(fact, kind + "-malformed", id, FaultClass::kSyntax, clause,
                       line.find(',') == std::string::npos ? "says ';' at the end of the line"
                                                           : "says ';' for the first ','",
                       {.act = Act::kEdit, .edit = Semicolon}));
  }
  for (const FieldPlace& field : fact.fields) {
    const spec::Parameter* parameter = ParameterAt(fact, field);
    if (parameter == nullptr) continue;
    const std::string shown = "<" + field.name + "> ";
    if (IsIndex(dialect, field.name)) {
      // An instance that nothing was asked of is in no state to have something to tell.
      const FaultClass predicted =
          fact.response != nullptr ? FaultClass::kPayload : FaultClass::kState;
      const std::string& told =
          predicted == FaultClass::kState ? fact.transition->source.clause : clause;
      out.push_back(Make(fact, kind + "-instance", id + "/" + field.name, predicted, told,
                         "tells another " + shown + "than it concerns",
                         EditField(field, [p = *parameter](const std::string& value) {
                           return OtherValue(p, value);
                         })));
    } else if (IsCode(fact, field)) {
      const bool result = fact.response != nullptr;
      const FaultClass predicted = result              ? FaultClass::kResultFailure
                                   : Told(fact, field) ? FaultClass::kPayload
                                                       : FaultClass::kState;
      out.push_back(Make(fact, kind + "-code", id + "/" + field.name, predicted, clause,
                         "tells another documented " + shown + "than is true",
                         EditField(field, [p = Certain(dialect, fact, field, *parameter),
                                           result](const std::string& value) {
                           return result ? LastOther(p, value) : OtherValue(p, value);
                         })));
      // One of the codes may say that the last word is still to come.
      if (result && fact.response->intermediate) out.back().also = {{FaultClass::kMissing, clause}};
      // A golden may forbid the other one.
      if (result) out.back().also.push_back({FaultClass::kUnexpected, fact.form->source.clause});
      const auto outside = ValueOutside(*parameter);
      if (outside && fact.first && Stated(parameter->source)) {
        out.push_back(
            Make(fact, kind + "-undocumented", field.name, FaultClass::kRange,
                 parameter->source.clause, "tells " + shown + *outside,
                 EditField(field, [value = *outside](const std::string&) { return value; })));
      }
    }
  }
}

// The final code, which the result has to follow.
std::optional<OutputSpot> FinalSpot(const SentFact& fact) {
  for (std::size_t i = 0; i < fact.response->lines.size(); ++i) {
    if (fact.response->lines[i].kind != spec::LineKind::kFinal) continue;
    return OutputSpot{.kind = OutputSpot::Kind::kResponse,
                      .command = fact.command->name,
                      .form = FormName(*fact.form),
                      .source = fact.response->id,
                      .index = i};
  }
  return std::nullopt;
}

// The instance ends elsewhere than it was.
bool Moves(const spec::Transition& transition) {
  return !transition.to.empty() && std::find(transition.from.begin(), transition.from.end(),
                                             transition.to) == transition.from.end();
}

void Result(const SentFact& fact, Faults& out) {
  const std::string& clause = fact.source().clause;
  const std::string id = Detail(fact);
  // What comes again may be a line that came by itself, in a state that does not permit it.
  out.push_back(Make(fact, "result-doubled", id,
                     fact.also_urc ? FaultClass::kState : FaultClass::kUnexpected,
                     fact.also_urc ? fact.transition->source.clause : clause,
                     "says its result twice", {.act = Act::kDouble}));
  const spec::Timing& timing = fact.form->timing;
  if (fact.first && timing.result_ms && Stated(timing.source)) {
    out.push_back(Make(fact, "result-late", id, FaultClass::kTiming, timing.source.clause,
                       "says its result half a second after " + timing.result_ms->text + " ms",
                       {.act = Act::kDelay, .delay = kTooLate}));
  }
  const auto final_code = FinalSpot(fact);
  if (fact.first && final_code && !MayComeFirst(fact, fact.transition->send[fact.index].text)) {
    out.push_back(Make(fact, "result-first", id, FaultClass::kOrder, clause,
                       "says its result before the final code",
                       {.spot = *final_code, .act = Act::kSwap}));
  }
  for (const FieldPlace& field : fact.fields) {
    const spec::Parameter* parameter = ParameterAt(fact, field);
    if (parameter == nullptr || IsCode(fact, field)) continue;
    const bool given = IsArgument(fact, field) && field.at > 0;
    const bool told = !IsArgument(fact, field) && parameter->type == spec::Type::kList;
    if (!given && !told) continue;
    out.push_back(Make(fact, "result-value", id + "/" + field.name, FaultClass::kPayload, clause,
                       "tells another <" + field.name + "> than is true",
                       EditField(field, [p = *parameter](const std::string& value) {
                         return OtherPrinted(p, value);
                       })));
  }
}

void Urc(const SentFact& fact, Faults& out) {
  if (!Stated(fact.command->source)) return;
  const std::string& clause = fact.source().clause;
  // What ends an instance cannot happen to it twice.
  const bool ends = Moves(*fact.transition);
  out.push_back(
      Make(fact, "urc-doubled", Detail(fact), ends ? FaultClass::kState : FaultClass::kUnexpected,
           ends ? fact.transition->source.clause : clause, "says it twice", {.act = Act::kDouble}));
  for (const FieldPlace& field : fact.fields) {
    const spec::Parameter* parameter = ParameterAt(fact, field);
    if (parameter == nullptr || parameter->type != spec::Type::kString) continue;
    const bool raw = parameter->charset == "binary";
    const auto add = [&](const std::string& op, const std::string& what, Edit change) {
      out.push_back(
          Make(fact, op, Detail(fact) + "/" + field.name, FaultClass::kPayload, clause, what,
               {.act = Act::kEdit, .edit = [at = field.at, raw, change](const std::string& text) {
                  return WithField(text, at, raw, change);
                }}));
    };
    if (!raw) {
      add("urc-text", "tells another <" + field.name + ">",
          [p = *parameter](const std::string& value) { return OtherPrinted(p, value); });
      continue;
    }
    add("urc-cut", "loses the last byte of <" + field.name + ">", [](const std::string& value) {
      std::string other = value;
      const std::size_t quotes = Quoted(value) ? 1 : 0;
      if (other.size() > 2 * quotes) other.erase(other.size() - 1 - quotes, 1);
      return other;
    });
    add("urc-byte", "alters the first byte of <" + field.name + ">", [](const std::string& value) {
      std::string other = value;
      const std::size_t quotes = Quoted(value) ? 1 : 0;
      if (other.size() > 2 * quotes) other[quotes] = static_cast<char>(other[quotes] ^ 1);
      return other;
    });
  }
}

}  // namespace

void DeriveResultFaults(const spec::Dialect& dialect, Faults& out) {
  for (const SentFact& fact : SentFacts(dialect)) {
    const bool result = fact.response != nullptr;
    if (result && !Stated(fact.source())) continue;
    Common(dialect, fact, result ? "result" : "urc", out);
    if (result) {
      Result(fact, out);
    } else {
      Urc(fact, out);
    }
  }
}

}  // namespace assay::device
