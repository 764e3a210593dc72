#include "harness/bazel/count_tests.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "harness/bazel/junit.h"

namespace assay::counting {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kFinished =
    R"({"id":{"buildFinished":{}},"finished":{"exitCode":{"name":"SUCCESS"}}})"
    "\n";
constexpr const char* kTestsFailed =
    R"({"id":{"buildFinished":{}},"finished":{"exitCode":{"name":"TESTS_FAILED","code":3}}})"
    "\n";

// The events of one test target that built, as Bazel 4 writes them.
std::string Configured(const std::string& label) {
  return R"({"id":{"targetConfigured":{"label":")" + label +
         R"("}},"configured":{"targetKind":"cc_test rule","testSize":"SMALL"}})"
         "\n";
}

std::string Result(const std::string& label, const std::string& status, const std::string& xml,
                   const std::string& more = "") {
  return R"({"id":{"testResult":{"label":")" + label +
         R"(","run":1,"shard":1,"attempt":1}},"testResult":{"testActionOutput":[)"
         R"({"name":"test.log","uri":"file:///logs/test.log"},{"name":"test.xml","uri":"file://)" +
         xml + R"("}],"status":")" + status + "\"" + more + "}}\n";
}

std::string Suite(const std::string& cases) {
  return "<?xml version=\"1.0\"?>\n<testsuites><testsuite name=\"S\">" + cases +
         "</testsuite></testsuites>\n";
}

constexpr const char* kPass = R"(<testcase name="Pass" status="run" classname="S" />)";
constexpr const char* kFail =
    R"(<testcase name="Fail" status="run" classname="S"><failure message="a&#x0A;b" type=""><![CDATA[<testcase name="no"/>]]></failure></testcase>)";
constexpr const char* kSkip =
    R"(<testcase name="Skip" status="run" result="skipped" classname="S"><skipped message="no device"/></testcase>)";

struct Bench {
  std::map<std::string, std::string> files;
  AllowedSkips allowed;
  CountOptions options{.complete = true, .filtered = false};

  Tally Run(const std::string& events) const {
    const ReadFile read = [this](const std::string& path) -> std::optional<std::string> {
      const auto file = files.find(path);
      if (file == files.end()) return std::nullopt;
      return file->second;
    };
    return Count(ParseBuildEvents(events), allowed, read, options);
  }
};

TEST(CountTests, CountsCasesAndNotTargets) {
  const Bench bench{.files = {{"/a b.xml", Suite(std::string(kPass) +
                                                 R"(<testcase name="Other" classname="S"/>)")}}};
  const Tally tally =
      bench.Run(Configured("//a:t") + Result("//a:t", "PASSED", "/a%20b.xml") + kFinished);
  EXPECT_EQ(tally.Line(), "2 passed, 0 failed, 0 skipped");
  EXPECT_TRUE(tally.ok());
}

TEST(CountTests, CachedResultsCount) {
  const Bench bench{.files = {{"/x", Suite(kPass)}}};
  const Tally tally =
      bench.Run(Configured("//a:t") + Result("//a:t", "PASSED", "/x", R"(,"cachedLocally":true)") +
                kFinished);
  EXPECT_EQ(tally.Line(), "1 passed, 0 failed, 0 skipped");
}

TEST(CountTests, ShardsAreSeparateFiles) {
  const Bench bench{.files = {{"/1", Suite(kPass)}, {"/2", Suite(kFail)}}};
  const Tally tally = bench.Run(Configured("//a:t") + Result("//a:t", "PASSED", "/1") +
                                Result("//a:t", "FAILED", "/2") + kTestsFailed);
  EXPECT_EQ(tally.Line(), "1 passed, 1 failed, 0 skipped");
  EXPECT_THAT(tally.failures, ElementsAre("//a:t S.Fail: a b"));
  EXPECT_FALSE(tally.ok());
}

TEST(CountTests, OneFailedRunOfManyFailsTheCase) {
  const std::string failed = R"(<testcase name="Pass" classname="S"><error/></testcase>)";
  const Bench bench{.files = {{"/1", Suite(kPass)}, {"/2", Suite(failed)}, {"/3", Suite(kPass)}}};
  const Tally tally =
      bench.Run(Configured("//a:t") + Result("//a:t", "PASSED", "/1") +
                Result("//a:t", "FAILED", "/2") + Result("//a:t", "PASSED", "/3") + kTestsFailed);
  EXPECT_EQ(tally.Line(), "0 passed, 1 failed, 0 skipped");
}

TEST(CountTests, BazelsOwnXmlOfAShellTestIsOneCase) {
  const Bench bench{
      .files = {{"/x",
                 "<testsuites>\n  <testsuite name=\"a/t\" tests=\"1\">\n"
                 "    <testcase name=\"a/t\" status=\"run\" time=\"0\"></testcase>\n"
                 "      <system-out>\n<![CDATA[<oops]]>]]<![CDATA[>&]]>\n      </system-out>\n"
                 "    </testsuite>\n</testsuites>\n"}}};
  const Tally tally = bench.Run(Configured("//a:t") + Result("//a:t", "PASSED", "/x") + kFinished);
  EXPECT_EQ(tally.Line(), "1 passed, 0 failed, 0 skipped");
}

