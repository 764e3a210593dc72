#include "devices/local_mqtt_hosts.h"

#include <algorithm>
#include <cctype>
#include <map>

namespace assay::device {

Host HostOf(std::string name) {
  using Manner = Host::Manner;
  static const std::map<std::string, Host, std::less<>> kHosts = {
      {"refused.test", {Manner::kRefusing, 0}},    {"unreachable.test", {Manner::kUnreachable, 0}},
      {"untrusted.test", {Manner::kUntrusted, 0}}, {"silent.test", {Manner::kSilent, 0}},
      {"closing.test", {Manner::kClosing, 0}},     {"mute.test", {Manner::kMute, 0}},
      {"denying.test", {Manner::kDenying, 0}},     {"misnamed.test", {Manner::kMisnamed, 0}},
      {"expired.test", {Manner::kExpired, 0}},
      {"connack-1.test", {Manner::kWorking, 1}},   {"connack-2.test", {Manner::kWorking, 2}},
      {"connack-3.test", {Manner::kWorking, 3}},   {"connack-4.test", {Manner::kWorking, 4}},
      {"connack-5.test", {Manner::kWorking, 5}},
  };
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char byte) { return static_cast<char>(std::tolower(byte)); });
  if (name.ends_with(".invalid")) return {Manner::kUnknown, 0};
  const auto found = kHosts.find(name);
  return found == kHosts.end() ? Host{} : found->second;
}

}  // namespace assay::device
