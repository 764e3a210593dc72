// Who said what: turns lines, marks taken off, into commands, data, prompts and answers.
//
//   Session session(grammar, {.doubled = false, .sided = true});
//   session.Say({.line = 1, .side = Side::kUnknown, .text = "AT+CSQ"});
//   session.Say({.line = 2, .side = Side::kUnknown, .text = "+CSQ: 24,0"});  ...
//   session.Finish();
//   session.events();
//
// Content decides; a mark decides only what content leaves open: data, echo, text without a form.
#ifndef TRANSCRIPTS_IMPORT_SESSION_H_
#define TRANSCRIPTS_IMPORT_SESSION_H_

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "transcripts/import.h"
#include "transcripts/import_content.h"
#include "transcripts/import_prefix.h"

namespace assay::transcript {

struct Spoken {
  std::size_t line = 0;
  std::optional<Time> at;
  Side side = Side::kUnknown;
  bool free = true;      // text without a form may be the modem's
  bool quote = false;    // a sentence of the logger ends in this
  bool complete = true;  // its line end was seen
  std::string_view text;
};

class Session {
 public:
  struct Options {
    bool doubled = false;  // each command stands there twice
    bool sided = false;    // marks tell host and modem apart
  };
  Session(const dialect::Grammar& grammar, Options options);

  void Say(const Spoken& spoken);
  void Blank(std::size_t line);
  // The logger's own words.
  void Remark(std::string_view text, std::size_t line);
  void Lossy(std::size_t line, std::string_view why);
  void Note(std::size_t line, std::string_view what);
  void Finish();

  std::deque<LogEvent>& events() { return events_; }
  const std::vector<LogNote>& notes() const { return notes_; }
  bool truncated() const { return truncated_; }
  bool any_at() const { return commands_ > 0 || any_answer_; }
  bool in_data() const { return mode_ == Mode::kData; }
  bool pending() const { return pending_.open; }

 private:
  enum class Mode { kLines, kData, kOpen };
  struct Pending {
    std::string text, name;
    bool open = false;  // its final code is still to come
    bool prompted = false;
    bool paired = false;  // its second copy has come
    bool noted = false;   // its answer is noted beside it, or it stands in a remark
  };
  struct Held {  // a line that waits for those behind it to tell what it is
    std::string text;
    Spoken spoken;  // its text is `text`
  };
  struct Mention {
    std::string command;
    std::size_t line = 0;
  };

  void Speak(const Spoken& spoken);
  void Command(const Spoken& spoken, std::string_view text);
  bool Prompt(const Spoken& spoken, std::string_view text);
  void ModemText(const Spoken& spoken, std::string_view text);
  void ModemLine(const Spoken& spoken, std::string_view text);
  bool IsModemsOwn(const Spoken& spoken, std::string_view text) const;
  void FollowBlocks(std::string_view text);
  void Hold(const Spoken& spoken);
  bool IsDecisive(const Spoken& spoken) const;
  void DecideData();
  std::size_t DataLines(std::string& data) const;
  void DecideOpen(bool at_end);
  void Release(std::size_t from);
  LogEvent& Emit(LogEvent::Kind kind, std::string_view text, const Spoken& spoken);
  std::vector<std::size_t> DeclaredSizes() const;

  const dialect::Grammar& grammar_;
  Options options_;
  std::vector<std::string> prompts_;  // of the dialect, besides ">"
  std::deque<LogEvent> events_;
  std::vector<LogNote> notes_;
  Mode mode_ = Mode::kLines;
  Pending pending_;
  Mention mention_;
  std::deque<Held> held_;
  std::size_t held_bytes_ = 0;
  std::vector<std::size_t> declared_;  // sizes that the data may have, by the command's numbers
  std::size_t prompt_line_ = 0;
  bool file_data_ = false;                // behind CONNECT: rarely in a log
  std::deque<std::string> said_;          // modem lines since the last command
  std::string block_;                     // "+X" of "+XSTART: ..." until "+XEND"
  bool in_block_ = false;                 // a second line of it has come
  std::optional<std::size_t> announced_;  // a length that the line before ends in
  std::size_t commands_ = 0;
  bool any_answer_ = false, truncated_ = false, lossy_ = false, excerpt_ = false;
};

}  // namespace assay::transcript

#endif  // TRANSCRIPTS_IMPORT_SESSION_H_
