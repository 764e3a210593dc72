// Cases of two clients at once: what is said to the one, or heard by it, is none of the other's.
#include <algorithm>
#include <set>

#include "harness/generate/drafts.h"

namespace assay::harness {
namespace {

bool Takes(const Edge& edge, std::string_view end) {
  return std::any_of(
      edge.transitions.begin(), edge.transitions.end(),
      [&](const spec::Transition* transition) { return transition->event.ends_with(end); });
}

bool Has(const Edge& edge, std::string_view verb) {
  return std::any_of(
      edge.transitions.begin(), edge.transitions.end(), [&](const spec::Transition* transition) {
        return std::any_of(transition->effects.begin(), transition->effects.end(),
                           [&](const spec::Effect& effect) { return effect.verb.ends_with(verb); });
      });
}

// A client and the one of the next number.
class Neighbours {
 public:
  Neighbours(const Ground& ground, const spec::Machine& machine, std::vector<Draft>& out)
      : ground_(ground), one_(machine.first), other_(machine.first + 1), out_(out) {
    for (const Edge& edge : ground.explorer.edges()) {
      const bool plain = edge.stimulus.instance == one_ && !edge.stimulus.pending &&
                         edge.stimulus.linger.count() == 0 &&
                         CostOf(edge.transitions) < kOpenCost &&
                         edge.to < ground.explorer.nodes().size();
      if (plain && edge.stimulus.ending != transcript::DataEnding::kEscape) edges_.push_back(&edge);
    }
  }

  void Take() {
    Messages();
    Closing();
    States();
    Settings();
  }

 private:
  const Node& From(const Edge& edge) const { return ground_.explorer.nodes()[edge.from]; }
  bool InGoodWorld(const Edge& edge) const {
    return From(edge).world == "broker" || From(edge).world == "gateway";
  }

  // The same, said for the other client. False if it names none.
  bool Move(Stimulus& stimulus) const {
    const std::string was = stimulus.line;
    const dialect::ParsedCommand parsed = ground_.grammar->ParseCommand(was);
    bool moved = false;
    for (auto at = parsed.arguments.rbegin(); at != parsed.arguments.rend(); ++at) {
      if (at->parameter == nullptr) continue;
      const bool index = ground_.words.IsIndex(*at->parameter);
      const bool own = ground_.words.RoleOf(at->name) == Role::kClient &&
                       at->value == ground_.words.Value(*at->parameter, Here(one_));
      if (!index && !own) continue;
      const auto begin = static_cast<std::size_t>(at->value.data() - was.data());
      stimulus.line.replace(begin, at->value.size(),
                            ground_.words.Value(*at->parameter, Here(other_)));
      moved = moved || index;
    }
    stimulus.instance = other_;
    return moved;
  }
  static Occasion Here(std::int64_t instance) {
    Occasion out;
    out.instance = instance;
    return out;
  }

  // What is said for no client needs not be said twice.
  std::vector<Stimulus> Moved(const std::vector<Stimulus>& path) const {
    std::vector<Stimulus> out;
    for (Stimulus stimulus : path) {
      if (Move(stimulus)) out.push_back(std::move(stimulus));
    }
    return out;
  }

  // For the first, then for the second; and, if clients have to be told their names so that a
  // server knows them apart, with that before.
  std::vector<std::vector<Stimulus>> Both(const std::vector<Stimulus>& path) const {
    const auto twice = [&](std::vector<Stimulus> setup) {
      for (Stimulus& stimulus : Moved(setup)) setup.push_back(std::move(stimulus));
      return setup;
    };
    std::vector<std::vector<Stimulus>> out = {twice(path)};
    for (const Edge* edge : edges_) {
      if (!edge->succeeds || !From(*edge).path.empty() || !Names(edge->stimulus)) continue;
      std::vector<Stimulus> named = path;
      named.insert(named.begin(), edge->stimulus);
      out.push_back(twice(std::move(named)));
    }
    return out;
  }

