#include "harness/bench_tls.h"

#include <fcntl.h>

#include <initializer_list>
#include <vector>

#include "devices/descriptor.h"
#include "devices/process.h"
#include "harness/workplace.h"

namespace assay::harness {

BenchTls::BenchTls(const std::filesystem::path& folder) : folder_(folder) {
  SignItself("ca");
  SignItself("stranger");
  constexpr char kHere[] = "localhost", kTwoDays[] = "2", kYesterday[] = "-1";
  Sign("server", kHere, kTwoDays);
  Sign("client", kHere, kTwoDays);
  Sign("misnamed", "elsewhere.test", kTwoDays);
  Sign("expired", kHere, kYesterday);
}

void BenchTls::SignItself(const std::string& name) {
  OpenSsl({"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
           "-days", "2", "-subj", "/CN=assay bench " + name, "-keyout", name + ".key", "-out",
           name + ".pem"});
}

void BenchTls::Sign(const std::string& name, const std::string& host, const std::string& days) {
  OpenSsl({"req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
           "/CN=" + host, "-keyout", name + ".key", "-out", name + ".csr"});
  OpenSsl({"x509", "-req", "-days", days, "-in", name + ".csr", "-CA", "ca.pem", "-CAkey", "ca.key",
           "-CAcreateserial", "-out", name + ".pem"});
}

void BenchTls::OpenSsl(std::initializer_list<std::string> arguments) {
  if (!error_.empty()) return;
  std::vector<std::string> argv{"openssl"};
  for (const std::string& argument : arguments) {
    const bool file =
        argument.ends_with(".pem") || argument.ends_with(".key") || argument.ends_with(".csr");
    argv.push_back(file ? (folder_ / argument).string() : argument);
  }
  const device::Descriptor quiet(open("/dev/null", O_WRONLY | O_CLOEXEC));
  const device::StartResult started =
      device::Start(argv, {.input = -1, .output = -1, .error = quiet.get()});
  if (started.process == nullptr) {
    error_ = "openssl: " + started.error;
    return;
  }
  const std::string ended = started.process->WaitForExit(Time{30'000'000});
  if (ended != "exit status 0")
    error_ = "openssl " + argv[1] + ": " + (ended.empty() ? "did not end" : ended);
}

device::BenchBroker::Tls BenchTls::Files(const std::string& name) const {
  return {.ca = (folder_ / "ca.pem").string(),
          .certificate = (folder_ / (name + ".pem")).string(),
          .key = (folder_ / (name + ".key")).string()};
}

device::BenchBroker::Options BenchTls::Servers() const {
  return {.tls = Files("server"), .doubtful = {Files("misnamed"), Files("expired")}};
}

transcript::Values BenchTls::Pixit(const device::BenchBroker& broker) const {
  transcript::Values out;
  const std::pair<const char*, const char*> files[] = {{"tls.ca", "ca.pem"},
                                                       {"tls.certificate", "client.pem"},
                                                       {"tls.key", "client.key"},
                                                       {"tls.stranger", "stranger.pem"}};
  for (const auto& [name, file] : files) {
    const std::string text = ReadFile((folder_ / file).string(), nullptr).value_or("");
    out[name] = text;
    out[std::string(name) + ".size"] = std::to_string(text.size());
  }
  for (const char* server : {"mutual", "untrusted", "misnamed", "expired"})
    out[std::string(server) + ".host"] = "127.0.0.1";
  out["mutual.port"] = std::to_string(broker.MutualTlsPort());
  out["untrusted.port"] = std::to_string(broker.TlsPort());
  out["misnamed.port"] = std::to_string(broker.DoubtfulPorts().at(0));
  out["expired.port"] = std::to_string(broker.DoubtfulPorts().at(1));
  return out;
}

}  // namespace assay::harness
