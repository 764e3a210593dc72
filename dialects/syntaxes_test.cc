// Syntaxes that leave something to the line: several of one form, quotes that come or do not.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/expression.h"
#include "dialects/grammar.h"
#include "dialects/grammar_testing.h"
#include "dialects/line_pattern.h"
#include "dialects/reader.h"
#include "gtest/gtest.h"

namespace assay::dialect {
namespace {

constexpr std::string_view kDialect = R"json({
  "schema": "assay.dialect.v1", "dialect": "sample",
  "document": {"title": "Sample Manual", "vendor": "Example"},
  "models": [{"id": "M1"}, {"id": "M2"}], "default_model": "M1",
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
        {"form": "write", "syntax": "AT+USER=<id>,<name>[,<word>]", "responses": [{"outcome": "success", "lines": ["OK"]}]}]},
    {"name": "AT+PUB", "clause": "3",
      "parameters": [
        {"name": "id", "type": "integer", "min": 0, "max": 1},
        {"name": "topic", "type": "string", "max_length": 9},
        {"name": "topic id", "type": "integer", "min": 1, "max": 99},
        {"name": "topic/topic id", "either": ["topic id", "topic"]},
        {"name": "payload", "type": "string", "charset": "binary"},
        {"name": "size", "type": "integer", "min": 1, "max": 20, "models": ["M2"]},
        {"name": "payload/size", "either": ["payload", "size"]}],
      "forms": [
        {"form": "read", "syntax": "AT+PUB?", "responses": [{"outcome": "success", "lines": ["+PUB: <id>,<topic/topic id>,<payload/size>", "OK"]}]},
        {"form": "write", "syntax": "AT+PUB=<id>,<topic/topic id>,<payload/size>", "responses": [{"outcome": "success", "lines": ["OK"]}]}]},
    {"name": "AT+AUTH", "clause": "4",
      "parameters": [
        {"name": "cloud", "type": "integer", "min": 0, "max": 9},
        {"name": "word", "type": "string"}],
      "forms": [
        {"form": "write", "key": "1", "key_of": "cloud", "syntax": "AT+AUTH=1,<word>", "responses": [{"outcome": "success", "lines": ["OK"]}]},
        {"form": "write", "key": "2", "key_of": "cloud", "syntax": "AT+AUTH=2,<word>,<word>", "responses": [{"outcome": "success", "lines": ["OK"]}]}]},
    {"name": "+TOPIC", "kind": "urc", "clause": "5",
      "parameters": [
        {"name": "id", "type": "integer", "min": 0, "max": 1},
        {"name": "size", "type": "integer", "min": 0, "max": 20},
        {"name": "part", "type": "string", "length": "size"}],
      "forms": [{"form": "urc", "syntax": "+TOPIC: <id>,<size>\r\n<part>"}]},
    {"name": "+MSGI", "kind": "urc", "clause": "6",
      "parameters": [
        {"name": "size", "type": "integer", "min": 0, "max": 20},
        {"name": "topic id", "type": "integer", "min": 21, "max": 99},
        {"name": "size/topic id", "either": ["size", "topic id"]},
        {"name": "topic", "type": "string", "length": "size"},
        {"name": "topic/topic id", "either": ["topic", "topic id"]},
        {"name": "psize", "type": "integer", "min": 0, "max": 20},
        {"name": "payload", "type": "string", "length": "psize"}],
      "forms": [{"form": "urc", "syntax": "+MSGI: <size/topic id>,<psize>\r\n<topic/topic id>,<payload>"}]},
    {"name": "+MSG", "kind": "urc", "clause": "7",
      "parameters": [
        {"name": "qos", "type": "integer"}, {"name": "topic", "type": "string"},
        {"name": "payload", "type": "string", "charset": "binary"}],
      "forms": [{"form": "urc", "syntax": "+MSG: <qos>,<\"topic\">,<\"payload\">"}]}],
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

