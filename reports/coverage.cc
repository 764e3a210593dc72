#include "reports/coverage.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace assay::report {
namespace {

// "62.3", "90": one decimal, rounded down, so that 99.96 is not 100.
std::string Percent(double percent) {
  const auto tenths = static_cast<long>(std::floor(percent * 10 + 1e-9));
  return std::to_string(tenths / 10) +
         (tenths % 10 == 0 ? "" : "." + std::to_string(tenths % 10));
}

bool Enough(const Share& share, double minimum) {
  return static_cast<double>(share.covered) * 100 + 1e-9 >=
         minimum * static_cast<double>(share.total);
}

bool NotThere(std::optional<WhyLeft> reason) {
  return reason == WhyLeft::kModel || reason == WhyLeft::kClaim;
}

bool Covered(const ClauseCoverage& clause) { return clause.positive + clause.negative > 0; }

std::optional<double> ParsePercent(std::string_view text) {
  if (text.ends_with('%')) text.remove_suffix(1);
  double percent = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), percent);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (!(percent >= 0 && percent <= 100)) return std::nullopt;
  return percent;
}

std::string Lacking(const std::string& what, const std::string& clause, std::string_view reason) {
  return what + (clause.empty() ? "" : " (" + clause + ")") +
         (reason.empty() ? "" : ": " + std::string(reason));
}

}  // namespace

std::string_view Name(CoverageKind kind) {
  switch (kind) {
    case CoverageKind::kClauses:
      return "clauses";
    case CoverageKind::kResponses:
      return "responses";
    case CoverageKind::kErrors:
      return "errors";
    case CoverageKind::kStates:
      return "states";
    case CoverageKind::kTransitions:
      return "transitions";
  }
  return "";
}

std::string_view Name(WhyLeft reason) {
  switch (reason) {
    case WhyLeft::kOpen:
      return "the manual leaves it open";
    case WhyLeft::kElsewhere:
      return "the manual does not say what brings it about";
    case WhyLeft::kNetwork:
      return "the network would have to be lost in that very moment";
    case WhyLeft::kPeer:
      return "no server of the bench behaves so";
    case WhyLeft::kHidden:
      return "another answer always comes first";
    case WhyLeft::kSilent:
      return "no line tells of it";
    case WhyLeft::kUntold:
      return "what was seen has other explanations, too";
    case WhyLeft::kSelection:
      return "left out by selection";
    case WhyLeft::kNotJudged:
      return "its cases were left out, or ended without a verdict";
    case WhyLeft::kNoCase:
      return "no case shows it";
    case WhyLeft::kModel:
      return "not on this model";
    case WhyLeft::kClaim:
      return "the module does not claim it";
  }
  return {};
}

Share ShareOf(const Coverage& coverage, CoverageKind kind) {
  Share share;
  if (kind == CoverageKind::kClauses) {
    share.total = coverage.clauses.size();
    share.covered = static_cast<std::size_t>(
        std::count_if(coverage.clauses.begin(), coverage.clauses.end(), Covered));
    return share;
  }
  for (const FactCoverage& fact : coverage.facts) {
    if (fact.kind != kind || (fact.cases == 0 && NotThere(fact.reason))) continue;
    ++share.total;
    share.covered += fact.cases > 0 ? 1 : 0;
  }
  return share;
}

std::optional<std::map<CoverageKind, double>> ParseMinimum(std::string_view text,
                                                           std::string* error) {
  std::map<CoverageKind, double> out;
  if (const auto percent = ParsePercent(text)) {
    for (const CoverageKind kind : kCoverageKinds) out[kind] = *percent;
    return out;
  }
  std::string names;
  for (const CoverageKind kind : kCoverageKinds)
    names += (names.empty() ? "" : ", ") + std::string(Name(kind));
  while (true) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view part = text.substr(0, comma);
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos) {
      *error = "\"" + std::string(part) + "\" is neither a percentage from 0 to 100 nor KIND=PERCENT";
      return std::nullopt;
    }
    const std::string_view name = part.substr(0, equals);
    const auto kind = std::find_if(std::begin(kCoverageKinds), std::end(kCoverageKinds),
                                   [&](CoverageKind one) { return Name(one) == name; });
    const auto percent = ParsePercent(part.substr(equals + 1));
    if (kind == std::end(kCoverageKinds)) {
      *error = "there is no kind \"" + std::string(name) + "\"; there are " + names;
    } else if (!percent) {
      *error = "\"" + std::string(part.substr(equals + 1)) + "\" is no percentage from 0 to 100";
    } else if (!out.emplace(*kind, *percent).second) {
      *error = std::string(name) + " is said twice";
    } else {
      if (comma == text.size()) return out;
      text.remove_prefix(comma + 1);
      continue;
    }
    return std::nullopt;
  }
}