  bool Names(const Stimulus& stimulus) const {
    const dialect::ParsedCommand parsed = ground_.grammar->ParseCommand(stimulus.line);
    return std::any_of(parsed.arguments.begin(), parsed.arguments.end(),
                       [&](const dialect::Argument& argument) {
                         return argument.parameter != nullptr &&
                                ground_.words.RoleOf(argument.name) == Role::kClient;
                       });
  }

  // It does what it is about on a modem that behaves: its last answer is one of success, or not,
  // and tells a message, or none.
  bool Add(const std::string& what, const std::string& purpose, const Edge& edge,
           std::vector<Stimulus> setup, std::vector<Stimulus> test, bool accepted, bool message) {
    Draft draft;
    const Stimulus& about = edge.stimulus;
    draft.id = FolderOf(ground_.dialect(), *about.command, *about.form) + "/" + what +
               (one_ == FirstOf(about) ? "" : "-" + std::to_string(one_));
    draft.kind = "clients";
    draft.clause = about.form->source.clause;
    draft.purpose = purpose;
    draft.reason = Because("syntax " + about.form->syntax.text, about.form->source);
    draft.setup = std::move(setup);
    draft.test = std::move(test);
    if (seen_.contains(draft.id) || !Does(draft, accepted, message)) return false;
    seen_.insert(draft.id);
    out_.push_back(std::move(draft));
    return true;
  }
  std::int64_t FirstOf(const Stimulus& stimulus) const {
    return InstancesOf(ground_.words, *stimulus.command, *stimulus.form).front();
  }

  bool Does(const Draft& draft, bool accepted, bool message) const {
    Reference modem(ground_.grammar, true);
    Heard heard;
    for (const auto* stimuli : {&draft.setup, &draft.test}) {
      for (const Stimulus& stimulus : *stimuli) {
        heard = modem.Say(stimulus);
        const bool last = &stimulus == &draft.test.back();
        if (!heard.as_documented || CostOf(heard.transitions) >= kOpenCost ||
            (!last && (!heard.accepted || heard.failed)))
          return false;
      }
    }
    const bool told = std::any_of(
        heard.transitions.begin(), heard.transitions.end(),
        [](const spec::Transition* transition) { return transition->event.ends_with(".message"); });
    std::string why;
    const auto made = CaseWriter(ground_.grammar).Write(draft, &why);
    return (heard.accepted && !heard.failed) == accepted && told == message && made &&
           Played(ground_.grammar, PlanOf(*made, *ground_.grammar));
  }

  // The first subscribes, and both publish to it: it is told, with its own number, and once.
  void Messages() {
    for (const Edge* subscribed : edges_) {
      if (!Takes(*subscribed, ".suback") || !subscribed->succeeds || !InGoodWorld(*subscribed))
        continue;
      for (const Edge* published : edges_) {
        if (published->from != subscribed->to || !published->succeeds ||
            !Has(*published, ".publish"))
          continue;
        Stimulus by_other = published->stimulus;
        if (!Move(by_other)) continue;
        for (const std::vector<Stimulus>& setup : Both(From(*subscribed).path)) {
          if (!Add("heard-by-the-other",
                   "what one client publishes, the other one hears that has subscribed", *published,
                   setup, {subscribed->stimulus, by_other}, true, true))
            continue;
          Add("heard-by-itself-alone",
              "what a client has subscribed to, the other one does not hear", *published, setup,
              {subscribed->stimulus, published->stimulus}, true, true);
          return;
        }
      }
    }
  }

  // The one goes; the other one stays, and its subscription.
  void Closing() {
    for (const Edge* closed : edges_) {
      if (closed->succeeds && InGoodWorld(*closed) && Has(*closed, ".disconnect")) Closing(*closed);
    }
  }
  void Closing(const Edge& closed) {
    Stimulus other = closed.stimulus;
    if (!Move(other)) return;
    for (const Edge* subscribed : edges_) {
      if (subscribed->from != closed.from || !subscribed->succeeds ||
          !Takes(*subscribed, ".suback"))
        continue;
      for (const std::vector<Stimulus>& setup : Both(From(closed).path)) {
        for (const Edge* published : edges_) {
          if (published->from == subscribed->to && published->succeeds &&
              Has(*published, ".publish") &&
              Leaves(closed, setup, {subscribed->stimulus, other, published->stimulus}, true))
            return;
        }
        if (Leaves(closed, setup, {other, subscribed->stimulus}, false)) return;
      }
    }
  }
  bool Leaves(const Edge& closed, const std::vector<Stimulus>& setup, std::vector<Stimulus> test,
              bool message) {
    return Add("leaves-the-other", "closing one client leaves the other one as it was", closed,
               setup, std::move(test), true, message);
  }

