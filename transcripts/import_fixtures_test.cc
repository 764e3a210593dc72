// Sessions of real modules, with keys: who said what, line by line.

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "transcripts/import_testing.h"

namespace assay::transcript {
namespace {

class ImportFixture : public testing::TestWithParam<std::string> {};

TEST_P(ImportFixture, ExchangesAreThoseOfTheKey) {
  const Fixture fixture = ReadFixture(GetParam());
  const Imported imported = Import(fixture.log, GrammarFor(fixture.dialect));
  EXPECT_EQ(Rows(imported.exchanges, true), Rows(fixture.exchanges, true));
  EXPECT_TRUE(imported.any_at);
}

TEST_P(ImportFixture, ALineThatCameByItselfHasItsNumber) {
  const Fixture fixture = ReadFixture(GetParam());
  const Imported imported = Import(fixture.log, GrammarFor(fixture.dialect));
  for (const LogExchange& expected : fixture.exchanges) {
    if (expected.kind != LogExchange::Kind::kNone) continue;
    bool found = false;
    for (const LogExchange& exchange : imported.exchanges) {
      found = found || (exchange.line == expected.line &&
                        exchange.received.at(0) == expected.received.at(0));
    }
    EXPECT_TRUE(found) << expected.line << ": " << expected.received.at(0);
  }
}

TEST_P(ImportFixture, ChunksDoNotMatter) {
  const Fixture fixture = ReadFixture(GetParam());
  const auto& grammar = GrammarFor(fixture.dialect);
  const std::string whole = Rows(Import(fixture.log, grammar).exchanges, true);
  for (const std::size_t chunk : {1, 7, 64})
    EXPECT_EQ(Rows(Import(fixture.log, grammar, chunk).exchanges, true), whole) << chunk;
}

// Of none that its lines do not belong to: a final code tells nothing about whose it is.
TEST_P(ImportFixture, IsKnownByItsCommandsAndLines) {
  const Fixture fixture = ReadFixture(GetParam());
  std::vector<const dialect::Grammar*> all;
  for (const char* id : {"fibocom-v1.2.6", "fibocom-v1.3", "quectel-bg96", "simcom-sim7672x"})
    all.push_back(&GrammarFor(id));
  const Guess guess = GuessDialect(fixture.log, all);
  // The one log that says of itself whose it is, and by nothing that this manual describes.
  const bool silent = fixture.name == "59-simcom-a7670e-boot-netclose";
  EXPECT_EQ(guess.grammar == nullptr ? "" : guess.grammar->dialect().id,
            silent ? "" : fixture.dialect);
  EXPECT_EQ(guess.as_well == nullptr ? "" : guess.as_well->dialect().id,
            guess.grammar == all[0] ? "fibocom-v1.3" : "");
}

std::string ParameterName(const testing::TestParamInfo<std::string>& info) {
  std::string out;
  for (const char c : info.param) out += c == '-' ? '_' : c;
  return out;
}
INSTANTIATE_TEST_SUITE_P(Logs, ImportFixture, testing::ValuesIn(FixtureNames()), ParameterName);

}  // namespace
}  // namespace assay::transcript
