// A pseudo-terminal that stands for a serial port and its cable.
//
//   Terminal terminal;
//   OpenSerial({.path = terminal.path});   // what it writes, terminal.master reads
#ifndef DEVICES_TESTING_TERMINAL_H_
#define DEVICES_TESTING_TERMINAL_H_

#include <fcntl.h>

#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "devices/descriptor.h"

namespace assay::device {

struct Terminal {
  Terminal() : master(posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)) {
    char name[128];
    if (!master || grantpt(master.get()) != 0 || unlockpt(master.get()) != 0 ||
        ptsname_r(master.get(), name, sizeof name) != 0) {
      throw std::runtime_error(ErrorText("no pseudo-terminal", errno));
    }
    path = name;
  }

  Descriptor master;
  std::string path;  // of the slave
};

}  // namespace assay::device

#endif  // DEVICES_TESTING_TERMINAL_H_
