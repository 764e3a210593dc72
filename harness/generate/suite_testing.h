// The derived suite of a dialect, for tests: derived once, however many ask.
#ifndef HARNESS_GENERATE_SUITE_TESTING_H_
#define HARNESS_GENERATE_SUITE_TESTING_H_

#include <memory>
#include <string>

#include "harness/generate/generate.h"
#include "transcripts/plan.h"

namespace assay::harness {

struct Suite {
  std::shared_ptr<const dialect::Grammar> grammar;
  GeneratedSuite generated;
};
const Suite& SuiteOf(const std::string& dialect);

std::string TextOf(const GeneratedCase& one);
// By way of its text; what is wrong with it fails the test.
transcript::Plan CheckedPlanOf(const GeneratedCase& one, const dialect::Grammar& grammar);

// What a test of each dialect is called.
std::string NameOfDialect(const std::string& dialect);

}  // namespace assay::harness

#endif  // HARNESS_GENERATE_SUITE_TESTING_H_
