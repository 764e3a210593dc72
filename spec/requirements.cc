#include "spec/requirements.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "spec/requirements_of.h"

namespace assay::spec {
namespace {

// Quoted where RFC 4180 asks for it.
std::string CsvField(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == text.npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string CsvLine(std::initializer_list<std::string_view> fields) {
  std::string line;
  for (const std::string_view field : fields) line += (line.empty() ? "" : ",") + CsvField(field);
  return line + "\r\n";
}

std::string_view FormatOf(const ErrorCode& error) {
  return std::string_view(error.format).substr(0, error.format.find(':'));
}

void OfError(const ErrorCode& error, Statements* out) {
  const std::string about = AboutError(error);
  out->Say(about, "meaning", error.meaning, error.source,
           Requirement::Listed{"error", std::string(FormatOf(error)), error.code, "-"});
  out->Say(about, "format", error.format, error.source);
}

void OfMachine(const Machine& machine, Statements* out) {
  const std::string about = "machine/" + machine.id;
  out->Say(about, "states", Join(machine.states), machine.source);
  out->Say(about, "initial", machine.initial, machine.source);
  if (!machine.index.empty()) {
    out->Say(about, "instances", "<" + machine.index + "> " + Between(machine.first, machine.last),
             machine.source);
  }
  for (const Variable& variable : machine.variables) {
    const std::string name = about + "/" + variable.name;
    out->Say(name, "initial", variable.known ? variable.initial : "not told", variable.source);
    out->SayIfAny(name, "emulator", variable.emulator, variable.source);
    if (variable.emulator_own) {
      out->Say(name, "emulator of its own", variable.emulator_own->text, variable.source);
    }
  }
}

std::string Lines(const std::vector<Template>& lines) {
  std::string text;
  for (const Template& line : lines) text += (text.empty() ? "" : " | ") + Visible(line.text);
  return text;
}

void OfBlock(const Block& block, Statements* out) {
  const std::string about = "block/" + block.id;
  out->Say(about, "start", block.start, block.source);
  for (const BlockPart& part : block.parts) {
    out->Say(about, "part " + part.urc,
             "<" + part.length + "> bytes of <" + part.content + ">, together <" + part.total +
                 "> of " + block.start,
             part.source);
  }
  out->Say(about, "end", block.end, block.source);
  if (!block.index.empty()) out->Say(about, "instance", "<" + block.index + ">", block.source);
  if (block.emulator_part > 0)
    out->Say(about, "emulator part", std::to_string(block.emulator_part), {});
}

void OfTransition(const Transition& transition, Statements* out) {
  const std::string about = "transition/" + transition.id;
  const Source& source = transition.source;
  out->Say(about, "event", transition.event, source);
  out->Say(about, "machine", transition.machine, source);
  out->Say(about, "from", transition.from.empty() ? "any" : Join(transition.from), source);
  if (transition.guard) out->Say(about, "guard", transition.guard->text, source);
  out->SayIfAny(about, "respond", Lines(transition.respond), source);
  const Source& code = transition.refuse_source;
  out->SayIfAny(about, "refuse", transition.refuse, code.clause.empty() ? source : code);
  out->SayIfAny(about, "refuse as", transition.refuse_as, source);
  out->SayIfAny(about, "send", Lines(transition.send), source);
  std::string effects;
  for (const Effect& effect : transition.effects) {
    effects += (effects.empty() ? "" : ", ") + effect.text;
  }
  out->SayIfAny(about, "effects", effects, source);
  out->SayIfAny(about, "to", transition.to, source);
  if (out->as_printed()) {
    out->SayIfAny(about, "models", ModelWords(transition.models, transition.not_models),
                  transition.models_source);
  }
}

// Of those with one event the first that fits is taken, so their order says something.
void OfOrder(const Dialect& dialect, Statements* out) {
  std::vector<std::string> seen;
  for (const Transition& first : dialect.transitions) {
    if (std::find(seen.begin(), seen.end(), first.event) != seen.end()) continue;
    seen.push_back(first.event);
    std::vector<std::string> ids;
    for (const Transition& other : dialect.transitions) {
      if (other.event == first.event) ids.push_back(other.id);
    }
    if (ids.size() > 1) out->Say("event/" + first.event, "order", Join(ids), first.source);
  }
}

// What belongs to no command: how the line is spoken, and what the harness itself chose.
void OfDialect(const Dialect& dialect, Statements* out) {
  const std::string about = "dialect";
  const Source nowhere;
  const Document& document = dialect.document;
  out->Say(about, "title", document.title, nowhere);
  out->Say(about, "vendor", document.vendor, nowhere);
  out->Say(about, "version", document.version, nowhere);
  out->Say(about, "date", document.date, nowhere);
  out->Say(about, "clauses", Join(document.clauses), nowhere);
  const Framing& framing = dialect.framing;
  out->Say(about, "command end", Visible(framing.command_end), framing.source);
  out->Say(about, "line lead", Visible(framing.line_lead), framing.source);
  out->Say(about, "line end", Visible(framing.line_end), framing.source);
  out->Say(about, "joined information", framing.joined_information ? "yes" : "no", framing.source);
  out->Say(about, "finals", Join(dialect.finals), nowhere);
  out->Say(about, "failure", dialect.failure, nowhere);
  if (!dialect.errors_source.clause.empty())
    out->Say(about, "other error codes", "none", dialect.errors_source);
  const Refusals& refusals = dialect.refusals;
  out->SayIfAny(about, "refusal of syntax", refusals.syntax, nowhere);
  out->SayIfAny(about, "refusal of range", refusals.range, nowhere);
  out->SayIfAny(about, "refusal of state", refusals.state, nowhere);
  out->SayIfAny(about, "refusal of unknown", refusals.unknown, nowhere);
  out->SayIfAny(about, "refusal of too_long", refusals.too_long, nowhere);
  for (const auto& [name, value] : dialect.capabilities) {
    out->Say(about, "capability " + name, value, nowhere);
  }
  for (const ResetStep& step : dialect.reset) {
    const std::string of = step.machine.empty() ? "" : " of " + step.machine;
    out->Say(about, "reset " + step.send + of,
             step.unless.empty() ? "always" : "unless " + Join(step.unless), nowhere);
  }
  for (const Overlay& overlay : dialect.overlays) {
    out->Say(about, "overlay " + overlay.document, overlay.reason,
             {.clause = overlay.clause, .document = overlay.document});
  }
  if (out->as_printed()) out->SayIfAny(about, "default model", dialect.default_model, nowhere);
}

}  // namespace

void Statements::Say(std::string about, std::string what, std::string text, const Source& source,
                     std::optional<Requirement::Listed> listed) {
  // What is said twice about one thing, as two overlays of one document, is numbered.
  const std::string first = what;
  for (int i = 2; !ids_.insert(about + "/" + what).second; ++i) {
    what = first + " (" + std::to_string(i) + ")";
  }
  all_.push_back({.about = std::move(about),
                  .what = std::move(what),
                  .text = std::move(text),
                  .source = source,
                  .listed = std::move(listed)});
}

void Statements::SayIfAny(std::string about, std::string what, std::string text,
                          const Source& source, std::optional<Requirement::Listed> listed) {
  if (text.empty()) return;
  Say(std::move(about), std::move(what), std::move(text), source, std::move(listed));
}

std::string AboutError(const ErrorCode& error) {
  std::string about = "error/" + std::string(FormatOf(error)) + " " + error.code;
  for (const std::string& command : error.commands) about += " " + command;
  return about;
}

std::vector<Requirement> RequirementsOf(const Dialect& dialect) {
  Statements out(dialect);
  for (const Command& command : dialect.commands) OfCommand(command, &out);
  for (const ErrorCode& error : dialect.errors) OfError(error, &out);
  for (const Rule& rule : dialect.rules) {
    out.Say("rule/" + rule.id, "text", rule.text, rule.source,
            Requirement::Listed{"rule", rule.id, "-", rule.text});
  }
  if (out.as_printed()) {
    for (const Model& model : dialect.models) OfModel(model, &out);
  }
  for (const Machine& machine : dialect.machines) OfMachine(machine, &out);
  for (const Transition& transition : dialect.transitions) OfTransition(transition, &out);
  for (const Block& block : dialect.blocks) OfBlock(block, &out);
  OfOrder(dialect, &out);
  for (const Erratum& erratum : dialect.errata) {
    const std::string about = "erratum/" + erratum.id;
    const Source source{.clause = erratum.clause};
    out.Say(about, "what", erratum.what, source);
    out.SayIfAny(about, "strict", erratum.strict, source);
    out.SayIfAny(about, "tolerant", erratum.tolerant, source);
  }
  OfDialect(dialect, &out);
  return out.Take();
}

std::string RequirementsCsv(const Dialect& dialect) {
  std::string csv =
      CsvLine({"id", "document", "clause", "basis", "erratum", "about", "what", "text"});
  const std::string& title = dialect.document.title;
  const std::string manual =
      dialect.document.version.empty() ? title : title + " " + dialect.document.version;
  for (const Requirement& one : RequirementsOf(dialect)) {
    // What stands nowhere is a choice of ours, and no requirement.
    if (one.source.clause.empty()) continue;
    const std::string& document = one.source.document.empty() ? manual : one.source.document;
    csv += CsvLine({dialect.id + "/" + one.Id(), document, one.source.clause,
                    Name(one.source.basis), one.source.erratum, one.about, one.what, one.text});
  }
  return csv;
}

}  // namespace assay::spec
