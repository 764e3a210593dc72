// Which cases need a modem without a past: found out by trying, on a modem that all settings have
// been made on and that lives on from case to case, as one on a bench does.
#include <utility>

#include "devices/emulator_device.h"
#include "harness/generate/drafts.h"
#include "harness/run.h"
#include "transcripts/plan.h"

namespace assay::harness {
namespace {

// An emulator that several runs share: for each of them a modem that was there before.
class UsedModem final : public device::Device {
 public:
  explicit UsedModem(std::shared_ptr<device::Device> device) : device_(std::move(device)) {}
  device::WriteResult Write(std::string_view bytes, Time deadline) override {
    return device_->Write(bytes, deadline);
  }
  device::ReadResult Read(std::span<char> buffer, Time deadline) override {
    return device_->Read(buffer, deadline);
  }
  Time Now() override { return device_->Now(); }
  std::string Address() const override { return device_->Address(); }

 private:
  const std::shared_ptr<device::Device> device_;
};

transcript::Plan PlanOf(const GeneratedCase& one, const dialect::Grammar& grammar) {
  const auto parsed = transcript::Parse(one.id, transcript::Print(one.transcript));
  if (!parsed.transcript) return {};
  transcript::Plan plan = transcript::MakePlan(*parsed.transcript, grammar, {}).plan;
  plan.id = one.id;
  return plan;
}

void Require(GeneratedCase& one, std::string_view what) {
  auto& header = one.transcript.header;
  for (auto& [key, value] : header) {
    if (key != "requires") continue;
    value += ", " + std::string(what);
    return;
  }
  for (auto at = header.begin(); at != header.end(); ++at) {
    if (at->first != "kind") continue;
    header.emplace(at, "requires", std::string(what));
    return;
  }
}

}  // namespace

void MarkFresh(const std::shared_ptr<const dialect::Grammar>& grammar,
               const std::vector<Draft>& drafts, GeneratedSuite& suite) {
  const CaseWriter writer(grammar);
  std::vector<std::pair<std::size_t, transcript::Plan>> left;
  for (std::size_t i = 0; i < suite.cases.size(); ++i)
    left.emplace_back(i, PlanOf(suite.cases[i], *grammar));
  // What is left has to pass together: until it does.
  for (bool again = true; again;) {
    again = false;
    EmulatorSetup setup;
    setup.grammar = grammar;
    const std::shared_ptr<device::Device> modem = MakeEmulatorDevice(setup, "emulator");
    const Bench bench{*grammar, [&] {
                        device::OpenResult opened;
                        opened.device = std::make_unique<UsedModem>(modem);
                        return opened;
                      }};
    // One at a time: a set-up that fails once would soon not be tried any more.
    const auto passes = [&](const transcript::Plan& plan) {
      return Runner(bench).Run(plan).outcome.verdict == report::Verdict::kPass;
    };
    // First everything that is set and stays set.
    for (const Draft& draft : drafts) {
      if (draft.kind != "read-back") continue;
      std::string why;
      if (const auto made = writer.Write(draft, &why)) passes(PlanOf(*made, *grammar));
    }
    std::vector<std::pair<std::size_t, transcript::Plan>> kept;
    for (auto& [index, plan] : left) {
      if (passes(plan)) {
        kept.emplace_back(index, std::move(plan));
      } else {
        Require(suite.cases[index], kFreshModem);
        again = true;
      }
    }
    left = std::move(kept);
  }
}

}  // namespace assay::harness
