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
    for (const TranscriptFile& file : out.files) out.aims.cases[file.id].kind = "worked example";
    if (golden.empty() && !all)
      out.error = "no goldens are there for " + dialect + "; name transcripts";
  }
  if (suite == "conformance" || all) {
    GeneratedSuite generated = Generate(grammar, options);
    for (const GeneratedCase& one : generated.cases) {
      out.files.push_back({one.id + ".at", one.id, transcript::Print(one.transcript)});
      out.aims.cases[one.id] = {one.kind, one.clause, {one.transitions.begin(), one.transitions.end()},
                                one.responses};
    }
    for (const std::string& contradiction : generated.contradictions)
      out.error += "the spec contradicts itself: " + contradiction + "\n";
    constexpr std::string_view kTransition = "transition ";
    for (const Untried& one : generated.left) {
      if (one.what.starts_with(kTransition))
        out.aims.left[one.what.substr(kTransition.size())] = one.reason;
    }
  }
  return out;
}

}  // namespace assay::harness
