// Cases of data phases: how long, which bytes, how they end; and what a subscriber hears.
#include <algorithm>
#include <set>
#include <utility>

#include "harness/generate/drafts.h"

namespace assay::harness {
namespace {

// Bytes that a modem may take for its own language.
constexpr std::string_view kImitation = "\r\nOK\r\n+ERROR: 0\r\n> AT\r";

bool Publishes(const dialect::Grammar& grammar, const spec::Form& form) {
  const dialect::CompiledForm& compiled = *grammar.Compiled(&form);
  for (const auto* transitions : {&compiled.transitions, &compiled.data_transitions}) {
    for (const spec::Transition* transition : *transitions) {
      for (const spec::Effect& effect : transition->effects) {
        if (effect.verb == "mqtt.publish" || effect.verb == "sn.publish") return true;
      }
    }
  }
  return false;
}

// UTF-8 of one to four bytes.
constexpr std::string_view kCharacters = "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x93\xA1";

std::string EveryByte() {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  return all;
}

// May its data be any bytes, of any number?
bool TakesAnyByte(const spec::DataPhase& phase) {
  return phase.ends == spec::DataEnd::kLength && phase.encoding.empty();
}

// The same with other data; the length that the line says is theirs.
Stimulus WithData(const dialect::Grammar& grammar, Stimulus stimulus, std::string data) {
  const spec::DataPhase& phase = *stimulus.form->data;
  if (phase.ends == spec::DataEnd::kLength) {
    const std::string bound = stimulus.line;
    const dialect::ParsedCommand parsed = grammar.ParseCommand(bound);
    for (const dialect::Argument& argument : parsed.arguments) {
      if (argument.name != phase.length_parameter) continue;
      const auto at = static_cast<std::size_t>(argument.value.data() - bound.data());
      stimulus.line.replace(at, argument.value.size(), std::to_string(data.size()));
    }
  }
  stimulus.data = std::move(data);
  return stimulus;
}

class DataCases {
 public:
  DataCases(const Ground& ground, const spec::Command& command, const spec::Form& form,
            std::int64_t instance, std::vector<Draft>& out)
      : ground_(ground), command_(command), form_(form), phase_(*form.data), out_(out) {
    folder_ = FolderOf(ground.dialect(), command, form);
    if (instance != InstancesOf(ground.words, command, form).front())
      suffix_ = "-" + std::to_string(instance);
    for (const Edge& edge : ground.explorer.edges()) {
      const Stimulus& stimulus = edge.stimulus;
      const bool fits = stimulus.form == &form && stimulus.instance == instance && edge.succeeds &&
                        stimulus.data && !stimulus.data->empty() && !stimulus.pending &&
                        stimulus.linger.count() == 0;
      if (!fits || !Prompts(edge)) continue;
      ready_ = &edge;
      break;
    }
  }

  void Take() {
    if (ready_ == nullptr || phase_.source.basis == spec::Basis::kOpen) return;
    Sizes();
    Contents();
    Endings();
  }

 private:
  bool Prompts(const Edge& edge) const {
    Reference modem(ground_.grammar, true);
    for (const Stimulus& before : ground_.explorer.nodes()[edge.from].path) modem.Say(before);
    return modem.Say(edge.stimulus).prompted;
  }

  Stimulus With(std::string data) const {
    return WithData(*ground_.grammar, ready_->stimulus, std::move(data));
  }

  void Add(const std::string& what, const std::string& words, Stimulus stimulus) {
    Draft draft;
    draft.id = folder_ + "/data-" + what + suffix_;
    draft.kind = "data";
    draft.clause = phase_.source.clause;
    draft.purpose = command_.name + " takes data " + words;
    draft.reason = Because("the data of " + command_.name, phase_.source);
    draft.setup = ground_.explorer.nodes()[ready_->from].path;
    draft.test = {std::move(stimulus)};
    out_.push_back(std::move(draft));
  }

  void Sizes() {
    const std::int64_t least = std::max<std::int64_t>(phase_.min, 1);
    Add("of-" + std::to_string(least), "of " + std::to_string(least) + " bytes",
        With(std::string(static_cast<std::size_t>(least), 'a')));
    if (!phase_.max) return;
    const auto most = static_cast<std::uint64_t>(*phase_.max);
    Add("longest", "of " + std::to_string(most) + " bytes",
        With(transcript::GeneratedPayload(most)));
    if (phase_.overflow == "truncate")
      Add("too-long", "of " + std::to_string(most + 1) + " bytes, and cuts them",
          With(transcript::GeneratedPayload(most + 1)));
  }

  // A topic has to be text.
  bool IsPayload() const {
    for (const spec::Transition* transition : ground_.grammar->Compiled(&form_)->data_transitions) {
      for (const spec::Effect& effect : transition->effects) {
        for (const spec::EffectArgument& argument : effect.args) {
          if (argument.name == "payload" && argument.value.text == "data") return true;
        }
      }
    }
    return false;
  }

