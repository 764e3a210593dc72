// Whether a run passed is one question: each format of a CI server, as its own readers understand
// it, answers as the exit status does.
#include "reports/ci_cases.h"

#include <gtest/gtest.h>

#include <functional>
#include <sstream>

#include "reports/csv.h"
#include "reports/ctrf.h"
#include "reports/github.h"
#include "reports/junit.h"
#include "reports/lava.h"
#include "reports/sample.h"
#include "reports/tap.h"

namespace assay::report {
namespace {

Outcome Case(std::string id, Verdict verdict) {
  Outcome outcome;
  outcome.id = std::move(id);
  outcome.verdict = verdict;
  outcome.skipped = verdict == Verdict::kNone;
  outcome.reason = "because";
  outcome.clause = "3.2.2";
  return outcome;
}

struct Kind {
  std::string name;
  std::function<void(Report&)> make;
};

std::vector<Kind> Kinds() {
  const auto one = [](Verdict verdict, bool expected = true) {
    return [=](Report& report) {
      report.outcomes = {Case("d/a/b", Verdict::kPass), Case("d/a/c", verdict)};
      report.outcomes[1].expected = expected;
    };
  };
  const auto with = [&](Verdict verdict, std::function<void(Report&)> more) {
    return [=](Report& report) {
      report.outcomes = {Case("d/a/b", verdict)};
      more(report);
    };
  };
  const auto again = [](Report& report) {
    report.outcomes[0].attempts = {Case("d/a/b", Verdict::kFail)};
  };
  return {
      {"pass", one(Verdict::kPass)},
      {"fail", one(Verdict::kFail)},
      {"fail that a baseline nobody named lists", one(Verdict::kFail, false)},
      {"inconclusive", one(Verdict::kInconc)},
      {"error", one(Verdict::kError)},
      {"skipped beside a pass", one(Verdict::kNone)},
      {"unexpected pass", one(Verdict::kPass, false)},
      {"nothing at all", [](Report&) {}},
      {"all skipped", with(Verdict::kNone, [](Report&) {})},
      {"not judged", with(Verdict::kNone, [](Report& r) { r.outcomes[0].skipped = false; })},
      {"known failure", with(Verdict::kFail, [](Report& r) { r.baseline = "known.txt"; })},
      {"known failure and a pass", [&](Report& report) {
         one(Verdict::kFail)(report);
         report.baseline = "known.txt";
       }},
      {"bounded", with(Verdict::kPass, [](Report& r) { r.bounded = true; })},
      {"interrupted", with(Verdict::kPass, [](Report& r) { r.interrupted = true; })},
      {"killed", with(Verdict::kPass, [](Report& r) { r.partial = true; })},
      {"flaky", with(Verdict::kPass, again)},
      {"flaky, which fails", with(Verdict::kPass, [=](Report& report) {
         again(report);
         report.fail_on_flaky = true;
       })},
      {"missing", with(Verdict::kPass, [](Report& r) { r.missing = {{"d/a/x", "", "gone"}}; })},
      {"less covered than asked for", with(Verdict::kPass, [](Report& report) {
         report.coverage.facts = {{CoverageKind::kStates, "open", "2", 0, WhyLeft::kSelection}};
         report.coverage.minimum = {{CoverageKind::kStates, 100}};
       })},
      {"an empty shard", [](Report& report) { report.shard = ShardOf{2, 3, 7}; }},
      {"the sample", [](Report& report) { report = SampleReport(); }},
      {"every byte", [](Report& report) { report = HostileReport(); }},
  };
}

bool Has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

bool GreenJunit(const Report& report) {
  const std::string xml = WriteJunit(report);
  return !Has(xml, "<failure ") && !Has(xml, "<error ");
}

bool GreenTap(const Report& report) {
  for (const std::string& line : Lines(WriteTap(report))) {
    if (line.starts_with("not ok") && !Has(line, " # TODO ")) return false;
  }
  return true;
}

bool GreenCtrf(const Report& report) { return Has(WriteCtrf(report), "\"failed\":0,"); }

bool GreenLava(const Report& report) { return !Has(WriteLava(report), " RESULT=fail>"); }

bool GreenGithub(const Report& report) {
  for (const std::string& line : Lines(WriteGithubAnnotations(report))) {
    if (line.starts_with("::error ")) return false;
  }
  return true;
}

// counts_as is the seventh cell; cells with line ends never are.
bool GreenCsv(const Report& report) {
  const std::string csv = WriteCsv(report);
  std::size_t cell = 0;
  std::string text;
  bool quoted = false;
  for (const char c : csv) {
    if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && (c == ',' || c == '\n')) {
      if (cell == 6 && text == "fail") return false;
      cell = c == '\n' ? 0 : cell + 1;
      text.clear();
    } else {
      text += c;
    }
  }
  return true;
}

TEST(EachFormat, AgreesWithTheExitStatusOnEveryKindOfRun) {
  std::size_t green = 0;
  for (const Kind& kind : Kinds()) {
    Report report;
    report.dialect = "d";
    kind.make(report);
    Summarise(report);
    const bool passed = ExitStatus(report) == 0 && !report.interrupted;
    green += passed ? 1 : 0;
    SCOPED_TRACE(kind.name);
    EXPECT_EQ(GreenJunit(report), passed);
    EXPECT_EQ(GreenTap(report), passed);
    EXPECT_EQ(GreenCtrf(report), passed);
    EXPECT_EQ(GreenLava(report), passed);
    EXPECT_EQ(GreenGithub(report), passed);
    EXPECT_EQ(GreenCsv(report), passed);
  }
  EXPECT_EQ(green, 6U);
}

TEST(EachFormat, NeverTellsAnInconclusiveCaseAsAPass) {
  Report report;
  report.outcomes = {Case("d/a/c", Verdict::kInconc)};
  Summarise(report);
  EXPECT_FALSE(Has(WriteTap(report), "\nok "));
  EXPECT_TRUE(Has(WriteCtrf(report), "\"passed\":0,\"failed\":1,"));
  EXPECT_TRUE(Has(WriteLava(report), "TEST_CASE_ID=d.a.c RESULT=unknown>"));
  EXPECT_TRUE(Has(WriteJunit(report), "<error type=\"inconc\""));
  EXPECT_TRUE(Has(WriteGithubAnnotations(report), "::error title=d/a/c::inconclusive: because\n"));
  EXPECT_TRUE(Has(WriteCsv(report), "d/a/c,,,3.2.2,,inconclusive,fail,inconc,because,"));
}

TEST(CiCases, SayWhatNoCaseSays) {
  Report report;
  report.outcomes = {Case("d/a", Verdict::kPass)};
  EXPECT_EQ(CiCases(report).size(), 1U);
  report.bounded = true;
  const std::vector<CiCase> cases = CiCases(report);
  ASSERT_EQ(cases.size(), 2U);
  EXPECT_EQ(cases[1].name, "the run as a whole");
  EXPECT_EQ(cases[1].type, "inconc");
  EXPECT_TRUE(cases[1].red);
  EXPECT_EQ(cases[1].message, Headline(report));
}

}  // namespace
}  // namespace assay::report
