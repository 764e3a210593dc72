// A modem whose manner a test makes up: what it says to each command line.
//
//   BadDevice device([](std::string_view line, std::size_t n) {
//     return n == 1 ? Reaction{} : Reaction{Sound(line), {}, {}};   // mute for one command
//   });
//
// In process and in virtual time.
#ifndef HARNESS_BAD_DEVICE_TESTING_H_
#define HARNESS_BAD_DEVICE_TESTING_H_

#include <algorithm>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "devices/device.h"

namespace assay::harness {

// What it does with a command line, the n-th from 0: says something, is gone, or neither.
struct Reaction {
  std::string says;
  device::Ending ending = device::Ending::kNone;
  std::string detail;
};
using Manner = std::function<Reaction(std::string_view line, std::size_t n)>;

class BadDevice final : public device::Device {
 public:
  explicit BadDevice(Manner manner, bool fresh = true)
      : manner_(std::move(manner)), fresh_(fresh) {}
  device::WriteResult Write(std::string_view bytes, Time) override {
    if (ending_ != device::Ending::kNone) return {ending_, detail_};
    line_ += bytes;
    if (!bytes.ends_with('\r')) return {};
    const Reaction reaction =
        manner_(std::string_view(line_).substr(0, line_.size() - 1), count_++);
    line_.clear();
    output_ += reaction.says;
    ending_ = reaction.ending;
    detail_ = reaction.detail;
    return {};
  }
  device::ReadResult Read(std::span<char> buffer, Time deadline) override {
    if (output_.empty() && ending_ != device::Ending::kNone) return {0, ending_, detail_};
    if (output_.empty()) {
      now_ = std::max(now_, deadline);
      return {};
    }
    now_ += Time{1000};
    const std::size_t size = std::min(buffer.size(), output_.size());
    std::memcpy(buffer.data(), output_.data(), size);
    output_.erase(0, size);
    return {size, device::Ending::kNone, {}};
  }
  Time Now() override { return now_; }
  std::string Address() const override { return "bad"; }
  bool Fresh() const override { return fresh_; }

 private:
  const Manner manner_;
  const bool fresh_;
  Time now_{0};
  std::string line_, output_, detail_;
  std::size_t count_ = 0;
  device::Ending ending_ = device::Ending::kNone;
};

inline std::string Echo(std::string_view line) { return std::string(line) + "\r"; }

}  // namespace assay::harness

#endif  // HARNESS_BAD_DEVICE_TESTING_H_
