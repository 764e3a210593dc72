#include "reports/ci_cases.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "reports/visible.h"

namespace assay::report {
namespace {

// CI servers group by what stands before the last dot, and a dialect's name holds dots of its own:
// quectel-bg96/qmtopen/write/ok becomes quectel-bg96.qmtopen.
std::string GroupOf(const Report& report, std::string_view id) {
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

bool Changes(const Outcome& outcome) {
  return outcome.change != Change::kNone && outcome.change != Change::kSame;
}

std::string DetailsOf(const Outcome& outcome) {
  std::string text;
  if (Changes(outcome))
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

// The class of the worst finding says most about what went wrong.
std::string FailureType(const Outcome& outcome) {
  const Finding* worst = nullptr;
  for (const Finding& finding : outcome.findings) {
    if (worst == nullptr || finding.severity > worst->severity) worst = &finding;
  }
  return std::string(worst == nullptr ? "fail" : Name(worst->finding_class));
}

void Tell(const Report& report, CiCase& one) {
  const Outcome& outcome = *one.outcome;
  one.message = outcome.reason;
  one.red = NeedsAttention(one.standing);
  switch (one.standing) {
    case Standing::kPass:
    case Standing::kSkipped:
      return;
    case Standing::kFlaky:
      one.red = report.fail_on_flaky;
      if (one.red) one.type = "flaky";
      return;
    case Standing::kUnexpectedPass:
      one.type = "unexpected-pass";
      one.message = "passes, although the baseline lists it as failing";
      if (!outcome.held.empty()) one.message += ": " + outcome.held;
      return;
    case Standing::kKnownFailure:
      one.message =
          "known failure: " + outcome.reason + (outcome.held.empty() ? "" : "; " + outcome.held);
      return;
    case Standing::kFail:
      one.type = FailureType(outcome);
      return;
    case Standing::kInconc:
      one.type = "inconc";
      return;
    case Standing::kError:
      one.type = "error";
      return;
    case Standing::kNotJudged:
      if (one.message.empty()) one.message = "not judged";
      return;
  }
}

class UniqueNames {
 public:
  // Compared as shown, since two names may differ only in bytes that look the same made visible.
  // Names on another device are others: it stands in the group.
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

CiCase OfTheRun(std::string name, Standing standing, std::string type, std::string message) {
  return {.name = std::move(name),
          .group = "assay",
          .standing = standing,
          .red = true,
          .type = std::move(type),
          .message = std::move(message)};
}

// Why the run is red although none of the cases is; if it is not, nothing.
std::vector<CiCase> OnTheWhole(const Report& report, bool any_red) {
  std::vector<CiCase> out;
  if (!any_red && ExitStatus(report) == 4)
    out.push_back(OfTheRun("nothing was run", Standing::kError, "error",
                           report.diagnosis.empty() ? "nothing was run" : report.diagnosis));
  for (const MissingCase& one : report.missing) {
    const std::string on = one.device.empty() ? "" : " on " + one.device;
    out.push_back(OfTheRun("baseline of " + one.id + on, Standing::kFail, "missing",
                           "missing: the baseline lists this case, and it is not there any more"));
    out.back().details = one.held;
  }
  for (const FailedGate& gate : FailedGates(report.coverage)) {
    CiCase& one = out.emplace_back(OfTheRun("coverage of " + std::string(Name(gate.kind)),
                                            Standing::kFail, "coverage", Words(gate)));
    for (const std::string& lacking : gate.lacking) one.details += lacking + "\n";
  }
  if (any_red || !out.empty()) return out;
  const auto whole = [&](Standing standing, std::string type) {
    out.push_back(OfTheRun("the run as a whole", standing, std::move(type), Headline(report)));
  };
  switch (VerdictOf(report)) {
    case Verdict::kPass:
      break;
    case Verdict::kInconc:
      whole(Standing::kInconc, "inconc");
      break;
    case Verdict::kFail:
      whole(Standing::kFail, "fail");
      break;
    case Verdict::kNone:
    case Verdict::kError:
      whole(Standing::kError, "error");
      break;
  }
  return out;
}

bool IsRed(const CiCase& one) { return one.red; }

}  // namespace

std::vector<CiCase> CiCases(const Report& report) {
  std::vector<CiCase> out;
  out.reserve(report.outcomes.size());
  UniqueNames names;
  for (const Outcome& outcome : report.outcomes) {
    CiCase& one = out.emplace_back();
    one.name = names.Take(outcome.id, outcome.device);
    one.group = (outcome.device.empty() ? "" : outcome.device + ".") + GroupOf(report, outcome.id);
    one.standing = StandingOf(report, outcome);
    one.duration = outcome.duration;
    one.outcome = &outcome;
    one.details = DetailsOf(outcome);
    one.telling = !outcome.findings.empty() || !outcome.attempts.empty() || Changes(outcome);
    Tell(report, one);
  }
  for (CiCase& one : OnTheWhole(report, std::any_of(out.begin(), out.end(), IsRed))) {
    one.name = names.Take(one.name);
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace assay::report
