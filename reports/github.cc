#include "reports/github.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "reports/ci_cases.h"
#include "reports/markdown_text.h"
#include "reports/visible.h"

namespace assay::report {
namespace {

// The runner reads %XX back; a line feed would end the command, and begin whatever stands behind
// it.
std::string Data(std::string_view text) {
  std::string out;
  for (const char c : VisibleText(text)) {
    if (c == '%') {
      out += "%25";
    } else if (c == '\r') {
      out += "%0D";
    } else if (c == '\n') {
      out += "%0A";
    } else {
      out += c;
    }
  }
  return out;
}

std::string Property(std::string_view text) {
  std::string out;
  for (const char c : Data(VisibleLine(text))) {
    if (c == ':') {
      out += "%3A";
    } else if (c == ',') {
      out += "%2C";
    } else {
      out += c;
    }
  }
  return out;
}

// A file of the repository; what stands elsewhere cannot be annotated.
bool InRepository(const std::string& file) {
  return !file.empty() && file[0] != '/' && !file.starts_with("..");
}

std::string Annotation(std::string_view level, const Finding* at, std::string_view title,
                       std::string_view message) {
  std::string properties;
  const auto add = [&](std::string_view name, std::string_view value) {
    properties += (properties.empty() ? "" : ",") + std::string(name) + "=" + Property(value);
  };
  if (at != nullptr && InRepository(at->where.file)) {
    add("file", at->where.file);
    if (at->where.line > 0) {
      add("line", std::to_string(at->where.line));
      add("col", "1");
    }
  }
  add("title", title.empty() ? "Assay" : title);
  return "::" + std::string(level) + " " + properties + "::" + Data(message) + "\n";
}

const Finding* FirstOf(const CiCase& one, Severity least) {
  if (one.outcome == nullptr) return nullptr;
  for (const Finding& finding : one.outcome->findings) {
    if (finding.severity >= least) return &finding;
  }
  return nullptr;
}

// "fibocom-v1.3, L610, /dev/ttyUSB2"
std::string About(const Report& report) {
  std::string out;
  for (const std::string* text : {&report.dialect, &report.model, &report.device_address}) {
    if (!text->empty()) out += (out.empty() ? "" : ", ") + *text;
  }
  return out;
}

std::string NameOf(const CiCase& one) {
  const bool several = one.outcome != nullptr && !one.outcome->device.empty();
  return (several ? one.outcome->device + ": " : "") + one.name;
}

std::string Message(const CiCase& one) {
  std::string out = std::string(Words(one.standing)) + ": " + one.message;
  if (!one.details.empty()) out += "\n" + one.details;
  while (out.ends_with('\n')) out.pop_back();
  return out;
}

// Rows of a table as long as they fit.
class Sheet {
 public:
  explicit Sheet(std::size_t limit) : limit_(limit) {}
  bool Add(const std::string& text) {
    if (text_.size() + text.size() > limit_) return false;
    text_ += text;
    return true;
  }
  const std::string& text() const { return text_; }

 private:
  std::size_t limit_;
  std::string text_;
};

std::string SummaryHead(const Report& report) {
  std::string out = "## Assay: " + MarkdownLine(Headline(report)) + "\n\n";
  if (!report.diagnosis.empty()) out += "**" + MarkdownLine(report.diagnosis) + "**\n\n";
  out += MarkdownLine(Counts(report)) + ", in " + DurationWords(report.duration) + "\n\n";
  const auto item = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) out += "- " + std::string(name) + ": " + MarkdownLine(value) + "\n";
  };
  item("Dialect", report.dialect);
  item("Model", report.model);
  item("Document", report.document);
  item("Device", report.device_address);
  for (const auto& [key, value] : report.identity) item(MarkdownLine(key), value);
  item("Covered", CoveredWords(report.coverage));
  item("Baseline", report.baseline);
  item("Against the baseline", ChangeWords(report));
  for (const DeviceRow& row : Devices(report)) item(MarkdownLine(row.device->name), row.counts);
  return out + "\n";
}

struct Part {
  std::string title, noun;
  std::vector<std::string> columns;
  std::vector<std::string> rows;
};

