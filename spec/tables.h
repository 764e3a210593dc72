// The JSON keys of each struct of the model (spec/SCHEMA.md), as tables for the reader.
#ifndef SPEC_TABLES_H_
#define SPEC_TABLES_H_

#include "spec/model.h"
#include "spec/reader.h"

namespace assay::spec {

// loader_commands.cc
Table<Command> CommandTable();

// loader_behaviour.cc
Table<Machine> MachineTable();
Table<Transition> TransitionTable();
Table<ResetStep> ResetTable();
Table<Block> BlockTable();

// loader_dialect.cc: dialect.json with the lists of all other files joined to its own.
Table<Dialect> DialectTable();
Table<Overlay> OverlayTable();

}  // namespace assay::spec

#endif  // SPEC_TABLES_H_
