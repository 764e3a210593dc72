// Serves an emulated modem in real time, on a PTY, a TCP port or our own standard streams.
//
//   Descriptor stop = TerminationSignals();
//   return Serve({.listen = "tcp:127.0.0.1:0", .stop_fd = stop.get()}, std::move(emulator),
//                std::cout, std::cerr);
//
// The modem outlives its hosts: whoever connects next finds it as the last one left it. One host
// at a time; what the modem says while nobody is there is lost.
#ifndef DEVICES_EMULATOR_SERVER_H_
#define DEVICES_EMULATOR_SERVER_H_

#include <memory>
#include <ostream>
#include <string>

#include "devices/descriptor.h"
#include "devices/emulator.h"

namespace assay::device {

struct ServeOptions {
  std::string listen;  // "pty:LINK", "tcp:HOST:PORT" (port 0 picks one), "stdio"
  int stop_fd = -1;    // readable: stop serving
};

// Prints "listening pty:LINK" or "listening tcp://HOST:PORT" to `out` once a host may come; to
// `log` on stdio, where `out` is the modem's. An exit status: 0 stopped, or the end of standard
// input; 2 `listen` is none of these; 4 it cannot be served there.
int Serve(const ServeOptions& options, std::unique_ptr<Emulator> emulator, std::ostream& out,
          std::ostream& log);

// Takes SIGTERM and SIGINT away from their usual doing, in this thread and those it will start:
// they make the descriptor readable instead.
Descriptor TerminationSignals();

}  // namespace assay::device

#endif  // DEVICES_EMULATOR_SERVER_H_
