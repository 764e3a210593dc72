// The log of another program: who said what is the importer's word, and only what such a log can be
// trusted for is judged. What it lacks is told as its own, never as the modem's.
#ifndef HARNESS_VERIFY_LOG_H_
#define HARNESS_VERIFY_LOG_H_

#include <string_view>
#include <vector>

#include "harness/log_lines.h"
#include "harness/verify_session.h"
#include "transcripts/import.h"
#include "transcripts/import_exchanges.h"

namespace assay::harness {

class LogVerifier {
 public:
  explicit LogVerifier(VerifySession& session);
  void Feed(std::string_view chunk);
  void Finish();
  const transcript::Importer& importer() const { return importer_; }
  // As the importer counts them; the last ones are left out if there are too many.
  std::vector<report::ExchangeRecord>& records() { return records_; }
  // A command of the dialect, or a line that only it documents.
  bool any_of_dialect() const { return any_of_dialect_; }

 private:
  void Drain();
  void Judge(const transcript::LogEvent& event);
  bool Joins(const transcript::LogEvent& event, std::size_t exchange);
  void JudgeJoined();
  void TellNotes(std::size_t before_line);
  void Keep();

  VerifySession& session_;
  transcript::Importer importer_;
  transcript::ExchangeReader exchanges_;
  LogLines lines_;
  std::vector<report::ExchangeRecord> records_;
  std::size_t notes_told_ = 0, kept_bytes_ = 0;
  bool any_of_dialect_ = false;
};

}  // namespace assay::harness

#endif  // HARNESS_VERIFY_LOG_H_
