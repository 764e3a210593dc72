// Lines out of the pieces in which a log shows one side's bytes: "AT+CG", "EREP=1", "\r".
//
//   ByteLines lines;
//   lines.Feed("\r\n+CSQ: 22,1\r\n\r\nOK\r\n", 7, at, [](const ByteLine& line) { ... });
#ifndef TRANSCRIPTS_IMPORT_BYTES_H_
#define TRANSCRIPTS_IMPORT_BYTES_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "dialects/time.h"
#include "transcripts/import_content.h"

namespace assay::transcript {

struct ByteLine {
  std::string_view text;
  std::size_t line = 0;  // of the log, where its first byte stands
  std::optional<Time> at;
  bool complete = true;
};

class ByteLines {
 public:
  // Calls `say` for each line that ends, blank ones left out.
  template <typename Say>
  void Feed(std::string_view bytes, std::size_t line, std::optional<Time> at, Say say) {
    while (!bytes.empty()) {
      const std::size_t end = bytes.find_first_of("\r\n\x1A");
      const std::string_view piece = bytes.substr(0, end);
      if (text_.empty() && !piece.empty()) {
        line_ = line;
        at_ = at;
      }
      if (text_.size() < kMost) text_ += piece;
      if (end == std::string_view::npos) break;
      ends_ = true;
      Give(true, say);
      bytes.remove_prefix(end + 1);
    }
    // A prompt has no line end.
    if (Trim(text_) == ">") Give(true, say);
  }
  template <typename Say>
  void Flush(bool complete, Say say) {
    Give(complete, say);
  }
  std::string_view partial() const { return text_; }
  bool ends() const { return ends_; }  // has shown line ends at all

 private:
  static constexpr std::size_t kMost = 64 * 1024;

  template <typename Say>
  void Give(bool complete, Say& say) {
    // What closes a quoted piece is no text.
    if (text_.find_first_not_of("\"' \t") != std::string::npos) {
      const std::string text = std::move(text_);
      text_.clear();
      say(ByteLine{text, line_, at_, complete});
    }
    text_.clear();
  }

  std::string text_;
  std::size_t line_ = 0;
  std::optional<Time> at_;
  bool ends_ = false;
};

}  // namespace assay::transcript

#endif  // TRANSCRIPTS_IMPORT_BYTES_H_
