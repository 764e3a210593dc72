// Writes results in every format, for readers that nobody here wrote: write_formats DIR
//
// Each as NAME/FILE of `run --report`; NAME/green tells whether the run passed.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "harness/report_formats.h"
#include "reports/digest.h"
#include "reports/sample.h"

namespace {

using namespace assay::report;

// Alone of its kind, so that a reader's own notion of success is asked about it.
Report Only(Verdict verdict, bool expected, bool baseline) {
  Report report = SampleReport();
  report.coverage.minimum.clear();
  std::erase_if(report.outcomes, [&](const Outcome& outcome) {
    return outcome.verdict != Verdict::kPass || !outcome.expected;
  });
  report.outcomes.resize(2);
  report.outcomes[1].verdict = verdict;
  report.outcomes[1].expected = expected;
  report.outcomes[1].skipped = verdict == Verdict::kNone;
  report.outcomes[1].reason = "because";
  if (!baseline) report.baseline.clear();
  Summarise(report);
  return report;
}

Report Bounded() {
  Report report = Only(Verdict::kPass, true, false);
  report.bounded = true;
  return report;
}

// Every byte in every text, one at a time, so that no byte hides behind another.
Report EachByte() {
  Report report = HostileReport();
  const Outcome pattern = report.outcomes.back();
  for (int byte = 0; byte < 256; ++byte) {
    Outcome outcome = pattern;
    outcome.verdict = byte % 2 == 0 ? Verdict::kFail : Verdict::kNone;
    outcome.skipped = byte % 2 != 0;
    const std::string text(3, static_cast<char>(byte));
    for (std::string* field : {&outcome.id, &outcome.title, &outcome.clause, &outcome.purpose,
                               &outcome.reason, &outcome.device, &outcome.repro})
      *field = text;
    for (Finding& finding : outcome.findings) finding.got = finding.message = text;
    report.outcomes.push_back(std::move(outcome));
  }
  Summarise(report);
  return report;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: write_formats DIR\n";
    return 2;
  }
  const std::vector<std::pair<std::string, Report>> reports = {
      {"sample", SampleReport()},
      {"hostile", HostileReport()},
      {"bytes", EachByte()},
      {"empty", Report{}},
      {"large", LargeReport(1000)},
      {"passed", Only(Verdict::kPass, true, false)},
      {"failed", Only(Verdict::kFail, true, false)},
      {"inconclusive", Only(Verdict::kInconc, true, false)},
      {"broken", Only(Verdict::kError, true, false)},
      {"skipped", Only(Verdict::kNone, true, false)},
      {"known", Only(Verdict::kFail, true, true)},
      {"unexpected", Only(Verdict::kPass, false, true)},
      {"bounded", Bounded()}};
  for (const auto& [name, report] : reports) {
    const std::string folder = std::string(argv[1]) + "/" + name;
    std::filesystem::create_directories(folder);
    std::ofstream(folder + "/green") << (VerdictOf(report) == Verdict::kPass ? "yes" : "no");
    for (const assay::harness::ReportFormat& format : assay::harness::ReportFormats()) {
      const std::string file(format.file.empty() ? format.name : format.file);
      std::ofstream out(folder + "/" + file, std::ios::binary);
      const std::string text = format.write(report);
      out << text;
      if (!out.flush()) {
        std::cerr << "cannot write " << folder << "/" << file << "\n";
        return 1;
      }
      if (text != format.write(report)) {
        std::cerr << folder << "/" << file << " is not the same twice\n";
        return 1;
      }
    }
  }
}
