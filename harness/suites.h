// The suites that a dialect has, by name: what `run`, `selftest` and `generate` take when nobody
// names transcripts.
//
//   SuiteFiles suite = FilesOfSuite("conformance", place, grammar, {.seed = 1});
//   if (!suite.error.empty()) return Usage("run", suite.error);
//   Selection selection = Select(suite.files, *grammar, options);
#ifndef HARNESS_SUITES_H_
#define HARNESS_SUITES_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/coverage.h"
#include "harness/generate/generate.h"
#include "harness/workplace.h"

namespace assay::harness {

struct SuiteFiles {
  std::vector<TranscriptFile> files;
  Aims aims;
  std::string error;
};
// "manual": the goldens of the worked examples and forms; "conformance": derived from the spec;
// "all": both.
SuiteFiles FilesOfSuite(std::string_view suite, const Workplace& place,
                        const std::shared_ptr<const dialect::Grammar>& grammar,
                        const GenerateOptions& options);

}  // namespace assay::harness

#endif  // HARNESS_SUITES_H_
