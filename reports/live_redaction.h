// A session that is written down while it goes on, step by step, without its secrets.
//
//   LiveRedaction live(redactor, grammar);
//   std::string line = "AT+QMTCONN=0,\"me\",\"you\",\"s3cret\"";
//   live.Sent(line);                       // what is written of it
//   live.Received(answer);
//
// What a value is must be known by the step that shows it; one that is cut by two steps is met if
// it was known before.
#ifndef REPORTS_LIVE_REDACTION_H_
#define REPORTS_LIVE_REDACTION_H_

#include <string>
#include <string_view>

#include "reports/redactor.h"
#include "transcripts/transcript.h"

namespace assay::report {

class LiveRedaction {
 public:
  LiveRedaction(Redactor& redactor, const dialect::Grammar& grammar)
      : redactor_(redactor), grammar_(grammar) {}

  // A command line, or a piece of data.
  void Sent(std::string& bytes);
  void Received(std::string& bytes);
  void Step(transcript::Step& step);
  // Text about the session, such as a finding.
  void Text(std::string& text) const;

 private:
  struct Side {
    std::string tail;  // of what was there, as it was
    bool in_key = false;
  };
  void Read(std::string_view bytes, bool sent);
  void Mask(std::string& bytes, Side& side) const;

  Redactor& redactor_;
  const dialect::Grammar& grammar_;
  Secrets own_;
  Side host_, modem_;
  bool secret_data_ = false;
};

}  // namespace assay::report

#endif  // REPORTS_LIVE_REDACTION_H_
