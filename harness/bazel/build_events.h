// What `bazel test --build_event_json_file=F` says about the tests: one JSON object a line.
//
// Bazel's event protocol, and not the files under bazel-testlogs, is the source: stale results of
// earlier runs stay there, and a target that never ran leaves nothing.

#ifndef HARNESS_BAZEL_BUILD_EVENTS_H_
#define HARNESS_BAZEL_BUILD_EVENTS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::counting {

// One attempt of one run of one shard of a test target.
struct Attempt {
  std::string label;
  std::string status;                   // as Bazel spells it: PASSED, FAILED, TIMEOUT, ...
  std::optional<std::string> xml_path;  // its test.xml
  bool cached = false;

  bool operator==(const Attempt&) const = default;
};

struct Broken {
  std::string label;
  std::string why;

  bool operator==(const Broken&) const = default;
};

struct BuildEvents {
  std::vector<std::string> tests;  // every test target that was asked for
  std::vector<Attempt> attempts;
  std::vector<Broken> broken;  // targets and patterns that did not load or build
  std::optional<int> exit_code;
  std::string exit_name;             // as Bazel spells it: SUCCESS, TESTS_FAILED, ...
  std::optional<std::string> error;  // the events themselves could not be read
};

BuildEvents ParseBuildEvents(std::string_view json_lines);

}  // namespace assay::counting

#endif  // HARNESS_BAZEL_BUILD_EVENTS_H_