std::vector<Part> PartsOf(const Report& report) {
  Part red{"To look at", "case", {"Verdict", "Case", "Clause", "Reason"}, {}};
  Part flaky{"Passed only on a retry", "flaky case", {"Case", "Tries", "Reason"}, {}};
  Part known{"Known failures", "known failure", {"Case", "Clause", "Reason"}, {}};
  for (const CiCase& one : CiCases(report)) {
    const std::string clause = one.outcome != nullptr ? ClauseIn(report, *one.outcome) : "";
    const std::string name = MarkdownLine(NameOf(one)), why = MarkdownLine(one.message);
    if (one.red)
      red.rows.push_back(
          MarkdownRow({std::string(Words(one.standing)), name, MarkdownLine(clause), why}));
    if (one.standing == Standing::kFlaky)
      flaky.rows.push_back(MarkdownRow({name, AttemptWords(*one.outcome), why}));
    if (one.standing == Standing::kKnownFailure)
      known.rows.push_back(MarkdownRow({name, MarkdownLine(clause), why}));
  }
  Part deviations{"Deviations", "deviation", {"Clause", "Class", "Deviation", "Times"}, {}};
  for (const DeviationGroup& group : Deviations(report)) {
    deviations.rows.push_back(MarkdownRow({MarkdownLine(group.finding->clause),
                                           std::string(Name(group.finding->finding_class)),
                                           MarkdownLine(group.finding->message),
                                           std::to_string(group.count)}));
  }
  Part skipped{"Not run", "reason", {"Cases", "Reason"}, {}};
  for (const SkipGroup& group : Skips(report))
    skipped.rows.push_back(
        MarkdownRow({std::to_string(group.outcomes.size()), MarkdownLine(group.reason)}));
  return {red, flaky, known, deviations, skipped};
}

// Kept free for the sentence that says what was left out.
constexpr std::size_t kReserve = 512;

}  // namespace

std::string WriteGithubAnnotations(const Report& report) {
  const std::vector<CiCase> cases = CiCases(report);
  const bool passed = VerdictOf(report) == Verdict::kPass;
  std::string out;
  if (!passed) {
    std::string about = About(report);
    if (!report.diagnosis.empty()) about += (about.empty() ? "" : "\n") + report.diagnosis;
    out += Annotation("error", nullptr, Headline(report), about.empty() ? "assay" : about);
  }
  for (const CiCase& one : cases) {
    if (one.red)
      out += Annotation("error", FirstOf(one, Severity::kInfo), NameOf(one), Message(one));
  }
  for (const CiCase& one : cases) {
    const Finding* deviation = FirstOf(one, Severity::kDeviation);
    if (one.red || (deviation == nullptr && one.standing != Standing::kFlaky)) continue;
    out += Annotation("warning", deviation, NameOf(one), Message(one));
  }
  if (passed) out += Annotation("notice", nullptr, Headline(report), About(report));
  return out;
}

std::string WriteGithubSummary(const Report& report, std::size_t limit) {
  Sheet sheet(limit > kReserve ? limit - kReserve : 0);
  std::string left_out;
  if (!sheet.Add(SummaryHead(report))) left_out = "what was tested";
  for (const Part& part : PartsOf(report)) {
    if (part.rows.empty()) continue;
    std::size_t written = 0;
    if (sheet.Add("### " + part.title + " (" + std::to_string(part.rows.size()) + ")\n\n" +
                  MarkdownHead(part.columns))) {
      while (written < part.rows.size() && sheet.Add(part.rows[written])) ++written;
    }
    if (written < part.rows.size())
      left_out += (left_out.empty() ? "" : ", ") + CountOf(part.rows.size() - written, part.noun) +
                  " of " + std::to_string(part.rows.size());
    sheet.Add("\n");
  }
  if (left_out.empty()) return sheet.text();
  // What was left out may follow an unfinished table.
  const std::string end = "\n\nLeft out, for a summary holds no more than " +
                          std::to_string(limit) + " bytes: " + left_out +
                          ". All of it is in the other reports.\n";
  return sheet.text() + end.substr(0, limit - std::min(limit, sheet.text().size()));
}

}  // namespace assay::report
