// A client and a gateway that are told anything, whenever: what they send are packets, they do not
// hang, and the client answers every request at most once.
//
// The input is steps: a byte that says what, a byte of length, and so many bytes.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

#include "devices/local_mqtt_broker.h"
#include "devices/mqtt_sn_client.h"
#include "devices/mqtt_sn_gateway.h"

namespace {

using namespace assay::device;
using assay::Time;

void Require(bool condition) {
  if (!condition) std::abort();
}

class Session {
 public:
  Session() { client_.Connect({.client_id = "client", .keep_alive_s = 30}, assay::kNever, now_); }

  void Step(std::uint8_t what, std::string_view bytes) {
    switch (what % 6) {
      case 0:
        gateway_.Receive(what & 8 ? "a" : "b", bytes, now_);
        break;
      case 1:
        client_.Receive(bytes, now_);
        break;
      case 2:
        Ask(static_cast<sn::Request::Kind>(what / 6 % 6), bytes);
        break;
      case 3:
        now_ += std::chrono::seconds(bytes.size());
        break;
      case 4:
        broker_->Publish({.topic = bytes.empty() ? "x" : std::string(bytes), .qos = what / 6 % 3},
                         now_);
        break;
      case 5:
        if (what & 8) client_.Disconnect(now_ + std::chrono::seconds(5), now_);
        if (what & 16) client_.Connect({.client_id = "again"}, assay::kNever, now_);
        break;
    }
    Settle();
  }

 private:
  void Ask(sn::Request::Kind kind, std::string_view bytes) {
    client_.Ask({.kind = kind,
                 .token = ++last_token_,
                 .topic = std::string(bytes),
                 .topic_id = bytes.size() == 1 ? bytes[0] : 0,
                 .qos = static_cast<int>(bytes.size() % 3),
                 .until = now_ + std::chrono::seconds(20)},
                now_);
  }

  // Passes on what both say, but not more than a few rounds of it: they may go on forever.
  void Settle() {
    client_.Advance(now_);
    Require(client_.NextEvent() > now_);
    for (int round = 0; round < 20; ++round) {
      while (const auto packet = client_.TakePacket()) {
        Require(sn::Decode(*packet).has_value());
        gateway_.Receive("client", *packet, now_);
      }
      gateway_.Advance(now_);
      Require(gateway_.NextEvent() > now_);
      while (const auto out = gateway_.Take()) {
        Require(sn::Decode(out->datagram).has_value());
        if (out->peer == "client") client_.Receive(out->datagram, now_);
      }
      now_ += std::chrono::milliseconds(10);
      client_.Advance(now_);
    }
    while (const auto event = client_.TakeEvent()) {
      if (event->token != 0) Require(answered_.insert(event->token).second);
    }
  }

  Time now_{0};
  sn::Client client_;
  const std::shared_ptr<LocalBroker> broker_ = MakeLocalBroker();
  sn::Gateway gateway_{MakeLocalMqttService(broker_, std::chrono::milliseconds(5))};
  std::uint64_t last_token_ = 0;
  std::set<std::uint64_t> answered_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Session session;
  std::string_view rest(reinterpret_cast<const char*>(data), std::min<std::size_t>(size, 2000));
  while (rest.size() >= 2) {
    const auto what = static_cast<std::uint8_t>(rest[0]);
    const std::string_view bytes = rest.substr(2, static_cast<std::uint8_t>(rest[1]));
    rest.remove_prefix(2 + bytes.size());
    session.Step(what, bytes);
  }
  return 0;
}
