#include "reports/csv.h"

#include <string_view>
#include <vector>

#include "reports/ci_cases.h"
#include "reports/visible.h"

namespace assay::report {
namespace {

// What begins so is a formula, or what some programs make one of; also behind spaces, which some
// skip.
bool LooksLikeFormula(std::string_view text) {
  constexpr std::string_view kBegins = "=+-@\t\r\n|%";
  const std::size_t first = text.find_first_not_of(" \"'");
  return first != text.npos && kBegins.find(text[first]) != kBegins.npos;
}

std::string Cell(std::string_view raw) {
  std::string text = VisibleText(raw);
  if (LooksLikeFormula(text)) text.insert(0, "'");
  if (text.find_first_of(",\"\n") == text.npos && !text.starts_with(' ') && !text.ends_with(' '))
    return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    // A record ends with CR LF; within a cell a line does, too.
    if (c == '\n') out += '\r';
    out += c;
  }
  return out + "\"";
}

std::string Row(const std::vector<std::string>& cells) {
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) out += (i == 0 ? "" : ",") + Cell(cells[i]);
  return out + "\r\n";
}

std::string CountsAs(const CiCase& one) {
  if (one.red) return "fail";
  return one.standing == Standing::kPass || one.standing == Standing::kFlaky ? "pass" : "skip";
}

// The worst finding: what the row is about, where there are several.
const Finding* WorstOf(const CiCase& one) {
  const Finding* worst = nullptr;
  if (one.outcome == nullptr) return nullptr;
  for (const Finding& finding : one.outcome->findings) {
    if (worst == nullptr || finding.severity > worst->severity) worst = &finding;
  }
  return worst;
}

}  // namespace

std::string WriteCsv(const Report& report) {
  static const Outcome kNone;
  static const Finding kNoFinding;
  std::string out =
      Row({"id", "device", "dialect", "clause", "kind", "verdict", "counts_as", "type", "reason",
           "title", "purpose", "duration_ms", "findings", "finding_class", "finding_severity",
           "finding_clause", "expected", "got", "fingerprint", "repeat", "recording"});
  for (const CiCase& one : CiCases(report)) {
    const Outcome& outcome = one.outcome != nullptr ? *one.outcome : kNone;
    const Finding* worst = WorstOf(one);
    const Finding& finding = worst != nullptr ? *worst : kNoFinding;
    out += Row({one.name, outcome.device, one.outcome != nullptr ? DialectIn(report, outcome) : "",
                outcome.clause, outcome.kind, std::string(Words(one.standing)), CountsAs(one),
                one.type, one.message, outcome.title, outcome.purpose,
                std::to_string(one.duration.count() / 1000),
                std::to_string(outcome.findings.size()),
                worst != nullptr ? std::string(Name(finding.finding_class)) : "",
                worst != nullptr ? std::string(Name(finding.severity)) : "", finding.clause,
                finding.expected, finding.got, finding.fingerprint, outcome.repro,
                outcome.recording});
  }
  return out;
}

}  // namespace assay::report
