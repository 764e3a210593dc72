// assay record: a golden of a live session, or of a recording.
#include <iostream>

#include "harness/care.h"
#include "harness/commands.h"
#include "harness/device_url.h"
#include "harness/output.h"
#include "harness/record.h"
#include "harness/secret_options.h"
#include "harness/suite.h"

namespace assay::harness {
namespace {

constexpr Time kPatience{10'000'000};

int Deliver(Golden golden, const RecordOptions& options, const Keeping& keeping,
            const dialect::Grammar& grammar) {
  keeping.Redact(golden.transcript, &grammar);
  for (std::string& proposal : golden.proposals) proposal = keeping.Redacted(proposal, &grammar);
  const std::string text = Print(golden.transcript);
  if (const int status = harness::Deliver(text, options.out); status != kPassed) return status;
  for (const std::string& proposal : golden.proposals) std::cerr << proposal << "\n";
  if (!options.accept && !golden.proposals.empty())
    std::cerr << "nothing of it is put in: --accept does, or edit the file\n";
  return kPassed;
}

device::OpenResult Open(const RecordOptions& options, const Workplace& place) {
  if (!IsEmulatorUrl(options.device)) return device::OpenDevice(options.device, kPatience);
  device::OpenResult out;
  const auto emulator = ParseEmulatorUrl(options.device, place, &out.error);
  out.usage = !emulator;
  if (emulator) out.device = MakeEmulatorDevice(*emulator, options.device);
  return out;
}

int RecordLive(const RecordOptions& options, const transcript::Transcript& script,
               const dialect::Grammar& grammar, const Workplace& place,
               const Keeping& keeping) {
  std::string error;
  transcript::PlanOptions plan_options;
  if (!options.pixit.empty()) {
    const auto pixit = ReadPixit(options.pixit, &error);
    if (!pixit) return Usage("record", error);
    plan_options.pixit = *pixit;
    GiveValues(keeping, *pixit);
  }
  const transcript::Plan plan = transcript::MakePlan(script, grammar, plan_options).plan;
  if (plan.skip) return Usage("record", options.script + ": " + *plan.skip);
  if (!IsEmulatorUrl(options.device)) {
    const auto allowed = ParseAllowed(options.allow, &error);
    if (!allowed) return Usage("record", error);
    if (const std::string why = NotAllowed(plan, grammar, *allowed); !why.empty())
      return Usage("record", options.script + ": " + why);
  }
  std::vector<Heard> runs;
  std::unique_ptr<device::Device> device;
  for (std::size_t i = 0; i < options.times; ++i) {
    if (device == nullptr || device->Fresh()) {
      device.reset();
      device::OpenResult opened = Open(options, place);
      if (opened.device == nullptr)
        return opened.usage ? Usage("record", opened.error) : Broken("record", opened.error);
      device = std::move(opened.device);
    }
    runs.push_back(Hear(plan, grammar, *device));
    if (!runs.back().error.empty()) return Broken("record", "the device: " + runs.back().error);
  }
  return Deliver(ProposeGolden(script, runs, grammar, {options.accept}), options, keeping,
                 grammar);
}

}  // namespace

int RecordCommand(const RecordOptions& options) {
  const Keeping keeping = MakeKeeping(options.common);
  if (!keeping.error.empty()) return Usage("record", keeping.error);
  const Workplace place({options.common.spec_folders, options.common.overlays});
  const Loaded loaded = place.Load(options.common.dialect, options.common.model);
  std::cerr << loaded.error;
  if (loaded.grammar == nullptr) return kUsage;
  const std::string& path = options.from.empty() ? options.script : options.from;
  if (path.empty() || (!options.from.empty() && (!options.script.empty() || !options.device.empty())))
    return Usage("record", "a script and --device, or --from RECORDING");
  if (options.from.empty() && options.device.empty()) return Usage("record", "--device URL is missing");
  std::string error;
  const auto text = ReadFile(path, &error);
  if (!text) return Usage("record", error);
  if (!options.out.empty()) {
    if (const std::string failed = CannotWrite(options.out); !failed.empty())
      return Usage("record", failed);
  }
  const transcript::ParseResult parsed = transcript::Parse(path, *text);
  std::cerr << spec::Print(parsed.diagnostics);
  if (!parsed.transcript) return kUsage;
  if (parsed.transcript->Header("dialect") != loaded.grammar->dialect().id)
    return Usage("record", path + ": is for dialect " +
                               std::string(parsed.transcript->Header("dialect")));
  if (options.from.empty()) return RecordLive(options, *parsed.transcript, *loaded.grammar, place, keeping);
  Heard heard;
  const transcript::Transcript script = ScriptOf(*parsed.transcript, *loaded.grammar, &heard);
  return Deliver(ProposeGolden(script, {heard}, *loaded.grammar, {options.accept}), options, keeping,
                 *loaded.grammar);
}

}  // namespace assay::harness
