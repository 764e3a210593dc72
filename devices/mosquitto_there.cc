#include "devices/mosquitto_there.h"

#include <mosquitto.h>

namespace assay::device {

bool MosquittoIsThere() { return mosquitto_lib_version(nullptr, nullptr, nullptr) != 0; }

}  // namespace assay::device