std::vector<FailedGate> FailedGates(const Coverage& coverage) {
  std::vector<FailedGate> out;
  for (const auto& [kind, minimum] : coverage.minimum) {
    FailedGate gate{kind, ShareOf(coverage, kind), minimum, {}};
    if (Enough(gate.share, minimum)) continue;
    if (kind == CoverageKind::kClauses) {
      for (const ClauseCoverage& clause : coverage.clauses) {
        if (!Covered(clause)) gate.lacking.push_back(Lacking(clause.clause, "", clause.reason));
      }
    }
    for (const FactCoverage& fact : coverage.facts) {
      if (fact.kind != kind || fact.cases > 0 || NotThere(fact.reason)) continue;
      gate.lacking.push_back(
          Lacking(fact.what, fact.clause, fact.reason ? Name(*fact.reason) : std::string_view()));
    }
    out.push_back(std::move(gate));
  }
  return out;
}

std::string Words(const FailedGate& gate) {
  const double percent = gate.share.total == 0 ? 100.0
                                               : 100.0 * static_cast<double>(gate.share.covered) /
                                                     static_cast<double>(gate.share.total);
  return std::to_string(gate.share.covered) + " of " + std::to_string(gate.share.total) + " " +
         std::string(Name(gate.kind)) + " covered (" + Percent(percent) + " %), less than " +
         Percent(gate.minimum) + " %";
}

void Add(Coverage& coverage, const Coverage& other) {
  std::map<std::string, std::size_t> clauses;
  for (std::size_t i = 0; i < coverage.clauses.size(); ++i) clauses[coverage.clauses[i].clause] = i;
  for (const ClauseCoverage& clause : other.clauses) {
    const auto [found, added] = clauses.emplace(clause.clause, coverage.clauses.size());
    if (added) {
      coverage.clauses.push_back(clause);
      continue;
    }
    ClauseCoverage& here = coverage.clauses[found->second];
    here.positive += clause.positive;
    here.negative += clause.negative;
    if (here.reason == Name(WhyLeft::kSelection)) here.reason = clause.reason;
    if (Covered(here)) here.reason.clear();
  }
  std::map<std::pair<CoverageKind, std::string>, std::size_t> facts;
  for (std::size_t i = 0; i < coverage.facts.size(); ++i)
    facts[{coverage.facts[i].kind, coverage.facts[i].what}] = i;
  for (const FactCoverage& fact : other.facts) {
    const auto [found, added] = facts.emplace(std::pair(fact.kind, fact.what), coverage.facts.size());
    if (added) {
      coverage.facts.push_back(fact);
      continue;
    }
    FactCoverage& here = coverage.facts[found->second];
    here.cases += fact.cases;
    // A device whose model has it could have shown it, and what one part left out another may not.
    const bool weaker = here.reason == WhyLeft::kSelection && !NotThere(fact.reason);
    if (weaker || NotThere(here.reason)) here.reason = fact.reason;
    if (here.cases > 0) here.reason.reset();
  }
  std::stable_sort(
      coverage.facts.begin(), coverage.facts.end(),
      [](const FactCoverage& a, const FactCoverage& b) { return a.kind < b.kind; });
  for (const auto& [kind, minimum] : other.minimum) {
    double& here = coverage.minimum[kind];
    here = std::max(here, minimum);
  }
}

}  // namespace assay::report
