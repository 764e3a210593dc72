#include "devices/emulator_device.h"

#include <poll.h>

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

namespace assay::device {

EmulatorDevice::EmulatorDevice(std::unique_ptr<Emulator> emulator, std::string address, Clock clock)
    : emulator_(std::move(emulator)), address_(std::move(address)), clock_(clock) {}

Time EmulatorDevice::Now() {
  if (clock_ == Clock::kReal) {
    now_ = std::chrono::duration_cast<Time>(std::chrono::steady_clock::now() - start_);
  }
  return now_;
}

WriteResult EmulatorDevice::Write(std::string_view bytes, Time) {
  emulator_->Receive(bytes, Now());
  return {};
}

void EmulatorDevice::Wait(Time until) {
  if (clock_ == Clock::kVirtual) {
    now_ = std::max(now_, until);
    return;
  }
  std::vector<pollfd> watched;
  for (const MqttService::Watch& watch : emulator_->Watches()) {
    const int events = POLLIN | (watch.want_write ? POLLOUT : 0);
    watched.push_back({watch.fd, static_cast<short>(events), 0});
  }
  // A broker's next event is not known beforehand, but its descriptors are.
  const Time left = std::min<Time>(until - Now(), std::chrono::seconds(1));
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(left).count();
  poll(watched.data(), watched.size(), static_cast<int>(std::max<long>(ms, 0)));
}

ReadResult EmulatorDevice::Read(std::span<char> buffer, Time deadline) {
  while (true) {
    const Time now = Now();
    if (at_ == output_.size()) {
      emulator_->Advance(now);
      output_ = emulator_->TakeOutput(now);
      at_ = 0;
    }
    if (at_ < output_.size() && !buffer.empty()) {
      const std::size_t count = std::min(buffer.size(), output_.size() - at_);
      std::memcpy(buffer.data(), output_.data() + at_, count);
      at_ += count;
      return {.bytes = count, .ending = Ending::kNone, .detail = {}};
    }
    if (now >= deadline) return {};
    const Time next = emulator_->NextEvent();
    if (next == kNever && deadline == kNever && clock_ == Clock::kVirtual) {
      return {.bytes = 0, .ending = Ending::kClosed, .detail = "the emulator will say no more"};
    }
    Wait(std::min(next, deadline));
  }
}

}  // namespace assay::device
