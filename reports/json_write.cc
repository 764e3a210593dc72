#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <map>

#include "reports/digest.h"
#include "reports/json.h"
#include "reports/visible.h"

namespace assay::report {
namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void Raw(Writer& writer, const std::string& json, rapidjson::Type type) {
  writer.RawValue(json.data(), json.size(), type);
}

void String(Writer& writer, std::string_view text) {
  const std::string utf8 = ToUtf8(text);
  writer.String(utf8.data(), static_cast<rapidjson::SizeType>(utf8.size()));
}

void Text(Writer& writer, const char* key, std::string_view text) {
  writer.Key(key);
  String(writer, text);
}

void Count(Writer& writer, const char* key, std::uint64_t number) {
  writer.Key(key);
  writer.Uint64(number);
}

// Microseconds as exact decimal milliseconds: 12, 12.345.
void Milliseconds(Writer& writer, const char* key, Time time) {
  const bool negative = time.count() < 0;
  const auto micros = negative ? 0 - static_cast<std::uint64_t>(time.count())
                               : static_cast<std::uint64_t>(time.count());
  std::string number = (negative ? "-" : "") + std::to_string(micros / 1000);
  if (micros % 1000 != 0) {
    std::string fraction = std::to_string(1000 + micros % 1000);
    fraction[0] = '.';
    while (fraction.back() == '0') fraction.pop_back();
    number += fraction;
  }
  writer.Key(key);
  Raw(writer, number, rapidjson::kNumberType);
}

void Bytes(Writer& writer, const char* key, const char* hex_key, std::string_view bytes) {
  Text(writer, key, bytes);
  if (!IsUtf8(bytes)) Text(writer, hex_key, Hex(bytes));
}

void Received(Writer& writer, const std::vector<std::string>& lines) {
  writer.Key("received");
  writer.StartArray();
  for (const std::string& line : lines) String(writer, line);
  writer.EndArray();
  if (std::all_of(lines.begin(), lines.end(), IsUtf8)) return;
  writer.Key("received_hex");
  writer.StartArray();
  for (const std::string& line : lines) {
    if (IsUtf8(line)) {
      writer.Null();
    } else {
      String(writer, Hex(line));
    }
  }
  writer.EndArray();
}

void Write(Writer& writer, const ExchangeRecord& exchange) {
  writer.StartObject();
  Count(writer, "line", exchange.line);
  Text(writer, "kind", Name(exchange.kind));
  if (exchange.sent) {
    Bytes(writer, "sent", "sent_hex", *exchange.sent);
  } else {
    writer.Key("sent");
    writer.Null();
  }
  Received(writer, exchange.received);
  Text(writer, "final", exchange.final);
  if (exchange.result) Bytes(writer, "result", "result_hex", *exchange.result);
  if (!exchange.margins.empty()) {
    writer.Key("margins");
    writer.StartArray();
    for (const Margin& margin : exchange.margins) {
      writer.StartObject();
      Milliseconds(writer, "took_ms", margin.took);
      Milliseconds(writer, "documented_ms", margin.documented);
      writer.EndObject();
    }
    writer.EndArray();
  }
  if (!exchange.broker.empty()) {
    writer.Key("broker");
    writer.StartArray();
    for (const std::string& packet : exchange.broker) String(writer, packet);
    writer.EndArray();
  }
  if (exchange.bench) {
    writer.Key("bench");
    writer.StartObject();
    Text(writer, "did", exchange.bench->did);
    Milliseconds(writer, "at_ms", exchange.bench->at);
    if (!exchange.bench->told.empty()) Text(writer, "told", exchange.bench->told);
    writer.EndObject();
  }
  if (!exchange.bytes.empty()) {
    writer.Key("bytes");
    writer.StartArray();
    for (const TimedBytes& piece : exchange.bytes) {
      writer.StartObject();
      Milliseconds(writer, "at_ms", piece.at);
      writer.Key("sent");
      writer.Bool(piece.sent);
      Text(writer, "hex", Hex(piece.bytes));
      writer.EndObject();
    }
    writer.EndArray();
  }
  writer.EndObject();
}

void Write(Writer& writer, const Finding& finding) {
  writer.StartObject();
  Text(writer, "class", Name(finding.finding_class));
  Text(writer, "severity", Name(finding.severity));
  Text(writer, "clause", finding.clause);
  Text(writer, "basis", spec::Name(finding.basis));
  Text(writer, "side", Name(finding.side));
  Text(writer, "fingerprint", finding.fingerprint);
  if (!finding.erratum.empty()) Text(writer, "erratum", finding.erratum);
  writer.Key("where");
  writer.StartObject();
  Text(writer, "file", finding.where.file);
  Count(writer, "line", finding.where.line);
  Count(writer, "exchange", finding.where.exchange);
  writer.EndObject();
  Text(writer, "expected", finding.expected);
  Text(writer, "got", finding.got);
  Text(writer, "got_hex", Hex(finding.got_bytes));
  Text(writer, "message", finding.message);
  writer.EndObject();
}

void Write(Writer& writer, const Outcome& outcome);
void Write(Writer& writer, const Overlay& overlay);
void Write(Writer& writer, const ClauseCoverage& coverage);
void Write(Writer& writer, const ReviewRow& row);
void Write(Writer& writer, const SettingRow& row);
void Write(Writer& writer, const InputFile& input);
void Write(Writer& writer, const DeviceEntry& device);
void Write(Writer& writer, const MissingCase& missing);
void Write(Writer& writer, const FactCoverage& fact);
void Write(Writer& writer, const PurposeRow& row);
void Write(Writer& writer, const std::string& text) { String(writer, text); }

template <typename Items>
void Array(Writer& writer, const char* key, const Items& items) {
  writer.Key(key);
  writer.StartArray();
  for (const auto& item : items) Write(writer, item);
  writer.EndArray();
}

std::string OutcomeJson(const Outcome& outcome) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.StartObject();
  Text(writer, "id", outcome.id);
  Text(writer, "title", outcome.title);
  Text(writer, "clause", outcome.clause);
  Text(writer, "purpose", outcome.purpose);
  if (!outcome.requirement.empty()) Text(writer, "requirement", outcome.requirement);
  if (!outcome.device.empty()) Text(writer, "device", outcome.device);
  if (!outcome.kind.empty()) Text(writer, "kind", outcome.kind);
  Text(writer, "verdict", Name(outcome.verdict));
  writer.Key("expected");
  writer.Bool(outcome.expected);
  if (outcome.change != Change::kNone) Text(writer, "change", Name(outcome.change));
  if (!outcome.held.empty()) Text(writer, "held", outcome.held);
  if (outcome.long_wait) {
    writer.Key("long_wait");
    writer.Bool(true);
  }
  if (outcome.skipped) {
    writer.Key("skipped");
    writer.Bool(true);
  }
  Text(writer, "reason", outcome.reason);
  if (!outcome.went.empty()) Text(writer, "device_went", outcome.went);
  if (!outcome.set_up.empty()) Text(writer, "set_up", outcome.set_up);
  Milliseconds(writer, "duration_ms", outcome.duration);
  Text(writer, "repro", outcome.repro);
  if (!outcome.recovery.empty()) Array(writer, "recovery", outcome.recovery);
  Array(writer, "exchanges", outcome.exchanges);
  Array(writer, "findings", outcome.findings);
  if (outcome.observed) {
    writer.Key("observed");
    writer.StartObject();
    Count(writer, "seen", outcome.observed->seen);
    Count(writer, "unobserved", outcome.observed->unobserved);
    writer.EndObject();
  }
  if (outcome.shrunk) {
    writer.Key("shrunk");
    writer.StartObject();
    Text(writer, "file", outcome.shrunk->file);
    Text(writer, "repro", outcome.shrunk->repro);
    Count(writer, "exchanges", outcome.shrunk->exchanges);
    Count(writer, "of", outcome.shrunk->of);
    Count(writer, "runs", outcome.shrunk->runs);
    writer.EndObject();
  }
  Text(writer, "recording", outcome.recording);
  if (!outcome.attempts.empty()) {
    writer.Key("attempts");
    writer.StartArray();
    for (const Outcome& attempt : outcome.attempts)
      Raw(writer, OutcomeJson(attempt), rapidjson::kObjectType);
    writer.EndArray();
  }
  writer.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

// Its own line in the file, so that two results can be compared line by line.
void Write(Writer& writer, const Outcome& outcome) {
  Raw(writer, "\n" + OutcomeJson(outcome), rapidjson::kObjectType);
}

void Write(Writer& writer, const Overlay& overlay) {
  writer.StartObject();
  Text(writer, "file", overlay.file);
  Text(writer, "sha256", overlay.sha256);
  Text(writer, "document", overlay.document);
  Text(writer, "clause", overlay.clause);
  Text(writer, "reason", overlay.reason);
  writer.EndObject();
}

void Write(Writer& writer, const ClauseCoverage& coverage) {
  writer.StartObject();
  Text(writer, "clause", coverage.clause);
  Count(writer, "positive", coverage.positive);
  Count(writer, "negative", coverage.negative);
  if (!coverage.reason.empty()) Text(writer, "reason", coverage.reason);
  writer.EndObject();
}

void Write(Writer& writer, const ReviewRow& row) {
  writer.StartObject();
  Text(writer, "claim", row.claim);
  Text(writer, "clause", row.clause);
  writer.Key("claimed");
  writer.Bool(row.claimed);
  if (!row.test_form.empty()) Text(writer, "test_form", row.test_form);
  Count(writer, "taken", row.taken);
  Count(writer, "refused", row.refused);
  if (!row.contradiction.empty()) Text(writer, "contradiction", row.contradiction);
  writer.EndObject();
}

void Write(Writer& writer, const SettingRow& row) {
  writer.StartObject();
  Text(writer, "what", row.what);
  Text(writer, "before", row.before);
  Text(writer, "after", row.after);
  writer.Key("as_before");
  writer.Bool(row.as_before);
  writer.Key("put_back");
  writer.Bool(row.put_back);
  if (!row.why.empty()) Text(writer, "why", row.why);
  if (!row.device.empty()) Text(writer, "device", row.device);
  writer.EndObject();
}

void Write(Writer& writer, const InputFile& input) {
  writer.StartObject();
  Text(writer, "what", input.what);
  Text(writer, "file", input.file);
  Text(writer, "sha256", input.sha256);
  writer.EndObject();
}

void WriteMap(Writer& writer, const char* key, const std::map<std::string, std::string>& map) {
  // Two keys that differ in broken bytes may look the same made visible; a key must stay unique.
  std::map<std::string, std::string> visible;
  for (const auto& [name, value] : map) visible.emplace(ToUtf8(name), value);
  writer.Key(key);
  writer.StartObject();
  for (const auto& [name, value] : visible) {
    writer.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
    String(writer, value);
  }
  writer.EndObject();
}

void Write(Writer& writer, const DeviceEntry& device) {
  writer.StartObject();
  Text(writer, "name", device.name);
  Text(writer, "dialect", device.dialect);
  Text(writer, "model", device.model);
  Text(writer, "address", device.address);
  if (!device.identity.empty()) WriteMap(writer, "identity", device.identity);
  writer.EndObject();
}

void Write(Writer& writer, const MissingCase& missing) {
  writer.StartObject();
  Text(writer, "id", missing.id);
  if (!missing.device.empty()) Text(writer, "device", missing.device);
  Text(writer, "held", missing.held);
  writer.EndObject();
}

void WriteDevice(Writer& writer, const Report& report) {
  writer.Key("device");
  writer.StartObject();
  Text(writer, "address", report.device_address);
  WriteMap(writer, "identity", report.identity);
  writer.EndObject();
}

void Write(Writer& writer, const FactCoverage& fact) {
  writer.StartObject();
  Text(writer, "what", fact.what);
  Text(writer, "clause", fact.clause);
  Count(writer, "cases", fact.cases);
  if (fact.reason) Text(writer, "reason", Name(*fact.reason));
  writer.EndObject();
}

void Write(Writer& writer, const PurposeRow& row) {
  writer.StartObject();
  Text(writer, "dialect", row.dialect);
  Text(writer, "kind", row.kind);
  Count(writer, "selected", row.selected);
  Count(writer, "pass", row.passed);
  Count(writer, "fail", row.failed);
  Count(writer, "inconc", row.inconclusive);
  Count(writer, "error", row.errors);
  Count(writer, "left_out", row.left_out);
  writer.Key("reasons");
  writer.StartArray();
  for (const auto& [reason, count] : row.reasons) {
    writer.StartObject();
    Text(writer, "reason", reason);
    Count(writer, "cases", count);
    writer.EndObject();
  }
  writer.EndArray();
  writer.EndObject();
}

void WriteCoverage(Writer& writer, const Report& report) {
  writer.Key("coverage");
  writer.StartObject();
  Array(writer, "clauses", report.coverage.clauses);
  for (const CoverageKind kind : kCoverageKinds) {
    std::vector<FactCoverage> facts;
    for (const FactCoverage& fact : report.coverage.facts) {
      if (fact.kind == kind) facts.push_back(fact);
    }
    if (!facts.empty()) Array(writer, Name(kind).data(), facts);
  }
  if (!report.coverage.minimum.empty()) {
    writer.Key("minimum");
    writer.StartObject();
    for (const auto& [kind, percent] : report.coverage.minimum) {
      writer.Key(Name(kind).data());
      writer.Double(percent);
    }
    writer.EndObject();
  }
  // Counted from the outcomes, for those who read no more than this.
  if (const auto rows = Purposes(report); !rows.empty()) Array(writer, "purposes", rows);
  writer.EndObject();
}

void WriteSummary(Writer& writer, const Report::Summary& summary) {
  writer.Key("summary");
  writer.StartObject();
  Count(writer, "none", summary.none);
  Count(writer, "pass", summary.pass);
  Count(writer, "inconc", summary.inconc);
  Count(writer, "fail", summary.fail);
  Count(writer, "error", summary.error);
  Count(writer, "deviations", summary.deviations);
  Count(writer, "skipped", summary.skipped);
  if (summary.host > 0) Count(writer, "host", summary.host);
  if (summary.went > 0) Count(writer, "device_went", summary.went);
  if (summary.flaky > 0) Count(writer, "flaky", summary.flaky);
  writer.EndObject();
}

void WriteBaseline(Writer& writer, const Report& report) {
  Text(writer, "baseline", report.baseline);
  // Counted from the outcomes, for those who read no more than this.
  writer.Key("changes");
  writer.StartObject();
  for (const auto& [change, count] : Changes(report)) Count(writer, Name(change).data(), count);
  writer.EndObject();
  if (!report.missing.empty()) Array(writer, "missing", report.missing);
}

}  // namespace

