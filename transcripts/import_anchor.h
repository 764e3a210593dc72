// Where in a line of a log the modem's or the host's own text starts: behind time stamps, tags,
// arrows and whatever else a logger writes in front.
//
//   FindAnchor("[12:00:01] TX: AT+CSQ", grammar)    at 15, kCommand
//   FindAnchor("state is now +CREG", grammar)       nothing
//
// Only unmistakable text anchors: a command line, an information line with its colon, a final code,
// each running to the end of the line.
#ifndef TRANSCRIPTS_IMPORT_ANCHOR_H_
#define TRANSCRIPTS_IMPORT_ANCHOR_H_

#include <cstddef>
#include <string_view>

#include "dialects/grammar.h"
#include "transcripts/import_content.h"

namespace assay::transcript {

struct Anchor {
  std::size_t at = 0;
  Content content = Content::kText;  // kText: none found; kBlank: bytes that start with a line end
  std::string_view text;             // of the command, line or code
  bool weak = false;                 // behind a word: only a mark that comes again makes it one

  explicit operator bool() const { return content != Content::kText; }
};
// `line` may hold CR and LF where a decoder has put them.
// `content_at`: where a decoder knows that the bytes start.
Anchor FindAnchor(std::string_view line, const dialect::Grammar& grammar,
                  std::size_t content_at = std::string_view::npos);

// A command that a sentence names: "[4] Card (AT+CPIN?)". Empty if none.
std::string_view FindMention(std::string_view line);

}  // namespace assay::transcript

#endif  // TRANSCRIPTS_IMPORT_ANCHOR_H_
