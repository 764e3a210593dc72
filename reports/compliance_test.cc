#include "reports/compliance.h"

#include <gtest/gtest.h>

#include "reports/compliance_campaign.h"
#include "reports/compliance_parts.h"
#include "reports/sample.h"

namespace assay::report {
namespace {

bool Has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

Outcome Case(std::string id, Verdict verdict, std::string reason = "because") {
  Outcome outcome;
  outcome.id = std::move(id);
  outcome.clause = "3.2.2";
  outcome.purpose = "it does";
  outcome.verdict = verdict;
  outcome.skipped = verdict == Verdict::kNone;
  outcome.reason = std::move(reason);
  return outcome;
}

Report Of(std::vector<Outcome> outcomes) {
  Report report;
  report.dialect = "d";
  report.outcomes = std::move(outcomes);
  Summarise(report);
  return report;
}

std::string StatusOf(const Report& report) { return MakeCompliance(report).status; }

TEST(Compliance, StatesWhatWasShownAndNoMore) {
  const Outcome pass = Case("d/a", Verdict::kPass);
  EXPECT_EQ(StatusOf(Of({pass})), "not shown to be non-conforming");
  EXPECT_EQ(StatusOf(Of({pass, Case("d/b", Verdict::kFail)})), "shown to be non-conforming");
  EXPECT_EQ(StatusOf(Of({pass, Case("d/b", Verdict::kInconc)})), "not shown to be non-conforming");
  EXPECT_EQ(StatusOf(Of({Case("d/b", Verdict::kInconc)})), "not assessed");
  EXPECT_EQ(StatusOf(Of({Case("d/b", Verdict::kError)})), "not assessed");
  EXPECT_EQ(StatusOf(Of({Case("d/b", Verdict::kNone)})), "not assessed");
  EXPECT_EQ(StatusOf(Report{}), "not assessed");
}

TEST(Compliance, TakesAKnownFailureForAFailure) {
  Report report = Of({Case("d/a", Verdict::kPass), Case("d/b", Verdict::kFail)});
  report.baseline = "known.txt";
  ASSERT_EQ(ExitStatus(report), 0);
  EXPECT_EQ(StatusOf(report), "shown to be non-conforming");
  EXPECT_TRUE(Has(WriteComplianceMarkdown(report), "listed in the baseline known.txt"));
}

TEST(Compliance, TakesAClaimThatIsContradictedForOne) {
  Report report = Of({Case("d/a", Verdict::kPass)});
  report.review = {{"tls", "", true, "", 0, 3, "claimed, and always refused"}};
  EXPECT_EQ(StatusOf(report), "shown to be non-conforming");
  report.review[0].contradiction.clear();
  EXPECT_EQ(StatusOf(report), "not shown to be non-conforming");
}

TEST(Compliance, TellsWhatWasNotSelectedFromWhatDidNotRun) {
  EXPECT_FALSE(Selected(Case("d/a", Verdict::kNone, "PICS: the module does not claim tls")));
  EXPECT_TRUE(Selected(Case("d/a", Verdict::kNone, "interrupted before it ran")));
  EXPECT_TRUE(Selected(Case("d/a", Verdict::kNone, "--max-duration 5m is over")));
  EXPECT_TRUE(Selected(Case("d/a", Verdict::kInconc)));
  const Report report = Of({Case("d/a", Verdict::kPass), Case("d/b", Verdict::kNone, "PICS: no"),
                            Case("d/c", Verdict::kNone, "interrupted before it ran")});
  const CampaignCounts counts = CountCampaign(IutsOf(report)[0]);
  EXPECT_EQ(counts.purposes, 3U);
  EXPECT_EQ(counts.selected, 2U);
  EXPECT_EQ(counts.run, 1U);
}

TEST(Compliance, RefersFromEachCaseToItsObservations) {
  Outcome one = Case("d/a", Verdict::kFail), other = Case("d/b", Verdict::kFail);
  Finding finding;
  finding.clause = "3.2.2";
  finding.fingerprint = "missing/3.2.2/x";
  finding.message = "nothing came after 12 ms";
  one.findings = {finding};
  finding.message = "nothing came after 15 ms";
  other.findings = {finding};
  const Report report = Of({one, other, Case("d/c", Verdict::kNone, "PICS: no")});
  const Campaign campaign = MakeCampaign(report, IutsOf(report)[0]);
  ASSERT_EQ(campaign.observations.rows.size(), 2U);
  EXPECT_EQ(campaign.observations.rows[0][0], "O1");
  EXPECT_EQ(campaign.observations.rows[0].back(), "2");
  EXPECT_EQ(campaign.cases.rows[0].back(), "O1");
  EXPECT_EQ(campaign.cases.rows[1].back(), "O1");
  EXPECT_EQ(campaign.cases.rows[2].back(), "O2");
  EXPECT_EQ(campaign.observations.rows[1][3], "PICS: no");
}

TEST(Compliance, HasAReportForEachDevice) {
  Report left = Of({Case("d/a", Verdict::kPass)}), right = Of({Case("d/a", Verdict::kFail)});
  for (auto [report, name] : {std::pair{&left, "left"}, {&right, "right"}}) {
    report->devices = {{name, "d", "M", "/dev/x", {{"revision", std::string("R-") + name}}}};
    report->outcomes[0].device = name;
    report->review = {{"tls", "", true, "", 1, 0, ""}};
  }
  const ComplianceDocument document = MakeCompliance(Merge({left, right}));
  ASSERT_EQ(document.parts.size(), 3U);
  EXPECT_EQ(document.status, "shown to be non-conforming");
  EXPECT_EQ(document.parts[1].status, "not shown to be non-conforming");
  EXPECT_EQ(document.parts[2].status, "shown to be non-conforming");
  EXPECT_EQ(document.parts[1].title, "Protocol conformance test report: left (M)");
  EXPECT_EQ(document.parts[0].sections.back().tables[0].rows.size(), 2U);
}

TEST(Compliance, IdentifiesAllThatItRestsOn) {
  const Report report = SampleReport();
  const std::string text = WriteComplianceHtml(report);
  for (const std::string& told :
       {report.tool_sha256, report.spec_sha256, report.suite_sha256, report.overlays[0].sha256,
        report.inputs[0].sha256, report.device_address, std::string("BG96MAR02A07"),
        std::string("broker.lab.example:1883"), report.host, ResultFingerprint(report)})
    EXPECT_TRUE(Has(text, told)) << told;
}

TEST(Compliance, DiffersInDatesOnlyBetweenRunsThatFoundOutTheSame) {
  const Report report = SampleReport();
  Report later = report;
  later.started = "2031-01-01T00:00:00Z";
  later.duration += Time(1234567);
  for (const auto write : {WriteComplianceHtml, WriteComplianceMarkdown, WriteComplianceJson}) {
    std::string one = write(report), other = write(later);
    EXPECT_EQ(one, write(report));
    EXPECT_NE(one, other);
    // As Markdown has it, too.
    for (const std::string& date : {report.started, later.started}) {
      for (std::string* text : {&one, &other}) {
        for (std::size_t at = text->find(date); at != text->npos; at = text->find(date))
          text->replace(at, date.size(), "DATE");
      }
    }
    EXPECT_EQ(one, other);
  }
}

TEST(Compliance, HasNoMarkupThatADeviceSent) {
  const std::string html = WriteComplianceHtml(HostileReport());
  EXPECT_FALSE(Has(html, "<script"));
  EXPECT_FALSE(Has(html, "<img"));
  EXPECT_FALSE(Has(html, "http://") || Has(html, "https://"));
  const std::string markdown = WriteComplianceMarkdown(HostileReport());
  EXPECT_FALSE(Has(markdown, "<script"));
}

}  // namespace
}  // namespace assay::report
