// A comparison as `assay.compare.v1`.
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "reports/compare.h"
#include "reports/visible.h"

namespace assay::report {
namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void String(Writer& writer, const std::string& text) {
  const std::string utf8 = ToUtf8(text);
  writer.String(utf8.data(), static_cast<rapidjson::SizeType>(utf8.size()));
}

void Text(Writer& writer, const char* key, const std::string& text) {
  writer.Key(key);
  String(writer, text);
}

void Texts(Writer& writer, const char* key, const std::vector<std::string>& texts) {
  writer.Key(key);
  writer.StartArray();
  for (const std::string& text : texts) String(writer, text);
  writer.EndArray();
}

void Count(Writer& writer, const char* key, std::size_t count) {
  writer.Key(key);
  writer.Uint64(count);
}

void Milliseconds(Writer& writer, const char* key, Time time) {
  writer.Key(key);
  writer.Double(static_cast<double>(time.count()) / 1000);
}

void Write(Writer& writer, const Comparison::Side& side) {
  writer.StartObject();
  Text(writer, "label", side.label);
  Text(writer, "device", side.device);
  Text(writer, "spec", side.spec);
  Count(writer, "cases", side.cases);
  Count(writer, "pass", side.pass);
  Count(writer, "fail", side.fail);
  Count(writer, "inconc", side.inconc);
  Count(writer, "error", side.error);
  Count(writer, "skipped", side.skipped);
  writer.EndObject();
}

void Write(Writer& writer, const ChangeRow& row) {
  writer.StartObject();
  Text(writer, "judged", std::string(Name(row.judged)));
  if (!row.dialect.empty()) Text(writer, "dialect", row.dialect);
  Text(writer, "command", row.command);
  Text(writer, "kind", row.kind);
  Text(writer, "what", row.what);
  Texts(writer, "values", row.values);
  writer.Key("changed");
  writer.StartArray();
  for (const bool changed : row.changed) writer.Bool(changed);
  writer.EndArray();
  if (row.like_it > 0) Count(writer, "like_it", row.like_it);
  Text(writer, "clause", row.clause);
  Text(writer, "why", row.why);
  Texts(writer, "cases", row.cases);
  writer.EndObject();
}

void Write(Writer& writer, const VerdictRow& row) {
  writer.StartObject();
  Text(writer, "id", row.id);
  Texts(writer, "verdicts", row.verdicts);
  Texts(writer, "reasons", row.reasons);
  writer.EndObject();
}

const char* NameOf(Shift shift) {
  switch (shift) {
    case Shift::kNone:
      return "none";
    case Shift::kFewTimes:
      return "too few times to tell";
    case Shift::kFaster:
      return "faster";
    case Shift::kSlower:
      return "slower";
  }
  return "";
}

void Write(Writer& writer, const LatencyRow& row) {
  writer.StartObject();
  Text(writer, "command", row.command);
  Text(writer, "what", row.what);
  writer.Key("sides");
  writer.StartArray();
  for (std::size_t i = 0; i < row.spreads.size(); ++i) {
    const Spread& spread = row.spreads[i];
    writer.StartObject();
    Count(writer, "count", spread.count);
    if (spread.count > 0) {
      Milliseconds(writer, "least_ms", spread.least);
      Milliseconds(writer, "lower_quartile_ms", spread.lower);
      Milliseconds(writer, "median_ms", spread.median);
      Milliseconds(writer, "upper_quartile_ms", spread.upper);
      Milliseconds(writer, "most_ms", spread.most);
    }
    if (i > 0) {
      Text(writer, "shift", NameOf(row.against[i].shift));
      writer.Key("p");
      writer.Double(row.against[i].p);
    }
    writer.EndObject();
  }
  writer.EndArray();
  writer.EndObject();
}

template <typename Items>
void Array(Writer& writer, const char* key, const Items& items) {
  writer.Key(key);
  writer.StartArray();
  for (const auto& item : items) Write(writer, item);
  writer.EndArray();
}

}  // namespace

std::string WriteCompareJson(const Comparison& comparison) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.StartObject();
  Text(writer, "schema", "assay.compare.v1");
  Text(writer, "headline", comparison.Headline());
  writer.Key("status");
  writer.Int(comparison.Status());
  Array(writer, "sides", comparison.sides);
  Texts(writer, "notes", comparison.notes);
  Count(writer, "compared", comparison.compared);
  Array(writer, "changes", comparison.changes);
  Count(writer, "followed", comparison.followed);
  Array(writer, "verdicts", comparison.verdicts);
  Array(writer, "only", comparison.only);
  Array(writer, "latencies", comparison.latencies);
  writer.EndObject();
  return std::string(buffer.GetString(), buffer.GetSize()) + "\n";
}

}  // namespace assay::report
