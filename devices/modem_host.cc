#include "devices/modem_host.h"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <cctype>
#include <memory>

namespace assay::device {
namespace {

bool IsLoopbackLiteral(const std::string& host) {
  addrinfo hints{}, *found = nullptr;
  hints.ai_family = AF_INET;
  hints.ai_flags = AI_NUMERICHOST;
  if (!host.starts_with("127.") || getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) {
    return false;
  }
  freeaddrinfo(found);
  return true;
}

}  // namespace

LedHost LeadHost(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char byte) { return static_cast<char>(std::tolower(byte)); });
  if (name.ends_with(".invalid")) return {LedHost::Where::kNowhere, {}};
  if (name == "localhost") return {LedHost::Where::kLoopback, "127.0.0.1"};
  if (IsLoopbackLiteral(name)) return {LedHost::Where::kLoopback, name};
  return {};
}

std::string Resolve(const std::string& host) {
  addrinfo hints{}, *found = nullptr;
  hints.ai_socktype = SOCK_STREAM;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return {};
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, &freeaddrinfo);
  char literal[NI_MAXHOST];
  if (getnameinfo(found->ai_addr, found->ai_addrlen, literal, sizeof literal, nullptr, 0,
                  NI_NUMERICHOST) != 0) {
    return {};
  }
  return literal;
}

}  // namespace assay::device
