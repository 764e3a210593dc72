#include "reports/ctrf.h"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "reports/ci_cases.h"
#include "reports/visible.h"

namespace assay::report {
namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void String(Writer& writer, std::string_view text) {
  const std::string visible = VisibleText(text);
  writer.String(visible.data(), static_cast<rapidjson::SizeType>(visible.size()));
}

void Text(Writer& writer, const char* key, std::string_view text) {
  if (text.empty()) return;
  writer.Key(key);
  String(writer, text);
}

void Count(Writer& writer, const char* key, std::int64_t number) {
  writer.Key(key);
  writer.Int64(number);
}

std::int64_t Milliseconds(Time time) { return time.count() < 0 ? 0 : time.count() / 1000; }

// Of "2026-11-22T06:00:00Z", in milliseconds since 1970; 0 if it is none.
std::int64_t Epoch(std::string_view text) {
  if (text.size() < 19) return 0;
  const auto number = [&](std::size_t at, std::size_t length) {
    int out = 0;
    for (const char c : text.substr(at, length)) {
      if (c < '0' || c > '9') return -1;
      out = out * 10 + (c - '0');
    }
    return out;
  };
  const int year = number(0, 4), month = number(5, 2), day = number(8, 2);
  const int hour = number(11, 2), minute = number(14, 2), second = number(17, 2);
  if (year < 0 || month < 0 || day < 0 || hour < 0 || minute < 0 || second < 0) return 0;
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return 0;
  const std::chrono::seconds since =
      std::chrono::sys_days(date).time_since_epoch() + std::chrono::hours(hour) +
      std::chrono::minutes(minute) + std::chrono::seconds(second);
  return since.count() < 0 ? 0 : since.count() * 1000;
}

std::string_view StatusOf(const CiCase& one) {
  switch (one.standing) {
    case Standing::kPass:
      return "passed";
    case Standing::kFlaky:
      return one.red ? "failed" : "passed";
    case Standing::kKnownFailure:
      return "other";
    case Standing::kSkipped:
    case Standing::kNotJudged:
      return "skipped";
    case Standing::kInconc:
    case Standing::kUnexpectedPass:
    case Standing::kFail:
    case Standing::kError:
      return "failed";
  }
  return "failed";
}

void WriteTest(Writer& writer, const CiCase& one) {
  writer.StartObject();
  Text(writer, "name", one.name.empty() ? "(no name)" : one.name);
  Text(writer, "status", StatusOf(one));
  Count(writer, "duration", Milliseconds(one.duration));
  Text(writer, "rawStatus", Words(one.standing));
  Text(writer, "message", one.message);
  if (one.outcome != nullptr && !one.outcome->attempts.empty()) {
    Count(writer, "retries", static_cast<std::int64_t>(one.outcome->attempts.size()));
    writer.Key("flaky");
    writer.Bool(one.standing == Standing::kFlaky);
  }
  if (one.red || one.telling) Text(writer, "trace", one.details);
  writer.Key("tags");
  writer.StartArray();
  String(writer, one.group);
  if (one.outcome != nullptr && !one.outcome->kind.empty()) String(writer, one.outcome->kind);
  writer.EndArray();
  if (one.outcome != nullptr) {
    const Outcome& outcome = *one.outcome;
    if (!outcome.findings.empty()) Text(writer, "filePath", outcome.findings[0].where.file);
    writer.Key("extra");
    writer.StartObject();
    Text(writer, "title", outcome.title);
    Text(writer, "clause", outcome.clause);
    Text(writer, "purpose", outcome.purpose);
    Text(writer, "device", outcome.device);
    Text(writer, "type", one.type);
    Text(writer, "repeat", outcome.repro);
    Text(writer, "recording", outcome.recording);
    writer.EndObject();
  }
  writer.EndObject();
}

void WriteSummary(Writer& writer, const Report& report, const std::vector<CiCase>& cases) {
  std::map<std::string_view, std::int64_t> tally;
  for (const CiCase& one : cases) ++tally[StatusOf(one)];
  const std::int64_t start = Epoch(report.started);
  writer.Key("summary");
  writer.StartObject();
  Count(writer, "tests", static_cast<std::int64_t>(cases.size()));
  for (const char* status : {"passed", "failed", "pending", "skipped", "other"})
    Count(writer, status, tally[status]);
  Count(writer, "start", start);
  Count(writer, "stop", start + Milliseconds(report.duration));
  writer.EndObject();
}

}  // namespace

std::string WriteCtrf(const Report& report) {
  const std::vector<CiCase> cases = CiCases(report);
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.StartObject();
  Text(writer, "reportFormat", "CTRF");
  Text(writer, "specVersion", "0.0.0");
  writer.Key("results");
  writer.StartObject();
  writer.Key("tool");
  writer.StartObject();
  Text(writer, "name", "assay");
  Text(writer, "version", report.tool_version);
  writer.EndObject();
  WriteSummary(writer, report, cases);
  writer.Key("tests");
  writer.StartArray();
  for (const CiCase& one : cases) WriteTest(writer, one);
  writer.EndArray();
  writer.Key("extra");
  writer.StartObject();
  Text(writer, "verdict", Name(VerdictOf(report)));
  Text(writer, "headline", Headline(report));
  Text(writer, "diagnosis", report.diagnosis);
  Text(writer, "dialect", report.dialect);
  Text(writer, "model", report.model);
  Text(writer, "document", report.document);
  Text(writer, "device", report.device_address);
  Text(writer, "specSha256", report.spec_sha256);
  Text(writer, "suite", report.suite);
  Text(writer, "suiteSha256", report.suite_sha256);
  Text(writer, "baseline", report.baseline);
  writer.EndObject();
  writer.EndObject();
  writer.EndObject();
  return std::string(buffer.GetString(), buffer.GetSize()) + "\n";
}

}  // namespace assay::report
