// A run that was killed is finished: with the same options, the same spec and the same cases, or not
// at all.
//
//   ResumeResult read = ReadResume("report");            // or the error
//   RunOptions options = AsItWas(given, read.journal->head.options);
//   WhyNotResume(read.journal->head, HeadOf(suites, ...))  // "--seed is 2 here, and was 1"
#ifndef HARNESS_RESUME_H_
#define HARNESS_RESUME_H_

#include <map>
#include <optional>
#include <string>

#include "harness/commands.h"
#include "reports/journal.h"

namespace assay::harness {

struct ResumeResult {
  std::optional<report::Journal> journal;
  std::string error;
};
ResumeResult ReadResume(const std::string& folder);

// Those that are not as they are if nobody says anything, by name. Values of secrets are left out.
std::map<std::string, std::string> TellOptions(const RunOptions& options);

// If nothing is given but what to resume, what the run was given; else what is given now.
RunOptions AsItWas(const RunOptions& given, const std::map<std::string, std::string>& was);

// Why the run that began so cannot be finished by this one; empty: it can.
std::string WhyNotResume(const report::JournalHead& was, const report::JournalHead& now);

}  // namespace assay::harness

#endif  // HARNESS_RESUME_H_
