#include "devices/rfc2217_testing.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace assay::device {
namespace {

namespace cp = com_port;

constexpr Time kPatience = std::chrono::seconds(60);

class TestServer : public Server {
 public:
  TestServer(std::unique_ptr<Device> connection, ServerManners manners)
      : connection_(std::move(connection)), manners_(std::move(manners)) {
    SendRaw(manners_.greeting);
  }

  ReadResult Read(std::span<char> buffer, Time deadline) override {
    while (heard_.empty()) {
      std::array<char, 4096> raw;
      const ReadResult got = connection_->Read(raw, deadline);
      for (const cp::Command& command : decoder_.Feed({raw.data(), got.bytes})) Obey(command);
      if (got.ending != Ending::kNone && heard_.empty()) return {0, got.ending, got.detail};
      if (got.bytes == 0) break;
    }
    const std::size_t count = std::min(buffer.size(), heard_.size());
    std::copy_n(heard_.begin(), count, buffer.begin());
    heard_.erase(0, count);
    return {count, Ending::kNone, {}};
  }

  WriteResult Write(std::string_view bytes, Time deadline) override {
    return Send(cp::Client::Escape(bytes), deadline);
  }

  Time Now() override { return connection_->Now(); }
  std::string Address() const override { return connection_->Address(); }
  std::vector<std::string> Asked() const override { return asked_; }
  void SendRaw(const std::string& bytes) override { Send(bytes, Now() + kPatience); }

 private:
  WriteResult Send(std::string_view bytes, Time deadline) {
    WriteResult written;
    const std::size_t most = manners_.piece == 0 ? bytes.size() : manners_.piece;
    while (!bytes.empty() && written.ending == Ending::kNone) {
      written = connection_->Write(bytes.substr(0, most), deadline);
      bytes.remove_prefix(std::min(most, bytes.size()));
    }
    // No operation, a change of the modem lines, and an option that nobody knows.
    if (manners_.chatter && written.ending == Ending::kNone) {
      written = connection_->Write(cp::Encode({.verb = 241}) + Message(107, std::string(1, '\xFF')) +
                                       cp::Encode({.verb = cp::kDo, .option = 39}),
                                   deadline);
    }
    return written;
  }

  static std::string Message(int code, const std::string& value) {
    return cp::Encode({.verb = cp::kSubnegotiation,
                       .option = cp::kComPort,
                       .body = std::string(1, static_cast<char>(code)) + value});
  }

  void Obey(const cp::Command& command) {
    if (command.verb == cp::kData) {
      heard_ += command.body;
    } else if (command.verb == cp::kSubnegotiation && command.option == cp::kComPort) {
      Acknowledge(static_cast<std::uint8_t>(command.body.front()), command.body.substr(1));
    } else if (command.verb == cp::kWill || command.verb == cp::kDo) {
      Agree(command);
    }
  }

  void Agree(const cp::Command& command) {
    const bool will = command.verb == cp::kWill;
    const bool known = command.option == cp::kBinary ? manners_.binary
                       : command.option == cp::kComPort
                           ? manners_.agree && manners_.offers_itself != will
                           : command.option == cp::kSuppressGoAhead;
    if (command.option == cp::kComPort && manners_.offers_itself && will)
      SendRaw(cp::Encode({.verb = cp::kWill, .option = cp::kComPort}));
    if (command.option == cp::kComPort && manners_.offers_itself && !will) return;  // it was ours
    SendRaw(cp::Encode({.verb = will ? (known ? cp::kDo : cp::kDont) : (known ? cp::kWill : cp::kWont),
                        .option = command.option}));
  }

  void Acknowledge(std::uint8_t code, const std::string& value) {
    std::string told = std::to_string(code);
    for (const char c : value) {
      char hex[8];
      std::snprintf(hex, sizeof hex, " %02X", static_cast<unsigned>(static_cast<std::uint8_t>(c)));
      told += hex;
    }
    asked_.push_back(told);
    if (!(code == 5 ? manners_.acknowledge_control : manners_.acknowledge)) return;
    const auto other = manners_.answers.find(code);
    SendRaw(Message(code + 100, other == manners_.answers.end() ? value : other->second));
  }

  const std::unique_ptr<Device> connection_;
  const ServerManners manners_;
  cp::Decoder decoder_;
  std::string heard_;
  std::vector<std::string> asked_;
};

}  // namespace

std::unique_ptr<Server> MakeServer(std::unique_ptr<Device> connection, ServerManners manners) {
  return std::make_unique<TestServer>(std::move(connection), std::move(manners));
}

}  // namespace assay::device
