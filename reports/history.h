// Many runs of the same cases, oldest first: how verdicts and response times went, which cases are
// flaky, and what came with another firmware.
//
//   History history;
//   for (...) history.Add("2026-11-22.json", report);   // any order; the report may go then
//   std::cout << WriteHistoryMarkdown(history.Finish());
//
// A case is flaky if its verdict changed while firmware, device model, spec and reading were the
// same; where it is steady on each of two firmwares and not the same, it regressed or was fixed.
// Keeps a byte for each case and run, and a spread for each command and run.
#ifndef REPORTS_HISTORY_H_
#define REPORTS_HISTORY_H_

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reports/latency.h"
#include "reports/result.h"

namespace assay::report {

struct HistoryRun {
  std::string label, started;
  std::size_t firmware = 0;  // index of HistorySummary::firmwares
  std::size_t pass = 0, fail = 0, inconc = 0, error = 0, skipped = 0;
  Time duration{0};
  bool interrupted = false;
};

struct FlakyCase {
  std::string id;
  std::size_t firmware = 0;
  std::size_t runs = 0, passed = 0, changes = 0;  // changes from one run to the next
  std::string verdicts;  // a letter a run, oldest first: P, F, I, E; of the last runs
  std::string reason;    // of the last run that did not pass
};

struct SteadyChange {
  std::string id;
  std::size_t before = 0, after = 0;  // firmwares
  char was = 'P', is = 'F';
  std::string reason;
};

struct HistoryTime {
  std::string command, what;
  struct OfFirmware {
    std::size_t firmware = 0, runs = 0;
    Spread medians;  // of the medians of its runs
  };
  std::vector<OfFirmware> firmwares;
  Shift shift = Shift::kNone;  // the last firmware against the one before
  double p = 1;
};

struct HistorySummary {
  std::vector<HistoryRun> runs;
  std::vector<std::string> firmwares;  // in words, in the order in which they came
  std::vector<FlakyCase> flaky;        // worst first
  std::vector<SteadyChange> regressed, fixed;
  std::vector<HistoryTime> times;
  std::size_t cases = 0;  // that were ever played
};

class History {
 public:
  void Add(std::string label, const Report& report);
  HistorySummary Finish();

 private:
  struct Run {
    HistoryRun told;
    std::string firmware;
    std::vector<std::pair<std::size_t, char>> verdicts;  // by number of the case
    std::map<std::size_t, std::string> reasons;          // of those that did not pass
    std::map<std::pair<std::string, std::string>, Spread> times;
  };
  std::size_t Number(const std::string& id);
  void Cases(HistorySummary& out) const;
  void Times(HistorySummary& out) const;

  std::vector<Run> runs_;
  std::map<std::string, std::size_t, std::less<>> numbers_;
  std::vector<std::string> ids_;
};

std::string WriteHistoryMarkdown(const HistorySummary& history);
std::string WriteHistoryConsole(const HistorySummary& history, int width);
std::string WriteHistoryJson(const HistorySummary& history);  // assay.history.v1

}  // namespace assay::report

#endif  // REPORTS_HISTORY_H_
