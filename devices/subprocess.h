// A modem that is a program: bytes go to its standard input and come from its standard output.
//
//   OpenResult opened = OpenSubprocess("socat - /dev/ttyUSB2,b115200,raw");
//
// The command is split into words as a shell would (quotes and backslashes), but no shell runs it:
// for pipes and variables write exec:sh -c '...'. Its standard error is ours. When it ends, the
// device is kClosed and the detail says how: "read: end of file; socat: exit status 1".
#ifndef DEVICES_SUBPROCESS_H_
#define DEVICES_SUBPROCESS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "devices/device.h"

namespace assay::device {

OpenResult OpenSubprocess(const std::string& command);

// Absent where a quote is not closed.
std::optional<std::vector<std::string>> SplitWords(std::string_view command);

}  // namespace assay::device

#endif  // DEVICES_SUBPROCESS_H_
