#include "reports/compliance_campaign.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "reports/digest.h"

namespace assay::report {
namespace {

std::string Text(std::size_t number) { return std::to_string(number); }

// Observations by number, each once however many cases met it.
class Observations {
 public:
  // What is seen as one is told as one: by fingerprint, else by its words.
  std::size_t Of(const Finding& finding) {
    const std::string what = std::string(Name(finding.severity)) + ": " +
                             std::string(Name(finding.finding_class));
    const std::string by = finding.fingerprint.empty() ? finding.clause + "\n" + finding.message
                                                       : finding.fingerprint;
    Row& row = Take(what, by);
    if (row.cases++ == 0) {
      row.clause = finding.clause;
      row.told = finding.message;
      row.expected = finding.expected;
      row.got = finding.got;
      row.basis = spec::Name(finding.basis);
      row.erratum = finding.erratum;
    }
    return row.number;
  }

  std::size_t Of(std::string_view what, const std::string& told, std::string_view clause = {}) {
    Row& row = Take(std::string(what), told);
    if (row.cases++ == 0) {
      row.told = told;
      row.clause = clause;
    }
    return row.number;
  }

  // What is of no case.
  void OfAll(std::string_view what, const std::string& told) {
    Take(std::string(what), told).told = told;
  }

  ComplianceTable Table() const {
    ComplianceTable table{"list", "Observations",
                          {{"number", "No."}, {"kind", "Kind"}, {"clause", "Clause"},
                           {"observation", "Observation"}, {"expected", "Expected"}, {"got", "Got"},
                           {"basis", "Basis"}, {"cases", "Cases"}},
                          {}};
    for (const Row* row : order_) {
      const std::string told =
          row->told + (row->erratum.empty() ? "" : " (erratum " + row->erratum + ")");
      table.rows.push_back({"O" + Text(row->number), row->what, row->clause, told, row->expected,
                            row->got, row->basis, row->cases == 0 ? "" : Text(row->cases)});
    }
    return table;
  }

 private:
  struct Row {
    std::size_t number = 0, cases = 0;
    std::string what, clause, told, expected, got, basis, erratum;
  };
  Row& Take(const std::string& what, const std::string& by) {
    const auto [at, added] = rows_.try_emplace({what, by});
    if (added) {
      order_.push_back(&at->second);
      at->second.number = order_.size();
      at->second.what = what;
    }
    return at->second;
  }

