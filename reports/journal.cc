#include "reports/journal.h"

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <set>
#include <utility>

#include "reports/json.h"
#include "reports/json_object.h"

namespace assay::report {
namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;
using rapidjson::Value;

constexpr std::string_view kSchema = "assay.journal.v1";
constexpr std::string_view kNotPlayed = "not played: the run was killed before";

void Key(Writer& writer, std::string_view key) {
  writer.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
}

void Text(Writer& writer, std::string_view key, std::string_view text) {
  const std::string utf8 = ToUtf8(text);
  Key(writer, key);
  writer.String(utf8.data(), static_cast<rapidjson::SizeType>(utf8.size()));
}

void Map(Writer& writer, std::string_view key, const std::map<std::string, std::string>& map) {
  std::map<std::string, std::string> visible;
  for (const auto& [name, value] : map) visible.emplace(ToUtf8(name), value);
  Key(writer, key);
  writer.StartObject();
  for (const auto& [name, value] : visible) Text(writer, name, value);
  writer.EndObject();
}

void Numbers(Writer& writer, std::string_view key, const std::vector<std::size_t>& numbers) {
  if (numbers.empty()) return;
  Key(writer, key);
  writer.StartArray();
  for (const std::size_t number : numbers) writer.Uint64(number);
  writer.EndArray();
}

void Flag(Writer& writer, std::string_view key, bool is) {
  if (!is) return;
  Key(writer, key);
  writer.Bool(true);
}

void Micros(Writer& writer, std::string_view key, Time time) {
  Key(writer, key);
  writer.Int64(time.count());
}

// JSON of ours, on one line: line feeds in it stand between values alone.
void Raw(Writer& writer, std::string json) {
  std::erase(json, '\n');
  writer.RawValue(json.data(), json.size(), rapidjson::kObjectType);
}

std::string Line(const rapidjson::StringBuffer& buffer) {
  return std::string(buffer.GetString(), buffer.GetSize()) + "\n";
}

std::map<std::string, std::string> MapOf(const JsonObject& object, std::string_view key) {
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

std::vector<std::size_t> NumbersOf(const JsonObject& object, std::string_view key) {
  std::vector<std::size_t> out;
  if (object.Find(key) == nullptr) return out;
  object.Each(key, [&](const Value& number, const std::string& at) {
    if (!number.IsUint64()) return object.Fail(at, "must be a whole number from 0");
    out.push_back(number.GetUint64());
  });
  return out;
}

Time MicrosOf(const JsonObject& object, std::string_view key) {
  const Value* number = object.Need(key);
  if (number == nullptr) return Time{0};
  if (!number->IsInt64()) {
    object.Fail(object.Path(key), "must be a whole number");
    return Time{0};
  }
  return Time{number->GetInt64()};
}

// The text of a member that is an object, for a reader of its own.
std::string JsonOf(const Value& value) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

// Those who walk through a value do it by recursion.
bool TooDeep(std::string_view json) {
  constexpr int kDeepest = 64;
  int depth = 0;
  bool text = false;
  for (std::size_t i = 0; i < json.size() && depth <= kDeepest; ++i) {
    const char c = json[i];
    if (text && c == '\\') ++i;
    if (c == '"') text = !text;
    if (text) continue;
    depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
  }
  return depth > kDeepest;
}

std::string ParseLine(std::string_view text, rapidjson::Document& document) {
  if (TooDeep(text)) return "nested too deep";
  constexpr unsigned kFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseFullPrecisionFlag |
                              rapidjson::kParseValidateEncodingFlag;
  document.Parse<kFlags>(text.data(), text.size());
  if (document.HasParseError()) return rapidjson::GetParseError_En(document.GetParseError());
  return document.IsObject() ? "" : "no object";
}

std::string ReadHead(std::string_view text, JournalHead& head) {
  rapidjson::Document document;
  std::string error = ParseLine(text, document);
  if (!error.empty()) return error;
  const JsonObject object(document, "", error);
  if (const std::string schema = object.Text("schema"); error.empty() && schema != kSchema)
    return "schema: \"" + VisibleLine(schema) + "\" is not " + std::string(kSchema);
  head.options = MapOf(object, "options");
  object.Each("reports", [&](const Value& value, const std::string& at) {
    ReadReport read = ReadJson(JsonOf(value));
    if (!read.report) return object.Fail(at, read.error);
    head.reports.push_back(std::move(*read.report));
  });
  if (error.empty() && head.reports.empty()) return "reports: there is none";
  return error;
}

std::string ReadLine(std::string_view text, const JournalHead& head, JournalLine& line) {
  rapidjson::Document document;
  std::string error = ParseLine(text, document);
  if (!error.empty()) return error;
  const JsonObject object(document, "", error);
  line.part = object.Count("part");
  line.index = object.Count("index");
  line.bench = object.CountIfAny("bench");
  line.elapsed = MicrosOf(object, "elapsed_us");
  line.interrupted = object.BoolIfAny("interrupted");
  line.bounded = object.BoolIfAny("bounded");
  line.refused = object.BoolIfAny("refused");
  line.covers = NumbersOf(object, "covers");
  line.seen = NumbersOf(object, "seen");
  line.possible = NumbersOf(object, "possible");
  if (object.Find("set_up_failed") != nullptr) line.set_up_failed = object.Count("set_up_failed");
  line.set_up_came = object.BoolIfAny("set_up_came");
  if (object.Find("link_latency_us") != nullptr)
    line.link_latency = MicrosOf(object, "link_latency_us");
  line.why_silent = object.TextIfAny("why_silent");
  if (object.Find("identity") != nullptr) line.identity = MapOf(object, "identity");
  const Value* outcome = object.Need("outcome");
  if (outcome == nullptr || !error.empty()) return error;
  ReadOutcome read = ReadOutcomeLine(JsonOf(*outcome));
  if (!read.outcome) return "outcome." + read.error;
  line.outcome = std::move(*read.outcome);
  if (line.part >= head.reports.size() ||
      line.index >= head.reports[line.part].outcomes.size() ||
      head.reports[line.part].outcomes[line.index].id != line.outcome.id)
    return "outcome.id: it is not the case of that place";
  for (const std::size_t fact : line.covers) {
    if (fact >= head.reports[line.part].coverage.facts.size()) return "covers: there is no such fact";
  }
  return error;
}

// What a case has shown, added to what others have.
void Cover(Report& report, const JournalLine& line) {
  const Outcome& outcome = line.outcome;
  if (outcome.verdict != Verdict::kPass && outcome.verdict != Verdict::kFail) return;
  for (ClauseCoverage& clause : report.coverage.clauses) {
    if (outcome.clause.empty() || clause.clause != outcome.clause) continue;
    ++(line.refused ? clause.negative : clause.positive);
    clause.reason.clear();
  }
  for (const std::size_t fact : line.covers) {
    ++report.coverage.facts[fact].cases;
    report.coverage.facts[fact].reason.reset();
  }
}

}  // namespace

std::string WriteJournalHead(const JournalHead& head) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.StartObject();
  Text(writer, "schema", kSchema);
  Map(writer, "options", head.options);
  Key(writer, "reports");
  writer.StartArray();
  for (const Report& report : head.reports) Raw(writer, WriteJson(report));
  writer.EndArray();
  writer.EndObject();
  return Line(buffer);
}

