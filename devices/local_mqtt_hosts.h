// What a host name asks of LocalMqttService; mqtt_service.h lists the names.
#ifndef DEVICES_LOCAL_MQTT_HOSTS_H_
#define DEVICES_LOCAL_MQTT_HOSTS_H_

#include <string>

namespace assay::device {

struct Host {
  enum class Manner {
    kWorking,
    kUnknown,
    kRefusing,
    kUnreachable,
    kUntrusted,
    kMisnamed,
    kExpired,
    kSilent,
    kClosing,
    kMute,
    kDenying,
  };
  Manner manner = Manner::kWorking;
  int connack = 0;
};

Host HostOf(std::string name);

}  // namespace assay::device

#endif  // DEVICES_LOCAL_MQTT_HOSTS_H_
