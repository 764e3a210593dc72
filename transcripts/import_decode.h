// Undoes what a tool did to the bytes it logged: "<cr><lf>", "\r\n", dots for line ends, hex,
// Markdown escapes, colours of a terminal. Which of them a log uses is learned from its first
// lines.
//
//   Decoder decoder;
//   for (line : the first lines) decoder.Observe(line);
//   decoder.Decide();
//   Decoder::Line line = decoder.Decode("RX: <cr><ln>OK<cr><ln>");   // "RX: \r\nOK\r\n", bytes
#ifndef TRANSCRIPTS_IMPORT_DECODE_H_
#define TRANSCRIPTS_IMPORT_DECODE_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace assay::transcript {

class Decoder {
 public:
  enum class Style { kNone, kTokens, kEscapes, kDots, kHex };

  void Observe(std::string_view line);
  void Decide();
  void Force(Style style) { style_ = style; }
  Style style() const { return style_; }

  struct Line {
    std::string_view text;                    // valid until the next call
    bool bytes = false;                       // holds the bytes of the wire, with their line ends
    std::size_t at = std::string_view::npos;  // where these start, if that is known
  };
  Line Decode(std::string_view line);

 private:
  std::size_t lines_ = 0, tokens_ = 0, escapes_ = 0, dots_ = 0, hex_ = 0, hex_at_ = 0,
              markdown_ = 0;
  bool unescape_markdown_ = false;
  Style style_ = Style::kNone;
  std::string buffer_, colourless_;
};

// The bytes that a line of hex ends in: "RX: 0d 0a 4f 4b 0d 0a".
struct HexText {
  std::size_t at = 0;  // where the hex starts; an offset in front of it is left out
  std::string bytes;   // empty: none
};
HexText ReadHex(std::string_view line, std::size_t least = 2);

}  // namespace assay::transcript

#endif  // TRANSCRIPTS_IMPORT_DECODE_H_