  void Contents() {
    Add("imitating", "that look like answers", With(std::string(kImitation)));
    if (!TakesAnyByte(phase_) || !IsPayload()) return;
    Add("any-byte", "of every byte value", With(EveryByte()));
  }

  void Endings() {
    if (!phase_.cancel) return;
    Stimulus cancelled = ready_->stimulus;
    cancelled.data = "";
    cancelled.ending = transcript::DataEnding::kEscape;
    Add("cancelled", "back when they are cancelled", std::move(cancelled));
  }

  const Ground& ground_;
  const spec::Command& command_;
  const spec::Form& form_;
  const spec::DataPhase& phase_;
  std::vector<Draft>& out_;
  std::string folder_, suffix_;
  const Edge* ready_ = nullptr;
};

// The variables that what a command publishes is kept in, where it is not in the command.
std::vector<std::string> KeptFor(const dialect::Grammar& grammar, const spec::Form& form,
                                 std::initializer_list<std::string_view> names = {"topic",
                                                                                  "payload"}) {
  std::vector<std::string> out;
  for (const spec::Transition* transition : grammar.Compiled(&form)->transitions) {
    for (const spec::Effect& effect : transition->effects) {
      if (effect.verb != "mqtt.publish" && effect.verb != "sn.publish") continue;
      for (const spec::EffectArgument& argument : effect.args) {
        if (std::find(names.begin(), names.end(), argument.name) != names.end())
          out.push_back(argument.value.text);
      }
    }
  }
  return out;
}

bool SetsFromData(const dialect::Grammar& grammar, const spec::Form& form,
                  const std::string& variable) {
  if (!form.data) return false;
  const auto& transitions = grammar.Compiled(&form)->data_transitions;
  return std::any_of(transitions.begin(), transitions.end(), [&](const spec::Transition* one) {
    return std::any_of(one->effects.begin(), one->effects.end(), [&](const spec::Effect& effect) {
      return effect.verb == "set" && effect.args[0].value.text == variable;
    });
  });
}

bool Says(const Stimulus& stimulus, std::string_view text) {
  return stimulus.line.find(text) != std::string::npos ||
         (stimulus.data && stimulus.data->find(text) != std::string::npos);
}

// A subscriber hears what is published: the same bytes, on the QoS and topic that were asked for.
class HeardCases {
 public:
  HeardCases(const Ground& ground, std::vector<Draft>& out) : ground_(ground), out_(out) {}

  void Take() {
    for (const Edge& edge : ground_.explorer.edges()) {
      const bool subscribes = std::any_of(
          edge.transitions.begin(), edge.transitions.end(), [](const spec::Transition* transition) {
            return transition->event == "mqtt.suback" || transition->event == "sn.suback";
          });
      const std::string& world = ground_.explorer.nodes()[edge.from].world;
      // Whoever is at the same broker hears a topic that is not the case's own.
      const bool shared = std::none_of(
          edge.transitions.begin(), edge.transitions.end(),
          [](const spec::Transition* transition) { return transition->event == "sn.suback"; });
      const bool own = !shared || Says(edge.stimulus, kSuiteTopic) ||
                       Says(edge.stimulus, "/" + std::string(kWillWord));
      if (own && subscribes && edge.succeeds && !edge.stimulus.pending && edge.from == edge.to &&
          (world == "broker" || world == "gateway"))
        After(edge);
    }
  }

 private:
  void After(const Edge& subscribed) {
    for (const Edge& published : ground_.explorer.edges()) {
      if (published.from != subscribed.to || published.stimulus.pending ||
          published.stimulus.linger.count() > 0 ||
          published.stimulus.ending == transcript::DataEnding::kEscape ||
          !Publishes(*ground_.grammar, *published.stimulus.form))
        continue;
      Draft draft = Make(subscribed, published);
      if (seen_.contains(draft.id)) continue;
      // Each way to subscribe, each way to publish, and all that may be heard of them.
      std::set<std::string> shows = {subscribed.stimulus.line, published.stimulus.line};
      if (!Hears(draft, shows)) continue;
      const bool more = std::any_of(shows.begin(), shows.end(), [&](const std::string& what) {
        return !heard_.contains(what);
      });
      if (!more) continue;
      heard_.merge(shows);
      seen_.insert(draft.id);
      out_.push_back(draft);
      AnyByte(draft, *published.stimulus.command, *published.stimulus.form);
      Again(std::move(draft), *published.stimulus.command, *published.stimulus.form);
    }
  }

