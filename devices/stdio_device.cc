#include "devices/stdio_device.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <utility>

#include "devices/descriptor.h"
#include "devices/file_device.h"

namespace assay::device {

OpenResult OpenStdio() {
  Descriptor input(fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3));
  Descriptor output(fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3));
  // Both before either is changed: on a terminal they are one file.
  const int input_flags = fcntl(input.get(), F_GETFL);
  const int output_flags = fcntl(output.get(), F_GETFL);
  if (input_flags < 0 || output_flags < 0 ||
      fcntl(input.get(), F_SETFL, input_flags | O_NONBLOCK) != 0 ||
      fcntl(output.get(), F_SETFL, output_flags | O_NONBLOCK) != 0) {
    return {.device = nullptr, .error = ErrorText("standard input and output", errno)};
  }
  auto restore = [in = input.get(), out = output.get(), input_flags, output_flags] {
    fcntl(in, F_SETFL, input_flags);
    fcntl(out, F_SETFL, output_flags);
  };
  FileDevice::Options options{
      .address = "stdio", .end_of_file = Ending::kClosed, .before_close = std::move(restore)};
  return {.device = std::make_unique<FileDevice>(std::move(input), std::move(output),
                                                 std::move(options))};
}

}  // namespace assay::device
