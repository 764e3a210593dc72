// Live execution: plays a plan against a device and says what came of it.
//
//   Bench bench{.grammar = grammar, .open = [&] { return device::OpenDevice(url, 5s); }, ...};
//   Runner runner(bench);
//   report::Outcome outcome = runner.Run(plan);
//
// The only stage with I/O: one loop per exchange. A device that vanishes, hangs, floods or answers
// garbage ends its case with a reason of its own and a recording, never the run.
#ifndef HARNESS_RUN_H_
#define HARNESS_RUN_H_

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "devices/device.h"
#include "harness/bench_command.h"
#include "harness/care.h"
#include "harness/judge.h"
#include "harness/settings.h"
#include "harness/set_up.h"
#include "reports/result.h"
#include "transcripts/plan.h"
#include "transcripts/recording.h"

namespace assay::harness {

// What a busy machine and a serial line may add to a documented time where time is real.
inline constexpr Time kRealTolerance{100'000};

// What a transcript says in `requires` if a modem with a past would tell something else.
inline constexpr std::string_view kFreshModem = "fresh modem";

// ... or if it needs a gateway that stays silent, or says no.
inline constexpr std::string_view kMisbehavingGateway = "misbehaving gateway";

struct Bench {
  const dialect::Grammar& grammar;
  std::function<device::OpenResult()> open;
  bool tolerant = true;
  bool fail_on_deviation = false;
  Time tolerance{0};    // added to documented times: scheduling and the link
  std::string repro{};  // of `assay run ...`, the case's name follows
  // Asked while a case waits, several times a second: is the run to end now? Then the case is not
  // judged any more, and only cleaned up.
  std::function<bool()> stop{};
  // Switches the modem's power off and on; absent: the bench cannot.
  std::function<BenchResult()> power{};
  Time boot{30'000'000};  // how long the modem may need to answer after that
  // What a case asks the bench to do (`bench network.off`); nothing: no program of the bench does
  // it. `interruptible`: an interrupted run does not wait for its end.
  std::function<std::optional<BenchResult>(transcript::BenchAct, bool interruptible)> act{};
  // Measure how long the link takes, once, and add it to the tolerance.
  bool measure_link = false;
  // Where the broker's side is looked at, too; null: nowhere.
  std::shared_ptr<const Observation> observation{};
  // Of what can wear, cost or lock a module, that which may be sent; absent: all, for it is emulated.
  std::optional<Allowed> allowed{};
  std::shared_ptr<Bounds> bounds{};  // null: none
  // So long a device that went away, or restarts, is waited for before the next case.
  Time replug{0};
  // Of a device that does not answer, whatever was tried: why, if it can be found out while it is
  // not open ("answers at 9600 baud, not at 115200: ..."); else empty.
  std::function<std::string()> why_silent{};
  // Command lines whose settings are to be as they were when the run is over.
  std::vector<std::string> touched{};
  // Ask the modem who it is, before the first case.
  bool identify = false;
};

struct CaseResult {
  report::Outcome outcome;
  transcript::Transcript recording;
  dialect::Seen seen;  // of the spec, for coverage
  std::size_t bytes_received = 0;
  bool interrupted = false;
  bool bounded = false;  // not played, or not to its end, for the run had a bound
  std::optional<std::size_t> set_up_failed;  // in this exchange
  bool set_up_came = false;                  // the whole set-up
};

class Runner {
 public:
  explicit Runner(Bench bench);
  ~Runner();  // as PutBack
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  CaseResult Run(const transcript::Plan& plan);
  // The case was played before this runner began: what it says of set-ups counts.
  void Remember(const transcript::Plan& plan, const CaseResult& result);
  // True if nothing ever came back: the first thing to say of such a run.
  bool Silent() const { return cases_ > 0 && total_received_ == 0; }
  // The device is gone for good; further cases cannot run. Says why; empty: it is not.
  const std::string& Lost() const { return lost_; }
  // The last reason that was found for a device that does not answer; empty: none.
  const std::string& WhySilent() const { return why_silent_; }
  // After the last case, also of a run that was interrupted: the settings that the cases may have
  // changed are what they were before the first, as far as they can be read and written.
  std::vector<report::SettingRow> PutBack();
  // What the link takes for a command and its answer, if it was measured.
  std::optional<Time> LinkLatency() const { return link_latency_; }
  // What the modem told of itself, if it was asked: Report::identity.
  const std::map<std::string, std::string>& Identity() const { return identity_; }

 private:
  struct Case;
  bool Open(Case& run);
  bool LeaveOut(const transcript::Plan& plan, CaseResult& result);
  bool ToStop() const;
  // run_settings.cc
  struct Kept {
    Setting setting;
    SettingValues before;
    std::string answer;  // to its reader
  };
  Case Aside() const;
  bool TellsByEcho(const Setting& setting) const;
  SettingValues Read(Case& run, const Setting& setting, std::string* answer);
  void ReadSettings();
  report::SettingRow PutBack(Case& run, const Kept& kept);
  // run_identity.cc
  void ReadIdentity();
  void IdentifyAside();
  // run_recover.cc
  void Recover(Case& run);
  bool Awaken(Case& run);
  bool Answers(Case& run);
  bool Escapes(Case& run);
  bool Reopen(Case& run);
  bool ReopenWithin(Case& run, Time time);
  bool PowerCycle(Case& run);
  bool ComesBack(Case& run);
  bool KnowsWhySilent();
  device::OpenResult OpenAgain(Case& run);
  void PutToRest(Case& run);
  void MeasureLink(Case& run, dialect::Tracker::Start start);
  bool Hangs(Case& run);
  void StartJudge(Case& run, dialect::Tracker::Start start);

  void PlayAll(Case& run);
  void Play(Case& run, const transcript::Exchange& exchange);
  void KeepMargins(std::size_t record);
  void CheckSetUp(Case& run, std::size_t exchange, std::size_t first_finding);
  bool SendOf(Case& run, const transcript::Exchange& exchange);
  bool Act(Case& run, transcript::BenchAct act, std::string& told);
  void GiveBack(Case& run);
  void Await(Case& run, const transcript::Exchange& exchange);
  bool ReadOnce(Case& run, Time deadline);
  void Write(Case& run, std::string_view bytes);
  void Settle(Case& run);
  void AwaitPackets(Case& run);
  void Command(Case& run, const std::string& line, Time limit);
  void Cancel(Case& run);
  void Conclude(Case& run);
  void ConcludeInterrupted(Case& run);
  void ConcludeUnplayed(Case& run, const SetUps::Failure& failure);

  Bench bench_;
  std::unique_ptr<device::Device> device_;
  std::unique_ptr<Judge> judge_;
  SetUps set_ups_;
  std::vector<Kept> kept_;  // settings as they were
  bool settings_read_ = false, identified_ = false;
  std::map<std::string, std::string> identity_;
  std::size_t cases_ = 0, total_received_ = 0, failed_opens_ = 0, failed_recoveries_ = 0;
  bool hangs_ = false;  // it did not answer any more when the last case ended
  bool answered_ = false;  // it has answered some time
  bool gone_ = false;      // its line ended
  std::string lost_, why_silent_;
  std::optional<Time> link_latency_;
  std::vector<Wait> waits_;  // of the exchange that is played
  std::set<transcript::BenchAct> to_do_;  // what gives back that which the bench has taken away
};

// The verdict that findings, endings and the option --fail-on add up to.
report::Verdict VerdictOf(const std::vector<report::Finding>& findings, bool fail_on_deviation);

}  // namespace assay::harness

#endif  // HARNESS_RUN_H_
