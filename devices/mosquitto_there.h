// Whether a client for real brokers is built in: a program that is linked statically has none, for
// Debian has no static libmosquitto (harness/package/no_mosquitto.cc).
//
//   if (!MosquittoIsThere()) return "..., for which this build has no client";
#ifndef DEVICES_MOSQUITTO_THERE_H_
#define DEVICES_MOSQUITTO_THERE_H_

namespace assay::device {

bool MosquittoIsThere();

}  // namespace assay::device

#endif  // DEVICES_MOSQUITTO_THERE_H_