  // Every byte value in a payload that another command was given, or, where that takes text alone,
  // characters of every length.
  void AnyByte(const Draft& heard, const spec::Command& command, const spec::Form& form) {
    const std::string id = FolderOf(ground_.dialect(), command, form) + "/heard-any-byte";
    for (const std::string& data : {EveryByte(), std::string(kCharacters)}) {
      Draft draft = heard;
      bool any = false;
      for (const std::string& variable : KeptFor(*ground_.grammar, form, {"payload"})) {
        for (Stimulus& stimulus : draft.test) {
          if (!stimulus.data || !TakesAnyByte(*stimulus.form->data) ||
              !SetsFromData(*ground_.grammar, *stimulus.form, variable))
            continue;
          stimulus = WithData(*ground_.grammar, std::move(stimulus), data);
          any = true;
        }
      }
      draft.id = id;
      draft.purpose = "a payload of any bytes is heard as it is";
      std::set<std::string> ignored;
      if (!any || seen_.contains(draft.id) || !Takes(draft) || !Hears(draft, ignored)) continue;
      seen_.insert(draft.id);
      out_.push_back(std::move(draft));
    }
  }

  // Not the first message alone: each one of several.
  void Again(Draft draft, const spec::Command& command, const spec::Form& form) {
    constexpr int kTimes = 4;
    const std::vector<Stimulus> once(draft.test.begin() + 1, draft.test.end());
    for (int i = 1; i < kTimes; ++i)
      draft.test.insert(draft.test.end(), once.begin(), once.end());
    draft.id = FolderOf(ground_.dialect(), command, form) + "/heard-again";
    draft.purpose = "each of several messages is heard";
    std::set<std::string> ignored;
    if (seen_.contains(draft.id) || !Hears(draft, ignored)) return;
    seen_.insert(draft.id);
    out_.push_back(std::move(draft));
  }

  Draft Make(const Edge& subscribed, const Edge& published) const {
    const Stimulus& last = published.stimulus;
    Draft draft;
    draft.id = FolderOf(ground_.dialect(), *last.command, *last.form) + "/heard-" +
               Slug(subscribed.stimulus.line + " " + last.line);
    draft.kind = "message";
    draft.clause = last.form->source.clause;
    draft.purpose =
        "after " + subscribed.stimulus.line + ", what " + last.line + " publishes is heard";
    draft.reason = Because("syntax " + last.form->syntax.text, last.form->source);
    draft.setup = ground_.explorer.nodes()[subscribed.from].path;
    draft.test = {subscribed.stimulus};
    for (const std::string& variable : KeptFor(*ground_.grammar, *last.form)) {
      for (const Edge& setter : ground_.explorer.edges()) {
        if (setter.from != subscribed.to || !setter.succeeds || setter.stimulus.pending ||
            setter.stimulus.ending == transcript::DataEnding::kEscape ||
            !SetsFromData(*ground_.grammar, *setter.stimulus.form, variable))
          continue;
        // One command may set several.
        if (std::find(draft.test.begin(), draft.test.end(), setter.stimulus) == draft.test.end())
          draft.test.push_back(setter.stimulus);
        break;
      }
    }
    draft.test.push_back(last);
    return draft;
  }

  // Nothing of it is refused.
  bool Takes(const Draft& draft) const {
    Reference modem(ground_.grammar, true);
    for (const Stimulus& before : draft.setup) modem.Say(before);
    return std::all_of(draft.test.begin(), draft.test.end(), [&](const Stimulus& stimulus) {
      const Heard heard = modem.Say(stimulus);
      return heard.accepted &&
             std::all_of(heard.transitions.begin(), heard.transitions.end(),
                         [](const spec::Transition* one) { return one->refuse.empty(); });
    });
  }

  bool Hears(const Draft& draft, std::set<std::string>& lines) const {
    Reference modem(ground_.grammar, true);
    for (const Stimulus& before : draft.setup) modem.Say(before);
    Heard heard;
    for (const Stimulus& stimulus : draft.test) heard = modem.Say(stimulus);
    const std::string how = heard.prompted ? "of data: " : "";
    for (const report::ExchangeRecord& exchange : heard.exchanges) {
      for (const std::string& line : exchange.received) lines.insert(how + line);
    }
    return heard.accepted && !heard.failed && heard.as_documented &&
           std::any_of(heard.transitions.begin(), heard.transitions.end(),
                       [](const spec::Transition* transition) {
                         return transition->event.ends_with(".message");
                       });
  }

  const Ground& ground_;
  std::vector<Draft>& out_;
  std::set<std::string> seen_, heard_;
};

}  // namespace

void DraftData(const Ground& ground, std::vector<Draft>& out) {
  for (const spec::Command& command : ground.dialect().commands) {
    for (const spec::Form& form : command.forms) {
      if (!Tried(*ground.grammar, command, form) || !form.data) continue;
      for (const std::int64_t instance : InstancesOf(ground.words, command, form))
        DataCases(ground, command, form, instance, out).Take();
    }
  }
  HeardCases(ground, out).Take();
}

}  // namespace assay::harness
