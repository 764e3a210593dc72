#include "reports/junit.h"

#include <gtest/gtest.h>

#include <set>

#include "reports/sample.h"
#include "reports/well_formed.h"

namespace assay::report {
namespace {

std::size_t CountIn(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
  return count;
}

Outcome Case(std::string id, Verdict verdict, std::string reason) {
  Outcome outcome;
  outcome.id = std::move(id);
  outcome.verdict = verdict;
  outcome.reason = std::move(reason);
  outcome.duration = Time(1'002'003);
  return outcome;
}

TEST(WriteJunit, MapsEachVerdict) {
  Report report;
  report.dialect = "fibocom-v1.3";
  report.model = "l610";
  report.baseline = "known.txt";
  report.started = "2024-01-02T03:04:05Z";
  report.duration = Time(12'500'000);
  Outcome failed = Case("fibocom-v1.3/mqttopen/write/ok", Verdict::kFail, "said \"2\"");
  failed.expected = false;
  failed.repro = "assay run x";
  Finding finding;
  finding.finding_class = FindingClass::kSyntax;
  finding.clause = "1.7";
  finding.where = {"t.at", 4, 0};
  finding.expected = "+A: 1";
  finding.got = "+A:\x1A<2>";
  finding.message = "differs";
  failed.findings = {finding};
  Outcome unexpected = Case("fibocom-v1.3/a/b", Verdict::kPass, "");
  unexpected.expected = false;
  Outcome skipped = Case("fibocom-v1.3/a/c", Verdict::kNone, "needs a broker");
  skipped.skipped = true;
  skipped.duration = Time(0);
  report.outcomes = {Case("fibocom-v1.3/a/a", Verdict::kPass, ""),
                     failed,
                     unexpected,
                     skipped,
                     Case("fibocom-v1.3/a/d", Verdict::kInconc, "no broker"),
                     Case("fibocom-v1.3/a/e", Verdict::kError, "port gone"),
                     Case("fibocom-v1.3/a/f", Verdict::kFail, "seen before")};
  Summarise(report);
  const std::string xml = WriteJunit(report);
  EXPECT_EQ(XmlError(xml), "");
  EXPECT_EQ(xml,
            R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="assay" tests="7" failures="2" errors="2" time="12.500000">
  <testsuite name="fibocom-v1.3 l610" tests="7" failures="2" errors="2" skipped="2" time="12.500000" timestamp="2024-01-02T03:04:05">
    <properties>
      <property name="dialect" value="fibocom-v1.3"/>
      <property name="model" value="l610"/>
      <property name="reading" value="tolerant"/>
      <property name="seed" value="0"/>
      <property name="baseline" value="known.txt"/>
      <property name="deviations" value="0"/>
    </properties>
    <testcase name="fibocom-v1.3/a/a" classname="fibocom-v1.3.a" time="1.002003"/>
    <testcase name="fibocom-v1.3/mqttopen/write/ok" classname="fibocom-v1.3.mqttopen" time="1.002003">
      <failure type="syntax" message="said &quot;2&quot;">violation syntax, clause 1.7 (stated), t.at:4
  differs
  expected: +A: 1
  got:      +A:\x1A&lt;2&gt;
repeat: assay run x
</failure>
    </testcase>
    <testcase name="fibocom-v1.3/a/b" classname="fibocom-v1.3.a" time="1.002003">
      <failure type="unexpected-pass" message="passes, although the baseline lists it as failing"></failure>
    </testcase>
    <testcase name="fibocom-v1.3/a/c" classname="fibocom-v1.3.a" time="0.000000">
      <skipped message="needs a broker"/>
    </testcase>
    <testcase name="fibocom-v1.3/a/d" classname="fibocom-v1.3.a" time="1.002003">
      <error type="inconc" message="no broker"></error>
    </testcase>
    <testcase name="fibocom-v1.3/a/e" classname="fibocom-v1.3.a" time="1.002003">
      <error type="error" message="port gone"></error>
    </testcase>
    <testcase name="fibocom-v1.3/a/f" classname="fibocom-v1.3.a" time="1.002003">
      <skipped message="known failure: seen before"/>
    </testcase>
  </testsuite>
</testsuites>
)");
}

TEST(WriteJunit, IsNotGreenWhenNothingRan) {
  const std::string xml = WriteJunit(Report{});
  EXPECT_EQ(XmlError(xml), "");
  EXPECT_NE(xml.find("tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\""), xml.npos) << xml;
  EXPECT_NE(xml.find("message=\"nothing was run\""), xml.npos);
}

TEST(WriteJunit, IsWellFormedWhateverADeviceSends) {
  const std::string xml = WriteJunit(HostileReport());
  EXPECT_EQ(XmlError(xml), "");
  EXPECT_NE(xml.find(R"(\x1A)"), xml.npos);
  // And one for the coverage that it lacks.
  EXPECT_EQ(CountIn(xml, "<testcase "), HostileReport().outcomes.size() + 1 + HostileReport().missing.size());
}

TEST(WriteJunit, FailsWhereLessIsCoveredThanWasAskedFor) {
  Report report;
  report.outcomes = {Case("d/a", Verdict::kPass, "")};
  report.coverage.facts = {{CoverageKind::kStates, "socket open", "2", 0, WhyLeft::kSelection}};
  EXPECT_EQ(CountIn(WriteJunit(report), "<failure"), 0U);
  report.coverage.minimum = {{CoverageKind::kStates, 100}};
  const std::string xml = WriteJunit(report);
  EXPECT_NE(xml.find("tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\""), xml.npos) << xml;
  EXPECT_NE(xml.find("<testcase name=\"coverage of states\" classname=\"assay\" time=\"0.000000\">\n"
                     "      <failure type=\"coverage\" message=\"0 of 1 states covered (0 %), less "
                     "than 100 %\">socket open (2): left out by selection\n</failure>"),
            xml.npos)
      << xml;
}

TEST(WriteJunit, GivesEveryCaseANameOfItsOwn) {
  Report report;
  for (const char* id : {"d/a", "d/a", "d/a (2)", "d/a", "d/\xFF", "d/\\xFF"}) {
    report.outcomes.push_back(Case(id, Verdict::kPass, ""));
  }
  const std::string xml = WriteJunit(report);
  for (const char* name : {"d/a", "d/a (2)", "d/a (2) (2)", "d/a (3)", "d/\\xFF", "d/\\xFF (2)"}) {
    EXPECT_EQ(CountIn(xml, "name=\"" + std::string(name) + "\" class"), 1u) << name;
  }
}

TEST(XmlError, FindsWhatIsNotWellFormed) {
  const std::string begin = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  EXPECT_EQ(XmlError(begin + "<a b=\"&amp;\">\xC3\xBC<c/></a>\n"), "");
  for (const char* body :
       {"", "<a>", "<a></b>", "<a/><b/>", "<a b=\"1\" b=\"2\"/>", "<a b=\"<\"/>", "<a>&nbsp;</a>",
        "<a>&</a>", "<a>\x1A</a>", "<a>\xFF</a>", "<a>\xEF\xBF\xBF</a>", "<a>]]></a>",
        "<a>\xED\xA0\x80</a>", "<a><![CDATA[x]]></a>", "<a b=1/>", "<a/>x"}) {
    EXPECT_NE(XmlError(begin + body), "") << body;
  }
}

}  // namespace
}  // namespace assay::report
