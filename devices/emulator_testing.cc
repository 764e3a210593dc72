#include "devices/emulator_testing.h"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <map>
#include <utility>

#include "devices/mqtt_service.h"
#include "spec/diagnostic.h"
#include "spec/model.h"

namespace assay::device {

std::shared_ptr<const dialect::Grammar> CommittedGrammar(const std::string& dialect) {
  static std::map<std::string, std::shared_ptr<const dialect::Grammar>> known;
  auto& grammar = known[dialect];
  if (grammar == nullptr) {
    const spec::LoadResult loaded = spec::LoadDialect("spec/" + dialect, {});
    if (loaded.dialect == nullptr) {
      std::cerr << spec::Print(loaded.diagnostics);
      std::abort();
    }
    grammar = std::make_shared<const dialect::Grammar>(loaded.dialect, loaded.dialect->model);
  }
  return grammar;
}

Bench::Bench(std::shared_ptr<const dialect::Grammar> grammar, EmulatorOptions options)
    : broker_(MakeLocalBroker()) {
  constexpr Time kLatency = std::chrono::milliseconds(20);
  modem_ = std::make_unique<Emulator>(
      std::move(grammar), MakeLocalMqttService(broker_, kLatency), std::move(options),
      sn::MakeLocalGateway(MakeLocalMqttService(broker_, kLatency), kLatency));
}

std::string Bench::Ask(std::string_view bytes, Time patience) {
  std::string out;
  while (!bytes.empty()) {
    const std::size_t count = chunk_ == 0 ? bytes.size() : std::min(chunk_, bytes.size());
    modem_->Receive(bytes.substr(0, count), now_);
    out += modem_->TakeOutput(now_);
    bytes.remove_prefix(count);
  }
  const Time end = now_ + patience;
  while (true) {
    modem_->Advance(now_);
    out += modem_->TakeOutput(now_);
    const Time next = modem_->NextEvent();
    if (next > end) break;
    now_ = std::max(now_, next);
  }
  now_ = end;
  return out;
}

}  // namespace assay::device
