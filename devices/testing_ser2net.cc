#include "devices/testing_ser2net.h"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iterator>
#include <stdexcept>
#include <utility>
#include <vector>

#include "devices/tcp.h"

namespace assay::device {
namespace {

constexpr Time kPatience = std::chrono::seconds(10);

// A connection would open the serial port, and keep it from the one that the test wants to make.
bool Listens(std::uint16_t port) {
  char wanted[48];
  std::snprintf(wanted, sizeof wanted, "0100007F:%04X 00000000:0000 0A", port);
  std::ifstream in("/proc/net/tcp");
  const std::string table((std::istreambuf_iterator<char>(in)), {});
  return table.find(wanted) != std::string::npos;
}

std::uint16_t FreePort() {
  const ListenResult listening = Listen("127.0.0.1", 0);
  if (listening.listener == nullptr) throw std::runtime_error(listening.error);
  return listening.listener->port();
}

std::string Content(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::unique_ptr<Process> StartServer(const std::vector<std::string>& argv, const std::string& log,
                                     const std::function<bool()>& ready) {
  const Descriptor out(open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  StartResult started = Start(argv, {.output = out.get(), .error = out.get()});
  std::string error = std::move(started.error);
  if (started.process != nullptr) error = started.process->WaitUntil(ready, kPatience);
  if (error.empty()) return std::move(started.process);
  if (started.process != nullptr) started.process->Stop(Time{0});
  throw std::runtime_error(error + "\n" + Content(log) +
                           "are Debian's ser2net and socat there? `harness/install_deps test`");
}

}  // namespace

Ser2net::Ser2net(const std::string& path, Speaks speaks) : port_(FreePort()) {
  const std::string file = scratch_.Path("ser2net.yaml"), log = scratch_.Path("log");
  const std::string socket = scratch_.Path("socket");
  std::ofstream(file) << "connection: &modem\n  accepter: "
                      << (speaks == Speaks::kRfc2217 ? "telnet(rfc2217)," : "") << "unix," << socket
                      << "\n  connector: serialdev(nouucplock=true)," << path
                      << ",115200n81,local\n  options:\n    chardelay: false\n";
  ser2net_ = StartServer({"/usr/sbin/ser2net", "-n", "-d", "-c", file, "-P", scratch_.Path("pid")},
                         log, [&] { return access(socket.c_str(), F_OK) == 0; });
  socat_ = StartServer({"socat",
                        "TCP-LISTEN:" + std::to_string(port_) +
                            ",bind=127.0.0.1,reuseaddr,fork,nodelay",
                        "UNIX-CONNECT:" + socket},
                       log, [this] { return Listens(port_); });
}

void Ser2net::Kill() {
  if (ser2net_ != nullptr) ser2net_->Stop(Time{0});
  ser2net_.reset();
}

}  // namespace assay::device
