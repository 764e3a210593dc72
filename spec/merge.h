// Joins the files of a dialect, and lays overlays over them, while all is still JSON: every value
// keeps the place where it was written, and there is one way to read a struct.
//
//   json::Value dialect = parsed_files[0].root;             // dialect.json
//   JoinFile(other.root, &dialect, &complaints);            // its lists are appended
//   FillIn(shared.root, &dialect, &complaints);             // what it lacks is added
//   ApplyOverlay(overlay.root, header, &dialect, &complaints);
#ifndef SPEC_MERGE_H_
#define SPEC_MERGE_H_

#include "spec/complaints.h"
#include "spec/json.h"
#include "spec/model.h"

namespace assay::spec {

// Appends the lists of `file`, which may hold nothing else.
void JoinFile(const json::Value& file, json::Value* dialect, Complaints* complaints);

// Adds what the dialect lacks of an included file, as spec/SCHEMA.md, "Includes", says.
void FillIn(const json::Value& file, json::Value* dialect, Complaints* complaints);

// Replaces, adds and removes as spec/SCHEMA.md, "Overlays", says. `header` is its "overlay" object.
void ApplyOverlay(const json::Value& overlay, const Overlay& header, json::Value* dialect,
                  Complaints* complaints);

}  // namespace assay::spec

#endif  // SPEC_MERGE_H_
