// A transcript one line at a time, for files that do not fit into memory.
//
//   LineReader lines;                 // chunks of bytes -> lines
//   StepReader steps("session.at");   // lines -> header, steps, cleanup
//   while (read(chunk)) {
//     lines.Feed(chunk);
//     while (std::optional<std::string_view> line = lines.Next()) {
//       if (steps.Read(*line) == StepReader::Part::kStep) Judge(steps.step());
//     }
//   }
//   lines.Finish();  ...              // the last line may lack its line end
//   steps.Finish();
//
// A step's memory is used again for the next one, so a recording of any length is read in constant
// memory. Parse of transcript.h is this loop over a whole text. No I/O.
#ifndef TRANSCRIPTS_LINE_H_
#define TRANSCRIPTS_LINE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "spec/diagnostic.h"
#include "transcripts/transcript.h"

namespace assay::transcript {

struct LineError {
  std::size_t column = 1;  // in bytes, from 1
  std::string message;
  std::string expected;
  bool operator==(const LineError&) const = default;
};

// Parses one line after the header, without its line end, into `step`; `number` becomes step.line.
// After an error `step` is unspecified. "cleanup" is not a step: StepReader knows it.
std::optional<LineError> ParseStep(std::string_view line, std::size_t number, Step& step);

using HeaderEntry = std::pair<std::string, std::string>;
// Parses one line of the header. Does not know which keys were there before.
std::optional<LineError> ParseHeaderLine(std::string_view line, HeaderEntry& entry);

// Cuts chunks into lines. A CR before the LF stays.
class LineReader {
 public:
  // A line that is longer than this is cut there; StepReader reports it.
  static constexpr std::size_t kLongestLine = std::size_t{1} << 24;

  // `chunk` must live until Next has returned nothing; what is left of it is then kept here.
  void Feed(std::string_view chunk) { rest_ = chunk; }
  // No more chunks will come: a last line without line end is a line.
  void Finish() { finished_ = true; }
  // The next whole line; valid until the next call.
  std::optional<std::string_view> Next();

 private:
  std::string_view Whole(std::string_view tail);

  std::string_view rest_;
  std::string begun_;   // the part of a line that earlier chunks held
  bool given_ = false;  // begun_ was returned as a line
  bool finished_ = false;
};

// Knows where in the file a line stands.
class StepReader {
 public:
  enum class Part {
    kHeader,   // entry() is one more header line
    kBody,     // the blank line that ends the header
    kStep,     // step() is one more step, of the cleanup if in_cleanup()
    kPurpose,  // the line "purpose": the steps so far are set-up
    kCleanup,  // the line "cleanup"
    kError,    // diagnostics() has one more
  };
  static constexpr std::size_t kMostErrors = 50;

  explicit StepReader(std::string file) : file_(std::move(file)) {}

  Part Read(std::string_view line);
  // So many lines went by unread; they are of the same part and without errors.
  void Skip(std::size_t lines) { number_ += lines; }
  // Reports what only the end of the file shows.
  void Finish();

  const HeaderEntry& entry() const { return entry_; }
  Step& step() { return step_; }
  bool in_cleanup() const { return cleanup_line_ > 0; }
  // Further lines change nothing: more errors would not be told.
  bool Full() const { return errors_ >= kMostErrors; }
  const std::vector<spec::Diagnostic>& diagnostics() const { return diagnostics_; }

 private:
  Part ReadHeader(std::string_view line);
  Part ReadBody(std::string_view line);
  Part ReadPurpose(std::string_view line);
  Part Report(std::string_view line, LineError error, spec::Level level = spec::Level::kError);

  std::string file_;
  std::size_t number_ = 0;  // of the line that is read
  bool in_body_ = false;
  std::size_t sends_ = 0;  // since the start, or since "purpose"; not of the cleanup
  std::size_t purpose_line_ = 0, cleanup_line_ = 0;
  bool cleanup_empty_ = true;
  bool told_carriage_return_ = false;
  std::vector<std::pair<std::string, std::size_t>> keys_;  // seen, with their lines
  std::size_t errors_ = 0;
  bool header_errors_ = false;
  HeaderEntry entry_;
  Step step_;
  std::vector<spec::Diagnostic> diagnostics_;
};

}  // namespace assay::transcript

#endif  // TRANSCRIPTS_LINE_H_
