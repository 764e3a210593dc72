#include "harness/gate.h"

#include <algorithm>
#include <map>

#include "harness/workplace.h"

namespace assay::harness {
namespace {

using report::Change;
using report::Finding;
using report::Outcome;
using report::Severity;
using report::Verdict;

bool OfVerdictFail(Expect expect) { return expect == Expect::kFail || expect == Expect::kFlaky; }

std::string Joined(const std::set<std::string>& all) {
  std::string out;
  for (const std::string& one : all) out += (out.empty() ? "`" : ", `") + one + "`";
  return out;
}

std::set<std::string> Without(const std::set<std::string>& all, const std::set<std::string>& less) {
  std::set<std::string> out;
  std::set_difference(all.begin(), all.end(), less.begin(), less.end(),
                      std::inserter(out, out.end()));
  return out;
}

// "fail by known.baseline:12 (FW-7, firmware ..A09, until 2027-01-31): takes a retain flag of 2"
std::string Words(const Baseline& baseline, const Listed& listed) {
  const BaselineBlock& block = *listed.block;
  std::string more = block.ticket;
  const auto add = [&](const std::string& text) { more += (more.empty() ? "" : ", ") + text; };
  if (block.firmware) add("firmware " + Print(*block.firmware));
  if (!block.expires.empty()) add("until " + block.expires);
  return std::string(Name(block.expect)) + " by " + baseline.file + ":" +
         std::to_string(listed.one->line) + (more.empty() ? "" : " (" + more + ")") +
         (block.reason.empty() ? "" : ": " + block.reason);
}

// What the baseline says of one case, put together.
struct Said {
  std::vector<Listed> entries;  // that surely apply
  std::vector<Listed> unclear;
  std::set<std::string> must, may;  // findings: of fails, and of those and flaky cases
  bool fails = false, flaky = false, passes = false, inconc = false, error = false;
  bool expired = false;
  std::string words;
};

Said SaidOf(const Baseline& baseline, const std::vector<Listed>& all, const std::string& today) {
  Said out;
  for (const Listed& one : all) {
    const BaselineBlock& block = *one.block;
    if (one.applies == InRange::kUnknown) {
      out.unclear.push_back(one);
      continue;
    }
    out.entries.push_back(one);
    out.fails = out.fails || block.expect == Expect::kFail;
    out.flaky = out.flaky || block.expect == Expect::kFlaky;
    out.passes = out.passes || block.expect == Expect::kPass;
    out.inconc = out.inconc || block.expect == Expect::kInconc;
    out.error = out.error || block.expect == Expect::kError;
    out.may.insert(block.findings.begin(), block.findings.end());
    if (block.expect == Expect::kFail) out.must.insert(block.findings.begin(), block.findings.end());
    out.expired = out.expired || (!block.expires.empty() && today > block.expires);
  }
  for (const Listed& one : out.entries.empty() ? out.unclear : out.entries)
    out.words += (out.words.empty() ? "" : "; ") + Words(baseline, one);
  return out;
}

class Gate {
 public:
  Gate(report::Report& report, const Baseline& baseline, const GateOptions& options)
      : report_(report),
        baseline_(baseline),
        options_(options),
        listing_(baseline),
        knows_(KnowsPasses(baseline)) {}

  void Hold() {
    report_.baseline = baseline_.file;
    report_.missing.clear();
    for (Outcome& outcome : report_.outcomes) Hold(outcome);
    for (const BaselineBlock& block : baseline_.blocks) {
      for (const BaselineCase& one : block.cases) Miss(block, one);
    }
  }

 private:
  std::string Firmware(const Outcome& outcome) const {
    return options_.firmware.empty() ? FirmwareOf(report_, outcome) : options_.firmware;
  }

  void Set(Outcome& outcome, Change change, bool expected, std::string held) {
    outcome.change = change;
    outcome.expected = expected;
    outcome.held = std::move(held);
  }