  // What a client may not do yet, it may not because another one is further.
  void States() {
    const Edge* furthest = nullptr;
    for (const Edge* edge : edges_) {
      if (!Takes(*edge, ".suback") || !edge->succeeds || !InGoodWorld(*edge)) continue;
      if (furthest == nullptr || ground_.explorer.Cost(*edge) < ground_.explorer.Cost(*furthest))
        furthest = edge;
    }
    if (furthest == nullptr) return;
    const std::vector<Stimulus>& setup = From(*furthest).path;
    for (const Edge* refused : edges_) {
      const Transitions& by = refused->transitions;
      if (refused->accepted || by.empty() || by.back()->refuse.empty() || by.back()->from.empty() ||
          !From(*refused).path.empty())
        continue;
      Stimulus other = refused->stimulus;
      if (!Move(other)) continue;
      Add("not-because-of-the-other",
          "what a client may not do yet, it may not because another one is further", *refused,
          setup, {other}, false, false);
    }
  }

  // What is set for the one is not set for the other.
  void Settings() {
    for (const Edge* set : edges_) {
      const auto& stores = set->stimulus.form->stores;
      if (stores.empty() || !set->succeeds || set->response == nullptr ||
          set->response->outcome == spec::Outcome::kQuery)
        continue;
      for (const Edge* asked : edges_) {
        if (asked->stimulus.form != set->stimulus.form || asked->from != set->to ||
            asked->response == nullptr || asked->response->outcome != spec::Outcome::kQuery)
          continue;
        Stimulus other = asked->stimulus, own = set->stimulus;
        if (!Move(other) || !Move(own)) continue;
        // What the other one has is known if it was set.
        const auto another = Otherwise(set->stimulus);
        if (another && Add("not-set-for-the-other",
                           "what is set for a client is not set for the other one", *set,
                           From(*set).path, {own, *another, other}, true, false))
          continue;
        Add("not-set-for-the-other", "what is set for a client is not set for the other one", *set,
            From(*set).path, {set->stimulus, other}, true, false);
      }
    }
  }

  // The same form with other values for what it stores.
  std::optional<Stimulus> Otherwise(const Stimulus& set) const {
    StimulusOptions options;
    options.occasion = Here(one_);
    options.groups = OptionalGroups(*set.form);
    auto text = TextOf(*ground_.grammar, ground_.words, *set.command, *set.form, options);
    if (!text) return std::nullopt;
    bool any = false;
    for (CommandField& field : text->fields) {
      if (field.parameter == nullptr || ground_.words.IsIndex(*field.parameter) ||
          std::find(set.form->stores.begin(), set.form->stores.end(), field.parameter->name) ==
              set.form->stores.end())
        continue;
      const auto value = Another(ground_.dialect(), *field.parameter);
      if (!value || *value == field.value) continue;
      field.value = *value;
      any = true;
    }
    if (!any) return std::nullopt;
    return StimulusOf(ground_.words, *set.command, *set.form, *text, options.occasion);
  }

  const Ground& ground_;
  const std::int64_t one_, other_;
  std::vector<Draft>& out_;
  std::vector<const Edge*> edges_;  // of the first
  std::set<std::string> seen_;
};

}  // namespace

void DraftClients(const Ground& ground, std::vector<Draft>& out) {
  std::set<std::int64_t> done;
  for (const spec::Machine& machine : ground.dialect().machines) {
    if (!machine.index.empty() && machine.first < machine.last && done.insert(machine.first).second)
      Neighbours(ground, machine, out).Take();
  }
}

}  // namespace assay::harness
