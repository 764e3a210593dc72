#include "harness/generate/explore.h"

#include <algorithm>
#include <set>

#include "harness/generate/vocabulary.h"

namespace assay::harness {
namespace {

constexpr std::size_t kMostNodes = 250, kMostSteps = 12, kMostTries = 1500;
constexpr int kRounds = 2;
// So many machines are away from their first state at once, at most: settings that have nothing to
// do with each other would multiply.
constexpr std::ptrdiff_t kMostMachines = 3;

void Names(const spec::Expression& expression, std::set<std::string>& out) {
  if (expression.op == spec::Expression::Op::kName) out.insert(expression.text);
  for (const spec::Expression& argument : expression.args) Names(argument, out);
}

// Nothing that it does matters to any state.
bool Inert(const dialect::Grammar& grammar, const spec::Form& form) {
  const dialect::CompiledForm& compiled = *grammar.Compiled(&form);
  if (!compiled.transitions.empty() || !compiled.data_transitions.empty()) return false;
  std::set<std::string> asked;
  for (const spec::Transition& transition : grammar.dialect().transitions) {
    if (transition.guard) Names(transition.guard->root, asked);
  }
  return std::none_of(form.stores.begin(), form.stores.end(),
                      [&](const std::string& name) { return asked.contains(name); });
}

bool Links(const spec::Effect& effect) {
  return effect.verb == "net.open" || effect.verb == "sn.connect";
}

bool Linked(const Transitions& transitions) {
  return std::any_of(
      transitions.begin(), transitions.end(), [](const spec::Transition* transition) {
        return std::any_of(transition->effects.begin(), transition->effects.end(), Links);
      });
}

// The host that a link leads to: what it does later on is a state, too.
std::string WorldAfter(const Node& from, const Stimulus& stimulus, const Transitions& transitions) {
  return !stimulus.host.empty() && Linked(transitions) ? stimulus.host : from.world;
}

bool Have(const Transitions& transitions, const std::vector<std::string_view>& verbs) {
  for (const spec::Transition* transition : transitions) {
    for (const spec::Effect& effect : transition->effects) {
      if (std::find(verbs.begin(), verbs.end(), effect.verb) != verbs.end()) return true;
    }
  }
  return false;
}

// May a command of this form have one of these effects, or data that it asks for?
bool Asks(const dialect::Grammar& grammar, const spec::Form& form,
          const std::vector<std::string_view>& verbs) {
  const dialect::CompiledForm& compiled = *grammar.Compiled(&form);
  return Have(compiled.transitions, verbs) || (form.data && Have(compiled.data_transitions, verbs));
}

// What has to be asked for before such an event can come.
std::vector<std::string_view> AskedBefore(std::string_view event) {
  if (event == "mqtt.message") return {"mqtt.subscribe"};
  if (event == "sn.message") return {"sn.subscribe"};
  return {};
}

// May a command of this form change a variable that the guard asks for?
bool Sets(const dialect::Grammar& grammar, const spec::Form& form,
          const std::set<std::string>& asked) {
  if (std::any_of(form.stores.begin(), form.stores.end(),
                  [&](const std::string& name) { return asked.contains(name); }))
    return true;
  const dialect::CompiledForm& compiled = *grammar.Compiled(&form);
  for (const auto* transitions : {&compiled.transitions, &compiled.data_transitions}) {
    for (const spec::Transition* transition : *transitions) {
      if (transitions == &compiled.data_transitions && !form.data) continue;
      for (const spec::Effect& effect : transition->effects) {
        if (effect.verb.find('.') == std::string::npos && !effect.args.empty() &&
            asked.contains(effect.args[0].value.text))
          return true;
      }
    }
  }
  return false;
}

// An event that is no command's.
bool Outside(const spec::Transition& transition) {
  return transition.event.find(' ') == std::string::npos;
}

// "AT+X write" of "data AT+X": the command line that leads there.
std::string EventCommand(const spec::Transition& transition) {
  for (const std::string_view word : {"data ", "cancel "}) {
    if (transition.event.starts_with(word)) return transition.event.substr(word.size()) + " write";
  }
  return transition.event;
}

Edge EdgeOf(std::size_t from, std::size_t to, const Stimulus& stimulus, const Heard& heard) {
  return {.from = from,
          .to = to,
          .stimulus = stimulus,
          .transitions = heard.transitions,
          .response = heard.response,
          .accepted = heard.accepted,
          .succeeds = heard.accepted && !heard.failed,
          .took = heard.took,
          .final_took = heard.final_took,
          .by_final = heard.by_final,
          .told = {}};
}

}  // namespace

std::size_t CostOf(const Transitions& transitions) {
  std::size_t out = 1;
  for (const spec::Transition* transition : transitions) {
    const spec::Source& source = transition->source;
    if (source.basis == spec::Basis::kOpen) out += kOpenCost;
    if (source.basis == spec::Basis::kInferred) out += 8;
    if (source.basis == spec::Basis::kExample) out += 2;
    if (!source.erratum.empty()) out += 1;
  }
  return out;
}

Explorer::Explorer(std::shared_ptr<const dialect::Grammar> grammar,
                   const std::vector<Stimulus>& alphabet)
    : grammar_(std::move(grammar)), alphabet_(alphabet) {}

void Explorer::Explore() {
  nodes_.push_back({Reference(grammar_, true).Signature(), {}, 0, {}, 0});
  std::set<std::int64_t> instances;
  for (const Stimulus& stimulus : alphabet_) {
    if (stimulus.instance != kNoInstance) instances.insert(stimulus.instance);
  }
  // Each by itself: what happens on one instance leaves the others alone.
  for (const std::int64_t instance : instances) ExploreInstance(instance);
  for (int round = 0; round < kRounds; ++round) {
    for (const spec::Transition& transition : grammar_->dialect().transitions) {
      if (transition.source.basis != spec::Basis::kOpen && transition.event != "elsewhere" &&
          !BenchBrings(transition.event) && Fires(&transition) == nullptr)
        Pursue(transition, false) || (Outside(transition) && Pursue(transition, true));
    }
  }
  // On links that last.
  const std::size_t known = nodes_.size();
  for (std::size_t node = 1; node < known; ++node) {
    if (!Lasts(nodes_[node].world)) continue;
    const Transitions lost = ActAt(node, transcript::BenchAct::kNetworkOff, {});
    if (!lost.empty()) ActAt(node, transcript::BenchAct::kSimOut, lost);
  }
}

// What the bench takes away at the node, if that brings about anything `but` this, and what is there
// once it has given it back. What it brings about.
Transitions Explorer::ActAt(std::size_t node, transcript::BenchAct act, const Transitions& but) {
  const Node from = nodes_[node];
  Stimulus taking = StimulusOf(act);
  for (const Stimulus& before : from.path) {
    if (before.instance != kNoInstance) taking.instance = before.instance;
  }
  Reference modem(grammar_, true);
  for (const Stimulus& before : from.path) modem.Say(before);
  const Heard heard = modem.Say(taking);
  const std::size_t cost = CostOf(heard.transitions);
  if (!heard.as_documented || heard.transitions == but || cost >= kOpenCost) return {};
  Node away{modem.Signature() + from.world, from.path, from.cost + cost, from.world,
            nodes_.size()};
  away.path.push_back(taking);
  Edge taken;
  taken.from = node;
  taken.to = nodes_.size();
  taken.stimulus = taking;
  taken.transitions = heard.transitions;
  taken.took = heard.took;
  nodes_.push_back(std::move(away));
  bench_edges_.push_back(taken);
  Stimulus giving = StimulusOf(*Undoing(act));
  giving.instance = taking.instance;
  const Heard back = modem.Say(giving);
  const std::string states = modem.Signature();
  const std::string signature = states.empty() ? states : states + from.world;
  const auto known = std::find_if(nodes_.begin(), nodes_.end(), [&](const Node& other) {
    return other.signature == signature && nodes_[other.like].signature == signature;
  });
  if (!back.as_documented || !back.transitions.empty() || known == nodes_.end())
    return heard.transitions;
  Edge given;
  given.from = taken.to;
  given.to = static_cast<std::size_t>(known - nodes_.begin());
  given.stimulus = giving;
  bench_edges_.push_back(std::move(given));
  return heard.transitions;
}

void Explorer::ExploreInstance(std::int64_t instance) {
  instance_ = instance;
  by_signature_ = {{nodes_[0].signature, 0}};
  linked_.clear();
  std::vector<std::size_t> queue{0};
  while (!queue.empty()) {
    const auto cheapest =
        std::min_element(queue.begin(), queue.end(), [&](std::size_t a, std::size_t b) {
          return nodes_[a].cost != nodes_[b].cost ? nodes_[a].cost < nodes_[b].cost : a < b;
        });
    const std::size_t node = *cheapest;
    queue.erase(cheapest);
    Expand(node, queue);
  }
}

// It takes two: one that sets what the guard asks for, or that the network remembers, and one that
// fires it.
// `perhaps`: the second may not have asked for it yet, when it was met.
bool Explorer::Pursue(const spec::Transition& transition, bool perhaps) {
  std::set<std::string> asked;
  if (transition.guard) Names(transition.guard->root, asked);
  const std::size_t known = nodes_.size(), edges = edges_.size();
  const auto asking = AskedBy(transition.event);
  std::size_t tries = 0;
  for (std::size_t node = 0; node < known; ++node) {
    if (Outside(transition) && !Brings(nodes_[node].world, transition.event)) continue;
    const std::size_t like = nodes_[node].like;
    for (std::size_t i = 0; i < edges; ++i) {
      // What leads here another way may have set something on it.
      if (edges_[i].to != like || !edges_[i].succeeds || edges_[i].stimulus.pending ||
          (edges_[i].from != like && node != like))
        continue;
      const Edge first = edges_[i];
      const bool sets = Sets(*grammar_, *first.stimulus.form, asked);
      if (!sets && !Have(first.transitions, AskedBefore(transition.event))) continue;
      for (std::size_t j = 0; j < edges; ++j) {
        const Edge& second = edges_[j];
        if (second.from != like || second.stimulus.pending || second.stimulus.linger.count() > 0)
          continue;
        const bool fits = Outside(transition)
                              ? Have(second.transitions, asking) ||
                                    (perhaps && Asks(*grammar_, *second.stimulus.form, asking))
                              : spec::IsEventOf(EventCommand(transition), *second.stimulus.command,
                                                *second.stimulus.form);
        if (!fits) continue;
        if (++tries > kMostTries) return false;
        if (TryPair(transition, node, first, Edge(second))) return true;
      }
    }
  }
  return false;
}

bool Explorer::TryPair(const spec::Transition& transition, std::size_t node, const Edge& first,
                       const Edge& second) {
  const Node from = first.from == first.to ? nodes_[node] : nodes_[first.from];
  Reference modem(grammar_, true);
  for (const Stimulus& before : from.path) modem.Say(before);
  const Heard set = modem.Say(first.stimulus);
  const Heard heard = modem.Say(second.stimulus);
  const bool fired = std::find(heard.transitions.begin(), heard.transitions.end(), &transition) !=
                     heard.transitions.end();
  if (!fired || !set.as_documented || !heard.as_documented) return false;
  Node next{nodes_[node].signature + " then " + first.stimulus.line, from.path,
            from.cost + CostOf(set.transitions), nodes_[node].world, first.to};
  next.path.push_back(first.stimulus);
  nodes_.push_back(std::move(next));
  Edge setting = first;
  setting.from = first.from == first.to ? node : first.from;
  setting.to = nodes_.size() - 1;
  edges_.push_back(std::move(setting));
  edges_.push_back(EdgeOf(nodes_.size() - 1, second.to, second.stimulus, heard));
  return true;
}

void Explorer::Expand(std::size_t node, std::vector<std::size_t>& queue) {
  if (nodes_[node].path.size() >= kMostSteps) return;
  for (const Stimulus& stimulus : alphabet_) {
    if (stimulus.instance != kNoInstance && stimulus.instance != instance_) continue;
    // What is read says in which state the modem is.
    const bool reads = stimulus.form->form == spec::FormKind::kRead;
    if (node != 0 && !reads && Inert(*grammar_, *stimulus.form)) continue;
    if (linked_.contains(stimulus.line)) continue;
    Try(node, stimulus, queue);
  }
}

std::size_t Explorer::Reach(const std::string& signature, const Node& from,
                            const Stimulus& stimulus, const Transitions& transitions,
                            std::vector<std::size_t>& queue) {
  const std::size_t cost = CostOf(transitions);
  const auto known = by_signature_.find(signature);
  if (known != by_signature_.end()) {
    Node& node = nodes_[known->second];
    // Not yet expanded: a cheaper way may still be taken.
    const bool waiting = std::find(queue.begin(), queue.end(), known->second) != queue.end();
    if (waiting && from.cost + cost < node.cost) {
      std::vector<Stimulus> path = from.path;
      path.push_back(stimulus);
      node.path = std::move(path);
      node.cost = from.cost + cost;
    }
    return known->second;
  }
  const bool crowded = std::count(signature.begin(), signature.end(), ';') > kMostMachines;
  if (nodes_.size() >= kMostNodes || cost >= kOpenCost || crowded) return nodes_.size();
  Node next{signature, from.path, from.cost + cost, WorldAfter(from, stimulus, transitions),
            nodes_.size()};
  next.path.push_back(stimulus);
  nodes_.push_back(std::move(next));
  by_signature_[signature] = nodes_.size() - 1;
  queue.push_back(nodes_.size() - 1);
  return nodes_.size() - 1;
}

void Explorer::Try(std::size_t node, const Stimulus& stimulus, std::vector<std::size_t>& queue) {
  const Node from = nodes_[node];
  Reference modem(grammar_, true);
  for (const Stimulus& before : from.path) modem.Say(before);
  const Heard heard = modem.Say(stimulus);
  if (!heard.as_documented) return;
  // Who speaks TLS to a plain server, or plainly to one of TLS, learns what each bench tells
  // otherwise.
  const bool failed = std::any_of(
      heard.transitions.begin(), heard.transitions.end(),
      [](const spec::Transition* transition) { return transition->event == "net.failed"; });
  const bool good = IsGood(stimulus.host);
  if (failed ? good : IsSecure(stimulus.host)) return;
  // Hosts that misbehave do so in one session as in another.
  if (!good && Linked(heard.transitions)) linked_.insert(stimulus.line);
  const auto place = [&](const std::string& states) {
    return states.empty() ? states : states + WorldAfter(from, stimulus, heard.transitions);
  };
  const std::string signature = place(modem.Signature());
  const bool fresh = !by_signature_.contains(signature);
  Edge edge = EdgeOf(node, 0, stimulus, heard);
  if (stimulus.form->form == spec::FormKind::kRead) {
    for (const report::ExchangeRecord& exchange : heard.exchanges) {
      for (const std::string& line : exchange.received) edge.told += line + "\n";
    }
  }
  edge.to = Reach(signature, from, stimulus, heard.transitions, queue);
  edges_.push_back(edge);
  const bool lasting = heard.took - heard.final_took > kLasting;
  if (heard.accepted && lasting && place(heard.after_final) != signature && !heard.prompted) {
    Edge pending = edge;
    pending.stimulus.pending = true;
    pending.succeeds = false;
    // What has not happened yet is not relied on.
    pending.transitions.resize(std::min<std::size_t>(pending.transitions.size(), 1));
    pending.to =
        Reach(place(heard.after_final), from, pending.stimulus, pending.transitions, queue);
    edges_.push_back(std::move(pending));
  }
  if (!fresh || !heard.accepted) return;
  const Heard later = modem.Linger(kLongestLinger);
  if (later.transitions.size() == heard.transitions.size() || !later.as_documented) return;
  Edge lingering = edge;
  lingering.stimulus.linger = later.took + kSlack;
  lingering.took = lingering.stimulus.linger;
  lingering.transitions = later.transitions;
  lingering.succeeds = false;
  lingering.to =
      Reach(place(modem.Signature()), from, lingering.stimulus, later.transitions, queue);
  edges_.push_back(std::move(lingering));
}

std::size_t Explorer::Cost(const Edge& edge) const {
  return nodes_[edge.from].cost + CostOf(edge.transitions);
}

const Edge* Explorer::Cheapest(const std::function<bool(const Edge&)>& fits) const {
  const Edge* best = nullptr;
  for (const auto* edges : {&edges_, &bench_edges_}) {
    if (best != nullptr) break;
    for (const Edge& edge : *edges) {
      if (fits(edge) && (best == nullptr || Cost(edge) < Cost(*best))) best = &edge;
    }
  }
  return best;
}

const Edge* Explorer::Fires(const spec::Transition* transition) const {
  return Cheapest([&](const Edge& edge) {
    return std::find(edge.transitions.begin(), edge.transitions.end(), transition) !=
           edge.transitions.end();
  });
}

const Edge* Explorer::Succeeds(const spec::Form* form, std::int64_t instance) const {
  return Cheapest([&](const Edge& edge) {
    return edge.stimulus.form == form && edge.succeeds && !edge.stimulus.pending &&
           edge.stimulus.ending != transcript::DataEnding::kEscape &&
           edge.stimulus.instance == instance;
  });
}

}  // namespace assay::harness
