// epoll, as a loop over many descriptors needs it.
//
//   Poller poller;
//   poller.Watch(fd, EPOLLIN, 7);
//   for (const Poller::Ready& ready : poller.Wait(20ms)) ...   // ready.tag == 7
//
// A descriptor that is closed is forgotten by the kernel; its number may then be watched anew.
#ifndef DEVICES_POLLER_H_
#define DEVICES_POLLER_H_

#include <sys/epoll.h>

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "devices/descriptor.h"
#include "dialects/time.h"

namespace assay::device {

class Poller {
 public:
  struct Ready {
    std::uint64_t tag = 0;
    std::uint32_t events = 0;
  };

  Poller() : epoll_(epoll_create1(EPOLL_CLOEXEC)) {}
  // `events` of epoll; 0: not any longer. False: this cannot be waited for, for it is always ready
  // (a file).
  bool Watch(int fd, std::uint32_t events, std::uint64_t tag);
  // What is ready at once, or the first thing that gets ready within `wait`. Good until the next
  // call.
  std::span<const Ready> Wait(Time wait);

 private:
  static constexpr std::size_t kAtOnce = 256;
  const Descriptor epoll_;
  std::array<epoll_event, kAtOnce> events_;
  std::array<Ready, kAtOnce> ready_;
};

}  // namespace assay::device

#endif  // DEVICES_POLLER_H_
