#include "devices/served_modem.h"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

namespace assay::device {
namespace {

// A host that takes nothing for so long has gone, whatever its side of the line says.
constexpr Time kPatience = std::chrono::seconds(2);

}  // namespace

ServedModem::ServedModem(std::size_t number, std::unique_ptr<ServedLine> line, Maker make,
                         FaultShelf& shelf)
    : number_(number),
      line_(std::move(line)),
      make_(std::move(make)),
      shelf_(shelf),
      emulator_(make_()),
      sound_(emulator_->SharedGrammar()) {}

void ServedModem::Call() {
  if (line_->Accept()) ++epoch_;
}

void ServedModem::HangUp() {
  unsent_.clear();
  patience_ends_ = kNever;
  ++epoch_;
  std::string error;
  if (line_->HangUp(&error)) return;
  ended_ = true;
  broken_ = !error.empty();
  if (broken_) complaint_ = line_->Address() + ": cannot be served any more: " + error;
}

void ServedModem::Input(std::span<char> buffer, Time now) {
  if (line_->Input() < 0 || ended_) return;
  const auto count = line_->Read(buffer);
  if (!count) return HangUp();
  if (*count == 0) return;
  const std::string_view bytes(buffer.data(), *count);
  if (log_ != nullptr) log_->Host(bytes, now);
  if (mode_ != Mode::kAwake) return;
  heard_at_ = now;
  emulator_->Receive(bytes, now);
  RunScript(now);
  Flush(now);
}

void ServedModem::Advance(Time now) {
  if (mode_ends_ <= now) Wake();
  emulator_->Advance(now);
  RunScript(now);
  if (patience_ends_ <= now) {
    complaint_ = line_->Address() + ": nobody reads; what was said is dropped";
    HangUp();
  }
  Flush(now);
}

void ServedModem::Room(Time now) {
  if (!unsent_.empty()) Write(now);
  Flush(now);
}

// What waits is not added to: a modem that is held off says no more until it may.
void ServedModem::Flush(Time now) {
  if (!unsent_.empty() || mode_ == Mode::kStalled) return;
  unsent_ = emulator_->TakeOutput(now);
  if (mode_ != Mode::kAwake) unsent_.clear();
  if (log_ != nullptr && line_->Input() >= 0) log_->Modem(unsent_, now);
  if (!unsent_.empty()) Write(now);
}

void ServedModem::Write(Time now) {
  if (line_->Input() < 0 || ended_) return unsent_.clear();
  const auto count = line_->Write(unsent_);
  if (!count) return HangUp();
  unsent_.erase(0, *count);
  if (unsent_.empty()) {
    patience_ends_ = kNever;
  } else if (*count > 0 || patience_ends_ == kNever) {
    patience_ends_ = now + kPatience;
  }
}

Time ServedModem::Due() const {
  const Time next = mode_ == Mode::kStalled ? kNever
                    : unsent_.empty()       ? emulator_->NextEvent()
                                            : patience_ends_;
  return std::min({next, mode_ends_, script_ == nullptr ? kNever : script_->Due()});
}

ServedModem::Wants ServedModem::Wanted() const {
  if (ended_) return {.epoch = epoch_};
  const int input = line_->Input();
  return {.caller = input < 0 ? line_->Caller() : -1,
          .input = input,
          .output = input < 0 ? -1 : line_->Output(),
          .read = unsent_.empty() && mode_ != Mode::kStalled,
          .write = !unsent_.empty(),
          .epoch = epoch_};
}

}  // namespace assay::device
