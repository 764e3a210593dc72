#include "harness/generate/vocabulary.h"

#include <algorithm>
#include <utility>

namespace assay::harness {
namespace {

using Op = spec::Expression::Op;

// The names in an expression, those of machines' variables without their machine.
void Names(const spec::Expression& expression, std::vector<std::string>& out) {
  if (expression.op == Op::kName) {
    const std::size_t dot = expression.text.rfind('.');
    out.push_back(dot == std::string::npos ? expression.text : expression.text.substr(dot + 1));
  }
  for (const spec::Expression& argument : expression.args) Names(argument, out);
}

bool Calls(const spec::Expression& expression, std::string_view function) {
  if (expression.op == Op::kCall && expression.text.starts_with(function)) return true;
  return std::any_of(expression.args.begin(), expression.args.end(),
                     [&](const spec::Expression& argument) { return Calls(argument, function); });
}

Role RoleOfArgument(const spec::Effect& effect, const spec::EffectArgument& argument) {
  const std::string& name = argument.name;
  if (name == "host") return Calls(argument.value, "url_host") ? Role::kUrl : Role::kHost;
  if (name == "port") return Calls(argument.value, "url_port") ? Role::kUrl : Role::kPort;
  if (name == "keepalive") return Role::kKeepAlive;
  if (name == "clean") return Role::kClean;
  if (name == "id") return Role::kMessageId;
  if (name == "client") return Role::kClient;
  if (name == "username" || name == "password") return Role::kUser;
  if (name == "will_topic" || effect.verb == "sn.will_topic") {
    return name.ends_with("topic") ? Role::kWillTopic : Role::kOther;
  }
  if (name == "topic" || name == "topics") return Role::kTopic;
  if (name == "payload" || name == "will_message") return Role::kPayload;
  return Role::kOther;
}

std::string Cut(std::string text, const spec::Range& range) {
  if (range.max_length && std::cmp_greater(text.size(), *range.max_length))
    text.resize(static_cast<std::size_t>(*range.max_length));
  while (range.min_length && std::cmp_less(text.size(), *range.min_length)) text += 'a';
  return text;
}

}  // namespace

const std::vector<BenchHost>& BenchHostsOfSuite() {
  static const std::vector<BenchHost> kHosts = {
      {"broker", "broker.example", "1883"},
      {"gateway", "gateway.example", "1885"},
      {"refused", "refused.test", "1883", {"net.failed"}},
      {"unreachable", "unreachable.test", "1883", {"net.failed"}},
      {"untrusted", "untrusted.test", "8883", {"net.failed"}, true},
      {"silent", "silent.test", "1883", {"mqtt.connect_failed", "mqtt.retry"}},
      {"mute", "mute.test", "1883", {"mqtt.retry", "mqtt.gave_up", "mqtt.ping_timeout"}},
      {"closing", "closing.test", "1883", {"net.closed_by_peer"}},
      {"refuse1", "connack-1.test", "1883", {"mqtt.connack"}},
      {"refuse2", "connack-2.test", "1883", {"mqtt.connack"}},
      {"refuse3", "connack-3.test", "1883", {"mqtt.connack"}},
      {"refuse4", "connack-4.test", "1883", {"mqtt.connack"}},
      {"refuse5", "connack-5.test", "1883", {"mqtt.connack"}}};
  return kHosts;
}

bool IsSecure(std::string_view host) {
  const auto& hosts = BenchHostsOfSuite();
  return std::any_of(hosts.begin(), hosts.end(), [&](const BenchHost& bench) {
    return bench.name == host && bench.secure;
  });
}

bool IsGood(std::string_view host) { return host == "broker" || host == "gateway"; }

bool Lasts(std::string_view host) { return IsGood(host) || host == "mute"; }

bool BenchBrings(std::string_view event) { return event == "net.lost" || event == "sn.lost"; }

bool Brings(std::string_view host, std::string_view event) {
  bool somebody = false;
  for (const BenchHost& bench : BenchHostsOfSuite()) {
    const bool brings =
        std::find(bench.brings.begin(), bench.brings.end(), event) != bench.brings.end();
    if (bench.name == host && !bench.brings.empty()) return brings;
    somebody = somebody || brings;
  }
  return !somebody;
}

std::vector<std::string_view> AskedBy(std::string_view event) {
  static const std::map<std::string_view, std::vector<std::string_view>> kAsked = {
      {"net.opened", {"net.open"}},
      {"net.failed", {"net.open"}},
      {"mqtt.connack", {"mqtt.connect", "net.open"}},
      {"mqtt.connect_failed", {"mqtt.connect", "net.open"}},
      {"mqtt.suback", {"mqtt.subscribe"}},
      {"mqtt.unsuback", {"mqtt.unsubscribe"}},
      {"mqtt.published", {"mqtt.publish"}},
      {"mqtt.message", {"mqtt.publish"}},
      {"mqtt.retry", {"mqtt.subscribe", "mqtt.unsubscribe", "mqtt.publish", "mqtt.connect"}},
      {"mqtt.gave_up", {"mqtt.subscribe", "mqtt.unsubscribe", "mqtt.publish"}},
      {"mqtt.disconnected", {"mqtt.disconnect"}},
      {"net.closed_by_peer", {"mqtt.subscribe", "mqtt.unsubscribe", "mqtt.publish"}},
      {"sn.connack", {"sn.connect"}},
      {"sn.connect_failed", {"sn.connect"}},
      {"sn.suback", {"sn.subscribe"}},
      {"sn.unsuback", {"sn.unsubscribe"}},
      {"sn.published", {"sn.publish"}},
      {"sn.message", {"sn.publish"}},
      {"sn.regack", {"sn.register"}},
      {"sn.willtopicresp", {"sn.will_topic"}},
      {"sn.willmsgresp", {"sn.will_message"}},
      {"sn.disconnected", {"sn.disconnect"}},
      {"sn.gave_up", {"sn.subscribe", "sn.unsubscribe", "sn.publish"}},
  };
  const auto found = kAsked.find(event);
  return found == kAsked.end() ? std::vector<std::string_view>() : found->second;
}

Vocabulary::Vocabulary(const spec::Dialect& dialect) : dialect_(dialect) {
  for (const spec::Transition& transition : dialect.transitions) {
    for (const spec::Effect& effect : transition.effects) Learn(effect);
  }
  // What is kept under another name, is it by that name.
  for (const spec::Transition& transition : dialect.transitions) {
    for (const spec::Effect& effect : transition.effects) {
      if (effect.verb != "set" || effect.args.size() != 2) continue;
      const auto role = roles_.find(effect.args[0].value.text);
      std::vector<std::string> names;
      Names(effect.args[1].value, names);
      if (role == roles_.end()) continue;
      const Role is = role->second;
      for (const std::string& name : names) roles_.try_emplace(name, is);
    }
  }
}

void Vocabulary::Learn(const spec::Effect& effect) {
  if (effect.verb.find('.') == std::string::npos) return;
  for (const spec::EffectArgument& argument : effect.args) {
    const Role role = RoleOfArgument(effect, argument);
    if (role == Role::kOther) continue;
    std::vector<std::string> names;
    Names(argument.value, names);
    for (const std::string& name : names) roles_.try_emplace(name, role);
  }
}

Role Vocabulary::RoleOf(std::string_view parameter) const {
  const auto found = roles_.find(parameter);
  return found == roles_.end() ? Role::kOther : found->second;
}

Role Vocabulary::RoleOfData(const spec::Command& command) const {
  for (const spec::Transition& transition : dialect_.transitions) {
    if (transition.event != "data " + command.name) continue;
    for (const spec::Effect& effect : transition.effects) {
      if (effect.verb == "set" && effect.args.size() == 2 && effect.args[1].value.text == "data")
        return RoleOf(effect.args[0].value.text);
      for (const spec::EffectArgument& argument : effect.args) {
        const Role role = RoleOfArgument(effect, argument);
        if (argument.value.text == "data" && role != Role::kOther) return role;
      }
    }
  }
  return Role::kOther;
}

bool Vocabulary::IsIndex(const spec::Parameter& parameter) const {
  return !FirstInstances(parameter).empty();
}

std::vector<std::int64_t> Vocabulary::FirstInstances(const spec::Parameter& parameter) const {
  std::vector<std::int64_t> out;
  for (const spec::Machine& machine : dialect_.machines) {
    if (machine.index.empty()) continue;
    if (parameter.name != machine.index && !parameter.IsAlso(machine.index)) continue;
    if (std::find(out.begin(), out.end(), machine.first) == out.end()) out.push_back(machine.first);
  }
  return out;
}

// What speaks MQTT-SN has instances of its own, whose machines connect to a gateway.
bool Vocabulary::LeadsToGateway(std::int64_t instance) const {
  const auto connects = [](const spec::Effect& effect) { return effect.verb == "sn.connect"; };
  return std::any_of(dialect_.transitions.begin(), dialect_.transitions.end(),
                     [&](const spec::Transition& transition) {
                       const spec::Machine* machine = dialect_.FindMachine(transition.machine);
                       return machine != nullptr && !machine->index.empty() &&
                              machine->first <= instance && instance <= machine->last &&
                              std::any_of(transition.effects.begin(), transition.effects.end(),
                                          connects);
                     });
}

std::string Vocabulary::Value(const spec::Parameter& parameter, const Occasion& occasion) const {
  if (IsIndex(parameter)) return std::to_string(occasion.instance);
  if (occasion.data != nullptr && occasion.data->length_parameter == parameter.name)
    return std::to_string(occasion.data_size);
  const bool gateway = occasion.host == "broker" && LeadsToGateway(occasion.instance);
  const bool unknown = occasion.host == kUnknownHost;
  std::string bench = gateway ? "gateway" : unknown ? "broker" : occasion.host;
  if (!gateway && !unknown && LeadsToGateway(occasion.instance)) bench += kOfGateway;
  const std::string host = unknown ? std::string(kUnknownHost) : "${" + bench + ".host}";
  const std::string port = "${" + bench + ".port}";
  switch (RoleOf(parameter.name)) {
    case Role::kHost:
      return host;
    case Role::kUrl:
      return "tcp://" + host + ":" + port;
    case Role::kPort:
      return port;
    case Role::kClient:
      return Cut("assay-suite-" + std::to_string(occasion.instance), parameter.range);
    case Role::kTopic:
      if (parameter.type == spec::Type::kString)
        return Cut(std::string(kSuiteTopic), parameter.range);
      break;
    case Role::kWillTopic:
      if (parameter.type == spec::Type::kString) return Cut("assay/will", parameter.range);
      break;
    case Role::kMessageId:
      return std::to_string(std::max<std::int64_t>(parameter.range.min.value_or(1), 1));
    case Role::kKeepAlive:
      return std::to_string(std::clamp<std::int64_t>(60, parameter.range.min.value_or(1),
                                                     parameter.range.max.value_or(60)));
    case Role::kClean:
      return "1";
    case Role::kPayload:
      if (parameter.type == spec::Type::kString)
        return Cut(std::string(kSuitePayload), parameter.range);
      break;
    case Role::kUser:
    case Role::kOther:
      break;
  }
  if (parameter.default_value && !parameter.default_value->empty()) return *parameter.default_value;
  if (!parameter.values.empty() && parameter.values[0].value.find('-', 1) == std::string::npos)
    return parameter.values[0].value;
  // Base64 as well, which some keys have to be.
  if (parameter.type == spec::Type::kString) return Cut("assaykey", parameter.range);
  return std::to_string(parameter.range.min.value_or(1));
}

std::string Vocabulary::Bind(std::string text) {
  for (std::size_t at = 0; (at = text.find("${", at)) != std::string::npos;) {
    const std::size_t end = text.find('}', at);
    const std::string name = text.substr(at + 2, end - at - 2);
    std::string value;
    for (const BenchHost& host : BenchHostsOfSuite()) {
      for (const std::string& bench : {host.name, host.name + std::string(kOfGateway)}) {
        if (name == bench + ".host") value = host.host;
        if (name == bench + ".port") value = host.port;
      }
    }
    text.replace(at, end + 1 - at, value);
    at += value.size();
  }
  return text;
}

}  // namespace assay::harness
