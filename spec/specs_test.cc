// Every committed dialect loads, without a warning.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "spec/loader.h"
#include "spec/model.h"

namespace assay::spec {
namespace {

const std::vector<std::string> kFolders = {"spec"};

TEST(Specs, ThereAreSome) { EXPECT_FALSE(DialectIds(kFolders).empty()); }

TEST(Specs, NothingIsWrongOrSuspicious) {
  for (const std::string& id : DialectIds(kFolders)) {
    EXPECT_EQ(Print(LintDialect("spec/" + id)), "") << id;
  }
}

TEST(Specs, LoadForEveryModelUnderTheNameOfTheirFolder) {
  for (const std::string& id : DialectIds(kFolders)) {
    const LoadResult loaded = LoadDialectById(id, kFolders, {});
    ASSERT_NE(loaded.dialect, nullptr) << id;
    EXPECT_EQ(loaded.dialect->id, id);
    for (const Model& model : loaded.dialect->models) {
      const LoadResult with = LoadDialectById(id, kFolders, {.model = model.id});
      ASSERT_NE(with.dialect, nullptr) << id << " " << model.id;
      EXPECT_EQ(with.dialect->model, model.id);
    }
  }
}

}  // namespace
}  // namespace assay::spec
