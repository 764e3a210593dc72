// Writes the pages that the browser test opens: write_reports DIR

#include <fstream>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "reports/html.h"
#include "reports/sample.h"
#include "reports/side_by_side.h"
#include "reports/spec_page.h"
#include "spec/loader.h"
#include "spec/sample_testing.h"

namespace assay::report {
namespace {

using std::chrono::milliseconds;

Report Passed() {
  Report passed = SampleReport();
  std::erase_if(passed.outcomes,
                [](const Outcome& outcome) { return outcome.verdict != Verdict::kPass; });
  for (Outcome& outcome : passed.outcomes) outcome.expected = true;
  Summarise(passed);
  return passed;
}

ExchangeRecord Exchange(ExchangeKind kind, std::vector<TimedBytes> bytes, std::string final) {
  ExchangeRecord exchange;
  exchange.kind = kind;
  if (!bytes.empty() && bytes[0].sent) exchange.sent = bytes[0].bytes;
  exchange.bytes = std::move(bytes);
  exchange.final = std::move(final);
  return exchange;
}

Finding Wanted(std::size_t exchange, std::string expected, std::string got) {
  Finding finding;
  finding.finding_class = got.empty() ? FindingClass::kMissing : FindingClass::kRange;
  finding.clause = "3.2.5";
  finding.where.exchange = exchange;
  finding.expected = std::move(expected);
  finding.got = got;
  finding.got_bytes = got;
  finding.message = got.empty() ? "it never came" : "a result is lacking";
  return finding;
}

// A case in which everybody speaks, in each way that there is; and two that are alike and short.
Report Talk() {
  using enum ExchangeKind;
  Outcome all;
  all.id = "quectel-bg96/qmtsub/write/talk";
  all.purpose = "a subscription outlives a network that goes away";
  all.requirement = "response AT+QMTSUB/write/success (3.2.5, stated)";
  all.clause = "3.2.5";
  all.kind = "state";
  all.verdict = Verdict::kFail;
  all.expected = false;
  all.reason = "range (3.2.5): a result is lacking";
  all.repro = "assay run --dialect quectel-bg96 --filter '" + all.id + "'";
  const std::string subscribe = "AT+QMTSUB=0,1,\"a/b\",1\r";
  all.exchanges = {
      Exchange(kCommand,
               {{milliseconds(0), true, subscribe},
                {milliseconds(2), false, subscribe},
                {milliseconds(12), false, "\r\nOK\r\n"}},
               "OK"),
      Exchange(kNone, {{milliseconds(410), false, "\r\n+QMTSUB: 0,1,1\r\n"}}, "async"),
      Exchange(kCommand,
               {{milliseconds(500), true, "AT+QMTPUB=0,0,0,0,\"a/b\"\r"},
                {milliseconds(503), false, "\r\n> "}},
               "prompt"),
      Exchange(kData,
               {{milliseconds(510), true, "hello \x01 <&\xC3\xA4\"'>\x1A"},
                {milliseconds(520), false, "\r\nOK\r\n"}},
               "OK"),
      Exchange(kNone, {}, ""),
      Exchange(kCommand,
               {{milliseconds(60'000), true,
                 "AT+QMTSUB=0,2,\"a/topic/that/is/longer/than/an/arrow/has/room/for\",2\r"},
                {milliseconds(60'010), false, "\r\nERROR\r\n"}},
               "ERROR"),
      Exchange(kCommand, {}, ""),
  };
  all.exchanges[0].broker = {"connection", "CONNECT client \"a\" clean", "<- CONNACK 0"};
  all.exchanges[0].margins = {{milliseconds(12), milliseconds(300)}};
  all.exchanges[1].broker = {"SUBSCRIBE \"a/b\" qos 1"};
  all.exchanges[4].bench = BenchAction{"network.off", "exit status 0", milliseconds(1000)};
  all.exchanges[6].sent = "AT";
  all.exchanges[6].received = {"+QMTSTAT: 0,2"};
  all.exchanges[6].kind = kCommand;
  all.findings = {Wanted(1, "+QMTSUB: 0,1,0,2", "+QMTSUB: 0,1,1"),
                  Wanted(4, "+QMTSTAT: 0,1", "")};
  Report report = SampleReport();
  report.outcomes = {all};
  for (const char* what : {"short", "shorter"}) {
    Outcome outcome = Passed().outcomes[2];
    outcome.id = std::string("quectel-bg96/qmtopen/write/") + what;
    outcome.exchanges[0].kind = ExchangeKind::kCommand;
    report.outcomes.push_back(outcome);
  }
  Summarise(report);
  return report;
}

// Three firmwares of one module, of which the second and the third each do one case otherwise.
Report Firmwares() {
  std::vector<Report> reports(3, SampleReport());
  for (std::size_t i = 0; i < reports.size(); ++i)
    reports[i].identity["revision"] = "R0" + std::to_string(i + 1);
  Outcome& failed = reports[1].outcomes[2];
  failed.verdict = Verdict::kFail;
  failed.expected = false;
  failed.reason = "the modem never opened";
  reports[2].outcomes[4].verdict = Verdict::kInconc;
  for (Report& report : reports) Summarise(report);
  NameDevices(reports, {"first", "second", "third"});
  return Merge(std::move(reports));
}

int Write(const std::string& folder) {
  const auto printed =
      spec::LoadDialectFromTexts(spec::Sample(), {.as_printed = true}).dialect;
  const SpecPage spec{.printed = printed.get(),
                      .examples = {{.id = "sample/open/write/opens",
                                    .title = "Opens a socket",
                                    .clause = "2.1",
                                    .purpose = "a socket opens",
                                    .text = "> AT+OPEN=0,\"host\"\n< OK\n",
                                    .commands = {"AT+OPEN"}}}};
  const std::pair<std::string, std::string> pages[] = {
      {"spec", WriteSpecPage(spec)},          {"sample", WriteHtml(SampleReport())},
      {"hostile", WriteHtml(HostileReport())}, {"large", WriteHtml(LargeReport(10'000))},
      {"many", WriteHtml(LargeReport(320))},  {"passed", WriteHtml(Passed())},
      {"talk", WriteHtml(Talk())},            {"firmwares", WriteHtml(Firmwares())},
      {"empty", WriteHtml(Report{})}};
  for (const auto& [name, html] : pages) {
    const std::string path = folder + "/" + name + ".html";
    std::ofstream out(path, std::ios::binary);
    out << html;
    if (!out.flush()) {
      std::cerr << "cannot write " << path << "\n";
      return 1;
    }
  }
  return 0;
}

}  // namespace
}  // namespace assay::report

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: write_reports DIR\n";
    return 2;
  }
  return assay::report::Write(argv[1]);
}
