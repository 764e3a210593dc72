// TLS for a libmosquitto client: certificates from memory, and when the handshake is over.
#ifndef DEVICES_MOSQUITTO_TLS_H_
#define DEVICES_MOSQUITTO_TLS_H_

#include <vector>

#include "devices/descriptor.h"
#include "devices/mqtt_service.h"

struct mosquitto;

namespace assay::device {

// `files` must live until the connection has been started. False: unusable options.
bool ConfigureTls(mosquitto* client, const TlsOptions& tls, std::vector<Descriptor>& files);
bool HandshakeDone(mosquitto* client);

}  // namespace assay::device

#endif  // DEVICES_MOSQUITTO_TLS_H_
