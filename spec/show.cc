#include "spec/show.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

#include "spec/columns.h"
#include "spec/json_writer.h"
#include "spec/requirements.h"
#include "spec/show_command.h"
#include "spec/wording.h"

namespace assay::spec {
namespace {

bool SameIgnoringCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::toupper(x) == std::toupper(y);
  });
}

bool Supported(const Command& command, std::string_view model) {
  return model.empty() || AppliesTo(command.models, command.not_models, model);
}

std::size_t LongestName(const Dialect& dialect) {
  std::size_t longest = 0;
  for (const Command& command : dialect.commands) {
    longest = std::max(longest, command.name.size());
  }
  return longest;
}

void ShowErratum(const Erratum& erratum, std::string* out) {
  Wrap("  " + Padded(erratum.id, 10), erratum.clause + "  " + erratum.what, out);
  if (!erratum.strict.empty()) Wrap("            strict:   ", erratum.strict, out);
  if (!erratum.tolerant.empty()) Wrap("            tolerant: ", erratum.tolerant, out);
}

void ShowMachine(const Machine& machine, std::string* out) {
  std::string head = machine.id;
  if (!machine.index.empty()) {
    head += ", one for each <" + machine.index + "> " + std::to_string(machine.first) + ".." +
            std::to_string(machine.last);
  }
  Wrap("  ", head, out);
  std::string states;
  for (const std::string& state : machine.states) {
    states += (states.empty() ? "" : ", ") + state;
    if (state == machine.initial) states += " (at first)";
  }
  Wrap("    states:    ", states, out);
  std::string variables;
  for (const Variable& variable : machine.variables) {
    variables += (variables.empty() ? "" : ", ") + variable.name;
    if (variable.known) variables += " = " + variable.initial;
  }
  if (!variables.empty()) Wrap("    variables: ", variables, out);
}

void ShowBlock(const Block& block, std::string* out) {
  std::string head = block.id;
  if (!block.index.empty()) head += ", for one <" + block.index + ">";
  Wrap("  ", head + Remark(block.source), out);
  Wrap("    ", block.start, out);
  for (const BlockPart& part : block.parts) {
    Wrap("    ",
         part.urc + ", once or more: <" + part.length + "> bytes of <" + part.content +
             ">, together <" + part.total + "> of " + block.start + "; none if that is 0" +
             Remark(part.source, block.source),
         out);
  }
  Wrap("    ", block.end, out);
}

// What the model has otherwise than the manual says of all, and where that stands.
void ShowModel(const Dialect& dialect, const Model& model, std::string* out) {
  Wrap("",
       "For " + model.id + (model.name == model.id ? "" : " (" + model.name + ")") +
           (model.notes.empty() ? "" : ": " + model.notes),
       out);
  std::string differences;
  for (const Requirement& one : RequirementsOf(dialect)) {
    if (one.about != "model/" + model.id || one.source.clause.empty()) continue;
    Wrap("  ", one.what + ": " + one.text + Remark(one.source, {.clause = {}, .document = {}}),
         &differences);
  }
  if (!differences.empty())
    *out += "\nOn " + model.id + ", otherwise than on others\n" + differences;
}

std::string ShowDialect(const Dialect& dialect, std::string_view model) {
  const Document& document = dialect.document;
  std::string out;
  Wrap("",
       dialect.id + ": " + document.vendor + ", " + document.title + ", version " +
           document.version + ", " + document.date,
       &out);
  for (const Overlay& overlay : dialect.overlays) {
    Wrap("overlay: ",
         overlay.file + ": " + overlay.document + ", " + overlay.clause + ": " + overlay.reason,
         &out);
  }
  if (const Model* found = FindModel(dialect, model)) {
    ShowModel(dialect, *found, &out);
  } else {
    out += "\nModels\n" + ListText(dialect, Listed::kModels);
  }
  out += "\nCommands\n" + ListText(dialect, Listed::kCommands, model);
  if (!dialect.machines.empty()) out += "\nMachines\n";
  for (const Machine& machine : dialect.machines) ShowMachine(machine, &out);
  if (!dialect.blocks.empty()) out += "\nMessages of several lines\n";
  for (const Block& block : dialect.blocks) ShowBlock(block, &out);
  if (!dialect.errors.empty()) out += "\nErrors\n";
  for (const ErrorCode& error : dialect.errors) {
    Wrap("  " + Padded(error.code, 5), error.meaning + Remark(error.source), &out);
  }
  if (!dialect.rules.empty()) out += "\nRules\n";
  for (const Rule& rule : dialect.rules) {
    Wrap("  " + Padded(rule.source.clause, 7), rule.text + Remark(rule.source), &out);
  }
  if (!dialect.errata.empty()) out += "\nErrata\n";
  for (const Erratum& erratum : dialect.errata) ShowErratum(erratum, &out);
  return out;
}

