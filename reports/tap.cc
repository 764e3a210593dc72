#include "reports/tap.h"

#include <string_view>

#include "reports/ci_cases.h"
#include "reports/visible.h"

namespace assay::report {
namespace {

// A # would begin a directive, and a backslash an escape.
std::string Escape(std::string_view text) {
  std::string out;
  for (const char c : VisibleLine(text)) {
    if (c == '#' || c == '\\') out += '\\';
    out += c;
  }
  // Space at the end belongs to nobody.
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

// A double-quoted scalar of YAML, on one line.
std::string Scalar(std::string_view text) {
  std::string out = "\"";
  for (const char c : VisibleLine(text)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

// The dash keeps a description that begins with a digit from being taken for a number.
std::string Point(bool ok, std::size_t number, const CiCase& one, std::string_view directive,
                  std::string_view why) {
  std::string line = (ok ? "ok " : "not ok ") + std::to_string(number) + " - " + Escape(one.name);
  if (!directive.empty()) {
    const std::string reason = Escape(why);
    line += " # " + std::string(directive) + (reason.empty() ? "" : " " + reason);
  }
  return line + "\n";
}

std::string FindingYaml(const Finding& finding) {
  std::string out;
  const auto put = [&](std::string_view key, std::string_view value) {
    if (value.empty()) return;
    out += std::string(out.empty() ? "    - " : "      ") + std::string(key) + ": " +
           Scalar(value) + "\n";
  };
  put("severity", Name(finding.severity));
  put("class", Name(finding.finding_class));
  put("clause", finding.clause);
  put("message", finding.message);
  put("expected", finding.expected);
  put("got", finding.got);
  if (!finding.where.file.empty())
    put("at", finding.where.file + ":" + std::to_string(finding.where.line));
  return out;
}

std::string Yaml(const CiCase& one) {
  const bool finds = one.outcome != nullptr && !one.outcome->findings.empty();
  if (!one.red && !one.telling) return {};
  std::string out = "  ---\n";
  const auto put = [&](std::string_view key, std::string_view value) {
    if (!value.empty()) out += "  " + std::string(key) + ": " + Scalar(value) + "\n";
  };
  put("verdict", Words(one.standing));
  put("type", one.type);
  put("message", one.message);
  out += "  duration_ms: " + std::to_string(one.duration.count() / 1000) + "\n";
  if (one.outcome == nullptr) {
    put("details", one.details);
    return out + "  ...\n";
  }
  put("clause", one.outcome->clause);
  put("purpose", one.outcome->purpose);
  put("tries", AttemptWords(*one.outcome));
  put("baseline", one.outcome->held);
  put("repeat", one.outcome->repro);
  put("recording", one.outcome->recording);
  if (finds) out += "  findings:\n";
  for (const Finding& finding : one.outcome->findings) out += FindingYaml(finding);
  return out + "  ...\n";
}

std::string Line(const CiCase& one, std::size_t number) {
  switch (one.standing) {
    case Standing::kPass:
      return Point(true, number, one, "", "");
    case Standing::kFlaky:
      return Point(!one.red, number, one, "", "");
    case Standing::kKnownFailure:
      return Point(false, number, one, "TODO", one.message);
    case Standing::kSkipped:
    case Standing::kNotJudged:
      return Point(true, number, one, "SKIP", one.message);
    case Standing::kInconc:
    case Standing::kUnexpectedPass:
    case Standing::kFail:
    case Standing::kError:
      return Point(false, number, one, "", "");
  }
  return {};
}

}  // namespace

std::string WriteTap(const Report& report, TapVersion version) {
  const std::vector<CiCase> cases = CiCases(report);
  std::string out = version == TapVersion::k13 ? "TAP version 13\n" : "TAP version 14\n";
  out += "1.." + std::to_string(cases.size());
  if (cases.empty()) out += " # SKIP no case is in this shard";
  out += "\n";
  const auto comment = [&](std::string_view what, std::string_view text) {
    if (!text.empty()) out += "# " + std::string(what) + ": " + VisibleLine(text) + "\n";
  };
  comment("Assay", report.tool_version);
  comment("dialect", report.dialect);
  comment("model", report.model);
  comment("device", report.device_address);
  for (std::size_t i = 0; i < cases.size(); ++i) out += Line(cases[i], i + 1) + Yaml(cases[i]);
  comment("verdict", Headline(report));
  return out;
}

}  // namespace assay::report
