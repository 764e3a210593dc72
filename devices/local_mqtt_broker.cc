#include "devices/local_mqtt_broker.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "devices/mqtt_topic.h"

namespace assay::device {
namespace {

constexpr int kAccepted = 0, kBadVersion = 1, kIdRejected = 2;

}  // namespace

std::shared_ptr<LocalBroker> MakeLocalBroker() { return std::make_shared<LocalBroker>(); }

void LocalBroker::Publish(const BrokerMessage& message, Time at) {
  if (message.retain) {
    if (message.payload.empty()) {
      retained_.erase(message.topic);
    } else {
      retained_.insert_or_assign(message.topic, message);
    }
  }
  for (auto& [id, session] : sessions_) {
    // One copy, at the best QoS of all filters that match (3.3.5).
    int granted = -1;
    for (const auto& [filter, qos] : session.subscriptions) {
      if (TopicMatches(filter, message.topic)) granted = std::max(granted, qos);
    }
    if (granted < 0) continue;
    BrokerMessage copy = message;
    copy.qos = std::min(message.qos, granted);
    copy.retain = false;
    if (session.client != nullptr) {
      session.client->Deliver(copy, at);
    } else if (copy.qos > 0 && session.queued.size() < kQueueLimit) {
      session.queued.push_back(std::move(copy));
    }
  }
}

bool LocalBroker::CloseLink(std::string_view client_id, Time at) {
  const auto found = sessions_.find(client_id);
  if (found == sessions_.end() || found->second.client == nullptr) return false;
  BrokerClient* client = found->second.client;
  Leave(client, true, at);
  client->Drop(Event::Kind::kClosedByPeer, at);
  return true;
}

void LocalBroker::LoseNetwork(Time at) {
  network_up_ = false;
  const std::vector<BrokerClient*> lost = std::exchange(clients_, {});
  std::vector<Will> wills;  // published once all are gone: absent sessions queue them
  for (BrokerClient* client : lost) {
    const auto session = Find(client);
    if (session != sessions_.end()) {
      if (session->second.will) wills.push_back(*session->second.will);
      EndSession(session, false, at);
    }
    client->Drop(Event::Kind::kLinkLost, at);
  }
  for (const Will& will : wills) Publish({will.topic, will.payload, will.qos, will.retain}, at);
}

void LocalBroker::Leave(BrokerClient* client, bool publish_will, Time at) {
  std::erase(clients_, client);
  const auto found = Find(client);
  if (found != sessions_.end()) EndSession(found, publish_will, at);
}

int LocalBroker::Connect(BrokerClient* client, const ConnectRequest& request, Time at) {
  if (request.version != 3 && request.version != 4) return kBadVersion;
  std::string id = request.client_id;
  if (id.empty()) {
    // MQTT 3.1 wants a name; 3.1.1 only for a session that is to last (3.1.3-8).
    if (request.version == 3 || !request.clean_session) return kIdRejected;
    id = "nameless-" + std::to_string(++nameless_);
  }
  if (const auto found = sessions_.find(id); found != sessions_.end()) {
    if (BrokerClient* older = found->second.client; older != nullptr) {
      Leave(older, true, at);
      older->Drop(Event::Kind::kClosedByPeer, at);
    }
  }
  if (request.clean_session) sessions_.erase(id);
  Session& session = sessions_[id];
  session.clean = request.clean_session;
  session.will = request.will;
  session.client = client;
  return kAccepted;
}

void LocalBroker::Resume(BrokerClient* client, Time at) {
  const auto found = Find(client);
  if (found == sessions_.end()) return;
  for (const BrokerMessage& message : std::exchange(found->second.queued, {})) {
    client->Deliver(message, at);
  }
}

std::vector<int> LocalBroker::Subscribe(BrokerClient* client,
                                        const std::vector<Subscription>& topics) {
  std::vector<int> granted;
  const auto found = Find(client);
  for (const Subscription& wanted : topics) {
    const bool fits = found != sessions_.end() && ValidTopicFilter(wanted.topic);
    const int qos = std::clamp(wanted.qos, 0, 2);
    if (fits) found->second.subscriptions.insert_or_assign(wanted.topic, qos);
    granted.push_back(fits ? qos : kSubscriptionRefused);
  }
  return granted;
}

void LocalBroker::SendRetained(BrokerClient* client, const std::vector<Subscription>& topics,
                               Time at) {
  for (const Subscription& wanted : topics) {
    if (!ValidTopicFilter(wanted.topic)) continue;
    for (const auto& [topic, message] : retained_) {
      if (!TopicMatches(wanted.topic, topic)) continue;
      BrokerMessage copy = message;
      copy.qos = std::min(message.qos, std::clamp(wanted.qos, 0, 2));
      client->Deliver(copy, at);
    }
  }
}

void LocalBroker::Unsubscribe(BrokerClient* client, const std::vector<std::string>& topics) {
  const auto found = Find(client);
  if (found == sessions_.end()) return;
  for (const std::string& topic : topics) found->second.subscriptions.erase(topic);
}

void LocalBroker::Record(BrokerPacket packet) {
  if (log_.size() == kLogLimit) log_.pop_front();
  log_.push_back(std::move(packet));
}

LocalBroker::Sessions::iterator LocalBroker::Find(const BrokerClient* client) {
  return std::find_if(sessions_.begin(), sessions_.end(),
                      [client](const auto& entry) { return entry.second.client == client; });
}

void LocalBroker::EndSession(Sessions::iterator at, bool publish_will, Time now) {
  const std::optional<Will> will = std::exchange(at->second.will, std::nullopt);
  at->second.client = nullptr;
  if (at->second.clean) sessions_.erase(at);
  if (will && publish_will) Publish({will->topic, will->payload, will->qos, will->retain}, now);
}

}  // namespace assay::device
