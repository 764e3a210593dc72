// Our own standard input and output as a Device: how an emulator serves on a pipe.
//
//   OpenResult opened = OpenStdio();   // nothing else may read 0 or write 1 meanwhile
#ifndef DEVICES_STDIO_DEVICE_H_
#define DEVICES_STDIO_DEVICE_H_

#include "devices/device.h"

namespace assay::device {

// Whoever started us shares the flags of both descriptors, so they are restored on close.
OpenResult OpenStdio();

}  // namespace assay::device

#endif  // DEVICES_STDIO_DEVICE_H_
