#include "reports/junit.h"

#include <map>
#include <set>
#include <string_view>

#include "reports/digest.h"
#include "reports/visible.h"

namespace assay::report {
namespace {

std::string Escape(const std::string& visible) {
  std::string out;
  out.reserve(visible.size());
  for (const char c : visible) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

// A line feed in an attribute would be read back as a space, so there it is made visible too.
std::string Attribute(std::string_view name, std::string_view text) {
  return " " + std::string(name) + "=\"" + Escape(VisibleLine(text)) + "\"";
}

// Seconds with a dot, whatever the locale.
std::string Seconds(Time time) {
  const std::uint64_t micros = time.count() < 0 ? 0 : static_cast<std::uint64_t>(time.count());
  std::string fraction = std::to_string(1'000'000 + micros % 1'000'000);
  fraction[0] = '.';
  return std::to_string(micros / 1'000'000) + fraction;
}

// CI servers group by what stands before the last dot, and a dialect's name holds dots of its own:
// quectel-bg96/qmtopen/write/ok becomes quectel-bg96.qmtopen.
std::string ClassName(const Report& report, std::string_view id) {
  const std::size_t slash = id.find('/');
  if (slash == id.npos) return report.dialect.empty() ? "assay" : report.dialect;
  const std::string_view rest = id.substr(slash + 1);
  return std::string(id.substr(0, slash)) + "." + std::string(rest.substr(0, rest.find('/')));
}

std::string Describe(const Finding& finding) {
  std::string text = std::string(Name(finding.severity)) + " " +
                     std::string(Name(finding.finding_class)) + ", clause " + finding.clause +
                     " (" + std::string(spec::Name(finding.basis)) + ")";
  if (!finding.where.file.empty()) {
    text += ", " + finding.where.file;
    if (finding.where.line > 0) text += ":" + std::to_string(finding.where.line);
  }
  text += "\n  " + finding.message + "\n";
  if (!finding.expected.empty()) text += "  expected: " + finding.expected + "\n";
  if (!finding.got.empty()) text += "  got:      " + finding.got + "\n";
  return text;
}

std::string Details(const Outcome& outcome) {
  std::string text;
  if (outcome.change != Change::kNone && outcome.change != Change::kSame)
    text += "against the baseline: " + std::string(Name(outcome.change)) +
            (outcome.held.empty() ? "" : ", " + outcome.held) + "\n";
  if (const std::string tries = AttemptWords(outcome); !tries.empty()) {
    text += "tried " + CountOf(outcome.attempts.size() + 1, "time") + ": " + tries + "\n";
    for (const Outcome& attempt : outcome.attempts) text += "  " + attempt.reason + "\n";
  }
  for (const Finding& finding : outcome.findings) text += Describe(finding);
  if (!outcome.repro.empty()) text += "repeat: " + outcome.repro + "\n";
  if (outcome.shrunk && !outcome.shrunk->file.empty())
    text += "shortest: " + outcome.shrunk->repro + "\n";
  if (!outcome.recording.empty()) text += "recording: " + outcome.recording + "\n";
  return text;
}

std::string Element(std::string_view name, std::string_view type, const Outcome& outcome) {
  return "      <" + std::string(name) + Attribute("type", type) +
         Attribute("message", outcome.reason) + ">" + Escape(VisibleText(Details(outcome))) + "</" +
         std::string(name) + ">\n";
}

std::string Skipped(std::string_view why) {
  return "      <skipped" + Attribute("message", why) + "/>\n";
}

std::string SystemOut(const Outcome& outcome) {
  const bool changed = outcome.change != Change::kNone && outcome.change != Change::kSame;
  if (outcome.findings.empty() && outcome.attempts.empty() && !changed) return "";
  return "      <system-out>" + Escape(VisibleText(Details(outcome))) + "</system-out>\n";
}

// The class of the worst finding says most about what went wrong.
std::string_view FailureType(const Outcome& outcome) {
  const Finding* worst = nullptr;
  for (const Finding& finding : outcome.findings) {
    if (worst == nullptr || finding.severity > worst->severity) worst = &finding;
  }
  return worst == nullptr ? "fail" : Name(worst->finding_class);
}

struct Totals {
  std::size_t failures = 0, errors = 0, skipped = 0;
};

std::string Body(const Report& report, const Outcome& outcome, Totals& totals) {
  switch (StandingOf(report, outcome)) {
    case Standing::kPass:
      return SystemOut(outcome);
    case Standing::kFlaky:
      if (!report.fail_on_flaky) return SystemOut(outcome);
      ++totals.failures;
      return Element("failure", "flaky", outcome);
    case Standing::kUnexpectedPass: {
      ++totals.failures;
      Outcome unexpected = outcome;
      unexpected.reason = "passes, although the baseline lists it as failing";
      if (!outcome.held.empty()) unexpected.reason += ": " + outcome.held;
      return Element("failure", "unexpected-pass", unexpected);
    }
    case Standing::kKnownFailure:
      ++totals.skipped;
      return Skipped("known failure: " + outcome.reason +
                     (outcome.held.empty() ? "" : "; " + outcome.held)) + SystemOut(outcome);
    case Standing::kFail:
      ++totals.failures;
      return Element("failure", FailureType(outcome), outcome);
    case Standing::kInconc:
      ++totals.errors;
      return Element("error", "inconc", outcome);
    case Standing::kError:
      ++totals.errors;
      return Element("error", "error", outcome);
    case Standing::kSkipped:
      ++totals.skipped;
      return Skipped(outcome.reason) + SystemOut(outcome);
    case Standing::kNotJudged:
      ++totals.skipped;
      return Skipped(outcome.reason.empty() ? "not judged" : outcome.reason) + SystemOut(outcome);
  }
  return "";
}

class UniqueNames {
 public:
  // Compared as shown, since two names may differ only in bytes that look the same made visible.
  // Names on another device are others: it stands in the class.
  std::string Take(const std::string& id, const std::string& device = {}) {
    const std::string name = VisibleLine(id), on = VisibleLine(device) + "\n";
    std::string unique = name;
    for (std::size_t& n = repeats_[on + name]; !taken_.insert(on + unique).second;) {
      unique = name + " (" + std::to_string(++n + 1) + ")";
    }
    return unique;
  }

 private:
  std::set<std::string> taken_;
  std::map<std::string, std::size_t> repeats_;
};

std::string Properties(const Report& report) {
  std::string text = "    <properties>\n";
  const auto add = [&](const std::string& name, std::string_view value) {
    if (value.empty()) return;
    text += "      <property" + Attribute("name", name) + Attribute("value", value) + "/>\n";
  };
  add("assay.version", report.tool_version);
  add("dialect", report.dialect);
  add("model", report.model);
  add("document", report.document);
  add("spec_sha256", report.spec_sha256);
  for (const Overlay& overlay : report.overlays) {
    add("overlay", overlay.file + " sha256:" + overlay.sha256);
  }
  add("reading", report.reading);
  add("seed", std::to_string(report.seed));
  add("device.address", report.device_address);
  for (const DeviceEntry& device : report.devices)
    add("device", device.name + ": " + device.dialect + " " + device.model + " " + device.address);
  for (const auto& [key, value] : report.identity) add("device." + key, value);
  add("baseline", report.baseline);
  add("changes", ChangeWords(report));
  if (report.summary.flaky > 0) add("flaky", std::to_string(report.summary.flaky));
  if (report.partial) add("partial", "the run was killed before its end");
  add("diagnosis", report.diagnosis);
  add("log_verdict", report.log_verdict.value_or(""));
  add("deviations", std::to_string(report.summary.deviations));
  for (const std::string& erratum : report.errata_met) add("erratum_met", erratum);
  return text + "    </properties>\n";
}

}  // namespace

std::string WriteJunit(const Report& report) {
  Totals totals;
  UniqueNames names;
  std::string cases;
  for (const Outcome& outcome : report.outcomes) {
    const std::string body = Body(report, outcome, totals);
    const std::string on = outcome.device.empty() ? "" : outcome.device + ".";
    cases += "    <testcase" + Attribute("name", names.Take(outcome.id, outcome.device)) +
             Attribute("classname", on + ClassName(report, outcome.id)) +
             Attribute("time", Seconds(outcome.duration));
    cases += body.empty() ? "/>\n" : ">\n" + body + "    </testcase>\n";
  }
  std::size_t tests = report.outcomes.size();
  if (totals.skipped == tests && ExitStatus(report) == 4) {
    // A suite in which nothing ran would look green.
    Outcome nothing;
    nothing.reason = report.diagnosis.empty() ? "nothing was run" : report.diagnosis;
    cases += "    <testcase" + Attribute("name", names.Take("nothing was run")) +
             Attribute("classname", "assay") + Attribute("time", Seconds(Time{0})) + ">\n" +
             Element("error", "error", nothing) + "    </testcase>\n";
    ++tests;
    ++totals.errors;
  }
  for (const MissingCase& one : report.missing) {
    const std::string_view why = "missing: the baseline lists this case, and it is not there any more";
    cases += "    <testcase" +
             Attribute("name", names.Take("baseline of " + one.id, one.device)) +
             Attribute("classname", "assay") + Attribute("time", Seconds(Time{0})) +
             ">\n      <failure" + Attribute("type", "missing") +
             Attribute("message", why) + ">" + Escape(VisibleText(one.held)) +
             "</failure>\n    </testcase>\n";
    ++tests;
    ++totals.failures;
  }
  for (const FailedGate& gate : FailedGates(report.coverage)) {
    std::string lacking;
    for (const std::string& one : gate.lacking) lacking += one + "\n";
    cases += "    <testcase" +
             Attribute("name", names.Take("coverage of " + std::string(Name(gate.kind)))) +
             Attribute("classname", "assay") + Attribute("time", Seconds(Time{0})) +
             ">\n      <failure" + Attribute("type", "coverage") +
             Attribute("message", Words(gate)) + ">" + Escape(VisibleText(lacking)) +
             "</failure>\n    </testcase>\n";
    ++tests;
    ++totals.failures;
  }
  const std::string counts = Attribute("tests", std::to_string(tests)) +
                             Attribute("failures", std::to_string(totals.failures)) +
                             Attribute("errors", std::to_string(totals.errors)) +
                             Attribute("skipped", std::to_string(totals.skipped)) +
                             Attribute("time", Seconds(report.duration));
  const std::string name =
      report.model.empty() ? report.dialect : report.dialect + " " + report.model;
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  xml += "<testsuites" + Attribute("name", "assay") + counts + ">\n";
  xml += "  <testsuite" + Attribute("name", name.empty() ? "assay" : name) + counts;
  // The schemas of CI servers want a time without its zone.
  if (!report.started.empty()) xml += Attribute("timestamp", report.started.substr(0, 19));
  xml += ">\n" + Properties(report) + cases + "  </testsuite>\n</testsuites>\n";
  return xml;
}

}  // namespace assay::report
