// Who said what, when another bench wrote the field logs.
#include <gtest/gtest.h>

#include <string>

#include "transcripts/import_testing.h"
#include "transcripts/perturbed_testing.h"

namespace assay::transcript {
namespace {

TEST(ImportPerturbed, SaysTheSame) {
  for (const Perturbation& row : Perturbations()) {
    for (const std::string& name : FixtureNames()) {
      if (!row.Covers(name)) continue;
      const Fixture fixture = ReadFixture(name);
      const std::string log = row.change(fixture.log);
      const Imported imported = Import(log, GrammarFor(fixture.dialect));
      EXPECT_EQ(Rows(imported.exchanges, row.lines), Rows(fixture.exchanges, row.lines))
          << name << ", " << row.name << ": " << imported.style << "\n"
          << log.substr(0, 3000);
    }
  }
}

}  // namespace
}  // namespace assay::transcript
