#include "harness/baseline_update.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace assay::harness {
namespace {

using report::Change;
using report::Outcome;
using report::Verdict;

// What is to be said of a case: all its tries and repeats put together.
struct Shown {
  std::string id, device, reason;
  std::set<std::string> findings;
  bool passes = false, fails = false, changed = false;
  std::set<std::size_t> lines;  // of entries that are not true any more
  bool add = false, listed_as_pass = false;
};

bool Removable(Expect expect, const Shown& shown) {
  return expect != Expect::kPass || (shown.fails && expect == Expect::kPass);
}

class Updater {
 public:
  Updater(const Baseline& baseline, const report::Report& report, const UpdateOptions& options)
      : baseline_(baseline), report_(report), options_(options), listing_(baseline) {}

  BaselineUpdate Update() {
    for (const Outcome& outcome : report_.outcomes) Note(outcome);
    // A file that says nothing yet says which cases there are, too.
    const bool passes = KnowsPasses(baseline_) || baseline_.blocks.empty();
    std::map<std::tuple<std::string, std::string, std::set<std::string>>, std::vector<const Shown*>>
        blocks;
    std::map<std::string, std::set<std::string>> passing;  // by device
    for (const std::pair<std::string, std::string>& key : order_) {
      const Shown& shown = cases_.at(key);
      for (const std::size_t line : shown.lines) gone_.insert(line);
      if (!shown.add) continue;
      if (!shown.fails) {
        if (passes && !shown.listed_as_pass) passing[shown.device].insert(shown.id);
        continue;
      }
      blocks[{shown.device, shown.passes ? "flaky" : "fail", shown.findings}].push_back(&shown);
    }
    for (const report::MissingCase& one : report_.missing) Miss(one);
    AddPasses(passing);
    BaselineUpdate out;
    out.text = Kept();
    for (const auto& [key, shown] : blocks) {
      const auto& [device, expect, findings] = key;
      Begin(out.text);
      for (const Shown* one : shown) out.text += "case: " + one->id + "\n";
      if (!device.empty()) out.text += "device: " + device + "\n";
      out.text += "expect: " + expect + "\n";
      for (const std::string& finding : findings) out.text += "finding: " + finding + "\n";
      out.text += "reason: to be reviewed: " + BaselineText(shown.front()->reason) + "\n";
    }
    for (const auto& [device, ids] : new_passes_) {
      Begin(out.text);
      out.text += "expect: pass\n";
      if (!device.empty()) out.text += "device: " + device + "\n";
      for (const std::string& id : ids) out.text += "case: " + id + "\n";
    }
    out.left = std::move(left_);
    return out;
  }

 private:
  void Note(const Outcome& outcome) {
    const std::string id = BaselineText(CaseOf(outcome.id));
    const std::string device = outcome.device.empty() ? "" : BaselineText(outcome.device);
    const std::string told = id + (device.empty() ? "" : " on " + device);
    switch (outcome.change) {
      case Change::kNone:
      case Change::kMissing:
        return;
      case Change::kExpired:
        left_.push_back(told + ": expired; say until when it holds, or have it mended");
        return;
      case Change::kUnclear:
        left_.push_back(told + ": whether its entry is for this firmware is not known (--firmware)");
        return;
      case Change::kNotJudged:
        if (!outcome.held.empty()) left_.push_back(told + ": has no verdict; its entry stays");
        return;
      case Change::kSame:
      case Change::kRegression:
      case Change::kFixed:
      case Change::kNew:
      case Change::kOtherwise:
        break;
    }
    const auto [found, added] = cases_.try_emplace({device, id});
    if (added) order_.emplace_back(device, id);
    Shown& shown = found->second;
    shown.id = id;
    shown.device = device;
    shown.changed = shown.changed || outcome.change != Change::kSame;
    const auto try_of = [&](const Outcome& one) {
      shown.passes = shown.passes || one.verdict == Verdict::kPass;
      if (one.verdict != Verdict::kFail) return;
      shown.fails = true;
      shown.findings.merge(FailsFor(one, report_.fail_on_deviation));
      if (shown.reason.empty()) shown.reason = one.reason;
    };
    for (const Outcome& attempt : outcome.attempts) try_of(attempt);
    try_of(outcome);
    const std::string firmware =
        options_.firmware.empty() ? FirmwareOf(report_, outcome) : options_.firmware;
    const std::vector<Listed> entries = listing_.For(outcome, firmware);
    for (const Listed& one : entries)
      shown.listed_as_pass = shown.listed_as_pass || one.block->expect == Expect::kPass;
    // What is as it was stays as it is, comments, tickets and all; a pass may have to be listed.
    if (!shown.changed) {
      shown.add = shown.add || (baseline_.blocks.empty() && entries.empty());
      return;
    }
    shown.add = true;
    for (const Listed& one : entries) {
      if (one.applies == InRange::kYes && Removable(one.block->expect, shown))
        shown.lines.insert(one.one->line);
    }
  }

