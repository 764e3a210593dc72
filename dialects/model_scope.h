// What the expressions of a spec see while the model carries them out. Of the model's own files.
#ifndef DIALECTS_MODEL_SCOPE_H_
#define DIALECTS_MODEL_SCOPE_H_

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/model.h"

namespace assay::dialect {

// XOR of the byte pairs of uploaded data, a last odd byte counting as the high one.
inline std::string Xor16(std::string_view data) {
  unsigned sum = 0;
  for (std::size_t i = 0; i < data.size(); ++i) {
    const auto byte = static_cast<unsigned char>(data[i]);
    sum ^= i % 2 == 0 ? byte * 256u : byte;
  }
  char out[8];
  std::snprintf(out, sizeof out, "%x", sum & 0xFFFFu);
  return out;
}

// What is each modem's own follows from nothing but its number.
class SeedScope final : public Scope {
 public:
  explicit SeedScope(std::int64_t seed) : seed_(seed) {}
  Datum Lookup(std::string_view name) const override {
    return name == spec::kSeedName ? Datum{seed_} : Datum{};
  }
  Datum Call(std::string_view, std::string_view, const Datum&) const override { return {}; }
  Truth Present(std::string_view) const override { return Truth::kUnknown; }
  Truth In(std::string_view, const std::vector<std::string_view>&) const override {
    return Truth::kUnknown;
  }

 private:
  std::int64_t seed_;
};

// Event values, arguments of the command, variables of the instance, variables of single machines.
class Model::Surroundings final : public Scope {
 public:
  Surroundings(const Model& model, const ParsedCommand* command, const EventValues* values,
               Place place)
      : model_(model), command_(command), values_(values), place_(place) {}

  Datum Lookup(std::string_view name) const override {
    if (values_ != nullptr) {
      if (const auto found = values_->find(name); found != values_->end()) return found->second;
    }
    if (command_ != nullptr) {
      std::vector<std::string> given;
      for (const Argument& argument : command_->arguments) {
        if (argument.name == name) given.emplace_back(argument.value);
      }
      if (given.size() == 1) return given[0];
      if (!given.empty()) return given;
    }
    if (place_.region != nullptr && IsIndex(name)) {
      return place_.region->machine->first + static_cast<std::int64_t>(place_.index);
    }
    const auto value = model_.Read(name, place_);
    return value ? Datum{*value} : Datum{};
  }

  Datum Call(std::string_view function, std::string_view name, const Datum& value) const override {
    if (function == "set") {
      const auto known = model_.Read(name, place_);
      return std::int64_t{known && !known->empty()};
    }
    if (function == "count") {
      if (command_ == nullptr) return std::int64_t{0};
      return std::count_if(command_->arguments.begin(), command_->arguments.end(),
                           [&](const Argument& argument) { return argument.name == name; });
    }
    if (function == "length") return static_cast<std::int64_t>(ToText(value).size());
    if (function == "in_flight") return InFlight(value);
    const Datum data = Lookup("data");
    if (function == "size") return static_cast<std::int64_t>(ToText(data).size());
    if (function == "xor16") return Xor16(ToText(data));
    return {};
  }

  Truth Present(std::string_view name) const override {
    const bool given = command_ != nullptr && command_->Find(name) != nullptr;
    return given || (values_ != nullptr && values_->contains(name)) ? Truth::kTrue : Truth::kFalse;
  }

  Truth In(std::string_view machine, const std::vector<std::string_view>& states) const override {
    const Region* region = model_.Find(machine);
    if (region == nullptr) return Truth::kUnknown;
    const auto at = model_.Counterpart(*region, place_);
    if (!at) return Truth::kUnknown;
    const std::string& state = region->machine->states[region->instances[*at].state];
    return std::find(states.begin(), states.end(), state) == states.end() ? Truth::kFalse
                                                                          : Truth::kTrue;
  }

 private:
  // By the machine's name for it, or what the command at hand calls it.
  bool IsIndex(std::string_view name) const {
    const std::string& index = place_.region->machine->index;
    if (index == name) return true;
    if (index.empty() || command_ == nullptr || command_->command == nullptr) return false;
    const std::string_view key =
        command_->form != nullptr ? std::string_view(command_->form->key) : std::string_view();
    const spec::Parameter* parameter = command_->command->FindParameter(name, key);
    return parameter != nullptr && parameter->IsAlso(index);
  }
  Datum InFlight(const Datum& id) const {
    const std::int64_t link =
        place_.region == nullptr
            ? 0
            : place_.region->machine->first + static_cast<std::int64_t>(place_.index);
    const auto found = model_.in_flight_.find(link);
    if (found == model_.in_flight_.end()) return std::int64_t{0};
    if (!Known(id)) return static_cast<std::int64_t>(found->second.size());
    const auto number = ToNumber(id);
    return std::int64_t{number && found->second.contains(*number)};
  }

  const Model& model_;
  const ParsedCommand* command_;
  const EventValues* values_;
  Place place_;
};

}  // namespace assay::dialect

#endif  // DIALECTS_MODEL_SCOPE_H_
