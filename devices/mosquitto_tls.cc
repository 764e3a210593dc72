#include "devices/mosquitto_tls.h"

#include <mosquitto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace assay::device {
namespace {

template <auto kFree>
struct Free {
  template <typename Thing>
  void operator()(Thing* thing) const {
    kFree(thing);
  }
};
using Context = std::unique_ptr<SSL_CTX, Free<SSL_CTX_free>>;
using Bio = std::unique_ptr<BIO, Free<BIO_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Names = std::vector<std::string>;

// Without it, OpenSSL asks for an encrypted key's password at the terminal.
int NoPassword(char*, int, int, void*) { return 0; }

Bio Text(std::string_view pem) {
  return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

std::vector<Certificate> CertificatesIn(std::string_view pem) {
  std::vector<Certificate> out;
  const Bio text = Text(pem);
  while (X509* one = PEM_read_bio_X509(text.get(), nullptr, &NoPassword, nullptr))
    out.emplace_back(one);
  ERR_clear_error();  // the end is told as one
  return out;
}

// The names that the server may have, kept with the context that asks for one of them.
int NamesIndex() {
  static const int index = SSL_CTX_get_ex_new_index(
      0, nullptr, nullptr, nullptr,
      [](void*, void* names, CRYPTO_EX_DATA*, int, long, void*) {
        delete static_cast<Names*>(names);
      });
  return index;
}

bool Is(X509* certificate, const std::string& name) {
  return X509_check_ip_asc(certificate, name.c_str(), 0) == 1 ||
         X509_check_host(certificate, name.data(), name.size(), 0, nullptr) == 1;
}

int CheckName(int trusted, X509_STORE_CTX* store) {
  if (trusted == 0 || X509_STORE_CTX_get_error_depth(store) != 0) return trusted;
  const auto* ssl = static_cast<const SSL*>(
      X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  const auto* names =
      static_cast<const Names*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), NamesIndex()));
  X509* server = X509_STORE_CTX_get_current_cert(store);
  if (std::any_of(names->begin(), names->end(),
                  [&](const std::string& name) { return Is(server, name); }))
    return 1;
  X509_STORE_CTX_set_error(store, X509_V_ERR_HOSTNAME_MISMATCH);
  return 0;
}

bool Trust(SSL_CTX* context, const TlsOptions& tls) {
  const std::vector<Certificate> trusted = CertificatesIn(tls.ca_pem);
  if (trusted.empty() && !tls.ca_pem.empty()) return false;
  X509_STORE* store = SSL_CTX_get_cert_store(context);
  for (const Certificate& one : trusted) X509_STORE_add_cert(store, one.get());
  X509_VERIFY_PARAM* how = SSL_CTX_get0_param(context);
  // A module is given the certificate that it is to trust, be it the root or not.
  X509_VERIFY_PARAM_set_flags(how, X509_V_FLAG_PARTIAL_CHAIN);
  if (tls.ignore_time) X509_VERIFY_PARAM_set_flags(how, X509_V_FLAG_NO_CHECK_TIME);
  SSL_CTX_set_ex_data(context, NamesIndex(), new Names(tls.names));
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, &CheckName);
  return true;
}

bool Show(SSL_CTX* context, const TlsOptions& tls) {
  if (tls.certificate_pem.empty() && tls.key_pem.empty()) return true;
  std::vector<Certificate> own = CertificatesIn(tls.certificate_pem);
  const Key key(
      PEM_read_bio_PrivateKey(Text(tls.key_pem).get(), nullptr, &NoPassword, nullptr));
  if (own.empty() || key == nullptr) return false;
  if (SSL_CTX_use_certificate(context, own[0].get()) != 1 ||
      SSL_CTX_use_PrivateKey(context, key.get()) != 1)
    return false;
  for (std::size_t i = 1; i < own.size(); ++i)
    SSL_CTX_add_extra_chain_cert(context, own[i].release());
  return true;
}

}  // namespace

bool ConfigureTls(mosquitto* client, const TlsOptions& tls) {
  const Context context(SSL_CTX_new(TLS_client_method()));
  if (context == nullptr) return false;
  // As libmosquitto writes: from a packet that may have moved, as much of it as will go.
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                      SSL_MODE_RELEASE_BUFFERS);
  const bool usable = (!tls.verify || Trust(context.get(), tls)) && Show(context.get(), tls);
  ERR_clear_error();
  return usable &&
         mosquitto_int_option(client, MOSQ_OPT_SSL_CTX_WITH_DEFAULTS, 0) == MOSQ_ERR_SUCCESS &&
         mosquitto_void_option(client, MOSQ_OPT_SSL_CTX, context.get()) == MOSQ_ERR_SUCCESS;
}

bool HandshakeDone(mosquitto* client) {
  const auto* ssl = static_cast<const SSL*>(mosquitto_ssl_get(client));
  return ssl != nullptr && SSL_in_init(ssl) == 0;
}

}  // namespace assay::device
