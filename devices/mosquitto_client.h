// One libmosquitto client, driven step by step: no thread, no blocking call, no SIGPIPE.
//
//   MosquittoClient client(request, tls);
//   client.Connect("127.0.0.1", 1883);
//   client.Step();                                       // when its descriptor is ready
//   for (Event& event : client.Take()) ...               // event.token is libmosquitto's message
//   id
//
// How the connection ended is one last event: kDisconnected, kClosedByPeer, kPingTimeout,
// kLinkLost, or kConnectFailed before there was a connection at all.
#ifndef DEVICES_MOSQUITTO_CLIENT_H_
#define DEVICES_MOSQUITTO_CLIENT_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "devices/descriptor.h"
#include "devices/mqtt_service.h"

struct mosquitto;

namespace assay::device {

class MosquittoClient {
 public:
  MosquittoClient(const ConnectRequest& request, const TlsOptions& tls);
  ~MosquittoClient();  // drops the connection: the broker publishes the will
  MosquittoClient(const MosquittoClient&) = delete;
  MosquittoClient& operator=(const MosquittoClient&) = delete;

  void Connect(const std::string& literal_address, int port);
  void Step();
  // The same, but no further than the TLS handshake: CONNECT stays unsent. For a link that is only
  // open.
  void ConnectHandshake(const std::string& literal_address, int port);
  void StepHandshake();
  bool Secured() const;  // the handshake is done, or none is needed
  void Disconnect();
  // Sends PINGREQ, unless packets wait to be written that will do as well. Without TLS nobody else
  // does: libmosquitto takes no keep alive below 5 s, and waits another one for the answer. With
  // TLS it cannot be done past libmosquitto, which then sends its own.
  void Ping();
  bool TakeSent();  // whether a packet went out since this was last asked
  bool AwaitsPingresp() const { return awaits_pingresp_; }
  // libmosquitto's message id; 0 if it does not send such a thing, or the connection is gone.
  int Subscribe(const std::vector<std::string>& filters, int qos);
  int Unsubscribe(const std::vector<std::string>& filters);
  int Publish(std::string_view topic, std::string_view payload, int qos, bool retain);

  std::vector<Event> Take();
  int fd() const;  // -1: gone
  bool WantsWrite() const;

 private:
  struct Callbacks;
  struct Destroy {
    void operator()(mosquitto* client) const;
  };

  void End(Event::Kind kind, NetFailure failure);
  void End(int library_error);
  bool HungUp() const;

  std::unique_ptr<mosquitto, Destroy> client_;  // null: libmosquitto does not take the request
  std::vector<Event> events_;
  std::string log_prefix_;  // of what libmosquitto logs about packets
  bool log_readable_ = false;
  int keep_alive_s_;  // as CONNECT has it
  bool sent_ = false;
  bool awaits_pingresp_ = false;
  bool tls_ = false;
  bool tls_usable_ = true;
  bool connected_ = false;
  bool ended_ = false;
};

}  // namespace assay::device

#endif  // DEVICES_MOSQUITTO_CLIENT_H_
