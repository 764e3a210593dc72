// What stands behind an emulated modem: the network and an MQTT server, as the modem's firmware
// would see them. The emulator asks for something and later polls an event that answers it.
//
//   service->Open(0, {.host = "broker.example", .port = 1883});
//   ... later: service->Poll(now) -> {link 0, Event::Kind::kOpened}
//
// Two implementations: LocalMqttService, deterministic and in process (a small broker with
// sessions, retained messages, wills, QoS 0-2, and hosts that misbehave on purpose), and
// MosquittoService, which reaches a real broker through libmosquitto. A link is one connection
// (BG96: a tcpconnectID). One service serves one modem; nothing blocks.
//
// Every request is answered. kOpenFailed, kConnectFailed, a kConnack other than 0, kDisconnected,
// kClosedByPeer, kPingTimeout and kLinkLost leave the link closed; what was under way on it ends
// without an event of its own. Asked at the wrong moment, Connect answers kConnectFailed,
// Disconnect kDisconnected, and the others kGaveUp. Open on an open link closes that first. A
// malformed topic filter is granted 128; a malformed topic name, or a second CONNECT, makes the
// server close the link, as MQTT 3.1.1 wants it.
#ifndef DEVICES_MQTT_SERVICE_H_
#define DEVICES_MQTT_SERVICE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/time.h"

namespace assay::device {

struct TlsOptions {
  bool enabled = false;
  bool verify = false;       // the server
  bool ignore_time = false;  // certificates that are no longer valid, or not yet, will do
  std::string ca_pem{}, certificate_pem{}, key_pem{};
  std::vector<std::string> names{};  // what a verified server may be called; filled in by Open
};

struct OpenRequest {
  std::string host{};
  int port = 0;
  TlsOptions tls{};
  Time timeout{75'000'000};
};

struct Will {
  std::string topic{}, payload{};
  int qos = 0;
  bool retain = false;
};

struct ConnectRequest {
  int version = 4;  // protocol level: 3 is MQTT 3.1, 4 is 3.1.1
  std::string client_id{};
  std::optional<std::string> username{}, password{};
  std::optional<Will> will{};
  bool clean_session = true;
  int keep_alive_s = 120;
  Time packet_timeout{5'000'000};
  int retries = 3;
};

// SUBACK: what is granted instead of a QoS (MQTT 3.1.1, 3.9.3).
inline constexpr int kSubscriptionRefused = 128;
struct Subscription {
  std::string topic{};
  int qos = 0;
};

enum class NetFailure { kDns, kRefused, kUnreachable, kTimeout, kTls };

// How a link was lost: nothing answers on it; the link itself is gone; the modem is registered
// nowhere any more.
enum class Loss { kUnanswered, kLink, kRegistration };

struct Event {
  enum class Kind {
    kOpened,
    kOpenFailed,     // failure
    kConnack,        // code 0..5
    kConnectFailed,  // failure; no CONNACK within the packet timeout, or the link broke before it
    kSuback,         // token; granted, 128 for a refused one
    kUnsuback,       // token
    kPublished,      // token; sent (QoS 0) or acknowledged (PUBACK, PUBCOMP)
    kRetry,          // token; code = how many times it has now been sent again
    kGaveUp,         // token; retries exhausted
    kMessage,        // topic, payload, qos, retain, message_id
    kDisconnected,   // DISCONNECT is out and the link closed, as asked
    kClosedByPeer,   // the server closed or reset the link
    kPingTimeout,    // PINGREQ unanswered for the packet timeout
    kLinkLost,       // the network is gone: loss
  };
  Kind kind = Kind::kOpened;
  int link = 0;
  std::uint64_t token = 0;
  int code = 0;
  NetFailure failure = NetFailure::kDns;
  Loss loss = Loss::kLink;
  std::vector<int> granted{};
  std::string topic{}, payload{};
  int qos = 0;
  bool retain = false;
  int message_id = 0;
  Time at{0};  // when it happened
};

class MqttService {
 public:
  virtual ~MqttService() = default;
  virtual void Open(int link, const OpenRequest& request, Time now) = 0;
  virtual void Close(int link, Time now) = 0;  // no event; a running session's will is published
  virtual void Connect(int link, const ConnectRequest& request, Time now) = 0;
  virtual void Disconnect(int link, Time now) = 0;
  virtual void Subscribe(int link, std::uint64_t token, int message_id,
                         const std::vector<Subscription>& topics, Time now) = 0;
  virtual void Unsubscribe(int link, std::uint64_t token, int message_id,
                           const std::vector<std::string>& topics, Time now) = 0;
  virtual void Publish(int link, std::uint64_t token, int message_id, std::string_view topic,
                       std::string_view payload, int qos, bool retain, Time now) = 0;
  // The next event due at or before `now`, oldest first.
  virtual std::optional<Event> Poll(Time now) = 0;
  // When Poll may next have something without outside help; kNever if nothing is scheduled.
  virtual Time NextEvent() const = 0;
  // The network under this modem's links goes or comes back. Links that stand are lost, later
  // kLinkLost; no host is reached until it is back. False: this service cannot.
  virtual bool SetNetwork(bool, Loss, Time) { return false; }
  // The server closes the link, later kClosedByPeer. False: it is not open, or nobody can say so.
  virtual bool Drop(int, Time) { return false; }
  // Descriptors that a host loop must watch (real brokers); empty in process.
  struct Watch {
    int fd = -1;
    bool want_write = false;
  };
  virtual std::vector<Watch> Watches() const { return {}; }
};

// In process. Deterministic: `seed` and the calls decide everything. Every host and port is a
// working broker, but for names that ask for trouble (for tests and PIXIT values):
//   *.invalid                  cannot be resolved (RFC 6761)
//   connack-N.test  (N 1..5)   refuses the CONNECT with return code N
//   silent.test                accepts the connection, answers nothing
//   refused.test               refuses the TCP connection
//   unreachable.test           never answers the TCP SYN: kTimeout after OpenRequest::timeout
//   closing.test               closes the link on the first packet after CONNACK
//   mute.test                  CONNACK 0, then acknowledges nothing (retries, PINGREQ time-outs)
//   denying.test               refuses every subscription (SUBACK 0x80)
//   untrusted.test             with TLS and `verify`: kTls, its certificate is not trusted
//   misnamed.test              likewise: it is another host's
//   expired.test               likewise, unless `ignore_time`: it was valid
// and TLS fails at port 1883, which is MQTT's without TLS: kTls.
// All services made from one LocalBroker share its topics, so a second client sees the first.
// `latency` is one round trip; what takes two (QoS 2) takes it twice.
// `journal`, if there is one, is told what reaches the broker's side (wire_journal.h); `news`, that
// something will happen here which was done elsewhere: NextEvent() may be sooner now.
class LocalBroker;
class WireJournal;
std::shared_ptr<LocalBroker> MakeLocalBroker();
std::unique_ptr<MqttService> MakeLocalMqttService(std::shared_ptr<LocalBroker> broker, Time latency,
                                                  std::shared_ptr<WireJournal> journal = nullptr,
                                                  std::function<void()> news = nullptr);

// A real broker. `host` and `port` replace whatever the modem was told, except for loopback
// addresses (127.0.0.0/8) and *.invalid, which are taken literally. Watches() must be polled.
struct MosquittoOptions {
  std::string host = "127.0.0.1";
  int port = 1883;
  int tls_port = 0;  // for links with TLS; 0: `port`
};
std::unique_ptr<MqttService> MakeMosquittoService(const MosquittoOptions& options);

}  // namespace assay::device

#endif  // DEVICES_MQTT_SERVICE_H_
