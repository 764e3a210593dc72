#include "harness/generate/generate.h"

#include <algorithm>
#include <map>
#include <set>

#include "harness/generate/codes.h"
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

// Nothing that gives it comes about; or what does is open, or nobody knows what does.
WhyLeft WhyNot(const Code& code, const Explorer& explorer) {
  if (code.source->basis == spec::Basis::kOpen) return WhyLeft::kOpen;
  std::optional<WhyLeft> out;
  for (const spec::Transition* giver : code.givers) {
    const bool open = giver->source.basis == spec::Basis::kOpen;
    if (!open && explorer.Fires(giver) != nullptr) return WhyLeft::kNoCase;
    out = std::max(out.value_or(WhyLeft::kOpen), WhyNot(*giver));
  }
  for (const spec::Transition* giver : code.perhaps) {
    if (explorer.Fires(giver) != nullptr) return WhyLeft::kNoCase;
  }
  return out.value_or(WhyLeft::kElsewhere);
}

std::set<std::string> CodesSeen(const GeneratedSuite& suite) {
  std::set<std::string> out;
  for (const GeneratedCase& one : suite.cases) out.insert(one.codes.begin(), one.codes.end());
  return out;
}

// The same with another host of the bench, wherever this one stands.
Stimulus At(Stimulus stimulus, const std::string& host, const std::string& other) {
  for (const std::string end : {".host}", ".port}"}) {
    const std::string was = "${" + host + end, is = "${" + other + end;
    for (std::size_t at = 0; (at = stimulus.line.find(was, at)) != std::string::npos;
         at += is.size())
      stimulus.line.replace(at, was.size(), is);
  }
  if (stimulus.host == host) stimulus.host = other;
  return stimulus;
}

// Codes that none of these is, and that another host of the bench brings about.
std::vector<Draft> DraftCodes(const Ground& ground, const std::set<std::string>& seen) {
  std::vector<Draft> out;
  for (const Code& code : CodesOf(*ground.grammar)) {
    if (seen.contains(code.name) || code.source->basis == spec::Basis::kOpen) continue;
    const auto made = [&]() -> std::optional<Draft> {
      for (const Edge& edge : ground.explorer.edges()) {
        const bool perhaps = std::any_of(
            edge.transitions.begin(), edge.transitions.end(), [&](const spec::Transition* one) {
              return std::find(code.perhaps.begin(), code.perhaps.end(), one) != code.perhaps.end();
            });
        const Node& node = ground.explorer.nodes()[edge.from];
        const std::string host = edge.stimulus.host.empty() ? node.world : edge.stimulus.host;
        if (!perhaps || edge.stimulus.pending || host.empty()) continue;
        for (const BenchHost& other : BenchHostsOfSuite()) {
          Reference modem(ground.grammar, true);
          Draft draft;
          for (const Stimulus& before : node.path) {
            draft.setup.push_back(At(before, host, other.name));
            modem.Say(draft.setup.back());
          }
          draft.test = {At(edge.stimulus, host, other.name)};
          for (const report::ExchangeRecord& exchange : modem.Say(draft.test[0]).exchanges) {
            for (const std::string& line : exchange.received) {
              if (CodesIn(*ground.grammar, line).contains(code.name)) return draft;
            }
          }
        }
        return std::nullopt;  // others would only lead there on other ways
      }
      return std::nullopt;
    }();
    if (!made) continue;
    out.push_back(*made);
    const Stimulus& last = out.back().test[0];
    out.back().id = FolderOf(ground.dialect(), *last.command, *last.form) + "/code-" +
                    Slug(code.name.substr(code.name.find('<') + 1));
    out.back().kind = "answer";
    out.back().clause = code.source->clause;
    out.back().purpose = code.name + " is told";
    out.back().reason = Because("code " + code.name, *code.source);
  }
  return out;
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
  DraftUsed(ground, drafts);
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
  std::vector<Draft> more = DraftCodes(ground, CodesSeen(out));
  for (Draft& draft : more) {
    draft.id.insert(draft.id.rfind('/') + 1, kPrefix);
    std::string why;
    if (auto made = writer.Write(draft, &why)) out.cases.push_back(std::move(*made));
  }
  MarkFresh(grammar, drafts, out);
  DropNotNeeded(grammar, out);
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
  const std::set<std::string> seen = CodesSeen(out);
  for (const Code& code : CodesOf(*grammar)) {
    if (!seen.contains(code.name))
      out.left.push_back({"code " + code.name, code.source->clause, WhyNot(code, explorer)});
  }
  return out;
}

}  // namespace assay::harness
