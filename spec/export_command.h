// One command of `assay spec export`, and what its other parts are written with.
#ifndef SPEC_EXPORT_COMMAND_H_
#define SPEC_EXPORT_COMMAND_H_

#include <string>
#include <string_view>

#include "spec/json_writer.h"
#include "spec/model.h"

namespace assay::spec {

// The members of the command's object. `model` decides what is supported.
void ExportCommand(const Command& command, std::string_view model, JsonWriter* json);

// Basis and clause of an object of its own.
void PutOrigin(JsonWriter* json, const Source& source);
// Of a part; the clause only where it is another one than that of `around`. With a prefix it
// stands beside the part's own key: "default", "default_basis", "default_clause".
void PutOrigin(JsonWriter* json, const Source& source, const Source& around,
               const std::string& prefix = {});

void PutNumberOrText(JsonWriter* json, std::string_view key, const std::string& text);

}  // namespace assay::spec

#endif  // SPEC_EXPORT_COMMAND_H_
