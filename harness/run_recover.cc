// Puts a modem back to where a case may start: awake, its machines at rest. What does not answer
// gets an escape, Ctrl-Z, another opening of its line and, if the bench can, its power switched.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>

#include "harness/run_case.h"

namespace assay::harness {
namespace {

using device::Ending;
using std::chrono::steady_clock;

constexpr Time kBetweenOpens{250'000};
// What opens sooner was there all the time.
constexpr std::chrono::milliseconds kNoticed{500};
constexpr std::size_t kRoundTrips = 5;
// So many cases in a row may end in vain attempts to wake the device.
constexpr std::size_t kMostFailedRecoveries = 2;

std::string Seconds(steady_clock::duration time) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f s", std::chrono::duration<double>(time).count());
  return text;
}

}  // namespace

void Runner::StartJudge(Case& run, dialect::Tracker::Start start) {
  JudgeOptions options;
  options.tolerant = bench_.tolerant;
  options.file = run.plan.file;
  options.tolerance = bench_.tolerance;
  options.start = start;
  options.observation = bench_.observation;
  judge_ = std::make_unique<Judge>(bench_.grammar, options);
}

// Does it answer the plainest of commands, in whatever way?
bool Runner::Answers(Case& run) {
  if (device_ == nullptr || run.ending != Ending::kNone) return false;
  Command(run, "AT", kPatience);
  const bool answered = judge_->oracle().Waiting() == nullptr;
  // Whatever else it lacks, it is not this answer that is held against it.
  judge_->oracle().ForgetFinal();
  return answered;
}

// Perhaps it waits for data.
bool Runner::Escapes(Case& run) {
  struct Way {
    std::string_view name, bytes;
  };
  for (const Way& way : {Way{"escape", "\x1B"}, Way{"Ctrl-Z", "\x1A\r"}}) {
    if (run.ending != Ending::kNone) return false;
    run.recorder.SentRaw(std::string(way.bytes), device_->Now() - run.started);
    Write(run, way.bytes);
    const bool answers = Answers(run);
    run.result.outcome.recovery.push_back(std::string(way.name) +
                                          (answers ? ": answers" : ": no answer"));
    if (answers) return true;
  }
  if (device_ == nullptr || run.ending != Ending::kNone || !device_->Break()) return false;
  const bool answers = Answers(run);
  run.result.outcome.recovery.push_back(answers ? "break: answers" : "break: no answer");
  return answers;
}

bool Runner::Reopen(Case& run) {
  const Time since = device_ != nullptr ? device_->Now() - run.started : Time{0};
  device_.reset();
  device::OpenResult opened = bench_.open();
  if (opened.device == nullptr) {
    run.result.outcome.recovery.push_back("opened again: " + opened.error);
    return false;
  }
  device_ = std::move(opened.device);
  run.started = device_->Now() - since;
  run.ending = Ending::kNone;
  run.ending_detail.clear();
  // What it was in the midst of is not known any more.
  StartJudge(run, dialect::Tracker::Start::kUnknown);
  const bool answers = Answers(run);
  run.result.outcome.recovery.push_back(answers ? "opened again: answers"
                                                : "opened again: no answer");
  return answers;
}

// Again and again; of the attempts, the last one is told.
bool Runner::ReopenWithin(Case& run, Time time) {
  std::vector<std::string>& told = run.result.outcome.recovery;
  const std::size_t before = told.size();
  const auto until = steady_clock::now() + time;
  while (true) {
    told.resize(before);
    if (Reopen(run)) return true;
    if (steady_clock::now() >= until || ToStop()) return false;
    if (device_ == nullptr || run.ending != Ending::kNone)
      std::this_thread::sleep_for(kBetweenOpens);
  }
}

bool Runner::PowerCycle(Case& run) {
  if (!bench_.power) return false;
  std::vector<std::string>& told = run.result.outcome.recovery;
  const BenchResult result = bench_.power();
  told.push_back("bench.power: " + result.told);
  return result.ok && ReopenWithin(run, bench_.boot);
}

// Looks for the reason, for which the port must not be open.
bool Runner::KnowsWhySilent() {
  if (!bench_.why_silent) return false;
  device_.reset();
  why_silent_ = bench_.why_silent();
  return !why_silent_.empty();
}

// It has answered before: perhaps it restarts by itself, or somebody puts the plug back.
bool Runner::ComesBack(Case& run) {
  if (!answered_ || bench_.power || bench_.replug <= Time{0}) return false;
  const auto since = steady_clock::now();
  run.result.outcome.recovery.pop_back();  // the first of these attempts
  const bool back = ReopenWithin(run, bench_.replug);
  run.result.outcome.recovery.back() += " after " + Seconds(steady_clock::now() - since);
  return back;
}

// A port that went away may come back: it was pulled out, or the module restarts.
device::OpenResult Runner::OpenAgain(Case& run) {
  const auto since = steady_clock::now();
  for (bool first = true;; first = false) {
    device::OpenResult opened = bench_.open();
    const auto gone = steady_clock::now() - since;
    if (opened.device != nullptr) {
      gone_ = false;
      if (!first || gone > kNoticed)
        run.result.outcome.recovery.push_back("the port came back after " + Seconds(gone));
      return opened;
    }
    if (gone >= bench_.replug || opened.usage || ToStop()) {
      if (bench_.replug > Time{0})
        lost_ = "the device went away and did not come back within " +
                Seconds(bench_.replug) + ": " + opened.error;
      return opened;
    }
    std::this_thread::sleep_for(kBetweenOpens);
  }
}

// True once it answers.
bool Runner::Awaken(Case& run) {
  std::vector<std::string>& told = run.result.outcome.recovery;
  if (Answers(run)) {
    answered_ = true;
    return true;
  }
  const bool gone = run.ending != Ending::kNone;
  if (gone && !bench_.power && (!answered_ || bench_.replug <= Time{0})) return false;
  if (gone) run.result.outcome.went = device::Name(run.ending);
  told.push_back(gone ? "AT: the device " + std::string(device::Name(run.ending))
                      : "AT: no answer");
  if (Escapes(run) || Reopen(run) || PowerCycle(run) ||
      (!KnowsWhySilent() && ComesBack(run))) {
    answered_ = true;
    failed_recoveries_ = 0;
    hangs_ = false;
    return true;
  }
  run.trouble = "the device does not answer AT; tried:";
  for (const std::string& step : told) *run.trouble += (&step == &told[0] ? " " : "; ") + step;
  if (!why_silent_.empty()) *run.trouble += ". It " + why_silent_;
  if (++failed_recoveries_ >= kMostFailedRecoveries)
    lost_ = "the device does not answer any more, whatever was tried";
  return false;
}

void Runner::Recover(Case& run) {
  if (!Awaken(run)) return;
  MeasureLink(run, dialect::Tracker::Start::kUnknown);
  ReadIdentity();
  // Before anything of it is changed.
  ReadSettings();
  PutToRest(run);
}

// The plainest command, several times: half of them were answered sooner, half later.
void Runner::MeasureLink(Case& run, dialect::Tracker::Start start) {
  if (!bench_.measure_link || link_latency_) return;
  std::vector<Time> took;
  for (std::size_t i = 0; i < kRoundTrips && run.ending == Ending::kNone; ++i) {
    const Time before = device_->Now();
    if (Answers(run)) took.push_back(device_->Now() - before);
  }
  if (took.empty()) return;
  std::nth_element(took.begin(), took.begin() + static_cast<std::ptrdiff_t>(took.size() / 2),
                   took.end());
  link_latency_ = took[took.size() / 2];
  bench_.tolerance += *link_latency_;
  StartJudge(run, start);
}

void Runner::PutToRest(Case& run) {
  for (const spec::ResetStep& step : bench_.grammar.dialect().reset) {
    const spec::Machine* machine = bench_.grammar.dialect().FindMachine(step.machine);
    if (machine == nullptr) {
      Command(run, step.send, kPatience);
      continue;
    }
    for (std::int64_t index = machine->first; index <= machine->last; ++index) {
      if (judge_->oracle().tracker().Surely(machine->id, index, step.unless)) continue;
      std::string line = step.send;
      const std::string name = "<" + machine->index + ">";
      if (const std::size_t at = line.find(name); at != std::string::npos)
        line.replace(at, name.size(), std::to_string(index));
      Command(run, line, kPatience);
      // Refused: it was at rest already, which is all that is wanted.
      judge_->oracle().tracker().Believe(machine->id, index, step.unless);
      if (run.ending != Ending::kNone) return;
    }
  }
  judge_->oracle().ForgetAll();
  judge_->NewCase(run.plan.file);
}

// Nothing at all came back in an exchange in which something had to: is that this command's fault,
// or is the device dead? Then what is left of the case would only be waited for in vain.
bool Runner::Hangs(Case& run) {
  if (run.Over()) return false;
  const std::size_t before = run.result.outcome.recovery.size();
  run.hangs = !Answers(run) && !Escapes(run) && run.ending == Ending::kNone;
  // These steps belong to what went wrong; the report has them with the bytes.
  run.result.outcome.recovery.resize(before);
  return run.hangs;
}

}  // namespace assay::harness
