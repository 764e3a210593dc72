// Certificates of a bench, made anew in a folder by the openssl program: an authority, a server and
// a client that it has signed, a server whose certificate is another host's and one whose certificate
// is no longer valid, and a stranger who has signed nothing. Valid for two days; nobody else trusts
// them.
//
//   const BenchTls tls(folder);
//   if (!tls.Error().empty()) ...
//   BenchBroker broker(tls.Servers());  select.pixit.merge(tls.Pixit(broker));
#ifndef HARNESS_BENCH_TLS_H_
#define HARNESS_BENCH_TLS_H_

#include <filesystem>
#include <string>

#include "devices/bench_broker.h"
#include "transcripts/plan.h"

namespace assay::harness {

class BenchTls {
 public:
  explicit BenchTls(const std::filesystem::path& folder);

  const std::string& Error() const { return error_; }
  device::BenchBroker::Options Servers() const;
  // tls.ca, tls.certificate, tls.key, tls.stranger and their sizes, as a module is given them, and
  // where the servers are that want a certificate, or have one that the stranger did not sign, that
  // is another host's, that is no longer valid.
  transcript::Values Pixit(const device::BenchBroker& broker) const;

 private:
  void SignItself(const std::string& name);
  void Sign(const std::string& name, const std::string& host, const std::string& days);
  device::BenchBroker::Tls Files(const std::string& name) const;
  void OpenSsl(std::initializer_list<std::string> arguments);

  std::filesystem::path folder_;
  std::string error_;
};

}  // namespace assay::harness

#endif  // HARNESS_BENCH_TLS_H_
