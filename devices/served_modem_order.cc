// What orders do to one served modem.
#include <algorithm>
#include <random>
#include <string_view>
#include <utility>

#include "devices/served_modem.h"
#include "transcripts/transcript.h"

namespace assay::device {
namespace {

using transcript::BenchAct;

std::string_view Name(bool on) { return on ? "on" : "off"; }

}  // namespace

ServedModem::Told ServedModem::Do(const Order& order, Time now) {
  using Kind = Order::Kind;
  Told told;
  switch (order.kind) {
    case Kind::kModems:
      told.lines.push_back(ToText());
      break;
    case Kind::kState:
      told.lines = States();
      break;
    case Kind::kNetwork:
      emulator_->Do(order.on ? BenchAct::kNetworkOn : BenchAct::kNetworkOff, now);
      if (log_ != nullptr) log_->Bench(order.on ? "network.on" : "network.off", now);
      covered_ = order.on;
      break;
    case Kind::kSim:
      emulator_->Do(order.on ? BenchAct::kSimIn : BenchAct::kSimOut, now);
      if (log_ != nullptr) log_->Bench(order.on ? "sim.in" : "sim.out", now);
      sim_in_ = order.on;
      break;
    case Kind::kDrop:
      if (!emulator_->Drop(order.number, now))
        told.error = "no such link is open";
      break;
    case Kind::kReboot:
      Restart(now);
      if (order.time) Enter(Mode::kBooting, order.time, now);
      break;
    case Kind::kNext:
      told.error = SetNext(order);
      break;
    case Kind::kHang:
      Enter(Mode::kHanging, order.time, now);
      break;
    case Kind::kStall:
      Enter(Mode::kStalled, order.time, now);
      break;
    case Kind::kResume:
      Wake();
      break;
    case Kind::kSend:
      Say(order.bytes, now);
      break;
    case Kind::kGarbage: {
      std::minstd_rand lot(static_cast<std::minstd_rand::result_type>(number_ + 1));
      std::string bytes;
      for (std::int64_t i = 0; i < order.number.value_or(0); ++i)
        bytes += static_cast<char>(lot() >> 8);
      Say(bytes, now);
      break;
    }
    case Kind::kDisconnect:
      if (line_->Input() >= 0 && !ended_) HangUp();
      break;
    case Kind::kFault:
      told.error = SetFault(order);
      break;
    case Kind::kFaultList:
      for (const std::string& id : faults_)
        told.lines.push_back(std::to_string(number_) + " " + id);
      break;
    case Kind::kLatency:
    case Kind::kLatencyOff:
      told.error = SetLatency(order);
      break;
    case Kind::kLog:
      if (log_ == nullptr) break;
      log_->Flush();
      told.lines.push_back(std::to_string(number_) + " " + log_->file());
      break;
    case Kind::kNote:
      if (log_ != nullptr) log_->Note(order.text);
      break;
    case Kind::kDeliver:
    case Kind::kQuit:
      break;  // of all modems together
  }
  Flush(now);
  return told;
}

std::string ServedModem::ToText() const {
  const std::string_view mode = mode_ == Mode::kAwake      ? "awake"
                                : mode_ == Mode::kHanging  ? "hanging"
                                : mode_ == Mode::kStalled  ? "stalled"
                                                           : "booting";
  return std::to_string(number_) + " " + line_->Address() + " " + sound_->dialect().id + " " +
         sound_->model() + " " + std::string(mode) + ", network " + std::string(Name(covered_)) +
         ", sim " + (sim_in_ ? "in" : "out") + ", faults " + std::to_string(faults_.size());
}

std::vector<std::string> ServedModem::States() const {
  std::vector<std::string> out;
  for (const spec::Machine& machine : emulator_->grammar().dialect().machines) {
    const bool one = machine.index.empty();
    for (std::int64_t i = machine.first; i <= (one ? machine.first : machine.last); ++i) {
      out.push_back(std::to_string(number_) + " " + machine.id +
                    (one ? "" : "[" + std::to_string(i) + "]") + " " +
                    std::string(emulator_->model().StateOf(machine.id, i)));
    }
  }
  return out;
}

// A fresh one from the factory: its connections end without a word. What lies in its surroundings
// stays as it is.
void ServedModem::Restart(Time now) {
  emulator_.reset();
  emulator_ = make_();
  unsent_.clear();
  patience_ends_ = kNever;
  Wake();
  if (set_ != nullptr) emulator_->SetFaults(set_->faults, set_->grammar);
  emulator_->SetDelays(delays_);
  if (script_ != nullptr) Listen();
  if (!covered_) emulator_->Do(BenchAct::kNetworkOff, now);
  if (!sim_in_) emulator_->Do(BenchAct::kSimOut, now);
}

void ServedModem::Listen() {
  emulator_->Hear([this](const std::string& line) { return Heard(line, heard_at_); });
}

void ServedModem::SetScript(std::shared_ptr<const Script> script,
                            std::function<void(const Order&)> outward, Time now) {
  script_ = std::make_unique<ScriptRun>(std::move(script), now);
  outward_ = std::move(outward);
  Listen();
}

// What a command has been waited for with, in the middle of the emulator's work: only what does not
// take that away from under it is done at once.
bool ServedModem::Heard(const std::string& line, Time now) {
  using Kind = Order::Kind;
  const auto name = CommandName(std::string_view(line).substr(0, line.find_first_of("=?")));
  if (!name) return true;
  script_->Heard(*name, now);
  bool goes_on = true;
  while (const Order* order = script_->Next(now)) {
    switch (order->kind) {
      case Kind::kNext:
      case Kind::kNetwork:
      case Kind::kSim:
      case Kind::kLatency:
      case Kind::kLatencyOff:
        if (Concerns(*order)) Do(*order, now);
        break;
      case Kind::kReboot:
      case Kind::kHang:
      case Kind::kStall:
        goes_on = goes_on && !Concerns(*order);
        deferred_.push_back(*order);
        break;
      default:
        deferred_.push_back(*order);
    }
  }
  return goes_on;
}

bool ServedModem::Concerns(const Order& order) const {
  return !order.modems || (order.modems->first <= number_ && number_ <= order.modems->last);
}

void ServedModem::RunScript(Time now) {
  if (script_ == nullptr) return;
  std::vector<Order> due = std::exchange(deferred_, {});
  while (const Order* order = script_->Next(now)) due.push_back(*order);
  for (const Order& order : due) {
    if (!Concerns(order)) continue;
    switch (order.kind) {
      case Order::Kind::kDeliver:
      case Order::Kind::kQuit:
        outward_(order);
        break;
      default:
        Do(order, now);
    }
  }
}

void ServedModem::Enter(Mode mode, std::optional<Time> lasts, Time now) {
  mode_ = mode;
  mode_ends_ = lasts ? now + *lasts : kNever;
}

void ServedModem::Wake() {
  mode_ = Mode::kAwake;
  mode_ends_ = kNever;
}

void ServedModem::Say(std::string_view bytes, Time now) {
  unsent_ += bytes;
  if (log_ != nullptr) log_->Modem(bytes, now);
  if (!unsent_.empty()) Write(now);
}

std::string ServedModem::SetNext(const Order& order) {
  const dialect::Grammar& grammar = emulator_->grammar();
  if (!order.text.empty() && grammar.dialect().FindCommand(order.text) == nullptr)
    return order.text + " is no command of " + grammar.dialect().id;
  emulator_->FailNext({order.text, order.bytes, order.on});
  return {};
}

std::string ServedModem::SetFault(const Order& order) {
  std::vector<std::string> ids = faults_;
  if (!order.on && order.text.empty()) {
    ids.clear();
  } else if (!order.on) {
    if (std::erase(ids, order.text) == 0)
      return "fault " + order.text + " is not on; `fault list` tells those that are";
  } else if (std::find(ids.begin(), ids.end(), order.text) == ids.end()) {
    ids.push_back(order.text);
  }
  std::string error;
  auto set = shelf_.Take(sound_, ids, &error);
  if (set == nullptr) return error;
  faults_ = std::move(ids);
  set_ = std::move(set);
  emulator_->SetFaults(set_->faults, set_->grammar);
  return {};
}

std::string ServedModem::SetLatency(const Order& order) {
  if (order.kind == Order::Kind::kLatencyOff) {
    delays_.clear();
  } else {
    if (!order.text.empty() && sound_->dialect().FindCommand(order.text) == nullptr)
      return order.text + " is no command of " + sound_->dialect().id;
    std::erase_if(delays_, [&](const Emulator::Delay& delay) { return delay.command == order.text; });
    delays_.push_back({order.text, order.time.value_or(Time{0}), order.jitter.value_or(Time{0})});
  }
  emulator_->SetDelays(delays_);
  return {};
}

}  // namespace assay::device
