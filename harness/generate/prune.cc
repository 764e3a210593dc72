// Leaves out the cases without which nothing is lost.
#include <algorithm>
#include <array>
#include <memory>
#include <set>
#include <utility>

#include "devices/emulator_device.h"
#include "harness/generate/drafts.h"
#include "harness/generate/needed.h"
#include "harness/run.h"

namespace assay::harness {
namespace {

// Counts what is sent to the modem.
class Counted final : public device::Device {
 public:
  Counted(std::unique_ptr<device::Device> device, std::size_t& sends)
      : device_(std::move(device)), sends_(sends) {}
  device::WriteResult Write(std::string_view bytes, Time deadline) override {
    ++sends_;
    return device_->Write(bytes, deadline);
  }
  device::ReadResult Read(std::span<char> buffer, Time deadline) override {
    return device_->Read(buffer, deadline);
  }
  bool Do(transcript::BenchAct act) override {
    ++sends_;
    return device_->Do(act);
  }
  bool Fresh() const override { return device_->Fresh(); }
  Time Now() override { return device_->Now(); }
  std::string Address() const override { return device_->Address(); }

 private:
  const std::unique_ptr<device::Device> device_;
  std::size_t& sends_;
};

// Which to keep of two that show the same: the one whose purpose says most of what it is about.
std::size_t Plainness(const GeneratedCase& one) {
  constexpr std::array<std::string_view, 11> kPlainer = {
      "walk",    "answer",    "transition", "state", "aftermath", "message",
      "clients", "read-back", "data",       "form",  "syntax"};
  const auto at = std::find(kPlainer.begin(), kPlainer.end(), one.kind);
  return static_cast<std::size_t>(at - kPlainer.begin());
}

}  // namespace

Shown ShownOn(const std::shared_ptr<const dialect::Grammar>& grammar,
              const transcript::Plan& plan) {
  std::size_t sends = 0;
  Taken taken;
  EmulatorSetup setup;
  setup.grammar = grammar;
  setup.tolerant = true;
  setup.watch = [&](const spec::Transition& transition) {
    taken.emplace_back(sends, &transition);
  };
  const auto open = [&] {
    device::OpenResult opened;
    opened.device = std::make_unique<Counted>(MakeEmulatorDevice(setup, "emulator"), sends);
    return opened;
  };
  const CaseResult result =
      Runner(Bench{.grammar = *grammar, .open = open, .tolerant = true}).Run(plan);
  return ShownBy(plan, result, taken, *grammar);
}

void DropNotNeeded(const std::shared_ptr<const dialect::Grammar>& grammar,
                   GeneratedSuite& suite) {
  std::vector<std::pair<std::size_t, Shown>> cases;
  for (const GeneratedCase& one : suite.cases)
    cases.emplace_back(Plainness(one), ShownOn(grammar, PlanOf(one, *grammar)));
  std::sort(cases.begin(), cases.end(), [](const auto& a, const auto& b) {
    if (a.first != b.first) return a.first < b.first;
    // What a short one shows as well, the short one shows more plainly.
    if (a.second.what.size() != b.second.what.size())
      return a.second.what.size() > b.second.what.size();
    return a.second.id < b.second.id;
  });
  std::vector<Shown> shown;
  for (auto& [plainness, one] : cases) shown.push_back(std::move(one));
  const std::vector<std::string> list = NotNeeded(shown);
  const std::set<std::string> gone(list.begin(), list.end());
  std::erase_if(suite.cases, [&](const GeneratedCase& one) { return gone.contains(one.id); });
}

}  // namespace assay::harness
