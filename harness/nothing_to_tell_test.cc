// A sound modem gives a golden nothing to tell, not even information: where a manual leaves values
// open, as of credentials that a module computes, another one fails no case, and only this shows it.
#include <gtest/gtest.h>

#include <cctype>
#include <cstddef>
#include <string>

#include "devices/device.h"
#include "harness/device_url.h"
#include "harness/run.h"
#include "harness/suite.h"

namespace assay::harness {
namespace {

// Written otherwise, as the tolerant reading takes it.
bool Overlooked(const report::Finding& finding) {
  return finding.finding_class == report::FindingClass::kSyntax &&
         finding.severity == report::Severity::kInfo;
}

class NothingToTell : public ::testing::TestWithParam<std::string> {};

TEST_P(NothingToTell, ByAnyGolden) {
  const Workplace place({});
  const Loaded loaded = place.Load(GetParam(), "");
  ASSERT_NE(loaded.grammar, nullptr) << loaded.error;
  std::string error;
  const Selection selection = Select(FindTranscripts({place.GoldenFolder(GetParam())}, &error),
                                     *loaded.grammar, SelectOptions());
  ASSERT_EQ(error + selection.error, "");
  EmulatorSetup setup;
  setup.grammar = loaded.grammar;
  Runner runner({.grammar = *loaded.grammar, .open = [&] {
                   return device::OpenResult{.device = MakeEmulatorDevice(setup, "emulator"),
                                             .error = {}};
                 }});
  std::size_t played = 0;
  for (const transcript::Plan& plan : selection.plans) {
    if (plan.skip) continue;
    ++played;
    for (const report::Finding& finding : runner.Run(plan).outcome.findings) {
      if (Overlooked(finding)) continue;
      ADD_FAILURE() << plan.id << ": " << finding.message << "\n  expected  " << finding.expected
                    << "\n  got       " << finding.got;
    }
  }
  EXPECT_GT(played, 100U);
}

INSTANTIATE_TEST_SUITE_P(Dialects, NothingToTell,
                         ::testing::Values("quectel-bg96", "simcom-sim7672x", "fibocom-v1.2.6",
                                           "fibocom-v1.3"),
                         [](const auto& param) {
                           std::string name = param.param;
                           for (char& c : name) {
                             if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
                           }
                           return name;
                         });

}  // namespace
}  // namespace assay::harness
