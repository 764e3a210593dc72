// What is done to an emulated modem from outside while it runs.
#include <algorithm>
#include <utility>

#include "devices/emulator.h"
#include "devices/faulty_grammar.h"
#include "devices/forgiven.h"

namespace assay::device {
namespace {

// What some of the faults take although it is wrong.
std::function<bool(const dialect::ParsedCommand&, const dialect::CommandProblem&)> Forgiving(
    const std::vector<Fault>& faults) {
  const auto has = [](const Fault& fault) { return static_cast<bool>(fault.forgives); };
  if (std::none_of(faults.begin(), faults.end(), has)) return nullptr;
  return [&faults](const dialect::ParsedCommand& command, const dialect::CommandProblem& problem) {
    return std::any_of(faults.begin(), faults.end(), [&](const Fault& fault) {
      return fault.forgives && fault.forgives(command, problem);
    });
  };
}

// What some of the faults refuse although it is right.
std::function<bool(const dialect::ParsedCommand&)> Rejecting(const std::vector<Fault>& faults) {
  const auto has = [](const Fault& fault) { return static_cast<bool>(fault.rejects); };
  if (std::none_of(faults.begin(), faults.end(), has)) return nullptr;
  return [&faults](const dialect::ParsedCommand& command) {
    return std::any_of(faults.begin(), faults.end(),
                       [&](const Fault& fault) { return fault.rejects && fault.rejects(command); });
  };
}

}  // namespace

std::unique_ptr<dialect::Model> Emulator::MakeModel() const {
  return std::make_unique<dialect::Model>(
      *grammar_, dialect::ModelOptions{.tolerant = options_.tolerant,
                                       .seed = options_.seed,
                                       .forgives = Forgiving(options_.faults),
                                       .rejects = Rejecting(options_.faults),
                                       .watch = options_.watch});
}

// What the modem is in the middle of goes on under the new facts.
void Emulator::SetFaults(std::vector<Fault> faults,
                         std::shared_ptr<const dialect::Grammar> broken) {
  const std::shared_ptr<const dialect::Grammar> before = std::exchange(grammar_, std::move(broken));
  const std::unique_ptr<dialect::Model> old = std::move(model_);
  options_.faults = std::move(faults);
  model_ = MakeModel();
  model_->TakeOver(*old);
  const auto again = [&](const dialect::CommandPtr& command) {
    return Forgiven(options_.faults, dialect::OwnedCommand::Parse(*grammar_, command->line));
  };
  ReadPort();
  network_.Replace(again);
  RenewData(again);
}

namespace {

// As the dialect writes it, if it knows it.
bool IsNamed(const dialect::ParsedCommand& command, std::string_view name) {
  return command.command != nullptr ? command.command->name == name : command.name == name;
}

}  // namespace

Time Emulator::Lateness(const dialect::OwnedCommand* command) {
  const Delay* found = nullptr;
  for (const Delay& delay : delays_) {
    const bool here = delay.command.empty() ||
                      (command != nullptr && IsNamed(command->parsed, delay.command));
    if (here && (found == nullptr || !delay.command.empty())) found = &delay;
  }
  if (found == nullptr) return Time{0};
  if (found->jitter <= Time{0}) return found->base;
  const auto span = static_cast<std::uint64_t>(found->jitter.count()) + 1;
  return found->base + Time{static_cast<Time::rep>(lot_() % span)};
}

std::optional<dialect::Answer> Emulator::FailureOf(const dialect::CommandPtr& command) {
  const auto meant = [&](const Failure& failure) {
    return (failure.command.empty() && command->line != "AT") ||
           IsNamed(command->parsed, failure.command);
  };
  const auto found = std::find_if(failures_.begin(), failures_.end(), meant);
  if (found == failures_.end()) return std::nullopt;
  auto answer = model_->Fail(command, found->code, found->result);
  if (answer) failures_.erase(found);
  return answer;
}

bool Emulator::Drop(std::optional<std::int64_t> link, Time now) {
  Advance(now);
  return network_.Drop(link, now);
}

}  // namespace assay::device
