#include "harness/show_progress.h"

#include <iostream>

#include "harness/output.h"

namespace assay::harness {
namespace {

std::vector<AwaitedCase> Awaited(const std::vector<Suite>& suites, bool real_time) {
  std::vector<AwaitedCase> out;
  for (const Suite& suite : suites) {
    for (const transcript::Plan& plan : suite.selection.plans)
      out.push_back({plan.id, real_time ? plan.waits : Time{0}, plan.skip.has_value()});
  }
  return out;
}

}  // namespace

ShownProgress::ShownProgress(const std::vector<Suite>& suites, ProgressOptions options,
                             bool real_time)
    : progress_(Awaited(suites, real_time), options), start_(std::chrono::steady_clock::now()) {}

Watcher ShownProgress::watcher() {
  return [this](const report::Outcome& outcome, std::size_t, std::size_t) {
    const auto now = std::chrono::duration_cast<Time>(std::chrono::steady_clock::now() - start_);
    // Asked for each time: a window may be made wider or narrower.
    if (const std::string text = progress_.Add(outcome, now, Terminal(2)); !text.empty())
      std::cerr << text << std::flush;
  };
}

void ShownProgress::Finish() { std::cerr << progress_.Finish() << std::flush; }

}  // namespace assay::harness
