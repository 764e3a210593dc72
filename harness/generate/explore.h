// The states of a modem that the bench can bring about, and how: walks from a fresh modem, the
// cheapest first, so that what the manual states is relied on before what is inferred.
//
//   Explorer explorer(grammar, words, alphabet);
//   explorer.Explore();
//   const Edge* edge = explorer.Fires(transition);     // null: no walk takes it
//   explorer.nodes()[edge->from].path;                 // what to say before
#ifndef HARNESS_GENERATE_EXPLORE_H_
#define HARNESS_GENERATE_EXPLORE_H_

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "harness/generate/reference.h"

namespace assay::harness {

struct Node {
  std::string signature;
  std::vector<Stimulus> path;
  std::size_t cost = 0;
  std::string world;     // the host that the path has led to last
  std::size_t like = 0;  // what can be said here is what can be said at that node
};

struct Edge {
  std::size_t from = 0, to = 0;  // nodes
  Stimulus stimulus;
  Transitions transitions;
  const spec::Response* response = nullptr;  // which documented answer it was
  bool accepted = false;
  bool succeeds = false;        // it is accepted, and no result tells a failure
  Time took{0}, final_took{0};  // with all that comes of it; to its final code
  std::size_t by_final = 0;     // so many of the transitions
  std::string told;             // by a read command
};

class Explorer {
 public:
  Explorer(std::shared_ptr<const dialect::Grammar> grammar, const std::vector<Stimulus>& alphabet);
  void Explore();

  const std::vector<Node>& nodes() const { return nodes_; }
  // Those of commands.
  const std::vector<Edge>& edges() const { return edges_; }
  // Those of what the bench takes away, and gives back.
  const std::vector<Edge>& bench_edges() const { return bench_edges_; }
  // Of the walk that it ends.
  std::size_t Cost(const Edge& edge) const;
  // The cheapest edge that takes it, a command's before one of the bench; null: none does.
  const Edge* Fires(const spec::Transition* transition) const;
  // The cheapest edge on which a command of this form succeeds; null: none.
  const Edge* Succeeds(const spec::Form* form, std::int64_t instance) const;

 private:
  const Edge* Cheapest(const std::function<bool(const Edge&)>& fits) const;
  void ExploreInstance(std::int64_t instance);
  void Expand(std::size_t node, std::vector<std::size_t>& queue);
  void Try(std::size_t node, const Stimulus& stimulus, std::vector<std::size_t>& queue);
  std::size_t Reach(const std::string& signature, const Node& from, const Stimulus& stimulus,
                    const Transitions& transitions, std::vector<std::size_t>& queue);
  bool Pursue(const spec::Transition& transition, bool perhaps);
  bool TryPair(const spec::Transition& transition, std::size_t node, const Edge& first,
               const Edge& second);
  Transitions ActAt(std::size_t node, transcript::BenchAct act, const Transitions& but);
  const std::shared_ptr<const dialect::Grammar> grammar_;
  const std::vector<Stimulus>& alphabet_;
  std::vector<Node> nodes_;
  std::vector<Edge> edges_, bench_edges_;
  std::map<std::string, std::size_t> by_signature_;
  std::set<std::string> linked_;  // lines that have led to a host other than the first
  std::int64_t instance_ = 0;     // that is explored
};

// What rests on facts that the manual leaves open costs at least this, and leads nowhere.
inline constexpr std::size_t kOpenCost = 1000;
// A state that lasts shorter than this is over before anybody can use it.
inline constexpr Time kLasting{2'000'000};
// Long enough for a keep-alive and its answer.
inline constexpr Time kLongestLinger{400'000'000};
// How much longer than a modem in virtual time a bench may take for it.
inline constexpr Time kSlack{10'000'000};
// How much worse it is to rely on a fact of this basis.
std::size_t CostOf(const Transitions& transitions);

}  // namespace assay::harness

#endif  // HARNESS_GENERATE_EXPLORE_H_
