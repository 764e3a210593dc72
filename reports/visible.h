// Bytes made visible for people, and kept from doing harm: no terminal, XML parser or browser that
// gets these texts sees a control character, broken UTF-8 or a mark that reorders what is read.
//
//   Visible("\r\nOK\r\n")       == R"(\r\nOK\r\n)"
//   Visible("a\x1A\xFF\\")      == R"(a\x1A\xFF\\)"      a backslash is doubled, so nothing is lost
//   VisibleText("got \x1A\n-")  == "got \\x1A\n-"        already a text: backslash, line feed stay
//
// The escapes are those of the transcript notation (transcripts/FORMAT.md).
#ifndef REPORTS_VISIBLE_H_
#define REPORTS_VISIBLE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::report {

// Raw bytes.
std::string Visible(std::string_view bytes);

// The same in pieces, for writers that show escapes in another colour.
struct VisiblePiece {
  std::string text;
  bool escape = false;
  bool operator==(const VisiblePiece&) const = default;
};
std::vector<VisiblePiece> VisiblePieces(std::string_view bytes);

// Texts for people, into which raw bytes may have slipped.
std::string VisibleText(std::string_view text);  // line feeds stay
std::string VisibleLine(std::string_view text);  // line feeds become \n

// Only what is not UTF-8 becomes \xHH; text that is comes back unchanged.
std::string ToUtf8(std::string_view bytes);
bool IsUtf8(std::string_view bytes);

// "0D0A" and back; nothing for anything else.
std::string Hex(std::string_view bytes);
std::optional<std::string> FromHex(std::string_view hex);

// Bytes of the character at `at`, at least 1: where a line may be cut.
std::size_t CharacterLength(std::string_view text, std::size_t at);

}  // namespace assay::report

#endif  // REPORTS_VISIBLE_H_
