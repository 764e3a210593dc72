#include "harness/next_steps.h"

#include "reports/digest.h"

namespace assay::harness {

std::string NextSteps(const report::Report& report, const std::string& folder) {
  const report::Outcome* first = nullptr;
  for (const report::Outcome& outcome : report.outcomes) {
    if (first == nullptr && !outcome.repro.empty() &&
        report::NeedsAttention(report::StandingOf(report, outcome)))
      first = &outcome;
  }
  std::string out;
  if (first != nullptr) out += "repeat the first of them: " + first->repro + "\n";
  if (!folder.empty()) {
    out += "report: " + folder + "/report.html\n";
  } else if (first != nullptr) {
    out += "--report DIR keeps a page with the bytes of every case, recordings and result.json\n";
  }
  return out.empty() ? out : "\n" + out;
}

}  // namespace assay::harness
