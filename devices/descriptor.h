// A file descriptor with one owner.
//
//   Descriptor file(open(path, O_RDONLY | O_CLOEXEC));
//   if (!file) return ErrorText("open " + path, errno);
#ifndef DEVICES_DESCRIPTOR_H_
#define DEVICES_DESCRIPTOR_H_

#include <unistd.h>

#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace assay::device {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) Reset(std::exchange(other.fd_, -1));
    return *this;
  }
  ~Descriptor() { Reset(); }

  explicit operator bool() const { return fd_ >= 0; }
  int get() const { return fd_; }
  void Reset(int fd = -1) {
    // Never repeated after EINTR: Linux has released the number by then.
    if (fd_ >= 0) close(fd_);
    fd_ = fd;
  }

 private:
  int fd_ = -1;
};

// "read: Input/output error".
inline std::string ErrorText(std::string_view what, int error) {
  return std::string(what) + ": " + std::generic_category().message(error);
}

}  // namespace assay::device

#endif  // DEVICES_DESCRIPTOR_H_
