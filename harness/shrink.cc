#include "harness/shrink.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace assay::harness {
namespace {

using transcript::Step;
using transcript::Transcript;

enum class Part { kSetup, kPurpose, kCleanup };

// A send and what is expected of it; a payload and the command before it are one.
struct Unit {
  Part part = Part::kPurpose;
  std::vector<Step> steps;
  std::size_t sends = 0;
};

bool Begins(const Step& step) {
  return std::holds_alternative<transcript::Send>(step.what) ||
         std::holds_alternative<transcript::SendRaw>(step.what) ||
         std::holds_alternative<transcript::BenchStep>(step.what);
}

bool Says(const Step& step) {
  return !std::holds_alternative<transcript::Comment>(step.what) &&
         !std::holds_alternative<transcript::Blank>(step.what);
}

struct Pieces {
  std::vector<Step> before;  // what comes by itself, before the first send
  std::vector<Unit> units;
};

Pieces Cut(const Transcript& transcript) {
  Pieces out;
  for (const auto& [part, steps] : {std::pair{Part::kSetup, &transcript.setup},
                                    {Part::kPurpose, &transcript.steps},
                                    {Part::kCleanup, &transcript.cleanup}}) {
    bool begun = false;
    for (const Step& step : *steps) {
      if (!Says(step)) continue;
      const bool sends = Begins(step) || std::holds_alternative<transcript::Data>(step.what);
      if (Begins(step) || (sends && !begun)) {
        out.units.push_back({part, {}, 0});
        begun = true;
      }
      if (out.units.empty()) {
        out.before.push_back(step);
        continue;
      }
      out.units.back().sends += sends ? 1 : 0;
      out.units.back().steps.push_back(step);
    }
  }
  return out;
}

using Chosen = std::vector<std::size_t>;  // units, in order

class Shrinker {
 public:
  Shrinker(const Transcript& transcript, const std::string& fingerprint,
           const std::function<report::Outcome(const Transcript&)>& play,
           const ShrinkOptions& options)
      : transcript_(transcript),
        fingerprint_(fingerprint),
        play_(play),
        options_(options),
        pieces_(Cut(transcript)) {}

  Shrunk Run() {
    Chosen chosen(pieces_.units.size());
    for (std::size_t i = 0; i < chosen.size(); ++i) chosen[i] = i;
    out_.of = Sends(chosen);
    out_.reproduced = Fails(chosen);
    if (out_.reproduced) {
      // What only cleans up is mostly not needed.
      Chosen without = chosen;
      std::erase_if(without, [&](std::size_t i) { return pieces_.units[i].part == Part::kCleanup; });
      if (without.size() < chosen.size() && Fails(without)) chosen = std::move(without);
      chosen = Minimize(std::move(chosen));
    }
    out_.transcript = Build(chosen);
    out_.exchanges = Sends(chosen);
    return std::move(out_);
  }

 private:
  std::size_t Sends(const Chosen& chosen) const {
    std::size_t out = 0;
    for (const std::size_t i : chosen) out += pieces_.units[i].sends;
    return out;
  }

  Transcript Build(const Chosen& chosen) const {
    Transcript out;
    out.header = transcript_.header;
    out.file = transcript_.file;
    std::vector<Step> setup, steps;
    for (const std::size_t i : chosen) {
      const Unit& unit = pieces_.units[i];
      std::vector<Step>& part = unit.part == Part::kSetup     ? setup
                                : unit.part == Part::kPurpose ? steps
                                                              : out.cleanup;
      part.insert(part.end(), unit.steps.begin(), unit.steps.end());
    }
    // Something has to be what the case is about.
    if (steps.empty()) std::swap(setup, steps);
    std::vector<Step>& first = setup.empty() ? steps : setup;
    first.insert(first.begin(), pieces_.before.begin(), pieces_.before.end());
    out.setup = std::move(setup);
    out.steps = std::move(steps);
    return out;
  }

  bool Fails(const Chosen& chosen) {
    if (out_.runs >= options_.most_runs) {
      out_.shortest = false;
      return false;
    }
    const bool sends = std::any_of(chosen.begin(), chosen.end(), [&](std::size_t i) {
      return pieces_.units[i].part != Part::kCleanup;
    });
    if (!sends) return false;
    ++out_.runs;
    const report::Outcome outcome = play_(Build(chosen));
    return outcome.verdict == report::Verdict::kFail &&
           std::any_of(outcome.findings.begin(), outcome.findings.end(),
                       [&](const report::Finding& finding) {
                         return finding.fingerprint == fingerprint_ &&
                                finding.severity != report::Severity::kInfo;
                       });
  }

  // ddmin: leaves out one of `parts` equal parts, then of twice as many.
  Chosen Minimize(Chosen chosen) {
    std::size_t parts = 2;
    while (chosen.size() > 1) {
      parts = std::min(parts, chosen.size());
      bool smaller = false;
      for (std::size_t part = 0; part < parts && !smaller; ++part) {
        const std::size_t begin = part * chosen.size() / parts;
        const std::size_t end = (part + 1) * chosen.size() / parts;
        Chosen rest(chosen.begin(), chosen.begin() + static_cast<std::ptrdiff_t>(begin));
        rest.insert(rest.end(), chosen.begin() + static_cast<std::ptrdiff_t>(end), chosen.end());
        if (!Fails(rest)) continue;
        chosen = std::move(rest);
        parts = std::max<std::size_t>(parts - 1, 2);
        smaller = true;
      }
      if (smaller) continue;
      if (parts == chosen.size()) break;
      parts *= 2;
    }
    return chosen;
  }

  const Transcript& transcript_;
  const std::string& fingerprint_;
  const std::function<report::Outcome(const Transcript&)>& play_;
  const ShrinkOptions& options_;
  const Pieces pieces_;
  Shrunk out_;
};

}  // namespace

Shrunk Shrink(const Transcript& transcript, const std::string& fingerprint,
              const std::function<report::Outcome(const Transcript&)>& play,
              const ShrinkOptions& options) {
  return Shrinker(transcript, fingerprint, play, options).Run();
}

const report::Finding* Failing(const report::Outcome& outcome, bool fail_on_deviation) {
  for (const report::Finding& finding : outcome.findings) {
    if (finding.severity == report::Severity::kViolation ||
        (fail_on_deviation && finding.severity == report::Severity::kDeviation))
      return &finding;
  }
  return nullptr;
}

}  // namespace assay::harness
