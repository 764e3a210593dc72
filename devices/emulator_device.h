// An emulator in process as a Device. With a service in process, time is virtual: Read jumps to
// the next thing that happens, so that hours pass in milliseconds. With a real broker, time is
// real.
//
//   auto device = std::make_unique<EmulatorDevice>(std::move(emulator), "emulator:quectel-bg96");
#ifndef DEVICES_EMULATOR_DEVICE_H_
#define DEVICES_EMULATOR_DEVICE_H_

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "devices/device.h"
#include "devices/emulator.h"

namespace assay::device {

class EmulatorDevice final : public Device {
 public:
  enum class Clock { kVirtual, kReal };
  EmulatorDevice(std::unique_ptr<Emulator> emulator, std::string address,
                 Clock clock = Clock::kVirtual);

  WriteResult Write(std::string_view bytes, Time deadline) override;
  // Waiting for ever for what will never come is kClosed.
  ReadResult Read(std::span<char> buffer, Time deadline) override;
  Time Now() override;
  std::string Address() const override { return address_; }
  bool Fresh() const override { return true; }
  bool Do(transcript::BenchAct act) override { return emulator_->Do(act, Now()); }

  const Emulator& emulator() const { return *emulator_; }

 private:
  // Until `until` or something happens at the broker.
  void Wait(Time until);

  const std::unique_ptr<Emulator> emulator_;
  const std::string address_;
  const Clock clock_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  Time now_{0};
  std::string output_;  // taken from the emulator, from `at_` on not yet read
  std::size_t at_ = 0;
};

}  // namespace assay::device

#endif  // DEVICES_EMULATOR_DEVICE_H_
