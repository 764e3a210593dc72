#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include <set>
#include <string_view>

#include "reports/compliance.h"
#include "reports/compliance_parts.h"
#include "reports/visible.h"

namespace assay::report {
namespace {

using Writer = rapidjson::PrettyWriter<rapidjson::StringBuffer>;

void String(Writer& writer, std::string_view text) {
  const std::string visible = ToUtf8(text);
  writer.String(visible.data(), static_cast<rapidjson::SizeType>(visible.size()));
}

void Key(Writer& writer, std::string_view key) {
  const std::string visible = ToUtf8(key);
  writer.Key(visible.data(), static_cast<rapidjson::SizeType>(visible.size()));
}

void Text(Writer& writer, std::string_view key, std::string_view text) {
  Key(writer, key);
  String(writer, text);
}

void WriteTable(Writer& writer, const ComplianceTable& table) {
  Key(writer, table.key);
  writer.StartArray();
  for (const std::vector<std::string>& row : table.rows) {
    writer.StartObject();
    for (std::size_t i = 0; i < row.size(); ++i) Text(writer, table.columns[i].first, row[i]);
    writer.EndObject();
  }
  writer.EndArray();
}

void WriteSection(Writer& writer, const ComplianceSection& section) {
  Key(writer, section.key);
  writer.StartObject();
  Text(writer, "number", section.number);
  Text(writer, "title", section.title);
  if (!section.text.empty()) {
    Key(writer, "text");
    writer.StartArray();
    for (const std::string& text : section.text) String(writer, text);
    writer.EndArray();
  }
  if (!section.facts.empty()) {
    Key(writer, "facts");
    writer.StartObject();
    // Keys that a device's identity brought may look alike made visible; a key must stay unique.
    std::set<std::string> taken;
    for (const ComplianceFact& fact : section.facts) {
      if (!taken.insert(ToUtf8(fact.key)).second) continue;
      Key(writer, fact.key);
      if (fact.value.empty()) {
        writer.Null();
      } else {
        String(writer, fact.value);
      }
    }
    writer.EndObject();
  }
  for (const ComplianceTable& table : section.tables) WriteTable(writer, table);
  writer.EndObject();
}

void WritePart(Writer& writer, const CompliancePart& part) {
  writer.StartObject();
  Text(writer, "title", part.title);
  Text(writer, "status", part.status);
  for (const ComplianceSection& section : part.sections) WriteSection(writer, section);
  writer.EndObject();
}

}  // namespace

std::string WriteComplianceJson(const Report& report) {
  const ComplianceDocument document = MakeCompliance(report);
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.SetIndent(' ', 1);
  writer.StartObject();
  Text(writer, "schema", "assay.compliance.v1");
  Text(writer, "title", document.title);
  Text(writer, "status", document.status);
  Text(writer, "date", document.date);
  Key(writer, "sctr");
  WritePart(writer, document.parts.front());
  Key(writer, "pctr");
  writer.StartArray();
  for (std::size_t i = 1; i < document.parts.size(); ++i) WritePart(writer, document.parts[i]);
  writer.EndArray();
  writer.EndObject();
  return std::string(buffer.GetString(), buffer.GetSize()) + "\n";
}

}  // namespace assay::report
