// assay generate: the suite that follows from a spec, and what there is to write down for a module
// and a bench.
#include <iostream>
#include <map>

#include "harness/commands.h"
#include "harness/json_text.h"
#include "harness/output.h"
#include "harness/pics.h"
#include "harness/suite.h"
#include "harness/suites.h"

namespace assay::harness {
namespace {

std::string Listed(const GeneratedSuite& suite) {
  JsonText json;
  json.Object().Key("cases").Array();
  for (const GeneratedCase& one : suite.cases) {
    json.Object().Key("id").Text(one.id).Key("purpose").Text(one.purpose);
    json.Key("clause").Text(one.clause).Key("kind").Text(one.kind).End();
  }
  json.End().Key("left_out").Array();
  for (const Untried& one : suite.left) {
    json.Object().Key("what").Text(one.what).Key("clause").Text(one.clause);
    json.Key("reason").Text(Name(one.reason)).End();
  }
  json.End().End();
  return json.text();
}

void Print(const GeneratedSuite& suite) {
  std::map<std::string, std::size_t> kinds;
  for (const GeneratedCase& one : suite.cases) {
    std::cout << one.id << "  " << one.clause << "  " << one.purpose << "\n";
    ++kinds[one.kind];
  }
  if (!suite.left.empty()) std::cout << "\nleft out:\n";
  for (const Untried& one : suite.left)
    std::cout << "  " << one.what << "  " << one.clause << "  " << Name(one.reason) << "\n";
  std::cout << "\n" << suite.cases.size() << " cases:";
  for (const auto& [kind, count] : kinds) std::cout << " " << count << " " << kind;
  std::cout << "; " << suite.left.size() << " facts left out\n";
}

int WriteCases(const GeneratedSuite& suite, const std::string& folder) {
  for (const GeneratedCase& one : suite.cases) {
    std::string error;
    if (!WriteFile(folder + "/" + one.id + ".at", transcript::Print(one.transcript), &error))
      return Broken("generate", error);
  }
  std::cerr << suite.cases.size() << " cases in " << folder << "\n";
  return kPassed;
}

}  // namespace

int GenerateCommand(const GenerateCommandOptions& options) {
  const Workplace place({options.common.spec_folders, options.common.overlays});
  const Loaded loaded = place.Load(options.common.dialect, options.common.model);
  std::cerr << loaded.error;
  if (loaded.grammar == nullptr) return kUsage;
  if (options.pics_template) {
    if (const int status = Deliver(PicsTemplate(*loaded.grammar), options.pics_template);
        status != kPassed)
      return status;
  }
  if (options.pixit_template) {
    // What goldens ask for, too.
    const SuiteFiles suite = FilesOfSuite("all", place, loaded.grammar, {.seed = options.seed});
    if (!suite.error.empty()) return Usage("generate", suite.error);
    std::string error;
    const std::optional<AskedValues> asked = AskedBy(suite.files, *loaded.grammar, &error);
    if (!asked) return Usage("generate", error);
    if (const int status =
            Deliver(PixitTemplate(options.common.dialect, *asked), options.pixit_template);
        status != kPassed)
      return status;
  }
  const bool templates = options.pics_template || options.pixit_template;
  if (templates && options.out.empty() && !options.list && !options.common.json) return kPassed;
  const GeneratedSuite suite = Generate(loaded.grammar, {.seed = options.seed});
  for (const std::string& contradiction : suite.contradictions)
    std::cerr << "assay generate: the spec contradicts itself: " << contradiction << "\n";
  if (!options.out.empty()) {
    if (const int status = WriteCases(suite, options.out); status != kPassed) return status;
  }
  if (options.common.json) {
    if (const int status = Deliver(Listed(suite), options.common.json); status != kPassed)
      return status;
  } else if (options.list || options.out.empty()) {
    Print(suite);
  }
  return suite.contradictions.empty() ? kPassed : kFailed;
}

}  // namespace assay::harness
