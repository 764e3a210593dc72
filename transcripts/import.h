// Reads the log of a session that some other program wrote, and says who sent what.
//
//   Importer importer(grammar, "auto");
//   importer.Feed(chunk);  ...  importer.Finish();
//   LogEvent event;
//   while (importer.Next(event)) ...       // commands, data, lines, prompts, in order
//   importer.style(); importer.notes();
//
// Streams: memory does not grow with the log. Content decides where marks are missing or lie.
#ifndef TRANSCRIPTS_IMPORT_H_
#define TRANSCRIPTS_IMPORT_H_

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/grammar.h"
#include "dialects/time.h"

namespace assay::transcript {

struct LogEvent {
  enum class Kind {
    kSentCommand,   // a command line, without its end
    kSentData,      // what followed a prompt; `known` false if its bytes are not in the log
    kReceivedLine,  // a line of the modem, without framing and echo
    kReceivedPrompt,
  };
  Kind kind = Kind::kReceivedLine;
  std::string text;
  std::size_t line = 0;    // of the log, from 1
  std::optional<Time> at;  // since the first time stamp
  bool known = true;
  bool complete = true;  // false: the log ends before the text does
  bool lossy = false;    // the log leaves lines out here
  bool excerpt = false;  // it has left lines out before: what is missing is not missed
  bool noted = false;    // an answer noted beside its command: order and line ends are lost
  bool final = false;    // a final result code of some command, of the dialect or not: "SEND OK"
};

// Something about the log itself that a judge must know: glued or split lines, lost bytes,
// artefacts of an editor. Never the modem's fault.
struct LogNote {
  std::size_t line = 0;
  std::string what;    // "curly quotes", "result glued to other text", "log ends in mid exchange"
  std::string clause;  // may be empty
};

class Importer {
 public:
  // `format`: "auto" or the name of a style.
  Importer(const dialect::Grammar& grammar, std::string_view format);
  ~Importer();
  static std::vector<std::string> Formats();

  void Feed(std::string_view chunk);
  void Finish();
  bool Next(LogEvent& event);

  const std::string& style() const;  // once known
  const std::vector<LogNote>& notes() const;
  bool truncated() const;  // the log ends in mid exchange, or is filtered
  bool any_at() const;     // anything that looks like an AT session at all

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The dialect whose commands and lines the text has most of, and on how many that rests. What
// several documents describe, such as final result codes, tells nothing.
struct Guess {
  const dialect::Grammar* grammar = nullptr;  // null: it has none of any
  std::size_t commands = 0, lines = 0;        // that are this dialect's
  const dialect::Grammar* as_well = nullptr;  // another that as much speaks for
};
Guess GuessDialect(std::string_view text, const std::vector<const dialect::Grammar*>& grammars);

}  // namespace assay::transcript

#endif  // TRANSCRIPTS_IMPORT_H_
