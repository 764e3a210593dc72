#include "spec/tables.h"

namespace assay::spec {
namespace {

const Field<Variable> kVariableFields[] = {
    {"name", Into<&Variable::name>, Need::kRequired},
    {"initial", Into<&Variable::initial>},
    {"emulator", Into<&Variable::emulator>},
    {"emulator_own", Into<&Variable::emulator_own>},
};

void Variables(Reader& reader, const json::Value& value, Machine& machine) {
  reader.List<Variable>(value, {"variable", kVariableFields}, &machine.variables);
  // "" may be a documented default, so its absence has to be told apart.
  for (std::size_t i = 0; i < machine.variables.size(); ++i) {
    machine.variables[i].known = value.items[i].Find("initial") != nullptr;
  }
}

const Field<Machine> kMachineFields[] = {
    {"id", Into<&Machine::id>, Need::kRequired},
    {"index", Into<&Machine::index>},
    {"first", Into<&Machine::first>},
    {"last", Into<&Machine::last>},
    {"states", Into<&Machine::states>, Need::kRequired},
    {"initial", Into<&Machine::initial>, Need::kRequired},
    {"variables", Variables},
};

const Field<Transition> kTransitionFields[] = {
    {"id", Into<&Transition::id>, Need::kRequired},
    {"machine", Into<&Transition::machine>, Need::kRequired},
    {"from", Into<&Transition::from>},
    {"event", Into<&Transition::event>, Need::kRequired},
    {"guard", Into<&Transition::guard>},
    {"respond", Into<&Transition::respond>},
    {"refuse", Into<&Transition::refuse>},
    {"refuse_as", Into<&Transition::refuse_as>},
    {"refuse_source", IntoSource<&Transition::refuse_source>},
    {"send", Into<&Transition::send>},
    {"effects", Into<&Transition::effects>},
    {"to", Into<&Transition::to>},
    {"models", Into<&Transition::models>},
    {"not_models", Into<&Transition::not_models>},
    {"models_source", IntoSource<&Transition::models_source>},
};

const Field<BlockPart> kPartFields[] = {
    {"urc", Into<&BlockPart::urc>, Need::kRequired},
    {"length", Into<&BlockPart::length>, Need::kRequired},
    {"total", Into<&BlockPart::total>, Need::kRequired},
    {"content", Into<&BlockPart::content>, Need::kRequired},
};

void Parts(Reader& reader, const json::Value& value, Block& block) {
  reader.List<BlockPart>(value, {"part", kPartFields}, &block.parts);
}

const Field<Block> kBlockFields[] = {
    {"id", Into<&Block::id>, Need::kRequired},       {"index", Into<&Block::index>},
    {"start", Into<&Block::start>, Need::kRequired}, {"parts", Parts, Need::kRequired},
    {"end", Into<&Block::end>, Need::kRequired},     {"emulator_part", Into<&Block::emulator_part>},
};

const Field<ResetStep> kResetFields[] = {
    {"machine", Into<&ResetStep::machine>},
    {"unless", Into<&ResetStep::unless>},
    {"send", Into<&ResetStep::send>, Need::kRequired},
};

}  // namespace

Table<Machine> MachineTable() { return {"machine", kMachineFields}; }
Table<Transition> TransitionTable() { return {"transition", kTransitionFields}; }
Table<Block> BlockTable() { return {"block", kBlockFields}; }
Table<ResetStep> ResetTable() { return {"reset step", kResetFields}; }

}  // namespace assay::spec