INSTANTIATE_TEST_SUITE_P(
    EitherOfTwo, CommandSyntax,
    testing::ValuesIn(std::vector<Row>{
        {"AT+PUB=0,\"t\",\"p\"", "write id=0 topic=\"t\" payload=\"p\""},
        {"AT+PUB=0,7,\"p\"", "write id=0 topic id=7 payload=\"p\""},
        {"AT+PUB=0,t,\"p\"", "write id=0 topic=t payload=\"p\""},
        {"AT+PUB=0,100,\"p\"", "write id=0 topic id=100 payload=\"p\"\n<topic id> is 100, allowed is 1-99"},
        {"AT+PUB=0,\"0123456789\",\"p\"",
         "write id=0 topic=\"0123456789\" payload=\"p\"\n<topic> is 10 bytes, allowed is up to 9 bytes"},
        {"AT+PUB=0,7,5", "write id=0 topic id=7 size=5\n<size> is no parameter of M1"},
        {R"(AT+PUB=0,7,"{"a":"b","c":1}")", R"(write id=0 topic id=7 payload="{"a":"b","c":1}")"},
    }));

INSTANTIATE_TEST_SUITE_P(EitherOfTwo, LineSyntax,
                         testing::ValuesIn(std::vector<Row>{
                             {"+PUB: 0,\"t\",\"p\"", "id=0 topic=\"t\" payload=\"p\""},
                             {"+PUB: 0,7,8", "id=0 topic id=7 size=8"},
                             {"+PUB: 0,t,x,y", "id=0 topic=t payload=x,y"},
                             {"+PUB: 0,7t,8", "id=0 topic=7t size=8"},
                         }));

INSTANTIATE_TEST_SUITE_P(KeysThatAreValues, CommandSyntax,
                         testing::ValuesIn(std::vector<Row>{
                             {"AT+AUTH=1,a", "write:1 cloud=1 word=a"},
                             {"AT+AUTH=2,a,b", "write:2 cloud=2 word=a word=b"},
                             {"AT+AUTH=3,a", "no form\nthe manual has no such sub-command"},
                         }));

INSTANTIATE_TEST_SUITE_P(
    AsLongAsAnotherSays, LineSyntax,
    testing::ValuesIn(std::vector<Row>{
        {"+TOPIC: 0,4\r\na,\"b", "id=0 size=4 part=a,\"b"},
        {"+TOPIC: 0,4\r\n\r\n\r\n", "id=0 size=4 part=\r\n\r\n"},
        {"+TOPIC: 0,0\r\n", "id=0 size=0 part="},
        {"+TOPIC: 0,4\r\nabc", "differs at 13, wanted part"},
        {"+TOPIC: 0,4\r\nabcde", "differs at 17, wanted end of line"},
        {"+TOPIC: 0,4", "differs at 11, wanted \r\n"},
        {"+TOPIC: 0,3\r\n\"ab\"", "differs at 16, wanted end of line"},
        {"+TOPIC: 0,2\r\n\"ab\"", "id=0 size=2 part=\"ab\""},
        {"+TOPIC: 0,4\r\n\"ab\"", "id=0 size=4 part=\"ab\""},
        {"+MSGI: 3,4\r\n\"a,b\",\"c,\"d\"",
         "size=3 psize=4 topic=\"a,b\" payload=\"c,\"d\""},
        {"+MSGI: 50,2\r\n50,cd", "topic id=50 psize=2 topic id=50 payload=cd"},
    }));

INSTANTIATE_TEST_SUITE_P(RawBetweenQuotes, LineSyntax,
                         testing::ValuesIn(std::vector<Row>{
                             {R"(+MSG: 0,"t","p")", R"(qos=0 topic="t" payload="p")"},
                             {R"(+MSG: 0,"t","{"a","b"}")",
                              R"(qos=0 topic="t" payload="{"a","b"}")"},
                             {R"(+MSG: 0,"t","")", R"(qos=0 topic="t" payload="")"},
                             {R"(+MSG: 0,"t","a"b)", "differs at 15, wanted end of line"},
                             {R"(+MSG: 0,"t",")", "differs at 12, wanted payload"},
                         }));

// The bytes of a modem in whichever pieces: the lines, and how each ends.
std::string Lines(std::string_view bytes, std::size_t piece, std::string_view known) {
  Reader reader(Sample());
  if (!known.empty()) reader.KnowMessage("t", known);
  std::string out;
  Token token;
  const auto collect = [&] {
    while (reader.Next(token)) {
      out += (token.kind == Token::Kind::kLine ? "[" : "(") + std::string(token.text) + "]";
    }
  };
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    reader.Feed(bytes.substr(0, piece));
    collect();
  }
  reader.Flush(true);
  collect();
  return out;
}

struct StreamRow {
  std::string bytes, lines, known = {};
};
std::ostream& operator<<(std::ostream& out, const StreamRow& row) { return out << row.bytes; }

