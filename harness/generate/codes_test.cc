// Every code that a manual documents is provoked by a case, or left with a reason.
#include "harness/generate/codes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "harness/generate/suite_testing.h"
#include "harness/session_testing.h"
#include "harness/workplace.h"

namespace assay::harness {
namespace {

using ::testing::UnorderedElementsAre;

TEST(Codes, AreFoundInLines) {
  const dialect::Grammar& bg96 = *SuiteOf("quectel-bg96").grammar;
  EXPECT_THAT(CodesIn(bg96, "+CME ERROR: 3"), UnorderedElementsAre("+CME ERROR 3"));
  EXPECT_THAT(CodesIn(bg96, "+QMTOPEN: 3,2"), UnorderedElementsAre("AT+QMTOPEN <result> 2"));
  EXPECT_THAT(CodesIn(bg96, "+QMTSTAT: 0,1"), UnorderedElementsAre("+QMTSTAT <err_code> 1"));
  EXPECT_THAT(CodesIn(bg96, "OK"), UnorderedElementsAre());
}

class DocumentedCodes : public ::testing::TestWithParam<std::string> {};

TEST_P(DocumentedCodes, AreProvokedOrLeftWithAReason) {
  const Suite& suite = SuiteOf(GetParam());
  std::set<std::string> seen;
  for (const GeneratedCase& one : suite.generated.cases) {
    if (one.codes.empty()) continue;
    const Recorded recorded =
        Record(CheckedPlanOf(one, *suite.grammar), suite.grammar);
    for (const report::ExchangeRecord& exchange : recorded.result.outcome.exchanges) {
      for (const std::string& line : exchange.received) seen.merge(CodesIn(*suite.grammar, line));
    }
  }
  constexpr std::string_view kCode = "code ";
  std::map<std::string, WhyLeft> left;
  for (const Untried& one : suite.generated.left) {
    if (one.what.starts_with(kCode)) {
      EXPECT_TRUE(left.emplace(one.what.substr(kCode.size()), one.reason).second) << one.what;
    }
  }
  std::set<std::string> all;
  for (const Code& code : CodesOf(*suite.grammar)) {
    EXPECT_TRUE(all.insert(code.name).second) << code.name;
    EXPECT_NE(seen.contains(code.name), left.contains(code.name)) << code.name;
  }
  for (const auto& [name, reason] : left) {
    EXPECT_TRUE(all.contains(name)) << name;
    // The QoS of messages: no case of this dialect has two other than 0 meet.
    if (GetParam() == "fibocom-v1.2.6" && name.starts_with("+MQTTMSG") &&
        name.find("<Qos>") != std::string::npos)
      continue;
    const std::set<WhyLeft> may = {WhyLeft::kOpen, WhyLeft::kElsewhere, WhyLeft::kNetwork,
                                   WhyLeft::kPeer, WhyLeft::kHidden};
    EXPECT_TRUE(may.contains(reason)) << name << ": " << report::Name(reason);
  }
  // Tables, and results besides.
  const auto& errors = suite.grammar->dialect().errors;
  const auto own = std::count_if(errors.begin(), errors.end(), [](const spec::ErrorCode& error) {
    return error.source.document.empty();
  });
  EXPECT_GE(all.size(), static_cast<std::size_t>(own) + 2);
}

INSTANTIATE_TEST_SUITE_P(Dialects, DocumentedCodes,
                         ::testing::ValuesIn(Workplace({}).Dialects()),
                         [](const auto& dialect) { return NameOfDialect(dialect.param); });

}  // namespace
}  // namespace assay::harness
