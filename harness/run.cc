#include "harness/run.h"

#include <algorithm>
#include <array>
#include <set>

#include "harness/run_case.h"

namespace assay::harness {
namespace {

// So long the result of a command of the harness itself is waited for, however long it may take.
constexpr Time kLongestResult{10'000'000};

using device::Ending;
using transcript::BenchAct;
using transcript::DataEnding;
using transcript::Exchange;

// More than any documented answer; what sends more does not answer.
constexpr std::size_t kFlood = std::size_t{1} << 20;
// Between the bytes of a line, on a slow wire too.
constexpr Time kRestOfLine{50'000};
// How long nobody asks whether the run is to end.
constexpr Time kStopSlice{100'000};

}  // namespace

report::Verdict VerdictOf(const std::vector<report::Finding>& findings, bool fail_on_deviation) {
  report::Verdict verdict = report::Verdict::kPass;
  for (const report::Finding& finding : findings) {
    const bool fails = finding.severity == report::Severity::kViolation ||
                       (fail_on_deviation && finding.severity == report::Severity::kDeviation);
    if (fails) verdict = report::Worse(verdict, report::Verdict::kFail);
  }
  return verdict;
}

Runner::Runner(Bench bench) : bench_(std::move(bench)) {}

bool Runner::ToStop() const {
  return (bench_.stop && bench_.stop()) || (bench_.bounds != nullptr && bench_.bounds->Over());
}

// What must not be played on this device, or not any more. The cases were chosen so; nothing that
// plays them again, to make them shorter say, gets around it.
bool Runner::LeaveOut(const transcript::Plan& plan, CaseResult& result) {
  std::string reason = plan.skip.value_or("");
  if (reason.empty() && bench_.allowed) reason = NotAllowed(plan, bench_.grammar, *bench_.allowed);
  if (reason.empty() && bench_.bounds != nullptr) {
    reason = bench_.bounds->Refuses(PublishesOf(plan, bench_.grammar));
    result.bounded = !reason.empty();
  }
  if (reason.empty()) return false;
  result.outcome.skipped = true;
  result.outcome.verdict = report::Verdict::kNone;
  result.outcome.reason = std::move(reason);
  return true;
}

bool Runner::Open(Case& run) {
  if (device_ != nullptr && device_->Fresh()) device_.reset();
  if (device_ == nullptr) {
    judge_.reset();
    device::OpenResult opened = gone_ ? OpenAgain(run) : bench_.open();
    if (opened.device == nullptr) {
      run.trouble = opened.error;
      if (++failed_opens_ >= 3) lost_ = "the device cannot be opened: " + opened.error;
      return false;
    }
    failed_opens_ = 0;
    device_ = std::move(opened.device);
  }
  const bool fresh = device_->Fresh();
  if (judge_ == nullptr) {
    StartJudge(run, fresh ? dialect::Tracker::Start::kInitial : dialect::Tracker::Start::kUnknown);
  } else {
    judge_->NewCase(run.plan.file);
  }
  run.started = device_->Now();
  if (fresh) IdentifyAside();
  if (fresh) MeasureLink(run, dialect::Tracker::Start::kInitial);
  if (!fresh) {
    Recover(run);
  } else if (hangs_ && bench_.power && Awaken(run)) {
    judge_->NewCase(run.plan.file);
  }
  return run.ending == Ending::kNone && !run.trouble;
}

void Runner::Write(Case& run, std::string_view bytes) {
  const device::WriteResult written = device_->Write(bytes, device_->Now() + Time{5'000'000});
  if (written.ending != Ending::kNone && run.ending == Ending::kNone) {
    run.ending = written.ending;
    run.ending_detail = written.detail;
  }
}

// Reads once; true if bytes came.
bool Runner::ReadOnce(Case& run, Time deadline) {
  std::array<char, 4096> buffer;
  if (bench_.stop || bench_.bounds != nullptr) {
    deadline = std::min(deadline, device_->Now() + kStopSlice);
    run.stopped = run.stopped || (!run.cleaning && ToStop());
  }
  const device::ReadResult got = device_->Read(buffer, deadline);
  const Time now = device_->Now();
  if (got.bytes > 0) {
    const std::string_view bytes(buffer.data(), got.bytes);
    run.recorder.Received(bytes, now - run.started);
    judge_->Received(bytes, now - run.started);
    run.received += got.bytes;
    total_received_ += got.bytes;
    run.result.bytes_received += got.bytes;
    if (run.received > kFlood) run.flooded = true;
  }
  if (got.ending != Ending::kNone && run.ending == Ending::kNone) {
    run.ending = got.ending;
    run.ending_detail = got.detail;
  }
  return got.bytes > 0;
}

// What is there already belongs to what was sent before, and so does the rest of a line of which
// only the beginning is there: the modem is about to say it.
void Runner::Settle(Case& run) {
  while (run.ending == Ending::kNone && !run.flooded) {
    const bool begun = judge_->reader().Buffered() > 0 && !judge_->DataPossible();
    if (!ReadOnce(run, device_->Now() + (begun ? kRestOfLine : Time{0}))) return;
  }
}

// What the modem has told the broker may be seen there later than it says so.
void Runner::AwaitPackets(Case& run) {
  constexpr Time kSlice{20'000};
  if (bench_.observation == nullptr) return;
  const Time until = device_->Now() + bench_.observation->patience;
  while (run.ending == Ending::kNone && !run.flooded && device_->Now() < until &&
         judge_->SeenAtBroker().missing > 0)
    ReadOnce(run, device_->Now() + kSlice);
}

// A command of the harness itself: waits for its final code and what it owes.
void Runner::Command(Case& run, const std::string& line, Time limit) {
  Settle(run);
  judge_->Begin(nullptr, nullptr);
  const std::string& end = bench_.grammar.dialect().framing.command_end;
  run.recorder.SentCommand(line, end, device_->Now() - run.started, end);
  Write(run, line + end);
  judge_->SentCommand(line, end, device_->Now() - run.started, 0);
  const Time sent = device_->Now();
  Time deadline = sent + limit;
  // What earlier commands owe is not waited for.
  const Oracle& oracle = judge_->oracle();
  const std::size_t owed = oracle.owed();
  while (run.ending == Ending::kNone && !run.flooded &&
         (oracle.Waiting() != nullptr || oracle.owed() > owed)) {
    // A result that comes later would be taken for the next case's.
    if (oracle.Waiting() == nullptr) {
      deadline = std::max(deadline, sent + limit + std::min(oracle.OwedLimit().value_or(Time{0}),
                                                            kLongestResult));
    }
    if (!ReadOnce(run, deadline) && device_->Now() >= deadline) break;
  }
  // What came with the answer belongs to it, in however many reads it is delivered.
  Settle(run);
}

void Runner::Cancel(Case& run) {
  const spec::Form* form = judge_->oracle().LastForm();
  if (form == nullptr || !form->data || !form->data->cancel) return;
  const std::string bytes(1, *form->data->cancel);
  run.recorder.SentRaw(bytes, device_->Now() - run.started);
  Write(run, bytes);
  const Time deadline = device_->Now() + kPatience;
  const std::size_t before = run.received;
  while (run.ending == Ending::kNone && run.received == before) {
    if (!ReadOnce(run, deadline) && device_->Now() >= deadline) break;
  }
}

// Carries out what a program of the bench does, or what stands behind the device. False: it failed,
// and the case is in trouble.
bool Runner::Act(Case& run, BenchAct act, std::string& told) {
  const std::string name = "bench." + std::string(transcript::Name(act));
  std::optional<BenchResult> result;
  if (bench_.act) result = bench_.act(act, !run.cleaning);
  if (!result && device_->Do(act)) result = BenchResult{true, ""};
  // The first trouble is the cause of those that follow.
  const auto trouble = [&](std::string what) {
    if (!run.trouble) run.trouble = std::move(what);
    return false;
  };
  if (!result) return trouble("the bench has no " + name);
  // Even if the program fails, it may have taken away what it is for.
  if (act == BenchAct::kNetworkOff) to_do_.insert(BenchAct::kNetworkOn);
  if (act == BenchAct::kSimOut) to_do_.insert(BenchAct::kSimIn);
  told = result->told;
  if (result->ok) {
    to_do_.erase(act);
    return true;
  }
  if (run.cleaning || !ToStop()) return trouble(name + ": " + told);
  run.stopped = true;
  return false;
}

// Nothing stays away that the bench has taken away, however the case ended.
void Runner::GiveBack(Case& run) {
  const bool cleaning = std::exchange(run.cleaning, true);
  for (const BenchAct act : std::set<BenchAct>(to_do_)) {
    const std::optional<std::string> before = std::exchange(run.trouble, std::nullopt);
    std::string told;
    if (!Act(run, act, told)) lost_ = *run.trouble;
    if (before) run.trouble = *before + (run.trouble ? "; " + *run.trouble : "");
  }
  run.cleaning = cleaning;
}

bool Runner::SendOf(Case& run, const Exchange& exchange) {
  std::string missing;
  const auto bound = transcript::Bind(exchange.line, run.captures, &missing);
  if (!bound) {
    // The line that should have been captured is missing, which has been told.
    if (judge_->finding_count() > 0) return false;
    run.trouble = "line " + std::to_string(exchange.file_line) + ": nothing was captured as ${" +
                  missing + "}";
    return false;
  }
  const std::string& end = bench_.grammar.dialect().framing.command_end;
  const Time now = device_->Now() - run.started;
  // The modem is at it while we note what it was told. Where its packets are looked at, too, these
  // must not be there before it is known what they belong to.
  const bool ahead = bench_.observation == nullptr;
  if (ahead && exchange.send == Exchange::Send::kCommand) Write(run, *bound + end);
  judge_->Begin(&exchange, &run.captures);
  switch (exchange.send) {
    case Exchange::Send::kNone:
      return true;
    case Exchange::Send::kCommand:
      run.recorder.SentCommand(*bound, end, now, end);
      judge_->SentCommand(*bound, end, now, exchange.file_line);
      if (!ahead) Write(run, *bound + end);
      return true;
    case Exchange::Send::kRaw:
      run.recorder.SentRaw(exchange.bytes, now);
      judge_->SentRaw(exchange.bytes, now, exchange.file_line);
      Write(run, exchange.bytes);
      return true;
    case Exchange::Send::kBench: {
      std::string told;
      if (!Act(run, exchange.act, told)) {
        // Nothing can come of what the bench has not done.
        judge_->Begin(nullptr, nullptr);
        return false;
      }
      const Time done = device_->Now() - run.started;
      run.recorder.BenchDid(exchange.act, done);
      judge_->BenchDid(exchange.act, told, done, exchange.file_line);
      return true;
    }
    case Exchange::Send::kData: {
      const std::string payload =
          exchange.generated > 0 ? transcript::GeneratedPayload(exchange.generated) : *bound;
      const std::string_view ending = transcript::EndingBytes(exchange.ending);
      run.recorder.SentData(payload, exchange.ending, now);
      judge_->SentData(payload, ending, now, exchange.file_line);
      Write(run, payload + std::string(ending));
      return true;
    }
  }
  return true;
}

void Runner::Await(Case& run, const Exchange& exchange) {
  while (!run.Over() && !judge_->Done()) {
    const Time deadline = judge_->Deadline() + run.started;
    if (!ReadOnce(run, deadline) && device_->Now() >= deadline)
      judge_->Timeout(device_->Now() - run.started);
  }
  if (run.Over()) return;
  if (judge_->NeedsCancel()) return Cancel(run);
  if (!exchange.quiet) return;
  judge_->Disturbed();
  const Time until = device_->Now() + *exchange.quiet;
  const std::size_t before = judge_->finding_count();
  while (!run.Over() && device_->Now() < until) {
    if (!ReadOnce(run, until) || !judge_->Disturbed()) continue;
    if (judge_->finding_count() == before) judge_->NotQuiet(*exchange.quiet, exchange.file_line);
    return;
  }
}

void Runner::Play(Case& run, const Exchange& exchange) {
  run.received = 0;
  // A data phase whose prompt did not come cannot be played; its absence has been told.
  if (exchange.send == Exchange::Send::kData && !judge_->DataPossible()) return;
  Settle(run);
  const std::size_t record = judge_->records().size();
  waits_.clear();
  judge_->oracle().NoteWaits(&waits_);
  if (SendOf(run, exchange)) Await(run, exchange);
  judge_->oracle().NoteWaits(nullptr);
  KeepMargins(record);
}

// Notes, with the exchange, how long what came took of the time that is documented for it.
void Runner::KeepMargins(std::size_t record) {
  if (waits_.empty() || record >= judge_->records().size()) return;
  for (const Wait& wait : waits_) {
    const Time documented = wait.at_most - bench_.tolerance;
    // A time that something must not come before has no margin.
    if (wait.at_most < Time{0} || !wait.came) continue;
    judge_->records()[record].margins.push_back({wait.took, documented});
  }
}

void Runner::ConcludeInterrupted(Case& run) {
  report::Outcome& outcome = run.result.outcome;
  const bool by_hand = bench_.stop && bench_.stop();
  run.result.interrupted = by_hand;
  run.result.bounded = !by_hand;
  outcome.skipped = true;
  outcome.verdict = report::Verdict::kNone;
  outcome.reason =
      by_hand ? "interrupted while it ran" : bench_.bounds->OverWords() + " while it ran";
  if (judge_ != nullptr) outcome.exchanges = std::move(judge_->records());
  if (device_ != nullptr) outcome.duration = device_->Now() - run.started;
}

void Runner::Conclude(Case& run) {
  report::Outcome& outcome = run.result.outcome;
  // One more command flushes what still stands in front of its answer, such as a line that came
  // twice; the order of the stream makes waiting unnecessary.
  if (run.ending == Ending::kNone && !run.flooded && !run.trouble && !run.hangs &&
      device_ != nullptr && judge_->any_final()) {
    if (judge_->oracle().WantsData()) Cancel(run);
    Command(run, "AT", kPatience);
    hangs_ = judge_->oracle().Waiting() != nullptr;
  }
  hangs_ = hangs_ || run.hangs;
  if (judge_ != nullptr && device_ != nullptr) {
    AwaitPackets(run);
    const Time now = device_->Now() - run.started;
    run.ending == Ending::kNone ? judge_->End(now) : judge_->Gone(now);
    outcome.findings = judge_->findings();
    outcome.observed = judge_->observed();
    for (const std::size_t index : run.excused)
      outcome.findings[index].severity = report::Severity::kInfo;
    outcome.exchanges = std::move(judge_->records());
    outcome.duration = device_->Now() - run.started;
  } else if (judge_ != nullptr) {
    outcome.exchanges = std::move(judge_->records());
  }
  if (run.plan.erratum.size() > 0 && !bench_.tolerant && !outcome.findings.empty()) {
    // The strict reading of an example that contradicts its manual yields exactly that erratum.
    report::Finding finding = outcome.findings.front();
    finding.erratum = run.plan.erratum;
    finding.severity = report::Severity::kDeviation;
    finding.fingerprint = "erratum/" + run.plan.erratum;
    finding.message = run.plan.erratum + ": " + finding.message;
    outcome.findings = {finding};
  }
  outcome.verdict = VerdictOf(outcome.findings, bench_.fail_on_deviation);
  const std::string line_notes = device_ != nullptr ? device_->LineNotes() : "";
  const auto failing = std::find_if(
      outcome.findings.begin(), outcome.findings.end(), [&](const report::Finding& finding) {
        return finding.severity == report::Severity::kViolation ||
               (bench_.fail_on_deviation && finding.severity == report::Severity::kDeviation);
      });
  if (!run.set_up_failed.empty()) {
    outcome.verdict = report::Worse(outcome.verdict, report::Verdict::kInconc);
    outcome.set_up = run.set_up_failed;
    outcome.reason = "set-up " + run.set_up_failed;
  }
  if (failing != outcome.findings.end()) {
    outcome.reason = std::string(report::Name(failing->finding_class)) + " (" + failing->clause +
                     "): " + failing->message;
  }
  if (run.hangs) {
    outcome.went = "hangs";
    outcome.reason += std::string(outcome.reason.empty() ? "" : "; ") +
                      "the device hangs: no answer to AT, escape, Ctrl-Z";
  }
  if (run.flooded) {
    outcome.verdict = report::Worse(outcome.verdict, report::Verdict::kFail);
    outcome.reason = "the device flooded the line: more than " + std::to_string(kFlood) +
                     " bytes for one command";
  } else if (run.trouble) {
    outcome.verdict = report::Verdict::kError;
    outcome.reason = *run.trouble;
  } else if (run.ending != Ending::kNone) {
    const bool ours = run.ending == Ending::kBroken;
    if (!ours) outcome.went = device::Name(run.ending);
    outcome.verdict =
        report::Worse(outcome.verdict, ours ? report::Verdict::kError : report::Verdict::kInconc);
    const std::string how = "the device " + std::string(device::Name(run.ending)) +
                            (run.ending_detail.empty() ? "" : " (" + run.ending_detail + ")");
    outcome.reason = outcome.reason.empty() ? how : outcome.reason + "; " + how;
  } else if (outcome.verdict == report::Verdict::kPass) {
    const auto deviations = std::count_if(outcome.findings.begin(), outcome.findings.end(),
                                          [](const report::Finding& finding) {
                                            return finding.severity == report::Severity::kDeviation;
                                          });
    outcome.reason = deviations == 0 ? "as expected"
                                     : std::to_string(deviations) +
                                           (deviations == 1 ? " deviation" : " deviations");
  }
  if (!line_notes.empty() && outcome.verdict != report::Verdict::kPass)
    outcome.reason += "; the line: " + line_notes;
}

// Does the purpose stand on what was set up? If not, the case says nothing of the modem.
void Runner::CheckSetUp(Case& run, std::size_t at, std::size_t first_finding) {
  const Exchange& exchange = run.plan.exchanges[at];
  const std::vector<report::Finding>& findings = judge_->findings();
  for (std::size_t i = first_finding; i < findings.size(); ++i) {
    if (!PreventsSetUp(findings[i], exchange)) continue;
    run.excused.push_back(i);
    if (run.set_up_failed.empty()) run.set_up_failed = SetUpCause(exchange, findings[i]);
  }
  if (!run.set_up_failed.empty()) {
    set_ups_.Failed(run.plan, at, run.set_up_failed);
    run.result.set_up_failed = at;
  } else if (!run.Over() && !run.trouble && at + 1 < run.plan.exchanges.size() &&
             !run.plan.exchanges[at + 1].setup) {
    set_ups_.CameAbout(run.plan);
    run.result.set_up_came = true;
  }
}

void Runner::PlayAll(Case& run) {
  for (std::size_t i = 0; i < run.plan.exchanges.size(); ++i) {
    const Exchange& exchange = run.plan.exchanges[i];
    if (run.ending != Ending::kNone || run.flooded) return;
    if ((run.trouble || run.stopped || !run.set_up_failed.empty()) && !exchange.cleanup) continue;
    if (exchange.cleanup && !std::exchange(run.cleaning, true) &&
        (run.stopped || !run.set_up_failed.empty())) {
      if (judge_->oracle().WantsData()) Cancel(run);
    }
    const std::size_t before = judge_->findings().size();
    const bool refused = run.result.seen.refused;
    Play(run, exchange);
    // What is refused on the way, or while it is cleaned up, is not what the case is about.
    if (exchange.setup || exchange.cleanup) run.result.seen.refused = refused;
    const bool mute =
        run.received == 0 && judge_->findings().size() > before &&
        (exchange.send == Exchange::Send::kCommand || exchange.send == Exchange::Send::kData);
    if (exchange.setup) CheckSetUp(run, i, before);
    if (mute && Hangs(run)) return;
  }
}

void Runner::Remember(const transcript::Plan& plan, const CaseResult& result) {
  const auto failed = [&](const report::Outcome& outcome) {
    if (!outcome.set_up.empty() && !outcome.exchanges.empty() && result.set_up_failed &&
        *result.set_up_failed < plan.exchanges.size())
      set_ups_.Failed(plan, *result.set_up_failed, outcome.set_up);
  };
  for (const report::Outcome& attempt : result.outcome.attempts) failed(attempt);
  failed(result.outcome);
  if (result.set_up_came) set_ups_.CameAbout(plan);
}

// The cause is known from cases before; it would only be met again.
void Runner::ConcludeUnplayed(Case& run, const SetUps::Failure& failure) {
  report::Outcome& outcome = run.result.outcome;
  outcome.verdict = report::Verdict::kInconc;
  outcome.set_up = failure.cause;
  outcome.reason = "set-up " + failure.cause + "; not tried again after " +
                   std::to_string(failure.times) + " cases in a row";
}

CaseResult Runner::Run(const transcript::Plan& plan) {
  Case run{.plan = plan,
           .result = {},
           .recorder = transcript::Recorder(bench_.grammar.dialect().id, ""),
           .captures = {},
           .ending_detail = {},
           .trouble = {}};
  report::Outcome& outcome = run.result.outcome;
  outcome.id = plan.id;
  outcome.title = plan.title;
  outcome.clause = plan.clause;
  outcome.purpose = plan.purpose;
  outcome.requirement = plan.requirement;
  outcome.long_wait = plan.long_wait;
  if (!bench_.repro.empty())
    outcome.repro = bench_.repro + (bench_.repro.ends_with('=') ? "'" : " --filter '") + plan.id + "'";
  if (plan.skip) {
    LeaveOut(plan, run.result);
    return std::move(run.result);
  }
  if (const SetUps::Failure* failure = set_ups_.Hopeless(plan)) {
    ConcludeUnplayed(run, *failure);
    return std::move(run.result);
  }
  if (LeaveOut(plan, run.result)) return std::move(run.result);
  ++cases_;
  const bool open = Open(run);
  if (open && !device_->Fresh() &&
      std::find(plan.needs.begin(), plan.needs.end(), kFreshModem) != plan.needs.end()) {
    outcome.skipped = true;
    outcome.verdict = report::Verdict::kNone;
    outcome.reason = "needs a fresh modem: what it tells depends on what was set before";
    return std::move(run.result);
  }
  if (open) {
    judge_->oracle().NoteSeen(&run.result.seen);
    PlayAll(run);
    GiveBack(run);
  }
  run.stopped ? ConcludeInterrupted(run) : Conclude(run);
  if (judge_ != nullptr) judge_->oracle().NoteSeen(nullptr);
  run.result.recording = run.recorder.transcript();
  if (run.ending != Ending::kNone) {
    gone_ = true;
    device_.reset();
    judge_.reset();
  }
  return std::move(run.result);
}

}  // namespace assay::harness
