#include "reports/side_by_side.h"

#include <gtest/gtest.h>

namespace assay::report {
namespace {

Report Of(const std::string& revision, std::initializer_list<const char*> ids) {
  Report report;
  report.dialect = "d";
  report.model = "M1";
  if (!revision.empty()) report.identity["revision"] = revision;
  for (const char* id : ids) {
    Outcome outcome;
    outcome.id = id;
    report.outcomes.push_back(outcome);
  }
  return report;
}

std::vector<std::string> Devices(const std::vector<Report>& reports) {
  std::vector<std::string> names;
  for (const Report& report : reports)
    for (const Outcome& outcome : report.outcomes) names.push_back(outcome.device);
  return names;
}

TEST(ShareCases, TellsRunsFromPartsOfOne) {
  EXPECT_TRUE(ShareCases({Of("", {"a", "b"}), Of("", {"b"})}));
  EXPECT_FALSE(ShareCases({Of("", {"a", "a"}), Of("", {"b"})}));
  EXPECT_FALSE(ShareCases({}));
}

TEST(NameDevices, TakesModelAndRevision) {
  std::vector<Report> reports = {Of("R1", {"a"}), Of("R2", {"a"})};
  NameDevices(reports, {"x", "y"});
  EXPECT_EQ(Devices(reports), (std::vector<std::string>{"M1 R1", "M1 R2"}));
  EXPECT_EQ(reports[1].devices,
            (std::vector<DeviceEntry>{{"M1 R2", "d", "M1", "", {{"revision", "R2"}}}}));
}

TEST(NameDevices, TellsEqualOnesApartByTheNamesGiven) {
  std::vector<Report> reports = {Of("R1", {"a"}), Of("R1", {"a"}), Of("", {"a"})};
  reports[2].model.clear();
  NameDevices(reports, {"x", "y", "z"});
  EXPECT_EQ(Devices(reports), (std::vector<std::string>{"M1 R1 (x)", "M1 R1 (y)", "z"}));
}

TEST(NameDevices, KeepsNamesThatABenchGave) {
  std::vector<Report> reports = {Of("", {"a"}), Of("", {"a"})};
  reports[0].devices = {{"left", "d", "", ""}};
  reports[0].outcomes[0].device = "left";
  NameDevices(reports, {"x", "y"});
  EXPECT_EQ(Devices(reports), (std::vector<std::string>{"left", "M1"}));
}

}  // namespace
}  // namespace assay::report