std::string WriteJournalLine(const JournalLine& line) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.StartObject();
  Key(writer, "part");
  writer.Uint64(line.part);
  Key(writer, "index");
  writer.Uint64(line.index);
  if (line.bench > 0) {
    Key(writer, "bench");
    writer.Uint64(line.bench);
  }
  Micros(writer, "elapsed_us", line.elapsed);
  Flag(writer, "interrupted", line.interrupted);
  Flag(writer, "bounded", line.bounded);
  Flag(writer, "refused", line.refused);
  Numbers(writer, "covers", line.covers);
  Numbers(writer, "seen", line.seen);
  Numbers(writer, "possible", line.possible);
  if (line.set_up_failed) {
    Key(writer, "set_up_failed");
    writer.Uint64(*line.set_up_failed);
  }
  Flag(writer, "set_up_came", line.set_up_came);
  if (line.link_latency) Micros(writer, "link_latency_us", *line.link_latency);
  if (!line.why_silent.empty()) Text(writer, "why_silent", line.why_silent);
  if (!line.identity.empty()) Map(writer, "identity", line.identity);
  Key(writer, "outcome");
  Raw(writer, WriteOutcomeLine(line.outcome));
  writer.EndObject();
  return Line(buffer);
}

ReadJournalResult ParseJournal(std::string_view text) {
  Journal out;
  for (std::size_t number = 1; out.size < text.size(); ++number) {
    const std::size_t end = text.find('\n', out.size);
    if (end == std::string_view::npos) break;
    const std::string_view line = text.substr(out.size, end - out.size);
    std::string error;
    if (number == 1) {
      error = ReadHead(line, out.head);
    } else {
      error = ReadLine(line, out.head, out.lines.emplace_back());
    }
    if (!error.empty()) {
      // What was torn is the last line, whatever stands in it.
      if (number > 1 && text.find_first_not_of(std::string_view("\n\0", 2), end) == text.npos) {
        out.lines.pop_back();
        break;
      }
      return {std::nullopt, "line " + std::to_string(number) + ": " + error};
    }
    out.size = end + 1;
  }
  if (out.head.reports.empty()) return {std::nullopt, "it has no first line: no case has begun"};
  return {std::move(out), ""};
}

Report PartialReport(Journal journal) {
  std::vector<Report>& reports = journal.head.reports;
  std::set<std::pair<std::size_t, std::size_t>> ended;
  for (JournalLine& line : journal.lines) {
    Report& report = reports[line.part];
    report.duration = std::max(report.duration, line.elapsed);
    if (line.link_latency)
      report.link_latency = std::max(report.link_latency.value_or(Time{0}), *line.link_latency);
    if (!line.why_silent.empty()) report.diagnosis = line.why_silent;
    if (!line.identity.empty())
      (report.devices.empty() ? report.identity : report.devices.front().identity) = line.identity;
    for (const Finding& finding : line.outcome.findings) {
      if (!finding.erratum.empty() &&
          std::find(report.errata_met.begin(), report.errata_met.end(), finding.erratum) ==
              report.errata_met.end())
        report.errata_met.push_back(finding.erratum);
    }
    // A case that was interrupted, and played after all when the run went on.
    if (!ended.emplace(line.part, line.index).second &&
        report.outcomes[line.index].verdict != Verdict::kNone)
      continue;
    Cover(report, line);
    report.outcomes[line.index] = std::move(line.outcome);
  }
  std::size_t all = 0;
  for (Report& report : reports) {
    all += report.outcomes.size();
    std::sort(report.errata_met.begin(), report.errata_met.end());
    for (std::size_t i = 0; i < report.outcomes.size(); ++i) {
      Outcome& outcome = report.outcomes[i];
      if (outcome.skipped && outcome.reason.empty()) outcome.reason = kNotPlayed;
    }
  }
  for (Report& report : reports) {
    report.partial = ended.size() < all;
    Summarise(report);
  }
  return reports.size() == 1 ? std::move(reports.front()) : Merge(std::move(reports));
}

}  // namespace assay::report
