// Cases of states: each transition, and each command in each state.
#include <algorithm>
#include <set>

#include "harness/generate/drafts.h"

namespace assay::harness {
namespace {

const spec::Command* CommandOf(const Ground& ground, const std::string& event,
                               const spec::Form** form) {
  for (const spec::Command& command : ground.dialect().commands) {
    for (const spec::Form& candidate : command.forms) {
      if (!spec::IsEventOf(event, command, candidate)) continue;
      *form = &candidate;
      return &command;
    }
  }
  return nullptr;
}

// "socket 0 connected"; what a path has left in variables is not told.
std::string StatesOf(const Node& node) {
  const std::size_t end = node.signature.rfind("; ");
  return end == std::string::npos ? "a fresh modem" : node.signature.substr(0, end);
}

// Of the states of a node ("client 1 open; user 1 set") those that say which instances the form
// lists.
std::string ListedStates(const spec::Form& form, const std::string& states) {
  std::set<std::string> machines;
  for (const spec::Response& response : form.responses) {
    for (const spec::ResponseLine& line : response.lines) {
      if (line.each) machines.insert(line.each->machines.begin(), line.each->machines.end());
      if (!line.per_states.empty()) machines.insert(line.per);
    }
  }
  std::string out;
  for (std::size_t at = 0; at < states.size();) {
    const std::size_t end = std::min(states.find("; ", at), states.size());
    const std::string one = states.substr(at, end - at);
    if (machines.contains(one.substr(0, one.find(' ')))) out += one + "; ";
    at = end + 2;
  }
  return out;
}

// A state as a read command tells it; where it lists instances by their states, each state, else
// one of those of which it tells the same.
void DraftReading(const Ground& ground, const Edge& edge, std::set<std::string>& seen,
                  std::vector<Draft>& out) {
  const Stimulus& stimulus = edge.stimulus;
  const Node& node = ground.explorer.nodes()[edge.from];
  if (stimulus.form->form != spec::FormKind::kRead || !edge.accepted) return;
  if (stimulus.form->source.basis == spec::Basis::kOpen) return;
  const std::string states = StatesOf(node);
  Draft draft;
  draft.id = FolderOf(ground.dialect(), *stimulus.command, *stimulus.form) + "/in-" + Slug(states);
  const std::string known = stimulus.line + "\n" + edge.told + "\n";
  if (!seen.insert(known + ListedStates(*stimulus.form, states)).second ||
      !seen.insert(draft.id).second)
    return;
  draft.kind = "state";
  draft.clause = stimulus.form->source.clause;
  draft.purpose = stimulus.command->name + "? tells the state in " + states;
  draft.reason = Because("syntax " + stimulus.form->syntax.text, stimulus.form->source);
  draft.setup = node.path;
  draft.test = {stimulus};
  out.push_back(std::move(draft));
}

}  // namespace

std::optional<std::string> FolderOf(const Ground& ground, const Stimulus& stimulus) {
  if (stimulus.act) return FolderOf(ground.dialect(), *stimulus.act);
  if (!Tried(*ground.grammar, *stimulus.command, *stimulus.form)) return std::nullopt;
  return FolderOf(ground.dialect(), *stimulus.command, *stimulus.form);
}

// Each documented answer to each form that some walk brings about.
void DraftResponses(const Ground& ground, std::vector<Draft>& out) {
  std::set<const spec::Response*> done;
  std::vector<const Edge*> order;
  for (const Edge& edge : ground.explorer.edges()) order.push_back(&edge);
  const auto& nodes = ground.explorer.nodes();
  std::stable_sort(order.begin(), order.end(), [&](const Edge* a, const Edge* b) {
    return ground.explorer.Cost(*a) < ground.explorer.Cost(*b);
  });
  for (const Edge* edge : order) {
    const Stimulus& stimulus = edge->stimulus;
    if (edge->response == nullptr || stimulus.pending || stimulus.linger.count() > 0) continue;
    if (edge->response->source.basis == spec::Basis::kOpen ||
        CostOf(edge->transitions) >= kOpenCost)
      continue;
    // No fact of the manual's refuses it here.
    if (!edge->accepted && edge->transitions.empty() &&
        !ground.grammar->Compiled(stimulus.form)->transitions.empty())
      continue;
    if (!done.insert(edge->response).second) continue;
    Draft draft;
    draft.id = FolderOf(ground.dialect(), *stimulus.command, *stimulus.form) + "/answer-" +
               Slug(edge->response->id);
    draft.kind = "answer";
    draft.clause = edge->response->source.document.empty() ? edge->response->source.clause
                                                           : stimulus.form->source.clause;
    draft.purpose = stimulus.command->name + " " + spec::FormName(*stimulus.form) +
                    " gives the documented answer \"" + edge->response->id + "\"";
    draft.reason = Because("answer " + edge->response->id, edge->response->source);
    draft.setup = nodes[edge->from].path;
    draft.test = {stimulus};
    out.push_back(std::move(draft));
  }
}

void DraftTransitions(const Ground& ground, std::vector<Draft>& out) {
  for (const spec::Transition& transition : ground.dialect().transitions) {
    const Edge* edge = ground.explorer.Fires(&transition);
    if (edge == nullptr || transition.source.basis == spec::Basis::kOpen) continue;
    const std::optional<std::string> folder = FolderOf(ground, edge->stimulus);
    if (!folder) continue;
    Draft draft;
    draft.id = *folder + "/transition-" + Slug(transition.id);
    draft.kind = "transition";
    draft.clause = transition.source.clause;
    const bool by_command = transition.event.find(' ') != std::string::npos;
    draft.purpose =
        (by_command ? "in " + StatesOf(ground.explorer.nodes()[edge->from]) + ", " +
                          edge->stimulus.command->name +
                          " is " + (transition.refuse.empty() ? "taken" : "refused")
                    : "what follows " + transition.event + " is reported");
    draft.reason = Because("transition " + transition.id, transition.source);
    draft.setup = ground.explorer.nodes()[edge->from].path;
    draft.test = {edge->stimulus};
    out.push_back(std::move(draft));
  }
}

void DraftStates(const Ground& ground, std::vector<Draft>& out) {
  const spec::Form* form = nullptr;
  std::set<std::string> seen;
  for (const Edge& edge : ground.explorer.edges()) {
    const Stimulus& stimulus = edge.stimulus;
    if (stimulus.pending || stimulus.linger.count() > 0) continue;
    if (edge.transitions.empty()) {
      DraftReading(ground, edge, seen, out);
      continue;
    }
    const spec::Transition& first = *edge.transitions.front();
    if (CommandOf(ground, first.event, &form) == nullptr) continue;
    const bool open = std::any_of(edge.transitions.begin(), edge.transitions.end(),
                                  [](const spec::Transition* transition) {
                                    return transition->source.basis == spec::Basis::kOpen;
                                  });
    if (open) continue;
    const Node& node = ground.explorer.nodes()[edge.from];
    // Hosts that misbehave have their own cases.
    if (!node.world.empty() && node.world != "broker" && node.world != "gateway") continue;
    if (!stimulus.host.empty() && stimulus.host != "broker" && stimulus.host != "gateway") continue;
    // One for each state of the machine that decides, whatever the others do.
    const std::string machine = first.machine;
    std::string state = "initial";
    if (const std::size_t at = node.signature.find(machine + " "); at != std::string::npos)
      state = node.signature.substr(at, node.signature.find(';', at) - at);
    const std::string id = FolderOf(ground.dialect(), *stimulus.command, *stimulus.form) + "/in-" +
                           Slug(state == "initial" ? machine + " initial" : state);
    if (!seen.insert(id).second) continue;
    Draft draft;
    draft.id = id;
    draft.kind = "state";
    draft.clause = first.source.clause;
    draft.purpose = "in " + StatesOf(node) + ", " + stimulus.command->name + " is " +
                    (edge.accepted ? "taken" : "refused");
    draft.reason = Because("transition " + first.id, first.source);
    draft.setup = node.path;
    draft.test = {stimulus};
    out.push_back(std::move(draft));
  }
}

}  // namespace assay::harness
