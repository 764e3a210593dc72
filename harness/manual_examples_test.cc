#include "harness/manual_examples.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "dialects/grammar_testing.h"
#include "spec/sample_testing.h"

namespace assay::harness {
namespace {

// E-1 has no readings that differ from these; the host of AT+OPEN is what it is about.
ManualExamples Check(const std::vector<std::pair<std::string, std::string>>& goldens) {
  static const auto grammar = dialect::GrammarOf(spec::Sample());
  std::vector<Example> examples;
  for (const auto& [id, text] : goldens) {
    auto parsed = transcript::Parse(id, text).transcript;
    EXPECT_TRUE(parsed) << text;
    if (parsed) examples.push_back({id, std::move(*parsed), grammar});
  }
  return CheckManualExamples(grammar->dialect(), examples);
}

std::string Told(const ManualExamples& found) {
  return ManualExamplesText(dialect::GrammarOf(spec::Sample())->dialect(), found);
}

constexpr std::string_view kTooFew =
    "title: Too few\nclause: 6.1\n\n> AT+OPEN=0\n< +CME ERROR: <err>\n";

TEST(ManualExamples, ThatFitAreOnlyCounted) {
  const ManualExamples found =
      Check({{"sample/example/6.1/opens",
              "dialect: sample\nclause: 6.1\npixit.host: h\n\n"
              "> AT+OPEN=0,\"${host}\",1883\n< OK\n< +OPEN: 0,<result:0>\n"},
             {"sample/open/write/no-example", "dialect: sample\n" + std::string(kTooFew)}});
  EXPECT_EQ(Told(found),
            "sample: 0 known contradictions between examples and syntax\n"
            "\n1 examples, 2 lines held against the syntax, 0 contradictions not explained\n");
}

TEST(ManualExamples, ThatContradictAreToldWithBothReadings) {
  const ManualExamples found = Check(
      {{"sample/open/write/as-printed", "dialect: sample\nerratum: E-1\n" + std::string(kTooFew)}});
  EXPECT_EQ(Told(found), R"(sample: 1 known contradictions between examples and syntax

  E-1  2.1  a missing bracket
    strict:   refused
    tolerant: taken
    sample/open/write/as-printed:6 (2.1)
      > AT+OPEN=0
      <host> is missing; the form is AT+OPEN=<id>,"<host>"[,<port>[,<wait>]]

1 examples, 1 lines held against the syntax, 0 contradictions not explained
)");
  const std::string json = ManualExamplesJson(dialect::GrammarOf(spec::Sample())->dialect(), found);
  for (const std::string_view line :
       {R"("erratum": "E-1",)", R"("strict": "refused",)", R"("tolerant": "taken",)",
        R"("example": "sample/open/write/as-printed",)", R"("line": 6,)", R"("clause": "2.1",)",
        R"("printed": "> AT+OPEN=0",)", R"("unexplained": [])"}) {
    EXPECT_NE(json.find(line), json.npos) << line << "\n" << json;
  }
}

TEST(ManualExamples, ThatNoErratumExplainsAreUnexplained) {
  const ManualExamples found =
      Check({{"sample/example/6.1/opens",
              "dialect: sample\nclause: 6.1\n\n> AT+OPEN=0,\"h\"\n< OK\n< +OPEN: 0,0,0\n"}});
  EXPECT_TRUE(found.known.empty());
  ASSERT_EQ(found.unexplained.size(), 1U);
  EXPECT_EQ(found.unexplained[0].printed, "< +OPEN: 0,0,0");
  EXPECT_EQ(found.unexplained[0].against, "the syntax is +OPEN: <id>,<result>");
  EXPECT_EQ(found.unexplained[0].line, 6U);
}

TEST(ManualExamples, ThatOnlyTheErrataTellOfAreListed) {
  const auto grammar =
      dialect::GrammarOf(spec::SampleWith("a missing bracket", "The example has no bracket"));
  const ManualExamples found = CheckManualExamples(grammar->dialect(), {});
  EXPECT_NE(ManualExamplesText(grammar->dialect(), found)
                .find("  E-1  2.1  The example has no bracket\n"
                      "    strict:   refused\n    tolerant: taken\n    no golden shows it\n"),
            std::string::npos);
}

TEST(ManualExamples, OfWhatIsDoneAreNamedWithoutALine) {
  const ManualExamples found =
      Check({{"sample/open/write/order", "dialect: sample\nerratum: E-1\n\n> AT+CLOSE=0\n< OK\n"}});
  EXPECT_NE(Told(found).find("    sample/open/write/order: each line fits the syntax"),
            std::string::npos);
}

}  // namespace
}  // namespace assay::harness
