// Keeps secrets out of what is written: finds out which values of a session are secret, and puts
// tokens in their place. Judging is done by then, on the bytes that were there.
//
//   Redactor redactor;
//   redactor.Give("s3cret-of-mine");          // of --secret, of the PIXIT
//   redactor.Redact(outcome, recording, &grammar);   // before anybody writes it
//   redactor.Redact(report, &grammar);
//
// Secret are: what is given; what stands where the spec has a secret (`secret` of a parameter, of a
// form's data); private keys in PEM; passwords in URLs; and what by its shape is an IMEI, an IMSI,
// an ICCID or a number to be called. Values of public cases, those that follow from a spec or stand
// in a manual, are not. Safe to be called by several threads.
#ifndef REPORTS_REDACTOR_H_
#define REPORTS_REDACTOR_H_

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/grammar.h"
#include "reports/result.h"
#include "reports/secrets.h"
#include "transcripts/transcript.h"

namespace assay::report {

class Redactor {
 public:
  // One session that is written as it goes (live_redaction.h).
  friend class LiveRedaction;

  // "broker.password", "tls.key": does the name say that the value is secret?
  static bool NamesSecret(std::string_view name);

  // A value that is secret wherever it stands.
  void Give(std::string_view value);
  // What a public case sends: a command line, or the data behind one.
  void Public(std::string_view line, const dialect::Grammar& grammar);
  void PublicData(std::string_view data);

  // Null: no spec tells what is secret.
  void Redact(Outcome& outcome, const dialect::Grammar* grammar);
  void Redact(Outcome& outcome, transcript::Transcript& recording, const dialect::Grammar* grammar);
  void Redact(Report& report, const dialect::Grammar* grammar);
  // What a report says beside its outcomes: who the device is, what the bench supplied, settings.
  void RedactHead(Report& report, const dialect::Grammar* grammar);
  // Values by their names: who the device is, say.
  void Redact(std::map<std::string, std::string>& named);
  void Redact(transcript::Transcript& transcript, const dialect::Grammar* grammar);
  // Free text, lines of a log among it.
  void Redact(std::string& text, const dialect::Grammar* grammar);
  std::string Redacted(std::string text, const dialect::Grammar* grammar = nullptr);

 private:
  class Reading;  // of one session

  void Know(const dialect::Grammar* grammar);
  void Named(std::map<std::string, std::string>& values);
  void LearnSettings(Report& report, const dialect::Grammar* grammar);

  mutable std::mutex mutex_;
  Secrets secrets_;
  std::set<std::string, std::less<>> public_, given_;
  std::set<const dialect::Grammar*> known_;
  std::set<std::string, std::less<>> words_;  // of the specs: in small letters
};

}  // namespace assay::report

#endif  // REPORTS_REDACTOR_H_
