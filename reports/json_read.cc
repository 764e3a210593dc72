#include <rapidjson/document.h>
#include <rapidjson/error/en.h>

#include <algorithm>

#include "reports/json.h"
#include "reports/json_object.h"

namespace assay::report {
namespace {

using spec::Basis;
using spec::Name;

constexpr Verdict kVerdicts[] = {Verdict::kNone, Verdict::kPass, Verdict::kInconc, Verdict::kFail,
                                 Verdict::kError};
constexpr Change kChanges[] = {Change::kSame,      Change::kRegression, Change::kFixed,
                               Change::kNew,       Change::kMissing,    Change::kOtherwise,
                               Change::kExpired,   Change::kUnclear,    Change::kNotJudged};
constexpr FindingClass kClasses[] = {
    FindingClass::kSyntax,  FindingClass::kRange,        FindingClass::kOrder,
    FindingClass::kMissing, FindingClass::kUnexpected,   FindingClass::kUndocumented,
    FindingClass::kState,   FindingClass::kTiming,       FindingClass::kFraming,
    FindingClass::kPayload, FindingClass::kResultFailure};
constexpr Severity kSeverities[] = {Severity::kInfo, Severity::kDeviation, Severity::kViolation};
constexpr Basis kBases[] = {Basis::kStated, Basis::kExample, Basis::kInferred, Basis::kOpen};
constexpr Side kSides[] = {Side::kDevice, Side::kHost, Side::kCapture};
constexpr ExchangeKind kKinds[] = {ExchangeKind::kCommand, ExchangeKind::kData,
                                   ExchangeKind::kNone};

using Value = rapidjson::Value;

// Recursion would let a deeply nested file overflow the stack; the iterative parser does not.
constexpr unsigned kParseFlags = rapidjson::kParseIterativeFlag |
                                 rapidjson::kParseValidateEncodingFlag |
                                 rapidjson::kParseFullPrecisionFlag;

std::string Position(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const std::size_t line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t start = before.rfind('\n') == before.npos ? 0 : before.rfind('\n') + 1;
  return std::to_string(line) + ":" + std::to_string(before.size() - start + 1) + ": ";
}

std::string Parse(std::string_view text, rapidjson::Document& document) {
  document.Parse<kParseFlags>(text.data(), text.size());
  if (!document.HasParseError()) return {};
  return Position(text, document.GetErrorOffset()) +
         rapidjson::GetParseError_En(document.GetParseError());
}

ExchangeRecord ReadExchange(const Value& value, const std::string& path, std::string& error) {
  const JsonObject object(value, path, error);
  ExchangeRecord exchange;
  exchange.line = object.Count("line");
  exchange.kind = object.OneOf("kind", kKinds);
  const Value* sent = object.Need("sent");
  if (sent != nullptr && !sent->IsNull()) exchange.sent = object.Bytes("sent", "sent_hex");
  object.Each("received", [&](const Value& line, const std::string& at) {
    exchange.received.push_back(object.ElementText(line, at));
  });
  if (object.Find("received_hex") != nullptr) {
    std::size_t index = 0;
    object.Each("received_hex", [&](const Value& line, const std::string& at) {
      const std::size_t i = index++;
      if (i >= exchange.received.size()) return object.Fail(at, "has no line in received");
      if (line.IsNull()) return;
      std::optional<std::string> bytes = FromHex(object.ElementText(line, at));
      if (!bytes) return object.Fail(at, "must be pairs of hexadecimal digits");
      exchange.received[i] = std::move(*bytes);
    });
  }
  exchange.final = object.Text("final");
  if (object.Find("result") != nullptr) exchange.result = object.Bytes("result", "result_hex");
  if (object.Find("margins") != nullptr) {
    object.Each("margins", [&](const Value& margin, const std::string& at) {
      const JsonObject fields(margin, at, error);
      exchange.margins.push_back(
          {fields.Milliseconds("took_ms"), fields.Milliseconds("documented_ms")});
    });
  }
  if (object.Find("broker") != nullptr) {
    object.Each("broker", [&](const Value& packet, const std::string& at) {
      exchange.broker.push_back(object.ElementText(packet, at));
    });
  }
  if (object.Find("bench") != nullptr) {
    const JsonObject bench = object.Object("bench");
    exchange.bench = BenchAction{bench.Text("did"), "", bench.Milliseconds("at_ms")};
    if (bench.Find("told") != nullptr) exchange.bench->told = bench.Text("told");
  }
  if (object.Find("bytes") != nullptr) {
    object.Each("bytes", [&](const Value& piece, const std::string& at) {
      const JsonObject timed(piece, at, error);
      exchange.bytes.push_back(
          {timed.Milliseconds("at_ms"), timed.Bool("sent"), timed.FromHexText("hex")});
    });
  }
  return exchange;
}

Finding ReadFinding(const Value& value, const std::string& path, std::string& error) {
  const JsonObject object(value, path, error);
  Finding finding;
  finding.finding_class = object.OneOf("class", kClasses);
  finding.severity = object.OneOf("severity", kSeverities);
  finding.clause = object.Text("clause");
  finding.basis = object.OneOf("basis", kBases);
  finding.side = object.OneOf("side", kSides);
  finding.fingerprint = object.Text("fingerprint");
  finding.erratum = object.TextIfAny("erratum");
  const JsonObject where = object.Object("where");
  finding.where = {where.Text("file"), where.Count("line"), where.Count("exchange")};
  finding.expected = object.Text("expected");
  finding.got = object.Text("got");
  finding.got_bytes = object.FromHexText("got_hex");
  finding.message = object.Text("message");
  return finding;
}

Outcome ReadOutcomeObject(const Value& value, const std::string& path, std::string& error) {
  const JsonObject object(value, path, error);
  Outcome outcome;
  outcome.id = object.Text("id");
  outcome.title = object.Text("title");
  outcome.clause = object.Text("clause");
  outcome.purpose = object.Text("purpose");
  outcome.requirement = object.TextIfAny("requirement");
  outcome.device = object.TextIfAny("device");
  outcome.kind = object.TextIfAny("kind");
  outcome.verdict = object.OneOf("verdict", kVerdicts);
  outcome.expected = object.Bool("expected");
  if (object.Find("change") != nullptr) outcome.change = object.OneOf("change", kChanges);
  outcome.held = object.TextIfAny("held");
  outcome.long_wait = object.BoolIfAny("long_wait");
  outcome.skipped = object.BoolIfAny("skipped");
  outcome.reason = object.Text("reason");
  outcome.went = object.TextIfAny("device_went");
  outcome.set_up = object.TextIfAny("set_up");
  outcome.duration = object.Milliseconds("duration_ms");
  outcome.repro = object.Text("repro");
  if (object.Find("recovery") != nullptr) {
    object.Each("recovery", [&](const Value& step, const std::string& at) {
      outcome.recovery.push_back(object.ElementText(step, at));
    });
  }
  object.Each("exchanges", [&](const Value& exchange, const std::string& at) {
    outcome.exchanges.push_back(ReadExchange(exchange, at, error));
  });
  object.Each("findings", [&](const Value& finding, const std::string& at) {
    outcome.findings.push_back(ReadFinding(finding, at, error));
  });
  if (object.Find("observed") != nullptr) {
    const JsonObject observed = object.Object("observed");
    outcome.observed = {observed.Count("seen"), observed.Count("unobserved")};
  }
  if (object.Find("shrunk") != nullptr) {
    const JsonObject shrunk = object.Object("shrunk");
    outcome.shrunk = {shrunk.Text("file"), shrunk.Text("repro"), shrunk.Count("exchanges"),
                      shrunk.Count("of"), shrunk.Count("runs")};
  }
  outcome.recording = object.Text("recording");
  if (object.Find("attempts") != nullptr) {
    object.Each("attempts", [&](const Value& attempt, const std::string& at) {
      // None has attempts of its own; without end they would take all memory of the stack.
      if (attempt.IsObject() && attempt.HasMember("attempts"))
        return object.Fail(at, "an attempt has no attempts");
      outcome.attempts.push_back(ReadOutcomeObject(attempt, at, error));
    });
  }
  return outcome;
}

std::map<std::string, std::string> ReadMap(const JsonObject& object, std::string_view key) {
  std::map<std::string, std::string> out;
  const JsonObject texts = object.Object(key);
  const Value* value = object.Find(key);
  if (value == nullptr || !value->IsObject()) return out;
  for (const auto& member : value->GetObject()) {
    const std::string name(JsonObject::View(member.name));
    out[name] = texts.Text(name);
  }
  return out;
}

void ReadDevice(const JsonObject& device, Report& report) {
  report.device_address = device.Text("address");
  report.identity = ReadMap(device, "identity");
}

Report::Summary ReadSummary(const JsonObject& object) {
  Report::Summary summary;
  summary.none = object.Count("none");
  summary.pass = object.Count("pass");
  summary.inconc = object.Count("inconc");
  summary.fail = object.Count("fail");
  summary.error = object.Count("error");
  summary.deviations = object.Count("deviations");
  summary.skipped = object.CountIfAny("skipped");
  summary.host = object.CountIfAny("host");
  summary.went = object.CountIfAny("device_went");
  summary.flaky = object.CountIfAny("flaky");
  return summary;
}

void ReadCoverage(const JsonObject& coverage, Report& report, std::string& error) {
  coverage.Each("clauses", [&](const Value& clause, const std::string& at) {
    const JsonObject object(clause, at, error);
    report.coverage.clauses.push_back({object.Text("clause"), object.Count("positive"),
                                       object.Count("negative"), object.TextIfAny("reason")});
  });
  for (const CoverageKind kind : kCoverageKinds) {
    if (kind == CoverageKind::kClauses || coverage.Find(Name(kind)) == nullptr) continue;
    coverage.Each(Name(kind), [&](const Value& fact, const std::string& at) {
      const JsonObject object(fact, at, error);
      report.coverage.facts.push_back(
          {kind, object.Text("what"), object.Text("clause"), object.Count("cases"), {}});
      if (object.Find("reason") != nullptr)
        report.coverage.facts.back().reason = object.OneOf("reason", kWhyLeft);
    });
  }
  if (coverage.Find("minimum") == nullptr) return;
  const JsonObject minimum = coverage.Object("minimum");
  for (const CoverageKind kind : kCoverageKinds) {
    if (minimum.Find(Name(kind)) != nullptr)
      report.coverage.minimum[kind] = minimum.Number(Name(kind));
  }
}

Report ReadReportObject(const Value& value, std::string& error) {
  const JsonObject object(value, "", error);
  Report report;
  const std::string schema = object.Text("schema");
  if (schema != "assay.report.v1") {
    object.Fail("schema", "\"" + VisibleLine(schema) + "\" is not assay.report.v1");
    return report;
  }
  const JsonObject tool = object.Object("tool");
  report.tool_version = tool.Text("version");
  report.tool_sha256 = tool.TextIfAny("sha256");
  report.dialect = object.Text("dialect");
  report.model = object.Text("model");
  report.document = object.TextIfAny("document");
  report.spec_sha256 = object.Text("spec_sha256");
  object.Each("overlays", [&](const Value& overlay, const std::string& at) {
    const JsonObject fields(overlay, at, error);
    report.overlays.push_back({fields.Text("file"), fields.Text("sha256"), fields.Text("document"),
                               fields.Text("clause"), fields.Text("reason")});
  });
  report.suite = object.TextIfAny("suite");
  report.suite_sha256 = object.TextIfAny("suite_sha256");
  if (object.Find("inputs") != nullptr) {
    object.Each("inputs", [&](const Value& input, const std::string& at) {
      const JsonObject fields(input, at, error);
      report.inputs.push_back({fields.Text("what"), fields.Text("file"), fields.Text("sha256")});
    });
  }
  if (object.Find("pixit") != nullptr) report.pixit = ReadMap(object, "pixit");
  report.host = object.TextIfAny("host");
  report.reading = object.Text("reading");
  report.seed = object.Count("seed");
  ReadDevice(object.Object("device"), report);
  if (object.Find("devices") != nullptr) {
    object.Each("devices", [&](const Value& device, const std::string& at) {
      const JsonObject fields(device, at, error);
      report.devices.push_back({fields.Text("name"), fields.Text("dialect"), fields.Text("model"),
                                fields.Text("address"), {}});
      if (fields.Find("identity") != nullptr)
        report.devices.back().identity = ReadMap(fields, "identity");
    });
  }
  report.baseline = object.TextIfAny("baseline");
  if (object.Find("missing") != nullptr) {
    object.Each("missing", [&](const Value& one, const std::string& at) {
      const JsonObject fields(one, at, error);
      report.missing.push_back({fields.Text("id"), fields.TextIfAny("device"), fields.Text("held")});
    });
  }
  for (auto [key, globs] : {std::pair{"filters", &report.filters}, {"excludes", &report.excludes}}) {
    if (object.Find(key) == nullptr) continue;
    object.Each(key, [&, globs = globs](const Value& glob, const std::string& at) {
      globs->push_back(object.ElementText(glob, at));
    });
  }
  report.started = object.Text("started");
  report.duration = object.Milliseconds("duration_ms");
  if (object.Find("link_latency_ms") != nullptr)
    report.link_latency = object.Milliseconds("link_latency_ms");
  report.diagnosis = object.TextIfAny("diagnosis");
  if (object.Find("shard") != nullptr) {
    const JsonObject shard = object.Object("shard");
    report.shard = {shard.Count("index"), shard.Count("of"), shard.Count("cases_elsewhere")};
  }
  report.interrupted = object.BoolIfAny("interrupted");
  report.partial = object.BoolIfAny("partial");
  report.bounded = object.BoolIfAny("bounded");
  report.fail_on_deviation = object.BoolIfAny("fail_on_deviation");
  report.fail_on_flaky = object.BoolIfAny("fail_on_flaky");
  if (object.Find("log_verdict") != nullptr) report.log_verdict = object.Text("log_verdict");
  object.Each("outcomes", [&](const Value& outcome, const std::string& at) {
    report.outcomes.push_back(ReadOutcomeObject(outcome, at, error));
  });
  report.summary = ReadSummary(object.Object("summary"));
  ReadCoverage(object.Object("coverage"), report, error);
  if (object.Find("review") != nullptr) {
    object.Each("review", [&](const Value& row, const std::string& at) {
      const JsonObject fields(row, at, error);
      report.review.push_back({fields.Text("claim"), fields.Text("clause"), fields.Bool("claimed"),
                               fields.TextIfAny("test_form"), fields.Count("taken"),
                               fields.Count("refused"), fields.TextIfAny("contradiction")});
    });
  }
  if (object.Find("settings") != nullptr) {
    object.Each("settings", [&](const Value& row, const std::string& at) {
      const JsonObject fields(row, at, error);
      report.settings.push_back({fields.Text("what"), fields.Text("before"), fields.Text("after"),
                                 fields.Bool("as_before"), fields.Bool("put_back"),
                                 fields.TextIfAny("why"), fields.TextIfAny("device")});
    });
  }
  object.Each("errata_met", [&](const Value& erratum, const std::string& at) {
    report.errata_met.push_back(object.ElementText(erratum, at));
  });
  return report;
}

}  // namespace

ReadReport ReadJson(std::string_view text) {
  rapidjson::Document document;
  std::string error = Parse(text, document);
  if (!error.empty()) return {std::nullopt, error};
  Report report = ReadReportObject(document, error);
  if (!error.empty()) return {std::nullopt, error};
  return {std::move(report), ""};
}

ReadOutcome ReadOutcomeLine(std::string_view line) {
  rapidjson::Document document;
  std::string error = Parse(line, document);
  if (!error.empty()) return {std::nullopt, error};
  Outcome outcome = ReadOutcomeObject(document, "", error);
  if (!error.empty()) return {std::nullopt, error};
  return {std::move(outcome), ""};
}

}  // namespace assay::report
