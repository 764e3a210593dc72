#include "reports/sample.h"

#include <utility>

namespace assay::report {
namespace {

using spec::Basis;
using std::chrono::microseconds;
using std::chrono::milliseconds;

Outcome Passed(std::string id, std::string title, std::string clause, int ms) {
  Outcome outcome;
  outcome.id = "quectel-bg96/" + std::move(id);
  outcome.title = std::move(title);
  outcome.clause = std::move(clause);
  outcome.verdict = Verdict::kPass;
  outcome.duration = milliseconds(ms);
  outcome.repro = "assay run --dialect quectel-bg96 --device /dev/ttyUSB2 --seed 42 --filter '" +
                  outcome.id + "'";
  return outcome;
}

ExchangeRecord Exchanged(std::size_t line, std::string sent, std::vector<std::string> received,
                         std::string final) {
  ExchangeRecord exchange;
  exchange.line = line;
  exchange.sent = std::move(sent);
  exchange.received = std::move(received);
  exchange.final = std::move(final);
  return exchange;
}

Outcome Open() {
  Outcome outcome =
      Passed("qmtopen/write/success", "Open a network connection for MQTT", "3.2.2", 412);
  outcome.purpose = "A valid open is answered with OK, then with +QMTOPEN: <tcpconnectID>,0.";
  outcome.requirement = "response AT+QMTOPEN/write/success (3.2.2, stated)";
  ExchangeRecord exchange = Exchanged(4, "AT+QMTOPEN=0,\"broker.example\",1883", {"OK"}, "OK");
  exchange.result = "+QMTOPEN: 0,0";
  exchange.bytes = {{microseconds(0), true, "AT+QMTOPEN=0,\"broker.example\",1883\r"},
                    {microseconds(1870), false, "AT+QMTOPEN=0,\"broker.example\",1883\r"},
                    {microseconds(12345), false, "\r\nOK\r\n"},
                    {microseconds(410222), false, "\r\n+QMTOPEN: 0,0\r\n"}};
  exchange.margins = {{microseconds(12345), milliseconds(300)},
                      {microseconds(410222), milliseconds(75000)}};
  outcome.long_wait = true;
  outcome.exchanges.push_back(exchange);
  return outcome;
}

Outcome WrongResult() {
  Outcome outcome = Open();
  outcome.id = "quectel-bg96/qmtopen/write/occupied";
  outcome.repro = "assay run --dialect quectel-bg96 --device /dev/ttyUSB2 --seed 42 --filter '" +
                  outcome.id + "'";
  outcome.title = "Refuse to open an identifier that is already in use";
  outcome.purpose = "A second open of the same <tcpconnectID> is answered with result 2.";
  outcome.verdict = Verdict::kFail;
  outcome.expected = false;
  outcome.reason = "the second open succeeded, where 2 (MQTT identifier is occupied) was expected";
  outcome.recording = "recordings/qmtopen write occupied.at";
  outcome.shrunk = {"shrunk/qmtopen.at", "assay run report/shrunk/qmtopen.at", 2, 5, 7};
  ExchangeRecord again = outcome.exchanges[0];
  again.line = 7;
  for (TimedBytes& piece : again.bytes) piece.at += milliseconds(1500);
  outcome.exchanges.push_back(again);
  Finding finding;
  finding.finding_class = FindingClass::kState;
  finding.clause = "3.2.2";
  finding.fingerprint = "state/3.2.2/AT+QMTOPEN/write/occupied";
  finding.where = {"qmtopen.at", 9, 1};
  finding.expected = "+QMTOPEN: 0,2";
  finding.got = "+QMTOPEN: 0,0";
  finding.got_bytes = "\r\n+QMTOPEN: 0,0\r\n";
  finding.message = "the identifier was opened twice";
  outcome.findings.push_back(finding);
  return outcome;
}

Outcome WrongPayload() {
  Outcome outcome =
      Passed("qmtpub/write/payload-bytes", "Publish a payload of any bytes", "3.2.7", 2310);
  outcome.purpose = "Nothing in a payload is taken for a command, an answer or an end.";
  outcome.verdict = Verdict::kFail;
  outcome.expected = false;
  outcome.reason = "2 bytes of the payload came back changed";
  ExchangeRecord exchange = Exchanged(3, "AT+QMTPUB=0,1,1,0,\"sensors/1\"", {}, "prompt");
  exchange.bytes = {{microseconds(0), true, "AT+QMTPUB=0,1,1,0,\"sensors/1\"\r"},
                    {milliseconds(9), false, "\r\n> "}};
  ExchangeRecord data;
  data.line = 4;
  data.kind = ExchangeKind::kData;
  data.sent = "a\r\nOK\r\n\x1B[31m\xC3\x28 <script>alert(1)</script>";
  data.received = {"OK"};
  data.final = "OK";
  data.result = "+QMTPUB: 0,1,0";
  data.bytes = {{milliseconds(31), true, *data.sent + "\x1A"},
                {milliseconds(44), false, "\r\nOK\r\n"},
                {milliseconds(2301), false, "\r\n+QMTPUB: 0,1,0\r\n"}};
  outcome.exchanges = {exchange, data};
  Finding payload;
  payload.finding_class = FindingClass::kPayload;
  payload.clause = "3.2.7";
  payload.fingerprint = "payload/3.2.7/AT+QMTPUB/write";
  payload.where = {"qmtpub.at", 4, 1};
  payload.expected = R"(a\r\nOK\r\n\x1B[31m\xC3( <script>alert(1)</script>)";
  payload.got = R"(a\r\nOK\r\n[31m( <script>alert(1)</script>)";
  payload.got_bytes = "a\r\nOK\r\n[31m( <script>alert(1)</script>";
  payload.message = "the payload that the broker got differs from byte 7 on";
  Finding late = payload;
  late.finding_class = FindingClass::kTiming;
  late.severity = Severity::kDeviation;
  late.basis = Basis::kInferred;
  late.fingerprint = "timing/3.2.7/AT+QMTPUB/write/result";
  late.expected = "+QMTPUB: 0,1,0 within 2 s";
  late.got = "after 2.257 s";
  late.got_bytes.clear();
  late.message = "the result came later than the timeout that the worked example implies";
  outcome.findings = {payload, late};
  return outcome;
}

Outcome Missing() {
  Outcome outcome = Passed("qmtsub/write/qos-2", "Subscribe with QoS 2", "3.2.5", 15000);
  outcome.verdict = Verdict::kInconc;
  outcome.went = "hangs";
  outcome.recovery = {"AT: no answer", "escape: no answer", "Ctrl-Z: answers"};
  outcome.set_up = "`AT+QMTOPEN=0,\"broker.example\",1883` answered `+QMTOPEN: 0,3`";
  outcome.reason = "set-up " + outcome.set_up;
  Finding finding;
  finding.finding_class = FindingClass::kMissing;
  finding.severity = Severity::kInfo;
  finding.clause = "3.2.5";
  finding.basis = Basis::kOpen;
  finding.side = Side::kCapture;
  finding.where = {"qmtsub.at", 6, 0};
  finding.expected = "+QMTSUB: 0,1,<result:0>,2";
  finding.message = "no SUBACK was seen on the broker's side either";
  outcome.findings.push_back(finding);
  outcome.exchanges.push_back(Exchanged(5, "AT+QMTSUB=0,1,\"a/b\",2", {"OK"}, "OK"));
  return outcome;
}

Outcome Framing() {
  Outcome outcome = Passed("qmtcfg/test/version", "Show the range of the version", "3.2.1", 38);
  Finding finding;
  finding.finding_class = FindingClass::kFraming;
  finding.severity = Severity::kDeviation;
  finding.clause = "3.2.1";
  finding.basis = Basis::kExample;
  finding.fingerprint = "framing/3.2.1/AT+QMTCFG/test/space";
  finding.erratum = "bg96-cfg-space";
  finding.where = {"qmtcfg.at", 3, 0};
  finding.expected = "+QMTCFG: \"version\",(0-5),(3,4)";
  finding.got = "+QMTCFG:\"version\",(0-5),(3,4)";
  finding.got_bytes = "\r\n+QMTCFG:\"version\",(0-5),(3,4)\r\n";
  finding.message = "no space follows the colon";
  outcome.findings.push_back(finding);
  outcome.exchanges.push_back(
      Exchanged(3, "AT+QMTCFG=?", {"+QMTCFG:\"version\",(0-5),(3,4)", "OK"}, "OK"));
  return outcome;
}

Outcome Skipped(std::string id, std::string title, std::string clause, std::string reason) {
  Outcome outcome = Passed(std::move(id), std::move(title), std::move(clause), 0);
  outcome.verdict = Verdict::kNone;
  outcome.skipped = true;
  outcome.reason = std::move(reason);
  return outcome;
}

}  // namespace

Report SampleReport() {
  Report report;
  report.tool_version = "0.1.0";
  report.dialect = "quectel-bg96";
  report.model = "bg96";
  report.document = "BG96 MQTT Application Note V1.0";
  report.spec_sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
  report.overlays = {{"house-rules.json",
                      "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
                      "House rules, 2024-05", "4.1", "our boards answer without echo"}};
  report.suite = "manual";
  report.suite_sha256 = "d7a8fbb307d7809469ca9abcb0082e4f8d5651e46d3cdb762d02d0bf37c9e592";
  report.tool_sha256 = "ef2d127de37b942baad06145e54b0c619a1f22327b2ebbcfbec78f5564afe39d";
  report.inputs = {{"pixit", "bench.pixit",
                    "4e07408562bedb8b60ce05c1decfe3ad16b72230967de01f640b7e4729b49fce"}};
  report.pixit = {{"broker.host", "broker.lab.example"}, {"broker.port", "1883"}};
  report.host = "Linux 6.1.0-26-amd64 x86_64";
  report.seed = 42;
  report.link_latency = microseconds(2150);
  report.device_address = "serial:/dev/ttyUSB2?baud=115200";
  report.identity = {{"manufacturer", "Quectel"}, {"model", "BG96"}, {"revision", "BG96MAR02A07"}};
  report.baseline = "known.txt";
  report.started = "2024-05-17T09:30:00Z";
  report.duration = milliseconds(83450);
  Outcome second_framing = Framing();
  second_framing.id = "quectel-bg96/qmtcfg/test/keepalive";
  second_framing.title = "Show the range of the keep-alive time";
  Outcome broken = Passed("qmtdisc/write/success", "Disconnect from the server", "3.2.4", 5);
  broken.verdict = Verdict::kError;
  broken.reason = "/dev/ttyUSB2 vanished while the case ran";
  Outcome known =
      Passed("qmtuns/write/unknown-topic", "Unsubscribe from an unknown topic", "3.2.6", 230);
  known.verdict = Verdict::kFail;
  known.reason = "result 1 where 0 was expected (reported to the vendor as 1234)";
  Outcome mended = Passed("qmtclose/write/unopened", "Close what is not open", "3.2.3", 24);
  mended.expected = false;
  mended.change = Change::kFixed;
  mended.held = "fails by known.txt:12 (FW-7): answers late";
  known.change = Change::kSame;
  known.held = "known.txt:4 (FW-1234)";
  report.outcomes = {Framing(),
                     second_framing,
                     Open(),
                     WrongResult(),
                     Passed("qmtopen/write/range-low", "Refuse an identifier of -1", "3.2.2", 18),
                     Passed("qmtopen/write/range-high", "Refuse an identifier of 6", "3.2.2", 17),
                     mended,
                     broken,
                     Missing(),
                     known,
                     WrongPayload(),
                     Skipped("qmtcfg/write/ssl", "Use a TLS context", "3.2.1",
                             "needs PIXIT tls_broker, which the bench does not supply"),
                     Skipped("qmtcfg/write/aliauth", "Ali Cloud credentials", "3.2.1",
                             "PICS: the device does not claim Ali Cloud"),
                     Skipped("qmtconn/write/aliauth", "Connect to Ali Cloud", "3.2.3",
                             "PICS: the device does not claim Ali Cloud")};
  report.coverage.clauses = {{"3.2.1", 14, 9, ""},
                             {"3.2.2", 6, 8, ""},
                             {"3.2.3", 3, 2, ""},
                             {"3.2.9", 0, 0, "documented elsewhere"},
                             {"3.2.10", 0, 0, ""}};
  report.coverage.facts = {
      {CoverageKind::kResponses, "AT+QMTOPEN/write/success", "3.2.2", 14, {}},
      {CoverageKind::kResponses, "AT+QMTOPEN/test/success", "3.2.2", 0, WhyLeft::kSelection},
      {CoverageKind::kResponses, "AT+QMTSHOW/read/success", "3.2.10", 0, WhyLeft::kModel},
      {CoverageKind::kErrors, "+CME ERROR 3", "4.1", 2, {}},
      {CoverageKind::kStates, "socket open", "3.2.2", 9, {}},
      {CoverageKind::kTransitions, "T12", "3.2.7", 0, WhyLeft::kPeer}};
  report.coverage.minimum = {{CoverageKind::kStates, 90.5}};
  report.outcomes[2].kind = "value";
  report.review = {{"command.AT+QMTOPEN", "3.2.2", true, "+QMTOPEN: (0-5),<host_name>,(0-65535)", 4,
                    2, ""},
                   {"tls", "", false, "", 1, 0, "not claimed, but the module has it"}};
  report.errata_met = {"bg96-cfg-space", "bg96-open-example"};
  Summarise(report);
  return report;
}

std::string AllBytes() {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
  return bytes;
}

Report HostileReport() {
  const std::string bytes = AllBytes();
  const std::string markup =
      "</script></style></title></textarea>--><!--]]><script>document.title='owned'</script>"
      "<img src=x onerror=\"document.title='owned'\"> ${jndi} \xE2\x80\xAE\xEF\xBF\xBF";
  Report report = SampleReport();
  for (std::string* text :
       {&report.tool_version, &report.dialect, &report.model, &report.document, &report.spec_sha256,
        &report.reading, &report.device_address, &report.baseline, &report.started, &report.suite,
        &report.suite_sha256, &report.tool_sha256, &report.host}) {
    *text += markup + bytes;
  }
  report.identity[markup + bytes] = bytes;
  report.pixit[markup + bytes] = bytes;
  report.inputs.push_back({markup, bytes, markup + bytes});
  report.log_verdict = bytes;
  report.diagnosis = markup + bytes;
  report.errata_met.push_back(markup + bytes);
  report.overlays.push_back({bytes, bytes, bytes, bytes, markup});
  report.coverage.clauses.push_back({bytes, 0, 0, bytes});
  report.coverage.facts.push_back(
      {CoverageKind::kTransitions, markup + bytes, bytes, 0, WhyLeft::kNoCase});
  report.coverage.minimum[CoverageKind::kTransitions] = 50;
  report.review.push_back({markup, bytes, false, bytes, 1, 2, markup + bytes});
  for (const std::string& text : {bytes, markup, std::string(4000, 'x'), std::string()}) {
    Outcome outcome = WrongPayload();
    Finding& finding = outcome.findings[0];
    for (std::string* field :
         {&outcome.id, &outcome.device, &outcome.kind, &outcome.title, &outcome.clause,
          &outcome.purpose, &outcome.requirement, &outcome.reason, &outcome.went, &outcome.held,
          &outcome.set_up, &outcome.repro, &outcome.recording, &finding.clause, &finding.fingerprint,
          &finding.erratum, &finding.where.file, &finding.expected, &finding.got,
          &finding.got_bytes, &finding.message, &outcome.exchanges[0].final}) {
      *field = text;
    }
    outcome.recovery = {text};
    outcome.change = Change::kOtherwise;
    outcome.attempts = {outcome, outcome};
    outcome.shrunk = {text, text, 1, 2, 3};
    outcome.exchanges[0].broker = {text};
    outcome.exchanges[0].bench = BenchAction{text, text, milliseconds(1)};
    outcome.exchanges[0].sent = text;
    outcome.exchanges[0].received = {text, "OK"};
    outcome.exchanges[0].result = text;
    outcome.exchanges[0].bytes.push_back({milliseconds(1), false, text});
    report.outcomes.push_back(outcome);
    outcome.verdict = Verdict::kInconc;
    report.outcomes.push_back(outcome);
    outcome.verdict = Verdict::kNone;
    outcome.skipped = true;
    report.outcomes.push_back(outcome);
  }
  report.interrupted = true;
  report.shard = ShardOf{2, 3, 40};
  report.devices = {{markup, bytes, markup + bytes, bytes, {{bytes, markup}}},
                    {bytes, markup, "", markup, {}}};
  report.missing = {{markup + bytes, bytes, markup + bytes}, {bytes, "", ""}};
  report.filters = {markup + bytes};
  report.excludes = {bytes, markup};
  Summarise(report);
  return report;
}

Report LargeReport(std::size_t cases) {
  Report report = SampleReport();
  report.outcomes = {WrongResult()};
  for (std::size_t i = 0; i < cases; ++i) {
    Outcome outcome = Open();
    outcome.id += "-" + std::to_string(i);
    outcome.clause = "3.2." + std::to_string(i % 20 + 1);
    report.outcomes.push_back(outcome);
  }
  Summarise(report);
  return report;
}

}  // namespace assay::report
