#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "spec/check.h"
#include "spec/overrides.h"
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
      if (!parameter.either.empty()) Either(command, parameter);
      if (!parameter.length.empty()) Length(command, parameter);
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

  // A value must tell which of the two it is; only the two have facts of their own.
  void Either(const Command& command, const Parameter& parameter) {
    const json::Place place = places_.Of(&parameter);
    if (parameter.either.size() != 2 || parameter.either[0] == parameter.either[1]) {
      complaints_.Error(place, "\"either\" names " + std::to_string(parameter.either.size()) +
                                   " parameters", "expected two");
      return;
    }
    std::vector<const Parameter*> found;
    for (const std::string& name : parameter.either) {
      const Parameter* other = command.FindParameter(name, parameter.key);
      if (other == nullptr || !other->either.empty()) {
        complaints_.Error(places_.Of(&name), command.name + " has no parameter <" + name + ">",
                          OneOf(name, Names(command)));
      } else {
        found.push_back(other);
      }
    }
    if (found.size() == 2 && found[1]->type != Type::kInteger) {
      complaints_.Error(place, "nothing tells <" + found[0]->name + "> from <" + found[1]->name +
                                   ">", "expected a string and an integer, or two integers");
    }
    const Range& range = parameter.range;
    if (places_.Knows(&parameter.type) || range.min || range.max || range.min_length ||
        range.max_length || !parameter.values.empty() || parameter.default_value ||
        !parameter.charset.empty() || !parameter.unit.empty() || !parameter.length.empty() ||
        parameter.secret || !parameter.overrides.empty()) {
      complaints_.Error(place, "<" + parameter.name + "> stands for two parameters",
                        "expected type, range, values, default and the like at those");
    }
  }

  static std::vector<std::string> Names(const Command& command) {
    std::vector<std::string> names;
    for (const Parameter& parameter : command.parameters) {
      if (parameter.either.empty()) names.push_back(parameter.name);
    }
    return names;
  }

  // The field that says how long it is must have been read when it begins.
  void Length(const Command& command, const Parameter& parameter) {
    const json::Place place = places_.Of(&parameter.length);
    if (parameter.type != Type::kString) {
      complaints_.Error(place, "only a string has a length");
      return;
    }
    const Parameter* length = command.FindParameter(parameter.length, parameter.key);
    if (length == nullptr || length->type != Type::kInteger) {
      complaints_.Error(place, command.name + " has no integer parameter <" + parameter.length + ">",
                        OneOf(parameter.length, Names(command)));
      return;
    }
    for (const Form& form : command.forms) {
      if (Announced(form.syntax, parameter)) return;
      for (const Response& response : form.responses) {
        for (const ResponseLine& line : response.lines) {
          if (Announced(line.text, parameter)) return;
        }
      }
    }
    complaints_.Error(place, "no line of " + command.name + " has <" + parameter.length +
                                 "> before <" + parameter.name + ">");
  }

  static bool Announced(const Template& text, const Parameter& parameter) {
    std::vector<std::string> names;
    Collect(text.parts, &names);
    const auto said = std::find(names.begin(), names.end(), parameter.length);
    return std::find(said, names.end(), parameter.name) != names.end();
  }

  // Of all fields; of one that is either of two, both.
  static void Collect(const std::vector<TemplatePart>& parts, std::vector<std::string>* names) {
    for (const TemplatePart& part : parts) {
      if (part.kind == TemplatePart::Kind::kField) names->push_back(part.text);
      names->insert(names->end(), part.either.begin(), part.either.end());
      Collect(part.parts, names);
    }
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
    for (const Value& value : values) {
      if (!value.value.empty() || type == Type::kString) continue;
      complaints_.Error(places_.Of(&value.value), "\"value\" is empty");
    }
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
