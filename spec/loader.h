// Loading beyond LoadDialect (spec/model.h): from memory, and for `assay lint`.
#ifndef SPEC_LOADER_H_
#define SPEC_LOADER_H_

#include <string>
#include <utility>
#include <vector>

#include "spec/complaints.h"
#include "spec/model.h"

namespace assay::spec {

// As LoadDialect, from texts instead of files. Texts whose names stand in options.overlays are
// overlays, applied in that order; one of the others is named dialect.json (in any folder).
LoadResult LoadDialectFromTexts(const std::vector<NamedText>& texts, const LoadOptions& options);

// Errors, and what is suspicious without being wrong, as warnings. A warning keeps nobody from
// using the dialect, so LoadDialect is silent about it.
std::vector<Diagnostic> LintDialect(const std::string& folder,
                                    const std::vector<std::string>& overlays = {});
std::vector<Diagnostic> LintDialectFromTexts(const std::vector<NamedText>& texts,
                                             const LoadOptions& options);

// The sub-folders of `folders` that hold a dialect, in order of name.
std::vector<std::string> DialectIds(const std::vector<std::string>& folders);

}  // namespace assay::spec

#endif  // SPEC_LOADER_H_