  void Hold(Outcome& outcome) {
    const Said said =
        SaidOf(baseline_, listing_.For(outcome, Firmware(outcome)), options_.today);
    const bool is_new = knows_ && !listing_.Knows(outcome);
    switch (outcome.verdict) {
      case Verdict::kNone:
        return Set(outcome, said.words.empty() ? Change::kNone : Change::kNotJudged, true,
                   said.passes ? "" : said.words);
      case Verdict::kError:
      case Verdict::kInconc: {
        const bool same = outcome.verdict == Verdict::kError ? said.error : said.inconc;
        if (same && said.expired)
          return Set(outcome, Change::kExpired, true, Expired(said));
        return Set(outcome, same ? Change::kSame : Change::kNotJudged, true, said.words);
      }
      case Verdict::kPass:
        return Passes(outcome, said, is_new ? Change::kNew : Change::kSame);
      case Verdict::kFail:
        return Fails(outcome, said, is_new ? Change::kNew : Change::kRegression);
    }
  }

  std::string Expired(const Said& said) const {
    return "expired, today is " + options_.today + "; " + said.words;
  }

  std::string Unclear(const Outcome& outcome, const Said& said) const {
    const std::string firmware = Firmware(outcome);
    return (firmware.empty() ? "the device's firmware is not known (--firmware)"
                             : "firmware " + firmware + " cannot be compared") +
           "; " + said.words;
  }

  void Passes(Outcome& outcome, const Said& said, Change unlisted) {
    const bool retried = report::Flaky(outcome);
    if (said.flaky) {
      std::set<std::string> other;
      for (const Outcome& attempt : outcome.attempts) {
        if (attempt.verdict == Verdict::kFail)
          other.merge(Without(FailsFor(attempt, report_.fail_on_deviation), said.may));
      }
      if (!other.empty())
        return Set(outcome, Change::kOtherwise, false,
                   "failed before it passed, for " + Joined(other) + "; " + said.words);
      if (said.expired) return Set(outcome, Change::kExpired, false, Expired(said));
      return Set(outcome, Change::kSame, true, said.words);
    }
    if (said.fails && retried)
      return Set(outcome, Change::kOtherwise, false, "passes on a retry; " + said.words);
    if (said.fails || said.inconc || said.error)
      return Set(outcome, Change::kFixed, false, said.words);
    const bool unclear = std::any_of(
        said.unclear.begin(), said.unclear.end(),
        [](const Listed& one) { return one.block->expect != Expect::kPass; });
    if (unclear) return Set(outcome, Change::kUnclear, true, Unclear(outcome, said));
    Set(outcome, unlisted, true, "");
  }

  void Fails(Outcome& outcome, const Said& said, Change unlisted) {
    const std::set<std::string> findings = FailsFor(outcome, report_.fail_on_deviation);
    if (said.fails || said.flaky) {
      const std::set<std::string> more = Without(findings, said.may);
      const std::set<std::string> less = Without(said.must, findings);
      std::string otherwise;
      if (!more.empty()) otherwise = "fails for " + Joined(more);
      if (!less.empty())
        otherwise += (otherwise.empty() ? "no longer fails for " : ", no longer for ") + Joined(less);
      if (!otherwise.empty())
        return Set(outcome, Change::kOtherwise, false, otherwise + "; " + said.words);
      if (said.expired) return Set(outcome, Change::kExpired, false, Expired(said));
      return Set(outcome, Change::kSame, true, said.words);
    }
    if (said.inconc || said.error)
      return Set(outcome, Change::kOtherwise, false, "fails for " + Joined(findings) + "; " + said.words);
    const bool unclear =
        std::any_of(said.unclear.begin(), said.unclear.end(),
                    [](const Listed& one) { return OfVerdictFail(one.block->expect); });
    if (unclear) return Set(outcome, Change::kUnclear, false, Unclear(outcome, said));
    Set(outcome, unlisted, false, "fails for " + Joined(findings) +
                                      (said.words.empty() ? "" : "; " + said.words));
  }

  // Is the case gone, as far as can be told?
  void Miss(const BaselineBlock& block, const BaselineCase& one) {
    if (options_.there && options_.there->contains(one.id)) return;
    if (!options_.there && report_.shard) return;
    const auto matches = [&](const std::string& glob) { return MatchesGlob(glob, one.id); };
    if (!report_.filters.empty() &&
        std::none_of(report_.filters.begin(), report_.filters.end(), matches))
      return;
    if (std::any_of(report_.excludes.begin(), report_.excludes.end(), matches)) return;
    const auto [from, to] = there().equal_range(one.id);
    bool of_other_firmware = false;
    for (auto found = from; found != to; ++found) {
      const Outcome& outcome = *found->second;
      if (!block.device.empty() && block.device != BaselineText(outcome.device)) continue;
      return;
    }
    // No device of the run has the firmware that the entry is about.
    if (block.firmware) of_other_firmware = NoneHas(*block.firmware, block.device);
    if (of_other_firmware) return;
    report_.missing.push_back({one.id, block.device, Words(baseline_, {&block, &one, {}})});
  }

