#include <utility>

#include "transcripts/escape.h"
#include "transcripts/pieces.h"
#include "transcripts/transcript.h"
#include "transcripts/when.h"

namespace assay::transcript {
namespace {

std::string_view Mark(How how) {
  switch (how) {
    case How::kExactly:
      return "<";
    case How::kOptional:
      return "<?";
    case How::kAnyNumber:
      return "<*";
    case How::kSome:
      return "<+";
    case How::kForbidden:
      return "<!";
    case How::kAnyOrder:
      return "<~";
  }
  return "";
}

std::string_view Name(DataEnding ending) {
  switch (ending) {
    case DataEnding::kLength:
      return "length";
    case DataEnding::kCtrlZ:
      return "ctrl-z";
    case DataEnding::kEscape:
      return "esc";
    case DataEnding::kNothing:
      return "nothing";
  }
  return "";
}

// Appends one line without its line end.
class StepPrinter {
 public:
  explicit StepPrinter(std::string& text) : text_(text) {}

  void operator()(const Send& send) { Line(">", send.when, send.line); }
  void operator()(const SendRaw& raw) { Raw(">=", raw.when, raw.bytes); }
  void operator()(const Data& data) {
    text_ += "data";
    AppendWhen(data.when, text_);
    if (data.generated > 0) {
      text_.append(" ").append(std::to_string(data.generated)).append(" bytes ");
    } else {
      text_ += " \"";
      AppendPieces(data.payload, kPayloadStops, text_);
      text_ += "\" ";
    }
    text_ += Name(data.ending);
  }
  void operator()(const BenchStep& bench) {
    text_ += "bench";
    AppendWhen(bench.when, text_);
    text_.append(" ").append(transcript::Name(bench.act));
  }
  void operator()(const ExpectPrompt& prompt) {
    text_ += "prompt";
    AppendWhen(prompt.when, text_);
  }
  void operator()(const ExpectLine& expected) {
    Line(Mark(expected.how), expected.when, expected.line);
  }
  void operator()(const ExpectRaw& raw) { Raw("<=", raw.when, raw.bytes); }
  void operator()(const Quiet& quiet) {
    text_ += "quiet ";
    AppendDuration(quiet.length, text_);
  }
  void operator()(const Comment& comment) {
    text_ += '#';
    if (comment.text.empty()) return;
    text_ += ' ';
    AppendLiteral(comment.text, kNoStops, text_);
    ShowLastSpace(text_);
  }
  void operator()(const Blank&) {}

 private:
  void Line(std::string_view mark, const When& when, const Pieces& pieces) {
    text_ += mark;
    AppendWhen(when, text_);
    if (pieces.empty()) return;
    text_ += ' ';
    AppendPieces(pieces, kLineStops, text_);
    ShowLastSpace(text_);
  }

  void Raw(std::string_view mark, const When& when, std::string_view bytes) {
    text_ += mark;
    AppendWhen(when, text_);
    text_ += ' ';
    AppendQuoted(bytes, text_);
  }

  std::string& text_;
};

void AppendSteps(const std::vector<Step>& steps, std::string& text) {
  for (const Step& step : steps) {
    std::visit(StepPrinter(text), step.what);
    text += '\n';
  }
}

void AppendHeader(const std::pair<std::string, std::string>& entry, std::string& text) {
  text.append(entry.first).append(":");
  std::string_view value = entry.second;
  if (!value.empty()) text += ' ';
  // Spaces around a value are not part of it unless they are escaped.
  if (value.starts_with(' ')) {
    text += "\\x20";
    value.remove_prefix(1);
  }
  AppendLiteral(value, kNoStops, text);
  ShowLastSpace(text);
  text += '\n';
}

}  // namespace

std::string Print(const Pieces& pieces) {
  std::string text;
  AppendPieces(pieces, kLineStops, text);
  ShowLastSpace(text);
  return text;
}

std::string Print(const Step& step) {
  std::string text;
  std::visit(StepPrinter(text), step.what);
  text += '\n';
  return text;
}

std::string Print(const Transcript& transcript) {
  std::string text;
  for (const auto& entry : transcript.header) AppendHeader(entry, text);
  text += '\n';
  if (!transcript.setup.empty()) {
    AppendSteps(transcript.setup, text);
    text += "purpose\n";
  }
  AppendSteps(transcript.steps, text);
  if (!transcript.cleanup.empty()) {
    text += "cleanup\n";
    AppendSteps(transcript.cleanup, text);
  }
  return text;
}

}  // namespace assay::transcript
