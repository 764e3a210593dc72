// A line of the modem that ends with a content on lines of its own ("+X: 0,5", and five bytes below
// it), put together again: an importer gives line by line what stands so in a log.
//
//   LogLines lines(grammar);
//   if (lines.Begin("+X: 0,5", 7, exchange)) ...          // the lines behind it may be its own
//   if (lines.Continue("hello")) ...lines.Take()->text    // "+X: 0,5\r\nhello"
#ifndef HARNESS_LOG_LINES_H_
#define HARNESS_LOG_LINES_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/grammar.h"

namespace assay::harness {

class LogLines {
 public:
  struct Whole {
    std::string text;
    std::size_t line = 0, exchange = 0;  // where it begins
    bool shown = true;                   // false: the log has nothing of the content
  };

  explicit LogLines(const dialect::Grammar& grammar) : grammar_(grammar) {}

  // Does more of this line follow on others? Then it is kept until Take.
  bool Begin(std::string_view text, std::size_t line, std::size_t exchange);
  // Is this one of them? Not if it is a line of the manual itself, or if nothing was begun.
  bool Continue(std::string_view text);
  // The content is as long as the line says.
  bool Complete() const { return complete_; }
  // What has been kept; nothing if nothing was begun.
  std::optional<Whole> Take();

 private:
  bool Fits(std::string_view text) const;
  std::optional<std::string> Fitting() const;

  const dialect::Grammar& grammar_;
  std::optional<Whole> whole_;
  std::vector<std::string> content_;
  std::size_t bytes_ = 0;
  bool complete_ = false;
};

}  // namespace assay::harness

#endif  // HARNESS_LOG_LINES_H_
