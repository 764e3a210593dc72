#include "spec/export.h"

#include <string>
#include <string_view>
#include <vector>

#include "spec/export_command.h"
#include "spec/json_writer.h"

namespace assay::spec {
namespace {

class Exporter {
 public:
  Exporter(const Dialect& dialect, std::string_view model)
      : dialect_(dialect), model_(model.empty() ? std::string_view(dialect.model) : model) {}

  std::string Run() {
    json_.Object([this] { Everything(); });
    return json_.Text();
  }

 private:
  void Everything() {
    json_.Put("schema", "assay.spec.v1");
    json_.Put("dialect", dialect_.id);
    json_.PutObject("document", [this] {
      json_.Put("title", dialect_.document.title);
      json_.Put("version", dialect_.document.version);
      json_.Put("date", dialect_.document.date);
      json_.Put("vendor", dialect_.document.vendor);
      json_.PutIfAny("clauses", dialect_.document.clauses);
    });
    json_.Put("model", model_);
    json_.PutObjects("models", dialect_.models, [this](const Model& model) {
      json_.Put("id", model.id);
      json_.Put("name", model.name);
      json_.Put("notes", model.notes);
    });
    json_.PutObjects("commands", dialect_.commands,
                     [this](const Command& command) { ExportCommand(command, model_, &json_); });
    json_.PutObjects("errors", dialect_.errors, [this](const ErrorCode& error) {
      PutNumberOrText(&json_, "code", error.code);
      json_.Put("meaning", error.meaning);
      json_.Put("format", error.format);
      json_.PutIfAny("commands", error.commands);
      PutOrigin(&json_, error.source);
    });
    json_.PutObjects("states", dialect_.machines,
                     [this](const Machine& machine) { ExportMachine(machine); });
    json_.PutObjects("transitions", dialect_.transitions,
                     [this](const Transition& transition) { ExportTransition(transition); });
    if (!dialect_.blocks.empty()) {
      json_.PutObjects("blocks", dialect_.blocks,
                       [this](const Block& block) { ExportBlock(block); });
    }
    json_.PutObjects("rules", dialect_.rules, [this](const Rule& rule) {
      json_.Put("id", rule.id);
      json_.Put("clause", rule.source.clause);
      json_.Put("basis", spec::Name(rule.source.basis));
      json_.Put("text", rule.text);
      json_.PutIfAny("document", rule.source.document);
      json_.PutIfAny("erratum", rule.source.erratum);
    });
    json_.PutObjects("errata", dialect_.errata, [this](const Erratum& erratum) {
      json_.Put("id", erratum.id);
      json_.Put("clause", erratum.clause);
      json_.Put("what", erratum.what);
      json_.Put("strict", erratum.strict);
      json_.Put("tolerant", erratum.tolerant);
    });
    json_.Put("finals", dialect_.finals);
    json_.Put("failure", dialect_.failure);
    json_.PutIfAny("errors_clause", dialect_.errors_source.clause);
    json_.PutObject("capabilities", [this] {
      for (const auto& [name, variable] : dialect_.capabilities) json_.Put(name, variable);
    });
    json_.PutObjects("overlays", dialect_.overlays, [this](const Overlay& overlay) {
      json_.Put("file", overlay.file);
      json_.Put("sha256", overlay.sha256);
      json_.Put("document", overlay.document);
      json_.Put("clause", overlay.clause);
      json_.Put("reason", overlay.reason);
    });
    json_.Put("sha256", dialect_.sha256);
  }

  void ExportMachine(const Machine& machine) {
    json_.Put("machine", machine.id);
    json_.Put("instances", machine.last - machine.first + 1);
    json_.Put("states", machine.states);
    json_.Put("initial", machine.initial);
    if (!machine.index.empty()) {
      json_.Put("index", machine.index);
      json_.Put("first", machine.first);
      json_.Put("last", machine.last);
    }
    json_.PutObjects("variables", machine.variables, [&](const Variable& variable) {
      json_.Put("name", variable.name);
      if (variable.known) json_.Put("initial", variable.initial);
      json_.PutIfAny("emulator", variable.emulator);
      if (variable.emulator_own) json_.Put("emulator_own", variable.emulator_own->text);
      PutOrigin(&json_, variable.source, machine.source);
    });
    PutOrigin(&json_, machine.source);
  }

  void Lines(std::string_view key, const std::vector<Template>& lines) {
    if (lines.empty()) return;
    json_.Key(key);
    json_.List(lines, [this](const Template& line) { json_.Value(line.text); });
  }

  void ExportTransition(const Transition& transition) {
    json_.Put("machine", transition.machine);
    json_.Put("from", transition.from);
    json_.Put("event", transition.event);
    json_.Put("guard", transition.guard ? transition.guard->text : "");
    json_.Key("effects");
    json_.List(transition.effects, [this](const Effect& effect) { json_.Value(effect.text); });
    json_.Put("to", transition.to);
    json_.Put("basis", spec::Name(transition.source.basis));
    json_.Put("clause", transition.source.clause);
    json_.Put("id", transition.id);
    Lines("respond", transition.respond);
    json_.PutIfAny("refuse", transition.refuse);
    json_.PutIfAny("refuse_as", transition.refuse_as);
    json_.PutIfAny("refuse_clause", transition.refuse_source.clause);
    Lines("send", transition.send);
    json_.PutIfAny("document", transition.source.document);
    json_.PutIfAny("erratum", transition.source.erratum);
  }

  void ExportBlock(const Block& block) {
    json_.Put("id", block.id);
    json_.PutIfAny("index", block.index);
    json_.Put("start", block.start);
    json_.PutObjects("parts", block.parts, [&](const BlockPart& part) {
      json_.Put("urc", part.urc);
      json_.Put("length", part.length);
      json_.Put("total", part.total);
      json_.Put("content", part.content);
      PutOrigin(&json_, part.source, block.source);
    });
    json_.Put("end", block.end);
    if (block.emulator_part > 0) json_.Put("emulator_part", block.emulator_part);
    PutOrigin(&json_, block.source);
  }

  const Dialect& dialect_;
  std::string_view model_;
  JsonWriter json_;
};

}  // namespace

std::string ExportJson(const Dialect& dialect, std::string_view model) {
  return Exporter(dialect, model).Run();
}

}  // namespace assay::spec
