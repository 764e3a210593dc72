// A gateway (mqtt_sn_gateway.h) on a UDP port of loopback, for as long as the object lives.
//
//   sn::UdpGateway gateway(MakeMosquittoService({.port = broker.Port()}));
//   if (!gateway.Error().empty()) ...
//   sn::MakeUdpTransport({.host = "127.0.0.1", .port = gateway.Port()})
#ifndef DEVICES_MQTT_SN_UDP_GATEWAY_H_
#define DEVICES_MQTT_SN_UDP_GATEWAY_H_

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>

#include "devices/descriptor.h"
#include "devices/mqtt_sn_gateway.h"

namespace assay::device::sn {

class UdpGateway {
 public:
  // `denies`: as of Gateway.
  explicit UdpGateway(std::unique_ptr<MqttService> service, bool denies = false);
  ~UdpGateway();
  UdpGateway(const UdpGateway&) = delete;
  UdpGateway& operator=(const UdpGateway&) = delete;

  int Port() const { return port_; }                   // 0: it could not listen
  const std::string& Error() const { return error_; }  // why

 private:
  void Listen();
  void Serve(const std::stop_token& stop);
  void Read(std::string& buffer);

  Time Now() const;

  Gateway gateway_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  int port_ = 0;
  std::string error_;
  Descriptor socket_, wake_;
  std::jthread thread_;
};

}  // namespace assay::device::sn

#endif  // DEVICES_MQTT_SN_UDP_GATEWAY_H_
