// assay faults, assay selftest: is the tester able to find what is wrong?
#include <algorithm>
#include <iomanip>
#include <iostream>
#include <map>
#include <optional>
#include <sstream>

#include "harness/commands.h"
#include "harness/fault_list.h"
#include "harness/json_text.h"
#include "harness/output.h"
#include "harness/selftest.h"
#include "harness/suite.h"
#include "harness/suites.h"

namespace assay::harness {
namespace {

// The cases of a suite (--suite). Whoever adds one adds it here.
struct Cases {
  std::vector<transcript::Plan> plans;
  std::string error;
};
Cases CasesOf(const std::string& suite, const Workplace& place,
              const std::shared_ptr<const dialect::Grammar>& grammar, bool tolerant) {
  const SuiteFiles files = FilesOfSuite(suite, place, grammar, {});
  if (!files.error.empty()) return {{}, files.error};
  SelectOptions select;
  select.tolerant = tolerant;
  Selection selection = Select(files.files, *grammar, select);
  return {std::move(selection.plans), std::move(selection.error)};
}

// Survivors that somebody has looked at, a line each: "unreached range-above/AT+X/write/y"; what
// stands behind a # is a remark.
using Survivors = std::map<std::string, std::string>;  // what becomes of a fault, by its id
std::optional<Survivors> ReadSurvivors(const std::string& path, std::string* error) {
  const auto text = ReadFile(path, error);
  if (!text) return std::nullopt;
  Survivors out;
  std::istringstream lines(*text);
  std::string line;
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    line.resize(std::min(line.find('#'), line.size()));
    std::istringstream words(line);
    std::string fate, id, more;
    if (!(words >> fate)) continue;
    const bool known = fate == Name(Fate::kUnreached) || fate == Name(Fate::kUnnoticed) ||
                       fate == Name(Fate::kMisjudged);
    const bool good = known && (words >> id) && !(words >> more);
    if (!good) {
      *error = path + ":" + std::to_string(number) +
               ": not \"unreached ID\", \"unnoticed ID\" or \"misjudged ID\"";
      return std::nullopt;
    }
    if (!out.emplace(id, fate).second) {
      *error = path + ":" + std::to_string(number) + ": " + id + " stands here twice";
      return std::nullopt;
    }
  }
  return out;
}

// What does not agree with the list: an entry for a fault that is killed, that has another fate, or
// that does not exist. `chosen`: only these were tried.
std::vector<std::string> Stale(const Survivors& survivors, const std::vector<device::Fault>& faults,
                               const std::vector<Trial>& trials, bool all) {
  std::vector<std::string> out;
  Survivors left = survivors;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    const auto found = left.find(faults[i].id);
    if (found == left.end()) continue;
    const std::string fate(Name(trials[i].fate));
    if (found->second != fate)
      out.push_back(faults[i].id + " is listed as " + found->second + ", and is " + fate);
    left.erase(found);
  }
  if (!all) return out;
  for (const auto& [id, fate] : left) out.push_back(id + " is listed, and there is no such fault");
  return out;
}

// What became of the faults of each operator.
void PrintOperators(const std::vector<device::Fault>& faults, const std::vector<Trial>& trials) {
  std::map<std::string, std::map<Fate, std::size_t>> operators;
  for (std::size_t i = 0; i < faults.size(); ++i) ++operators[faults[i].op][trials[i].fate];
  constexpr Fate kFates[] = {Fate::kKilled, Fate::kUnreached, Fate::kUnnoticed, Fate::kMisjudged};
  std::cout << std::left << std::setw(26) << "operator" << std::right;
  for (const Fate fate : kFates) std::cout << std::setw(11) << Name(fate);
  std::cout << "\n";
  for (auto& [op, counts] : operators) {
    std::cout << std::left << std::setw(26) << op << std::right;
    for (const Fate fate : kFates) std::cout << std::setw(11) << counts[fate];
    std::cout << "\n";
  }
}

// What is wrong with a file comes with its place.
int Refuse(const std::string& error) {
  std::cerr << error;
  return kUsage;
}

// Those that the filters match, of all; nothing and the error if a written one is not right.
std::optional<std::vector<device::Fault>> Chosen(const FaultOptions& options,
                                                 const Workplace& place,
                                                 const dialect::Grammar& grammar,
                                                 std::string* error) {
  auto out = FaultList(place).Of(grammar, error, options.files);
  if (!out || options.filters.empty()) return out;
  std::erase_if(*out, [&](const device::Fault& fault) {
    return std::none_of(options.filters.begin(), options.filters.end(),
                        [&](const std::string& glob) { return MatchesGlob(glob, fault.id); });
  });
  return out;
}

