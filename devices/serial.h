// A serial port: raw, any baud rate.
//
//   OpenResult opened = OpenSerial({.path = "/dev/ttyUSB2", .line = {.baud = 460800}});
//
// The port is taken for ourselves (flock, TIOCEXCL, a lock file for uucp's heirs) and its settings
// are restored on close, but for HUPCL: it stays off, so that closing the port does not drop DTR,
// which many modules take as a hang-up or a reset. Modem lines are left as the kernel sets them
// unless the options say otherwise, so a PTY is a serial port too.
//
// What had arrived but was not yet read when the line hangs up is lost: the kernel drops it.
#ifndef DEVICES_SERIAL_H_
#define DEVICES_SERIAL_H_

#include <string>

#include "devices/device.h"
#include "devices/line_settings.h"

namespace assay::device {

struct SerialOptions {
  std::string path;
  LineSettings line{};
  std::string lock_directory = "/var/lock";
};

OpenResult OpenSerial(const SerialOptions& options);

}  // namespace assay::device

#endif  // DEVICES_SERIAL_H_
