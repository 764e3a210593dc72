#include "harness/generate/suite_testing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <map>

#include "harness/workplace.h"

namespace assay::harness {

const Suite& SuiteOf(const std::string& dialect) {
  static std::map<std::string, Suite> all;
  Suite& suite = all[dialect];
  if (suite.grammar == nullptr) {
    suite.grammar = Workplace({}).Load(dialect, "").grammar;
    suite.generated = Generate(suite.grammar, {});
  }
  return suite;
}

std::string TextOf(const GeneratedCase& one) { return transcript::Print(one.transcript); }

transcript::Plan CheckedPlanOf(const GeneratedCase& one, const dialect::Grammar& grammar) {
  const transcript::ParseResult parsed = transcript::Parse(one.id, TextOf(one));
  EXPECT_TRUE(parsed.transcript.has_value()) << one.id << "\n"
                                             << spec::Print(parsed.diagnostics) << TextOf(one);
  if (!parsed.transcript) return {};
  EXPECT_EQ(*parsed.transcript, one.transcript) << one.id;
  transcript::PlanResult planned = transcript::MakePlan(*parsed.transcript, grammar, {});
  EXPECT_THAT(planned.diagnostics, ::testing::IsEmpty()) << one.id << "\n" << TextOf(one);
  planned.plan.id = one.id;
  return std::move(planned.plan);
}

std::string NameOfDialect(const std::string& dialect) {
  std::string name = dialect;
  for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return name;
}

}  // namespace assay::harness
