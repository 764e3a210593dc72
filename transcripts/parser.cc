#include <algorithm>
#include <utility>

#include "transcripts/line.h"
#include "transcripts/transcript.h"

namespace assay::transcript {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Does a line that stands in the header belong behind it?
bool LooksLikeStep(std::string_view line) {
  if (line.starts_with('>') || line.starts_with('<')) return true;
  const std::string_view word = line.substr(0, line.find_first_of(" ["));
  return word == "prompt" || word == "data" || word == "bench" || word == "quiet" ||
         word == "purpose" || word == "cleanup";
}

bool Sends(const Step& step) {
  return std::holds_alternative<Send>(step.what) || std::holds_alternative<SendRaw>(step.what) ||
         std::holds_alternative<Data>(step.what) || std::holds_alternative<BenchStep>(step.what);
}

}  // namespace

std::string_view LineReader::Whole(std::string_view tail) {
  const std::size_t room = kLongestLine + 1 - std::min(begun_.size(), kLongestLine + 1);
  if (begun_.empty()) return tail.substr(0, room);
  begun_ += tail.substr(0, room);
  given_ = true;
  return begun_;
}

std::optional<std::string_view> LineReader::Next() {
  if (std::exchange(given_, false)) begun_.clear();
  const std::size_t end = rest_.find('\n');
  if (end != std::string_view::npos) {
    const std::string_view line = Whole(rest_.substr(0, end));
    rest_.remove_prefix(end + 1);
    return line;
  }
  const std::size_t room = kLongestLine + 1 - std::min(begun_.size(), kLongestLine + 1);
  begun_ += std::exchange(rest_, {}).substr(0, room);
  if (!finished_ || begun_.empty()) return std::nullopt;
  given_ = true;
  return begun_;
}

StepReader::Part StepReader::Report(std::string_view line, LineError error, spec::Level level) {
  if (Full()) return Part::kError;
  spec::Diagnostic diagnostic{
      file_, {number_, error.column}, level, std::move(error.message), std::move(error.expected),
      {}};
  if (line.size() <= spec::kLongestSourceLine) diagnostic.source_line = line;
  diagnostics_.push_back(std::move(diagnostic));
  if (level != spec::Level::kError) return Part::kError;
  if (++errors_ == kMostErrors) {
    diagnostics_.push_back(
        {file_,
         {},
         spec::Level::kNote,
         "there may be more errors; these are the first " + std::to_string(kMostErrors),
         "",
         ""});
  }
  return Part::kError;
}

StepReader::Part StepReader::Read(std::string_view line) {
  ++number_;
  if (line.size() > LineReader::kLongestLine) {
    return Report(line, {1, "a line of more than 16 MiB", ""});
  }
  if (line.ends_with('\r')) {
    line.remove_suffix(1);
    if (!std::exchange(told_carriage_return_, true)) {
      Report(line, {line.size() + 1, "lines end with CR LF", "expected LF alone"},
             spec::Level::kWarning);
    }
  }
  if (number_ == 1 && line.starts_with(kByteOrderMark)) {
    header_errors_ = true;
    return Report(line, {1, "a byte order mark", "save the file as UTF-8 without one"});
  }
  return in_body_ ? ReadBody(line) : ReadHeader(line);
}

StepReader::Part StepReader::ReadHeader(std::string_view line) {
  if (line.empty()) {
    in_body_ = true;
    return Part::kBody;
  }
  if (LooksLikeStep(line)) {
    // Its own errors come with it; what is missing is said once.
    in_body_ = true;
    header_errors_ = true;
    if (const Part part = ReadBody(line); part == Part::kError) return part;
    return Report(line, {1, "a step in the header", "a blank line ends the header"});
  }
  if (line.starts_with('#')) {
    header_errors_ = true;
    return Report(line,
                  {1, "a comment in the header",
                   "comments stand after the blank line that ends it; or use title: or source:"});
  }
  if (std::optional<LineError> error = ParseHeaderLine(line, entry_)) {
    header_errors_ = true;
    return Report(line, std::move(*error));
  }
  for (const auto& [key, number] : keys_) {
    if (key != entry_.first) continue;
    return Report(line, {1, "\"" + key + "\" a second time",
                         "the first is in line " + std::to_string(number)});
  }
  keys_.emplace_back(entry_.first, number_);
  return Part::kHeader;
}

StepReader::Part StepReader::ReadPurpose(std::string_view line) {
  if (purpose_line_ > 0) {
    return Report(line, {1, "\"purpose\" a second time",
                         "the first is in line " + std::to_string(purpose_line_)});
  }
  if (cleanup_line_ > 0)
    return Report(line, {1, "purpose after cleanup", "what is cleaned up comes last"});
  purpose_line_ = number_;
  // Nothing is set up without a send.
  if (std::exchange(sends_, 0) == 0 && errors_ == 0)
    return Report(line, {1, "nothing is sent before purpose", "leave the line out"});
  return Part::kPurpose;
}

StepReader::Part StepReader::ReadBody(std::string_view line) {
  if (line == "purpose") return ReadPurpose(line);
  if (line == "cleanup") {
    if (cleanup_line_ > 0) {
      return Report(line, {1, "\"cleanup\" a second time",
                           "the first is in line " + std::to_string(cleanup_line_)});
    }
    cleanup_line_ = number_;
    return Part::kCleanup;
  }
  if (std::optional<LineError> error = ParseStep(line, number_, step_)) {
    return Report(line, std::move(*error));
  }
  if (cleanup_line_ > 0) {
    cleanup_empty_ = false;
  } else if (Sends(step_)) {
    ++sends_;
  }
  return Part::kStep;
}

void StepReader::Finish() {
  const auto dialect = [](const auto& key) { return key.first == "dialect"; };
  if (!header_errors_ && std::none_of(keys_.begin(), keys_.end(), dialect)) {
    number_ = 0;
    Report({},
           {0, "the header names no dialect", "expected a line such as \"dialect: quectel-bg96\""});
  }
  if (purpose_line_ > 0 && sends_ == 0 && errors_ == 0) {
    number_ = purpose_line_;
    Report("purpose", {1, "nothing is sent after purpose", "leave the line out"});
  }
  if (cleanup_line_ > 0 && cleanup_empty_ && errors_ == 0) {
    number_ = cleanup_line_;
    Report("cleanup", {1, "nothing comes after cleanup", "leave the line out"});
  }
}

ParseResult Parse(std::string_view file, std::string_view text) {
  Transcript transcript;
  transcript.file = file;
  StepReader reader(transcript.file);
  LineReader lines;
  lines.Feed(text);
  lines.Finish();
  while (!reader.Full()) {
    const std::optional<std::string_view> line = lines.Next();
    if (!line) break;
    switch (reader.Read(*line)) {
      case StepReader::Part::kHeader:
        transcript.header.push_back(reader.entry());
        break;
      case StepReader::Part::kStep:
        (reader.in_cleanup() ? transcript.cleanup : transcript.steps)
            .push_back(std::move(reader.step()));
        break;
      case StepReader::Part::kPurpose:
        transcript.setup = std::exchange(transcript.steps, {});
        break;
      case StepReader::Part::kBody:
      case StepReader::Part::kCleanup:
      case StepReader::Part::kError:
        break;
    }
  }
  reader.Finish();
  ParseResult result;
  result.diagnostics = reader.diagnostics();
  if (!spec::HasErrors(result.diagnostics)) result.transcript = std::move(transcript);
  return result;
}

}  // namespace assay::transcript
