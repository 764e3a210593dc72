#include "harness/shrink_report.h"

#include <algorithm>
#include <set>
#include <utility>

#include "harness/shrink.h"

namespace assay::harness {
namespace {

const TranscriptFile* FileOf(const std::vector<TranscriptFile>& files, const std::string& id) {
  // Repeated cases have a number behind their id.
  const std::string plain = id.substr(0, id.find('#'));
  const auto found = std::find_if(files.begin(), files.end(),
                                  [&](const TranscriptFile& file) { return file.id == plain; });
  return found == files.end() ? nullptr : &*found;
}

void SayWhereFrom(transcript::Transcript& transcript, const std::string& id) {
  std::erase_if(transcript.header, [](const auto& entry) { return entry.first == "source"; });
  transcript.header.emplace_back("source", "shrunk from " + id);
}

}  // namespace

std::string ShrinkFailures(report::Report& report, const ShrinkJob& job) {
  std::set<std::string> seen;
  for (report::Outcome& outcome : report.outcomes) {
    if (seen.size() >= kMostShrunk || (job.bench.stop && job.bench.stop())) break;
    if (outcome.verdict != report::Verdict::kFail || report::KnownFailure(report, outcome))
      continue;
    const report::Finding* finding = Failing(outcome, job.bench.fail_on_deviation);
    const TranscriptFile* file = FileOf(job.files, outcome.id);
    if (finding == nullptr || file == nullptr || !seen.insert(finding->fingerprint).second)
      continue;
    std::string error;
    const auto text = TextOf(*file, &error);
    if (!text) return error;
    transcript::ParseResult parsed = transcript::Parse(file->path, *text);
    if (!parsed.transcript) continue;
    Runner runner(job.bench);
    transcript::PlanOptions plan_options;
    plan_options.pixit = job.select.pixit;
    const auto play = [&](const transcript::Transcript& candidate) {
      return runner.Run(transcript::MakePlan(candidate, job.bench.grammar, plan_options).plan)
          .outcome;
    };
    Shrunk shrunk = Shrink(*parsed.transcript, finding->fingerprint, play, {});
    report::ShrunkCase& told = outcome.shrunk.emplace();
    told.exchanges = shrunk.exchanges;
    told.of = shrunk.of;
    told.runs = shrunk.runs;
    if (!shrunk.reproduced) continue;
    SayWhereFrom(shrunk.transcript, outcome.id);
    told.file = "shrunk/" + FileNameOf(outcome.id) + ".at";
    const std::string path = job.report_folder + "/" + told.file;
    told.repro = job.repro(path);
    // What it took from the bench stays ${...}; a secret of its own is not kept.
    if (job.redactor != nullptr) job.redactor->Redact(shrunk.transcript, &job.bench.grammar);
    if (!WriteFile(path, transcript::Print(shrunk.transcript), &error)) return error;
  }
  return {};
}

}  // namespace assay::harness
