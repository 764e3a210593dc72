#include "harness/coverage.h"

#include <algorithm>
#include <string_view>

#include "spec/requirements.h"

namespace assay::harness {
namespace {

using report::CoverageKind;
using report::FactCoverage;
using report::WhyLeft;

// Whoever passes or fails has shown something of the modem.
bool Judged(const report::Outcome& outcome) {
  return outcome.verdict == report::Verdict::kPass || outcome.verdict == report::Verdict::kFail;
}

// The alternative that a response is, or is another print of.
const spec::Response* Alternative(const spec::Form& form, const spec::Response& response) {
  const spec::Response* base =
      response.wording_of.empty() ? nullptr : spec::FindResponse(form, response.wording_of);
  return base != nullptr ? base : &response;
}

// The last value of a line, if it stands there as it is: 3 of "+OPEN: <id>,3".
std::string_view LastValue(const spec::Template& line) {
  if (line.parts.empty() || line.parts.back().kind != spec::TemplatePart::Kind::kLiteral) return {};
  const std::string_view text = line.parts.back().text;
  return text.substr(text.find_last_of(",: ") + 1);
}

// Does the spec's behaviour ever give this code?
bool IsGiven(const spec::Dialect& dialect, const spec::ErrorCode& error) {
  const spec::Refusals& refusals = dialect.refusals;
  for (const std::string* one : {&refusals.syntax, &refusals.range, &refusals.state,
                                 &refusals.unknown, &refusals.too_long}) {
    if (*one == error.code) return true;
  }
  const std::string_view before = std::string_view(error.format).substr(0, error.format.find('<'));
  const auto gives = [&](const spec::Template& line) {
    return line.text.starts_with(before) && LastValue(line) == error.code;
  };
  return std::any_of(dialect.transitions.begin(), dialect.transitions.end(),
                     [&](const spec::Transition& transition) {
                       return transition.refuse == error.code ||
                              std::any_of(transition.respond.begin(), transition.respond.end(),
                                          gives) ||
                              std::any_of(transition.send.begin(), transition.send.end(), gives);
                     });
}

// A transition that no line begins and none ends.
bool Silent(const spec::Transition& transition) {
  return transition.event.find(' ') == std::string::npos && transition.send.empty();
}

}  // namespace

const Aim* Aims::Find(std::string_view id) const {
  const auto found = cases.find(id.substr(0, id.find('#')));
  return found == cases.end() ? nullptr : &found->second;
}

CoverageCount::CoverageCount(const dialect::Grammar& grammar, const Aims* aims, const Pics* pics)
    : grammar_(grammar), aims_(aims), pics_(pics) {
  for (const spec::Requirement& one : spec::RequirementsOf(grammar.dialect())) {
    const spec::Source& source = one.source;
    if (!source.document.empty() || source.basis != spec::Basis::kStated || source.clause.empty())
      continue;
    clauses_[source.clause] = {.clause = source.clause, .reason = "no case cites it"};
  }
  Enumerate();
  if (aims == nullptr) return;
  for (const auto& [id, aim] : aims->cases) {
    if (!aim.clause.empty())
      clauses_[aim.clause] = {.clause = aim.clause,
                              .reason = std::string(report::Name(WhyLeft::kSelection))};
    for (const spec::Transition* one : aim.transitions) aimed_[one] = Aimed::kNotSelected;
    for (const spec::Response* one : aim.responses) aimed_[one] = Aimed::kNotSelected;
  }
}

void CoverageCount::Add(const report::Outcome& outcome, const dialect::Seen& seen) {
  const bool judged = Judged(outcome);
  if (!outcome.clause.empty()) {
    report::ClauseCoverage& clause = clauses_[outcome.clause];
    clause.clause = outcome.clause;
    if (judged) {
      ++(seen.refused ? clause.negative : clause.positive);
      clause.reason.clear();
    } else if (clause.positive + clause.negative == 0) {
      clause.reason =
          outcome.skipped ? outcome.reason : std::string(report::Name(WhyLeft::kNotJudged));
    }
  }
  const Aim* aim = aims_ != nullptr ? aims_->Find(outcome.id) : nullptr;
  const auto aim_at = [&](const void* fact) {
    Aimed& at = aimed_[fact];
    at = std::max(at, judged ? Aimed::kJudged : Aimed::kNotJudged);
  };
  if (aim != nullptr) {
    for (const spec::Transition* one : aim->transitions) aim_at(one);
    for (const spec::Response* one : aim->responses) aim_at(one);
  }
  if (!judged) return;
  for (const spec::Response* one : seen.responses) ++cases_[one];
  for (const spec::Form* one : seen.urcs) ++cases_[one];
  for (const spec::ErrorCode* one : seen.errors) ++cases_[one];
  for (const spec::Transition* one : seen.transitions) ++cases_[one];
  for (const auto& state : seen.states) ++states_[state];
  // Of several explanations, the one that the bench has brought about for this case is it.
  for (const spec::Transition* one : seen.possible) {
    if (Meant(outcome, one) && !seen.transitions.contains(one)) ++cases_[one];
    possible_.insert(one);
  }
}

bool CoverageCount::Meant(const report::Outcome& outcome,
                          const spec::Transition* transition) const {
  const Aim* aim = aims_ != nullptr ? aims_->Find(outcome.id) : nullptr;
  return aim != nullptr && std::find(aim->transitions.begin(), aim->transitions.end(),
                                     transition) != aim->transitions.end();
}

void CoverageCount::Enumerate() {
  const spec::Dialect& dialect = grammar_.dialect();
  const auto add = [&](const void* what, std::size_t state, const Known& known) {
    if (numbers_.emplace(Fact(what, state), known_.size()).second) known_.push_back(known);
  };
  for (const spec::Command& command : dialect.commands) {
    for (const spec::Form& form : command.forms) {
      add(&form, 0, {.urc = &form});
      for (const spec::Response& response : form.responses) add(&response, 0, {.response = &response});
    }
  }
  for (const spec::ErrorCode& error : dialect.errors) add(&error, 0, {.error = &error});
  for (const spec::Machine& machine : dialect.machines) {
    for (std::size_t i = 0; i < machine.states.size(); ++i)
      add(&machine, i + 1, {.machine = &machine, .state = i});
  }
  for (const spec::Transition& one : dialect.transitions) add(&one, 0, {.transition = &one});
  Finish(&places_);
}

CoverageCount::Numbers CoverageCount::NumbersOf(const report::Outcome& outcome,
                                                const dialect::Seen& seen) const {
  Numbers out;
  const auto add = [&](const void* what, std::size_t state) {
    if (const auto found = numbers_.find({what, state}); found != numbers_.end())
      out.seen.push_back(found->second);
    if (const auto found = places_.find({what, state}); found != places_.end())
      out.covers.push_back(found->second);
  };
  for (const spec::Response* one : seen.responses) add(one, 0);
  for (const spec::Form* one : seen.urcs) add(one, 0);
  for (const spec::ErrorCode* one : seen.errors) add(one, 0);
  for (const auto& [machine, state] : seen.states) add(machine, state + 1);
  for (const spec::Transition* one : seen.transitions) add(one, 0);
  for (const spec::Transition* one : seen.possible) {
    if (const auto found = numbers_.find({one, 0}); found != numbers_.end())
      out.possible.push_back(found->second);
    const auto place = places_.find({one, 0});
    if (place != places_.end() && Meant(outcome, one) && !seen.transitions.contains(one))
      out.covers.push_back(place->second);
  }
  // In the order of the spec, not of the addresses.
  for (auto* numbers : {&out.covers, &out.seen, &out.possible})
    std::sort(numbers->begin(), numbers->end());
  return out;
}

dialect::Seen CoverageCount::SeenOf(const std::vector<std::size_t>& seen,
                                    const std::vector<std::size_t>& possible, bool refused) const {
  dialect::Seen out;
  out.refused = refused;
  for (const std::size_t number : seen) {
    if (number >= known_.size()) continue;
    const Known& known = known_[number];
    if (known.response != nullptr) out.responses.insert(known.response);
    if (known.urc != nullptr) out.urcs.insert(known.urc);
    if (known.error != nullptr) out.errors.insert(known.error);
    if (known.transition != nullptr) out.transitions.insert(known.transition);
    if (known.machine != nullptr) out.states.emplace(known.machine, known.state);
  }
  for (const std::size_t number : possible) {
    if (number < known_.size() && known_[number].transition != nullptr)
      out.possible.insert(known_[number].transition);
  }
  return out;
}

std::size_t CoverageCount::CasesOf(const void* fact) const {
  const auto found = cases_.find(fact);
  return found == cases_.end() ? 0 : found->second;
}

WhyLeft CoverageCount::WhyNot(const void* fact) const {
  const auto found = aimed_.find(fact);
  switch (found == aimed_.end() ? Aimed::kNever : found->second) {
    case Aimed::kNever:
      break;
    case Aimed::kNotSelected:
      return WhyLeft::kSelection;
    case Aimed::kNotJudged:
      return WhyLeft::kNotJudged;
    case Aimed::kJudged:
      return WhyLeft::kUntold;
  }
  return WhyLeft::kNoCase;
}

std::optional<WhyLeft> CoverageCount::Lacks(const spec::Command& command,
                                           const spec::Form& form) const {
  const std::string& model = grammar_.dialect().model;
  if (!spec::AppliesTo(command.models, command.not_models, model) ||
      !spec::AppliesTo(form.models, {}, model))
    return WhyLeft::kModel;
  if (pics_ != nullptr && !Claims(*pics_, command, form)) return WhyLeft::kClaim;
  return std::nullopt;
}

// Does the module claim a command that brings it about? What no command does is always there.
bool CoverageCount::Claimed(const spec::Transition& transition) const {
  if (pics_ == nullptr) return true;
  bool by_command = false;
  for (const spec::Command& command : grammar_.dialect().commands) {
    const bool of_data = transition.event == "data " + command.name ||
                         transition.event == "cancel " + command.name;
    for (const spec::Form& form : command.forms) {
      if (!of_data && !spec::IsEventOf(transition.event, command, form)) continue;
      if (Claims(*pics_, command, form)) return true;
      by_command = true;
    }
  }
  return !by_command;
}

WhyLeft CoverageCount::WhyNot(const spec::Transition& transition) const {
  if (!Claimed(transition)) return WhyLeft::kClaim;
  if (aims_ != nullptr) {
    if (const auto left = aims_->left.find(transition.id); left != aims_->left.end())
      return left->second;
  }
  if (transition.source.basis == spec::Basis::kOpen) return WhyLeft::kOpen;
  if (transition.event == "elsewhere") return WhyLeft::kElsewhere;
  if (Silent(transition)) return WhyLeft::kSilent;
  return possible_.contains(&transition) ? WhyLeft::kUntold
                                         : WhyNot(static_cast<const void*>(&transition));
}

void CoverageCount::AddResponses(report::Coverage& out, Places* places) const {
  const spec::Dialect& dialect = grammar_.dialect();
  for (const spec::Command& command : dialect.commands) {
    if (command.documented_elsewhere || !command.source.document.empty()) continue;
    for (const spec::Form& form : command.forms) {
      const std::string name = command.name + "/" + spec::FormName(form);
      const std::optional<WhyLeft> lacks = Lacks(command, form);
      if (command.kind == spec::CommandKind::kUrc) {
        FactCoverage fact{CoverageKind::kResponses, name, form.source.clause, CasesOf(&form), {}};
        if (fact.cases == 0)
          fact.reason = lacks                                         ? *lacks
                        : form.source.basis == spec::Basis::kOpen ? WhyLeft::kOpen
                                                                  : WhyLeft::kNoCase;
        if (places != nullptr) places->emplace(Fact(&form, 0), out.facts.size());
        out.facts.push_back(std::move(fact));
        continue;
      }
      for (const spec::Response& response : form.responses) {
        if (Alternative(form, response) != &response) continue;
        std::size_t cases = 0;
        for (const spec::Response& one : form.responses) {
          if (Alternative(form, one) != &response) continue;
          cases += CasesOf(&one);
          if (places != nullptr) places->emplace(Fact(&one, 0), out.facts.size());
        }
        FactCoverage fact{
            CoverageKind::kResponses, name + "/" + response.id, response.source.clause, cases, {}};
        if (cases == 0)
          fact.reason = lacks                                             ? *lacks
                        : response.source.basis == spec::Basis::kOpen ? WhyLeft::kOpen
                                                                      : WhyNot(&response);
        out.facts.push_back(std::move(fact));
      }
    }
  }
}

void CoverageCount::AddErrors(report::Coverage& out, Places* places) const {
  constexpr std::string_view kAbout = "error/";
  for (const spec::ErrorCode& error : grammar_.dialect().errors) {
    if (!error.source.document.empty()) continue;
    FactCoverage fact{CoverageKind::kErrors, spec::AboutError(error).substr(kAbout.size()),
                      error.source.clause, CasesOf(&error), {}};
    if (fact.cases == 0)
      fact.reason = error.source.basis == spec::Basis::kOpen      ? WhyLeft::kOpen
                    : !IsGiven(grammar_.dialect(), error) ? WhyLeft::kElsewhere
                                                               : WhyLeft::kNoCase;
    if (places != nullptr) places->emplace(Fact(&error, 0), out.facts.size());
    out.facts.push_back(std::move(fact));
  }
}

void CoverageCount::AddStates(report::Coverage& out, Places* places) const {
  const spec::Dialect& dialect = grammar_.dialect();
  for (const spec::Machine& machine : dialect.machines) {
    // One that never changes has nothing to show.
    if (machine.states.size() < 2) continue;
    for (std::size_t i = 0; i < machine.states.size(); ++i) {
      const auto seen = states_.find({&machine, i});
      FactCoverage fact{CoverageKind::kStates, machine.id + " " + machine.states[i],
                        machine.source.clause, seen == states_.end() ? 0 : seen->second, {}};
      if (fact.cases == 0) {
        const auto leads = std::find_if(
            dialect.transitions.begin(), dialect.transitions.end(),
            [&](const spec::Transition& transition) {
              return transition.machine == machine.id && transition.to == machine.states[i] &&
                     CasesOf(&transition) == 0;
            });
        fact.reason = leads == dialect.transitions.end() ? WhyLeft::kNoCase : WhyNot(*leads);
      }
      if (places != nullptr) places->emplace(Fact(&machine, i + 1), out.facts.size());
      out.facts.push_back(std::move(fact));
    }
  }
}

void CoverageCount::AddTransitions(report::Coverage& out, Places* places) const {
  for (const spec::Transition& transition : grammar_.dialect().transitions) {
    if (!transition.source.document.empty()) continue;
    FactCoverage fact{CoverageKind::kTransitions, transition.id, transition.source.clause,
                      CasesOf(&transition), {}};
    if (fact.cases == 0) fact.reason = WhyNot(transition);
    if (places != nullptr) places->emplace(Fact(&transition, 0), out.facts.size());
    out.facts.push_back(std::move(fact));
  }
}

report::Coverage CoverageCount::Finish() const { return Finish(nullptr); }

report::Coverage CoverageCount::Finish(Places* places) const {
  report::Coverage out;
  for (const auto& [clause, entry] : clauses_) out.clauses.push_back(entry);
  AddResponses(out, places);
  AddErrors(out, places);
  AddStates(out, places);
  AddTransitions(out, places);
  return out;
}

}  // namespace assay::harness
