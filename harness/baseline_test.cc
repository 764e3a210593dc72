#include "harness/baseline.h"

#include <gtest/gtest.h>

namespace assay::harness {
namespace {

constexpr const char* kWhole =
    "# Line RC2.\n"
    "\n"
    "case: d/a\n"
    "case: d/b\n"
    "# agreed on the phone\n"
    "expect: fail\n"
    "finding: range/3.2.8/AT+X/write/<n>\n"
    "finding: none of ours\n"
    "reason: takes 2: mended in A10 # not a comment\n"
    "ticket: #17\n"
    "firmware: ..R02A09\n"
    "expires: 2028-02-29\n"
    "\n"
    "expect: pass\n"
    "case: d/c\n";

TEST(ParseBaseline, ReadsBlocksAndKeepsEachLine) {
  const BaselineResult read = ParseBaseline("known.baseline", kWhole);
  ASSERT_TRUE(read.baseline) << spec::Print(read.diagnostics);
  ASSERT_EQ(read.baseline->blocks.size(), 2U);
  const BaselineBlock& block = read.baseline->blocks[0];
  EXPECT_EQ(block.first, 3U);
  EXPECT_EQ(block.last, 12U);
  EXPECT_EQ(block.cases, (std::vector<BaselineCase>{{"d/a", 3}, {"d/b", 4}}));
  EXPECT_EQ(block.expect, Expect::kFail);
  EXPECT_EQ(block.findings,
            (std::vector<std::string>{"range/3.2.8/AT+X/write/<n>", "none of ours"}));
  EXPECT_EQ(block.reason, "takes 2: mended in A10 # not a comment");
  EXPECT_EQ(block.ticket, "#17");
  EXPECT_EQ(Print(*block.firmware), "..R02A09");
  EXPECT_EQ(block.expires, "2028-02-29");
  EXPECT_EQ(read.baseline->blocks[1].expect, Expect::kPass);
  EXPECT_EQ(Print(*read.baseline), kWhole);
}

TEST(ParseBaseline, TakesLineEndsOfAnyKindAndAMissingLastOne) {
  const BaselineResult read = ParseBaseline("f", "expect: pass\r\ncase: d/c \r\n\r\ncase:d/d\nexpect:pass");
  ASSERT_TRUE(read.baseline) << spec::Print(read.diagnostics);
  ASSERT_EQ(read.baseline->blocks.size(), 2U);
  EXPECT_EQ(read.baseline->blocks[0].cases[0].id, "d/c");
  EXPECT_EQ(Print(*read.baseline), "expect: pass\ncase: d/c \n\ncase:d/d\nexpect:pass\n");
}

TEST(ParseBaseline, SaysWhereAndWhatToWrite) {
  const struct {
    const char* text;
    const char* error;
  } rows[] = {
      {"case d/a\n",
       "f:1:1: error: no `key: value`\n    1 | case d/a\n      | ^\n"
       "  for example case: quectel-bg96/qmtopen/write/opens\n"},
      {"case: d/a\nexpect: pass\nexpires:\n",
       "f:3:9: error: \"expires\" has no value\n    3 | expires:\n      |         ^\n"
       "  take the line away if there is nothing to say\n"},
      {"\n  cases: d/a\n", "f:2:3: error: unknown key \"cases\"\n    2 |   cases: d/a\n      |   ^\n"
       "  did you mean \"case\"?\n"},
      {"expect: pass\n", "f:1:1: error: a block without a case\n    1 | expect: pass\n      | ^\n"
       "  a line case: ID, or several\n"},
      {"case: a\nexpect: fails\nreason: r\n",
       "f:2:9: error: \"fails\" is no expected verdict\n    2 | expect: fails\n      |         ^\n"
       "  there are pass, fail, flaky, inconc, error\n"},
      {"case: a\nexpect: pass\nexpires: 2027-02-29\n",
       "f:3:10: error: \"2027-02-29\" is no day\n    3 | expires: 2027-02-29\n"
       "      |          ^\n  for example 2027-01-31\n"},
      {"case: a\nexpect: pass\nfinding: x\n",
       "f:3:10: error: a finding of a case that is to pass\n    3 | finding: x\n"
       "      |          ^\n  findings are of what fails\n"},
      {"case: a\nexpect: pass\n\nexpect: pass\ncase: a\n",
       "f:5:7: error: this case a second time\n    5 | case: a\n      |       ^\n"
       "  the first is in line 1; several findings of a case stand in one block\n"},
      {"case: a\nexpect: pass\nexpect: pass\n",
       "f:3:1: error: \"expect\" a second time in this block\n    3 | expect: pass\n      | ^\n"
       "  the first is in line 2; blocks stand between blank lines\n"},
  };
  for (const auto& row : rows) {
    const BaselineResult read = ParseBaseline("f", row.text);
    EXPECT_FALSE(read.baseline);
    EXPECT_EQ(spec::Print(read.diagnostics), row.error);
  }
}

TEST(ParseBaseline, NamesAllThatABlockLacks) {
  const std::string said = spec::Print(ParseBaseline("f", "case: a\nexpect: fail\n").diagnostics);
  EXPECT_NE(said.find("no finding"), said.npos) << said;
  EXPECT_NE(said.find("no reason"), said.npos) << said;
  EXPECT_NE(spec::Print(ParseBaseline("f", "case: a\n").diagnostics).find("no expected verdict"),
            std::string::npos);
  EXPECT_NE(spec::Print(ParseBaseline("f", "case: a\nexpect: fail\nfinding: x\nreason: r\n"
                                           "firmware: B..A\n").diagnostics).find("no range"),
            std::string::npos);
}

TEST(ParseBaseline, LetsACaseHaveAnEntryForEachFirmwareAndDevice) {
  const BaselineResult read = ParseBaseline(
      "f", "case: a\nexpect: pass\nfirmware: A2..\n\ncase: a\nexpect: pass\nfirmware: ..A1\n\n"
           "case: a\nexpect: pass\ndevice: left\n");
  EXPECT_TRUE(read.baseline) << spec::Print(read.diagnostics);
}

TEST(IsDay, KnowsTheCalendar) {
  for (const char* day : {"2027-01-31", "2028-02-29", "2000-02-29", "2027-12-01"})
    EXPECT_TRUE(IsDay(day)) << day;
  for (const char* day : {"2027-02-29", "1900-02-29", "2027-13-01", "2027-00-10", "2027-1-31",
                          "2027-01-32", "2027/01/31", "", "2027-01-3x"})
    EXPECT_FALSE(IsDay(day)) << day;
}

TEST(BaselineText, IsOneLineThatParses) {
  EXPECT_EQ(BaselineText(" a\nb\x01 "), "a\\nb\\x01");
  EXPECT_EQ(BaselineText(""), "none");
}

}  // namespace
}  // namespace assay::harness
