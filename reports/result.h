// What a run or a verification found out: plain values, the source of every report.
//
//   Report report; report.outcomes.push_back(outcome); Summarise(report);
//   std::string json = WriteJson(report);
//
// Serialised as `assay.report.v1` (design, section 4). Exchanges count from 0, lines from 1.
#ifndef REPORTS_RESULT_H_
#define REPORTS_RESULT_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/time.h"
#include "reports/coverage.h"
#include "spec/model.h"

namespace assay::report {

// Only ever gets worse (ISO/IEC 9646-1).
enum class Verdict { kNone, kPass, kInconc, kFail, kError };
std::string_view Name(Verdict verdict);
inline Verdict Worse(Verdict a, Verdict b) { return a < b ? b : a; }

enum class FindingClass {
  kSyntax, kRange, kOrder, kMissing, kUnexpected, kUndocumented, kState, kTiming, kFraming,
  kPayload, kResultFailure,
};
std::string_view Name(FindingClass finding_class);  // "syntax", ..., "result-failure"

enum class Severity { kInfo, kDeviation, kViolation };
std::string_view Name(Severity severity);
// The worst severity that a fact of this basis can support (design, 1.3).
Severity Cap(spec::Basis basis);

enum class Side { kDevice, kHost, kCapture };
std::string_view Name(Side side);

struct Where {
  std::string file;
  std::size_t line = 0;      // of the transcript or log; 0 unknown
  std::size_t exchange = 0;
  bool operator==(const Where&) const = default;
};

struct Finding {
  FindingClass finding_class = FindingClass::kUnexpected;
  Severity severity = Severity::kViolation;
  std::string clause;
  spec::Basis basis = spec::Basis::kStated;
  Side side = Side::kDevice;
  std::string fingerprint;  // survives rewording: class, clause, command, form, fact
  std::string erratum;      // id, if the finding is one side of a known erratum
  Where where;
  std::string expected;     // as in the transcript notation
  std::string got;          // bytes made visible
  std::string got_bytes;    // raw; printed as got_hex
  std::string message;
  bool operator==(const Finding&) const = default;
};

// Is it misuse by the host, which no modem fails for? Other findings of its side only explain.
bool AgainstHost(const Finding& finding);

enum class ExchangeKind { kCommand, kData, kNone };
std::string_view Name(ExchangeKind kind);

// One line of an exchange, for the byte view of a report.
struct TimedBytes {
  Time at{0};       // since the start of the case
  bool sent = false;  // host to modem
  std::string bytes;  // raw, with CR and LF
  bool operator==(const TimedBytes&) const = default;
};

// How long something took of the time that is documented for it.
struct Margin {
  Time took{0}, documented{0};
  bool operator==(const Margin&) const = default;
};

// What the bench did to the modem from outside: "network.off", by a program that told how it ended.
struct BenchAction {
  std::string did, told;
  Time at{0};  // when it was done, since the start of the case
  bool operator==(const BenchAction&) const = default;
};

struct ExchangeRecord {
  std::size_t line = 0;  // of the transcript or log
  ExchangeKind kind = ExchangeKind::kCommand;
  std::optional<std::string> sent;      // without its line end; absent if not in the log
  std::vector<std::string> received;    // lines without framing and echo
  std::string final;                    // "OK", "ERROR", "+CME ERROR: 3", "prompt", "async", "missing", ""
  std::optional<std::string> result;    // the later result line
  std::vector<TimedBytes> bytes;        // the wire, in order
  std::vector<std::string> broker;      // packets that were seen at the broker meanwhile, a line each
  std::vector<Margin> margins;          // of its final code and result, where a time is documented
  std::optional<BenchAction> bench;     // in place of something sent
  bool operator==(const ExchangeRecord&) const = default;
};

// How an outcome stands to what the baseline says of its case.
enum class Change {
  kNone,        // there is no baseline
  kSame,        // as it says, or a pass of which it need not say anything
  kRegression,  // fails, and by the baseline it passes
  kFixed,       // passes, and by the baseline it fails
  kNew,         // the baseline knows which cases there are, and this is none of them
  kMissing,     // the baseline knows a case that is not there any more
  kOtherwise,   // does not pass, but otherwise than the baseline says
  kExpired,     // as the baseline says, but until a day that has passed
  kUnclear,     // whether what it says is said of this firmware is not known
  kNotJudged,   // it has no verdict on the modem that could be held against it
};
std::string_view Name(Change change);  // "", "same", "pass to fail", "fixed", "new", ...

// A case that the baseline lists and that is not there any more.
struct MissingCase {
  std::string id, device;  // device: if the entry is for one
  std::string held;        // what the entry says, and where it stands
  bool operator==(const MissingCase&) const = default;
};

// The shortest sequence of exchanges that was found to fail like a case.
struct ShrunkCase {
  std::string file;   // relative to the report; empty: the failure did not come again
  std::string repro;  // the one command that repeats it
  std::size_t exchanges = 0, of = 0, runs = 0;
  bool operator==(const ShrunkCase&) const = default;
};

// What the modem said that it had told the broker, where somebody looked there.
struct Observed {
  std::size_t seen = 0;        // packets that were seen, as they should be or otherwise
  std::size_t unobserved = 0;  // on links that cannot be seen: another host, TLS
  bool operator==(const Observed&) const = default;
};

struct Outcome {
  std::string id, title, clause, purpose;
  std::string requirement;   // why what is expected is: the fact, its clause and basis
  std::string device;        // its name, where a run has several
  std::string kind;          // what a derived case tries ("value", "state"); empty: nobody said
  Verdict verdict = Verdict::kNone;
  bool expected = true;      // false: a fail that the baseline does not list, a pass that it does
  Change change = Change::kNone;
  std::string held;          // what the baseline says of it, and where; empty: nothing
  std::string reason;        // one sentence: why this verdict
  std::string went;          // how the device left in mid-case: "vanished", "closed", "hangs"
  std::string set_up;        // why the set-up did not come about: "`AT+X=1` answered `+X: 3`"
  Time duration{0};
  std::string repro;         // the one command that repeats it
  bool long_wait = false;    // waits longer than the run's budget: it ran last
  bool skipped = false;      // not run; `reason` says why
  // What was done, before the case, to a device that did not answer: "escape: answers".
  std::vector<std::string> recovery;
  std::vector<ExchangeRecord> exchanges;
  std::vector<Finding> findings;
  std::optional<Observed> observed;
  std::optional<ShrunkCase> shrunk;
  std::string recording;     // path of the kept recording, relative to the report
  // What came of it before it was tried again (--retries), the first first; this is the last.
  std::vector<Outcome> attempts;
  bool operator==(const Outcome&) const = default;
};

struct Overlay {
  std::string file, sha256, document, clause, reason;
  bool operator==(const Overlay&) const = default;
};

// A claim of the module held against its test form and what it was seen to do.
struct ReviewRow {
  std::string claim, clause;
  bool claimed = true;
  std::string test_form;           // what `=?` answered; "OK", "refused"; empty: not asked
  std::size_t taken = 0, refused = 0;  // valid commands
  std::string contradiction;       // empty: all agree
  bool operator==(const ReviewRow&) const = default;
};

// A setting of the device that cases may have changed, and what became of it when the run was over.
struct SettingRow {
  std::string what;          // `AT+QMTCFG="session",0`
  std::string before, after;  // the values; empty: not told
  bool as_before = false;     // it is what it was
  bool put_back = false;      // because it was written again
  std::string why;            // why it is not
  std::string device;         // where a run has several
  bool operator==(const SettingRow&) const = default;
};

// One of several devices of a run, by the name that its bench gave it.
struct DeviceEntry {
  std::string name, dialect, model, address;
  std::map<std::string, std::string> identity;  // as that of a report
  bool operator==(const DeviceEntry&) const = default;
};

// A file that decided what was run: what the module claims ("pics"), what the bench has ("pixit",
// "bench").
struct InputFile {
  std::string what, file, sha256;
  bool operator==(const InputFile&) const = default;
};

// The part of a run that this is: the I-th (from 1) of N, and how many cases run in the others.
struct ShardOf {
  std::size_t index = 1, count = 1, elsewhere = 0;
  bool operator==(const ShardOf&) const = default;
};

struct Report {
  std::string tool_version;
  std::string tool_sha256;               // of the program
  std::string dialect, model, document;  // document: title and version of the manual
  std::string spec_sha256;
  std::vector<Overlay> overlays;
  std::string suite;                     // "conformance", "manual", "all"; "transcripts": given ones
  std::string suite_sha256;              // of the transcripts that were selected, in their order
  std::vector<InputFile> inputs;
  std::map<std::string, std::string> pixit;  // what the bench supplied to the cases
  std::string host;                      // the machine that the harness ran on
  std::string reading = "tolerant";
  std::uint64_t seed = 0;
  std::string device_address;
  std::vector<DeviceEntry> devices;      // where a run has several; else none
  std::map<std::string, std::string> identity;  // manufacturer, model, revision, imei
  std::string baseline;                  // file of reviewed known failures; empty: none given
  std::vector<MissingCase> missing;      // of that file
  std::vector<std::string> filters, excludes;  // globs by which cases were chosen
  std::string started;                   // ISO 8601, UTC
  Time duration{0};
  std::optional<std::string> log_verdict;  // verify only
  std::optional<Time> link_latency;      // measured or given, added to documented times
  std::string diagnosis;                 // what is wrong as a whole (diagnosis.h); mostly empty
  std::optional<ShardOf> shard;          // absent: it is the whole
  bool interrupted = false;              // somebody ended the run before its last case
  bool partial = false;                  // the run was killed: what it had written until then
  bool bounded = false;                  // cases were not played for --max-duration, --max-publishes
  bool fail_on_deviation = false;        // cases fail for deviations, too
  bool fail_on_flaky = false;            // a case that passed only on a retry fails the run
  std::vector<Outcome> outcomes;
  Coverage coverage;
  std::vector<ReviewRow> review;
  std::vector<SettingRow> settings;
  std::vector<std::string> errata_met;
  struct Summary {
    std::size_t none = 0, pass = 0, inconc = 0, fail = 0, error = 0, deviations = 0, skipped = 0;
    std::size_t host = 0;  // findings against the host
    std::size_t went = 0;  // cases in which the device went away, or hung
    std::size_t flaky = 0;  // cases that passed only on a retry
    bool operator==(const Summary&) const = default;
  } summary;
  bool operator==(const Report&) const = default;
};

// Counts the outcomes into `summary`: each by its verdict, and skipped ones once more as skipped.
// Deviations are findings, not cases.
void Summarise(Report& report);

// One report of several parts of a run, or of what ran side by side: the outcomes one after another,
// their coverage added up, and what the reports do not agree on joined by ", ", in their order:
// dialects, models, documents, hashes of specs. Of several dialects, what is covered stands behind
// the dialect's id ("quectel-bg96 3.2.2"). Shards that are all there are the whole again.
Report Merge(std::vector<Report> reports);

// Passes, but only when it was tried again.
bool Flaky(const Outcome& outcome);

// A failure that the baseline lists. Without a baseline there is none, whatever `expected` says.
bool KnownFailure(const Report& report, const Outcome& outcome);

// A pass of a case that the baseline lists as failing.
bool UnexpectedPass(const Outcome& outcome);

// 4 error, 1 fail, 3 inconclusive, 0 pass (design, section 4). Known failures do not count,
// unexpected passes do, and so do cases that the baseline misses, less coverage than was asked for,
// and flaky cases if that was asked for. A report in which nothing ran is an error, unless it is one
// shard of a run that has cases elsewhere. One that a bound has kept from playing some, or of a run
// that was killed, is inconclusive at best.
int ExitStatus(const Report& report);

}  // namespace assay::report

#endif  // REPORTS_RESULT_H_
