#include "harness/told_failure.h"

#include <algorithm>

namespace assay::harness {
namespace {

using dialect::LineFit;
using dialect::LineMatch;
using spec::Expression;
using spec::Transition;

bool EndsWithAny(std::string_view event, std::initializer_list<std::string_view> ends) {
  return std::any_of(ends.begin(), ends.end(),
                     [&](std::string_view end) { return event.ends_with(end); });
}

// Events of spec/BEHAVIOUR.md.
bool Succeeds(std::string_view event) {
  return event == "net.opened" || EndsWithAny(event, {"ack", ".published", ".disconnected"});
}
bool Fails(std::string_view event) {
  return EndsWithAny(
      event, {".failed", "_failed", ".lost", ".closed_by_peer", ".gave_up", ".ping_timeout"});
}

// An acknowledgement has a code, and only 0 accepts: what the guard asks of it.
bool AsksForRefusal(const Expression& guard) {
  const bool compares = guard.args.size() == 2 && guard.args[0].op == Expression::Op::kName &&
                        guard.args[0].text == "code" && guard.args[1].op == Expression::Op::kNumber;
  if (compares) return (guard.op == Expression::Op::kEq) != (guard.args[1].number == 0);
  return guard.op == Expression::Op::kAnd &&
         std::any_of(guard.args.begin(), guard.args.end(), AsksForRefusal);
}

bool Accepts(const Transition& transition, const LineMatch& match) {
  if (transition.guard && AsksForRefusal(transition.guard->root)) return false;
  const dialect::LineField* code = match.Find("code");
  return code == nullptr || code->value == "0";
}

// The instance ends elsewhere than it was.
bool Moves(const Transition& transition) {
  return !transition.to.empty() && std::find(transition.from.begin(), transition.from.end(),
                                             transition.to) == transition.from.end();
}

}  // namespace

bool TellsFailure(const dialect::Grammar& grammar, std::string_view line, bool result) {
  bool can_succeed = false, fails = false;
  LineMatch match;
  for (const dialect::SentLine* sent : grammar.SentLike(line)) {
    const Transition& transition = *sent->transition;
    const bool succeeds = Succeeds(transition.event);
    can_succeed = can_succeed || succeeds;
    if (sent->pattern.Match(line, match) != LineFit::kMatch) continue;
    if (succeeds && Accepts(transition, match)) return false;
    if (!Fails(transition.event)) continue;
    if (!result && !Moves(transition)) return false;
    fails = true;
  }
  return result ? can_succeed : fails;
}

}  // namespace assay::harness
