// What a guard or a time sees of a command or a line, and of what the tracker knows. Private to the
// tracker.
#ifndef DIALECTS_TRACKER_SCOPE_H_
#define DIALECTS_TRACKER_SCOPE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/tracker.h"

namespace assay::dialect {

// The transition's own answer has more or fewer lines before its final code than the one seen.
inline bool AnswersOtherwise(const spec::Transition& transition, const spec::Response* response) {
  if (response == nullptr || transition.respond.empty()) return false;
  std::size_t before = 0;
  for (const spec::ResponseLine& line : response->lines) {
    if (line.optional || line.repeated) return false;
    if (line.kind == spec::LineKind::kInformation) ++before;
  }
  return transition.respond.size() != before + 1;
}

// Arguments of the command, then variables of its instance, then those of machines without index.
class Tracker::CommandScope : public Scope {
 public:
  CommandScope(const Tracker& tracker, const ParsedCommand& command, const Region* region,
               std::size_t index)
      : tracker_(tracker), command_(command), region_(region), index_(index) {}

  Datum Lookup(std::string_view name) const override {
    const std::int64_t given = Count(name);
    if (given == 1) return std::string(command_.Find(name)->value);
    if (given > 1) {
      std::vector<std::string> values;
      for (const Argument& argument : command_.arguments) {
        if (argument.name == name) values.emplace_back(argument.value);
      }
      return values;
    }
    const std::string* known = tracker_.Read(name, region_, index_);
    return known != nullptr ? Datum{*known} : Datum{};
  }
  Datum Call(std::string_view function, std::string_view name, const Datum& value) const override {
    if (function == "count") return Count(name);
    if (function == "length" && Known(value)) {
      return static_cast<std::int64_t>(ToText(value).size());
    }
    if (function == "set") {
      const std::string* known = tracker_.Read(name, region_, index_);
      return known != nullptr ? Datum{std::int64_t{!known->empty()}} : Datum{};
    }
    return {};  // what is in flight or was uploaded is not seen from here
  }
  Truth Present(std::string_view name) const override {
    return command_.Find(name) != nullptr ? Truth::kTrue : Truth::kFalse;
  }
  Truth In(std::string_view machine, const std::vector<std::string_view>& states) const override {
    return tracker_.IsIn(machine, states, region_, index_);
  }

 private:
  std::int64_t Count(std::string_view name) const {
    return std::count_if(command_.arguments.begin(), command_.arguments.end(),
                         [&](const Argument& argument) { return argument.name == name; });
  }

  const Tracker& tracker_;
  const ParsedCommand& command_;
  const Region* region_;
  std::size_t index_;
};

// The same once the data have come.
class Tracker::DataScope : public ScopeWithin {
 public:
  DataScope(const Scope& command, std::optional<std::string_view> data)
      : ScopeWithin(command), data_(data) {}

  Datum Lookup(std::string_view name) const override {
    return data_ && name == "data" ? Datum{std::string(*data_)} : ScopeWithin::Lookup(name);
  }
  Datum Call(std::string_view function, std::string_view name, const Datum& value) const override {
    if (data_ && function == "size") return static_cast<std::int64_t>(data_->size());
    return ScopeWithin::Call(function, name, value);
  }

 private:
  std::optional<std::string_view> data_;
};

// Fields of a line, then variables.
class Tracker::LineScope : public Scope {
 public:
  LineScope(const Tracker& tracker, const LineMatch& match, const Region& region, std::size_t index)
      : tracker_(tracker), match_(match), region_(region), index_(index) {}
  Datum Lookup(std::string_view name) const override {
    if (const LineField* field = match_.Find(name)) return std::string(field->value);
    const std::string* known = tracker_.Read(name, &region_, index_);
    return known != nullptr ? Datum{*known} : Datum{};
  }
  Datum Call(std::string_view, std::string_view, const Datum&) const override { return {}; }
  Truth Present(std::string_view name) const override {
    return match_.Find(name) != nullptr ? Truth::kTrue : Truth::kUnknown;
  }
  Truth In(std::string_view machine, const std::vector<std::string_view>& states) const override {
    return tracker_.IsIn(machine, states, &region_, index_);
  }

 private:
  const Tracker& tracker_;
  const LineMatch& match_;
  const Region& region_;
  std::size_t index_;
};

}  // namespace assay::dialect

#endif  // DIALECTS_TRACKER_SCOPE_H_
