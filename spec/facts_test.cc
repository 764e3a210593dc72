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
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "spec/complaints.h"
#include "spec/loader.h"
#include "spec/model.h"
#include "spec/sample_testing.h"

namespace assay::spec {
namespace {

// The spec does not say where the manual lists its models: clause and basis come last, to be left
// out there.
constexpr std::string Fact::*kColumns[] = {&Fact::value, &Fact::subject, &Fact::attribute,
                                           &Fact::clause, &Fact::basis};
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
  const LoadResult loaded = LoadDialect("spec/" + GetParam(), {.as_printed = true});
  ASSERT_NE(loaded.dialect, nullptr) << Print(loaded.diagnostics);
  ASSERT_EQ(loaded.dialect->model, "");

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

// By the command, code or model that they are about; no fact is compared with one of another.
std::map<std::string, std::vector<Fact>> BySubject(const std::vector<Fact>& facts) {
  std::map<std::string, std::vector<Fact>> groups;
  for (const Fact& fact : facts) {
    groups[fact.subject.substr(0, fact.subject.find_first_of("/:"))].push_back(fact);
  }
  return groups;
}

// The comparison itself must not be blind: whatever fact of the reader is changed shows.
TEST_P(SecondReading, ShowsEveryPlantedError) {
  const std::string file = kFolder + GetParam() + ".facts";
  const LoadResult loaded = LoadDialect("spec/" + GetParam(), {.as_printed = true});
  ASSERT_NE(loaded.dialect, nullptr);
  const auto all_of_spec = BySubject(FactsOf(*loaded.dialect));
  for (const auto& [subject, reader] : BySubject(ParseFacts(file, ReadFile(file)).facts)) {
    const auto found = all_of_spec.find(subject);
    const std::vector<Fact> spec = found == all_of_spec.end() ? std::vector<Fact>() : found->second;
    const std::vector<Difference> before = Compare(*loaded.dialect, spec, reader);
    for (std::size_t i = 0; i < reader.size(); ++i) {
      if (reader[i].kind == "example" || reader[i].kind == "rule") continue;
      // One column of each, in turn.
      const bool of_models = reader[i].kind == "model" || reader[i].kind == "lacks";
      std::vector<Fact> changed = reader;
      changed[i].*kColumns[i % (std::size(kColumns) - (of_models ? 2 : 0))] += "9";
      EXPECT_NE(Compare(*loaded.dialect, spec, changed), before) << Print(reader[i]);
      std::vector<Fact> without = reader;
      without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
      // A fact that both call inferred or open may be left out by either; what the spec lists of
      // models it lists as stated.
      const bool manuals = of_models || reader[i].basis == "stated" || reader[i].basis == "example";
      if (manuals) {
        EXPECT_NE(Compare(*loaded.dialect, spec, without), before) << Print(reader[i]);
      }
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
  const LoadResult loaded = LoadDialectFromTexts(Sample(), {.as_printed = true});
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
            "timing\tAT+OPEN/write\tmax_response\t300\t2.1.2\tstated\n"
            "timing\tAT+OPEN/write\tmax_result\t<wait> * 2\t2.1.2\tstated\n"
            "form\tAT+OPEN/write:tls\tsyntax\tAT+OPEN=\"tls\",<id>[,<mode>]\t2.1\tstated\n"
            "response\tAT+OPEN/write:tls\tsuccess\tOK\t2.1\tstated\n"
            "response\tAT+OPEN/write:tls\tquery\t[+OPEN: \"tls\",<mode>] | OK\t2.1\tstated\n"
            "parameter\tAT+OPEN:tls/mode\ttype\tinteger\t2.1\tstated\n"
            "value\tAT+OPEN:tls/mode\t0\t-\t2.1\tstated\n"
            "value\tAT+OPEN:tls/mode\t1\t-\t6.1\texample\n"
            "value\tAT+OPEN:tls/mode\t2\t-\t2.1\tstated\n"
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
            "parameter\tAT+SEND/size\tmax\t512\t2.3\tstated\n"
            "override\tAT+OPEN:tls/mode@M1\twithout\t2\t2.1\tstated\n");
}

// Of `dialect`, the facts of these kinds, one a line.
std::string Only(const std::vector<std::string_view>& kinds, const Dialect& dialect) {
  std::string printed;
  for (const Fact& fact : FactsOf(dialect)) {
    const bool wanted = std::find(kinds.begin(), kinds.end(), fact.kind) != kinds.end();
    if (wanted) printed += Print(fact) + "\n";
  }
  return printed;
}

TEST(Facts, TellWhatEachModelLacksAndHasOtherwise) {
  const LoadResult loaded = LoadDialectFromTexts(Sample(), {.as_printed = true});
  ASSERT_NE(loaded.dialect, nullptr) << Print(loaded.diagnostics);
  EXPECT_EQ(Only({"model", "lacks", "override"}, *loaded.dialect),
            "model\tM1\t-\t-\t-\tstated\n"
            "override\tAT+OPEN:tls/mode@M1\twithout\t2\t2.1\tstated\n"
            "lacks\tM1\tAT+SEND\t-\t-\tstated\n"
            "model\tM2\t-\t-\t-\tstated\n"
            "override\tAT+OPEN/port@M2\tmax\t9999\t2.1.1\tstated\n"
            "override\tAT+OPEN/port@M2\tdefault\t883\t2.1.1\tstated\n");
}

TEST(Facts, TellTheFormsAndValuesOfAModel) {
  Dialect dialect;
  dialect.models = {{.id = "A"}, {.id = "B"}};
  Command command;
  command.name = "AT+X";
  command.source.clause = "1";
  command.not_models = {"C"};
  Form bare;
  bare.syntax.text = "AT+X=<mode>";
  Form sized = bare;
  sized.syntax.text = "AT+X=<mode>,<size>";
  sized.models = {"B"};
  command.forms = {bare, sized};
  const Source row{.clause = "0", .basis = Basis::kInferred};
  Parameter mode;
  mode.name = "mode";
  mode.values = {{.value = "0"}, {.value = "1"}};
  mode.overrides = {{.models = {"A"},
                     .range = {.max_length = 256},
                     .values = {{.value = "1", .source = row}, {.value = "7", .source = row}},
                     .source = row}};
  command.parameters = {mode};
  dialect.commands = {command};
  EXPECT_EQ(Only({"form", "lacks", "override"}, dialect),
            "form\tAT+X/write/1\tsyntax\tAT+X=<mode>\t\tstated\n"
            "form\tAT+X/write/2\tsyntax\tAT+X=<mode>,<size>\t\tstated\n"
            "lacks\tA\tAT+X/write/2\t-\t-\tstated\n"
            "override\tAT+X/mode@A\tmax_length\t256\t0\tinferred\n"
            "override\tAT+X/mode@A\twithout\t0\t0\tinferred\n"
            "override\tAT+X/mode@A\twith\t7\t0\tinferred\n");
}

TEST(Facts, AFieldForEitherOfTwoIsThose) {
  Dialect dialect;
  dialect.models = {{.id = "A"}, {.id = "B"}};
  Command command;
  command.name = "AT+X";
  Parameter text;
  text.name = "text";
  text.type = Type::kString;
  Parameter size;
  size.name = "size";
  size.models = {"B"};
  Parameter field;
  field.name = "text/size";
  field.either = {"text", "size"};
  command.parameters = {text, size, field};
  dialect.commands = {command};
  EXPECT_EQ(Only({"parameter", "lacks"}, dialect),
            "parameter\tAT+X/text\ttype\tstring\t\tstated\n"
            "parameter\tAT+X/size\ttype\tinteger\t\tstated\n"
            "lacks\tA\tAT+X/size\t-\t-\tstated\n");
}

// The only model of a manual is the manual's subject, not a fact in it.
TEST(Facts, OneModelIsNone) {
  Dialect dialect;
  dialect.models = {{.id = "A"}};
  EXPECT_EQ(Only({"model", "lacks", "override"}, dialect), "");
}

TEST(Facts, WhatAModelLacksIsComparedWithoutItsPlace) {
  const Dialect dialect;
  const Fact ours{"lacks", "A", "AT+X", "-", "-", "stated"};
  const Fact theirs{"lacks", "A", "AT+X", "-", "Applicable-Model", "open"};
  Fact other = theirs;
  other.attribute = "AT+Y";
  EXPECT_TRUE(Compare(dialect, {ours}, {theirs}).empty());
  EXPECT_EQ(Compare(dialect, {ours}, {other}).size(), 2U);
  EXPECT_EQ(Compare(dialect, {ours}, {}).size(), 1U);
}

// <"name"> and "<name>" are two ways of printing one thing.
TEST(Facts, QuotesStandAroundTheBrackets) {
  Dialect dialect;
  Command command;
  command.name = "AT+X";
  Form form;
  form.syntax.text = "AT+X=<id>,<\"Topic\">[,\"<other>\"]";
  command.forms = {form};
  dialect.commands = {command};
  EXPECT_EQ(Only({"form"}, dialect),
            "form\tAT+X/write\tsyntax\tAT+X=<id>,\"<Topic>\"[,\"<other>\"]\t\tstated\n");
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

TEST(Facts, AnotherSpellingIsNoOtherParameter) {
  Command command;
  command.name = "AT+X";
  command.parameters = {{.name = "Client id", .aliases = {"Clientid"}}};
  Dialect dialect;
  dialect.commands = {command};
  const Fact ours{"parameter", "AT+X/Client id", "min", "1", "2", "stated"};
  Fact theirs = ours;
  theirs.subject = "AT+X/Clientid";
  EXPECT_TRUE(Compare(dialect, {ours}, {theirs}).empty());
  theirs.subject = "AT+X/Clientid2";
  EXPECT_EQ(Compare(dialect, {ours}, {theirs}).size(), 2U);
  Fact of_model = ours;
  of_model.kind = "override";
  of_model.subject = "AT+X/Client id@A";
  theirs = of_model;
  theirs.subject = "AT+X/Clientid@A";
  EXPECT_TRUE(Compare(dialect, {of_model}, {theirs}).empty());
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
