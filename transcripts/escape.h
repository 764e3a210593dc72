// Which bytes stand for themselves in a transcript, and how the others are written.
//
//   std::string bytes;
//   Cursor cursor{.line = R"(+X: \<a> ${b})"};
//   ReadLiteral(cursor, kLineStops, bytes);   // bytes is "+X: <a> ", the cursor stands at "${"
//
// transcripts/FORMAT.md, "Escapes", is the definition. Private to the notation's reader and
// printer; others use Escape and EscapeLine of transcript.h.
#ifndef TRANSCRIPTS_ESCAPE_H_
#define TRANSCRIPTS_ESCAPE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "transcripts/line.h"

namespace assay::transcript {

// A place in one line, and the first error that was found in it.
struct Cursor {
  std::string_view line;
  std::size_t at = 0;
  std::optional<LineError> error = std::nullopt;

  bool AtEnd() const { return at == line.size(); }
  bool Sees(char wanted) const { return at < line.size() && line[at] == wanted; }
  std::string_view Rest() const { return line.substr(at); }
  // Goes past `text` if the line continues with it.
  bool Skip(std::string_view text);
  // Notes the error at byte `where`; always false, so that a reader can return it.
  bool FailAt(std::size_t where, std::string message, std::string expected = {});
  bool Fail(std::string message, std::string expected = {});
};

// What has a meaning of its own where a text is read, so that the text ends before it.
enum Stop : unsigned char {
  kNoStops = 0,
  kQuote = 1,    // "
  kField = 2,    // <
  kValue = 4,    // ${
  kGreater = 8,  // >
  kEqual = 16,   // =
};
using Stops = unsigned char;
inline constexpr Stops kLineStops = kField | kValue;
inline constexpr Stops kPayloadStops = kField | kValue | kQuote;
inline constexpr Stops kOnlyStops = kField | kValue | kGreater | kEqual;

// Appends the bytes that are written up to the next stop or the end of the line.
bool ReadLiteral(Cursor& cursor, Stops stops, std::string& bytes);

// Appends `bytes` as ReadLiteral reads them with these stops.
void AppendLiteral(std::string_view bytes, Stops stops, std::string& text);

// Writes a space that ends `text` so that it is seen.
void ShowLastSpace(std::string& text);

}  // namespace assay::transcript

#endif  // TRANSCRIPTS_ESCAPE_H_
