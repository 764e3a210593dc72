#include "devices/pass_through.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <utility>

#include "devices/pass_through_host.h"

namespace assay::device {
namespace {

using std::chrono::steady_clock;

// What one side may have said that the other has not taken.
constexpr std::size_t kMostWaiting = std::size_t{1} << 16;
constexpr int kReadsAtOnce = 16;
constexpr Time kLongestWait = std::chrono::hours(1);

Time Clock() { return std::chrono::duration_cast<Time>(steady_clock::now().time_since_epoch()); }

}  // namespace

PassThrough::PassThrough(const std::string& host, Device& device, Witness& witness)
    : PassThrough(host, device, witness, Options()) {}

PassThrough::PassThrough(const std::string& host, Device& device, Witness& witness,
                         Options options)
    : device_(device), witness_(witness), options_(options), start_(Clock()) {
  if (device.PollFd() < 0) {
    error_ = device.Address() + ": there is nothing to wait for; let it be a program (exec:...)";
    usage_ = true;
    return;
  }
  HostSideResult opened = OpenHostSide(host);
  host_ = std::move(opened.side);
  error_ = std::move(opened.error);
  usage_ = opened.usage;
}

PassThrough::~PassThrough() = default;

std::string PassThrough::address() const { return host_->Address(); }

Time PassThrough::Now() const { return Clock() - start_; }

void PassThrough::Ended(Ending ending, std::string detail) {
  if (end_.ending != Ending::kNone) return;
  end_ = {ending, std::move(detail), Now()};
}

// Passes on at once what is taken at once; the rest waits.
void PassThrough::Offer(Way& way, Device& to, std::string_view bytes) {
  if (!way.waiting.empty()) {
    way.waiting += bytes;
    return;
  }
  way.since = Now();
  Hand(way, to, bytes);
}

void PassThrough::Hand(Way& way, Device& to, std::string_view bytes) {
  const TakenResult taken = to.WriteSome(bytes);
  // A terminal says that it can be written to, and then takes nothing.
  if (taken.bytes > 0) way.since = Now();
  if (&way == &to_host_ && deaf_) {
    deaf_ = taken.bytes < bytes.size();
    return;
  }
  way.waiting = bytes.substr(std::min(taken.bytes, bytes.size()));
  if (taken.ending == Ending::kNone) return;
  way.waiting.clear();
  if (&to == &device_) Ended(taken.ending, taken.detail);
}

void PassThrough::FromDevice() {
  std::array<char, 4096> buffer;
  for (int i = 0; i < kReadsAtOnce && to_host_.waiting.size() < kMostWaiting; ++i) {
    const ReadResult got = device_.Read(buffer, device_.Now());
    const std::string_view bytes(buffer.data(), got.bytes);
    if (got.bytes > 0) {
      if (host_->Present()) Offer(to_host_, *host_->Line(), bytes);
      witness_.Passed(false, bytes, Now());
    }
    if (got.ending != Ending::kNone) Ended(got.ending, got.detail);
    if (got.bytes < buffer.size()) return;
  }
}

void PassThrough::FromHost() {
  std::array<char, 4096> buffer;
  for (int i = 0; i < kReadsAtOnce && to_device_.waiting.size() < kMostWaiting; ++i) {
    Device* line = host_->Line();
    if (line == nullptr) return;
    const ReadResult got = line->Read(buffer, line->Now());
    const std::string_view bytes(buffer.data(), got.bytes);
    if (got.bytes > 0) {
      Offer(to_device_, device_, bytes);
      witness_.Passed(true, bytes, Now());
    }
    if (got.ending != Ending::kNone) {
      host_->Drop();
      return;
    }
    if (got.bytes < buffer.size()) return;
  }
}

void PassThrough::GiveUpStalled() {
  const Time now = Now();
  if (!to_host_.waiting.empty() && now - to_host_.since >= options_.patience) {
    to_host_.waiting.clear();
    deaf_ = true;
    witness_.Happened(Witness::Event::kHostStalled, now);
  }
  if (!to_device_.waiting.empty() && now - to_device_.since >= options_.patience)
    Ended(Ending::kStalled, "it takes nothing; " + std::to_string(to_device_.waiting.size()) +
                                " bytes of the host wait for it");
}

// Waits for one thing to do, and does it. False: to be stopped.
bool PassThrough::Wait(int stop_fd) {
  const bool was_present = host_->Present();
  Device* line = host_->Line();
  const bool hear_host = line != nullptr && to_device_.waiting.size() < kMostWaiting;
  const bool hear_device = to_host_.waiting.size() < kMostWaiting;
  // poll() passes over negative descriptors.
  std::array<pollfd, 6> polled{{
      {stop_fd, POLLIN, 0},
      {host_->LookFd(), POLLIN, 0},
      {hear_device ? device_.PollFd() : -1, POLLIN, 0},
      {hear_host ? line->PollFd() : -1, POLLIN, 0},
      {to_device_.waiting.empty() ? -1 : device_.WriteFd(), POLLOUT, 0},
      {to_host_.waiting.empty() || line == nullptr ? -1 : line->WriteFd(), POLLOUT, 0},
  }};
  Time wait = kLongestWait;
  for (const Way* way : {&to_host_, &to_device_}) {
    if (!way->waiting.empty())
      wait = std::min(wait, std::max(way->since + options_.patience - Now(), Time{0}));
  }
  timespec timeout{};
  timeout.tv_sec = wait.count() / 1'000'000;
  timeout.tv_nsec = wait.count() % 1'000'000 * 1'000;
  if (ppoll(polled.data(), polled.size(), &timeout, nullptr) <= 0) {
    GiveUpStalled();
    return true;
  }
  if (polled[0].revents != 0) return false;
  if (polled[4].revents != 0) Hand(to_device_, device_, std::exchange(to_device_.waiting, {}));
  if (polled[5].revents != 0) Hand(to_host_, *line, std::exchange(to_host_.waiting, {}));
  // Who comes is there before what it says, and who leaves has said it before.
  const bool looks = polled[1].revents != 0;
  if (looks && !was_present) {
    host_->Look();
    if (host_->Present()) witness_.Happened(Witness::Event::kHostCame, Now());
  }
  // What a modem says cannot be an answer to what it has not been told yet.
  if (polled[2].revents != 0) FromDevice();
  if (polled[3].revents != 0) FromHost();
  if (looks && was_present) host_->Look();
  if (was_present && !host_->Present()) {
    to_host_.waiting.clear();
    deaf_ = false;
    witness_.Happened(Witness::Event::kHostLeft, Now());
  }
  GiveUpStalled();
  return true;
}

PassThrough::End PassThrough::Run(int stop_fd) {
  while (end_.ending == Ending::kNone) {
    if (!Wait(stop_fd)) return {Ending::kNone, {}, Now()};
  }
  return end_;
}

}  // namespace assay::device
