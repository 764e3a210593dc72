// Where a file that a run updates is written. Nothing reviewed is changed behind somebody's back: not
// by CI, and under Bazel only beside it, from where a person takes it.
//
//   PendingPath path = PlaceToUpdate("known.baseline", [](const char* name) { return getenv(name); });
//   if (!path.refused.empty()) ...           // "CI is set: ..."
//   WriteFile(path.path, text, &error);      // the file itself, or its place in a pending folder
//
// In `bazel test` that is $TEST_UNDECLARED_OUTPUTS_DIR/pending/, in `bazel run`
// $BUILD_WORKSPACE_DIRECTORY/pending/.
#ifndef HARNESS_PENDING_H_
#define HARNESS_PENDING_H_

#include <functional>
#include <string>

namespace assay::harness {

struct PendingPath {
  std::string path;
  bool pending = false;
  std::string refused;  // why nothing may be updated here; empty: it may
};
PendingPath PlaceToUpdate(const std::string& file,
                          const std::function<const char*(const char*)>& environment);

}  // namespace assay::harness

#endif  // HARNESS_PENDING_H_
