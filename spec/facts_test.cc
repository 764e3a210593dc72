// Two readings of each manual: the JSON, and the list of somebody who had not seen it. They are
// compared both ways; every difference is told, unless it was looked up in the manual and stands
// in <dialect>.facts.reviewed with the reason.

#include "spec/facts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "spec/loader.h"
#include "spec/model.h"
#include "spec/sample_testing.h"

namespace assay::spec {
namespace {

constexpr std::string Fact::*kColumns[] = {&Fact::value, &Fact::subject, &Fact::clause,
                                           &Fact::attribute, &Fact::basis};
const std::string kFolder = "spec/testdata/";

std::string ReadFile(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  return std::string((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
}

std::vector<std::string> SecondReadings() {
  std::vector<std::string> ids;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".facts") ids.push_back(entry.path().stem().string());
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

class SecondReading : public testing::TestWithParam<std::string> {};

TEST_P(SecondReading, SaysWhatTheSpecSays) {
  const std::string file = kFolder + GetParam() + ".facts";
  const ParsedFacts parsed = ParseFacts(file, ReadFile(file));
  ASSERT_EQ(Print(parsed.diagnostics), "");
  ASSERT_FALSE(parsed.facts.empty());
  const ParsedReview review = ParseReview(file + ".reviewed", ReadFile(file + ".reviewed"));
  ASSERT_EQ(Print(review.diagnostics), "");
  const LoadResult loaded = LoadDialectById(GetParam(), {"spec"}, {});
  ASSERT_NE(loaded.dialect, nullptr) << Print(loaded.diagnostics);

  std::vector<Difference> unused;
  for (const Reviewed& entry : review.entries) unused.push_back(entry.difference);
  for (const Difference& difference :
       Compare(*loaded.dialect, FactsOf(*loaded.dialect), parsed.facts)) {
    const auto known = std::find(unused.begin(), unused.end(), difference);
    if (known != unused.end()) {
      unused.erase(known);
    } else {
      ADD_FAILURE() << Print(difference);
    }
  }
  for (const Difference& difference : unused) {
    ADD_FAILURE() << "reviewed, but no longer a difference: " << Print(difference);
  }
}

// The comparison itself must not be blind: whatever fact of the reader is changed shows.
TEST_P(SecondReading, ShowsEveryPlantedError) {
  const std::string file = kFolder + GetParam() + ".facts";
  const std::vector<Fact> reader = ParseFacts(file, ReadFile(file)).facts;
  const LoadResult loaded = LoadDialectById(GetParam(), {"spec"}, {});
  ASSERT_NE(loaded.dialect, nullptr);
  const std::vector<Fact> spec = FactsOf(*loaded.dialect);
  const std::vector<Difference> before = Compare(*loaded.dialect, spec, reader);
  for (std::size_t i = 0; i < reader.size(); ++i) {
    if (reader[i].kind == "example" || reader[i].kind == "rule") continue;
    // One column of each, in turn.
    std::vector<Fact> changed = reader;
    changed[i].*kColumns[i % std::size(kColumns)] += "9";
    EXPECT_NE(Compare(*loaded.dialect, spec, changed), before) << Print(reader[i]);
    std::vector<Fact> without = reader;
    without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
    // A fact that both call inferred or open may be left out by either.
    const bool manuals = reader[i].basis == "stated" || reader[i].basis == "example";
    if (manuals) {
      EXPECT_NE(Compare(*loaded.dialect, spec, without), before) << Print(reader[i]);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Manuals, SecondReading, testing::ValuesIn(SecondReadings()),
                         [](const auto& row) {
                           std::string name = row.param;
                           std::replace_if(
                               name.begin(), name.end(), [](char c) { return !std::isalnum(c); },
                               '_');
                           return name;
                         });

std::vector<std::string> Printed(const std::vector<Difference>& differences) {
  std::vector<std::string> lines;
  for (const Difference& difference : differences) lines.push_back(Print(difference));
  return lines;
}

TEST(Facts, AreDerivedFromTheSpec) {
  const LoadResult loaded = LoadDialectFromTexts(Sample(), {});
  ASSERT_NE(loaded.dialect, nullptr);
  std::string printed;
  for (const Fact& fact : FactsOf(*loaded.dialect)) {
    if (fact.subject.starts_with("AT+SEND") || fact.subject.starts_with("AT+OPEN:tls") ||
        fact.subject.starts_with("AT+OPEN/write")) {
      printed += Print(fact) + "\n";
    }
  }
  EXPECT_EQ(printed,
            "form\tAT+OPEN/write\tsyntax\tAT+OPEN=<id>,\"<host>\"[,<port>[,<wait>]]\t2.1\tstated\n"
            "response\tAT+OPEN/write\tsuccess\tOK | +OPEN: <id>,<result>\t2.1\tstated\n"
            "response\tAT+OPEN/write\tfailure\t+CME ERROR: <err>\t2.1\tstated\n"
            "response\tAT+OPEN/write\tfailure\tERROR\t2.1\topen\n"
            "timing\tAT+OPEN/write\tmax_response\t<wait> * 2\t2.1.2\tstated\n"
            "form\tAT+OPEN/write:tls\tsyntax\tAT+OPEN=\"tls\",<id>[,<mode>]\t2.1\tstated\n"
            "response\tAT+OPEN/write:tls\tsuccess\tOK\t2.1\tstated\n"
            "response\tAT+OPEN/write:tls\tquery\t[+OPEN: \"tls\",<mode>] | OK\t2.1\tstated\n"
            "parameter\tAT+OPEN:tls/mode\ttype\tinteger\t2.1\tstated\n"
            "value\tAT+OPEN:tls/mode\t0\t-\t2.1\tstated\n"
            "value\tAT+OPEN:tls/mode\t1\t-\t6.1\texample\n"
            "value\tAT+OPEN:tls/mode\t8-255\t-\t2.1\tstated\n"
            "command\tAT+SEND\tkind\tcommand\t2.3\tstated\n"
            "form\tAT+SEND/write\tsyntax\tAT+SEND=<id>,<size>\t2.3\tstated\n"
            "response\tAT+SEND/write\tsuccess\tOK\t2.3\tstated\n"
            "data\tAT+SEND/write\tprompt_hex\t3E\t2.3\tstated\n"
            "data\tAT+SEND/write\tends\tlength\t2.3\tstated\n"
            "data\tAT+SEND/write\tcancel\tesc\t2.3\tstated\n"
            "data\tAT+SEND/write\tmax\t512\t2.3\tstated\n"
            "parameter\tAT+SEND/id\ttype\tinteger\t2.3\tstated\n"
            "parameter\tAT+SEND/id\tmin\t0\t2.3\tstated\n"
            "parameter\tAT+SEND/id\tmax\t5\t2.3\tstated\n"
            "parameter\tAT+SEND/size\ttype\tinteger\t2.3\tstated\n"
            "parameter\tAT+SEND/size\tmin\t1\t2.3\tstated\n"
            "parameter\tAT+SEND/size\tmax\t512\t2.3\tstated\n");
}

TEST(Facts, AreComparedBothWays) {
  const Dialect dialect;
  const Fact both{"value", "AT+X/a", "1", "-", "2", "stated"};
  Fact elsewhere = both;
  elsewhere.clause = "3";
  Fact guessed = both;
  guessed.attribute = "2";
  guessed.basis = "inferred";
  using Lines = std::vector<std::string>;
  EXPECT_EQ(Printed(Compare(dialect, {both}, {both})), Lines{});
  EXPECT_EQ(Printed(Compare(dialect, {both}, {})), Lines{"spec\tvalue\tAT+X/a\t1\t-\t2\tstated"});
  EXPECT_EQ(Printed(Compare(dialect, {}, {both})), Lines{"reader\tvalue\tAT+X/a\t1\t-\t2\tstated"});
  EXPECT_EQ(
      Printed(Compare(dialect, {both}, {elsewhere})),
      (Lines{"spec\tvalue\tAT+X/a\t1\t-\t2\tstated", "reader\tvalue\tAT+X/a\t1\t-\t3\tstated"}));
  // The spec may infer what the reader does not mention; not the other way round.
  EXPECT_EQ(Printed(Compare(dialect, {guessed}, {})), Lines{});
  EXPECT_EQ(Printed(Compare(dialect, {}, {guessed})),
            Lines{"reader\tvalue\tAT+X/a\t2\t-\t2\tinferred"});
}

TEST(Facts, RulesAreComparedWhereBothNameThem) {
  const Dialect dialect;
  const Fact ours{"rule", "ok-first", "-", "OK first", "1", "stated"};
  Fact theirs = ours;
  theirs.value = "other words";
  EXPECT_TRUE(Compare(dialect, {ours}, {theirs}).empty());
  theirs.clause = "2";
  EXPECT_EQ(Compare(dialect, {ours}, {theirs}).size(), 2U);
  theirs.subject = "other";
  EXPECT_TRUE(Compare(dialect, {ours}, {theirs}).empty());
}

TEST(Facts, BrokenLinesAreTold) {
  EXPECT_EQ(Print(ParseFacts("x.facts", "# fine\n\nvalue\ta\tb\n").diagnostics),
            "x.facts:3:1: error: the line has 3 columns\n"
            "    3 | value a b\n"
            "      | ^\n"
            "  expected kind, subject, attribute, value, clause, basis; tab separated\n");
  EXPECT_EQ(Print(ParseFacts("x.facts", "valeu\ta\tb\tc\td\te").diagnostics),
            "x.facts:1:1: error: unknown kind \"valeu\"\n"
            "    1 | valeu a b c d e\n"
            "      | ^\n");
  EXPECT_EQ(Print(ParseReview("x", "spec\tvalue\ta\tb\tc\td\te\t\n").diagnostics),
            "x:1:1: error: this is no reviewed difference\n"
            "    1 | spec value a b c d e \n"
            "      | ^\n"
            "  expected spec or reader, six columns of a fact, a reason\n");
}

}  // namespace
}  // namespace assay::spec
