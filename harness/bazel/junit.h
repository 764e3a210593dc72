// The test cases of a JUnit XML file, as GoogleTest and Bazel write it.
//
//   JUnit junit = ParseJUnit(R"(<testsuite><testcase classname="A" name="B"/></testsuite>)");
//   // junit.cases == {{"A.B", CaseStatus::kPassed, ""}}, junit.error == nullopt

#ifndef HARNESS_BAZEL_JUNIT_H_
#define HARNESS_BAZEL_JUNIT_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::counting {

enum class CaseStatus { kPassed, kFailed, kSkipped };

struct TestCase {
  std::string name;  // "classname.name", or "name" where there is no classname
  CaseStatus status = CaseStatus::kPassed;
  std::string message;  // of the first failure or skip

  bool operator==(const TestCase&) const = default;
};

struct JUnit {
  std::vector<TestCase> cases;  // in file order; what came before an error is kept
  std::optional<std::string> error;
};

// A file that ends early is an error: whoever wrote it died.
JUnit ParseJUnit(std::string_view xml);

}  // namespace assay::counting

#endif  // HARNESS_BAZEL_JUNIT_H_
