// Syntaxes that leave something to the line: several of one form, quotes that come or do not.
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/grammar.h"
#include "dialects/grammar_testing.h"
#include "dialects/line_pattern.h"
#include "gtest/gtest.h"

namespace assay::dialect {
namespace {

constexpr std::string_view kDialect = R"json({
  "schema": "assay.dialect.v1", "dialect": "sample",
  "document": {"title": "Sample Manual", "vendor": "Example"},
  "finals": ["OK", "ERROR"], "failure": "ERROR",
  "commands": [
    {"name": "AT+SUB", "clause": "1",
      "parameters": [
        {"name": "id", "type": "integer", "min": 0, "max": 1},
        {"name": "size", "type": "integer", "min": 1, "max": 99},
        {"name": "qos", "type": "integer", "min": 0, "max": 2},
        {"name": "dup", "type": "integer", "min": 0, "max": 1},
        {"name": "topic", "type": "string"}],
      "forms": [
        {"form": "write", "variant": "list", "syntax": "AT+SUB=<id>[,<dup>]", "responses": [{"outcome": "success", "lines": ["OK"]}]},
        {"form": "write", "variant": "one", "syntax": "AT+SUB=<id>,<size>,<qos>[,<dup>]", "responses": [{"outcome": "success", "lines": ["OK"]}]},
        {"form": "write", "variant": "named", "syntax": "AT+SUB=<id>,<\"topic\">", "responses": [{"outcome": "success", "lines": ["OK"]}]}]},
    {"name": "AT+USER", "clause": "2",
      "parameters": [
        {"name": "id", "type": "integer", "min": 0, "max": 1},
        {"name": "name", "type": "string"}, {"name": "word", "type": "string"}],
      "forms": [
        {"form": "read", "syntax": "AT+USER?", "responses": [{"outcome": "success", "lines": ["+USER: <id>,<name>[,<word>]", "OK"]}]},
        {"form": "write", "syntax": "AT+USER=<id>,<name>[,<word>]", "responses": [{"outcome": "success", "lines": ["OK"]}]}]}],
  "machines": [{"id": "client", "index": "id", "first": 0, "last": 1, "states": ["off", "on"], "initial": "off"}],
  "transitions": [
    {"id": "T1", "machine": "client", "from": ["off"], "event": "AT+SUB write", "clause": "1", "refuse": "ERROR"},
    {"id": "T2", "machine": "client", "event": "AT+SUB write/one", "clause": "1", "to": "on"},
    {"id": "T3", "machine": "client", "event": "AT+SUB write", "clause": "1"}]
})json";

const Grammar& Sample() {
  static const std::shared_ptr<const Grammar> grammar =
      GrammarOf({{"d/dialect.json", std::string(kDialect)}});
  return *grammar;
}

// "write/one id=0 name=\"x\"", then the message of each problem.
std::string Said(const ParsedCommand& command) {
  std::string out = command.form != nullptr ? spec::FormName(*command.form) : "no form";
  for (const Argument& argument : command.arguments) {
    const std::string quote = argument.quoted ? "\"" : "";
    out += " " + std::string(argument.name) + "=" + quote + std::string(argument.value) + quote;
  }
  for (const CommandProblem& problem : command.problems) out += "\n" + problem.message;
  return out;
}

// The fields of the first documented line that fits, or what the last one wanted.
std::string Said(const Grammar& grammar, std::string_view line) {
  LineMatch match;
  std::string out = "unknown";
  for (const DocumentedLine* documented : grammar.LinesLike(line)) {
    const LineFit fit = documented->pattern.Match(line, match);
    if (fit == LineFit::kStructure) {
      out = "differs at " + std::to_string(match.offset) + ", wanted " + std::string(match.wanted);
    }
    if (fit != LineFit::kMatch) continue;
    out.clear();
    for (std::size_t i = 0; i < match.count; ++i) {
      const LineField& field = match.fields[i];
      const std::string quote = field.quoted ? "\"" : "";
      out += (out.empty() ? "" : " ") + std::string(field.name) + "=" + quote +
             std::string(field.value) + quote;
    }
    return out;
  }
  return out;
}

struct Row {
  std::string line, said;
};
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.line; }

class CommandSyntax : public testing::TestWithParam<Row> {};
TEST_P(CommandSyntax, IsRead) {
  EXPECT_EQ(Said(Sample().ParseCommand(GetParam().line)), GetParam().said);
}

class LineSyntax : public testing::TestWithParam<Row> {};
TEST_P(LineSyntax, IsRead) { EXPECT_EQ(Said(Sample(), GetParam().line), GetParam().said); }

INSTANTIATE_TEST_SUITE_P(
    Variants, CommandSyntax,
    testing::ValuesIn(std::vector<Row>{
        {"AT+SUB=0", "write/list id=0"},
        {"AT+SUB=0,1", "write/list id=0 dup=1"},
        {"AT+SUB=0,9", "write/list id=0 dup=9\n<dup> is 9, allowed is 0-1"},
        {"AT+SUB=0,\"t\"", "write/named id=0 topic=\"t\""},
        {"AT+SUB=0,9,1", "write/one id=0 size=9 qos=1"},
        {"AT+SUB=0,9,1,0", "write/one id=0 size=9 qos=1 dup=0"},
        {"AT+SUB=0,9,1,0,5",
         "write/one id=0 size=9 qos=1 dup=0\nnothing may follow here; the form is "
         "AT+SUB=<id>,<size>,<qos>[,<dup>]"},
        {"AT+SUB=", "write/list id=\n<id> is empty"},
    }));

INSTANTIATE_TEST_SUITE_P(QuotesOrNone, CommandSyntax,
                         testing::ValuesIn(std::vector<Row>{
                             {"AT+USER=0,me", "write id=0 name=me"},
                             {"AT+USER=0,\"me\",secret", "write id=0 name=\"me\" word=secret"},
                             {"AT+USER=0,\"a,b\"", "write id=0 name=\"a,b\""},
                             {"AT+USER=0,1,2", "write id=0 name=1 word=2"},
                         }));

INSTANTIATE_TEST_SUITE_P(QuotesOrNone, LineSyntax,
                         testing::ValuesIn(std::vector<Row>{
                             {"+USER: 0,me", "id=0 name=me"},
                             {"+USER: 0,\"me\"", "id=0 name=\"me\""},
                             {"+USER: 0,\"a,b\",w", "id=0 name=\"a,b\" word=w"},
                             {"+USER: 0,\"a\",\"b,c\"", "id=0 name=\"a\" word=\"b,c\""},
                             {"+USER: 0,\"a\"b\",c", "id=0 name=\"a\"b\" word=c"},
                             {"+USER: 0,\"a,b", "id=0 name=\"a word=b"},
                             {"+USER: 0,", "id=0 name="},
                         }));

// A transition of the form is one of every variant, in the order of the spec.
TEST(Variants, HaveTheTransitionsOfTheirFormAndTheirOwn) {
  const auto said = [](std::string_view line) {
    std::string out;
    for (const spec::Transition* transition :
         Sample().Compiled(Sample().ParseCommand(line).form)->transitions) {
      out += " " + transition->id;
    }
    return out;
  };
  EXPECT_EQ(said("AT+SUB=0"), " T1 T3");
  EXPECT_EQ(said("AT+SUB=0,9,1"), " T1 T2 T3");
}

}  // namespace
}  // namespace assay::dialect
