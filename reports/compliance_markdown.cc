#include "reports/compliance.h"
#include "reports/compliance_parts.h"
#include "reports/markdown_text.h"

namespace assay::report {
namespace {

constexpr std::string_view kToFillIn = "\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_";

std::string TableOf(const ComplianceTable& table) {
  std::string out = "*" + MarkdownLine(table.caption) + "*\n\n";
  std::vector<std::string> names;
  for (const auto& [key, name] : table.columns) names.push_back(MarkdownLine(name));
  out += MarkdownHead(names);
  for (const std::vector<std::string>& row : table.rows) {
    std::vector<std::string> cells;
    for (const std::string& cell : row) cells.push_back(MarkdownLine(cell));
    out += MarkdownRow(cells);
  }
  return out + "\n";
}

std::string SectionOf(const ComplianceSection& section) {
  std::string out = "### " + section.number + " " + MarkdownLine(section.title) + "\n\n";
  for (const std::string& text : section.text) out += MarkdownLine(text) + "\n\n";
  for (const ComplianceFact& fact : section.facts)
    out += "- " + MarkdownLine(fact.name) + ": " +
           (fact.value.empty() ? std::string(kToFillIn) : MarkdownLine(fact.value)) + "\n";
  if (!section.facts.empty()) out += "\n";
  for (const ComplianceTable& table : section.tables) out += TableOf(table);
  return out;
}

}  // namespace

std::string WriteComplianceMarkdown(const Report& report) {
  const ComplianceDocument document = MakeCompliance(report);
  std::string out = "# " + MarkdownLine(document.title) + "\n\n**Conformance status: " +
                    MarkdownLine(document.status) + "**\n\nAfter ISO/IEC 9646\\-5\n\n";
  for (const CompliancePart& part : document.parts) {
    out += "## " + MarkdownLine(part.title) + "\n\n";
    for (const ComplianceSection& section : part.sections) out += SectionOf(section);
  }
  return out;
}

}  // namespace assay::report
