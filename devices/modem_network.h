// The network side of an emulated modem: carries out the effects that a dialect's model asks for,
// and tells what happened in the model's words (spec/BEHAVIOUR.md, "Effects" and events).
//
//   ModemNetwork network(std::move(service), dialect.capabilities, std::move(gateway));
//   for (const dialect::ServiceCall& call : answer.calls) network.Carry(call, limit, model, now);
//   while (auto happening = network.Poll(model, now)) model.Happened(happening->event, ...);
#ifndef DEVICES_MODEM_NETWORK_H_
#define DEVICES_MODEM_NETWORK_H_

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "devices/mqtt_service.h"
#include "devices/mqtt_sn_clients.h"
#include "dialects/model.h"

namespace assay::device {

struct Happening {
  std::string_view event;
  std::int64_t link = 0;
  dialect::EventValues values{};
  dialect::CommandPtr command{};  // that it answers; null if none
};

class ModemNetwork {
 public:
  // `gateway`: where MQTT-SN leads; null: nowhere.
  ModemNetwork(std::unique_ptr<MqttService> service,
               std::map<std::string, std::string> capabilities,
               std::unique_ptr<sn::Transport> gateway = nullptr);

  // `patience`: the documented time of the command's result. A link that is not open by then is not
  // tried any longer, and what is not acknowledged is given up, however many retries that leaves
  // (BG96: retry_times of them take pkt_timeout*retry_times, so that the last one is not waited
  // for). A patience of 0 states nothing: the retries decide.
  void Carry(const dialect::ServiceCall& call, std::optional<Time> patience, dialect::Model& model,
             Time now);
  std::optional<Happening> Poll(dialect::Model& model, Time now);
  Time NextEvent() const;
  std::vector<MqttService::Watch> Watches() const;
  // The network under all links is there or not; when it goes, they are lost, and why. False: this
  // is for nobody to say.
  bool SetNetwork(bool up, Loss why, Time now);
  // The server closes that link, or all. False: none is open.
  bool Drop(std::optional<std::int64_t> link, Time now);
  // Each command that waits for something becomes what this makes of it.
  void Replace(const std::function<dialect::CommandPtr(const dialect::CommandPtr&)>& other);

 private:
  using Call = dialect::ServiceCall;
  struct Pending {
    std::int64_t link = 0;
    std::optional<std::int64_t> message_id;  // counted as in flight
    dialect::CommandPtr command;
    Time until = kNever;  // when it is given up
  };
  struct Asked {
    std::int64_t link = 0;
    dialect::CommandPtr command;
  };
  struct Link {
    dialect::CommandPtr opened{}, connected{}, ended{};  // whose doing it was
    int last_id = 0;                                     // that the modem gave a packet by itself
  };

  OpenRequest MakeOpen(const Call& call) const;
  ConnectRequest MakeConnect(const Call& call) const;
  int MessageId(const Call& call);
  std::uint64_t Expect(const Call& call, int id, bool in_flight, Time until, dialect::Model& model);
  Time NextGivenUp() const;
  // What the service tells next, or a packet that is given up before.
  std::optional<Event> PollService(Time now);
  // A setting of the call's TLS context, and what the file that it names holds.
  std::string File(const Call& call, const std::string& role) const;
  std::string Setting(const Call& call, const std::string& role) const;
  void Forget(std::int64_t link);
  // Of a modem with a fault: says that the call is carried out, which it is not.
  void Feign(const Call& call, Time until, dialect::Model& model, Time now);
  void Acknowledge(const Event& event, dialect::Model& model);
  bool CarrySn(const Call& call, Time until, Time now);
  std::optional<Happening> PollSn(Time now);
  void ForgetSn(std::int64_t link);

  const std::unique_ptr<MqttService> service_;
  sn::Clients sn_;
  const std::map<std::string, std::string> capabilities_;
  std::map<std::string, std::string> files_;
  std::map<std::string, std::map<std::string, std::string>> contexts_;
  std::map<std::int64_t, Link> links_;
  std::map<std::uint64_t, Pending> pending_;
  std::map<std::uint64_t, Asked> sn_asked_;
  std::deque<Event> feigned_;  // by time
  std::uint64_t last_token_ = 0;
};

}  // namespace assay::device

#endif  // DEVICES_MODEM_NETWORK_H_
