#include "harness/shard.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/session_testing.h"
#include "harness/suite.h"
#include "reports/result.h"

namespace assay::harness {
namespace {

using Variables = std::map<std::string, std::string>;

std::optional<Shard> Choose(const std::string& option, const Variables& variables,
                            std::string* error) {
  return ChooseShard(
      option,
      [&](const char* name) {
        const auto found = variables.find(name);
        return found == variables.end() ? nullptr : found->second.c_str();
      },
      error);
}

TEST(ChooseShard, HearsTheOptionAndBazel) {
  const Variables bazel = {{"TEST_TOTAL_SHARDS", "5"},
                           {"TEST_SHARD_INDEX", "0"},
                           {"TEST_SHARD_STATUS_FILE", "/tmp/s"}};
  const struct {
    std::string option;
    Variables variables;
    std::size_t index, count;
    std::string status_file;
  } rows[] = {{"", {}, 0, 1, ""},
              {"1/1", {}, 0, 1, ""},
              {"2/8", {}, 1, 8, ""},
              {"", bazel, 0, 5, "/tmp/s"},
              {"2/8", bazel, 1, 8, ""},
              {"", {{"TEST_TOTAL_SHARDS", "2"}, {"TEST_SHARD_INDEX", "1"}}, 1, 2, ""}};
  for (const auto& row : rows) {
    std::string error;
    const auto shard = Choose(row.option, row.variables, &error);
    ASSERT_TRUE(shard) << error;
    EXPECT_EQ(shard->index, row.index);
    EXPECT_EQ(shard->count, row.count);
    EXPECT_EQ(shard->status_file, row.status_file);
  }
}

TEST(ChooseShard, SaysWhatIsWrong) {
  const struct {
    std::string option;
    Variables variables;
    std::string error;
  } rows[] = {
      {"3/2", {}, "--shard 3/2: expected I/N with 1 <= I <= N"},
      {"0/2", {}, "--shard 0/2: expected I/N with 1 <= I <= N"},
      {"2", {}, "--shard 2: expected I/N with 1 <= I <= N"},
      {"", {{"TEST_TOTAL_SHARDS", "2"}},
       "TEST_TOTAL_SHARDS=2, TEST_SHARD_INDEX=: expected 0 <= index < total"},
      {"", {{"TEST_TOTAL_SHARDS", "2"}, {"TEST_SHARD_INDEX", "2"}},
       "TEST_TOTAL_SHARDS=2, TEST_SHARD_INDEX=2: expected 0 <= index < total"},
      {"", {{"TEST_TOTAL_SHARDS", "none"}, {"TEST_SHARD_INDEX", "0"}},
       "TEST_TOTAL_SHARDS=none, TEST_SHARD_INDEX=0: expected 0 <= index < total"},
  };
  for (const auto& row : rows) {
    std::string error;
    EXPECT_FALSE(Choose(row.option, row.variables, &error));
    EXPECT_EQ(error, row.error);
  }
}

const dialect::Grammar& Bg96() { return Goldens::Of("quectel-bg96").grammar(); }

// Every third one needs something that the bench does not have.
std::vector<TranscriptFile> Files(std::size_t count) {
  std::vector<TranscriptFile> out;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string id = "case-" + std::to_string(i);
    const std::string host = i % 3 == 2 ? "${nobodys.host}" : "h";
    out.push_back({id + ".at", id,
                   "dialect: quectel-bg96\n\n> AT+QMTOPEN=0,\"" + host + "\",1883\n< OK\n"});
  }
  return out;
}

TEST(Shards, AreDisjointAndTogetherTheWhole) {
  for (const std::size_t cases : {1, 2, 7, 30}) {
    const std::vector<TranscriptFile> files = Files(cases);
    for (const std::size_t shards : {1, 2, 3, 7, 31}) {
      std::multiset<std::string> seen;
      for (std::size_t shard = 0; shard < shards; ++shard) {
        SelectOptions options;
        options.shard = shard;
        options.shards = shards;
        const Selection selection = Select(files, Bg96(), options);
        EXPECT_EQ(selection.error, "");
        std::size_t here = 0;
        for (const transcript::Plan& plan : selection.plans) {
          seen.insert(plan.id);
          here += plan.skip ? 0 : 1;
        }
        // Whoever plays this one knows that others play the rest.
        EXPECT_EQ(here + (selection.shard ? selection.shard->elsewhere : 0), cases - cases / 3);
        // None is much longer than another.
        EXPECT_LE(selection.plans.size(), cases / shards + 1);
      }
      EXPECT_EQ(seen.size(), cases);
      EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), cases);
    }
  }
}

// More shards than cases, or one with nothing but cases that are left out: others have run.
TEST(Shards, MayBeEmptyWhereOthersAreNot) {
  report::Report report;
  EXPECT_EQ(report::ExitStatus(report), 4);
  report.shard = report::ShardOf{3, 8, 12};
  EXPECT_EQ(report::ExitStatus(report), 0);
  report.shard->elsewhere = 0;
  EXPECT_EQ(report::ExitStatus(report), 4);
}

}  // namespace
}  // namespace assay::harness
