// assay faults, assay selftest: is the tester able to find what is wrong?
#include <algorithm>
#include <cctype>
#include <iostream>
#include <map>

#include "harness/commands.h"
#include "harness/device_url.h"
#include "harness/json_text.h"
#include "harness/output.h"
#include "harness/suite.h"

namespace assay::harness {
namespace {

bool Predicted(const device::Fault& fault, const report::Finding& finding) {
  return report::Name(finding.finding_class) == device::Name(fault.predicted) &&
         finding.clause == fault.clause && finding.severity == report::Severity::kViolation &&
         finding.side == report::Side::kDevice;
}

// "/qmtopen/" for faults of AT+QMTOPEN: the folder of its cases.
std::string FolderOf(const device::Fault& fault) {
  std::string out = "/";
  const std::size_t begin = fault.op.size() + 1;
  for (const char c : fault.id.substr(begin, fault.id.find('/', begin) - begin)) {
    if (c == '+') {
      out = "/";
    } else {
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  return out + "/";
}

struct Trial {
  std::vector<std::string> killed_by;
  std::string why;
};

// Every case against a modem with the fault; a kill is a finding of the predicted class and clause.
Trial Try(const device::Fault& fault, const std::vector<transcript::Plan>& plans,
          const std::shared_ptr<const dialect::Grammar>& grammar, bool tolerant, bool first_kill) {
  Trial out;
  EmulatorSetup setup;
  setup.grammar = grammar;
  setup.tolerant = tolerant;
  setup.faults = {fault};
  const Bench bench{*grammar,
                    [&] {
                      device::OpenResult opened;
                      opened.device =
                          MakeEmulatorDevice(setup, "emulator:" + grammar->dialect().id);
                      return opened;
                    },
                    tolerant,
                    false,
                    Time{0},
                    ""};
  Runner runner(bench);
  std::map<std::string, std::size_t> others;
  // The cases of the command itself are the likeliest to find it.
  std::vector<const transcript::Plan*> order;
  for (const transcript::Plan& plan : plans) {
    if (!plan.skip) order.push_back(&plan);
  }
  std::stable_partition(order.begin(), order.end(), [&](const transcript::Plan* plan) {
    return plan->id.find(FolderOf(fault)) != std::string::npos;
  });
  for (const transcript::Plan* plan : order) {
    const CaseResult result = runner.Run(*plan);
    if (result.outcome.verdict != report::Verdict::kFail) continue;
    bool hit = false;
    for (const report::Finding& finding : result.outcome.findings) {
      if (Predicted(fault, finding)) hit = true;
      if (finding.severity == report::Severity::kViolation)
        ++others[std::string(report::Name(finding.finding_class)) + " " + finding.clause];
    }
    if (hit) out.killed_by.push_back(plan->id);
    if (hit && first_kill) break;
  }
  if (!out.killed_by.empty()) {
    out.why = "found as " + std::string(device::Name(fault.predicted)) + " (" + fault.clause + ")";
  } else if (others.empty()) {
    out.why = "no case failed";
  } else {
    out.why = "cases failed, but not as predicted:";
    for (const auto& [what, count] : others) out.why += " " + what + " x" + std::to_string(count);
  }
  return out;
}

}  // namespace

int FaultsCommand(const FaultOptions& options) {
  const Workplace place({options.common.spec_folders, options.common.overlays});
  const Loaded loaded = place.Load(options.common.dialect, options.common.model);
  std::cerr << loaded.error;
  if (loaded.grammar == nullptr) return kUsage;
  const std::vector<device::Fault> faults = device::DeriveFaults(loaded.grammar->dialect());
  if (!options.common.json) {
    for (const device::Fault& fault : faults) std::cout << device::ToText(fault) << "\n";
    std::cout << faults.size() << " faults\n";
    return kPassed;
  }
  JsonText json;
  json.Object().Key("faults").Array();
  for (const device::Fault& fault : faults) {
    json.Object()
        .Key("id")
        .Text(fault.id)
        .Key("operator")
        .Text(fault.op)
        .Key("clause")
        .Text(fault.clause);
    json.Key("class").Text(device::Name(fault.predicted)).Key("what").Text(fault.what).End();
  }
  json.End().End();
  return Deliver(json.text(), options.common.json);
}

int SelftestCommand(const FaultOptions& options) {
  const Workplace place({options.common.spec_folders, options.common.overlays});
  const Loaded loaded = place.Load(options.common.dialect, options.common.model);
  std::cerr << loaded.error;
  if (loaded.grammar == nullptr) return kUsage;
  const std::string golden = place.GoldenFolder(options.common.dialect);
  if (golden.empty())
    return Usage("selftest", "no goldens are there for " + options.common.dialect);
  std::string error;
  SelectOptions select;
  select.tolerant = options.common.reading != "strict";
  const Selection selection = Select(FindTranscripts({golden}, &error), *loaded.grammar, select);
  if (!selection.error.empty()) return Usage("selftest", selection.error);

  // Without a fault nothing may fail; else a kill would mean nothing.
  EmulatorSetup sound;
  sound.grammar = loaded.grammar;
  sound.tolerant = select.tolerant;
  const Bench bench{*loaded.grammar,
                    [&] {
                      device::OpenResult opened;
                      opened.device =
                          MakeEmulatorDevice(sound, "emulator:" + loaded.grammar->dialect().id);
                      return opened;
                    },
                    select.tolerant,
                    false,
                    Time{0},
                    ""};
  Runner runner(bench);
  std::size_t alarms = 0;
  for (const transcript::Plan& plan : selection.plans) {
    const CaseResult result = runner.Run(plan);
    if (plan.skip || result.outcome.verdict == report::Verdict::kPass) continue;
    ++alarms;
    std::cerr << "false alarm: " << plan.id << ": " << result.outcome.reason << "\n";
  }
  JsonText json;
  json.Object()
      .Key("dialect")
      .Text(loaded.grammar->dialect().id)
      .Key("cases")
      .Number(selection.plans.size())
      .Key("false_alarms")
      .Number(alarms);
  json.Key("faults").Array();
  std::size_t killed = 0, total = 0;
  for (const device::Fault& fault : device::DeriveFaults(loaded.grammar->dialect())) {
    const bool wanted =
        options.filters.empty() ||
        std::any_of(options.filters.begin(), options.filters.end(),
                    [&](const std::string& glob) { return MatchesGlob(glob, fault.id); });
    if (!wanted) continue;
    const Trial trial =
        Try(fault, selection.plans, loaded.grammar, select.tolerant, options.first_kill);
    ++total;
    killed += !trial.killed_by.empty();
    json.Object()
        .Key("id")
        .Text(fault.id)
        .Key("operator")
        .Text(fault.op)
        .Key("clause")
        .Text(fault.clause)
        .Key("class")
        .Text(device::Name(fault.predicted));
    json.Key("killed").Bool(!trial.killed_by.empty()).Key("by").Array();
    for (const std::string& id : trial.killed_by) json.Text(id);
    json.End().Key("why").Text(trial.why).End();
    if (!options.common.json) {
      std::cout << (trial.killed_by.empty() ? "SURVIVES " : "killed   ") << fault.id << "  "
                << trial.why << (trial.killed_by.empty() ? "" : " by " + trial.killed_by[0]) << "\n"
                << std::flush;
    }
  }
  json.End().End();
  if (total == 0) return Usage("selftest", "the filter matches no fault");
  if (options.common.json) {
    if (const int status = Deliver(json.text(), options.common.json); status != kPassed)
      return status;
  }
  std::cerr << killed << " of " << total << " faults killed, " << alarms << " false alarms\n";
  return killed == total && alarms == 0 ? kPassed : kFailed;
}

}  // namespace assay::harness
