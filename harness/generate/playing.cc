#include <algorithm>

#include "devices/emulator_device.h"
#include "harness/device_url.h"
#include "harness/generate/drafts.h"
#include "harness/run.h"

namespace assay::harness {

transcript::Plan PlanOf(const GeneratedCase& one, const dialect::Grammar& grammar) {
  const auto parsed = transcript::Parse(one.id, transcript::Print(one.transcript));
  if (!parsed.transcript) return {};
  transcript::Plan plan = transcript::MakePlan(*parsed.transcript, grammar, {}).plan;
  plan.id = one.id;
  return plan;
}

std::optional<Transitions> Played(const std::shared_ptr<const dialect::Grammar>& grammar,
                                  const transcript::Plan& plan) {
  Transitions taken;
  for (const bool tolerant : {false, true}) {
    taken.clear();
    EmulatorSetup setup;
    setup.grammar = grammar;
    setup.tolerant = tolerant;
    setup.watch = [&](const spec::Transition& transition) { taken.push_back(&transition); };
    Bench bench{*grammar, [&] {
                  device::OpenResult opened;
                  opened.device = MakeEmulatorDevice(setup, "emulator");
                  return opened;
                }};
    bench.tolerant = tolerant;
    const report::Outcome outcome = Runner(bench).Run(plan).outcome;
    const bool told = std::any_of(
        outcome.findings.begin(), outcome.findings.end(),
        [](const report::Finding& finding) { return finding.severity != report::Severity::kInfo; });
    if (outcome.verdict != report::Verdict::kPass || told) return std::nullopt;
  }
  return taken;
}

}  // namespace assay::harness