class StreamSyntax : public testing::TestWithParam<StreamRow> {};
TEST_P(StreamSyntax, IsCutIntoLines) {
  const StreamRow& row = GetParam();
  EXPECT_EQ(Lines(row.bytes, row.bytes.size(), row.known), row.lines);
  EXPECT_EQ(Lines(row.bytes, 1, row.known), row.lines);
}

INSTANTIATE_TEST_SUITE_P(
    AsLongAsAnotherSays, StreamSyntax,
    testing::ValuesIn(std::vector<StreamRow>{
        {"\r\n+TOPIC: 0,4\r\nabcd\r\nOK\r\n", "[+TOPIC: 0,4\r\nabcd][OK]"},
        {"+TOPIC: 0,6\r\n\r\nOK\r\n\r\nOK\r\n", "[+TOPIC: 0,6\r\n\r\nOK\r\n][OK]"},
        {"+TOPIC: 0,0\r\n\r\nOK\r\n", "[+TOPIC: 0,0\r\n][OK]"},
        // It lies: the content is what stands there.
        {"+TOPIC: 0,3\r\nabcdef\r\n\r\nOK\r\n", "[+TOPIC: 0,3\r\nabcdef][OK]"},
        {"+TOPIC: 0,9\r\nabcdef\r\n\r\nOK\r\n", "[+TOPIC: 0,9\r\nabcdef][OK]"},
        {"+TOPIC: 0,999999\r\nab\r\nOK\r\n", "[+TOPIC: 0,999999\r\nab][OK]"},
        {"+TOPIC: 0,9\r\n\r\n+TOPIC: 0,1\r\na\r\n", "[+TOPIC: 0,9][+TOPIC: 0,1\r\na]"},
        {"+TOPIC: 0,9\r\nabc\r\n", "[+TOPIC: 0,9\r\nabc]"},
        {"+TOPIC: 0,9\r\nabc", "[+TOPIC: 0,9](abc]"},
        {"+TOPIC: x\r\nabc\r\n", "[+TOPIC: x][abc]"},
        {"+MSGI: 3,4\r\n\"a\r\n\",\"\"\r\nc\"\r\nOK\r\n",
         "[+MSGI: 3,4\r\n\"a\r\n\",\"\"\r\nc\"][OK]"},
    }));

INSTANTIATE_TEST_SUITE_P(
    RawBetweenQuotes, StreamSyntax,
    testing::ValuesIn(std::vector<StreamRow>{
        {"+MSG: 0,\"t\",\"a\"b\"\r\nOK\r\n", "[+MSG: 0,\"t\",\"a\"b\"][OK]"},
        {"+MSG: 0,\"t\",\"a\r\nb\"\r\nOK\r\n", "[+MSG: 0,\"t\",\"a\r\nb\"][OK]", "a\r\nb"},
        {"+MSG: 0,\"t\",\"a\r\nb\"\r\nOK\r\n", "[+MSG: 0,\"t\",\"a][b\"][OK]"},
        {"+MSG: 0,\"t\",\"a\"\r\nb\"\r\nOK\r\n", "[+MSG: 0,\"t\",\"a\"\r\nb\"][OK]", "a\"\r\nb"},
    }));

// What is printed for a field that is either of two is the one that is known.
class Values : public Scope {
 public:
  explicit Values(std::string_view name) : name_(name) {}
  Datum Lookup(std::string_view name) const override {
    if (name == "id") return std::int64_t{0};
    if (name == "payload") return std::string("p");
    return name == name_ ? Datum{std::string("9")} : Datum{};
  }
  Datum Call(std::string_view, std::string_view, const Datum&) const override { return {}; }
  Truth Present(std::string_view) const override { return Truth::kUnknown; }
  Truth In(std::string_view, const std::vector<std::string_view>&) const override {
    return Truth::kUnknown;
  }

 private:
  std::string_view name_;
};

TEST(EitherOfTwo, PrintsTheOneThatIsKnown) {
  const spec::Form& form = *Sample().dialect().FindCommand("AT+PUB")->FindForm(spec::FormKind::kRead);
  const auto& line = form.responses[0].lines[0].text.parts;
  EXPECT_EQ(Render(line, Values("topic")), "+PUB: 0,\"9\",\"p\"");
  EXPECT_EQ(Render(line, Values("topic id")), "+PUB: 0,9,\"p\"");
  EXPECT_EQ(Render(line, Values("x")), std::nullopt);
}

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
