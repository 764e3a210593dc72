#include "reports/digest.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace assay::report {

Standing StandingOf(const Report& report, const Outcome& outcome) {
  if (outcome.skipped && outcome.verdict == Verdict::kNone) return Standing::kSkipped;
  switch (outcome.verdict) {
    case Verdict::kNone:
      return Standing::kNotJudged;
    case Verdict::kPass:
      return !outcome.expected ? Standing::kUnexpectedPass
             : Flaky(outcome)  ? Standing::kFlaky
                               : Standing::kPass;
    case Verdict::kInconc:
      return Standing::kInconc;
    case Verdict::kFail:
      return KnownFailure(report, outcome) ? Standing::kKnownFailure : Standing::kFail;
    case Verdict::kError:
      return Standing::kError;
  }
  return Standing::kNotJudged;
}

std::string_view Words(Standing standing) {
  switch (standing) {
    case Standing::kPass:
      return "pass";
    case Standing::kFlaky:
      return "flaky";
    case Standing::kUnexpectedPass:
      return "unexpected pass";
    case Standing::kKnownFailure:
      return "known failure";
    case Standing::kFail:
      return "fail";
    case Standing::kInconc:
      return "inconclusive";
    case Standing::kError:
      return "error";
    case Standing::kSkipped:
      return "skipped";
    case Standing::kNotJudged:
      return "not judged";
  }
  return "";
}

bool NeedsAttention(Standing standing) {
  switch (standing) {
    case Standing::kFlaky:
    case Standing::kUnexpectedPass:
    case Standing::kFail:
    case Standing::kInconc:
    case Standing::kError:
      return true;
    case Standing::kPass:
    case Standing::kKnownFailure:
    case Standing::kSkipped:
    case Standing::kNotJudged:
      return false;
  }
  return true;
}

Verdict VerdictOf(const Report& report) {
  switch (ExitStatus(report)) {
    case 0:
      return report.interrupted ? Verdict::kInconc : Verdict::kPass;
    case 1:
      return Verdict::kFail;
    case 3:
      return Verdict::kInconc;
    default:
      return Verdict::kError;
  }
}

