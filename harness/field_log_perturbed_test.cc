// What verify says of a field log, it says of the log as another bench would have written it.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "harness/verify.h"
#include "transcripts/import_testing.h"
#include "transcripts/perturbed_testing.h"

namespace assay::harness {
namespace {

using report::Finding;
using report::FindingClass;
using report::Side;

// Verdict and findings; `lines`: with the numbers of the log's lines. How the log is written is
// what was changed, and may be remarked.
std::string Verify(const std::string& log, const dialect::Grammar& grammar, bool lines) {
  VerifyOptions options;
  options.file = "field.log";
  Verifier verifier(grammar, options);
  verifier.Feed(log);
  const VerifyResult result = verifier.Finish();
  std::string out = result.log_verdict + "\n";
  for (const Finding& finding : result.outcome.findings) {
    if (finding.finding_class == FindingClass::kFraming && finding.side == Side::kCapture) continue;
    if (lines) out += "line " + std::to_string(finding.where.line) + " ";
    out += "exchange " + std::to_string(finding.where.exchange);
    for (const std::string_view part :
         {report::Name(finding.finding_class), report::Name(finding.severity),
          report::Name(finding.side), std::string_view(finding.clause),
          std::string_view(finding.message), std::string_view(finding.got)})
      out.append(" ").append(part);
    out += "\n";
  }
  return out;
}

class PerturbedLog : public testing::TestWithParam<transcript::Perturbation> {};

TEST_P(PerturbedLog, IsJudgedAlike) {
  std::size_t covered = 0;
  for (const std::string& name : transcript::FixtureNames()) {
    if (!GetParam().Covers(name)) continue;
    ++covered;
    const transcript::Fixture fixture = transcript::ReadFixture(name);
    const dialect::Grammar& grammar = transcript::GrammarFor(fixture.dialect);
    const std::string log = GetParam().change(fixture.log);
    EXPECT_EQ(Verify(log, grammar, GetParam().lines),
              Verify(fixture.log, grammar, GetParam().lines))
        << name << "\n"
        << log.substr(0, 3000);
  }
  EXPECT_GT(covered, 0u);
}

std::string CaseName(const testing::TestParamInfo<transcript::Perturbation>& info) {
  std::string out;
  for (const char* c = info.param.name; *c != '\0'; ++c) out += *c == ' ' || *c == ',' ? '_' : *c;
  return out;
}
INSTANTIATE_TEST_SUITE_P(All, PerturbedLog, testing::ValuesIn(transcript::Perturbations()),
                         CaseName);

}  // namespace
}  // namespace assay::harness
