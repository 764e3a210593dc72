#include "dialects/grammar_testing.h"

#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>

#include "spec/diagnostic.h"
#include "spec/loader.h"
#include "spec/model.h"

namespace assay::dialect {
namespace {

std::shared_ptr<const Grammar> Ready(const spec::LoadResult& loaded) {
  if (loaded.dialect == nullptr) {
    std::cerr << spec::Print(loaded.diagnostics);
    std::abort();
  }
  return std::make_shared<const Grammar>(loaded.dialect, loaded.dialect->model);
}

}  // namespace

const Grammar& CommittedGrammar(const std::string& dialect) {
  static std::map<std::string, std::shared_ptr<const Grammar>> known;
  std::shared_ptr<const Grammar>& grammar = known[dialect];
  if (grammar == nullptr) grammar = Ready(spec::LoadDialect("spec/" + dialect, {}));
  return *grammar;
}

std::shared_ptr<const Grammar> GrammarOf(const std::vector<spec::NamedText>& texts,
                                         const std::string& model) {
  spec::LoadOptions options;
  options.model = model;
  return Ready(spec::LoadDialectFromTexts(texts, options));
}

}  // namespace assay::dialect
