#include "dialects/value.h"

#include <algorithm>
#include <charconv>

namespace assay::dialect {
namespace {

bool InReservedRange(std::string_view range, std::int64_t value) {
  const std::size_t dash = range.find('-', 1);
  if (dash == std::string_view::npos) return false;
  const auto low = ParseInteger(range.substr(0, dash)), high = ParseInteger(range.substr(dash + 1));
  return low && high && value >= *low && value <= *high;
}

}  // namespace

std::optional<std::int64_t> ParseInteger(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

std::string AllowedValues(const spec::Parameter& parameter) {
  const spec::Range& range = parameter.range;
  const bool text = parameter.type == spec::Type::kString;
  const auto& least = text ? range.min_length : range.min;
  const auto& most = text ? range.max_length : range.max;
  std::string out;
  if (least && most && !(text && *least == 0)) {
    out = std::to_string(*least) + "-" + std::to_string(*most);
  } else if (most) {
    out = "up to " + std::to_string(*most);
  } else if (least && (!text || *least > 0)) {
    out = text ? "at least " + std::to_string(*least) : std::to_string(*least) + " or more";
  }
  if (!out.empty() && text) out += " bytes";
  // Values within the range tell what they mean, not that they are allowed.
  std::string values;
  for (const spec::Value& known : parameter.values) {
    const auto number = ParseInteger(known.value);
    const bool within =
        number && (least || most) && (!least || *number >= *least) && (!most || *number <= *most);
    if (text ? parameter.values_closed : !within)
      values += (values.empty() ? "" : ", ") + (known.value.empty() ? "\"\"" : known.value);
  }
  if (!values.empty()) out += (out.empty() ? "one of " : " or one of ") + values;
  return !out.empty() ? out : text ? "a text" : "an integer";
}

std::optional<std::string> OutOfRange(const spec::Parameter& parameter, std::string_view value) {
  const spec::Range& range = parameter.range;
  if (parameter.type == spec::Type::kString) {
    const auto size = static_cast<std::int64_t>(value.size());
    const bool listed = std::any_of(parameter.values.begin(), parameter.values.end(),
                                    [&](const spec::Value& known) { return known.value == value; });
    if (listed) return std::nullopt;
    if ((range.max_length && size > *range.max_length) ||
        (range.min_length && size < *range.min_length)) {
      return AllowedValues(parameter);
    }
    const bool bounded = range.min_length || range.max_length;
    if (!parameter.values.empty() && parameter.values_closed && !bounded) {
      return AllowedValues(parameter);
    }
    return std::nullopt;
  }
  if (parameter.type == spec::Type::kList) {
    while (!value.empty()) {
      const std::size_t comma = std::min(value.find(','), value.size());
      spec::Parameter item = parameter;
      item.type = spec::Type::kInteger;
      if (auto bad = OutOfRange(item, value.substr(0, comma))) return bad;
      value.remove_prefix(std::min(comma + 1, value.size()));
    }
    return std::nullopt;
  }
  const auto number = ParseInteger(value);
  if (!number) return AllowedValues(parameter);
  if (range.min || range.max) {
    if ((!range.min || *number >= *range.min) && (!range.max || *number <= *range.max))
      return std::nullopt;
  } else if (parameter.values.empty() || !parameter.values_closed) {
    return std::nullopt;
  }
  for (const spec::Value& known : parameter.values) {
    if (known.value == value || InReservedRange(known.value, *number)) return std::nullopt;
  }
  return AllowedValues(parameter);
}

}  // namespace assay::dialect
