#include "devices/modem_network.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "devices/fault.h"
#include "devices/service_call.h"
#include "dialects/value.h"

namespace assay::device {
namespace {

// Levels of "tls.verify" (spec/BEHAVIOUR.md); 0 is nobody, 3 the client alone.
constexpr std::int64_t kVerifyServer = 1;
constexpr std::int64_t kVerifyBoth = 2;

// What a broker takes to acknowledge a packet that was never sent.
constexpr Time kFeigned{20'000};

// A client library that is told another level than the three of MQTT takes the nearest.
int Level(const dialect::ServiceCall& call) { return std::clamp(Number(call, "qos"), 0, 2); }

}  // namespace

ModemNetwork::ModemNetwork(std::unique_ptr<MqttService> service,
                           std::map<std::string, std::string> capabilities,
                           std::unique_ptr<sn::Transport> gateway)
    : service_(std::move(service)),
      sn_(std::move(gateway)),
      capabilities_(std::move(capabilities)) {}

Time ModemNetwork::NextEvent() const {
  const Time feigned = feigned_.empty() ? kNever : feigned_.front().at;
  return std::min({service_->NextEvent(), NextGivenUp(), sn_.NextEvent(), feigned});
}

std::vector<MqttService::Watch> ModemNetwork::Watches() const {
  std::vector<MqttService::Watch> watches = service_->Watches();
  for (const MqttService::Watch& watch : sn_.Watches()) watches.push_back(watch);
  return watches;
}

bool ModemNetwork::SetNetwork(bool up, Loss why, Time now) {
  if (!service_->SetNetwork(up, why, now)) return false;
  sn_.SetNetwork(up, why);
  return true;
}

bool ModemNetwork::Drop(std::optional<std::int64_t> link, Time now) {
  if (link) return service_->Drop(static_cast<int>(*link), now);
  bool dropped = false;
  for (const auto& [number, state] : links_)
    dropped = service_->Drop(static_cast<int>(number), now) || dropped;
  return dropped;
}

void ModemNetwork::Replace(
    const std::function<dialect::CommandPtr(const dialect::CommandPtr&)>& other) {
  const auto replace = [&](dialect::CommandPtr& command) {
    if (command != nullptr) command = other(command);
  };
  for (auto& [number, link] : links_) {
    replace(link.opened);
    replace(link.connected);
    replace(link.ended);
  }
  for (auto& [token, pending] : pending_) replace(pending.command);
  for (auto& [token, asked] : sn_asked_) replace(asked.command);
}

std::string ModemNetwork::Setting(const Call& call, const std::string& role) const {
  const auto name = capabilities_.find(role);
  const auto context = contexts_.find(Text(call, "context"));
  if (name == capabilities_.end() || context == contexts_.end()) return {};
  const auto value = context->second.find(name->second);
  return value == context->second.end() ? std::string() : value->second;
}

std::string ModemNetwork::File(const Call& call, const std::string& role) const {
  const std::string name = Setting(call, role);
  const auto file = files_.find(name);
  if (file != files_.end()) return file->second;
  return name.starts_with("-----BEGIN") ? name : std::string();
}

OpenRequest ModemNetwork::MakeOpen(const Call& call) const {
  OpenRequest request;
  request.host = Text(call, "host");
  request.port = Number(call, "port");
  request.tls.enabled = Number(call, "tls") != 0;
  if (!request.tls.enabled) return request;
  const std::int64_t level = dialect::ParseInteger(Setting(call, "tls.verify")).value_or(0);
  request.tls.verify = level == kVerifyServer || level == kVerifyBoth;
  request.tls.ca_pem = File(call, "tls.ca");
  request.tls.ignore_time = Setting(call, "tls.ignore_time") == "1";
  if (level == kVerifyServer) return request;  // the client does not show who it is
  request.tls.certificate_pem = File(call, "tls.certificate");
  request.tls.key_pem = File(call, "tls.key");
  return request;
}

ConnectRequest ModemNetwork::MakeConnect(const Call& call) const {
  ConnectRequest request;
  request.version = Number(call, "version", request.version);
  request.client_id = Text(call, "client");
  if (dialect::Known(Find(call, "username"))) request.username = Text(call, "username");
  if (dialect::Known(Find(call, "password"))) request.password = Text(call, "password");
  request.clean_session = Number(call, "clean", 1) != 0;
  request.keep_alive_s = Number(call, "keepalive", request.keep_alive_s);
  if (dialect::Known(Find(call, "timeout"))) {
    request.packet_timeout = std::chrono::seconds(Number(call, "timeout"));
  }
  request.retries = Number(call, "retries", request.retries);
  request.will = MakeWill(call);
  return request;
}

// The command's own, or the next of the modem's.
int ModemNetwork::MessageId(const Call& call) {
  if (dialect::Known(Find(call, "id"))) return Number(call, "id");
  int& last = links_[call.link].last_id;
  last = last % 65'535 + 1;
  return last;
}

std::uint64_t ModemNetwork::Expect(const Call& call, int id, bool in_flight, Time until,
                                   dialect::Model& model) {
  Pending pending{call.link, std::nullopt, call.command, until};
  if (in_flight) {
    pending.message_id = id;
    model.Sent(call.link, *pending.message_id);
  }
  pending_[++last_token_] = std::move(pending);
  return last_token_;
}

void ModemNetwork::Feign(const Call& call, Time until, dialect::Model& model, Time now) {
  const int link = static_cast<int>(call.link);
  Event event{.link = link, .at = now + kFeigned};
  if (call.verb == "mqtt.disconnect") {
    links_[call.link].ended = call.command;
    service_->Close(link, now);
    event.kind = Event::Kind::kDisconnected;
  } else {
    const bool publishes = call.verb == "mqtt.publish";
    const int qos = publishes ? Level(call) : 1;
    const int id = qos > 0 ? MessageId(call) : Number(call, "id");
    event.token = Expect(call, id, qos > 0, until, model);
    event.kind = publishes                        ? Event::Kind::kPublished
                 : call.verb == "mqtt.subscribe" ? Event::Kind::kSuback
                                                  : Event::Kind::kUnsuback;
    event.at = now + qos * kFeigned;
    for (const std::string& level : List(call, "qos"))
      event.granted.push_back(static_cast<int>(dialect::ParseInteger(level).value_or(0)));
  }
  feigned_.insert(std::upper_bound(feigned_.begin(), feigned_.end(), event,
                                   [](const Event& a, const Event& b) { return a.at < b.at; }),
                  event);
}

namespace {

// The fault's word in front of a verb whose payload it spoils; empty: none.
std::string_view SpoilerOf(std::string_view verb) {
  for (const std::string_view prefix : {kCutShort, kToZero, kSevenBits, kOneLineEnd}) {
    if (verb.starts_with(prefix)) return prefix;
  }
  return {};
}

std::string Spoilt(std::string_view prefix, std::string payload) {
  if (prefix == kCutShort && !payload.empty()) payload.pop_back();
  if (prefix == kToZero) payload.resize(std::min(payload.find('\0'), payload.size()));
  if (prefix == kSevenBits) {
    for (char& c : payload) c = static_cast<char>(static_cast<unsigned char>(c) & 0x7f);
  }
  if (prefix == kOneLineEnd) {
    for (std::size_t at = 0; (at = payload.find("\r\n", at)) != std::string::npos; ++at)
      payload.erase(at, 1);
  }
  return payload;
}

}  // namespace

void ModemNetwork::Carry(const Call& call, std::optional<Time> patience, dialect::Model& model,
                         Time now) {
  const int link = static_cast<int>(call.link);
  const Time until = patience && *patience > Time{0} ? now + *patience : kNever;
  if (call.verb.starts_with(kUnsent)) {
    Call unsent = call;
    unsent.verb = call.verb.substr(kUnsent.size());
    return Feign(unsent, until, model, now);
  }
  if (const std::string_view prefix = SpoilerOf(call.verb); !prefix.empty()) {
    Call spoilt = call;
    spoilt.verb = call.verb.substr(prefix.size());
    spoilt.arguments["payload"] = Spoilt(prefix, Text(call, "payload"));
    return Carry(spoilt, patience, model, now);
  }
  if (CarrySn(call, until, now)) return;
  if (call.verb == "net.open") {
    OpenRequest request = MakeOpen(call);
    if (patience) request.timeout = *patience;
    links_[call.link] = {.opened = call.command};
    service_->Open(link, request, now);
  } else if (call.verb == "net.close") {
    links_[call.link].ended = call.command;
    Forget(call.link);
    ForgetSn(call.link);
    service_->Close(link, now);
    sn_.Close(link);
  } else if (call.verb == "mqtt.connect") {
    links_[call.link].connected = call.command;
    service_->Connect(link, MakeConnect(call), now);
  } else if (call.verb == "mqtt.disconnect") {
    links_[call.link].ended = call.command;
    service_->Disconnect(link, now);
  } else if (call.verb == "mqtt.subscribe") {
    const int id = MessageId(call);
    const auto topics = List(call, "topics"), levels = List(call, "qos");
    std::vector<Subscription> wanted;
    for (std::size_t i = 0; i < topics.size(); ++i) {
      const auto qos = i < levels.size() ? dialect::ParseInteger(levels[i]) : std::nullopt;
      wanted.push_back({.topic = topics[i], .qos = static_cast<int>(qos.value_or(0))});
    }
    service_->Subscribe(link, Expect(call, id, true, until, model), id, wanted, now);
  } else if (call.verb == "mqtt.unsubscribe") {
    const int id = MessageId(call);
    service_->Unsubscribe(link, Expect(call, id, true, until, model), id, List(call, "topics"),
                          now);
  } else if (call.verb == "mqtt.publish") {
    const int qos = Level(call);
    const int id = qos > 0 ? MessageId(call) : Number(call, "id");
    service_->Publish(link, Expect(call, id, qos > 0, until, model), id, Text(call, "topic"),
                      Text(call, "payload"), qos, Number(call, "retain") != 0, now);
  } else if (call.verb == "file.store") {
    files_[Text(call, "name")] = Text(call, "data");
  } else if (call.verb == "tls.set") {
    contexts_[Text(call, "context")][Text(call, "name")] = Text(call, "value");
  }
}

}  // namespace assay::device
