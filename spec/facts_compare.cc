#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "spec/facts.h"

namespace assay::spec {
namespace {

bool IsManuals(const Fact& fact) { return fact.basis == "stated" || fact.basis == "example"; }

// What stands in the manual's list of models.
bool IsOfModels(const Fact& fact) { return fact.kind == "model" || fact.kind == "lacks"; }

bool IsOfParameter(const Fact& fact) {
  return fact.kind == "parameter" || fact.kind == "value" || fact.kind == "override";
}

// What both sides may choose freely. Each rule has to be one under which no error of a number, a
// code, a syntax or a clause can hide.
class Normalising {
 public:
  explicit Normalising(const Dialect& dialect) : dialect_(dialect) {}

  void Spec(std::vector<Fact>* facts) const {
    std::erase_if(*facts, [](const Fact& fact) {
      // A worked example's answer stands in the reader's list of examples, not of responses. What
      // the manual leaves open is no answer of the manual.
      return fact.kind == "response" && (fact.basis == "example" || fact.basis == "open");
    });
    // A template may have the other spelling, too, where the manual prints it there.
    for (Fact& fact : *facts) {
      if (fact.kind == "form" || fact.kind == "response") Rename(&fact);
    }
  }

  void Reader(std::vector<Fact>* facts) const {
    // Examples are compared as transcripts, byte for byte, elsewhere.
    std::erase_if(*facts, [](const Fact& fact) { return fact.kind == "example"; });
    for (Fact& fact : *facts) {
      if (fact.kind == "form" || fact.kind == "response") Rename(&fact);
      if (IsOfParameter(fact)) RenameSubject(&fact);
      if (fact.kind == "timing") std::erase(fact.value, ' ');
      // The spec does not say where.
      if (IsOfModels(fact)) {
        fact.clause = "-";
        fact.basis = "stated";
      }
    }
  }

  // Rules are each side's own words, and each counts differently: only those that both named alike
  // can be compared, by where they stand.
  static void OnlyCommonRules(std::vector<Fact>* facts, const std::vector<Fact>& other) {
    std::set<std::string_view> named;
    for (const Fact& fact : other) {
      if (fact.kind == "rule") named.insert(fact.subject);
    }
    std::erase_if(*facts, [&](const Fact& fact) {
      return fact.kind == "rule" && !named.contains(fact.subject);
    });
    for (Fact& fact : *facts) {
      if (fact.kind == "rule") fact.value = "-";
    }
  }

 private:
  // The manual spells a name in several ways, and the spec lists them: <topic1> is <topic>.
  void Rename(Fact* fact) const {
    const Command* command = dialect_.FindCommand(fact->subject.substr(0, fact->subject.find('/')));
    if (command == nullptr) return;
    const std::size_t colon = fact->subject.find(':');
    const std::string key =
        colon == std::string::npos ? std::string() : fact->subject.substr(colon + 1);
    for (const Parameter& parameter : command->parameters) {
      if (!parameter.key.empty() && parameter.key != key) continue;
      for (const std::string& alias : parameter.aliases) {
        Replace("<" + alias + ">", "<" + parameter.name + ">", &fact->value);
      }
    }
  }

  // Likewise in "AT+SEND:key/topic1@model", of which key and model may be absent.
  void RenameSubject(Fact* fact) const {
    const std::size_t slash = fact->subject.find('/');
    if (slash == std::string::npos) return;
    const std::string of = fact->subject.substr(0, slash);
    const std::size_t colon = of.find(':');
    const Command* command = dialect_.FindCommand(of.substr(0, colon));
    if (command == nullptr) return;
    const std::string key = colon == std::string::npos ? std::string() : of.substr(colon + 1);
    const std::size_t at = std::min(fact->subject.rfind('@'), fact->subject.size());
    const std::string name = fact->subject.substr(slash + 1, at - slash - 1);
    for (const Parameter& parameter : command->parameters) {
      const auto& aliases = parameter.aliases;
      if (parameter.key != key || std::find(aliases.begin(), aliases.end(), name) == aliases.end())
        continue;
      fact->subject.replace(slash + 1, name.size(), parameter.name);
      return;
    }
  }

  static void Replace(std::string_view from, std::string_view to, std::string* text) {
    for (std::size_t at = text->find(from); at != text->npos; at = text->find(from, at)) {
      text->replace(at, from.size(), to);
      at += to.size();
    }
  }

  const Dialect& dialect_;
};

}  // namespace

std::vector<Difference> Compare(const Dialect& dialect, std::vector<Fact> spec,
                                std::vector<Fact> reader) {
  const Normalising normalising(dialect);
  normalising.Spec(&spec);
  normalising.Reader(&reader);
  Normalising::OnlyCommonRules(&spec, reader);
  Normalising::OnlyCommonRules(&reader, spec);

  const std::set<Fact> ours(spec.begin(), spec.end());
  const std::set<Fact> theirs(reader.begin(), reader.end());
  std::set<std::tuple<std::string, std::string, std::string>> told;
  for (const Fact& fact : theirs) told.emplace(fact.kind, fact.subject, fact.attribute);

  std::vector<Difference> differences;
  for (const Fact& fact : ours) {
    if (theirs.contains(fact)) continue;
    // What the spec itself calls inferred or open is not the manual's, so the reader may be silent
    // about it; what he says of it otherwise is a difference.
    if (!IsManuals(fact) && !told.contains({fact.kind, fact.subject, fact.attribute})) continue;
    differences.push_back({.side = Side::kSpec, .fact = fact});
  }
  for (const Fact& fact : theirs) {
    if (!ours.contains(fact)) differences.push_back({.side = Side::kReader, .fact = fact});
  }
  // Both versions of one fact stand together.
  std::stable_sort(differences.begin(), differences.end(),
                   [](const Difference& a, const Difference& b) {
                     return std::tie(a.fact.kind, a.fact.subject, a.fact.attribute) <
                            std::tie(b.fact.kind, b.fact.subject, b.fact.attribute);
                   });
  return differences;
}

}  // namespace assay::spec
