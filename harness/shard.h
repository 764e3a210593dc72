// Which part of the cases a run plays: of `--shard I/N`, else of a test that Bazel runs in shards.
//
//   std::optional<Shard> shard = ChooseShard("2/8", std::getenv, &error);
//   if (shard && !shard->status_file.empty()) ...create it: it tells Bazel that it was heard...
//
// The shards of a run are disjoint, and all of them together are the whole.
#ifndef HARNESS_SHARD_H_
#define HARNESS_SHARD_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

namespace assay::harness {

struct Shard {
  std::size_t index = 0, count = 1;
  std::string status_file;  // of Bazel
};

// A variable of the environment; null: it is not set.
using Environment = std::function<const char*(const char*)>;

// Nothing and the error if either is none. What the option says comes first.
std::optional<Shard> ChooseShard(const std::string& option, const Environment& environment,
                                 std::string* error);

}  // namespace assay::harness

#endif  // HARNESS_SHARD_H_
