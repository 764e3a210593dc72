#include "harness/generate/generate.h"

#include <algorithm>
#include <map>
#include <set>

#include "harness/generate/drafts.h"

namespace assay::harness {
namespace {

constexpr std::string_view kPrefix = "derived-";

WhyLeft WhyNot(const spec::Transition& transition) {
  if (transition.source.basis == spec::Basis::kOpen) return WhyLeft::kOpen;
  if (transition.event == "elsewhere") return WhyLeft::kElsewhere;
  if (BenchBrings(transition.event)) return WhyLeft::kNetwork;
  if (transition.event.find(' ') != std::string::npos) return WhyLeft::kHidden;
  return WhyLeft::kPeer;
}

}  // namespace

std::string Words(spec::Basis basis) {
  switch (basis) {
    case spec::Basis::kStated:
      return "stated";
    case spec::Basis::kExample:
      return "shown by an example";
    case spec::Basis::kInferred:
      return "inferred";
    case spec::Basis::kOpen:
      break;
  }
  return "open";
}

std::string Because(const std::string& fact, const spec::Source& source) {
  const std::string document = source.document.empty() ? "" : source.document + " ";
  return fact + " (" + document + source.clause + ", " + Words(source.basis) +
         (source.erratum.empty() ? "" : ", " + source.erratum) + ")";
}

GeneratedSuite Generate(const std::shared_ptr<const dialect::Grammar>& grammar,
                        const GenerateOptions& options) {
  const Vocabulary words(grammar->dialect());
  const std::vector<Stimulus> alphabet = Alphabet(*grammar, words);
  Explorer explorer(grammar, alphabet);
  explorer.Explore();
  const Ground ground{grammar, words, explorer};
  std::vector<Draft> drafts;
  DraftArguments(ground, drafts);
  DraftForms(ground, drafts);
  DraftReadBack(ground, drafts);
  DraftData(ground, drafts);
  DraftTransitions(ground, drafts);
  DraftResponses(ground, drafts);
  DraftStates(ground, drafts);
  DraftClients(ground, drafts);
  DraftAftermath(ground, drafts);
  GeneratedSuite out;
  DraftWalks(ground, options.seed, drafts, out.left);

  // Known from goldens, which may be about the same.
  for (Draft& draft : drafts) draft.id.insert(draft.id.rfind('/') + 1, kPrefix);

  const CaseWriter writer(grammar);
  std::set<std::string> bodies;
  for (const Draft& draft : drafts) {
    std::string why;
    auto made = writer.Write(draft, &why);
    if (!made) {
      out.contradictions.push_back(draft.id + ": " + why);
      continue;
    }
    // Whatever the purpose is called, the same conversation shows it.
    transcript::Transcript body = made->transcript;
    body.header.clear();
    if (!bodies.insert(Disowned(transcript::Print(body), draft.id)).second) continue;
    out.cases.push_back(std::move(*made));
  }
  MarkFresh(grammar, drafts, out);
  std::sort(out.cases.begin(), out.cases.end(),
            [](const GeneratedCase& a, const GeneratedCase& b) { return a.id < b.id; });
  for (const spec::Transition& transition : grammar->dialect().transitions) {
    if (explorer.Fires(&transition) != nullptr && transition.source.basis != spec::Basis::kOpen)
      continue;
    const spec::Machine* machine = grammar->dialect().FindMachine(transition.machine);
    if (machine == nullptr || !transition.source.document.empty()) continue;
    out.left.push_back(
        {"transition " + transition.id, transition.source.clause, WhyNot(transition)});
  }
  return out;
}

}  // namespace assay::harness
