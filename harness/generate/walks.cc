// Walks over the states until every transition and every pair of transitions has been taken.
//
// First long walks, each step towards the nearest pair that is missing; then what is left of them,
// a pair at a time, from the states in which it may begin. What the manual vouches for as it stands
// comes first, so that a walk over it alone cannot fail for anything else.
#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include "harness/generate/drafts.h"
#include "harness/generate/pairs.h"

namespace assay::harness {
namespace {

constexpr std::size_t kMostSteps = 12;
constexpr int kOtherId = 7;
constexpr std::size_t kMostFailures = 3, kMostSeen = 4000;
// Pairs that are tried by themselves: from so many places.
constexpr std::size_t kMostPlaces = 12;

// What a seed chooses by: the same on every machine.
std::uint64_t Mixed(std::uint64_t seed, std::uint64_t number) {
  std::uint64_t x = seed * 0x9e3779b97f4a7c15u + number + 1;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

class Walker {
 public:
  Walker(const Ground& ground, std::uint64_t seed, std::vector<Draft>& out)
      : ground_(ground), pairs_(ground.dialect()), writer_(ground.grammar), out_(out) {
    for (const TransitionPair& pair : pairs_.Possible()) {
      const auto& all = ground.dialect().transitions;
      if (ground.explorer.Fires(&all[pair.first]) && ground.explorer.Fires(&all[pair.second]))
        missing_.insert(pair);
    }
    Prepare(seed);
  }

  // All pairs but those.
  void Take(const std::set<TransitionPair>& without) {
    for (const TransitionPair& pair : without) missing_.erase(pair);
    for (const Phase phase : {Phase::kStated, Phase::kQuick, Phase::kAll}) {
      phase_ = phase;
      while (Walk()) {
      }
    }
    const std::set<TransitionPair> left = missing_;
    for (const TransitionPair& pair : left) {
      if (missing_.contains(pair)) Single(pair);
    }
  }

  const std::set<TransitionPair>& missing() const { return missing_; }
  // The draft that was made for it.
  std::size_t TakenBy(const TransitionPair& pair) const { return taken_by_.at(pair); }

 private:
  // Over what is stated; over all that needs no waiting; over all.
  enum class Phase { kStated, kQuick, kAll };
  struct Steps {
    std::unique_ptr<Reference> modem;
    std::size_t node = 0;
    Pairs::Last last;
    std::vector<Stimulus> said;
    std::vector<TransitionPair> found;  // those that were missing
    std::size_t begin = 0;              // where the first of them was
    // Nobody knows which state the modem is in, or what it says when.
    bool over = false;
  };

  std::vector<const Edge*> AllEdges() const {
    std::vector<const Edge*> out;
    for (const auto* edges : {&ground_.explorer.edges(), &ground_.explorer.bench_edges()}) {
      for (const Edge& edge : *edges) out.push_back(&edge);
    }
    return out;
  }

  // Of edges that do the same between the same nodes, the one that takes the least time.
  void Prepare(std::uint64_t seed) {
    const auto& nodes = ground_.explorer.nodes();
    arcs_.resize(nodes.size());
    std::map<std::tuple<std::size_t, std::size_t, Transitions>, const Edge*> best;
    for (const Edge* one : AllEdges()) {
      const Edge& edge = *one;
      if ((edge.transitions.empty() && !edge.stimulus.act) || edge.to >= nodes.size() ||
          CostOf(edge.transitions) >= kOpenCost)
        continue;
      const Edge*& known = best[{edge.from, edge.to, edge.transitions}];
      if (known == nullptr || edge.took < known->took) known = &edge;
    }
    std::map<const Edge*, std::uint64_t> order;
    for (const Edge* one : AllEdges()) {
      const Edge& edge = *one;
      const auto found = best.find({edge.from, edge.to, edge.transitions});
      if (found == best.end() || found->second != &edge) continue;
      arcs_[edge.from].push_back(&edge);
      order[&edge] = Mixed(seed, order.size());
      // What comes of it takes its time, and something else can be said meanwhile.
      if (edge.took - edge.final_took <= kLasting || edge.stimulus.linger.count() > 0 ||
          edge.stimulus.pending || edge.from != edge.to || !edge.accepted)
        continue;
      Edge meanwhile = edge;
      meanwhile.stimulus.pending = true;
      meanwhile.stimulus.line = WithOtherId(meanwhile.stimulus.line);
      meanwhile.transitions.resize(edge.by_final);
      meanwhile.took = edge.final_took;
      meanwhile_.push_back(std::move(meanwhile));
      arcs_[edge.from].push_back(&meanwhile_.back());
      order[&meanwhile_.back()] = Mixed(seed, order.size());
    }
    for (auto& arcs : arcs_) {
      std::stable_sort(arcs.begin(), arcs.end(),
                       [&](const Edge* a, const Edge* b) { return order[a] < order[b]; });
    }
  }

  // What is said meanwhile has a message id of its own.
  std::string WithOtherId(std::string line) const {
    const std::string was = line;
    const dialect::ParsedCommand parsed = ground_.grammar->ParseCommand(was);
    for (const dialect::Argument& argument : parsed.arguments) {
      if (argument.parameter == nullptr || argument.value == "0" ||
          ground_.words.RoleOf(argument.name) != Role::kMessageId)
        continue;
      const auto at = static_cast<std::size_t>(argument.value.data() - was.data());
      line.replace(at, argument.value.size(), std::to_string(kOtherId));
    }
    return line;
  }

  bool Usable(const Edge& edge) const {
    if (banned_.contains(&edge)) return false;
    const bool quick = edge.took < kLasting && !edge.stimulus.pending;
    return phase_ == Phase::kAll ||
           (quick && (phase_ == Phase::kQuick || CostOf(edge.transitions) == 1));
  }

  // The shortest way on to a pair that is missing; of several the one with the most of them, that
  // rests on the best facts and takes the least time.
  // `meanwhile`: a result is still to come, and nothing is waited for.
  std::vector<const Edge*> Next(std::size_t node, const Pairs::Last& last, bool meanwhile,
                                std::size_t most) const {
    struct Place {
      std::size_t node;
      Pairs::Last last;
      std::vector<const Edge*> way;
    };
    std::deque<Place> queue{{node, last, {}}};
    std::set<std::pair<std::size_t, Pairs::Last>> seen{{node, last}};
    std::vector<const Edge*> best;
    std::tuple<std::size_t, std::size_t, Time> worth;  // the less the better
    while (!queue.empty()) {
      const Place place = std::move(queue.front());
      queue.pop_front();
      if (place.way.size() >= most || (!best.empty() && place.way.size() >= best.size())) break;
      for (const Edge* edge : arcs_[place.node]) {
        const bool pending = place.way.empty() ? meanwhile : place.way.back()->stimulus.pending;
        if (!Usable(*edge) || (pending && edge->took > kLasting)) continue;
        Pairs::Last then = place.last;
        std::size_t gain = 0;
        for (const spec::Transition* one : edge->transitions) {
          const auto pair = pairs_.Take(*one, then);
          if (pair && missing_.contains(*pair) && !hard_.contains(*pair)) ++gain;
        }
        if (gain > 0) {
          const std::tuple now(100 - std::min<std::size_t>(gain, 100), CostOf(edge->transitions),
                               edge->took);
          if (!best.empty() && worth <= now) continue;
          best = place.way;
          best.push_back(edge);
          worth = now;
        } else if (!pending && seen.size() < kMostSeen && seen.insert({edge->to, then}).second) {
          queue.push_back({edge->to, std::move(then), place.way});
          queue.back().way.push_back(edge);
        }
      }
    }
    return best;
  }

  // One walk from a fresh modem; false if there is none that takes a pair that is missing.
  bool Walk() {
    Steps walk = Fresh();
    banned_.clear();
    while (walk.said.size() < kMostSteps && !walk.over) {
      const bool meanwhile = !walk.said.empty() && walk.said.back().pending;
      const auto way =
          Next(walk.node, walk.last, meanwhile, meanwhile ? 1 : kMostSteps - walk.said.size());
      if (way.empty()) break;
      for (const Edge* edge : way) {
        if (Step(walk, *edge)) continue;
        // What was set on the way may matter: back, and another way.
        banned_.insert(edge);
        Failed(Promised(walk.last, *edge));
        walk = Again(std::move(walk));
        break;
      }
    }
    if (walk.found.empty()) return false;
    const auto begin = walk.said.begin() + static_cast<std::ptrdiff_t>(walk.begin);
    Add(std::move(walk.found), {walk.said.begin(), begin}, {begin, walk.said.end()});
    return true;
  }

  // Says what the edge says. False if it does not lead where the edge leads.
  bool Step(Steps& walk, const Edge& edge) {
    const std::set<TransitionPair> promised = Promised(walk.last, edge);
    const Heard heard = walk.modem->Say(edge.stimulus);
    if (!heard.as_documented || CostOf(heard.transitions) >= kOpenCost || !IsAt(walk, edge.to))
      return false;
    walk.said.push_back(edge.stimulus);
    walk.said.back().open = AsksForSettings(edge);
    for (const spec::Transition* transition : heard.transitions) {
      const auto pair = pairs_.Take(*transition, walk.last);
      if (!pair || missing_.erase(*pair) == 0) continue;
      if (walk.found.empty()) walk.begin = walk.said.size() - 1;
      walk.found.push_back(*pair);
    }
    Failed(promised);
    walk.node = edge.to;
    const bool meanwhile = walk.said.size() > 1 && walk.said[walk.said.size() - 2].pending;
    walk.over = meanwhile || !walk.modem->Surely();
    return true;
  }

  bool IsAt(const Steps& walk, std::size_t node) const {
    const auto& nodes = ground_.explorer.nodes();
    const std::string states = walk.modem->Signature();
    return nodes[nodes[node].like].signature ==
           (states.empty() ? states : states + nodes[node].world);
  }

  // Those of them that are still missing are not hoped for again and again.
  void Failed(const std::set<TransitionPair>& promised) {
    for (const TransitionPair& pair : promised) {
      if (missing_.contains(pair) && ++failures_[pair] >= kMostFailures) hard_.insert(pair);
    }
  }

  // What a setting is that nobody has made here, the modem's past says.
  static bool AsksForSettings(const Edge& edge) {
    return edge.response != nullptr && edge.response->outcome == spec::Outcome::kQuery;
  }

  Steps Fresh() const {
    return {std::make_unique<Reference>(ground_.grammar, true), 0, pairs_.None(), {}, {}, false};
  }
  // The same walk, on another modem.
  Steps Again(Steps walk) const {
    walk.modem = std::make_unique<Reference>(ground_.grammar, true);
    for (const Stimulus& stimulus : walk.said) walk.modem->Say(stimulus);
    return walk;
  }

  std::set<TransitionPair> Promised(Pairs::Last last, const Edge& edge) const {
    std::set<TransitionPair> out;
    for (const spec::Transition* transition : edge.transitions) {
      const auto pair = pairs_.Take(*transition, last);
      if (pair && missing_.contains(*pair) && !hard_.contains(*pair)) out.insert(*pair);
    }
    return out;
  }

  // If it shows one of them as the program plays it, where times are others.
  bool Add(std::vector<TransitionPair> found, std::vector<Stimulus> setup,
           std::vector<Stimulus> said) {
    Draft draft;
    draft.id = IdOf(found[0]);
    draft.setup = std::move(setup);
    draft.test = std::move(said);
    const std::set<TransitionPair> shown = Shown(draft);
    std::erase_if(found, [&](const TransitionPair& pair) {
      if (shown.contains(pair)) return false;
      missing_.insert(pair);
      hard_.insert(pair);
      return true;
    });
    if (found.empty()) return false;
    const auto& all = ground_.dialect().transitions;
    const spec::Transition& second = all[found[0].second];
    draft.id = IdOf(found[0]);
    draft.kind = "walk";
    draft.clause = second.source.clause;
    draft.purpose = "transition " + second.id + " follows " + all[found[0].first].id;
    if (found.size() > 1)
      draft.purpose += ", and " + std::to_string(found.size() - 1) + " more follow others";
    draft.reason = Because("transition " + second.id, second.source);
    for (const TransitionPair& pair : found) taken_by_[pair] = out_.size();
    out_.push_back(std::move(draft));
    return true;
  }

  std::string IdOf(const TransitionPair& pair) const {
    const auto& all = ground_.dialect().transitions;
    return ground_.dialect().id + "/walk/" + Slug(all[pair.first].machine) + "/" +
           Slug(all[pair.first].id) + "-then-" + Slug(all[pair.second].id);
  }

  // Nothing if it does not pass as the program plays it.
  std::set<TransitionPair> Shown(const Draft& draft) const {
    std::string why;
    const auto made = writer_.Write(draft, &why);
    const auto taken =
        made ? Played(ground_.grammar, PlanOf(*made, *ground_.grammar)) : std::nullopt;
    std::set<TransitionPair> out;
    if (!taken) return out;
    Pairs::Last last = pairs_.None();
    for (const spec::Transition* transition : *taken) {
      if (const auto pair = pairs_.Take(*transition, last)) out.insert(*pair);
    }
    return out;
  }

  // One edge takes them both.
  bool Within(const TransitionPair& pair) {
    for (const auto& arcs : arcs_) {
      for (const Edge* edge : arcs) {
        Pairs::Last last = pairs_.None();
        bool takes = false;
        for (const spec::Transition* one : edge->transitions)
          takes = pairs_.Take(*one, last) == pair || takes;
        if (!takes || CostOf(edge->transitions) >= kOpenCost) continue;
        missing_.erase(pair);
        if (Add({pair}, ground_.explorer.nodes()[edge->from].path, {edge->stimulus})) return true;
      }
    }
    return false;
  }

  // From where the first one may be taken, the second behind it.
  void Single(const TransitionPair& pair) {
    if (Within(pair)) return;
    const auto& all = ground_.dialect().transitions;
    std::vector<std::pair<const Edge*, const Edge*>> ways;
    for (const auto& arcs : arcs_) {
      for (const Edge* first : arcs) {
        if (!Ends(*first, all[pair.first]) || first->to >= arcs_.size()) continue;
        for (const Edge* second : arcs_[first->to]) {
          if (Begins(*second, all[pair.second])) ways.emplace_back(first, second);
        }
      }
    }
    std::stable_sort(ways.begin(), ways.end(), [&](const auto& a, const auto& b) {
      const auto cost = [&](const auto& way) {
        return ground_.explorer.Cost(*way.first) + CostOf(way.second->transitions);
      };
      return cost(a) < cost(b);
    });
    if (ways.size() > kMostPlaces) ways.resize(kMostPlaces);
    for (const auto& [first, second] : ways) {
      if (Shows(*first, *second, pair)) return;
    }
    Waited(pair);
  }

  // The second comes by itself, if nothing else is said for long enough.
  void Waited(const TransitionPair& pair) {
    const auto& all = ground_.dialect().transitions;
    const std::string& event = all[pair.second].event;
    if (event.find(' ') != std::string::npos || !AskedBy(event).empty() || BenchBrings(event))
      return;
    for (std::size_t node = 0; node < arcs_.size(); ++node) {
      const Node& from = ground_.explorer.nodes()[node];
      if (!Brings(from.world, event)) continue;
      for (const Edge* first : arcs_[node]) {
        if (!Ends(*first, all[pair.first]) || first->stimulus.pending) continue;
        Stimulus lingering = first->stimulus;
        lingering.linger = kLongestLinger;
        Reference modem(ground_.grammar, true);
        for (const Stimulus& before : from.path) modem.Say(before);
        const Heard heard = modem.Say(lingering);
        const auto at =
            std::find(heard.transitions.begin(), heard.transitions.end(), &all[pair.second]);
        if (!heard.as_documented || at == heard.transitions.end() ||
            at == heard.transitions.begin() || *(at - 1) != &all[pair.first])
          continue;
        lingering.linger = heard.took + kSlack;
        missing_.erase(pair);
        if (Add({pair}, from.path, {lingering})) return;
      }
    }
  }

  bool Shows(const Edge& first, const Edge& second, const TransitionPair& pair) {
    Reference modem(ground_.grammar, true);
    Pairs::Last last = pairs_.None();
    std::set<TransitionPair> taken;
    const auto say = [&](const Stimulus& stimulus) {
      const Heard heard = modem.Say(stimulus);
      for (const spec::Transition* transition : heard.transitions) {
        if (const auto one = pairs_.Take(*transition, last)) taken.insert(*one);
      }
      return heard.as_documented && CostOf(heard.transitions) < kOpenCost;
    };
    std::vector<Stimulus> setup = ground_.explorer.nodes()[first.from].path;
    for (const Stimulus& stimulus : setup) {
      if (!say(stimulus)) return false;
    }
    taken.clear();
    if (!say(first.stimulus)) return false;
    Stimulus then = second.stimulus;
    if (first.stimulus.pending && second.took > kLasting) return false;
    then.open = !modem.Surely() || AsksForSettings(second);
    if (then.open && then.data) return false;
    if (!say(then) || !taken.contains(pair)) return false;
    std::erase_if(taken, [&](const TransitionPair& one) { return missing_.erase(one) == 0; });
    taken.erase(pair);
    std::vector<TransitionPair> found{pair};
    found.insert(found.end(), taken.begin(), taken.end());
    return Add(std::move(found), std::move(setup), {first.stimulus, then});
  }

  static const spec::Transition* FirstOf(const Edge& edge, const std::string& machine) {
    for (const spec::Transition* one : edge.transitions) {
      if (one->machine == machine) return one;
    }
    return nullptr;
  }
  static bool Begins(const Edge& edge, const spec::Transition& transition) {
    return FirstOf(edge, transition.machine) == &transition;
  }
  static bool Ends(const Edge& edge, const spec::Transition& transition) {
    const spec::Transition* last = nullptr;
    for (const spec::Transition* one : edge.transitions) {
      if (one->machine == transition.machine) last = one;
    }
    return last == &transition;
  }

  const Ground& ground_;
  const Pairs pairs_;
  const CaseWriter writer_;
  std::vector<Draft>& out_;
  std::deque<Edge> meanwhile_;                  // that are gone on from before their end
  std::vector<std::vector<const Edge*>> arcs_;  // by the node that they begin in
  std::set<TransitionPair> missing_;
  std::set<const Edge*> banned_;  // did something else than explored, on this walk
  std::map<TransitionPair, std::size_t> failures_, taken_by_;
  std::set<TransitionPair> hard_;  // failed too often
  Phase phase_ = Phase::kStated;
};

// Why no walk takes a pair, though each of the two is taken.
WhyLeft WhyNot(const spec::Transition& second) {
  if (BenchBrings(second.event)) return WhyLeft::kNetwork;
  const auto& hosts = BenchHostsOfSuite();
  const bool some = std::any_of(hosts.begin(), hosts.end(), [&](const BenchHost& host) {
    return std::find(host.brings.begin(), host.brings.end(), second.event) != host.brings.end();
  });
  // What a server does that does not behave, it does not do after all that a good one does.
  return some ? WhyLeft::kPeer : WhyLeft::kHidden;
}

}  // namespace

void DraftWalks(const Ground& ground, std::uint64_t seed, std::vector<Draft>& out,
                std::vector<Untried>& left) {
  // Which pairs are taken does not depend on the seed: what one finds by luck, others leave out.
  std::vector<Draft> usual;
  Walker first(ground, GenerateOptions().seed, usual);
  first.Take({});
  const auto& all = ground.dialect().transitions;
  for (const TransitionPair& pair : first.missing()) {
    const spec::Transition &before = all[pair.first], &second = all[pair.second];
    left.push_back(
        {"transition " + second.id + " after " + before.id, second.source.clause, WhyNot(second)});
  }
  if (seed == GenerateOptions().seed) {
    out.insert(out.end(), usual.begin(), usual.end());
    return;
  }
  Walker other(ground, seed, out);
  other.Take(first.missing());
  std::set<std::size_t> needed;
  for (const TransitionPair& pair : other.missing()) needed.insert(first.TakenBy(pair));
  for (const std::size_t index : needed) {
    out.push_back(usual[index]);
    out.back().id += "-as-usual";
  }
}

}  // namespace assay::harness
