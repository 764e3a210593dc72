#include "reports/result.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace assay::report {

std::string_view Name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kNone:
      return "none";
    case Verdict::kPass:
      return "pass";
    case Verdict::kInconc:
      return "inconc";
    case Verdict::kFail:
      return "fail";
    case Verdict::kError:
      return "error";
  }
  return "";
}

std::string_view Name(FindingClass finding_class) {
  switch (finding_class) {
    case FindingClass::kSyntax:
      return "syntax";
    case FindingClass::kRange:
      return "range";
    case FindingClass::kOrder:
      return "order";
    case FindingClass::kMissing:
      return "missing";
    case FindingClass::kUnexpected:
      return "unexpected";
    case FindingClass::kUndocumented:
      return "undocumented";
    case FindingClass::kState:
      return "state";
    case FindingClass::kTiming:
      return "timing";
    case FindingClass::kFraming:
      return "framing";
    case FindingClass::kPayload:
      return "payload";
    case FindingClass::kResultFailure:
      return "result-failure";
  }
  return "";
}

std::string_view Name(Severity severity) {
  switch (severity) {
    case Severity::kInfo:
      return "info";
    case Severity::kDeviation:
      return "deviation";
    case Severity::kViolation:
      return "violation";
  }
  return "";
}

std::string_view Name(Side side) {
  switch (side) {
    case Side::kDevice:
      return "device";
    case Side::kHost:
      return "host";
    case Side::kCapture:
      return "capture";
  }
  return "";
}

std::string_view Name(ExchangeKind kind) {
  switch (kind) {
    case ExchangeKind::kCommand:
      return "command";
    case ExchangeKind::kData:
      return "data";
    case ExchangeKind::kNone:
      return "none";
  }
  return "";
}

std::string_view Name(Change change) {
  switch (change) {
    case Change::kNone:
      return "";
    case Change::kSame:
      return "same";
    case Change::kRegression:
      return "pass to fail";
    case Change::kFixed:
      return "fixed";
    case Change::kNew:
      return "new";
    case Change::kMissing:
      return "missing";
    case Change::kOtherwise:
      return "changed reason";
    case Change::kExpired:
      return "expired";
    case Change::kUnclear:
      return "firmware unknown";
    case Change::kNotJudged:
      return "not judged";
  }
  return "";
}

Severity Cap(spec::Basis basis) {
  switch (basis) {
    case spec::Basis::kStated:
      return Severity::kViolation;
    case spec::Basis::kExample:
    case spec::Basis::kInferred:
      return Severity::kDeviation;
    case spec::Basis::kOpen:
      return Severity::kInfo;
  }
  return Severity::kInfo;
}

bool AgainstHost(const Finding& finding) {
  return finding.side == Side::kHost && finding.fingerprint.starts_with("host/");
}

void Summarise(Report& report) {
  Report::Summary summary;
  for (const Outcome& outcome : report.outcomes) {
    switch (outcome.verdict) {
      case Verdict::kNone:
        ++summary.none;
        break;
      case Verdict::kPass:
        ++summary.pass;
        break;
      case Verdict::kInconc:
        ++summary.inconc;
        break;
      case Verdict::kFail:
        ++summary.fail;
        break;
      case Verdict::kError:
        ++summary.error;
        break;
    }
    if (outcome.skipped) ++summary.skipped;
    if (!outcome.went.empty()) ++summary.went;
    if (Flaky(outcome)) ++summary.flaky;
    summary.host += static_cast<std::size_t>(
        std::count_if(outcome.findings.begin(), outcome.findings.end(), AgainstHost));
    summary.deviations += static_cast<std::size_t>(std::count_if(
        outcome.findings.begin(), outcome.findings.end(),
        [](const Finding& finding) { return finding.severity == Severity::kDeviation; }));
  }
  report.summary = summary;
}

namespace {

void Join(std::string& list, const std::string& value) {
  if (value.empty() || (", " + list + ", ").find(", " + value + ", ") != std::string::npos) return;
  list += (list.empty() ? "" : ", ") + value;
}

constexpr std::string_view kJoint = ", ";

std::set<std::string> DialectsOf(const std::vector<Report>& reports) {
  std::set<std::string> out;
  for (const Report& report : reports) {
    std::string_view rest = report.dialect;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(kJoint), rest.size());
      out.emplace(rest.substr(0, end));
      rest.remove_prefix(std::min(end + kJoint.size(), rest.size()));
    }
  }
  return out;
}

// What differs is joined, so that no part of a run hides what another was told.
void JoinAll(std::map<std::string, std::string>& all, const std::map<std::string, std::string>& own) {
  for (const auto& [key, value] : own) Join(all[key], value);
}

// What of `more` is not there yet.
template <typename T>
void AddNew(std::vector<T>& list, std::vector<T>& more) {
  for (T& one : more) {
    if (std::find(list.begin(), list.end(), one) == list.end()) list.push_back(std::move(one));
  }
}

// The same shard of what ran side by side; of several shards nothing is left to say.
std::optional<ShardOf> JoinShards(const std::vector<Report>& reports) {
  std::optional<ShardOf> out;
  for (const Report& report : reports) {
    if (!report.shard) return std::nullopt;
    if (!out) {
      out = report.shard;
    } else if (out->index != report.shard->index || out->count != report.shard->count) {
      return std::nullopt;
    } else {
      out->elsewhere += report.shard->elsewhere;
    }
  }
  return out;
}

