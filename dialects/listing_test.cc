#include "dialects/listing.h"

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "dialects/grammar_testing.h"
#include "dialects/model.h"
#include "gtest/gtest.h"

namespace assay::dialect {
namespace {

constexpr char kDialect[] = R"json({
  "schema": "assay.dialect.v1", "dialect": "sample",
  "document": {"title": "Sample Manual", "vendor": "Example"},
  "finals": ["OK", "ERROR"], "failure": "ERROR",
  "commands": [
    {"name": "AT+OPEN", "clause": "1",
      "parameters": [{"name": "id", "type": "integer", "values": [{"value": "1"}, {"value": "2"}, {"value": "101"}]}],
      "forms": [
        {"form": "read", "syntax": "AT+OPEN?", "responses": [{"outcome": "success", "lines": [
          {"line": "+OPEN: <id>[,<id>...]", "each": {"name": "id", "machines": ["client", "sn"], "states": ["free"], "none": "0"}}, "OK"]}]},
        {"form": "test", "syntax": "AT+OPEN=?", "responses": [{"outcome": "success", "lines": ["OK"]}]},
        {"form": "write", "syntax": "AT+OPEN=<id>", "responses": [{"outcome": "success", "lines": ["OK"]}]}]},
    {"name": "AT+SHUT", "clause": "2",
      "parameters": [{"name": "id", "type": "integer", "min": 1, "max": 101}],
      "forms": [{"form": "read", "syntax": "AT+SHUT?", "responses": [{"outcome": "success", "lines": [
        {"line": "+SHUT: <id>[,<id>...]", "each": {"name": "id", "machines": ["client"], "states": ["used"]}}, "OK"]}]}]}],
  "machines": [
    {"id": "client", "index": "id", "first": 1, "last": 2, "states": ["free", "used"], "initial": "free"},
    {"id": "sn", "index": "id", "first": 101, "last": 101, "states": ["free", "used"], "initial": "free"}],
  "transitions": [
    {"id": "T1", "machine": "client", "from": ["free"], "event": "AT+OPEN write", "to": "used", "clause": "1"},
    {"id": "T2", "machine": "sn", "from": ["free"], "event": "AT+OPEN write", "to": "used", "clause": "1"}]
})json";

const Grammar& Sample() {
  static const std::shared_ptr<const Grammar> grammar = GrammarOf({{"d/dialect.json", kDialect}});
  return *grammar;
}

std::string Answered(Model& model, const std::string& line) {
  std::string out;
  for (const OutLine& answer : model.Command(OwnedCommand::Parse(Sample(), line)).lines) {
    out += (out.empty() ? "" : " | ") + answer.text;
  }
  return out;
}

TEST(Model, ListsTheInstancesOfAllMachines) {
  Model model(Sample(), {});
  EXPECT_EQ(Answered(model, "AT+OPEN?"), "+OPEN: 1,2,101 | OK");
  EXPECT_EQ(Answered(model, "AT+SHUT?"), "OK");
  EXPECT_EQ(Answered(model, "AT+OPEN=2"), "OK");
  EXPECT_EQ(Answered(model, "AT+OPEN?"), "+OPEN: 1,101 | OK");
  EXPECT_EQ(Answered(model, "AT+SHUT?"), "+SHUT: 2 | OK");
  Answered(model, "AT+OPEN=1");
  Answered(model, "AT+OPEN=101");
  EXPECT_EQ(Answered(model, "AT+OPEN?"), "+OPEN: 0 | OK");
  EXPECT_EQ(Answered(model, "AT+SHUT?"), "+SHUT: 1,2 | OK");
}

struct Row {
  std::string line, problem;
};
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.line; }

// Client 1 is free, client 2 is used, of 101 nothing is known.
class ListingTest : public testing::TestWithParam<Row> {};
TEST_P(ListingTest, IsHeldAgainstTheStates) {
  Tracker tracker(Sample(), Tracker::Start::kInitial);
  tracker.Believe("client", 2, {"used"});
  tracker.Believe("sn", 101, {});
  const DocumentedLine& line = *Sample().LinesLike("+OPEN: ").front();
  LineMatch match;
  const bool came = !GetParam().line.empty();
  if (came) {
    ASSERT_EQ(line.pattern.Match(GetParam().line, match), LineFit::kMatch);
  }
  const auto problem =
      FindListingProblem(Sample(), tracker, *line.line->each, came ? &match : nullptr);
  std::string said;
  if (problem) {
    said = problem->kind == ListingProblem::Kind::kTwice     ? "twice "
           : problem->kind == ListingProblem::Kind::kMustNot ? "not "
                                                             : "missing ";
    said += problem->instance;
  }
  EXPECT_EQ(said, GetParam().problem);
}

INSTANTIATE_TEST_SUITE_P(All, ListingTest,
                         testing::ValuesIn(std::vector<Row>{
                             {"+OPEN: 1", ""},
                             {"+OPEN: 1,101", ""},
                             {"+OPEN: 101,1", ""},
                             {"+OPEN: 101", "missing client 1"},
                             {"+OPEN: 0", "missing client 1"},
                             {"", "missing client 1"},
                             {"+OPEN: 1,2", "not client 2"},
                             {"+OPEN: 1,7", "not 7"},
                             {"+OPEN: 1,0", "not 0"},
                             {"+OPEN: 1,101,1", "twice 1"},
                         }));

}  // namespace
}  // namespace assay::dialect
