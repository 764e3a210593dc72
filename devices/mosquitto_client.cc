#include "devices/mosquitto_client.h"

#include <fcntl.h>
#include <mosquitto.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <ctime>
#include <utility>

#include "devices/mosquitto_tls.h"

namespace assay::device {
namespace {

using Kind = Event::Kind;

// What libmosquitto accepts at least, but for 0 (none).
constexpr int kShortestKeepAlive = 5;
constexpr int kMostInFlight = 65535;
constexpr std::string_view kPingreq("\xC0\0", 2);

void StartLibrary() {
  struct Library {
    Library() { mosquitto_lib_init(); }
    ~Library() { mosquitto_lib_cleanup(); }
  };
  static const Library library;
}

// libmosquitto and OpenSSL write with write(2), which raises SIGPIPE on a broken connection.
class NoSigpipe {
 public:
  NoSigpipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~NoSigpipe() {
    const int error = errno;
    const timespec at_once{};
    if (!was_pending_) sigtimedwait(&pipe_, nullptr, &at_once);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    errno = error;
  }
  NoSigpipe(const NoSigpipe&) = delete;
  NoSigpipe& operator=(const NoSigpipe&) = delete;

 private:
  sigset_t pipe_, before_;
  bool was_pending_ = false;
};

NetFailure FailureOf(int library_error, int system_error) {
  if (library_error == MOSQ_ERR_TLS || library_error == MOSQ_ERR_TLS_HANDSHAKE) {
    return NetFailure::kTls;
  }
  if (library_error == MOSQ_ERR_EAI) return NetFailure::kDns;
  if (system_error == ECONNREFUSED || library_error == MOSQ_ERR_CONN_REFUSED) {
    return NetFailure::kRefused;
  }
  return system_error == ETIMEDOUT ? NetFailure::kTimeout : NetFailure::kUnreachable;
}

bool NetworkGone(int system_error) {
  return system_error == ENETDOWN || system_error == ENETUNREACH || system_error == EHOSTUNREACH ||
         system_error == ETIMEDOUT;
}

std::vector<char*> Pointers(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  return pointers;
}

}  // namespace

// Called within the functions below; they only note what happened.
struct MosquittoClient::Callbacks {
  static MosquittoClient& Of(void* self) { return *static_cast<MosquittoClient*>(self); }
  static void Acknowledged(void* self, Kind kind, int message_id) {
    Of(self).events_.push_back({.kind = kind, .token = static_cast<std::uint64_t>(message_id)});
  }
  static void Connected(mosquitto*, void* self, int code) {
    Of(self).connected_ = code == 0;
    Of(self).ended_ = code != 0;  // the close that follows is no news
    Of(self).events_.push_back({.kind = Kind::kConnack, .code = code});
  }
  static void Disconnected(mosquitto*, void* self, int error) { Of(self).End(error); }
  static void Published(mosquitto*, void* self, int message_id) {
    Acknowledged(self, Kind::kPublished, message_id);
  }
  static void Unsubscribed(mosquitto*, void* self, int message_id) {
    Acknowledged(self, Kind::kUnsuback, message_id);
  }
  static void Subscribed(mosquitto*, void* self, int message_id, int count, const int* granted) {
    Acknowledged(self, Kind::kSuback, message_id);
    Of(self).events_.back().granted.assign(granted, granted + count);
  }
  // The log is the only place where libmosquitto tells of these packets. It cuts long lines off:
  // with a client id of 500 bytes it says nothing.
  static void Logged(mosquitto*, void* self, int, const char* text) {
    MosquittoClient& client = Of(self);
    std::string_view packet = text;
    if (!packet.starts_with(client.log_prefix_)) return;
    packet.remove_prefix(client.log_prefix_.size());
    if (packet.starts_with("sending ")) client.sent_ = true;
    if (packet == "sending CONNECT") client.log_readable_ = true;
    if (packet == "sending PINGREQ") client.awaits_pingresp_ = true;
    if (packet == "received PINGRESP") client.awaits_pingresp_ = false;
  }
  static void Received(mosquitto*, void* self, const mosquitto_message* message) {
    Of(self).events_.push_back(
        {.kind = Kind::kMessage,
         .topic = message->topic,
         .payload = std::string(static_cast<const char*>(message->payload),
                                static_cast<std::size_t>(message->payloadlen)),
         .qos = message->qos,
         .retain = message->retain,
         .message_id = message->mid});
  }
};

void MosquittoClient::Destroy::operator()(mosquitto* client) const {
  const NoSigpipe guard;
  mosquitto_destroy(client);
}

MosquittoClient::MosquittoClient(const ConnectRequest& request, const TlsOptions& tls)
    : keep_alive_s_(request.keep_alive_s) {
  StartLibrary();
  if (keep_alive_s_ > 0) keep_alive_s_ = std::max(keep_alive_s_, kShortestKeepAlive);
  const char* id = request.client_id.empty() ? nullptr : request.client_id.c_str();
  log_prefix_ = "Client " + (id == nullptr ? "(null)" : request.client_id) + " ";
  client_.reset(mosquitto_new(id, request.clean_session, this));
  if (client_ == nullptr) return;
  mosquitto* client = client_.get();
  mosquitto_int_option(client, MOSQ_OPT_PROTOCOL_VERSION,
                       request.version == 3 ? MQTT_PROTOCOL_V31 : MQTT_PROTOCOL_V311);
  mosquitto_int_option(client, MOSQ_OPT_TCP_NODELAY, 1);
  mosquitto_int_option(client, MOSQ_OPT_SEND_MAXIMUM, kMostInFlight);
  mosquitto_connect_callback_set(client, &Callbacks::Connected);
  mosquitto_disconnect_callback_set(client, &Callbacks::Disconnected);
  mosquitto_publish_callback_set(client, &Callbacks::Published);
  mosquitto_subscribe_callback_set(client, &Callbacks::Subscribed);
  mosquitto_unsubscribe_callback_set(client, &Callbacks::Unsubscribed);
  mosquitto_message_callback_set(client, &Callbacks::Received);
  mosquitto_log_callback_set(client, &Callbacks::Logged);
  int error = MOSQ_ERR_SUCCESS;
  if (request.username || request.password) {
    error =
        mosquitto_username_pw_set(client, request.username ? request.username->c_str() : nullptr,
                                  request.password ? request.password->c_str() : nullptr);
  }
  if (request.will && error == MOSQ_ERR_SUCCESS) {
    const Will& will = *request.will;
    error = mosquitto_will_set(client, will.topic.c_str(), static_cast<int>(will.payload.size()),
                               will.payload.data(), will.qos, will.retain);
  }
  if (error != MOSQ_ERR_SUCCESS) client_.reset();
  tls_ = tls.enabled;
  if (client_ != nullptr && tls_) tls_usable_ = ConfigureTls(client_.get(), tls);
}

MosquittoClient::~MosquittoClient() = default;

void MosquittoClient::Connect(const std::string& literal_address, int port) {
  if (client_ == nullptr) return End(Kind::kConnectFailed, NetFailure::kUnreachable);
  if (!tls_usable_) return End(Kind::kConnectFailed, NetFailure::kTls);
  const NoSigpipe guard;
  const int error =
      mosquitto_connect_async(client_.get(), literal_address.c_str(), port, keep_alive_s_);
  if (error > 0) return End(Kind::kConnectFailed, FailureOf(error, errno));
  if (fd() >= 0) fcntl(fd(), F_SETFD, FD_CLOEXEC);
}

void MosquittoClient::Step() {
  if (client_ == nullptr || ended_) return;
  if (!Secured()) return StepHandshake();
  const NoSigpipe guard;
  int error = mosquitto_loop_read(client_.get(), 1);
  if (error == MOSQ_ERR_SUCCESS && mosquitto_want_write(client_.get())) {
    error = mosquitto_loop_write(client_.get(), 1);
  }
  if (error == MOSQ_ERR_SUCCESS && tls_) error = mosquitto_loop_misc(client_.get());
  // The callback has told already, unless TLS itself failed.
  if (error > 0) End(error);
}

void MosquittoClient::ConnectHandshake(const std::string& literal_address, int port) {
  // A server may answer so soon that connecting ends with the handshake done. With threads, which
  // there are none of, packets wait to be written by a step; else CONNECT would be out already.
  if (client_ != nullptr) mosquitto_threaded_set(client_.get(), true);
  Connect(literal_address, port);
}

void MosquittoClient::StepHandshake() {
  if (client_ == nullptr || ended_) return;
  const NoSigpipe guard;
  const int error = mosquitto_loop_read(client_.get(), 1);
  if (error > 0) return End(error);
  // libmosquitto takes a reset during the handshake for a reason to wait on.
  if (!Secured() && HungUp()) End(MOSQ_ERR_TLS);
}

bool MosquittoClient::Secured() const {
  return !tls_ || client_ == nullptr || HandshakeDone(client_.get());
}

bool MosquittoClient::HungUp() const {
  pollfd entry{.fd = fd(), .events = POLLRDHUP, .revents = 0};
  if (entry.fd < 0 || poll(&entry, 1, 0) <= 0) return entry.fd < 0;
  char byte = 0;
  return recv(entry.fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0;
}

void MosquittoClient::Disconnect() {
  if (client_ == nullptr || ended_) return;
  const NoSigpipe guard;
  const int error = mosquitto_disconnect(client_.get());
  if (error > 0) End(Kind::kDisconnected, NetFailure::kUnreachable);
}

void MosquittoClient::Ping() {
  if (client_ == nullptr || ended_ || tls_ || mosquitto_want_write(client_.get())) return;
  const ssize_t written = send(fd(), kPingreq.data(), kPingreq.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (written < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (written != static_cast<ssize_t>(kPingreq.size())) return End(MOSQ_ERR_ERRNO);
  sent_ = true;
  awaits_pingresp_ = log_readable_;
}

bool MosquittoClient::TakeSent() { return std::exchange(sent_, false); }

int MosquittoClient::Subscribe(const std::vector<std::string>& filters, int qos) {
  const NoSigpipe guard;
  int id = 0;
  const int error =
      mosquitto_subscribe_multiple(client_.get(), &id, static_cast<int>(filters.size()),
                                   Pointers(filters).data(), qos, 0, nullptr);
  return error == MOSQ_ERR_SUCCESS ? id : 0;
}

int MosquittoClient::Unsubscribe(const std::vector<std::string>& filters) {
  const NoSigpipe guard;
  int id = 0;
  const int error = mosquitto_unsubscribe_multiple(
      client_.get(), &id, static_cast<int>(filters.size()), Pointers(filters).data(), nullptr);
  return error == MOSQ_ERR_SUCCESS ? id : 0;
}

int MosquittoClient::Publish(std::string_view topic, std::string_view payload, int qos,
                             bool retain) {
  const NoSigpipe guard;
  int id = 0;
  const int error =
      mosquitto_publish(client_.get(), &id, std::string(topic).c_str(),
                        static_cast<int>(payload.size()), payload.data(), qos, retain);
  return error == MOSQ_ERR_SUCCESS ? id : 0;
}

std::vector<Event> MosquittoClient::Take() { return std::exchange(events_, {}); }

int MosquittoClient::fd() const {
  return client_ == nullptr ? -1 : mosquitto_socket(client_.get());
}

bool MosquittoClient::WantsWrite() const {
  return client_ != nullptr && mosquitto_want_write(client_.get());
}

void MosquittoClient::End(Kind kind, NetFailure failure) {
  if (std::exchange(ended_, true)) return;
  events_.push_back({.kind = kind, .failure = failure});
}

void MosquittoClient::End(int library_error) {
  const int system_error = errno;
  if (library_error == MOSQ_ERR_SUCCESS) return End(Kind::kDisconnected, NetFailure::kUnreachable);
  Kind kind = Kind::kClosedByPeer;
  if (!connected_)
    kind = Kind::kConnectFailed;
  else if (library_error == MOSQ_ERR_KEEPALIVE)
    kind = Kind::kPingTimeout;
  else if (library_error == MOSQ_ERR_ERRNO && NetworkGone(system_error))
    kind = Kind::kLinkLost;
  End(kind, FailureOf(library_error, system_error));
}

}  // namespace assay::device