// What two parts of a run saw of one claim.
void AddRow(std::vector<ReviewRow>& rows, ReviewRow row) {
  const auto found = std::find_if(rows.begin(), rows.end(),
                                  [&](const ReviewRow& one) { return one.claim == row.claim; });
  if (found == rows.end()) {
    rows.push_back(std::move(row));
    return;
  }
  if (found->test_form.empty()) found->test_form = std::move(row.test_form);
  found->taken += row.taken;
  found->refused += row.refused;
  Join(found->contradiction, row.contradiction);
}

}  // namespace

Report Merge(std::vector<Report> reports) {
  Report out;
  out.reading.clear();
  out.shard = JoinShards(reports);
  const bool several = DialectsOf(reports).size() > 1;
  for (Report& report : reports) {
    const std::string own = report.devices.size() == 1 ? report.devices.front().name : "";
    AddNew(out.devices, report.devices);
    AddNew(out.inputs, report.inputs);
    out.seed = report.seed;
    for (auto [joined, value] : {std::pair{&out.tool_version, &report.tool_version},
                                 {&out.tool_sha256, &report.tool_sha256},
                                 {&out.dialect, &report.dialect},
                                 {&out.model, &report.model},
                                 {&out.document, &report.document},
                                 {&out.spec_sha256, &report.spec_sha256},
                                 {&out.suite, &report.suite},
                                 {&out.suite_sha256, &report.suite_sha256},
                                 {&out.host, &report.host},
                                 {&out.reading, &report.reading},
                                 {&out.device_address, &report.device_address},
                                 {&out.baseline, &report.baseline}})
      Join(*joined, *value);
    JoinAll(out.identity, report.identity);
    JoinAll(out.pixit, report.pixit);
    if (out.started.empty() || report.started < out.started) out.started = report.started;
    out.duration = std::max(out.duration, report.duration);
    if (report.link_latency)
      out.link_latency = std::max(out.link_latency.value_or(Time{0}), *report.link_latency);
    if (!report.diagnosis.empty())
      out.diagnosis +=
          (out.diagnosis.empty() ? "" : "; ") + (own.empty() ? report.dialect : own) + ": " +
          report.diagnosis;
    out.interrupted = out.interrupted || report.interrupted;
    out.partial = out.partial || report.partial;
    out.bounded = out.bounded || report.bounded;
    out.fail_on_deviation = out.fail_on_deviation || report.fail_on_deviation;
    out.fail_on_flaky = out.fail_on_flaky || report.fail_on_flaky;
    AddNew(out.filters, report.filters);
    AddNew(out.excludes, report.excludes);
    AddNew(out.missing, report.missing);
    out.settings.insert(out.settings.end(), report.settings.begin(), report.settings.end());
    AddNew(out.overlays, report.overlays);
    // One that was merged of several dialects has their ids already.
    const bool named = several && report.dialect.find(kJoint) == std::string::npos;
    const std::string before = named ? report.dialect + " " : "";
    for (ClauseCoverage& clause : report.coverage.clauses) clause.clause.insert(0, before);
    for (FactCoverage& fact : report.coverage.facts) fact.what.insert(0, before);
    Add(out.coverage, report.coverage);
    for (ReviewRow& row : report.review) {
      row.claim.insert(0, own.empty() ? before : own + " ");
      AddRow(out.review, std::move(row));
    }
    std::move(report.outcomes.begin(), report.outcomes.end(), std::back_inserter(out.outcomes));
    AddNew(out.errata_met, report.errata_met);
  }
  Summarise(out);
  return out;
}

bool Flaky(const Outcome& outcome) {
  return outcome.verdict == Verdict::kPass && !outcome.attempts.empty();
}

bool KnownFailure(const Report& report, const Outcome& outcome) {
  return outcome.verdict == Verdict::kFail && outcome.expected && !report.baseline.empty();
}

bool UnexpectedPass(const Outcome& outcome) {
  return outcome.verdict == Verdict::kPass && !outcome.expected;
}

int ExitStatus(const Report& report) {
  bool ran = false;
  bool fail = false;
  bool inconclusive = false;
  for (const Outcome& outcome : report.outcomes) {
    if (outcome.verdict == Verdict::kError) return 4;
    if (outcome.verdict != Verdict::kNone) ran = true;
    if (outcome.verdict == Verdict::kInconc) inconclusive = true;
    if (outcome.verdict == Verdict::kFail && !KnownFailure(report, outcome)) fail = true;
    if (UnexpectedPass(outcome)) fail = true;
    if (report.fail_on_flaky && Flaky(outcome)) fail = true;
  }
  fail = fail || !report.missing.empty();
  inconclusive = inconclusive || report.bounded || report.partial;
  if (!ran && !report.bounded && !report.partial && (!report.shard || report.shard->elsewhere == 0)) return 4;
  if (fail || !FailedGates(report.coverage).empty()) return 1;
  return inconclusive ? 3 : 0;
}

}  // namespace assay::report
