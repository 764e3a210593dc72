// Which cases need a modem without a past: found out by trying, on a modem that all settings have
// been made on and that lives on from case to case, as one on a bench does.
#include <algorithm>
#include <set>
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

// The cases of `left` that do not pass on a modem on which all drafts of some kinds were played;
// they are taken out of it.
std::vector<std::size_t> Spoilt(const std::shared_ptr<const dialect::Grammar>& grammar,
                                const std::vector<Draft>& drafts,
                                const std::set<std::string>& kinds, bool backwards,
                                report::Verdict spoilt,
                                std::vector<std::pair<std::size_t, transcript::Plan>>& left) {
  EmulatorSetup setup;
  setup.grammar = grammar;
  const std::shared_ptr<device::Device> modem = MakeEmulatorDevice(setup, "emulator");
  const Bench bench{*grammar, [&] {
                      device::OpenResult opened;
                      opened.device = std::make_unique<UsedModem>(modem);
                      return opened;
                    }};
  // One at a time: a set-up that fails once would soon not be tried any more.
  const auto play = [&](const transcript::Plan& plan) {
    return Runner(bench).Run(plan).outcome.verdict;
  };
  const CaseWriter writer(grammar);
  std::vector<const Draft*> order;
  for (const Draft& draft : drafts) {
    if (kinds.contains(draft.kind)) order.push_back(&draft);
  }
  if (backwards) std::reverse(order.begin(), order.end());
  for (const Draft* draft : order) {
    std::string why;
    if (const auto made = writer.Write(*draft, &why)) play(PlanOf(*made, *grammar));
  }
  std::vector<std::pair<std::size_t, transcript::Plan>> kept;
  std::vector<std::size_t> out;
  for (auto& [index, plan] : left) {
    if (play(plan) >= spoilt) {
      out.push_back(index);
    } else {
      kept.emplace_back(index, std::move(plan));
    }
  }
  left = std::move(kept);
  return out;
}

}  // namespace

void MarkFresh(const std::shared_ptr<const dialect::Grammar>& grammar,
               const std::vector<Draft>& drafts, GeneratedSuite& suite) {
  std::vector<std::pair<std::size_t, transcript::Plan>> left;
  for (std::size_t i = 0; i < suite.cases.size(); ++i)
    left.emplace_back(i, PlanOf(suite.cases[i], *grammar));
  // What one of them leaves behind, the next may clear away: both ways.
  const auto mark = [&](const std::set<std::string>& kinds, report::Verdict spoilt) {
    bool any = false;
    for (const bool backwards : {false, true}) {
      const auto found = Spoilt(grammar, drafts, kinds, backwards, spoilt, left);
      for (const std::size_t index : found) Require(suite.cases[index], kFreshModem);
      any = any || !found.empty();
    }
    return any;
  };
  // What is left has to pass together: until it does.
  while (mark({"read-back", "form", "message"}, report::Verdict::kInconc)) {
  }
  // A transition may leave a modem where its reset does not reach: that is the bench's trouble, and
  // inconclusive; but nothing may fail.
  while (mark({"transition", "state"}, report::Verdict::kFail)) {
  }
}

}  // namespace assay::harness
