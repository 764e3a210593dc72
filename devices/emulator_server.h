// Serves emulated modems in real time, one loop for all of them: on pseudo-terminals, TCP ports or
// our own standard streams (served_modem.h).
//
//   Descriptor stop = TerminationSignals();
//   return Serve({.modems = {{"tcp:127.0.0.1:0", make}}, .stop_fd = stop.get()}, std::cout,
//                std::cerr);
#ifndef DEVICES_EMULATOR_SERVER_H_
#define DEVICES_EMULATOR_SERVER_H_

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "devices/descriptor.h"
#include "devices/control_order.h"
#include "devices/emulator.h"
#include "devices/fault_shelf.h"
#include "devices/modem_script.h"
#include "devices/publisher.h"

namespace assay::device {

// Told when something has happened to a modem that it did not do itself: another one of this
// process has published. A modem's service has to be made with it (MakeLocalMqttService).
using News = std::function<void()>;

struct Modem {
  std::string listen;  // "pty:LINK", "tcp:HOST:PORT" (port 0 picks one), "stdio"
  // A modem fresh from the factory: at the start, and after each reboot.
  std::function<std::unique_ptr<Emulator>(News news)> make;
  std::vector<std::string> faults{};  // ids, of those that it has from the start
  std::string log{};                  // a file for what goes over its line; empty: none
  // What of it is written: asked of each piece in turn; empty: all.
  std::function<void(bool host, std::string& bytes)> log_filter{};
};

struct ServeOptions {
  std::vector<Modem> modems;
  int stop_fd = -1;  // readable: stop serving
  // Descriptors that each modem may need beside its line: its connections to a broker.
  std::size_t descriptors_each = 0;
  std::string control{};  // "unix:PATH", "tcp:HOST:PORT": where orders come from (CONTROL.md)
  // Carried out on all modems before the first host comes, and what becomes of each afterwards.
  std::vector<Order> orders{};
  std::shared_ptr<const Script> script{};
  // What a fault's id means; empty: those derived from the spec.
  FaultShelf::Finder find_fault{};
  // Who publishes at the modems' broker what an order wants delivered.
  Publisher::Maker publisher{};
  // Called once hosts may come and that has been said; may be empty.
  std::function<void()> ready{};
};

// Prints "listening pty:LINK" or "listening tcp://HOST:PORT" to `out`, a line for each modem, once
// hosts may come, and then "control unix:PATH" if there is one; to `log` on stdio, where `out` is
// the modem's. An exit status: 0 stopped, or the
// end of standard input; 2 a `listen` is none of these; 4 it cannot be served there.
int Serve(const ServeOptions& options, std::ostream& out, std::ostream& log);

// Takes SIGTERM and SIGINT away from their usual doing, in this thread and those it will start:
// they make the descriptor readable instead.
Descriptor TerminationSignals();

// Lets this process have so many descriptors. Empty, or why it cannot and what to try.
std::string AllowDescriptors(std::size_t count);

}  // namespace assay::device

#endif  // DEVICES_EMULATOR_SERVER_H_
