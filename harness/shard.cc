#include "harness/shard.h"

#include <cstdint>
#include <string_view>

#include "dialects/value.h"

namespace assay::harness {
namespace {

std::optional<Shard> FromOption(const std::string& option) {
  const std::size_t slash = option.find('/');
  if (slash == std::string::npos) return std::nullopt;
  const auto index = dialect::ParseInteger(std::string_view(option).substr(0, slash));
  const auto count = dialect::ParseInteger(std::string_view(option).substr(slash + 1));
  if (!index || !count || *count < 1 || *index < 1 || *index > *count) return std::nullopt;
  return Shard{static_cast<std::size_t>(*index - 1), static_cast<std::size_t>(*count), {}};
}

std::string TextOf(const Environment& environment, const char* name) {
  const char* value = environment(name);
  return value != nullptr ? value : "";
}

}  // namespace

std::optional<Shard> ChooseShard(const std::string& option, const Environment& environment,
                                 std::string* error) {
  if (!option.empty()) {
    const std::optional<Shard> shard = FromOption(option);
    if (!shard) *error = "--shard " + option + ": expected I/N with 1 <= I <= N";
    return shard;
  }
  const std::string total = TextOf(environment, "TEST_TOTAL_SHARDS");
  if (total.empty()) return Shard{};
  const std::string at = TextOf(environment, "TEST_SHARD_INDEX");
  const auto count = dialect::ParseInteger(total), index = dialect::ParseInteger(at);
  if (!count || *count < 1 || !index || *index < 0 || *index >= *count) {
    *error = "TEST_TOTAL_SHARDS=" + total + ", TEST_SHARD_INDEX=" + at +
             ": expected 0 <= index < total";
    return std::nullopt;
  }
  return Shard{static_cast<std::size_t>(*index), static_cast<std::size_t>(*count),
               TextOf(environment, "TEST_SHARD_STATUS_FILE")};
}

}  // namespace assay::harness
