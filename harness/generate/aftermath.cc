// Cases of what a transition leaves behind: what it sets, puts back and leads to, as the queries
// tell it that name these values or list these states.
#include <algorithm>
#include <set>
#include <utility>

#include "harness/generate/drafts.h"

namespace assay::harness {
namespace {

bool Has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The variables that it gives another value, by whatever means.
std::vector<std::string> Touched(const spec::Transition& transition) {
  std::vector<std::string> out;
  for (const spec::Effect& effect : transition.effects) {
    const bool one = effect.verb == "set" || effect.verb == "append" || effect.verb == "remove";
    if (!one && effect.verb != "reset") continue;
    for (const spec::EffectArgument& argument : effect.args) {
      out.push_back(argument.value.text);
      if (one) break;
    }
  }
  return out;
}

bool Names(const std::vector<spec::TemplatePart>& parts, const std::vector<std::string>& names) {
  return std::any_of(parts.begin(), parts.end(), [&](const spec::TemplatePart& part) {
    return (part.kind == spec::TemplatePart::Kind::kField && Has(names, part.text)) ||
           Names(part.parts, names);
  });
}

class Aftermath {
 public:
  Aftermath(const Ground& ground, std::vector<Draft>& out) : ground_(ground), out_(out) {
    for (const Edge& edge : ground.explorer.edges()) {
      const Stimulus& stimulus = edge.stimulus;
      const bool asks = stimulus.form->form == spec::FormKind::kRead ||
                        (edge.response != nullptr &&
                         edge.response->outcome == spec::Outcome::kQuery);
      if (asks && edge.accepted && edge.to == edge.from && !stimulus.pending &&
          stimulus.linger.count() == 0 &&
          std::find(queries_.begin(), queries_.end(), stimulus) == queries_.end())
        queries_.push_back(stimulus);
    }
  }

  void Take(const spec::Transition& transition) {
    const Edge* edge = ground_.explorer.Fires(&transition);
    if (edge == nullptr || transition.source.basis == spec::Basis::kOpen) return;
    const Stimulus& stimulus = edge->stimulus;
    const std::optional<std::string> folder = FolderOf(ground_, stimulus);
    if (!folder) return;
    const std::vector<std::string> touched = Touched(transition);
    const std::vector<Stimulus> queries = QueriesOf(transition, touched, stimulus.instance);
    if (queries.empty()) return;
    Draft draft;
    draft.id = *folder + "/after-" + Slug(transition.id);
    draft.kind = "aftermath";
    draft.clause = transition.source.clause;
    draft.purpose = "what " + transition.event + " sets, puts back and leads to is told to " +
                    "whoever asks";
    draft.reason = Because("transition " + transition.id, transition.source);
    // A state on the way to another is over before anybody could ask.
    if (edge->stimulus.pending || edge->transitions.back() != &transition) return;
    for (const bool noticeable : {true, false}) {
      draft.setup = ground_.explorer.nodes()[edge->from].path;
      draft.test = {stimulus};
      if (noticeable) Notice(touched, draft);
      if (!StillTaken(draft, transition)) continue;
      draft.test.insert(draft.test.end(), queries.begin(), queries.end());
      if (!IsReadBack(draft)) out_.push_back(std::move(draft));
      return;
    }
  }

 private:
  // Is it what another case asks already, but for the values?
  bool IsReadBack(const Draft& draft) const {
    const auto same = [](const Stimulus& one, const Stimulus& other) {
      return one.form == other.form && one.instance == other.instance &&
             std::count(one.line.begin(), one.line.end(), ',') ==
                 std::count(other.line.begin(), other.line.end(), ',');
    };
    return std::any_of(out_.begin(), out_.end(), [&](const Draft& other) {
      return other.kind == "read-back" && other.setup == draft.setup &&
             std::equal(other.test.begin(), other.test.end(), draft.test.begin(), draft.test.end(),
                        same);
    });
  }

