// What a command keeps out of all that it writes: `--secret NAME=VALUE`, the secret values of a
// bench, and what its sessions show of secrets; nothing with `--show-secrets`.
//
//   Keeping keeping = MakeKeeping(options.common);
//   if (!keeping.error.empty()) return Usage("run", keeping.error);
//   GiveValues(keeping, pixit);
//   if (keeping.redactor != nullptr) keeping.redactor->Redact(report, &grammar);
#ifndef HARNESS_SECRET_OPTIONS_H_
#define HARNESS_SECRET_OPTIONS_H_

#include <memory>
#include <set>
#include <string>

#include "harness/commands.h"
#include "reports/redactor.h"
#include "transcripts/plan.h"

namespace assay::harness {

struct Keeping {
  std::unique_ptr<report::Redactor> redactor;  // null: secrets are shown
  std::set<std::string> names;                 // values of the bench that are secret
  std::string error;                           // usage

  void Redact(report::Report& report, const dialect::Grammar* grammar) const {
    if (redactor != nullptr) redactor->Redact(report, grammar);
  }
  void Redact(transcript::Transcript& transcript, const dialect::Grammar* grammar) const {
    if (redactor != nullptr) redactor->Redact(transcript, grammar);
  }
  std::string Redacted(std::string text, const dialect::Grammar* grammar = nullptr) const {
    return redactor != nullptr ? redactor->Redacted(std::move(text), grammar) : text;
  }
};

Keeping MakeKeeping(const CommonOptions& options);

// Values of a bench: those whose name says so (`broker.password`, `tls.key`), that `--secret NAME`
// names, or `also`.
void GiveValues(const Keeping& keeping, const transcript::Values& values,
                const std::set<std::string>& also = {});

// The hashes of a report's inputs become those of the files without their secrets: of a file whose
// other lines are known, a PIN could be found by trying.
void HashWithoutSecrets(const Keeping& keeping, report::Report& report);

// Cases that everybody has show nobody's secrets.
void GivePublic(const Keeping& keeping, const std::vector<transcript::Plan>& plans,
                const dialect::Grammar& grammar);

}  // namespace assay::harness

#endif  // HARNESS_SECRET_OPTIONS_H_
