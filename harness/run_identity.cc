// Who the modem says it is, asked once, before the first case.
#include "harness/identity.h"
#include "harness/run_case.h"

namespace assay::harness {

// Of a module that is awake. What does not answer one question is not asked another.
void Runner::ReadIdentity() {
  if (!bench_.identify || identified_ || device_ == nullptr) return;
  identified_ = true;
  Case run = Aside();
  run.started = device_->Now();
  for (const Identifier& ask : Identifiers(bench_.grammar)) {
    Command(run, ask.line, kPatience);
    if (run.ending != device::Ending::kNone || judge_->records().empty()) break;
    if (judge_->oracle().Waiting() != nullptr) break;
    std::string told = ToldBy(ask, judge_->records().back().received);
    if (!told.empty()) identity_[ask.what] = std::move(told);
  }
  judge_->oracle().ForgetAll();
}

// What begins anew with each case is asked aside, so that the first case finds it as the others do.
void Runner::IdentifyAside() {
  if (!bench_.identify || identified_) return;
  identified_ = true;
  Runner aside(bench_);
  aside.device_ = aside.bench_.open().device;
  if (aside.device_ == nullptr) return;
  Case run = aside.Aside();
  aside.StartJudge(run, dialect::Tracker::Start::kInitial);
  aside.ReadIdentity();
  identity_ = aside.identity_;
}

}  // namespace assay::harness