std::string WriteJson(const Report& report) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.StartObject();
  Text(writer, "schema", "assay.report.v1");
  writer.Key("tool");
  writer.StartObject();
  Text(writer, "name", "assay");
  Text(writer, "version", report.tool_version);
  if (!report.tool_sha256.empty()) Text(writer, "sha256", report.tool_sha256);
  writer.EndObject();
  Text(writer, "dialect", report.dialect);
  Text(writer, "model", report.model);
  Text(writer, "document", report.document);
  Text(writer, "spec_sha256", report.spec_sha256);
  Array(writer, "overlays", report.overlays);
  if (!report.suite.empty()) Text(writer, "suite", report.suite);
  if (!report.suite_sha256.empty()) Text(writer, "suite_sha256", report.suite_sha256);
  if (!report.inputs.empty()) Array(writer, "inputs", report.inputs);
  if (!report.pixit.empty()) WriteMap(writer, "pixit", report.pixit);
  if (!report.host.empty()) Text(writer, "host", report.host);
  Text(writer, "reading", report.reading);
  Count(writer, "seed", report.seed);
  WriteDevice(writer, report);
  if (!report.devices.empty()) Array(writer, "devices", report.devices);
  if (!report.baseline.empty()) WriteBaseline(writer, report);
  if (!report.filters.empty()) Array(writer, "filters", report.filters);
  if (!report.excludes.empty()) Array(writer, "excludes", report.excludes);
  Text(writer, "started", report.started);
  Milliseconds(writer, "duration_ms", report.duration);
  if (report.log_verdict) Text(writer, "log_verdict", *report.log_verdict);
  if (report.link_latency) Milliseconds(writer, "link_latency_ms", *report.link_latency);
  if (!report.diagnosis.empty()) Text(writer, "diagnosis", report.diagnosis);
  if (report.shard) {
    writer.Key("shard");
    writer.StartObject();
    Count(writer, "index", report.shard->index);
    Count(writer, "of", report.shard->count);
    Count(writer, "cases_elsewhere", report.shard->elsewhere);
    writer.EndObject();
  }
  for (const auto& [key, is] : {std::pair{"interrupted", report.interrupted},
                                {"partial", report.partial},
                                {"bounded", report.bounded},
                                {"fail_on_deviation", report.fail_on_deviation},
                                {"fail_on_flaky", report.fail_on_flaky}}) {
    if (!is) continue;
    writer.Key(key);
    writer.Bool(true);
  }
  Array(writer, "outcomes", report.outcomes);
  WriteSummary(writer, report.summary);
  WriteCoverage(writer, report);
  if (!report.review.empty()) Array(writer, "review", report.review);
  if (!report.settings.empty()) Array(writer, "settings", report.settings);
  Array(writer, "errata_met", report.errata_met);
  writer.EndObject();
  return std::string(buffer.GetString(), buffer.GetSize()) + "\n";
}

std::string WriteOutcomeLine(const Outcome& outcome) { return OutcomeJson(outcome) + "\n"; }

}  // namespace assay::report
