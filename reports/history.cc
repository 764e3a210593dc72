#include "reports/history.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "reports/compare_align.h"

namespace assay::report {
namespace {

// Of a sequence of verdicts that is shown.
constexpr std::size_t kShown = 40;
// Of a reason that is kept.
constexpr std::size_t kReason = 200;

char Letter(const Outcome& outcome) {
  switch (outcome.verdict) {
    case Verdict::kPass:
      return 'P';
    case Verdict::kFail:
      return 'F';
    case Verdict::kInconc:
      return 'I';
    case Verdict::kError:
      return 'E';
    case Verdict::kNone:
      return '-';
  }
  return '-';
}

// What must be the same for two runs to be runs of one thing.
std::string FirmwareOf(const Report& report) {
  std::string out = report.dialect + (report.model.empty() ? "" : " " + report.model);
  std::string identity;
  for (const auto& [key, value] : report.identity) {
    // Another module of the same firmware is the same firmware.
    if (key == "imei" || key == "iccid" || key == "imsi" || key == "serial") continue;
    identity += (identity.empty() ? "" : ", ") + value;
  }
  if (identity.empty()) identity = report.device_address;
  out += ", " + identity + ", spec " + report.spec_sha256.substr(0, 8);
  return report.reading == "tolerant" ? out : out + ", " + report.reading;
}

std::string CaseOf(const Outcome& outcome) {
  return (outcome.device.empty() ? "" : outcome.device + " ") + outcome.id;
}

}  // namespace

std::size_t History::Number(const std::string& id) {
  const auto [found, added] = numbers_.emplace(id, ids_.size());
  if (added) ids_.push_back(id);
  return found->second;
}

void History::Add(std::string label, const Report& report) {
  Run& run = runs_.emplace_back();
  HistoryRun& told = run.told;
  told.label = std::move(label);
  told.started = report.started;
  told.duration = report.duration;
  told.interrupted = report.interrupted;
  run.firmware = FirmwareOf(report);
  std::map<std::pair<std::string, std::string>, std::vector<Time>> times;
  for (const Outcome& outcome : report.outcomes) {
    if (outcome.skipped) {
      ++told.skipped;
      continue;
    }
    const char letter = Letter(outcome);
    told.pass += letter == 'P' ? 1 : 0;
    told.fail += letter == 'F' ? 1 : 0;
    told.inconc += letter == 'I' ? 1 : 0;
    told.error += letter == 'E' ? 1 : 0;
    if (letter == '-') continue;
    const std::size_t number = Number(CaseOf(outcome));
    run.verdicts.emplace_back(number, letter);
    if (letter != 'P') run.reasons[number] = outcome.reason.substr(0, kReason);
    for (const Turn& turn : TurnsOf(outcome, nullptr)) {
      if (turn.final == "OK" && turn.final_took >= Time{0})
        times[{turn.key, "final code"}].push_back(turn.final_took);
      if (turn.result_took >= Time{0})
        times[{turn.command, "result"}].push_back(turn.result_took);
    }
  }
  for (auto& [key, values] : times) run.times[key] = SpreadOf(std::move(values));
}

HistorySummary History::Finish() {
  HistorySummary out;
  std::stable_sort(runs_.begin(), runs_.end(), [](const Run& a, const Run& b) {
    return std::tie(a.told.started, a.told.label) < std::tie(b.told.started, b.told.label);
  });
  for (Run& run : runs_) {
    const auto found = std::find(out.firmwares.begin(), out.firmwares.end(), run.firmware);
    run.told.firmware = static_cast<std::size_t>(found - out.firmwares.begin());
    if (found == out.firmwares.end()) out.firmwares.push_back(run.firmware);
    out.runs.push_back(run.told);
  }
  out.cases = ids_.size();
  Cases(out);
  Times(out);
  return out;
}

void History::Cases(HistorySummary& out) const {
  // By case and firmware, oldest first; firmwares in the order in which they came.
  std::vector<std::vector<std::string>> all(ids_.size(),
                                            std::vector<std::string>(out.firmwares.size()));
  std::vector<std::vector<std::string>> reasons = all;
  for (const Run& run : runs_) {
    for (const auto& [number, letter] : run.verdicts) all[number][run.told.firmware] += letter;
    for (const auto& [number, reason] : run.reasons) reasons[number][run.told.firmware] = reason;
  }
  for (std::size_t number = 0; number < all.size(); ++number) {
    std::size_t last = out.firmwares.size();  // where it was played and steady
    for (std::size_t firmware = 0; firmware < out.firmwares.size(); ++firmware) {
      const std::string& verdicts = all[number][firmware];
      if (verdicts.empty()) continue;
      std::size_t changes = 0;
      for (std::size_t i = 1; i < verdicts.size(); ++i)
        changes += verdicts[i] != verdicts[i - 1] ? 1 : 0;
      if (changes > 0) {
        const auto passed =
            static_cast<std::size_t>(std::count(verdicts.begin(), verdicts.end(), 'P'));
        out.flaky.push_back(
            {ids_[number], firmware, verdicts.size(), passed, changes,
             verdicts.substr(verdicts.size() > kShown ? verdicts.size() - kShown : 0),
             reasons[number][firmware]});
        continue;
      }
      if (last < out.firmwares.size()) {
        const char was = all[number][last][0], is = verdicts[0];
        if (was == 'P' && is != 'P')
          out.regressed.push_back({ids_[number], last, firmware, was, is, reasons[number][firmware]});
        if (was != 'P' && is == 'P')
          out.fixed.push_back({ids_[number], last, firmware, was, is, reasons[number][last]});
      }
      last = firmware;
    }
  }
  std::sort(out.flaky.begin(), out.flaky.end(), [](const FlakyCase& a, const FlakyCase& b) {
    return std::make_tuple(b.changes, a.firmware, std::string_view(a.id)) <
           std::make_tuple(a.changes, b.firmware, std::string_view(b.id));
  });
  for (auto* rows : {&out.regressed, &out.fixed}) {
    std::sort(rows->begin(), rows->end(), [](const SteadyChange& a, const SteadyChange& b) {
      return std::tie(a.after, a.id) < std::tie(b.after, b.id);
    });
  }
}

void History::Times(HistorySummary& out) const {
  std::map<std::pair<std::string, std::string>, std::map<std::size_t, std::vector<Time>>> medians;
  for (const Run& run : runs_) {
    for (const auto& [key, spread] : run.times)
      medians[key][run.told.firmware].push_back(spread.median);
  }
  for (const auto& [key, by_firmware] : medians) {
    HistoryTime row{.command = key.first, .what = key.second};
    const std::vector<Time>* before = nullptr;
    for (const auto& [firmware, times] : by_firmware) {
      row.firmwares.push_back({firmware, times.size(), SpreadOf(times)});
      if (before != nullptr) row.shift = ShiftOf(*before, times, &row.p);
      before = &times;
    }
    out.times.push_back(std::move(row));
  }
}

}  // namespace assay::report
