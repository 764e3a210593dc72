// A dialect as one JSON object for other tools: `assay spec export`, schema "assay.spec.v1".
//
//   std::cout << spec::ExportJson(*loaded.dialect, "BG96");
//
// The same dialect gives the same bytes. Keys may be added; none is renamed, moved or dropped
// within a schema version.
#ifndef SPEC_EXPORT_H_
#define SPEC_EXPORT_H_

#include <string>
#include <string_view>

#include "spec/model.h"

namespace assay::spec {

// `model` decides what is "supported"; empty: the one that `dialect` was loaded for. Its overrides
// are those applied when loading.
std::string ExportJson(const Dialect& dialect, std::string_view model = {});

}  // namespace assay::spec

#endif  // SPEC_EXPORT_H_
