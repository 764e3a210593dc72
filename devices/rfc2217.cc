#include "devices/rfc2217.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>
#include <utility>

#include "devices/tcp.h"

namespace assay::device {
namespace {

using com_port::Client;

// A server on another continent, with a port that is slow to open.
constexpr Time kPatience = std::chrono::seconds(5);
constexpr Time kReplyPatience = std::chrono::seconds(1);
// So long a server may need to let go of a port.
constexpr Time kLetGo = std::chrono::seconds(2);
constexpr Time kBetween = std::chrono::milliseconds(50);
constexpr Time kBreak = std::chrono::milliseconds(300);
// While we are held off, what the modem says meanwhile waits here; then it is held off, too.
constexpr std::size_t kMostWaiting = std::size_t{1} << 20;

class Rfc2217Device : public Device {
 public:
  Rfc2217Device(std::unique_ptr<Device> connection, std::string address,
                const com_port::Options& options)
      : connection_(std::move(connection)),
        address_(std::move(address)),
        break_wakes_(options.line.break_wakes),
        client_(options) {}

  // Empty once the port is as it was asked for.
  std::string SetUp(Time deadline) {
    while (client_.phase() != Client::Phase::kReady) {
      if (client_.phase() == Client::Phase::kRefused) return client_.Refusal();
      if (!Reply()) return "the server " + std::string(Name(ending_)) + " (" + detail_ + ")";
      const Time now = connection_->Now();
      if (now >= deadline) return client_.Missing();
      TakeIn(deadline);
      if (ending_ != Ending::kNone && client_.phase() != Client::Phase::kReady) {
        if (client_.phase() == Client::Phase::kRefused) return client_.Refusal();
        return "the server " + std::string(Name(ending_)) + " (" + detail_ +
               ") before the port was ready: is somebody else on it?";
      }
    }
    // What has been asked for behind the settings, and answers to them.
    return Reply() ? "" : detail_;
  }

  bool HungUp() const { return ending_ == Ending::kClosed || ending_ == Ending::kVanished; }

  WriteResult Write(std::string_view bytes, Time deadline) override {
    // What holds us off may have come since.
    while (ending_ == Ending::kNone && waiting_.size() < kMostWaiting && TakeIn(Time{0})) {
    }
    while (ending_ == Ending::kNone && client_.Suspended() && waiting_.size() < kMostWaiting &&
           connection_->Now() < deadline)
      TakeIn(deadline);
    if (ending_ == Ending::kNone && client_.Suspended())
      End(Ending::kStalled, "write: the server holds us off (FLOWCONTROL-SUSPEND)");
    if (ending_ == Ending::kNone) {
      const WriteResult written = connection_->Write(Client::Escape(bytes), deadline);
      if (written.ending != Ending::kNone) End(written.ending, written.detail);
    }
    return {ending_, detail_};
  }

  ReadResult Read(std::span<char> buffer, Time deadline) override {
    while (waiting_.empty() && !buffer.empty()) {
      if (!TakeIn(deadline, buffer.size()) && waiting_.empty()) break;
      // Commands alone may fill many reads.
      if (waiting_.empty() && connection_->Now() >= deadline) break;
    }
    if (waiting_.empty()) return {0, ending_, detail_};
    const std::size_t count = std::min(buffer.size(), waiting_.size());
    std::copy_n(waiting_.begin(), count, buffer.begin());
    waiting_.erase(0, count);
    return {count, Ending::kNone, {}};
  }

  Time Now() override { return connection_->Now(); }
  std::string Address() const override { return address_; }
  std::string LineNotes() override { return client_.TakeNotes(); }
  int PollFd() const override { return connection_->PollFd(); }

  bool Break() override {
    if (!break_wakes_ || ending_ != Ending::kNone) return false;
    client_.SetBreak(true);
    if (!Reply()) return false;
    const Time until = connection_->Now() + kBreak;
    while (ending_ == Ending::kNone && connection_->Now() < until) TakeIn(until);
    client_.SetBreak(false);
    return Reply();
  }

 private:
  void End(Ending ending, std::string detail) {
    if (ending_ != Ending::kNone) return;
    ending_ = ending;
    detail_ = std::move(detail);
  }

  // Reads once; true if anything came.
  bool TakeIn(Time deadline, std::size_t most = 4096) {
    if (drained_) return false;
    std::array<char, 4096> buffer;
    const ReadResult got =
        connection_->Read(std::span(buffer).first(std::min(most, buffer.size())), deadline);
    waiting_ += client_.Received({buffer.data(), got.bytes});
    if (got.ending != Ending::kNone) {
      drained_ = true;
      End(got.ending, got.detail);
    }
    if (client_.phase() == Client::Phase::kRefused) {
      drained_ = true;
      End(Ending::kBroken, client_.Refusal());
    }
    Reply();
    return got.bytes > 0;
  }

  // Answers to the server are few and short: a socket that does not take them is stuck for good.
  bool Reply() {
    if (ending_ != Ending::kNone) return false;
    const std::string output = client_.TakeOutput();
    if (output.empty()) return true;
    const WriteResult written = connection_->Write(output, connection_->Now() + kReplyPatience);
    if (written.ending != Ending::kNone) End(written.ending, written.detail);
    return written.ending == Ending::kNone;
  }

  const std::unique_ptr<Device> connection_;
  const std::string address_;
  const bool break_wakes_;
  Client client_;
  std::string waiting_;  // of the modem, not read yet
  Ending ending_ = Ending::kNone;
  std::string detail_;
  bool drained_ = false;  // nothing more is read
};

std::string Place(const std::string& host, std::uint16_t port) {
  const bool ipv6 = host.find(':') != std::string::npos;
  return (ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

OpenResult Speak(std::unique_ptr<Device> connection, const std::string& place,
                 const com_port::Options& options, Time timeout, bool& hung_up) {
  const std::string address = "rfc2217://" + place;
  const Time deadline = connection->Now() + std::min(timeout, kPatience);
  std::string full = address + "?" + Print(options.line);
  if (options.ignore_control) full += "&ign_set_control";
  auto device = std::make_unique<Rfc2217Device>(std::move(connection), std::move(full), options);
  const std::string failed = device->SetUp(deadline);
  hung_up = !failed.empty() && device->HungUp();
  if (!failed.empty()) return {.error = address + ": " + failed};
  return {.device = std::move(device)};
}

}  // namespace

OpenResult SpeakRfc2217(std::unique_ptr<Device> connection, const std::string& place,
                        const com_port::Options& options, Time timeout) {
  bool hung_up = false;
  return Speak(std::move(connection), place, options, timeout, hung_up);
}

OpenResult OpenRfc2217(const std::string& host, std::uint16_t port,
                       const com_port::Options& options, Time timeout) {
  const auto until = std::chrono::steady_clock::now() + std::min(timeout, kLetGo);
  OpenResult opened;
  while (true) {
    OpenResult connected = OpenTcp(host, port, timeout);
    if (connected.device == nullptr) return opened.error.empty() ? std::move(connected)
                                                                 : std::move(opened);
    bool hung_up = false;
    opened = Speak(std::move(connected.device), Place(host, port), options, timeout, hung_up);
    // It closes at once while the port is another's, and perhaps that was us, just now.
    if (!hung_up || std::chrono::steady_clock::now() >= until) return opened;
    std::this_thread::sleep_for(kBetween);
  }
}

}  // namespace assay::device
