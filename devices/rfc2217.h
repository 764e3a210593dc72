// A serial port behind a server that speaks RFC 2217 (ser2net's telnet(rfc2217), terminal servers,
// labgrid's exporter): its baud rate and the rest are set from here.
//
//   OpenResult opened = OpenRfc2217("bench7", 4001, {.line = {.baud = 9600}}, 5s);
//
// The port is ready once the server has acknowledged its settings; what it cannot do, or a server
// that is none, is an error with a sentence. Endings are those of TCP, and: a server that breaks
// the protocol later is kBroken, one that holds us off (FLOWCONTROL-SUSPEND) until the deadline of a
// Write is kStalled.
#ifndef DEVICES_RFC2217_H_
#define DEVICES_RFC2217_H_

#include <cstdint>
#include <memory>
#include <string>

#include "devices/com_port.h"
#include "devices/device.h"

namespace assay::device {

OpenResult OpenRfc2217(const std::string& host, std::uint16_t port,
                       const com_port::Options& options, Time timeout);

// The same over a connection that is there already; `place` is "HOST:PORT", for the address.
OpenResult SpeakRfc2217(std::unique_ptr<Device> connection, const std::string& place,
                        const com_port::Options& options, Time timeout);

}  // namespace assay::device

#endif  // DEVICES_RFC2217_H_