  bool NoneHas(const FirmwareRange& range, const std::string& device) const {
    std::vector<std::string> all;
    for (const report::DeviceEntry& entry : report_.devices) {
      if (!device.empty() && BaselineText(entry.name) != device) continue;
      Outcome of;
      of.device = entry.name;
      all.push_back(Firmware(of));
    }
    if (report_.devices.empty()) all.push_back(Firmware(Outcome()));
    return !all.empty() && std::all_of(all.begin(), all.end(), [&](const std::string& one) {
      return Holds(range, one) == InRange::kNo;
    });
  }

  const std::multimap<std::string, const Outcome*>& there() {
    if (there_.empty()) {
      for (const Outcome& outcome : report_.outcomes) {
        there_.emplace(BaselineText(CaseOf(outcome.id)), &outcome);
        if (CaseOf(outcome.id) != outcome.id) there_.emplace(BaselineText(outcome.id), &outcome);
      }
    }
    return there_;
  }

  report::Report& report_;
  const Baseline& baseline_;
  const GateOptions& options_;
  const Listing listing_;
  const bool knows_;  // which cases there are
  std::multimap<std::string, const Outcome*> there_;
};

}  // namespace

std::string_view CaseOf(std::string_view id) {
  const std::size_t at = id.rfind('#');
  const bool number = at != std::string_view::npos && at + 1 < id.size() &&
                      id.find_first_not_of("0123456789", at + 1) == std::string_view::npos;
  return number ? id.substr(0, at) : id;
}

std::set<std::string> FailsFor(const Outcome& outcome, bool fail_on_deviation) {
  std::set<std::string> out;
  for (const Finding& finding : outcome.findings) {
    if (finding.severity == Severity::kViolation ||
        (fail_on_deviation && finding.severity == Severity::kDeviation))
      out.insert(BaselineText(finding.fingerprint));
  }
  if (out.empty()) out.emplace(kNoFinding);
  return out;
}

std::string FirmwareOf(const report::Report& report, const Outcome& outcome) {
  const auto revision = [](const std::map<std::string, std::string>& identity) {
    for (const char* key : {"revision", "firmware"}) {
      if (const auto found = identity.find(key); found != identity.end()) return found->second;
    }
    return std::string();
  };
  for (const report::DeviceEntry& device : report.devices) {
    if (device.name == outcome.device && !device.identity.empty()) return revision(device.identity);
  }
  return report.devices.size() > 1 ? std::string() : revision(report.identity);
}

Listing::Listing(const Baseline& baseline) {
  for (const BaselineBlock& block : baseline.blocks) {
    for (const BaselineCase& one : block.cases)
      entries_.emplace(one.id, Listed{&block, &one, InRange::kYes});
  }
}

std::vector<Listed> Listing::For(const Outcome& outcome, const std::string& firmware) const {
  const std::string device = outcome.device.empty() ? "" : BaselineText(outcome.device);
  std::vector<Listed> out;
  for (const std::string& id :
       std::set<std::string>{BaselineText(CaseOf(outcome.id)), BaselineText(outcome.id)}) {
    const auto [from, to] = entries_.equal_range(id);
    for (auto found = from; found != to; ++found) {
      const BaselineBlock& block = *found->second.block;
      if (!block.device.empty() && block.device != device) continue;
      const InRange applies = block.firmware ? Holds(*block.firmware, firmware) : InRange::kYes;
      if (applies != InRange::kNo) out.push_back({&block, found->second.one, applies});
    }
  }
  return out;
}

bool Listing::Knows(const Outcome& outcome) const {
  return entries_.contains(BaselineText(CaseOf(outcome.id))) ||
         entries_.contains(BaselineText(outcome.id));
}

bool KnowsPasses(const Baseline& baseline) {
  return std::any_of(baseline.blocks.begin(), baseline.blocks.end(),
                     [](const BaselineBlock& block) { return block.expect == Expect::kPass; });
}

void HoldAgainst(report::Report& report, const Baseline& baseline, const GateOptions& options) {
  Gate(report, baseline, options).Hold();
}

}  // namespace assay::harness
