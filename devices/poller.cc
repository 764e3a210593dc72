#include "devices/poller.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <ctime>

namespace assay::device {

bool Poller::Watch(int fd, std::uint32_t events, std::uint64_t tag) {
  if (events == 0) {
    epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
    return true;
  }
  epoll_event event{.events = events, .data = {.u64 = tag}};
  // Whether the kernel still knows the number is for the kernel to say: it may have been closed,
  // and given to another file since.
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event) == 0) return true;
  return epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) == 0 || errno != EPERM;
}

std::span<const Poller::Ready> Poller::Wait(Time wait) {
  wait = std::clamp<Time>(wait, Time(0), std::chrono::hours(1));
  timespec timeout{};
  timeout.tv_sec = wait.count() / 1'000'000;
  timeout.tv_nsec = wait.count() % 1'000'000 * 1'000;
  const int count = epoll_pwait2(epoll_.get(), events_.data(), static_cast<int>(kAtOnce), &timeout,
                                 nullptr);
  for (int i = 0; i < count; ++i) {
    const auto at = static_cast<std::size_t>(i);
    ready_[at] = {events_[at].data.u64, events_[at].events};
  }
  return {ready_.data(), static_cast<std::size_t>(std::max(count, 0))};
}

}  // namespace assay::device
