#include "devices/mosquitto_tls.h"

#include <dlfcn.h>
#include <mosquitto.h>
#include <sys/mman.h>

#include <string>
#include <string_view>
#include <utility>

namespace assay::device {
namespace {

// libmosquitto wants certificates as files. These exist in memory only, so that no key is left on
// a disk.
Descriptor MemoryFile(std::string_view content) {
  Descriptor file(memfd_create("pem", MFD_CLOEXEC));
  if (file &&
      write(file.get(), content.data(), content.size()) != static_cast<ssize_t>(content.size())) {
    file.Reset();
  }
  return file;
}

std::string PathOf(const Descriptor& file) { return "/proc/self/fd/" + std::to_string(file.get()); }

// Without it, OpenSSL asks for an encrypted key's password at the terminal.
int NoPassword(char*, int, int, void*) { return 0; }

}  // namespace

bool ConfigureTls(mosquitto* client, const TlsOptions& tls, std::vector<Descriptor>& files) {
  const auto file = [&files](const std::string& pem) -> std::string {
    if (pem.empty()) return {};
    files.push_back(MemoryFile(pem));
    return PathOf(files.back());
  };
  const auto or_null = [](const std::string& path) {
    return path.empty() ? nullptr : path.c_str();
  };
  const std::string ca = file(tls.ca_pem);
  const std::string certificate = file(tls.certificate_pem);
  const std::string key = file(tls.key_pem);
  // Modems check the chain, not the name: what they call the host is not where the bench has it.
  int error = mosquitto_tls_insecure_set(client, true);
  if (error == MOSQ_ERR_SUCCESS) {
    error = mosquitto_tls_opts_set(client, tls.verify ? 1 : 0, nullptr, nullptr);
  }
  if (error == MOSQ_ERR_SUCCESS) {
    // libmosquitto insists on a CA; a folder without certificates trusts nobody.
    error = mosquitto_tls_set(client, or_null(ca), ca.empty() ? "/dev/null" : nullptr,
                              or_null(certificate), or_null(key), &NoPassword);
  }
  return error == MOSQ_ERR_SUCCESS;
}

bool HandshakeDone(mosquitto* client) {
  // libmosquitto hands out its SSL object but has no question for this. It has loaded OpenSSL, so
  // that the one function is at hand without a dependency of our own.
  using InHandshake = int (*)(const void*);
  static const auto in_handshake =
      reinterpret_cast<InHandshake>(dlsym(RTLD_DEFAULT, "SSL_in_init"));
  const void* const ssl = mosquitto_ssl_get(client);
  if (ssl == nullptr) return false;
  if (in_handshake == nullptr) return mosquitto_want_write(client);  // CONNECT is to go out
  return in_handshake(ssl) == 0;
}

}  // namespace assay::device
