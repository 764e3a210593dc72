#include "harness/baseline_update.h"

#include <gtest/gtest.h>

#include <map>

#include "harness/pending.h"
#include "harness/text_diff.h"

namespace assay::harness {
namespace {

using report::Outcome;
using report::Verdict;

Outcome Case(const std::string& id, Verdict verdict, std::vector<std::string> findings = {}) {
  Outcome out;
  out.id = id;
  out.verdict = verdict;
  out.reason = verdict == Verdict::kFail ? "it went wrong" : "";
  for (std::string& fingerprint : findings) out.findings.emplace_back().fingerprint = fingerprint;
  return out;
}

BaselineUpdate Updated(const std::string& text, std::vector<Outcome> outcomes,
                       bool drop_missing = true, const std::string& firmware = "") {
  const BaselineResult read = ParseBaseline("b", text);
  EXPECT_TRUE(read.baseline) << spec::Print(read.diagnostics);
  report::Report report;
  report.outcomes = std::move(outcomes);
  HoldAgainst(report, *read.baseline, {.today = "2026-11-22", .firmware = firmware, .there = {}});
  BaselineUpdate out = UpdateBaseline(*read.baseline, report, {firmware, drop_missing});
  const BaselineResult again = ParseBaseline("b", out.text);
  EXPECT_TRUE(again.baseline) << spec::Print(again.diagnostics) << out.text;
  return out;
}

constexpr const char* kKnown =
    "# Of the line RC2.\n"
    "\n"
    "# Agreed.\n"
    "case: a\n"
    "case: b  \n"
    "expect: fail\n"
    "finding: f1\n"
    "reason: known\n"
    "ticket: FW-1\n"
    "\n"
    "# Not mine.\n"
    "case: c\n"
    "expect: fail\n"
    "finding: f1\n"
    "reason: known, too\n";

TEST(UpdateBaseline, LeavesWhatIsTrueAsItIs) {
  EXPECT_EQ(Updated(kKnown, {Case("a", Verdict::kFail, {"f1"}), Case("b", Verdict::kFail, {"f1"}),
                             Case("c", Verdict::kFail, {"f1"}), Case("d", Verdict::kPass)}).text,
            kKnown);
}

TEST(UpdateBaseline, TakesAwayWhatPassesAndItsBlockWithTheLast) {
  EXPECT_EQ(Updated(kKnown, {Case("a", Verdict::kFail, {"f1"}), Case("b", Verdict::kPass),
                             Case("c", Verdict::kPass)}).text,
            "# Of the line RC2.\n\n# Agreed.\ncase: a\nexpect: fail\nfinding: f1\nreason: known\n"
            "ticket: FW-1\n\n");
}

TEST(UpdateBaseline, PutsWhatFailsBesideWhatFailsSo) {
  EXPECT_EQ(Updated(kKnown, {Case("a", Verdict::kFail, {"f1"}), Case("b", Verdict::kFail, {"f1"}),
                             Case("c", Verdict::kFail, {"f1", "f2"}),
                             Case("d", Verdict::kFail, {"f2", "f1"}), Case("e", Verdict::kFail)}).text,
            "# Of the line RC2.\n\n# Agreed.\ncase: a\ncase: b  \nexpect: fail\nfinding: f1\n"
            "reason: known\nticket: FW-1\n\n"
            "case: c\ncase: d\nexpect: fail\nfinding: f1\nfinding: f2\n"
            "reason: to be reviewed: it went wrong\n\n"
            "case: e\nexpect: fail\nfinding: none\nreason: to be reviewed: it went wrong\n");
}

TEST(UpdateBaseline, SaysOfAnEmptyFileWhichCasesPass) {
  const std::string first = Updated("", {Case("b", Verdict::kPass), Case("a", Verdict::kPass),
                                         Case("c", Verdict::kFail, {"f1"})}).text;
  EXPECT_EQ(first,
            "case: c\nexpect: fail\nfinding: f1\nreason: to be reviewed: it went wrong\n\n"
            "expect: pass\ncase: a\ncase: b\n");
  EXPECT_EQ(Updated(first, {Case("b", Verdict::kPass), Case("a", Verdict::kFail, {"f1"}),
                            Case("c", Verdict::kPass), Case("aa", Verdict::kPass)}).text,
            "expect: pass\ncase: aa\ncase: b\ncase: c\n\ncase: a\nexpect: fail\nfinding: f1\n"
            "reason: to be reviewed: it went wrong\n");
}

TEST(UpdateBaseline, ListsAsFlakyWhatPassesOnARetryOrARepeat) {
  Outcome retried = Case("a", Verdict::kPass);
  retried.attempts = {Case("a", Verdict::kFail, {"f1"})};
  const char* known = "case: a\nexpect: fail\nfinding: f1\nreason: known\n";
  const char* flaky =
      "case: a\nexpect: flaky\nfinding: f1\nreason: to be reviewed: it went wrong\n";
  EXPECT_EQ(Updated(known, {retried}).text, flaky);
  EXPECT_EQ(Updated(known, {Case("a", Verdict::kFail, {"f1"}), Case("a#2", Verdict::kPass)}).text,
            flaky);
}

TEST(UpdateBaseline, LeavesToAPersonWhatItCannotKnow) {
  const char* expired =
      "case: a\nexpect: fail\nfinding: f1\nreason: known\nexpires: 2026-01-01\n\n"
      "case: b\nexpect: fail\nfinding: f1\nreason: known\nfirmware: ..A05\n\n"
      "case: c\nexpect: fail\nfinding: f1\nreason: known\n\n"
      "case: gone\nexpect: fail\nfinding: f1\nreason: known\n";
  const std::vector<Outcome> outcomes = {Case("a", Verdict::kFail, {"f1"}),
                                         Case("b", Verdict::kFail, {"f1"}),
                                         Case("c", Verdict::kInconc)};
  const BaselineUpdate update = Updated(expired, outcomes, false);
  EXPECT_EQ(update.text, expired);
  EXPECT_EQ(update.left.size(), 4U);
  EXPECT_EQ(Updated(expired, outcomes, true).text.find("gone"), std::string::npos);
}

TEST(UpdateBaseline, DoesNotTouchEntriesOfOtherFirmware) {
  const std::string other =
      "case: a\nexpect: fail\nfinding: f1\nreason: known\nfirmware: ..A05\n";
  EXPECT_EQ(Updated(other, {Case("a", Verdict::kPass)}, true, "A06").text, other);
}

TEST(UnifiedDiff, ShowsWhatChangesWithItsPlace) {
  EXPECT_EQ(UnifiedDiff("f", "a\n", "a\n"), "");
  EXPECT_EQ(UnifiedDiff("f", "", "a\nb\n"), "--- f\n+++ f\n@@ -0,0 +1,2 @@\n+a\n+b\n");
  EXPECT_EQ(UnifiedDiff("f", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n10\n12\n"),
            "--- f\n+++ f\n@@ -2,11 +2,10 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n 9\n 10\n-11\n 12\n");
  EXPECT_EQ(UnifiedDiff("f", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "0\n1\n2\n3\n4\n5\n6\n7\n8\n"),
            "--- f\n+++ f\n@@ -1,3 +1,4 @@\n+0\n 1\n 2\n 3\n@@ -6,4 +7,3 @@\n 6\n 7\n 8\n-9\n");
}

TEST(PlaceToUpdate, IsTheFileButNotInCiAndUnderBazelBesideIt) {
  const auto place = [](std::map<std::string, const char*> set) {
    return PlaceToUpdate("lab/../known.baseline", [set](const char* name) {
      const auto found = set.find(name);
      return found == set.end() ? nullptr : found->second;
    });
  };
  EXPECT_EQ(place({}).path, "lab/../known.baseline");
  EXPECT_NE(place({{"CI", "true"}}).refused, "");
  EXPECT_NE(place({{"CI", "1"}, {"TEST_UNDECLARED_OUTPUTS_DIR", "/o"}}).refused, "");
  EXPECT_EQ(place({{"CI", ""}}).refused, "");
  EXPECT_EQ(place({{"TEST_UNDECLARED_OUTPUTS_DIR", "/o"}, {"BUILD_WORKSPACE_DIRECTORY", "/w"}}).path,
            "/o/pending/known.baseline");
  EXPECT_EQ(place({{"BUILD_WORKSPACE_DIRECTORY", "/w"}}).path, "/w/pending/known.baseline");
  EXPECT_TRUE(place({{"BUILD_WORKSPACE_DIRECTORY", "/w"}}).pending);
}

}  // namespace
}  // namespace assay::harness