std::string ShowOne(const Dialect& dialect, const Command& command, std::string_view model) {
  std::string out = ShowCommand(command, model);
  for (const Block& block : dialect.blocks) {
    if (!IsLineOf(command.name, block)) continue;
    out += "\nOne of the lines of\n";
    ShowBlock(block, &out);
  }
  std::vector<const Erratum*> errata;
  for (const std::string& id : ErrataOf(command)) {
    if (const Erratum* erratum = dialect.FindErratum(id)) errata.push_back(erratum);
  }
  if (!errata.empty()) out += "\nErrata\n";
  for (const Erratum* erratum : errata) ShowErratum(*erratum, &out);
  return out;
}

}  // namespace

// "AT+OPEN", "at+open", "+OPEN" and "open" are all the same.
const Command* FindLoosely(const Dialect& dialect, std::string_view what) {
  if (const Command* exact = dialect.FindCommand(what)) return exact;
  for (const std::string_view prefix : {"", "AT", "AT+", "+"}) {
    const std::string name = std::string(prefix) + std::string(what);
    for (const Command& command : dialect.commands) {
      if (SameIgnoringCase(command.name, name)) return &command;
    }
  }
  return nullptr;
}

const Model* FindModel(const Dialect& dialect, std::string_view what) {
  for (const Model& model : dialect.models) {
    if (SameIgnoringCase(model.id, what)) return &model;
  }
  return nullptr;
}

Page ShowText(const Dialect& dialect, std::string_view what, std::string_view of) {
  const std::string_view model = of.empty() ? std::string_view(dialect.model) : of;
  if (what.empty()) return {.text = ShowDialect(dialect, model)};
  if (const Command* command = FindLoosely(dialect, what)) {
    return {.text = ShowOne(dialect, *command, model)};
  }
  if (const Model* found = FindModel(dialect, what)) {
    return {.text = ShowDialect(dialect, found->id)};
  }
  std::vector<std::string_view> names;
  for (const Command& command : dialect.commands) names.push_back(command.name);
  for (const Model& other : dialect.models) names.push_back(other.id);
  const std::string_view near = Nearest(what, names);
  std::string text = dialect.id + " has no command \"" + std::string(what) + "\"";
  text += near.empty() ? "; \"assay spec list\" shows what it has"
                       : "; did you mean \"" + std::string(near) + "\"?";
  return {.found = false, .text = text + "\n"};
}

std::string ListText(const Dialect& dialect, Listed what, std::string_view of) {
  const std::string_view model = of.empty() ? std::string_view(dialect.model) : of;
  std::string out;
  switch (what) {
    case Listed::kModels:
      for (const Model& one : dialect.models) {
        std::string text = one.name;
        if (!one.notes.empty()) text += ": " + one.notes;
        if (one.id == dialect.default_model) text += " (default)";
        Wrap("  " + Padded(one.id, 14), text, &out);
      }
      break;
    case Listed::kCommands: {
      const std::size_t width = LongestName(dialect) + 2;
      for (const Command& command : dialect.commands) {
        std::string text = Padded(command.source.clause, 8) + command.title;
        if (!command.source.document.empty()) text += " (" + command.source.document + ")";
        if (!Supported(command, model)) text += " (not on " + std::string(model) + ")";
        Wrap("  " + Padded(command.name, width), text, &out);
      }
      break;
    }
  }
  return out;
}

std::string ListJson(const Dialect& dialect, Listed what) {
  JsonWriter json;
  json.Object([&] {
    json.Put("dialect", dialect.id);
    switch (what) {
      case Listed::kModels:
        json.Put("default", dialect.default_model);
        json.PutObjects("models", dialect.models, [&](const Model& model) {
          json.Put("id", model.id);
          json.Put("name", model.name);
          json.Put("notes", model.notes);
        });
        break;
      case Listed::kCommands:
        json.PutObjects("commands", dialect.commands, [&](const Command& command) {
          json.Put("name", command.name);
          json.Put("kind", command.kind == CommandKind::kUrc ? "urc" : "command");
          json.Put("clause", command.source.clause);
          json.Put("title", command.title);
          json.Put("supported", Supported(command, dialect.model));
          json.Key("forms");
          json.List(command.forms, [&](const Form& form) {
            json.Value(std::string(Name(form.form)) + (form.key.empty() ? "" : ":" + form.key));
          });
        });
        break;
    }
  });
  return json.Text();
}

}  // namespace assay::spec
