#include "reports/json.h"

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "reports/sample.h"
#include "reports/visible.h"

namespace assay::report {
namespace {

// Small enough to assert whole; tools read these names and this order.
TEST(WriteJson, KeepsItsContract) {
  Report report;
  report.tool_version = "1.0";
  report.dialect = "d";
  report.model = "m";
  report.document = "Manual 1";
  report.spec_sha256 = "ab";
  report.overlays = {{"o.json", "cd", "House", "1", "why"}};
  report.seed = 18446744073709551615u;
  report.device_address = "tcp://h:1";
  report.identity = {{"model", "M"}};
  report.started = "2024-01-02T03:04:05Z";
  report.duration = Time(1500);
  report.log_verdict = "deviates";
  Outcome outcome;
  outcome.id = "d/x/write/y";
  outcome.clause = "1.2";
  outcome.kind = "value";
  outcome.verdict = Verdict::kFail;
  outcome.duration = Time(2'000'000);
  ExchangeRecord exchange;
  exchange.line = 3;
  exchange.received = {"a", "\xFF"};
  exchange.final = "OK";
  exchange.result = "+R: 0";
  exchange.broker = {"PUBLISH \"t\""};
  exchange.bench = BenchAction{"network.off", "exit status 0", Time(2500)};
  exchange.bytes = {{Time(-1), true, "A\r"}};
  outcome.observed = {1, 2};
  outcome.exchanges = {exchange};
  Finding finding;
  finding.finding_class = FindingClass::kResultFailure;
  finding.erratum = "e1";
  finding.where = {"t.at", 4, 0};
  finding.got_bytes = "\x1A";
  outcome.findings = {finding};
  report.outcomes = {outcome};
  report.coverage.clauses = {{"1.2", 1, 0, ""}, {"1.3", 0, 0, "elsewhere"}};
  report.coverage.facts = {{CoverageKind::kTransitions, "T1", "1.2", 3, {}},
                           {CoverageKind::kTransitions, "T2", "1.3", 0, WhyLeft::kPeer}};
  report.coverage.minimum = {{CoverageKind::kTransitions, 50}};
  report.errata_met = {"e1"};
  Summarise(report);
  EXPECT_EQ(
      WriteJson(report),
      R"({"schema":"assay.report.v1","tool":{"name":"assay","version":"1.0"},"dialect":"d",)"
      R"("model":"m","document":"Manual 1","spec_sha256":"ab","overlays":[{"file":"o.json",)"
      R"("sha256":"cd","document":"House","clause":"1","reason":"why"}],"reading":"tolerant",)"
      R"("seed":18446744073709551615,"device":{"address":"tcp://h:1","identity":{"model":"M"}},)"
      R"("started":"2024-01-02T03:04:05Z","duration_ms":1.5,"log_verdict":"deviates","outcomes":[)"
      "\n"
      R"({"id":"d/x/write/y","title":"","clause":"1.2","purpose":"","kind":"value",)"
      R"("verdict":"fail",)"
      R"("expected":true,"reason":"","duration_ms":2000,"repro":"","exchanges":[{"line":3,)"
      R"("kind":"command","sent":null,"received":["a","\\xFF"],"received_hex":[null,"FF"],)"
      R"("final":"OK","result":"+R: 0","broker":["PUBLISH \"t\""],"bench":{"did":"network.off","at_ms":2.5,"told":"exit status 0"},"bytes":[{"at_ms":-0.001,"sent":true,"hex":"410D"}]}],)"
      R"("findings":[{"class":"result-failure","severity":"violation","clause":"",)"
      R"("basis":"stated","side":"device","fingerprint":"","erratum":"e1","where":{"file":"t.at",)"
      R"("line":4,"exchange":0},"expected":"","got":"","got_hex":"1A","message":""}],)"
      R"("observed":{"seen":1,"unobserved":2},"recording":""}],"summary":{"none":0,"pass":0,"inconc":0,"fail":1,"error":0,)"
      R"("deviations":0,"skipped":0},"coverage":{"clauses":[{"clause":"1.2","positive":1,)"
      R"("negative":0},{"clause":"1.3","positive":0,"negative":0,"reason":"elsewhere"}],)"
      R"("transitions":[{"what":"T1","clause":"1.2","cases":3},{"what":"T2","clause":"1.3",)"
      R"("cases":0,"reason":"no server of the bench behaves so"}],"minimum":{"transitions":50.0},)"
      R"("purposes":[{"dialect":"d","kind":"value","selected":1,"pass":0,"fail":1,"inconc":0,)"
      R"("error":0,"left_out":0,"reasons":[]}]},)"
      R"("errata_met":["e1"]})"
      "\n");
  const ReadReport read = ReadJson(WriteJson(report));
  ASSERT_TRUE(read.report) << read.error;
  EXPECT_EQ(read.report->outcomes[0].observed, outcome.observed);
  EXPECT_EQ(read.report->outcomes[0].exchanges[0].broker, exchange.broker);
  EXPECT_EQ(read.report->outcomes[0].exchanges[0].bench, exchange.bench);
}

