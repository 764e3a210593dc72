#include "devices/mqtt_sn_clients.h"

#include <algorithm>
#include <utility>

namespace assay::device::sn {

void Clients::Flush(int link, Time now) {
  while (const auto packet = clients_[link].TakePacket()) {
    if (transport_ != nullptr && covered_) transport_->Send(link, *packet, now);
  }
}

void Clients::Connect(int link, const GatewayAddress& gateway, Session session, Time until,
                      Time now) {
  const bool leads = transport_ != nullptr && transport_->Open(link, gateway.host, gateway.port);
  Client& client = clients_[link];
  client.Connect(std::move(session), until, now);
  if (leads) return Flush(link, now);
  while (client.TakePacket()) continue;
  client.Refused();
}

void Clients::Ask(int link, Request request, Time now) {
  clients_[link].Ask(std::move(request), now);
  Flush(link, now);
}

void Clients::Disconnect(int link, Time until, Time now) {
  clients_[link].Disconnect(until, now);
  Flush(link, now);
}

void Clients::Close(int link) {
  if (const auto client = clients_.find(link); client != clients_.end()) client->second.Close();
}

// What is on its way to a modem without a network does not arrive.
void Clients::SetNetwork(bool up, Loss why) {
  covered_ = up;
  if (up) return;
  for (auto& [link, client] : clients_) client.Lost(why);
}

Time Clients::NextOfClients() const {
  Time next = kNever;
  for (const auto& [link, client] : clients_) next = std::min(next, client.NextEvent());
  return next;
}

Time Clients::NextEvent() const {
  const auto waits = [](const auto& entry) { return entry.second.HasEvent(); };
  if (std::any_of(clients_.begin(), clients_.end(), waits)) return Time{0};
  const Time next = NextOfClients();
  return transport_ == nullptr ? next : std::min(next, transport_->NextEvent());
}

std::vector<MqttService::Watch> Clients::Watches() const {
  return transport_ == nullptr ? std::vector<MqttService::Watch>() : transport_->Watches();
}

std::optional<ClientEvent> Clients::Poll(Time now) {
  while (true) {
    for (auto& [link, client] : clients_) {
      if (auto event = client.TakeEvent()) {
        event->link = link;
        return event;
      }
    }
    const Time next = std::min(now, NextOfClients());
    const auto arrival = transport_ == nullptr ? std::nullopt : transport_->Poll(next);
    if (arrival && !covered_) continue;
    if (arrival && arrival->refused) {
      clients_[arrival->link].Refused();
    } else if (arrival) {
      clients_[arrival->link].Receive(arrival->datagram, arrival->at);
      Flush(arrival->link, arrival->at);
    } else if (NextOfClients() <= now) {
      for (auto& [link, client] : clients_) {
        client.Advance(next);
        Flush(link, next);
      }
    } else {
      return std::nullopt;
    }
  }
}

}  // namespace assay::device::sn
