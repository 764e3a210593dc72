// The test campaign of one implementation: what was selected, run and found, and the observations
// that its cases refer to.
#ifndef REPORTS_COMPLIANCE_CAMPAIGN_H_
#define REPORTS_COMPLIANCE_CAMPAIGN_H_

#include <cstddef>
#include <string>
#include <vector>

#include "reports/compliance_parts.h"
#include "reports/result.h"

namespace assay::report {

// One implementation: a device of the run, or all that ran of one dialect.
struct Iut {
  std::string name;        // of the device; else empty
  DeviceEntry device;      // dialect, model, address, identity
  std::vector<const Outcome*> outcomes;
  std::vector<const ReviewRow*> review;
  std::vector<const SettingRow*> settings;
};
// At least one, in the order of the report; live as long as it.
std::vector<Iut> IutsOf(const Report& report);

struct CampaignCounts {
  std::size_t purposes = 0, selected = 0, run = 0;
  std::size_t pass = 0, fail = 0, inconc = 0, error = 0;
  std::size_t deviations = 0, contradictions = 0;
};
CampaignCounts CountCampaign(const Iut& iut);

enum class Conformance { kNotShownNonConforming, kNonConforming, kNotAssessed };
Conformance ConformanceOf(const CampaignCounts& counts);
std::string_view Words(Conformance conformance);  // "not shown to be non-conforming", ...

// Was the test purpose chosen for this implementation and bench? If it was and did not run,
// something ended the campaign before.
bool Selected(const Outcome& outcome);
bool Ran(const Outcome& outcome);

struct Campaign {
  ComplianceTable groups;        // by kind of test purpose, else by clause
  ComplianceTable cases;
  ComplianceTable observations;
};
Campaign MakeCampaign(const Report& report, const Iut& iut);

}  // namespace assay::report

#endif  // REPORTS_COMPLIANCE_CAMPAIGN_H_
