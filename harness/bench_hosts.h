// Loopback servers that misbehave on purpose, for the cases that need one, and the PIXIT values
// that tell the goldens where they are.
//
//   const BenchHosts hosts;
//   select.pixit = hosts.Pixit();   // refuse5.host, refuse5.port, silent.host, ...
#ifndef HARNESS_BENCH_HOSTS_H_
#define HARNESS_BENCH_HOSTS_H_

#include <map>
#include <memory>
#include <string>

#include "devices/deaf_port.h"
#include "devices/mqtt_sn_udp_gateway.h"
#include "devices/scripted_broker.h"
#include "transcripts/plan.h"

namespace assay::harness {

class BenchHosts {
 public:
  BenchHosts();
  const transcript::Values& Pixit() const { return pixit_; }
  const std::string& Error() const { return error_; }

 private:
  std::map<std::string, std::unique_ptr<device::ScriptedBroker>> servers_;
  const device::DeafPort unreachable_;
  const device::sn::UdpGateway denying_;
  transcript::Values pixit_;
  std::string error_;
};

}  // namespace assay::harness

#endif  // HARNESS_BENCH_HOSTS_H_
