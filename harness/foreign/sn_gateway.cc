// The gateway that comes with Assay, on a UDP port of loopback before a real broker, so that what a
// modem says to it can be captured: sn_gateway BROKER_PORT. Prints `listening PORT`; ends when it
// is killed.
#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "devices/mqtt_service.h"
#include "devices/mqtt_sn_udp_gateway.h"

int main(int argc, char** argv) {
  using assay::device::MakeMosquittoService;
  const int port = argc == 2 ? std::atoi(argv[1]) : 0;
  if (port == 0) {
    std::cerr << "usage: sn_gateway BROKER_PORT\n";
    return 2;
  }
  const assay::device::sn::UdpGateway gateway(MakeMosquittoService({.port = port}));
  if (!gateway.Error().empty()) {
    std::cerr << gateway.Error() << "\n";
    return 1;
  }
  std::cout << "listening " << gateway.Port() << std::endl;
  pause();
  return 0;
}
