// A pseudo-terminal with a name of our choice. We hold the master; whatever opens the name talks
// to us as it would through a serial port.
//
//   OpenResult opened = OpenPty("/tmp/modem");   // minicom -D /tmp/modem
//
// Used both ways: as a device (what opens the link is the modem) and by the emulator's server
// (what opens the link is a host). One side may leave and another may come: neither is an ending.
// Bytes written while nobody reads wait in the kernel (about 12 kB), then Write stalls.
#ifndef DEVICES_PTY_H_
#define DEVICES_PTY_H_

#include <string>

#include "devices/descriptor.h"
#include "devices/device.h"

namespace assay::device {

// Makes `link` a symbolic link to the slave and removes it on close. Only a link that a
// killed run has left (dangling, or older than the terminal it leads to) is replaced; anything else
// under that name is an error.
OpenResult OpenPty(const std::string& link);

// The same for loops of their own: the descriptors, the link made. The slave is held, too, because
// while nobody has it open, the master is as good as hung up.
struct PtyEnds {
  Descriptor master, slave;  // non-blocking; none on failure
  std::string slave_name;
  std::string error;
};
PtyEnds MakePty(const std::string& link);
// If it still is the link to that slave.
void RemovePtyLink(const std::string& link, const std::string& slave_name);

}  // namespace assay::device

#endif  // DEVICES_PTY_H_