  std::map<std::pair<std::string, std::string>, Row> rows_;
  std::vector<const Row*> order_;
};

std::string NumbersOf(std::vector<std::size_t> numbers) {
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  std::string out;
  for (const std::size_t number : numbers) out += (out.empty() ? "O" : ", O") + Text(number);
  return out;
}

// "waits longer than 3.0 s" of "waits 20.0 s, longer than 3.0 s": one reason, however long each
// waits.
std::string WithoutItsWait(const std::string& reason) {
  constexpr std::string_view kWaits = "waits ", kLonger = ", longer than ";
  const std::size_t at = reason.find(kLonger);
  if (!reason.starts_with(kWaits) || at == std::string::npos) return reason;
  return std::string(kWaits) + reason.substr(at + 2);
}

std::vector<std::size_t> Observe(const Report& report, const Outcome& outcome, Observations& all) {
  std::vector<std::size_t> out;
  for (const Finding& finding : outcome.findings) out.push_back(all.Of(finding));
  switch (outcome.verdict) {
    case Verdict::kNone:
      out.push_back(all.Of(Selected(outcome) ? "not run" : "not selected",
                           outcome.reason.empty() ? "no reason given"
                                                  : WithoutItsWait(outcome.reason)));
      break;
    case Verdict::kInconc:
      out.push_back(all.Of("inconclusive",
                           outcome.set_up.empty() ? outcome.reason : "set-up " + outcome.set_up));
      break;
    case Verdict::kError:
      out.push_back(all.Of("harness or bench", outcome.reason));
      break;
    case Verdict::kFail:
      // What no finding tells: a flood, a device that went away.
      if (outcome.findings.empty())
        out.push_back(all.Of("failure", outcome.reason, outcome.clause));
      if (KnownFailure(report, outcome))
        out.push_back(all.Of("known failure", "listed in the baseline " + report.baseline));
      break;
    case Verdict::kPass:
      if (UnexpectedPass(outcome))
        out.push_back(
            all.Of("unexpected pass", "passes, although the baseline lists it as failing"));
      if (Flaky(outcome))
        out.push_back(all.Of("flaky", "passed only on a retry, after: " +
                                          outcome.attempts.back().reason));
      break;
  }
  if (!outcome.went.empty())
    out.push_back(all.Of("device", "went away in mid-case: " + outcome.went));
  for (const std::string& step : outcome.recovery) out.push_back(all.Of("recovery", step));
  return out;
}

ComplianceTable GroupTable(const Iut& iut) {
  const bool kinds = std::any_of(iut.outcomes.begin(), iut.outcomes.end(),
                                 [](const Outcome* outcome) { return !outcome->kind.empty(); });
  std::map<std::string, CampaignCounts, bool (*)(std::string_view, std::string_view)> rows(
      ClauseBefore);
  for (const Outcome* outcome : iut.outcomes) {
    const std::string key = kinds ? (outcome->kind.empty() ? "transcript" : outcome->kind)
                                  : (outcome->clause.empty() ? "no clause" : outcome->clause);
    CampaignCounts& row = rows[key];
    ++row.purposes;
    row.selected += Selected(*outcome) ? 1 : 0;
    row.run += Ran(*outcome) ? 1 : 0;
    row.pass += outcome->verdict == Verdict::kPass ? 1 : 0;
    row.fail += outcome->verdict == Verdict::kFail ? 1 : 0;
    row.inconc += outcome->verdict == Verdict::kInconc ? 1 : 0;
    row.error += outcome->verdict == Verdict::kError ? 1 : 0;
  }
  ComplianceTable table{"groups", "Results by group of test purposes",
                        {{"group", kinds ? "Kind" : "Clause"}, {"purposes", "Test purposes"},
                         {"selected", "Selected"}, {"run", "Run"}, {"pass", "Pass"},
                         {"fail", "Fail"}, {"inconclusive", "Inconclusive"}, {"error", "Error"}},
                        {}};
  for (const auto& [group, row] : rows)
    table.rows.push_back({group, Text(row.purposes), Text(row.selected), Text(row.run),
                          Text(row.pass), Text(row.fail), Text(row.inconc), Text(row.error)});
  return table;
}

std::string VerdictWords(const Outcome& outcome) {
  switch (outcome.verdict) {
    case Verdict::kNone:
      return "none";
    case Verdict::kPass:
      return "pass";
    case Verdict::kInconc:
      return "inconclusive";
    case Verdict::kFail:
      return "fail";
    case Verdict::kError:
      return "error";
  }
  return {};
}

}  // namespace

std::vector<Iut> IutsOf(const Report& report) {
  std::vector<Iut> out;
  std::map<std::string, std::size_t> index;
  const auto take = [&](const std::string& key) -> Iut& {
    const auto [at, added] = index.emplace(key, out.size());
    if (added) out.emplace_back();
    return out[at->second];
  };
  const bool by_device = !report.devices.empty();
  for (const DeviceEntry& device : report.devices) {
    Iut& iut = take(device.name);
    iut.name = device.name;
    iut.device = device;
  }
  for (const Outcome& outcome : report.outcomes) {
    const std::string dialect = DialectIn(report, outcome);
    Iut& iut = take(by_device ? outcome.device : dialect);
    if (iut.device.dialect.empty()) iut.device.dialect = dialect;
    iut.outcomes.push_back(&outcome);
  }
  if (out.empty()) out.emplace_back().device.dialect = report.dialect;
  if (out.size() == 1 && !by_device)
    out[0].device = {"", report.dialect, report.model, report.device_address, report.identity};
  // What several reports were merged of has its device or dialect before it.
  for (Iut& iut : out) {
    const std::string before = (iut.name.empty() ? iut.device.dialect : iut.name) + " ";
    for (const ReviewRow& row : report.review) {
      if (out.size() == 1 || row.claim.starts_with(before)) iut.review.push_back(&row);
    }
    for (const SettingRow& row : report.settings) {
      if (row.device == iut.name) iut.settings.push_back(&row);
    }
  }
  return out;
}

bool Ran(const Outcome& outcome) { return outcome.verdict != Verdict::kNone; }

bool Selected(const Outcome& outcome) {
  if (Ran(outcome) || !outcome.exchanges.empty()) return true;
  for (const std::string_view begin :
       {"interrupted", "not played", "--max-duration", "would publish more"}) {
    if (outcome.reason.starts_with(begin)) return true;
  }
  return false;
}

CampaignCounts CountCampaign(const Iut& iut) {
  CampaignCounts out;
  for (const Outcome* outcome : iut.outcomes) {
    ++out.purposes;
    out.selected += Selected(*outcome) ? 1 : 0;
    out.run += Ran(*outcome) ? 1 : 0;
    out.pass += outcome->verdict == Verdict::kPass ? 1 : 0;
    out.fail += outcome->verdict == Verdict::kFail ? 1 : 0;
    out.inconc += outcome->verdict == Verdict::kInconc ? 1 : 0;
    out.error += outcome->verdict == Verdict::kError ? 1 : 0;
    for (const Finding& finding : outcome->findings)
      out.deviations += finding.severity == Severity::kDeviation ? 1 : 0;
  }
  out.contradictions = static_cast<std::size_t>(
      std::count_if(iut.review.begin(), iut.review.end(),
                    [](const ReviewRow* row) { return !row->contradiction.empty(); }));
  return out;
}

Conformance ConformanceOf(const CampaignCounts& counts) {
  if (counts.fail > 0 || counts.contradictions > 0) return Conformance::kNonConforming;
  return counts.pass > 0 ? Conformance::kNotShownNonConforming : Conformance::kNotAssessed;
}

std::string_view Words(Conformance conformance) {
  switch (conformance) {
    case Conformance::kNotShownNonConforming:
      return "not shown to be non-conforming";
    case Conformance::kNonConforming:
      return "shown to be non-conforming";
    case Conformance::kNotAssessed:
      return "not assessed";
  }
  return {};
}

Campaign MakeCampaign(const Report& report, const Iut& iut) {
  Campaign out;
  out.groups = GroupTable(iut);
  out.cases = {"cases", "Test cases and their verdicts",
               {{"case", "Test case"}, {"clause", "Clause"}, {"purpose", "Test purpose"},
                {"selected", "Selected"}, {"run", "Run"}, {"verdict", "Verdict"},
                {"observations", "Observations"}},
               {}};
  Observations observations;
  for (const Outcome* outcome : iut.outcomes) {
    const std::string purpose = outcome->purpose.empty() ? outcome->title : outcome->purpose;
    out.cases.rows.push_back({outcome->id, outcome->clause, purpose,
                              Selected(*outcome) ? "yes" : "no", Ran(*outcome) ? "yes" : "no",
                              VerdictWords(*outcome),
                              NumbersOf(Observe(report, *outcome, observations))});
  }
  for (const SettingRow* row : iut.settings) {
    if (row->as_before) continue;
    observations.OfAll("setting", row->what + " is not as it was before the campaign: " + row->why);
  }
  std::string errata;
  for (const std::string& erratum : report.errata_met)
    errata += (errata.empty() ? "" : ", ") + erratum;
  if (!errata.empty())
    observations.OfAll("errata", "known defects of the document that were met, in the " +
                                     report.reading + " reading: " + errata);
  out.observations = observations.Table();
  return out;
}

}  // namespace assay::report
