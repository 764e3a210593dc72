#include "harness/suites.h"

#include <utility>

namespace assay::harness {

SuiteFiles FilesOfSuite(std::string_view suite, const Workplace& place,
                        const std::shared_ptr<const dialect::Grammar>& grammar,
                        const GenerateOptions& options) {
  SuiteFiles out;
  const std::string& dialect = grammar->dialect().id;
  const bool all = suite == "all";
  if (suite != "manual" && suite != "conformance" && !all) {
    out.error = "there is no suite " + std::string(suite) + "; there are conformance, manual, all";
    return out;
  }
  if (suite == "manual" || all) {
    const std::string golden = place.GoldenFolder(dialect);
    if (!golden.empty()) out.files = FindTranscripts({golden}, &out.error);
    if (golden.empty() && !all)
      out.error = "no goldens are there for " + dialect + "; name transcripts";
  }
  if (suite == "conformance" || all) {
    GeneratedSuite generated = Generate(grammar, options);
    for (const GeneratedCase& one : generated.cases)
      out.files.push_back({one.id + ".at", one.id, transcript::Print(one.transcript)});
    for (const std::string& contradiction : generated.contradictions)
      out.error += "the spec contradicts itself: " + contradiction + "\n";
    out.left = std::move(generated.left);
  }
  return out;
}

}  // namespace assay::harness