  std::vector<Stimulus> QueriesOf(const spec::Transition& transition,
                                  const std::vector<std::string>& touched,
                                  std::int64_t instance) const {
    std::vector<Stimulus> out;
    for (const Stimulus& query : queries_) {
      if (query.form->form != spec::FormKind::kRead && query.instance != instance) continue;
      const auto& responses = query.form->responses;
      const bool tells =
          std::any_of(responses.begin(), responses.end(), [&](const spec::Response& response) {
            return std::any_of(response.lines.begin(), response.lines.end(),
                               [&](const spec::ResponseLine& line) {
                                 const bool lists =
                                     line.per == transition.machine ||
                                     (line.each && Has(line.each->machines, transition.machine));
                                 return line.kind == spec::LineKind::kInformation &&
                                        ((lists && !transition.to.empty()) ||
                                         Names(line.text.parts, touched));
                               });
          });
      const bool there = std::any_of(out.begin(), out.end(), [&](const Stimulus& other) {
        return other.line == query.line;
      });
      if (tells && !there) out.push_back(query);
    }
    return out;
  }

  // What is put back was something else before: each command that stores such a value gives all of
  // them, others than those of a fresh modem; and if none does, one more is said that does.
  void Notice(const std::vector<std::string>& touched, Draft& draft) const {
    bool stored = false;
    const auto fill = [&](Stimulus& stimulus) {
      if (stimulus.form == nullptr || !Stores(*stimulus.form, touched)) return;
      stored = true;
      if (auto full = Full(stimulus, touched)) {
        full->pending = stimulus.pending;
        full->linger = stimulus.linger;
        stimulus = std::move(*full);
      }
    };
    for (Stimulus& stimulus : draft.setup) fill(stimulus);
    if (stored) return;
    for (const spec::Command& command : ground_.dialect().commands) {
      for (const spec::Form& form : command.forms) {
        if (!Tried(*ground_.grammar, command, form) || !Stores(form, touched)) continue;
        Stimulus before;
        before.command = &command;
        before.form = &form;
        before.instance = draft.test.back().instance;
        if (auto full = Full(before, touched)) {
          draft.test.insert(draft.test.begin(), std::move(*full));
          return;
        }
      }
    }
    fill(draft.test.back());
  }

  static bool Stores(const spec::Form& form, const std::vector<std::string>& names) {
    return std::any_of(form.stores.begin(), form.stores.end(),
                       [&](const std::string& name) { return Has(names, name); });
  }

  std::optional<Stimulus> Full(const Stimulus& stimulus,
                               const std::vector<std::string>& touched) const {
    StimulusOptions options;
    options.occasion.instance = stimulus.instance;
    if (!stimulus.host.empty()) options.occasion.host = stimulus.host;
    options.groups = OptionalGroups(*stimulus.form);
    auto text =
        TextOf(*ground_.grammar, ground_.words, *stimulus.command, *stimulus.form, options);
    if (!text) return std::nullopt;
    char next = '2';  // no two texts alike
    for (CommandField& field : text->fields) {
      if (field.parameter == nullptr || !Has(touched, field.parameter->name)) continue;
      const Role role = ground_.words.RoleOf(field.parameter->name);
      if (role == Role::kHost || role == Role::kUrl || role == Role::kPort) continue;
      const auto another = Another(ground_.dialect(), *field.parameter);
      if (!another) continue;
      field.value = *another;
      if (IsAnyText(*field.parameter)) field.value.back() = next++;
    }
    return StimulusOf(ground_.words, *stimulus.command, *stimulus.form, *text, options.occasion);
  }

  // Does the last command of the test still bring it about?
  bool StillTaken(const Draft& draft, const spec::Transition& transition) const {
    Reference modem(ground_.grammar, true);
    Heard heard;
    for (const auto* stimuli : {&draft.setup, &draft.test}) {
      for (const Stimulus& stimulus : *stimuli) heard = modem.Say(stimulus);
    }
    return std::find(heard.transitions.begin(), heard.transitions.end(), &transition) !=
           heard.transitions.end();
  }

  const Ground& ground_;
  std::vector<Draft>& out_;
  std::vector<Stimulus> queries_;
};

}  // namespace

void DraftAftermath(const Ground& ground, std::vector<Draft>& out) {
  Aftermath aftermath(ground, out);
  for (const spec::Transition& transition : ground.dialect().transitions)
    aftermath.Take(transition);
}

}  // namespace assay::harness