// Cases without which nothing is lost, and what is with how many of the others.
std::vector<std::string> NotNeeded(const Selftest& test, const std::vector<device::Fault>& faults,
                                   const std::vector<Trial>& trials) {
  std::vector<Shown> shown = test.shown();
  std::map<std::string_view, Shown*> by_id;
  for (Shown& one : shown) by_id[one.id] = &one;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    for (const std::string& id : trials[i].killed_by)
      by_id.at(id)->what.insert("kills " + faults[i].id);
  }
  return NotNeeded(shown);
}

}  // namespace

int FaultsCommand(const FaultOptions& options) {
  const Workplace place({options.common.spec_folders, options.common.overlays});
  const Loaded loaded = place.Load(options.common.dialect, options.common.model);
  std::cerr << loaded.error;
  if (loaded.grammar == nullptr) return kUsage;
  std::string error;
  const auto faults = Chosen(options, place, *loaded.grammar, &error);
  if (!faults) return Refuse(error);
  if (!options.common.json) {
    for (const device::Fault& fault : *faults) std::cout << device::ToText(fault) << "\n";
    std::cout << faults->size() << " faults\n";
    return kPassed;
  }
  JsonText json;
  json.Object().Key("faults").Array();
  for (const device::Fault& fault : *faults) {
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
  const bool tolerant = options.common.reading != "strict";
  const Cases cases = CasesOf(options.suite, place, loaded.grammar, tolerant);
  if (!cases.error.empty()) return Usage("selftest", cases.error);
  std::string error;
  std::optional<Survivors> survivors = Survivors{};
  if (!options.survivors.empty()) survivors = ReadSurvivors(options.survivors, &error);
  if (!survivors) return Usage("selftest", error);
  const auto chosen = Chosen(options, place, *loaded.grammar, &error);
  if (!chosen) return Refuse(error);
  const std::vector<device::Fault>& faults = *chosen;
  if (faults.empty()) return Usage("selftest", "the filter matches no fault");

  const Selftest test(
      loaded.grammar, cases.plans,
      {.tolerant = tolerant, .first_kill = options.first_kill, .jobs = options.jobs});
  for (const report::Outcome& alarm : test.alarms())
    std::cerr << "false alarm: " << alarm.id << ": " << alarm.reason << "\n";
  const std::vector<Trial> trials =
      test.TryAll(faults, [&](const device::Fault& fault, const Trial& trial) {
        if (options.common.json) return;
        std::cout << std::left << std::setw(10) << Name(trial.fate) << fault.id << "  " << trial.why
                  << (trial.killed_by.empty() ? "" : " by " + trial.killed_by[0]) << "\n"
                  << std::flush;
      });
  JsonText json;
  json.Object().Key("dialect").Text(loaded.grammar->dialect().id);
  json.Key("cases").Number(test.cases()).Key("false_alarms").Number(test.alarms().size());
  json.Key("faults").Array();
  std::size_t killed = 0, strict = 0, unknown = 0;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    const device::Fault& fault = faults[i];
    const Trial& trial = trials[i];
    const bool found = trial.fate == Fate::kKilled;
    killed += found;
    strict += trial.strict;
    unknown += !found && !survivors->contains(fault.id);
    json.Object().Key("id").Text(fault.id).Key("operator").Text(fault.op);
    json.Key("clause").Text(fault.clause).Key("class").Text(device::Name(fault.predicted));
    json.Key("killed").Bool(found).Key("fate").Text(Name(trial.fate));
    if (trial.strict) json.Key("reading").Text("strict");
    json.Key("acted").Number(trial.acted).Key("by").Array();
    for (const std::string& id : trial.killed_by) json.Text(id);
    json.End().Key("why").Text(trial.why).End();
  }
  json.End().End();
  if (options.common.json) {
    if (const int status = Deliver(json.text(), options.common.json); status != kPassed)
      return status;
  } else {
    PrintOperators(faults, trials);
  }
  if (options.needed) {
    for (const std::string& id : NotNeeded(test, faults, trials))
      std::cout << "not needed " << id << "\n";
  }
  const auto stale = Stale(*survivors, faults, trials, options.filters.empty());
  for (const std::string& entry : stale) std::cerr << options.survivors << ": " << entry << "\n";
  std::cerr << killed << " of " << faults.size() << " faults killed" << (strict == 0 ? "" : ", " + std::to_string(strict) + " of them under the strict reading alone") << ", " << test.alarms().size()
            << " false alarms";
  if (!options.survivors.empty())
    std::cerr << ", " << unknown << " survivors that are not listed, " << stale.size()
              << " entries that are not true";
  std::cerr << "\n";
  return unknown == 0 && stale.empty() && test.alarms().empty() ? kPassed : kFailed;
}

}  // namespace assay::harness
