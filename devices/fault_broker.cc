// Faults of what the broker is told: packets with another content than the command asked for, and
// packets that are not sent although the modem says so.
#include <algorithm>

#include "devices/fault_derive.h"
#include "dialects/argument_source.h"

namespace assay::device {

std::string Heard(const spec::Dialect& dialect, const spec::Form& form) {
  for (const spec::Transition& transition : dialect.transitions) {
    if (transition.event == "mqtt.message" && Stated(transition.source))
      return transition.source.clause;
  }
  return form.source.clause;
}

namespace {

bool IsOneOf(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// A result of the command that repeats the argument or what was granted in its place.
bool ResultTells(const spec::Form& form) {
  for (const spec::Response& response : form.responses) {
    for (const spec::ResponseLine& line : response.lines) {
      if (line.kind == spec::LineKind::kResult && Fields(line.text).size() > 2) return true;
    }
  }
  return false;
}

// What is told of a message that never comes, or of one that comes as another.
std::vector<Prediction> AtReceiver(const spec::Dialect& dialect, const spec::Form& form,
                                   FaultClass first) {
  std::vector<Prediction> out = {{first, Heard(dialect, form)}};
  if (first == FaultClass::kPayload && ResultTells(form))
    out.insert(out.begin(), {first, form.source.clause});
  for (const spec::Transition& transition : dialect.transitions) {
    const Prediction here{first, transition.source.clause};
    if (transition.event.ends_with(".message") && Stated(transition.source) &&
        std::find(out.begin(), out.end(), here) == out.end())
      out.push_back(here);
  }
  return out;
}

// An effect of a transition that the form brings about, at once, with its data, or once its link
// stands.
struct Told {
  const spec::Transition* transition;
  std::size_t effect;
};

bool Opens(const spec::Transition& transition) {
  return std::any_of(transition.effects.begin(), transition.effects.end(),
                     [](const spec::Effect& effect) { return effect.verb == "net.open"; });
}

std::vector<Told> ToldBy(const spec::Dialect& dialect, const spec::Command& command,
                         const spec::Form& form) {
  std::vector<const spec::Transition*> taken;
  for (const spec::Transition& transition : dialect.transitions) {
    const bool data = transition.event == "data " + command.name && form.data;
    if (data || spec::IsEventOf(transition.event, command, form)) taken.push_back(&transition);
  }
  const std::size_t at_once = taken.size();
  for (const spec::Transition& transition : dialect.transitions) {
    if (transition.event != "net.opened") continue;
    const bool follows =
        std::any_of(taken.begin(), taken.begin() + static_cast<std::ptrdiff_t>(at_once),
                    [&](const spec::Transition* opening) {
                      return opening->machine == transition.machine && Opens(*opening);
                    });
    if (follows) taken.push_back(&transition);
  }
  std::vector<Told> out;
  for (const spec::Transition* transition : taken) {
    for (std::size_t i = 0; i < transition->effects.size(); ++i) out.push_back({transition, i});
  }
  return out;
}

spec::EffectArgument* ArgumentOf(spec::Dialect& copy, const std::string& transition,
                                 std::size_t effect, const std::string& name) {
  for (spec::EffectArgument& argument : TransitionOf(copy, transition).effects[effect].args) {
    if (argument.name == name) return &argument;
  }
  return nullptr;
}

class BrokerFaults {
 public:
  BrokerFaults(const spec::Dialect& dialect, const spec::Command& command, const spec::Form& form,
               const Told& told, Faults& out)
      : dialect_(dialect),
        command_(command),
        form_(form),
        told_(told),
        effect_(told.transition->effects[told.effect]),
        out_(out) {}

  void Derive() {
    const std::string& verb = effect_.verb;
    const bool sends = verb.starts_with("mqtt.") || verb.starts_with("sn.");
    if (!sends) return;
    publishes_ = verb.ends_with(".publish");
    subscribes_ = verb.ends_with("subscribe");
    connects_ = verb.ends_with(".connect");
    for (const spec::EffectArgument& argument : effect_.args) {
      if (publishes_ || connects_ || subscribes_) Argument(argument);
    }
    if (verb.starts_with("mqtt.") && Stated(told_.transition->source)) Packet();
  }

 private:
  std::string Id(const std::string& op, const std::string& what) const {
    return op + "/" + command_.name + "/" + FormName(form_) + "/" + told_.transition->id + "/" +
           what;
  }

  // What is seen at the broker, where MQTT goes.
  void AddSeen(const spec::EffectArgument& argument, std::vector<Prediction>& found) const {
    if (!effect_.verb.starts_with("mqtt.")) return;
    const spec::Source source =
        dialect::SourceOfArgument(dialect_, &command_, *told_.transition, argument);
    const Prediction seen{FaultClass::kPayload, source.clause};
    if (Stated(source) && std::find(found.begin(), found.end(), seen) == found.end())
      found.push_back(seen);
  }

  void Add(const std::string& op, const spec::EffectArgument& argument, const std::string& what,
           std::vector<Prediction> found, std::function<void(spec::Dialect&)> patch) {
    // What only the broker sees is a fact of its own.
    if (!Stated(told_.transition->source)) found.clear();
    AddSeen(argument, found);
    Fault fault;
    fault.op = op;
    fault.id = Id(op, argument.name);
    fault.command = command_.name;
    fault.what = what;
    fault.patch = std::move(patch);
    device::Add(std::move(fault), std::move(found), out_);
  }

  // Leaves nothing of it, or gives it another value.
  std::function<void(spec::Dialect&)> Without(const std::string& name) const {
    return [t = told_.transition->id, i = told_.effect, name](spec::Dialect& copy) {
      std::erase_if(TransitionOf(copy, t).effects[i].args,
                    [&](const spec::EffectArgument& patched) { return patched.name == name; });
    };
  }
  std::function<void(spec::Dialect&)> With(const std::string& name,
                                           spec::Expression (*change)(spec::Expression)) const {
    return [t = told_.transition->id, i = told_.effect, name, change](spec::Dialect& copy) {
      if (spec::EffectArgument* patched = ArgumentOf(copy, t, i, name))
        patched->value = change(patched->value);
    };
  }
  static spec::Expression Longer(spec::Expression value) {
    spec::Expression byte;
    byte.op = spec::Expression::Op::kString;
    byte.text = "x";
    spec::Expression more;
    more.op = spec::Expression::Op::kCall;
    more.text = "concat";
    more.args = {std::move(value), byte};
    return more;
  }
  static spec::Expression One(spec::Expression) {
    spec::Expression one;
    one.number = 1;
    return one;
  }

  void Argument(const spec::EffectArgument& argument) {
    const std::string& name = argument.name;
    const bool heard =
        !subscribes_ && IsOneOf(name, {"payload", "topic", "will_message", "will_topic"});
    if (heard) {
      // Nobody subscribed to the other topic.
      Add("argument-altered", argument, "adds a byte to " + name + " for the broker",
          AtReceiver(dialect_, form_,
                     name.ends_with("topic") ? FaultClass::kMissing : FaultClass::kPayload),
          With(name, Longer));
    }
    const bool filters = name == "topics" && subscribes_;
    // How the parts of a computed one are joined is not said.
    const bool client =
        name == "client" && connects_ && argument.value.op == spec::Expression::Op::kName;
    if (filters || client) {
      Add("argument-altered", argument, "adds a byte to " + name + " for the broker",
          filters ? AtReceiver(dialect_, form_, FaultClass::kMissing) : std::vector<Prediction>(),
          With(name, Longer));
    }
    const bool qos = IsOneOf(name, {"qos", "will_qos"});
    const bool kept = IsOneOf(name, {"retain", "will_retain", "will"});
    if (qos || kept) {
      auto found = AtReceiver(dialect_, form_, kept ? FaultClass::kMissing : FaultClass::kPayload);
      // What is not acknowledged is not sent again.
      if (qos && publishes_) found.push_back({FaultClass::kMissing, form_.source.clause});
      // What a gateway was never told it does not change later.
      if (name == "will") {
        for (const std::string& clause : Updates()) found.push_back({FaultClass::kResultFailure, clause});
      }
      Add("argument-ignored", argument, "tells the broker nothing of " + name, std::move(found),
          Without(name));
    } else if (IsOneOf(name, {"username", "password"})) {
      // A broker that asks for it refuses.
      Add("argument-ignored", argument, "tells the broker nothing of " + name,
          {{FaultClass::kResultFailure, form_.source.clause}}, Without(name));
    } else if (connects_ && IsOneOf(name, {"clean", "keepalive"})) {
      Add("argument-ignored", argument, "tells the broker nothing of " + name, {}, Without(name));
    }
    if (IsOneOf(name, {"retain", "will_retain"}))
      Add("argument-set", argument, "tells the broker to keep it, whatever was said", {},
          With(name, One));
  }

  // Clauses of the commands that change a will which the connection has told.
  std::vector<std::string> Updates() const {
    std::vector<std::string> out;
    for (const spec::Command& command : dialect_.commands) {
      for (const spec::Form& form : command.forms) {
        for (const Told& told : ToldBy(dialect_, command, form)) {
          const std::string& verb = told.transition->effects[told.effect].verb;
          if (told.transition->machine == told_.transition->machine &&
              IsOneOf(verb, {"sn.will_topic", "sn.will_message"}))
            out.push_back(form.source.clause);
        }
      }
    }
    return out;
  }

  // May the transition be taken from a state that an accepting CONNACK has led to?
  bool InSession() const {
    const auto accepts = [](const spec::Transition& transition) {
      const spec::Expression guard = transition.guard ? transition.guard->root : spec::Expression{};
      return transition.event == "mqtt.connack" && guard.op == spec::Expression::Op::kEq &&
             guard.args[0].text == "code" && guard.args[1].number == 0;
    };
    const std::vector<std::string>& from = told_.transition->from;
    return std::any_of(dialect_.transitions.begin(), dialect_.transitions.end(),
                       [&](const spec::Transition& transition) {
                         return transition.machine == told_.transition->machine &&
                                accepts(transition) &&
                                (from.empty() || std::find(from.begin(), from.end(),
                                                           transition.to) != from.end());
                       });
  }

  // The whole packet: what a modem does that says it has sent it.
  void Packet() {
    // Without a session, there is no packet to be sent.
    const bool disconnects = effect_.verb == "mqtt.disconnect" && InSession();
    if (!publishes_ && !subscribes_ && !disconnects) return;
    Fault fault;
    fault.op = "packet-unsent";
    fault.id = Id(fault.op, effect_.verb.substr(5));
    fault.command = command_.name;
    fault.what = "says that it is done, and sends nothing";
    fault.patch = [t = told_.transition->id, i = told_.effect](spec::Dialect& copy) {
      std::string& verb = TransitionOf(copy, t).effects[i].verb;
      verb = std::string(kUnsent) + verb;
    };
    device::Add(fault, {{FaultClass::kState, told_.transition->source.clause}}, out_);
    if (!publishes_) return;
    Spoilt("payload-cut", kCutShort, "keeps the last byte of the payload from the broker");
    if (!FromData()) return;
    Spoilt("payload-to-zero", kToZero, "takes a zero for the end of the payload");
    Spoilt("payload-of-seven-bits", kSevenBits, "clears the highest bit of each byte of payload");
    Spoilt("payload-line-ends", kOneLineEnd, "makes one byte of each CR LF in the payload");
  }

  // Its payload is what a data phase took, which may hold any byte.
  bool FromData() const {
    return std::any_of(effect_.args.begin(), effect_.args.end(),
                       [&](const spec::EffectArgument& argument) {
                         if (argument.name != "payload") return false;
                         const std::string& from = argument.value.text;
                         return from == "data" || (!Takes(from) && FilledByData(from));
                       });
  }
  bool Takes(const std::string& argument) const {
    const std::vector<FieldPlace> own = Fields(form_.syntax);
    return std::any_of(own.begin(), own.end(),
                       [&](const FieldPlace& field) { return field.name == argument; });
  }
  bool FilledByData(const std::string& variable) const {
    return std::any_of(
        dialect_.transitions.begin(), dialect_.transitions.end(),
        [&](const spec::Transition& transition) {
          return transition.event.starts_with("data ") &&
                 std::any_of(transition.effects.begin(), transition.effects.end(),
                             [&](const spec::Effect& effect) {
                               return effect.verb == "set" && effect.args.size() == 2 &&
                                      effect.args[0].value.text == variable &&
                                      effect.args[1].value.text == "data";
                             });
        });
  }

  void Spoilt(const std::string& op, std::string_view how, const std::string& what) {
    Fault fault;
    fault.op = op;
    fault.id = Id(op, "payload");
    fault.command = command_.name;
    fault.what = what;
    fault.patch = [t = told_.transition->id, i = told_.effect, how](spec::Dialect& copy) {
      std::string& verb = TransitionOf(copy, t).effects[i].verb;
      verb = std::string(how) + verb;
    };
    std::vector<Prediction> found = AtReceiver(dialect_, form_, FaultClass::kPayload);
    for (const spec::EffectArgument& argument : effect_.args) {
      if (argument.name == "payload") AddSeen(argument, found);
    }
    device::Add(fault, std::move(found), out_);
  }

  const spec::Dialect& dialect_;
  const spec::Command& command_;
  const spec::Form& form_;
  const Told& told_;
  const spec::Effect& effect_;
  Faults& out_;
  bool publishes_ = false, subscribes_ = false, connects_ = false;
};

}  // namespace

void DeriveBrokerFaults(const spec::Dialect& dialect, const spec::Command& command,
                        const spec::Form& form, Faults& out) {
  for (const Told& told : ToldBy(dialect, command, form))
    BrokerFaults(dialect, command, form, told, out).Derive();
}

}  // namespace assay::device
