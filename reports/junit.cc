#include "reports/junit.h"

#include <string_view>
#include <vector>

#include "reports/ci_cases.h"
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

std::string Element(std::string_view name, const CiCase& one) {
  return "      <" + std::string(name) + Attribute("type", one.type) +
         Attribute("message", one.message) + ">" + Escape(VisibleText(one.details)) + "</" +
         std::string(name) + ">\n";
}

std::string Skipped(std::string_view why) {
  return "      <skipped" + Attribute("message", why) + "/>\n";
}

std::string SystemOut(const CiCase& one) {
  if (!one.telling) return "";
  return "      <system-out>" + Escape(VisibleText(one.details)) + "</system-out>\n";
}

struct Totals {
  std::size_t failures = 0, errors = 0, skipped = 0;
};

std::string Body(const CiCase& one, Totals& totals) {
  switch (one.standing) {
    case Standing::kPass:
      return SystemOut(one);
    case Standing::kFlaky:
      if (!one.red) return SystemOut(one);
      ++totals.failures;
      return Element("failure", one);
    case Standing::kKnownFailure:
    case Standing::kSkipped:
    case Standing::kNotJudged:
      ++totals.skipped;
      return Skipped(one.message) + SystemOut(one);
    case Standing::kUnexpectedPass:
    case Standing::kFail:
      ++totals.failures;
      return Element("failure", one);
    case Standing::kInconc:
    case Standing::kError:
      ++totals.errors;
      return Element("error", one);
  }
  return "";
}

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
  add("suite", report.suite);
  add("suite_sha256", report.suite_sha256);
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
  std::string cases;
  const std::vector<CiCase> all = CiCases(report);
  for (const CiCase& one : all) {
    const std::string body = Body(one, totals);
    cases += "    <testcase" + Attribute("name", one.name) + Attribute("classname", one.group) +
             Attribute("time", Seconds(one.duration));
    cases += body.empty() ? "/>\n" : ">\n" + body + "    </testcase>\n";
  }
  const std::size_t tests = all.size();
  const std::string counts = Attribute("tests", std::to_string(tests)) +
                             Attribute("failures", std::to_string(totals.failures)) +
                             Attribute("errors", std::to_string(totals.errors));
  const std::string time = Attribute("time", Seconds(report.duration));
  const std::string name =
      report.model.empty() ? report.dialect : report.dialect + " " + report.model;
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  xml += "<testsuites" + Attribute("name", "assay") + counts + time + ">\n";
  // Those that know schemas know `skipped` of a suite only.
  xml += "  <testsuite" + Attribute("name", name.empty() ? "assay" : name) + counts +
         Attribute("skipped", std::to_string(totals.skipped)) + time;
  // The schemas of CI servers want a time without its zone.
  if (!report.started.empty()) xml += Attribute("timestamp", report.started.substr(0, 19));
  xml += ">\n" + Properties(report) + cases + "  </testsuite>\n</testsuites>\n";
  return xml;
}

}  // namespace assay::report
