// Takes the lines of a log, style known, to the session: marks, times and blocks off, broken lines
// joined, bytes put together, the logger's own words told apart.
//
//   Speech speech(grammar, style, session);
//   speech.Line(1, "[12:00:01] TX: AT+CSQ");  ...
//   speech.Finish();
#ifndef TRANSCRIPTS_IMPORT_SPEECH_H_
#define TRANSCRIPTS_IMPORT_SPEECH_H_

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "dialects/grammar.h"
#include "transcripts/import_bytes.h"
#include "transcripts/import_session.h"
#include "transcripts/import_style.h"
#include "transcripts/import_time.h"

namespace assay::transcript {

class Speech {
 public:
  Speech(const dialect::Grammar& grammar, LogStyle& style, Session& session)
      : grammar_(grammar), style_(style), session_(session) {}

  void Line(std::size_t number, std::string_view text);
  void Finish();

 private:
  bool Joins(std::size_t number, std::string_view text);
  void Flush();
  void Take(std::size_t number, std::string_view raw);
  bool Shell(std::size_t number, std::string_view text);
  void Block(std::size_t number, const Decoder::Line& decoded);
  void Bytes(const Spoken& spoken);
  void Marked(Spoken spoken, std::string_view text, const Anchor& anchor, bool bare, bool bytes);
  void Remark(std::string_view text, std::size_t number);
  ByteLines& Of(Side side) { return sides_[static_cast<std::size_t>(side)]; }

  const dialect::Grammar& grammar_;
  LogStyle& style_;
  Session& session_;
  LogClock clock_;
  std::array<ByteLines, 3> sides_;
  std::optional<Time> block_time_;
  std::string shell_prompt_;
  LogLine held_;               // may be continued by the line behind it
  std::size_t held_size_ = 0;  // of its last piece; 0: nothing is held
  std::size_t last_size_ = 0;  // of the line before, 0 behind a blank one
  bool raw_region_ = false;    // a part without marks in a log that has them
  bool after_remark_ = false;
};

}  // namespace assay::transcript

#endif  // TRANSCRIPTS_IMPORT_SPEECH_H_
