#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "spec/check.h"
#include "spec/finish.h"
#include "spec/uniqueness.h"

namespace assay::spec {
namespace {

constexpr std::array<std::string_view, 3> kUnits = {"s", "ms", "bytes"};
constexpr std::array<std::string_view, 3> kCharsets = {"printable-ascii", "hex", "binary"};

std::optional<std::int64_t> ToInteger(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

struct Interval {
  std::int64_t first, last;
};

// "3" or a reserved range such as "8-255".
std::optional<Interval> ToInterval(std::string_view text) {
  if (const auto number = ToInteger(text)) return Interval{*number, *number};
  const std::size_t dash = text.find('-', 1);
  if (dash == text.npos) return std::nullopt;
  const auto first = ToInteger(text.substr(0, dash));
  const auto last = ToInteger(text.substr(dash + 1));
  if (!first || !last) return std::nullopt;
  return Interval{*first, *last};
}

std::string ShowRange(const std::optional<std::int64_t>& min,
                      const std::optional<std::int64_t>& max) {
  return (min ? std::to_string(*min) : "") + ".." + (max ? std::to_string(*max) : "");
}

class Parameters {
 public:
  explicit Parameters(const Checking& checking)
      : places_(checking.places), complaints_(checking.complaints), c_(checking) {}

  void Run(const Command& command) {
    Unique(c_, command.parameters, "parameter", [](const Parameter& parameter) {
      return parameter.name.empty() || parameter.key.empty() ? parameter.name
                                                             : parameter.key + "/" + parameter.name;
    });
    Spellings(command);
    for (const Parameter& parameter : command.parameters) {
      HasKey(command, parameter);
      Word(parameter.unit, "unit", kUnits);
      Word(parameter.charset, "charset", kCharsets);
      Ranges(parameter.type, parameter.range);
      Values(parameter.type, parameter.values);
      if (parameter.default_value) Default(parameter, &parameter.default_value);
      for (const ParameterOverride& change : parameter.overrides) Override(parameter, change);
    }
  }

 private:
  // An alias that is also somebody else's name would be resolved by the order of the file.
  void Spellings(const Command& command) {
    for (const Parameter& parameter : command.parameters) {
      for (const std::string& alias : parameter.aliases) {
        for (const Parameter& other : command.parameters) {
          const bool apart =
              !parameter.key.empty() && !other.key.empty() && parameter.key != other.key;
          const auto uses = std::count(other.aliases.begin(), other.aliases.end(), alias) +
                            (other.name == alias ? 1 : 0);
          if (apart || uses == (&other == &parameter ? 1 : 0)) continue;
          complaints_.Error(places_.Of(&alias),
                            "<" + alias + "> names the parameter <" + other.name + ">, too");
        }
      }
    }
  }

  void HasKey(const Command& command, const Parameter& parameter) {
    if (parameter.key.empty()) return;
    std::vector<std::string> keys;
    for (const Form& form : command.forms) {
      if (!form.key.empty()) keys.push_back(form.key);
    }
    if (std::find(keys.begin(), keys.end(), parameter.key) != keys.end()) return;
    complaints_.Error(places_.Of(&parameter.key, &parameter),
                      "no form of " + command.name + " has the key " + Quoted(parameter.key),
                      OneOf(parameter.key, keys));
  }

  void Word(const std::string& word, std::string_view what,
            const std::array<std::string_view, 3>& words) {
    if (word.empty() || std::find(words.begin(), words.end(), word) != words.end()) return;
    complaints_.Error(places_.Of(&word), "unknown " + std::string(what) + " " + Quoted(word),
                      OneOf(word, words));
  }

  void Ranges(Type type, const Range& range) {
    if (type == Type::kString) {
      for (const auto* bound : {&range.min, &range.max}) {
        if (!*bound) continue;
        complaints_.Error(places_.Of(bound), "a string has no least and greatest value",
                          "expected min_length and max_length");
      }
    } else {
      for (const auto* bound : {&range.min_length, &range.max_length}) {
        if (!*bound) continue;
        complaints_.Error(places_.Of(bound), "only a string has a length", "expected min and max");
      }
    }
    for (const auto* bound : {&range.min_length, &range.max_length}) {
      if (*bound && **bound < 0) complaints_.Error(places_.Of(bound), "the length is negative");
    }
    Empty(range.min, range.max);
    Empty(range.min_length, range.max_length);
  }

  // At whichever of the two was written here.
  void Empty(const std::optional<std::int64_t>& min, const std::optional<std::int64_t>& max) {
    if (!min || !max || *min <= *max) return;
    complaints_.Error(places_.Of(&max, &min), "the range " + ShowRange(min, max) + " is empty");
  }

  void Values(Type type, const std::vector<Value>& values) {
    Unique(c_, values, "value", [](const Value& value) {
      // The same value may mean something else on another model.
      std::string name = value.value;
      for (const std::string& model : value.models) name += " of " + model;
      return name;
    });
    if (type != Type::kInteger) return;
    for (const Value& value : values) {
      if (value.value.empty()) continue;
      const auto interval = ToInterval(value.value);
      if (!interval) {
        complaints_.Error(places_.Of(&value), "the value " + Quoted(value.value) + " is no integer",
                          "expected one such as \"3\", or a range such as \"8-255\"");
      } else if (interval->first > interval->last) {
        complaints_.Error(places_.Of(&value), "the range " + Quoted(value.value) + " is empty");
      }
    }
  }

  // `place_of` is the default that was written, in the parameter or in an override.
  void Default(const Parameter& parameter, const std::optional<std::string>* place_of) {
    const std::string& value = *parameter.default_value;
    const Range& range = parameter.range;
    const json::Place place = places_.Of(place_of);
    switch (parameter.type) {
      case Type::kList:
        return;
      case Type::kString: {
        const auto length = static_cast<std::int64_t>(value.size());
        if ((range.min_length && length < *range.min_length) ||
            (range.max_length && length > *range.max_length)) {
          complaints_.Error(place, "the default has " + std::to_string(length) + " bytes",
                            "expected " + ShowRange(range.min_length, range.max_length));
        }
        return;
      }
      case Type::kInteger:
        break;
    }
    const auto number = ToInteger(value);
    if (!number) {
      complaints_.Error(place, "the default " + Quoted(value) + " is no integer");
      return;
    }
    const bool bounded = range.min || range.max;
    if (range.min && range.max && *range.min > *range.max) return;  // told already
    if (!bounded && (parameter.values.empty() || !parameter.values_closed)) return;
    const bool in_range =
        bounded && (!range.min || *number >= *range.min) && (!range.max || *number <= *range.max);
    const bool listed =
        std::any_of(parameter.values.begin(), parameter.values.end(), [&](const Value& candidate) {
          const auto interval = ToInterval(candidate.value);
          return interval && interval->first <= *number && *number <= interval->last;
        });
    if (in_range || listed) return;
    complaints_.Error(
        place, "the default " + value + " is not allowed",
        bounded ? "expected " + ShowRange(range.min, range.max) : "expected one of the values");
  }

  void Override(const Parameter& parameter, const ParameterOverride& change) {
    Ranges(parameter.type, change.range);
    Values(parameter.type, change.values);
    // What is right by itself may be wrong together with what it does not replace.
    const Parameter result = Overridden(parameter, change);
    const Range& range = result.range;
    if (range.min && range.max && *range.min > *range.max &&
        !(change.range.min && change.range.max)) {
      complaints_.Error(places_.Of(&change),
                        "the range " + ShowRange(range.min, range.max) + " is empty");
    }
    if (result.default_value) {
      Default(result, change.default_value ? &change.default_value : &parameter.default_value);
    }
  }

  const Places& places_;
  Complaints& complaints_;
  const Checking& c_;
};

}  // namespace

void CheckParameters(const Checking& checking, const Command& command) {
  Parameters(checking).Run(command);
}

}  // namespace assay::spec
