// A real mosquitto on free loopback ports, for as long as the object lives.
//
//   BenchBroker broker({.login = BenchBroker::Login{"user", "secret"}});
//   if (!broker.Error().empty()) ...
//   Connect("127.0.0.1", broker.Port());            // anybody
//   Connect("127.0.0.1", broker.PasswordPort());    // with the login only
//
// Its configuration stands in a temporary folder that goes with it. Start it from a thread that
// lasts: the kernel ends the child with its starter.
#ifndef DEVICES_BENCH_BROKER_H_
#define DEVICES_BENCH_BROKER_H_

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "devices/process.h"

namespace assay::device {

class BenchBroker {
 public:
  struct Login {
    std::string username{}, password{};
  };
  struct Tls {  // paths of PEM files
    std::string ca{}, certificate{}, key{};
  };
  struct Options {
    std::optional<Login> login{};
    std::optional<Tls> tls{};
    std::vector<Tls> doubtful{};  // further servers, that want no certificate of the client
  };

  explicit BenchBroker(const Options& options);
  ~BenchBroker();
  BenchBroker(const BenchBroker&) = delete;
  BenchBroker& operator=(const BenchBroker&) = delete;

  const std::string& Error() const { return error_; }  // why it does not run, and what it said
  int Port() const { return port_; }
  int PasswordPort() const { return password_port_; }  // 0 without login
  int TlsPort() const { return tls_port_; }            // 0 without tls; wants no certificate
  int MutualTlsPort() const { return mutual_port_; }   // likewise; wants one that `ca` has signed
  const std::vector<int>& DoubtfulPorts() const { return doubtful_ports_; }
  // Again, on the same ports, after Kill; what it knew of sessions is gone. Empty, or why not.
  std::string Restart();
  void Kill();                                         // all connections break

 private:
  std::string Launch();
  std::string WritePasswords(const Login& login);
  std::string WriteConfiguration(const Options& options);

  std::filesystem::path folder_;
  std::unique_ptr<Process> process_;
  std::string error_;
  int port_ = 0, password_port_ = 0, tls_port_ = 0, mutual_port_ = 0;
  std::vector<int> doubtful_ports_;
};

}  // namespace assay::device

#endif  // DEVICES_BENCH_BROKER_H_
