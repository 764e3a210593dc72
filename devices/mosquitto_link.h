// One link of MosquittoService. The TCP connection (and the TLS handshake) that Open asks for is
// held until Connect, which replaces it by libmosquitto's own: a broker sees two connections.
#ifndef DEVICES_MOSQUITTO_LINK_H_
#define DEVICES_MOSQUITTO_LINK_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "devices/mosquitto_client.h"
#include "devices/mosquitto_probe.h"
#include "devices/mqtt_service.h"

namespace assay::device {

class MosquittoLink {
 public:
  explicit MosquittoLink(int index) : index_(index) {}

  // An empty address stands for a name that cannot be resolved.
  void Open(const std::string& literal_address, int port, const OpenRequest& request, Time now);
  void Unreachable(Time now);  // in place of Open: there is no network
  void Close();
  // The connection ends without a word to the server, as it does when the network is gone: then
  // `loss` says how. Without, the server has closed it. False: there is none.
  bool Cut(std::optional<Loss> loss, Time now);
  void Connect(const ConnectRequest& request, Time now);
  void Disconnect(Time now);
  void Subscribe(std::uint64_t token, const std::vector<Subscription>& topics, Time now);
  void Unsubscribe(std::uint64_t token, const std::vector<std::string>& topics, Time now);
  void Publish(std::uint64_t token, std::string_view topic, std::string_view payload, int qos,
               bool retain, Time now);

  void Step(Time now);  // input, output, timers
  std::vector<Event> Take();
  Time NextTimer() const;
  std::optional<MqttService::Watch> Watched() const;

 private:
  enum class State { kClosed, kOpening, kSecuring, kOpen, kConnecting, kConnected, kLeaving };
  // A request may take several packets: libmosquitto sends one QoS per SUBSCRIBE.
  struct Request {
    std::size_t packets = 0;
    std::vector<int> granted{};
    Time next = kNever;  // when it is sent again, or given up
    int retries = 0;
  };
  struct Packet {
    std::uint64_t token = 0;
    std::vector<std::size_t> places{};  // of its filters in the request
  };

  void Tell(Event event, Time now);
  void End(Event event, Time now);
  bool Running(std::uint64_t token, Time now);
  void Sent(std::uint64_t token, int message_id, std::vector<std::size_t> places, Time now);
  void StepOpen(Time now);
  void Collect(Time now);
  void WatchTraffic(Time now);
  void KeepAlive(Time now);
  void Handle(Event event, Time now);
  void Acknowledge(const Event& event, Time now);
  void Finish(Event::Kind kind, std::uint64_t token, Time now);
  void RunTimers(Time now);

  int index_;
  State state_ = State::kClosed;
  std::string address_;
  int port_ = 0;
  TlsOptions tls_;
  ConnectRequest session_;
  TcpProbe probe_;
  std::unique_ptr<MosquittoClient> client_;
  std::map<std::uint64_t, Request> requests_;
  std::map<int, Packet> packets_;  // by libmosquitto's message id
  std::vector<Event> events_;
  Time deadline_ = kNever;    // of the state
  Time keep_alive_ = kNever;  // when PINGREQ is due; with TLS, when libmosquitto must look
  Time pingresp_ = kNever;    // until when PINGRESP must have come
};

}  // namespace assay::device

#endif  // DEVICES_MOSQUITTO_LINK_H_
