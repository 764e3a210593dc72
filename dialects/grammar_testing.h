// Dialects for tests: the committed ones, and spec/sample_testing.h's small one.
#ifndef DIALECTS_GRAMMAR_TESTING_H_
#define DIALECTS_GRAMMAR_TESTING_H_

#include <string>
#include <string_view>
#include <vector>

#include "dialects/grammar.h"
#include "spec/complaints.h"

namespace assay::dialect {

// Each is loaded once; aborts with the diagnostics if it does not load.
const Grammar& CommittedGrammar(const std::string& dialect);
inline const Grammar& Bg96() { return CommittedGrammar("quectel-bg96"); }

// Of these files, e.g. spec::SampleWith(from, to). An empty model is the dialect's default.
std::shared_ptr<const Grammar> GrammarOf(const std::vector<spec::NamedText>& texts,
                                         const std::string& model = {});

}  // namespace assay::dialect

#endif  // DIALECTS_GRAMMAR_TESTING_H_
