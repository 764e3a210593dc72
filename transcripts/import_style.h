// The look of a log, learned from its first lines: what stands in front, how bytes are shown, which
// marks and headers there are, how wide the terminal was.
//
//   LogStyle style(grammar, "auto", first_lines);
//   style.name();   // "marks"
//   DecodedLine line = style.Decode(raw);
#ifndef TRANSCRIPTS_IMPORT_STYLE_H_
#define TRANSCRIPTS_IMPORT_STYLE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/grammar.h"
#include "transcripts/import_blocks.h"
#include "transcripts/import_decode.h"
#include "transcripts/import_outer.h"
#include "transcripts/import_prefix.h"

namespace assay::transcript {

struct LogLine {
  std::size_t number = 0;
  std::string text;  // without its line end
};

class LogStyle {
 public:
  LogStyle(const dialect::Grammar& grammar, std::string_view format,
           const std::vector<LogLine>& first);

  std::string name() const;
  static std::vector<std::string> Names();

  struct Line {
    std::string_view outer;  // what every line has in front
    Decoder::Line decoded;   // the rest; valid until the next call
  };
  Line Decode(std::string_view raw);

  const PrefixTable& marks() const { return marks_; }
  BlockTable& blocks() { return blocks_; }
  Decoder::Style bytes() const { return decoder_.style(); }

  // The terminal has broken long lines in two.
  bool wraps() const { return wraps_; }
  // Would `text` have continued a line of `size` bytes, had there been room?
  bool MayContinue(std::size_t size, std::string_view text) const;
  std::size_t width() const { return width_; }

 private:
  void LearnWrapping(const dialect::Grammar& grammar, const std::vector<LogLine>& first);

  OuterPrefix outer_;
  Decoder decoder_;
  PrefixTable marks_;
  BlockTable blocks_;
  std::size_t width_ = 0;
  bool wraps_ = false;
};

}  // namespace assay::transcript

#endif  // TRANSCRIPTS_IMPORT_STYLE_H_
