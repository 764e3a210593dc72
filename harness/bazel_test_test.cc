#include "harness/bazel_test.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "harness/session_testing.h"
#include "harness/suite.h"

namespace assay::harness {
namespace {

BazelTest Read(const std::map<std::string, std::string>& variables) {
  return ReadBazelTest([&](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  });
}

TEST(ReadBazelTest, HearsOfFilterXmlAndOutputs) {
  const BazelTest test = Read({{"TESTBRIDGE_TEST_ONLY", "*/a/*:b"},
                               {"XML_OUTPUT_FILE", "/t/test.xml"},
                               {"TEST_UNDECLARED_OUTPUTS_DIR", "/t/outputs"},
                               {"TEST_TARGET", "//modem:conformance"}});
  EXPECT_EQ(test.only, (std::vector<std::string>{"*/a/*", "b"}));
  EXPECT_EQ(test.junit, "/t/test.xml");
  EXPECT_EQ(test.report, "/t/outputs");
  EXPECT_EQ(ReproOf(test), "bazel test //modem:conformance --test_filter=");
}

TEST(ReadBazelTest, NeedsNothing) {
  const BazelTest test = Read({});
  EXPECT_TRUE(test.only.empty());
  EXPECT_EQ(test.junit, "");
  EXPECT_EQ(test.report, "");
}

// A filter of the test itself chooses, and --test_filter takes a part of that.
TEST(TestFilter, NarrowsWhatTheTestChooses) {
  std::vector<TranscriptFile> files;
  for (const char* id : {"a/one", "a/two", "b/one"})
    files.push_back({std::string(id) + ".at", id, "dialect: quectel-bg96\n\n> AT\n< OK\n"});
  const struct {
    std::vector<std::string> filters, only, chosen;
    std::string error;
  } rows[] = {
      {{}, {"*/one"}, {"a/one", "b/one"}, ""},
      {{"a/*"}, {"*/one"}, {"a/one"}, ""},
      {{"a/*"}, {"*/one", "a/two"}, {"a/one", "a/two"}, ""},
      {{"a/*"}, {"b/*"}, {}, "the filter \"b/*\" matches no case\n"},
  };
  for (const auto& row : rows) {
    SelectOptions options;
    options.filters = row.filters;
    options.only = row.only;
    const Selection selection = Select(files, Goldens::Of("quectel-bg96").grammar(), options);
    std::vector<std::string> chosen;
    for (const transcript::Plan& plan : selection.plans) chosen.push_back(plan.id);
    EXPECT_EQ(chosen, row.chosen);
    EXPECT_EQ(selection.error, row.error);
  }
}

}  // namespace
}  // namespace assay::harness