TEST(ReadJson, GivesBackWhatWasWritten) {
  const Report report = SampleReport();
  const ReadReport read = ReadJson(WriteJson(report));
  ASSERT_TRUE(read.report) << read.error;
  EXPECT_EQ(*read.report, report);
}

TEST(ReadJson, GivesBackTimesToTheMicrosecond) {
  for (const Time time : {Time(0), Time(1), Time(999), Time(1000), Time(123456789012), Time(-7),
                          kNever, Time::min()}) {
    Outcome outcome;
    outcome.duration = time;
    const ReadOutcome read = ReadOutcomeLine(WriteOutcomeLine(outcome));
    ASSERT_TRUE(read.outcome) << read.error;
    EXPECT_EQ(read.outcome->duration, time);
  }
}

TEST(ReadJson, GivesBackTheBytesOfADevice) {
  const Report report = HostileReport();
  const std::string text = WriteJson(report);
  EXPECT_TRUE(IsUtf8(text));
  const ReadReport read = ReadJson(text);
  ASSERT_TRUE(read.report) << read.error;
  ASSERT_EQ(read.report->outcomes.size(), report.outcomes.size());
  for (std::size_t i = 0; i < report.outcomes.size(); ++i) {
    EXPECT_EQ(read.report->outcomes[i].exchanges.size(), report.outcomes[i].exchanges.size());
    for (std::size_t j = 0; j < report.outcomes[i].exchanges.size(); ++j) {
      const ExchangeRecord& was = report.outcomes[i].exchanges[j];
      const ExchangeRecord& is = read.report->outcomes[i].exchanges[j];
      EXPECT_EQ(is.sent, was.sent);
      EXPECT_EQ(is.received, was.received);
      EXPECT_EQ(is.result, was.result);
      EXPECT_EQ(is.bytes, was.bytes);
    }
    for (std::size_t j = 0; j < report.outcomes[i].findings.size(); ++j) {
      EXPECT_EQ(read.report->outcomes[i].findings[j].got_bytes,
                report.outcomes[i].findings[j].got_bytes);
    }
  }
  EXPECT_EQ(WriteJson(*read.report), text) << "what was made visible stays as it is";
}

TEST(OutcomeLine, IsOneLine) {
  for (const Outcome& outcome : HostileReport().outcomes) {
    const std::string line = WriteOutcomeLine(outcome);
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    EXPECT_TRUE(ReadOutcomeLine(line).outcome);
  }
}

std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, text.npos) << from;
  return at == text.npos ? text : text.replace(at, from.size(), to);
}

TEST(ReadJson, SaysWhatIsWrongAndWhere) {
  const std::string good = WriteJson(SampleReport());
  const struct {
    std::string text, error;
  } rows[] = {
      {"", "1:1: The document is empty."},
      {"{\"schema\":\n  nope}", "2:4: Invalid value."},
      {"[]", "must be an object"},
      {"{}", "schema: missing"},
      {"{\"schema\":\"assay.report.v9\"}", "schema: \"assay.report.v9\" is not assay.report.v1"},
      {Replaced(good, "\"seed\":42", "\"seed\":-1"), "seed: must be a whole number from 0"},
      {Replaced(good, "\"seed\":42,", ""), "seed: missing"},
      {Replaced(good, "\"seed\":42", "\"seed\":42,\"seed\":43"), "seed: given twice"},
      {Replaced(good, "\"verdict\":\"pass\"", "\"verdict\":\"ok\""),
       "outcomes[0].verdict: \"ok\" is none of none, pass, inconc, fail, error"},
      {Replaced(good, "\"got_hex\":\"0D", "\"got_hex\":\"XD"),
       "outcomes[0].findings[0].got_hex: must be pairs of hexadecimal digits"},
      {Replaced(good, "\"errata_met\":[", "\"errata_met\":[7,"), "errata_met[0]: must be a string"},
      {Replaced(good, "\"outcomes\":[", "\"outcomes\":[[],"), "outcomes[0]: must be an object"},
  };
  for (const auto& row : rows) {
    const ReadReport read = ReadJson(row.text);
    EXPECT_FALSE(read.report) << row.error;
    EXPECT_EQ(read.error, row.error);
  }
}

TEST(ReadJson, IgnoresKeysItDoesNotKnow) {
  const Report report = SampleReport();
  const ReadReport read =
      ReadJson(Replaced(WriteJson(report), "\"seed\":", "\"later\":{\"a\":[1]},\"seed\":"));
  ASSERT_TRUE(read.report) << read.error;
  EXPECT_EQ(*read.report, report);
}

TEST(ReadJson, SurvivesWhatWasCutOffOrDamaged) {
  const std::string good = WriteJson(SampleReport());
  for (std::size_t size = 0; size + 1 < good.size(); size += 37) {
    EXPECT_FALSE(ReadJson(good.substr(0, size)).report) << size;
  }
  for (std::size_t at = 0; at < good.size(); at += 37) {
    std::string damaged = good;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x80);
    EXPECT_FALSE(ReadJson(damaged).report) << at;
  }
  EXPECT_FALSE(ReadJson(std::string(1'000'000, '[')).report);
}

}  // namespace
}  // namespace assay::report