  void Miss(const report::MissingCase& one) {
    if (!options_.drop_missing) {
      left_.push_back(one.id + ": missing; chosen with --filter, it is taken away");
      return;
    }
    for (const BaselineBlock& block : baseline_.blocks) {
      if (block.device != one.device) continue;
      for (const BaselineCase& entry : block.cases) {
        if (entry.id == one.id) gone_.insert(entry.line);
      }
    }
  }

  // Into the list that is there, in its order; into a new one if there is none.
  void AddPasses(std::map<std::string, std::set<std::string>>& passing) {
    for (auto& [device, ids] : passing) {
      const auto block = std::find_if(
          baseline_.blocks.begin(), baseline_.blocks.end(), [&, own = device](const auto& one) {
            return one.expect == Expect::kPass && one.device == own && !one.firmware;
          });
      if (block == baseline_.blocks.end()) {
        new_passes_[device] = std::move(ids);
        continue;
      }
      for (const std::string& id : ids) {
        const auto behind = std::find_if(block->cases.begin(), block->cases.end(),
                                         [&](const BaselineCase& one) { return one.id > id; });
        const std::size_t line =
            behind == block->cases.end() ? block->cases.back().line + 1 : behind->line;
        before_[line].push_back("case: " + id);
        filled_.insert(block->first);
      }
    }
  }

  // The lines that stay; a block of which no case is left goes as a whole.
  std::string Kept() {
    for (const BaselineBlock& block : baseline_.blocks) {
      const bool empty = std::all_of(block.cases.begin(), block.cases.end(),
                                     [&](const BaselineCase& one) { return gone_.contains(one.line); });
      if (!empty || filled_.contains(block.first)) continue;
      for (std::size_t line = block.first; line <= block.last; ++line) gone_.insert(line);
      // One blank line between its neighbours is enough.
      if (block.last < baseline_.lines.size()) gone_.insert(block.last + 1);
    }
    std::string out;
    for (std::size_t i = 0; i <= baseline_.lines.size(); ++i) {
      if (const auto found = before_.find(i + 1); found != before_.end()) {
        for (const std::string& line : found->second) out += line + "\n";
      }
      if (i < baseline_.lines.size() && !gone_.contains(i + 1)) out += baseline_.lines[i] + "\n";
    }
    return out;
  }

  static void Begin(std::string& text) {
    if (!text.empty() && !text.ends_with("\n\n")) text += "\n";
  }

  const Baseline& baseline_;
  const report::Report& report_;
  const UpdateOptions& options_;
  const Listing listing_;
  std::map<std::pair<std::string, std::string>, Shown> cases_;  // by device and id
  std::vector<std::pair<std::string, std::string>> order_;
  std::set<std::size_t> gone_, filled_;
  std::map<std::size_t, std::vector<std::string>> before_;  // lines that come before one
  std::map<std::string, std::set<std::string>> new_passes_;
  std::vector<std::string> left_;
};

}  // namespace

BaselineUpdate UpdateBaseline(const Baseline& baseline, const report::Report& report,
                              const UpdateOptions& options) {
  return Updater(baseline, report, options).Update();
}

}  // namespace assay::harness
