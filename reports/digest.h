// What a report says in short: the words and groups that the console and the page share.
#ifndef REPORTS_DIGEST_H_
#define REPORTS_DIGEST_H_

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "reports/result.h"

namespace assay::report {

// How one outcome counts, which its verdict alone does not say. In the order in which counts are
// shown: from good to bad, then what did not run.
enum class Standing {
  kPass,
  kFlaky,
  kKnownFailure,
  kInconc,
  kUnexpectedPass,
  kFail,
  kError,
  kSkipped,
  kNotJudged,
};
Standing StandingOf(const Report& report, const Outcome& outcome);
std::string_view Words(Standing standing);  // "pass", "unexpected pass", ...

// Someone has to look at it.
bool NeedsAttention(Standing standing);

// The verdict on the whole, as ExitStatus has it.
Verdict VerdictOf(const Report& report);
std::string Headline(const Report& report);  // "Fail: 3 of 128 cases"
std::string Counts(const Report& report);    // "120 pass, 3 fail, 5 inconclusive; 2 deviations"

// "the log deviates from the manual"; the word itself if it is none of ours.
std::string LogVerdictWords(std::string_view log_verdict);

std::string DurationWords(Time duration);  // "412 ms", "12.3 s", "2 min 05 s", "1 h 02 min"

// "3 cases", "1 case"
std::string CountOf(std::size_t count, std::string_view noun);

// How many outcomes stand how to the baseline, and how many cases it misses; nothing without one.
std::map<Change, std::size_t> Changes(const Report& report);
std::string ChangeWords(const Report& report);  // "1 pass to fail, 1 missing, 38 same"
// Those that somebody has to look at because of the baseline, in the order of the report.
std::vector<const Outcome*> Changed(const Report& report);

// How the tries of a case ended: "fail, pass"; empty: there was one.
std::string AttemptWords(const Outcome& outcome);

// One deviation, however often it was met: those of one fingerprint are one. Likewise of what the
// host did wrong.
struct DeviationGroup {
  const Finding* finding = nullptr;  // the first; lives as long as the report
  std::size_t count = 0;
  std::vector<const Outcome*> outcomes;  // that met it, each once
};
std::vector<DeviationGroup> Deviations(const Report& report);
std::vector<DeviationGroup> HostMisuse(const Report& report);

// How often the device went away in mid-case, and how: "vanished 2 times, hangs once". Empty: never.
std::string WentWords(const Report& report);

// Skipped cases by their reason, in the order of the report.
struct SkipGroup {
  std::string reason;
  std::vector<const Outcome*> outcomes;
};
std::vector<SkipGroup> Skips(const Report& report);

// Cases that are inconclusive for the same failure of their set-up.
struct SetUpGroup {
  std::string cause;
  std::vector<const Outcome*> outcomes;
};
std::vector<SetUpGroup> SetUpFailures(const Report& report);

// Each device of a run that has several, and how its cases went: "120 pass, 3 fail".
struct DeviceRow {
  const DeviceEntry* device = nullptr;  // lives as long as the report
  std::string counts;
};
std::vector<DeviceRow> Devices(const Report& report);

// "412 packets seen that the modem spoke of; 3 not looked at (another host, or TLS)"; empty: nobody
// looked.
std::string ObservedWords(const Report& report);
// "30 of 34 clauses, 58 of 93 transitions"
std::string CoveredWords(const Coverage& coverage);

// What became of the cases of one kind of test purpose, of one dialect.
struct PurposeRow {
  std::string dialect, kind;
  std::size_t selected = 0, passed = 0, failed = 0, inconclusive = 0, errors = 0, left_out = 0;
  std::map<std::string, std::size_t> reasons;  // of those left out
};
// None if nobody said of any case what kind it is.
std::vector<PurposeRow> Purposes(const Report& report);

// Clauses as a reader of the manual orders them: 3.2.9 before 3.2.10, none last.
bool ClauseBefore(std::string_view a, std::string_view b);

// The dialect of a case.
std::string DialectIn(const Report& report, const Outcome& outcome);

// The clause of a case, behind the dialect's id where the report is one of several (Merge).
std::string ClauseIn(const Report& report, const Outcome& outcome);

}  // namespace assay::report

#endif  // REPORTS_DIGEST_H_