TEST(CountTests, ATimeoutIsNamed) {
  const Bench bench{
      .files = {{"/x", Suite(R"(<testcase name="a/t"><error message="exited with error code 142">)"
                             R"(</error></testcase>)")}}};
  const Tally tally =
      bench.Run(Configured("//a:t") + Result("//a:t", "TIMEOUT", "/x") + kTestsFailed);
  EXPECT_EQ(tally.Line(), "0 passed, 1 failed, 0 skipped");
  EXPECT_THAT(tally.failures, ElementsAre("//a:t a/t: exited with error code 142"));
}

TEST(CountTests, AMissingXmlFailsEvenIfTheTargetPassed) {
  const Tally tally =
      Bench().Run(Configured("//a:t") + Result("//a:t", "PASSED", "/gone") + kFinished);
  EXPECT_EQ(tally.Line(), "0 passed, 1 failed, 0 skipped");
  EXPECT_THAT(tally.failures, ElementsAre("//a:t (target): PASSED, and left no test.xml"));
}

TEST(CountTests, ABrokenXmlFailsAndKeepsItsCases) {
  const Bench bench{.files = {{"/x", "<testsuites><testsuite>" + std::string(kPass)}}};
  const Tally tally = bench.Run(Configured("//a:t") + Result("//a:t", "PASSED", "/x") + kFinished);
  EXPECT_EQ(tally.Line(), "1 passed, 1 failed, 0 skipped");
  EXPECT_THAT(tally.failures, ElementsAre("//a:t (target): PASSED, and its test.xml is broken: "
                                          "the file ends within <testsuite>"));
}

TEST(CountTests, AFailureOutsideOfAnyCaseCounts) {
  const Bench bench{.files = {{"/x", Suite(kPass)}}};
  const Tally tally =
      bench.Run(Configured("//a:t") + Result("//a:t", "FAILED", "/x") + kTestsFailed);
  EXPECT_EQ(tally.Line(), "1 passed, 1 failed, 0 skipped");
  EXPECT_THAT(tally.failures, ElementsAre("//a:t (target): FAILED outside of any case"));
}

TEST(CountTests, ATargetThatDoesNotBuildCountsOnce) {
  const Tally tally = Bench().Run(
      Configured("//a:t") +
      R"({"id":{"targetCompleted":{"label":"//a:t"}},"aborted":{}})"
      "\n"
      R"({"id":{"targetCompleted":{"label":"//a:t"}},"completed":{"failureDetail":{"message":"gcc failed\nmore"}}})"
      "\n"
      R"({"id":{"buildFinished":{}},"finished":{"exitCode":{"name":"BUILD_FAILURE","code":1}}})"
      "\n");
  EXPECT_EQ(tally.Line(), "0 passed, 1 failed, 0 skipped");
  EXPECT_THAT(tally.failures, ElementsAre("//a:t (target): did not build: gcc failed more"));
}

TEST(CountTests, ATestThatNeverRanCounts) {
  const Bench bench{.files = {{"/x", Suite(kPass)}}};
  const Tally tally = bench.Run(Configured("//a:t") + Configured("//a:u") +
                                Result("//a:t", "PASSED", "/x") + kFinished);
  EXPECT_EQ(tally.Line(), "1 passed, 1 failed, 0 skipped");
  EXPECT_THAT(tally.failures, ElementsAre("//a:u (target): did not run"));
}

TEST(CountTests, ATargetWithoutCasesFailsUnlessFiltered) {
  Bench bench{.files = {{"/x", Suite("")}, {"/y", Suite(kPass)}}};
  const std::string events = Configured("//a:t") + Configured("//a:u") +
                             Result("//a:t", "PASSED", "/x") + Result("//a:u", "PASSED", "/y") +
                             kFinished;
  EXPECT_THAT(bench.Run(events).failures, ElementsAre("//a:t (target): ran no case"));
  bench.options.filtered = true;
  EXPECT_TRUE(bench.Run(events).ok());
}

TEST(CountTests, NothingRunIsAFailure) {
  const Tally tally = Bench().Run(kFinished);
  EXPECT_EQ(tally.Line(), "0 passed, 0 failed, 0 skipped");
  EXPECT_THAT(tally.problems, ElementsAre("no test case ran"));
  EXPECT_FALSE(tally.ok());
}

TEST(CountTests, AnInterruptedBazelFails) {
  const Bench bench{.files = {{"/x", Suite(kPass)}}};
  const Tally tally = bench.Run(Configured("//a:t") + Result("//a:t", "PASSED", "/x"));
  EXPECT_EQ(tally.Line(), "1 passed, 1 failed, 0 skipped");
  EXPECT_THAT(tally.problems, ElementsAre("the build events have no end: bazel was interrupted"));
}

