// Where hosts come to: a pseudo-terminal or a TCP port, with one of them at a time. Internal to
// pass_through*.cc.
#ifndef DEVICES_PASS_THROUGH_HOST_H_
#define DEVICES_PASS_THROUGH_HOST_H_

#include <memory>
#include <string>

#include "devices/device.h"

namespace assay::device {

class HostSide {
 public:
  virtual ~HostSide() = default;
  virtual std::string Address() const = 0;
  // Readable when Look has something to find out.
  virtual int LookFd() const = 0;
  // Who has come or gone?
  virtual void Look() = 0;
  // The line to the host; null: none that could be read or written.
  virtual Device* Line() = 0;
  // There is somebody. On a terminal, what was said before somebody left is still to be read.
  virtual bool Present() const = 0;
  // The line has ended: what was said is not kept for the next one.
  virtual void Drop() = 0;
};

struct HostSideResult {
  std::unique_ptr<HostSide> side;  // null on failure
  std::string error;
  bool usage = false;
};
HostSideResult OpenHostSide(const std::string& where);

}  // namespace assay::device

#endif  // DEVICES_PASS_THROUGH_HOST_H_
