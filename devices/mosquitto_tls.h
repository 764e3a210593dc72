// TLS for a libmosquitto client: a context of our own, since libmosquitto takes certificates from files
// alone and looks for the name of the address that it connects to.
#ifndef DEVICES_MOSQUITTO_TLS_H_
#define DEVICES_MOSQUITTO_TLS_H_

#include "devices/mqtt_service.h"

struct mosquitto;

namespace assay::device {

// False: unusable options, such as a key that is none.
bool ConfigureTls(mosquitto* client, const TlsOptions& tls);
bool HandshakeDone(mosquitto* client);

}  // namespace assay::device

#endif  // DEVICES_MOSQUITTO_TLS_H_