std::string CountOf(std::size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

namespace {

using Tally = std::map<Standing, std::size_t>;

Tally TallyOf(const Report& report) {
  Tally tally;
  for (const Outcome& outcome : report.outcomes) ++tally[StandingOf(report, outcome)];
  return tally;
}

std::string Of(std::size_t count, std::size_t ran) {
  return std::to_string(count) + " of " + CountOf(ran, "case");
}

}  // namespace

std::string Headline(const Report& report) {
  Tally tally = TallyOf(report);
  const std::size_t ran =
      report.outcomes.size() - tally[Standing::kSkipped] - tally[Standing::kNotJudged];
  if (report.interrupted || report.partial) {
    std::string text = (report.partial ? "Partial, the run was killed: " : "Interrupted: ") +
                       Of(ran, report.outcomes.size()) + " ran";
    if (tally[Standing::kFail] > 0)
      text += ", " + std::to_string(tally[Standing::kFail]) + " failed";
    return text;
  }
  switch (VerdictOf(report)) {
    case Verdict::kPass: {
      if (ran == 0 && report.shard)
        return "Pass: no case is in shard " + std::to_string(report.shard->index) + " of " +
               std::to_string(report.shard->count);
      std::string text = "Pass: ";
      const std::size_t flaky = tally[Standing::kFlaky];
      text += tally[Standing::kKnownFailure] > 0 ? Of(tally[Standing::kPass] + flaky, ran)
              : ran == 1                         ? "the one case"
                                                 : "all " + CountOf(ran, "case");
      if (flaky > 0) text += ", " + std::to_string(flaky) + " only on a retry";
      return text;
    }
    case Verdict::kInconc:
      if (report.bounded && tally[Standing::kInconc] == 0)
        return "Inconclusive: " + Of(ran, report.outcomes.size()) + " ran, within the bounds given";
      return "Inconclusive: " + Of(tally[Standing::kInconc], ran);
    case Verdict::kFail:
      if (tally[Standing::kFail] > 0) return "Fail: " + Of(tally[Standing::kFail], ran);
      if (const auto gates = FailedGates(report.coverage);
          !gates.empty() && tally[Standing::kUnexpectedPass] == 0)
        return "Fail: " + Words(gates.front());
      if (tally[Standing::kUnexpectedPass] == 0 && !report.missing.empty())
        return "Fail: " + CountOf(report.missing.size(), "case") + " of the baseline not there any more";
      if (tally[Standing::kUnexpectedPass] == 0)
        return "Fail: " + Of(tally[Standing::kFlaky], ran) + " passed only on a retry";
      return "Fail: " + Of(tally[Standing::kUnexpectedPass], ran) + " passed unexpectedly";
    case Verdict::kNone:
    case Verdict::kError:
      break;
  }
  if (ran == 0) return "Error: nothing was run";
  return "Error: the harness or the bench broke in " + Of(tally[Standing::kError], ran);
}

std::map<Change, std::size_t> Changes(const Report& report) {
  std::map<Change, std::size_t> out;
  for (const Outcome& outcome : report.outcomes) {
    if (outcome.change != Change::kNone) ++out[outcome.change];
  }
  if (!report.missing.empty()) out[Change::kMissing] = report.missing.size();
  return out;
}

std::string ChangeWords(const Report& report) {
  std::string out, same;
  for (const auto& [change, count] : Changes(report)) {
    const std::string words = std::to_string(count) + " " + std::string(Name(change));
    if (change == Change::kSame) {
      same = words;
    } else {
      out += (out.empty() ? "" : ", ") + words;
    }
  }
  return out + (out.empty() || same.empty() ? "" : ", ") + same;
}

std::vector<const Outcome*> Changed(const Report& report) {
  std::vector<const Outcome*> out;
  for (const Outcome& outcome : report.outcomes) {
    const bool listed = outcome.change == Change::kNotJudged && !outcome.held.empty();
    if (listed || (outcome.change != Change::kNone && outcome.change != Change::kSame &&
                   outcome.change != Change::kNotJudged))
      out.push_back(&outcome);
  }
  return out;
}

std::string AttemptWords(const Outcome& outcome) {
  if (outcome.attempts.empty()) return {};
  std::string out;
  for (const Outcome& attempt : outcome.attempts) out += std::string(Name(attempt.verdict)) + ", ";
  return out + std::string(Name(outcome.verdict));
}

std::vector<DeviceRow> Devices(const Report& report) {
  std::vector<DeviceRow> out;
  for (const DeviceEntry& device : report.devices) {
    Report own;
    own.baseline = report.baseline;
    for (const Outcome& outcome : report.outcomes) {
      if (outcome.device != device.name) continue;
      Outcome& kept = own.outcomes.emplace_back();
      kept.verdict = outcome.verdict;
      kept.expected = outcome.expected;
      kept.skipped = outcome.skipped;
      kept.attempts.resize(outcome.attempts.size());
    }
    Summarise(own);
    out.push_back({&device, Counts(own)});
  }
  return out;
}

std::string ObservedWords(const Report& report) {
  Observed all;
  bool looked = false;
  for (const Outcome& outcome : report.outcomes) {
    if (!outcome.observed) continue;
    looked = true;
    all.seen += outcome.observed->seen;
    all.unobserved += outcome.observed->unobserved;
  }
  if (!looked) return {};
  std::string out = CountOf(all.seen, "packet") + " seen that the modem spoke of";
  if (all.unobserved > 0)
    out += "; " + std::to_string(all.unobserved) + " not looked at (another host, or TLS)";
  return out;
}

std::string CoveredWords(const Coverage& coverage) {
  std::string text;
  for (const CoverageKind kind : kCoverageKinds) {
    const Share share = ShareOf(coverage, kind);
    if (share.total == 0) continue;
    text += (text.empty() ? "" : ", ") + std::to_string(share.covered) + " of " +
            std::to_string(share.total) + " " + std::string(Name(kind));
  }
  return text;
}

std::vector<PurposeRow> Purposes(const Report& report) {
  std::map<std::pair<std::string, std::string>, PurposeRow> rows;
  if (std::none_of(report.outcomes.begin(), report.outcomes.end(),
                   [](const Outcome& outcome) { return !outcome.kind.empty(); }))
    return {};
  for (const Outcome& outcome : report.outcomes) {
    const std::string dialect = DialectIn(report, outcome);
    const std::string kind = outcome.kind.empty() ? "transcript" : outcome.kind;
    PurposeRow& row = rows[{dialect, kind}];
    row.dialect = dialect;
    row.kind = kind;
    ++row.selected;
    switch (outcome.verdict) {
      case Verdict::kNone:
        ++row.left_out;
        ++row.reasons[outcome.reason];
        break;
      case Verdict::kPass:
        ++row.passed;
        break;
      case Verdict::kInconc:
        ++row.inconclusive;
        break;
      case Verdict::kFail:
        ++row.failed;
        break;
      case Verdict::kError:
        ++row.errors;
        break;
    }
  }
  std::vector<PurposeRow> out;
  for (auto& [key, row] : rows) out.push_back(std::move(row));
  return out;
}

std::string Counts(const Report& report) {
  const Tally tally = TallyOf(report);
  std::string text;
  for (const auto& [standing, count] : tally) {
    if (!text.empty()) text += ", ";
    text += std::to_string(count) + " " + std::string(Words(standing));
  }
  if (text.empty()) text = "no cases";
  if (report.summary.deviations > 0) text += "; " + CountOf(report.summary.deviations, "deviation");
  return text;
}

std::string LogVerdictWords(std::string_view log_verdict) {
  if (log_verdict == "conforms") return "the log conforms to the manual";
  if (log_verdict == "deviates") return "the log deviates from the manual";
  if (log_verdict == "device-reported-failure") {
    return "the device reported a failure, in the way its manual documents";
  }
  if (log_verdict == "incomplete-log") return "the log is incomplete";
  return std::string(log_verdict);
}

std::string DurationWords(Time duration) {
  const auto two = [](auto number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  const std::int64_t ms = duration.count() / 1000;
  if (ms < 1000) return std::to_string(ms) + " ms";
  if (ms < 60'000) return std::to_string(ms / 1000) + "." + std::to_string(ms / 100 % 10) + " s";
  const std::int64_t s = ms / 1000;
  if (s < 3600) return std::to_string(s / 60) + " min " + two(s % 60) + " s";
  return std::to_string(s / 3600) + " h " + two(s / 60 % 60) + " min";
}

namespace {

template <typename Predicate>
std::vector<DeviationGroup> GroupsOf(const Report& report, const Predicate& counts) {
  std::vector<DeviationGroup> groups;
  std::map<std::tuple<std::string, std::string, std::string>, std::size_t> index;
  for (const Outcome& outcome : report.outcomes) {
    for (const Finding& finding : outcome.findings) {
      if (!counts(finding)) continue;
      // Without a fingerprint the words are all there is to tell deviations apart.
      const auto key = finding.fingerprint.empty()
                           ? std::tuple("", finding.clause, finding.message)
                           : std::tuple(finding.fingerprint, std::string(), std::string());
      const auto [entry, added] = index.emplace(key, groups.size());
      if (added) groups.push_back({&finding, 0, {}});
      DeviationGroup& group = groups[entry->second];
      ++group.count;
      if (group.outcomes.empty() || group.outcomes.back() != &outcome) {
        group.outcomes.push_back(&outcome);
      }
    }
  }
  return groups;
}

}  // namespace

std::string WentWords(const Report& report) {
  std::map<std::string, std::size_t> ways;
  for (const Outcome& outcome : report.outcomes) {
    if (!outcome.went.empty()) ++ways[outcome.went];
  }
  std::string out;
  for (const auto& [way, count] : ways) {
    out += (out.empty() ? "" : ", ") + way +
           (count == 1 ? std::string(" once") : " " + std::to_string(count) + " times");
  }
  return out;
}

std::vector<DeviationGroup> Deviations(const Report& report) {
  return GroupsOf(report, [](const Finding& finding) {
    return finding.severity == Severity::kDeviation;
  });
}

std::vector<DeviationGroup> HostMisuse(const Report& report) {
  return GroupsOf(report, AgainstHost);
}

namespace {

// "waits longer than 3.0 s" of "waits 20.0 s, longer than 3.0 s": how long, each case says itself.
std::string WithoutItsWait(const std::string& reason) {
  constexpr std::string_view kWaits = "waits ", kLonger = ", longer than ";
  const std::size_t at = reason.find(kLonger);
  if (!reason.starts_with(kWaits) || at == std::string::npos) return reason;
  return std::string(kWaits) + reason.substr(at + 2);
}

}  // namespace

std::vector<SkipGroup> Skips(const Report& report) {
  std::vector<SkipGroup> groups;
  std::map<std::string, std::size_t> index;
  for (const Outcome& outcome : report.outcomes) {
    const Standing standing = StandingOf(report, outcome);
    if (standing != Standing::kSkipped && standing != Standing::kNotJudged) continue;
    const std::string reason =
        outcome.reason.empty() ? "no reason given" : WithoutItsWait(outcome.reason);
    const auto [entry, added] = index.emplace(reason, groups.size());
    if (added) groups.push_back({reason, {}});
    groups[entry->second].outcomes.push_back(&outcome);
  }
  return groups;
}

std::vector<SetUpGroup> SetUpFailures(const Report& report) {
  std::vector<SetUpGroup> groups;
  std::map<std::string, std::size_t> index;
  for (const Outcome& outcome : report.outcomes) {
    if (outcome.set_up.empty() || StandingOf(report, outcome) != Standing::kInconc) continue;
    const auto [entry, added] = index.emplace(outcome.set_up, groups.size());
    if (added) groups.push_back({outcome.set_up, {}});
    groups[entry->second].outcomes.push_back(&outcome);
  }
  return groups;
}

std::string DialectIn(const Report& report, const Outcome& outcome) {
  const bool several = report.dialect.find(", ") != std::string::npos;
  for (const DeviceEntry& device : report.devices) {
    if (!outcome.device.empty() && device.name == outcome.device) return device.dialect;
  }
  return several ? outcome.id.substr(0, outcome.id.find('/')) : report.dialect;
}

std::string ClauseIn(const Report& report, const Outcome& outcome) {
  const std::string dialect = DialectIn(report, outcome);
  if (dialect == report.dialect || outcome.clause.empty()) return outcome.clause;
  return dialect + " " + outcome.clause;
}

bool ClauseBefore(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return !a.empty() && b.empty();
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  while (!a.empty() && !b.empty()) {
    if (digit(a[0]) && digit(b[0])) {
      const auto number = [&](std::string_view& text) {
        std::size_t length = 0;
        while (length < text.size() && digit(text[length])) ++length;
        std::string_view digits = text.substr(0, length);
        text.remove_prefix(length);
        while (digits.size() > 1 && digits[0] == '0') digits.remove_prefix(1);
        return digits;
      };
      const std::string_view x = number(a);
      const std::string_view y = number(b);
      if (x.size() != y.size()) return x.size() < y.size();
      if (x != y) return x < y;
    } else {
      if (a[0] != b[0]) return static_cast<unsigned char>(a[0]) < static_cast<unsigned char>(b[0]);
      a.remove_prefix(1);
      b.remove_prefix(1);
    }
  }
  return a.size() < b.size();
}

}  // namespace assay::report
