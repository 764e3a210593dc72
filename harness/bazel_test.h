// A run that is a Bazel test (conformance.bzl): what Bazel says of it in the environment.
//
//   const BazelTest test = ReadBazelTest(std::getenv);
//   select.only = test.only;      // --test_filter, on top of the filters that the test has itself
//
// Shards are heard of without it (shard.h).
#ifndef HARNESS_BAZEL_TEST_H_
#define HARNESS_BAZEL_TEST_H_

#include <string>
#include <vector>

#include "harness/shard.h"

namespace assay::harness {

struct BazelTest {
  std::vector<std::string> only;  // globs of --test_filter, which a colon separates
  std::string junit;              // the file of $XML_OUTPUT_FILE
  std::string report;             // the folder of undeclared outputs
  std::string target;             // "//modem:conformance"
};

BazelTest ReadBazelTest(const Environment& environment);

// "bazel test //modem:conformance --test_filter=": what a case is repeated with, before its id.
std::string ReproOf(const BazelTest& test);

}  // namespace assay::harness

#endif  // HARNESS_BAZEL_TEST_H_