TEST(CountTests, ABazelFailureThatNoTargetExplainsFails) {
  const Bench bench{.files = {{"/x", Suite(kPass)}}};
  const Tally tally =
      bench.Run(Configured("//a:t") + Result("//a:t", "PASSED", "/x") + kTestsFailed);
  EXPECT_EQ(tally.Line(), "1 passed, 1 failed, 0 skipped");
  EXPECT_THAT(tally.problems, ElementsAre("bazel ended with TESTS_FAILED (3)"));
}

TEST(AllowedSkips, AnUnlistedSkipFails) {
  const Bench bench{.files = {{"/x", Suite(std::string(kPass) + kSkip)}}};
  const Tally tally = bench.Run(Configured("//a:t") + Result("//a:t", "PASSED", "/x") + kFinished);
  EXPECT_EQ(tally.Line(), "1 passed, 0 failed, 1 skipped");
  EXPECT_THAT(tally.problems, ElementsAre("skipped, and not in harness/allowed_skips: "
                                          "//a:t S.Skip: no device"));
  EXPECT_FALSE(tally.ok());
}

TEST(AllowedSkips, ADisabledCaseIsASkip) {
  const Bench bench{
      .files = {{"/x", Suite(std::string(kPass) + R"(<testcase name="DISABLED_X" classname="S" )"
                                                  R"(status="notrun" result="suppressed"/>)")}}};
  const Tally tally = bench.Run(Configured("//a:t") + Result("//a:t", "PASSED", "/x") + kFinished);
  EXPECT_EQ(tally.Line(), "1 passed, 0 failed, 1 skipped");
  EXPECT_FALSE(tally.ok());
}

TEST(AllowedSkips, AListedSkipPasses) {
  const Bench bench{.files = {{"/x", Suite(std::string(kPass) + kSkip)}},
                    .allowed = ParseAllowedSkips("# why\n\n//a:t S.Skip needs a modem\n")};
  const Tally tally = bench.Run(Configured("//a:t") + Result("//a:t", "PASSED", "/x") + kFinished);
  EXPECT_EQ(tally.Line(), "1 passed, 0 failed, 1 skipped");
  EXPECT_TRUE(tally.ok()) << tally.problems.front();
}

TEST(AllowedSkips, AStaleEntryFails) {
  const Bench bench{.files = {{"/x", Suite(kPass)}},
                    .allowed = ParseAllowedSkips("//a:t S.Gone it was slow\n//a:gone X y\n")};
  const Tally tally = bench.Run(Configured("//a:t") + Result("//a:t", "PASSED", "/x") + kFinished);
  EXPECT_THAT(tally.problems, ElementsAre("allowed_skips:1: stale: there is no case //a:t S.Gone",
                                          "allowed_skips:2: stale: there is no case //a:gone X"));
  EXPECT_FALSE(tally.ok());
}

TEST(AllowedSkips, WhatWasNotAskedForIsNotStale) {
  const Bench bench{.files = {{"/x", Suite(kPass)}},
                    .allowed = ParseAllowedSkips("//b:t S.Skip needs a modem\n"),
                    .options = {.complete = false, .filtered = false}};
  const Tally tally = bench.Run(Configured("//a:t") + Result("//a:t", "PASSED", "/x") + kFinished);
  EXPECT_THAT(tally.problems, IsEmpty());
}

TEST(AllowedSkips, AnEntryNeedsAReason) {
  const AllowedSkips allowed = ParseAllowedSkips("# note\n//a:t S.Skip\n");
  EXPECT_THAT(allowed.problems, ElementsAre("allowed_skips:2: expected `target case-name reason`"));
}

TEST(JUnit, TextThatLooksLikeTagsIsText) {
  const JUnit junit = ParseJUnit(
      "<testsuite><!-- <testcase name=\"no\"/> --><testcase name='a &lt;&#x42;&#67;&bogus; &' >"
      "<system-out><![CDATA[<failure/>]]></system-out></testcase></testsuite>");
  EXPECT_EQ(junit.error, std::nullopt);
  EXPECT_THAT(junit.cases, ElementsAre(TestCase{"a <BC&bogus; &", CaseStatus::kPassed, ""}));
}

TEST(JUnit, EveryTruncationIsAnError) {
  std::string xml = Suite(std::string(kPass) + kFail + kSkip);
  ASSERT_EQ(ParseJUnit(xml).error, std::nullopt);
  xml = xml.substr(0, xml.rfind('>'));
  for (size_t length = 0; length <= xml.size(); ++length) {
    EXPECT_NE(ParseJUnit(xml.substr(0, length)).error, std::nullopt) << length;
  }
}

TEST(BuildEvents, WhatIsNoJsonIsAnError) {
  EXPECT_THAT(ParseBuildEvents("{\"id\":{}}\n{\"id\":").error.value_or(""),
              HasSubstr("line 2 of the build events is no JSON"));
}

TEST(BuildEvents, APatternThatDoesNotLoadIsBroken) {
  const BuildEvents events = ParseBuildEvents(
      R"({"id":{"pattern":{"pattern":["//nope:all"]}},"aborted":{"reason":"LOADING_FAILURE","description":"no such package"}})"
      "\n");
  EXPECT_THAT(events.broken, ElementsAre(Broken{"//nope:all", "no such package"}));
}

}  // namespace
}  // namespace assay::counting
